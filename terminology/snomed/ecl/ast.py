"""The meaning of an expression constraint (SNOMED CT Expression Constraint Language 2.2, chapter 5), frozen.

Brackets leave no trace of their own: they only decide which node holds which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Relation = Literal["<", "<<", "<!", "<<!", ">", ">>", ">!", ">>!"]
Junction = Literal["AND", "OR"]
Comparison = Literal["=", "!="]


@dataclass(frozen=True, slots=True)
class Reference:
    """One concept, with the term written beside it, if any."""

    sctid: int
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Any:
    """Every concept: `*`."""


@dataclass(frozen=True, slots=True)
class MemberOf:
    """The members of the reference sets that `of` names: `^`."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Related:
    """The concepts above or below those that `of` names: `<`, `>>!` and the others."""

    relation: Relation
    of: Expression


@dataclass(frozen=True, slots=True)
class Joined:
    """What is in all (AND) or any (OR) of two or more operands."""

    junction: Junction
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Minus:
    """What is in the first and not in the second."""

    first: Expression
    second: Expression


@dataclass(frozen=True, slots=True)
class Refined:
    """Those of `focus` whose attributes satisfy the refinement."""

    focus: Expression
    refinement: Refinement


@dataclass(frozen=True, slots=True)
class Attribute:
    """Some attribute whose type is in `name` has a value in `value` (=) or outside it (!=)."""

    name: Expression
    comparison: Comparison
    value: Expression


@dataclass(frozen=True, slots=True)
class Group:
    """Some attribute group satisfies `refinement` on its own: `{ }`. It holds no other group."""

    refinement: Refinement


@dataclass(frozen=True, slots=True)
class JoinedRefinement:
    """All (AND) or any (OR) of two or more refinements."""

    junction: Junction
    operands: tuple[Refinement, ...]


Expression = Reference | Any | MemberOf | Related | Joined | Minus | Refined
Refinement = Attribute | Group | JoinedRefinement
