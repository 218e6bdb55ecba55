"""The terminology releases of a home, opened when they are first asked for."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from terminology.snomed.info import FILE, ReleaseInfo, read_info
from terminology.snomed.release import Release, open_release


class FolderReleases:
    """The releases in a folder: see `reporting.ports.Releases`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # A release is immutable, and its arrays are mapped: the few that are asked for stay open.
        self._open = lru_cache(maxsize=8)(open_release)

    def listed(self) -> tuple[ReleaseInfo, ...]:
        """The releases by name; a folder that cannot be read, such as one of another format, is passed over."""
        found = []
        for file in sorted(self._folder.glob(f"[!.]*/{FILE}")):
            with suppress(ValueError):
                found.append(read_info(file.parent))
        return tuple(found)

    def named(self, name: str) -> Release:
        """One release. Raises KeyError when there is none of this name."""
        if all(info.name != name for info in self.listed()):
            raise KeyError(name)
        return self._open(self._folder / name)
