"""The terminology releases of a home, opened when they are first asked for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from terminology.snomed.info import ReleaseInfo
from terminology.snomed.release import Release, list_releases, open_release


class FolderReleases:
    """The releases in a folder: see `reporting.ports.Releases`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # A release is immutable, and its arrays are mapped: the few that are asked for stay open.
        self._open = lru_cache(maxsize=8)(open_release)

    def listed(self) -> tuple[ReleaseInfo, ...]:
        """The releases by name."""
        return list_releases(self._folder)

    def named(self, name: str) -> Release:
        """One release. Raises KeyError when there is none of this name."""
        if all(info.name != name for info in self.listed()):
            raise KeyError(name)
        return self._open(self._folder / name)
