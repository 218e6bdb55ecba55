"""The meaning of an expression constraint (SNOMED CT Expression Constraint Language 2.2, chapter 5), frozen.

Brackets leave no trace of their own: they only decide which node holds which. A set of concept references
`(a b)` is read as `a OR b`, and the words of the long syntax as the symbols of the brief one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Relation = Literal["<", "<<", "<!", "<<!", ">", ">>", ">!", ">>!", "!!>", "!!<"]
Junction = Literal["AND", "OR"]
Comparison = Literal["=", "!="]
Order = Literal["=", "!=", "<", "<=", ">", ">="]
Profile = Literal["", "MIN", "MOD", "MAX"]


@dataclass(frozen=True, slots=True)
class Reference:
    """One concept, with the term written beside it, if any."""

    sctid: int
    term: str | None = None


@dataclass(frozen=True, slots=True)
class AlternateId:
    """One concept by the code that another scheme gives it: `LOINC#54486-6`."""

    scheme: str
    code: str
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Any:
    """Every concept: `*`."""


@dataclass(frozen=True, slots=True)
class MemberOf:
    """The members of the reference sets that `of` names: `^`.

    With `fields` (`("*",)` for all), the values of these fields instead of the referenced components. A row counts
    when every block of `filters` holds for it.
    """

    of: Expression
    fields: tuple[str, ...] = ()
    filters: tuple[MemberFilters, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """The concepts above or below those that `of` names, or its top or bottom: `<`, `>>!`, `!!>` and the others."""

    relation: Relation
    of: Expression


@dataclass(frozen=True, slots=True)
class Filtered:
    """Those of `of` for which every block holds; a block of description filters holds for one description at once."""

    of: Expression
    filters: tuple[DescriptionFilters | ConceptFilters, ...]


@dataclass(frozen=True, slots=True)
class Supplemented:
    """`of`, with inactive concepts whose history leads to it: `{{ + HISTORY-MIN }}`.

    `subset` names association reference sets; with neither profile nor subset, all of them count.
    """

    of: Expression
    profile: Profile = ""
    subset: Expression | None = None


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
class Dotted:
    """The values that the concepts of `of` have for the attributes that `attribute` names: `of . attribute`."""

    of: Expression
    attribute: Expression


@dataclass(frozen=True, slots=True)
class Cardinality:
    """How many; `most` is None for `*`."""

    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class SearchTerm:
    r"""A text to find: word prefixes in any order (match) or a pattern over the whole term (wild, `*` is any text).

    In a pattern `\*` and `\\` stand for the characters themselves; a match has no escapes.
    """

    kind: Literal["match", "wild"]
    text: str


@dataclass(frozen=True, slots=True)
class Times:
    """Effective times as YYYYMMDD; None is a component without one (not yet published)."""

    times: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """Attributes whose type is in `name` and whose value compares so: as many as `cardinality` says, by default some.

    Reversed (`R`), the concept is the value and what has the attribute is compared.
    """

    name: Expression
    comparison: Order
    value: Expression | Decimal | bool | tuple[SearchTerm, ...]
    cardinality: Cardinality | None = None
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """As many attribute groups as `cardinality` says, by default some, satisfy `refinement` each on its own: `{ }`."""

    refinement: Refinement
    cardinality: Cardinality | None = None


@dataclass(frozen=True, slots=True)
class JoinedRefinement:
    """All (AND) or any (OR) of two or more refinements."""

    junction: Junction
    operands: tuple[Refinement, ...]


@dataclass(frozen=True, slots=True)
class TermFilter:
    """The term fits one (=) or none (!=) of the search terms."""

    comparison: Comparison
    terms: tuple[SearchTerm, ...]


@dataclass(frozen=True, slots=True)
class LanguageFilter:
    """The language code of the description, in lower case."""

    comparison: Comparison
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypeFilter:
    """The type of the description by token."""

    comparison: Comparison
    types: tuple[Literal["syn", "fsn", "def"], ...]


@dataclass(frozen=True, slots=True)
class TypeIdFilter:
    """The type of the description by concept."""

    comparison: Comparison
    of: Expression


@dataclass(frozen=True, slots=True)
class Dialect:
    """A language reference set, by alias in lower case or as an expression; no `acceptability` means any."""

    refset: str | Expression
    acceptability: tuple[Literal["preferred", "acceptable"] | Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class DialectFilter:
    """The description is in one of the language reference sets (=) or in none (!=)."""

    comparison: Comparison
    dialects: tuple[Dialect, ...]


@dataclass(frozen=True, slots=True)
class DescriptionIdFilter:
    """The identifier of the description."""

    comparison: Comparison
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DefinitionStatusFilter:
    """Whether the concept is defined, by token."""

    comparison: Comparison
    statuses: tuple[Literal["primitive", "defined"], ...]


@dataclass(frozen=True, slots=True)
class DefinitionStatusIdFilter:
    """Whether the concept is defined, by concept."""

    comparison: Comparison
    of: Expression


@dataclass(frozen=True, slots=True)
class ModuleFilter:
    """The module of the component."""

    comparison: Comparison
    of: Expression


@dataclass(frozen=True, slots=True)
class EffectiveTimeFilter:
    """The effective time of the component; of several times one must compare so (for != all of them)."""

    comparison: Order
    times: Times


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """Whether the component is active."""

    active: bool


@dataclass(frozen=True, slots=True)
class MemberFieldFilter:
    """A field of a reference set member, by its name in the header of the file."""

    field: str
    comparison: Order
    value: Expression | Decimal | bool | tuple[SearchTerm, ...] | Times


DescriptionFilter = (
    TermFilter
    | LanguageFilter
    | TypeFilter
    | TypeIdFilter
    | DialectFilter
    | DescriptionIdFilter
    | ModuleFilter
    | EffectiveTimeFilter
    | ActiveFilter
)
ConceptFilter = DefinitionStatusFilter | DefinitionStatusIdFilter | ModuleFilter | EffectiveTimeFilter | ActiveFilter
MemberFilter = ModuleFilter | EffectiveTimeFilter | ActiveFilter | MemberFieldFilter


@dataclass(frozen=True, slots=True)
class DescriptionFilters:
    """`{{ D … }}`: some description satisfies all of them; active ones, unless a filter says otherwise."""

    filters: tuple[DescriptionFilter, ...]


@dataclass(frozen=True, slots=True)
class ConceptFilters:
    """`{{ C … }}`: the concept satisfies all of them."""

    filters: tuple[ConceptFilter, ...]


@dataclass(frozen=True, slots=True)
class MemberFilters:
    """`{{ M … }}`: one member row satisfies all of them; active ones, unless a filter says otherwise."""

    filters: tuple[MemberFilter, ...]


Expression = (
    Reference | AlternateId | Any | MemberOf | Related | Filtered | Supplemented | Joined | Minus | Refined | Dotted
)
Refinement = Attribute | Group | JoinedRefinement
