"""The parts of a postcoordinated expression (SNOMED CT compositional grammar 2.5, chapter 5.1), frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept as it is named in an expression, with the term written beside it, if any."""

    sctid: int
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text as a concrete value."""

    text: str


@dataclass(frozen=True, slots=True)
class Refinement:
    """One attribute with its value. A single concept as value is an expression of one focus concept."""

    name: Concept
    value: Expression | Decimal | Text | bool


@dataclass(frozen=True, slots=True)
class Expression:
    """Focus concepts, all of which hold, refined by attributes outside and inside of groups."""

    focus: tuple[Concept, ...]
    ungrouped: tuple[Refinement, ...] = ()
    groups: tuple[tuple[Refinement, ...], ...] = ()

    @property
    def single(self) -> int | None:
        """The concept, when the expression is nothing but one concept."""
        bare = len(self.focus) == 1 and not self.ungrouped and not self.groups
        return self.focus[0].sctid if bare else None

    @property
    def refinements(self) -> Iterator[Refinement]:
        """All attributes, grouped or not, in order."""
        yield from self.ungrouped
        for group in self.groups:
            yield from group


class ExpressionError(ValueError):
    """The text is no expression, or says what the release does not allow."""
