"""One shape for all code systems: SNOMED CT releases and classifications answer the same questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Designation:
    """One text of a code. `language` is a BCP 47 tag; `use` says what the text is."""

    language: str
    term: str
    use: Literal["preferred", "fsn", "synonym", "definition", "inclusion", "exclusion"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a system, with everything that is said of it. A date that is None sets no limit."""

    code: str
    display: str
    active: bool
    designations: tuple[Designation, ...] = ()
    parents: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


class CodeSystem(Protocol):
    """A release of a code system. A code that is not in it has no entry, parents, children or descendants."""

    @property
    def name(self) -> str:
        """The name in the store, by which `--release` selects it."""

    @property
    def uri(self) -> str:
        """The canonical URI of the code system (see `terminology.codes`)."""

    @property
    def version(self) -> str:
        """The version as FHIR has it: the version URI of a SNOMED CT edition, else the edition's own name."""

    @property
    def title(self) -> str:
        """What people call it."""

    def codes(self) -> Iterator[str]:
        """All codes in order, inactive ones too."""

    def has(self, code: str) -> bool:
        """Whether the code, written in any of its forms, is in the release, active or not."""

    def entry(self, code: str, languages: Sequence[str]) -> Entry | None:
        """Everything about a code; `display` is in the first of `languages` that has one, else in any."""

    def parents(self, code: str) -> tuple[str, ...]:
        """The codes directly above."""

    def children(self, code: str) -> tuple[str, ...]:
        """The codes directly below."""

    def descendants(self, code: str) -> frozenset[str]:
        """All codes below, without the code itself."""

    def subsumes(self, a: str, b: str) -> bool:
        """Whether `b` is `a` or below it; False when either is not in the release."""
