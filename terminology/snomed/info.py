"""What a release folder says of itself: `release.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

#: Raised whenever the arrays of a release folder change shape or meaning.
FORMAT: Final = 1
FILE: Final = "release.json"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a release holds."""

    concepts: int
    active_concepts: int
    descriptions: int
    is_a: int
    attributes: int
    associations: int
    members: int
    map_rows: int


@dataclass(frozen=True, slots=True)
class ReleaseInfo:
    """A release: its name in the store, edition URI, version (YYYYMMDD), counts, and SHA-256 of its content."""

    name: str
    edition: str
    version: str
    counts: Counts
    content: str

    @property
    def uri(self) -> str:
        """The version URI of the edition (SNOMED CT URI standard 2.1)."""
        return f"{self.edition}/version/{self.version}"


def write_info(folder: Path, info: ReleaseInfo) -> None:
    """Writes `info` into a release folder."""
    text = json.dumps({"format": FORMAT} | asdict(info), indent=2)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_info(folder: Path) -> ReleaseInfo:
    """What a release folder says of itself.

    Raises FileNotFoundError when it is no release folder, ValueError when it has another format.
    """
    said = json.loads((folder / FILE).read_text(encoding="utf-8"))
    if said.pop("format", None) != FORMAT:
        raise ValueError(f"release {folder.name} was written in another format: import it again")
    return ReleaseInfo(**said | {"counts": Counts(**said["counts"])})
