"""What a file says of a classification: rows, read one by one, and what was wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from terminology.snomed.problems import Problem, refuse_too_many
from terminology.systems import Designation, Entry


@dataclass(frozen=True, slots=True)
class Head:
    """Which code system it is. `uri` is canonical (`codes.uri_of`), `language` that of texts without one, a BCP 47
    tag; `version` may be empty; `aliases` are further URIs that the file itself gives."""

    uri: str
    version: str
    title: str
    language: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One code as a file has it; `line` is where (from 1, 0 when the format has no lines), `element` what it is."""

    code: str
    designations: tuple[Designation, ...] = ()
    parents: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    active: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    line: int = 0
    element: str = "row"


@dataclass(frozen=True, slots=True)
class Content:
    """A checked classification: entries in order of their normalised codes, hierarchy without loops or loose ends."""

    head: Head
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Collects what was wrong in one file. Raises ImportRefused when it is more than anybody would read."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def tell(self, line: int, element: str, text: str) -> None:
        """One thing that was left out. `text` may hold identifiers, no other content."""
        self.problems.append(Problem(self.file, line, element, text))
        refuse_too_many(self.problems)
