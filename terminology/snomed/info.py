"""What a release folder says of itself: `release.json`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from terminology.snomed.layouts import Field

#: Raised whenever the arrays of a release folder change shape or meaning.
FORMAT: Final = 2
FILE: Final = "release.json"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a release holds: active members whose component is a concept, active map rows, all of the others."""

    concepts: int
    active_concepts: int
    descriptions: int
    is_a: int
    attributes: int
    associations: int
    members: int
    map_rows: int


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One table of reference set members: its additional fields, and the content word of its files."""

    fields: tuple[Field, ...]
    content: str


@dataclass(frozen=True, slots=True)
class ReleaseInfo:
    """A release: its name in the store, edition URI, version (YYYYMMDD), counts, and SHA-256 of its content.

    `languages` are the language reference sets by language tag, the deciding one first.
    """

    name: str
    edition: str
    version: str
    counts: Counts
    content: str
    tables: tuple[TableInfo, ...]
    languages: dict[str, tuple[int, ...]]

    @property
    def uri(self) -> str:
        """The version URI of the edition (SNOMED CT URI standard 2.1)."""
        return f"{self.edition}/version/{self.version}"


class OtherFormat(ValueError):
    """The folder holds a release that another version of the program wrote: it is to be imported again."""


def write_info(folder: Path, info: ReleaseInfo) -> None:
    """Writes `info` into a release folder."""
    said = {"format": FORMAT} | msgspec.to_builtins(info)
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(said)) + b"\n")


def read_info(folder: Path) -> ReleaseInfo:
    """What a release folder says of itself.

    Raises FileNotFoundError when it is no release folder, OtherFormat when it has another format.
    """
    said = msgspec.json.decode((folder / FILE).read_bytes())
    if not isinstance(said, dict) or said.pop("format", None) != FORMAT:
        raise OtherFormat(f"release {folder.name} was written in another format: import it again")
    return msgspec.convert(said, ReleaseInfo)
