"""How every kind of value in an expression constraint is drawn; `KINDS` has an entry for each class of the tree."""

from __future__ import annotations

import string
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar, get_args

from ecl_release import NAMES, NAMESPACE
from hypothesis import strategies as st

from terminology.snomed.ecl import ast
from terminology.snomed.sctid import make

T = TypeVar("T")
Drawn = st.SearchStrategy[Any]

LETTERS = st.text(string.ascii_letters, min_size=1, max_size=8)
ANY_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
TERMS = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="|"), max_size=12).map(str.strip).map(
    lambda term: term or None
)
# Half of them are concepts of the small release.
CONCEPTS = st.sampled_from(sorted(NAMES.values())) | st.integers(1000, 9999).map(
    lambda item: int(make(item, "10", NAMESPACE))
)
DESCRIPTIONS = st.integers(1, 9999).map(lambda item: int(make(item, "11", NAMESPACE)))
JUNCTIONS = st.sampled_from(get_args(ast.Junction))
COMPARISONS = st.sampled_from(get_args(ast.Comparison))
ORDERS = st.sampled_from(get_args(ast.Order))
DATES = st.dates().filter(lambda day: day.year >= 1000).map(lambda day: int(day.strftime("%Y%m%d")))
CODES = st.text(st.characters(codec="utf-8", exclude_characters='"\\'), min_size=1, max_size=8)
NUMBERS = st.decimals(-(10**6), 10**6, allow_nan=False, allow_infinity=False, places=3) | st.integers(-9, 9).map(
    Decimal
)
PATTERNS = st.lists(
    st.sampled_from(["*", r"\*", r"\\", '"']) | st.characters(codec="utf-8", exclude_characters="\\"),
    min_size=1,
    max_size=8,
).map("".join)
FIELDS = LETTERS.filter(lambda name: name.lower() not in ("any", "moduleid", "effectivetime", "active"))


def some(parts: st.SearchStrategy[T], least: int = 1) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(parts, min_size=least, max_size=3).map(tuple)


REFERENCES = st.builds(ast.Reference, CONCEPTS, TERMS)
TIMES = st.builds(ast.Times, some(st.none() | DATES))
SEARCH_TERMS = st.builds(ast.SearchTerm, st.just("match"), ANY_TEXT.filter(str.strip)) | st.builds(
    ast.SearchTerm, st.just("wild"), PATTERNS
)
CARDINALITIES = st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)).map(
    lambda pair: ast.Cardinality(pair[0], None if pair[1] is None else pair[0] + pair[1])
)
ALIASES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
ACCEPTABILITY = st.just(()) | some(st.sampled_from(["preferred", "acceptable"])) | some(REFERENCES)


def dialect_filters(inner: Drawn) -> Drawn:
    one_by_expression = st.tuples(st.builds(ast.Dialect, inner, ACCEPTABILITY))
    return st.builds(
        ast.DialectFilter,
        COMPARISONS,
        some(st.builds(ast.Dialect, ALIASES, ACCEPTABILITY))
        | some(st.builds(ast.Dialect, REFERENCES, ACCEPTABILITY))
        | one_by_expression,
    )


def attributes(inner: Drawn) -> Drawn:
    equal = inner | st.booleans() | some(SEARCH_TERMS)
    rest = (st.none() | CARDINALITIES, st.booleans())
    return st.builds(ast.Attribute, inner, COMPARISONS, equal, *rest) | st.builds(
        ast.Attribute, inner, ORDERS, NUMBERS, *rest
    )


def groups(inner: Drawn) -> Drawn:
    in_group = attributes(inner) | st.builds(ast.JoinedRefinement, JUNCTIONS, some(attributes(inner), least=2))
    return st.builds(ast.Group, in_group, st.none() | CARDINALITIES)


def joined_refinements(inner: Drawn) -> Drawn:
    single = attributes(inner) | groups(inner)
    return st.builds(ast.JoinedRefinement, JUNCTIONS, some(single | _bracketed(single), least=2))


def _bracketed(single: Drawn) -> Drawn:
    return st.builds(ast.JoinedRefinement, JUNCTIONS, some(single, least=2))


def member_field_filters(inner: Drawn) -> Drawn:
    equal = inner | st.booleans() | some(SEARCH_TERMS)
    return st.builds(ast.MemberFieldFilter, FIELDS, COMPARISONS, equal) | st.builds(
        ast.MemberFieldFilter, FIELDS, ORDERS, NUMBERS | TIMES
    )


