"""One way to ask any code system for sets of codes: truth values by the place of a code in the system.

Sets of half a million codes are joined and paged as arrays; only the codes of a page become values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from reporting.fhir_terminology.outcome import Refused, refused
from terminology.snomed.expressions.values import Expression
from terminology.snomed.sctid import Bools, Ints
from terminology.systems import CodeSystem


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a value set (FHIR R4 ValueSet.compose.include.filter)."""

    property: str
    op: str
    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """One designation: its language, what it is (system, code, display) and the text; old ones are not active."""

    language: str
    use: tuple[str, str, str]
    text: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """A code as answers show it. `status` says why it is inactive."""

    code: str
    display: str
    inactive: bool = False
    abstract: bool = False
    status: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a code: `kind` is the type of its value; `title` is the name of the property."""

    code: str
    kind: str
    value: str | bool | int | float
    description: str = ""
    title: str = ""


class Engine(Protocol):
    """A code system with sets of its codes. Places are from 0 to `size`, in the order of the system."""

    @property
    def system(self) -> CodeSystem:
        """The code system itself."""

    @property
    def size(self) -> int:
        """How many codes it has."""

    @property
    def open(self) -> bool:
        """Whether there are more codes than can be listed, because a grammar makes them."""

    def place(self, code: str) -> int:
        """The place of a code, written in any of its forms; -1 when it is not in the system."""

    def code_at(self, place: int) -> str:
        """The code at a place."""

    def active(self) -> Bools:
        """Which codes are active."""

    def filtered(self, wanted: Filter) -> Bools:
        """The codes that satisfy a filter. Raises Refused for filters that the system has not."""

    def found(self, text: str, within: Bools, languages: Sequence[str], most: int, /) -> tuple[int, Ints]:
        """How many codes of `within` have a text that matches, and the places of the best, at most `most`."""

    def shown(self, place: int, languages: Sequence[str]) -> Shown:
        """The code at a place, with its display."""

    def each_shown(self, places: Ints, languages: Sequence[str]) -> Iterator[Shown]:
        """The codes at many places, as `shown`."""

    def names(self, place: int, every: bool) -> list[Name]:
        """The designations of a code: `every` with old ones and synonyms, else those that matter."""

    def properties(self, place: int, languages: Sequence[str], asked: Sequence[str]) -> list[Property]:
        """The properties of a code, parents and children among them, and those that are only told when asked for."""

    def expression(self, code: str, /) -> Expression | None:
        """The expression that the code writes; None when the system has no grammar. Raises ExpressionError."""

    def expression_fits(self, expression: Expression, wanted: Filter, /) -> bool:
        """Whether an expression satisfies a filter."""

    def expression_shown(self, expression: Expression, code: str, languages: Sequence[str], /) -> Shown:
        """An expression with its display."""


def no_such_filter(system: str, wanted: Filter) -> Refused:
    """The refusal of a filter that a system has not."""
    said = f"{wanted.property} {wanted.op} {wanted.value[:100]}"
    text = f"The filter '{said}' from the value set was not understood in the context of {system}"
    return refused(422, "not-found", "vs-invalid", text, "FILTER_NOT_UNDERSTOOD")