def _each(union: object, inner: Drawn) -> Drawn:
    return st.one_of(*(KINDS[kind](inner) for kind in get_args(union)))


#: How each class is drawn, given how the expressions within it are.
KINDS: dict[type, Callable[[Drawn], Drawn]] = {
    ast.Reference: lambda _: REFERENCES,
    ast.AlternateId: lambda _: st.builds(
        ast.AlternateId, st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,5}", fullmatch=True), CODES, TERMS
    ),
    ast.Any: lambda _: st.just(ast.Any()),
    ast.MemberOf: lambda inner: st.builds(
        ast.MemberOf,
        inner,
        st.just(()) | st.just(("*",)) | some(LETTERS.filter(lambda name: name.lower() != "any")),
        st.just(()) | some(KINDS[ast.MemberFilters](inner)),
    ),
    ast.Related: lambda inner: st.builds(ast.Related, st.sampled_from(get_args(ast.Relation)), inner),
    ast.Filtered: lambda inner: st.builds(
        ast.Filtered, inner, some(KINDS[ast.DescriptionFilters](inner) | KINDS[ast.ConceptFilters](inner))
    ),
    ast.Supplemented: lambda inner: (
        st.builds(ast.Supplemented, inner, st.sampled_from(get_args(ast.Profile)))
        | st.builds(ast.Supplemented, inner, st.just(""), inner)
    ),
    ast.Joined: lambda inner: st.builds(ast.Joined, JUNCTIONS, some(inner, least=2)),
    ast.Minus: lambda inner: st.builds(ast.Minus, inner, inner),
    ast.Refined: lambda inner: st.builds(ast.Refined, inner, _each(ast.Refinement, inner)),
    ast.Dotted: lambda inner: st.builds(ast.Dotted, inner, inner),
    ast.Cardinality: lambda _: CARDINALITIES,
    ast.SearchTerm: lambda _: SEARCH_TERMS,
    ast.Times: lambda _: TIMES,
    ast.Attribute: attributes,
    ast.Group: groups,
    ast.JoinedRefinement: joined_refinements,
    ast.TermFilter: lambda _: st.builds(ast.TermFilter, COMPARISONS, some(SEARCH_TERMS)),
    ast.LanguageFilter: lambda _: st.builds(
        ast.LanguageFilter, COMPARISONS, some(st.text(string.ascii_lowercase, min_size=2, max_size=2))
    ),
    ast.TypeFilter: lambda _: st.builds(ast.TypeFilter, COMPARISONS, some(st.sampled_from(["syn", "fsn", "def"]))),
    ast.TypeIdFilter: lambda inner: st.builds(ast.TypeIdFilter, COMPARISONS, inner),
    ast.Dialect: lambda _: st.builds(ast.Dialect, ALIASES, ACCEPTABILITY),
    ast.DialectFilter: dialect_filters,
    ast.DescriptionIdFilter: lambda _: st.builds(ast.DescriptionIdFilter, COMPARISONS, some(DESCRIPTIONS)),
    ast.DefinitionStatusFilter: lambda _: st.builds(
        ast.DefinitionStatusFilter, COMPARISONS, some(st.sampled_from(["primitive", "defined"]))
    ),
    ast.DefinitionStatusIdFilter: lambda inner: st.builds(ast.DefinitionStatusIdFilter, COMPARISONS, inner),
    ast.ModuleFilter: lambda inner: st.builds(ast.ModuleFilter, COMPARISONS, inner),
    ast.EffectiveTimeFilter: lambda _: st.builds(ast.EffectiveTimeFilter, ORDERS, TIMES),
    ast.ActiveFilter: lambda _: st.builds(ast.ActiveFilter, st.booleans()),
    ast.MemberFieldFilter: member_field_filters,
    ast.DescriptionFilters: lambda inner: st.builds(ast.DescriptionFilters, some(_each(ast.DescriptionFilter, inner))),
    ast.ConceptFilters: lambda inner: st.builds(ast.ConceptFilters, some(_each(ast.ConceptFilter, inner))),
    ast.MemberFilters: lambda inner: st.builds(ast.MemberFilters, some(_each(ast.MemberFilter, inner))),
}
LEAVES = REFERENCES | st.just(ast.Any()) | KINDS[ast.AlternateId](st.nothing())
EXPRESSIONS = st.recursive(
    LEAVES, lambda inner: st.one_of(*(KINDS[kind](inner) for kind in get_args(ast.Expression))), max_leaves=6
)
