"""Expressions that ask about one release: drawn from its identifiers and words, so that answers are seldom empty.

`expressions(vocabulary)` draws every class of the syntax tree (`kinds` has an entry for each); the strategies of
`ecl_strategies` draw any text whatever, which is right for reading and writing but finds nothing in a release.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar, get_args

from hypothesis import strategies as st

from terminology.snomed.ecl import ast

T = TypeVar("T")
Drawn = st.SearchStrategy[Any]

JUNCTIONS = st.sampled_from(get_args(ast.Junction))
COMPARISONS = st.sampled_from(get_args(ast.Comparison))
ORDERS = st.sampled_from(get_args(ast.Order))
RELATIONS = st.sampled_from(get_args(ast.Relation))
CARDINALITIES = st.none() | st.tuples(st.integers(0, 3), st.none() | st.integers(0, 2)).map(
    lambda pair: ast.Cardinality(pair[0], None if pair[1] is None else pair[0] + pair[1])
)
TYPES = st.sampled_from(["syn", "fsn", "def"])
STATUSES = st.sampled_from(["primitive", "defined"])
PREFERRED, ACCEPTABLE = 900000000000548007, 900000000000549004
ACCEPTABILITIES = (
    st.just(())
    | st.lists(st.sampled_from(["preferred", "acceptable"]), min_size=1, max_size=2, unique=True).map(tuple)
    | st.lists(st.sampled_from([PREFERRED, ACCEPTABLE]).map(ast.Reference), min_size=1, max_size=2).map(tuple)
)


@dataclass(frozen=True)
class Vocabulary:
    """What expressions about a release are made of; each pool has something that the release has."""

    concepts: tuple[int, ...]
    attributes: tuple[int, ...]
    #: Reference sets with the additional fields of each.
    refsets: dict[int, tuple[str, ...]]
    language_refsets: tuple[int, ...]
    dialects: tuple[str, ...]
    languages: tuple[str, ...]
    words: tuple[str, ...]
    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    times: tuple[int, ...]
    modules: tuple[int, ...]
    types: tuple[int, ...]
    statuses: tuple[int, ...]
    descriptions: tuple[int, ...]
    unknown: tuple[int, ...]


def expressions(vocabulary: Vocabulary, leaves: int = 6) -> Drawn:
    """Expressions of bounded size over a release.

    Alternate identifiers are left out: the releases of the tests have none, so that all would end in an error.
    """
    known = kinds(vocabulary)
    several = [known[kind] for kind in get_args(ast.Expression) if kind is not ast.AlternateId]
    leaf = known[ast.Reference](st.nothing()) | known[ast.Any](st.nothing()) | _members_of(vocabulary)
    return st.recursive(leaf, lambda inner: st.one_of(*(kind(inner) for kind in several)), max_leaves=leaves)


def kinds(vocabulary: Vocabulary) -> dict[type, Callable[[Drawn], Drawn]]:
    """How each class of the syntax tree is drawn, given how the expressions within it are."""
    terms, times = _search_terms(vocabulary.words), _times(vocabulary)
    found: dict[type, Callable[[Drawn], Drawn]] = {
        ast.Reference: lambda _: _references(vocabulary.concepts * 3 + vocabulary.unknown + tuple(vocabulary.refsets)),
        ast.AlternateId: lambda _: st.builds(ast.AlternateId, st.just("LOINC"), st.just("54486-6")),
        ast.Any: lambda _: st.just(ast.Any()),
        ast.MemberOf: lambda inner: _member_of(vocabulary, found[ast.MemberFilters](inner), inner),
        ast.Related: lambda inner: st.builds(ast.Related, RELATIONS, inner),
        ast.Filtered: lambda inner: st.builds(
            ast.Filtered,
            _wide(vocabulary, inner),
            few(found[ast.DescriptionFilters](inner) | found[ast.ConceptFilters](inner)),
        ),
        ast.Supplemented: lambda inner: (
            st.builds(ast.Supplemented, inner, st.sampled_from(get_args(ast.Profile)))
            | st.builds(ast.Supplemented, inner, st.just(""), _refset_operands(vocabulary, inner))
        ),
        ast.Joined: lambda inner: st.builds(ast.Joined, JUNCTIONS, some(inner, least=2)),
        ast.Minus: lambda inner: st.builds(ast.Minus, inner, inner),
        ast.Refined: lambda inner: st.builds(ast.Refined, _wide(vocabulary, inner), refinements(vocabulary, inner)),
        ast.Dotted: lambda inner: st.builds(ast.Dotted, _wide(vocabulary, inner), _names(vocabulary, inner)),
        ast.Cardinality: lambda _: CARDINALITIES,
        ast.SearchTerm: lambda _: terms,
        ast.Times: lambda _: times,
        ast.Attribute: lambda inner: _attributes(vocabulary, inner),
        ast.Group: lambda inner: _groups(vocabulary, inner),
        ast.JoinedRefinement: lambda inner: refinements(vocabulary, inner),
        ast.TermFilter: lambda _: st.builds(ast.TermFilter, COMPARISONS, some(terms)),
        ast.LanguageFilter: lambda _: st.builds(
            ast.LanguageFilter, COMPARISONS, some(st.sampled_from(vocabulary.languages))
        ),
        ast.TypeFilter: lambda _: st.builds(ast.TypeFilter, COMPARISONS, some(TYPES)),
        ast.TypeIdFilter: lambda inner: st.builds(ast.TypeIdFilter, COMPARISONS, _ids(vocabulary.types, inner)),
        ast.Dialect: lambda inner: _dialects(vocabulary, inner),
        ast.DialectFilter: lambda inner: st.builds(
            ast.DialectFilter, COMPARISONS, some(_dialects(vocabulary, inner))
        ).map(_writable),
        ast.DescriptionIdFilter: lambda _: st.builds(
            ast.DescriptionIdFilter, COMPARISONS, some(st.sampled_from(vocabulary.descriptions))
        ),
        ast.DefinitionStatusFilter: lambda _: st.builds(ast.DefinitionStatusFilter, COMPARISONS, some(STATUSES)),
        ast.DefinitionStatusIdFilter: lambda inner: st.builds(
            ast.DefinitionStatusIdFilter, COMPARISONS, _ids(vocabulary.statuses, inner)
        ),
        ast.ModuleFilter: lambda inner: st.builds(ast.ModuleFilter, COMPARISONS, _ids(vocabulary.modules, inner)),
        ast.EffectiveTimeFilter: lambda _: st.builds(ast.EffectiveTimeFilter, ORDERS, times),
        ast.ActiveFilter: lambda _: st.builds(ast.ActiveFilter, st.booleans()),
        ast.MemberFieldFilter: lambda inner: _field_filters(vocabulary, inner),
        ast.DescriptionFilters: lambda inner: st.builds(
            ast.DescriptionFilters, few(_each(found, ast.DescriptionFilter, inner))
        ),
        ast.ConceptFilters: lambda inner: st.builds(ast.ConceptFilters, few(_each(found, ast.ConceptFilter, inner))),
        ast.MemberFilters: lambda inner: st.builds(ast.MemberFilters, few(_each(found, ast.MemberFilter, inner))),
    }
    return found


def refinements(vocabulary: Vocabulary, inner: Drawn) -> Drawn:
    """Attributes and groups, alone and joined, also within brackets."""
    single = _attributes(vocabulary, inner) | _groups(vocabulary, inner)
    joined = st.builds(ast.JoinedRefinement, JUNCTIONS, some(single, least=2))
    return single | joined | st.builds(ast.JoinedRefinement, JUNCTIONS, some(single | joined, least=2))


def some(parts: st.SearchStrategy[T], least: int = 1) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(parts, min_size=least, max_size=least + 1).map(tuple)


def few(parts: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    """One, and now and then two: what must hold together seldom does."""
    return st.tuples(parts) | st.tuples(parts) | st.tuples(parts, parts)


def _wide(vocabulary: Vocabulary, inner: Drawn) -> Drawn:
    """Expressions with many concepts, so that what is asked about them has an answer."""
    below = st.builds(ast.Related, st.sampled_from(["<", "<<"]), _references(vocabulary.concepts))
    return st.just(ast.Any()) | st.just(ast.Any()) | below | inner


def _each(found: dict[type, Callable[[Drawn], Drawn]], union: object, inner: Drawn) -> Drawn:
    return st.one_of(*(found[kind](inner) for kind in get_args(union)))


def _references(ids: tuple[int, ...]) -> Drawn:
    return st.builds(ast.Reference, st.sampled_from(ids))


def _ids(ids: tuple[int, ...], inner: Drawn) -> Drawn:
    """Mostly references, alone or as a set, and now and then an expression."""
    one = _references(ids)
    return one | st.builds(ast.Joined, st.just("OR"), some(one, least=2)) | inner


def _names(vocabulary: Vocabulary, inner: Drawn) -> Drawn:
    one = _references(vocabulary.attributes)
    related = st.builds(ast.Related, RELATIONS, one)
    return one | one | st.just(ast.Any()) | related | _ids(vocabulary.attributes, inner)


def _attributes(vocabulary: Vocabulary, inner: Drawn) -> Drawn:
    concrete = st.booleans() | some(_search_terms(vocabulary.texts, prefixes=False))
    numbers = st.sampled_from(vocabulary.numbers).map(Decimal)
    names, values = _names(vocabulary, inner), _wide(vocabulary, inner) | inner | concrete
    reverse = st.sampled_from([False, False, False, True])
    return st.builds(ast.Attribute, names, COMPARISONS, values, CARDINALITIES, reverse) | st.builds(
        ast.Attribute, names, ORDERS, numbers, CARDINALITIES
    )


def _groups(vocabulary: Vocabulary, inner: Drawn) -> Drawn:
    one = _attributes(vocabulary, inner)
    joined = st.builds(ast.JoinedRefinement, JUNCTIONS, some(one, least=2))
    return st.builds(ast.Group, one | joined, CARDINALITIES)


def _refset_operands(vocabulary: Vocabulary, inner: Drawn) -> Drawn:
    return st.just(ast.Any()) | _ids(tuple(vocabulary.refsets), inner)


def _members_of(vocabulary: Vocabulary) -> Drawn:
    return st.builds(ast.MemberOf, _references(tuple(vocabulary.refsets)))


def _member_of(vocabulary: Vocabulary, blocks: Drawn, inner: Drawn) -> Drawn:
    """Every field of a reference set can be chosen, one at a time: several are for `rows` only."""
    filters = st.just(()) | few(blocks)
    chosen = [
        (refset, name) for refset, fields in vocabulary.refsets.items() for name in (*fields, "referencedComponentId")
    ]
    return st.builds(ast.MemberOf, _refset_operands(vocabulary, inner), st.just(()), filters) | st.builds(
        lambda one, kept: ast.MemberOf(ast.Reference(one[0]), (one[1],), kept), st.sampled_from(chosen), filters
    )


def rows_of_members(vocabulary: Vocabulary) -> Drawn:
    """Reference sets with some or all fields chosen, for `rows`."""
    filters = st.just(()) | few(kinds(vocabulary)[ast.MemberFilters](_references(vocabulary.concepts)))

    def chosen(refset: int) -> Drawn:
        names = st.sampled_from((*vocabulary.refsets[refset], "referencedComponentId"))
        fields = st.just(("*",)) | st.lists(names, min_size=1, max_size=3, unique=True).map(tuple)
        return st.builds(ast.MemberOf, st.just(ast.Reference(refset)), fields, filters)

    return st.sampled_from(tuple(vocabulary.refsets)).flatmap(chosen)


def _field_filters(vocabulary: Vocabulary, inner: Drawn) -> Drawn:
    names = sorted({"referencedComponentId"}.union(*vocabulary.refsets.values()))
    field, texts = st.sampled_from(names), some(_search_terms(vocabulary.texts + vocabulary.words))
    numbers = st.integers(-1, 8).map(Decimal)
    return st.builds(ast.MemberFieldFilter, field, COMPARISONS, inner | texts | st.booleans()) | st.builds(
        ast.MemberFieldFilter, field, ORDERS, numbers | _times(vocabulary)
    )


def _dialects(vocabulary: Vocabulary, inner: Drawn) -> Drawn:
    refset = st.sampled_from(vocabulary.dialects) | _references(vocabulary.language_refsets) | inner
    return st.builds(ast.Dialect, refset, ACCEPTABILITIES)


def _writable(drawn: ast.DialectFilter) -> ast.DialectFilter:
    """A set holds aliases only or references only, and an expression stands alone (5.1 dialectFilter)."""
    first, *rest = drawn.dialects
    same = [
        one for one in rest if type(one.refset) is type(first.refset) and isinstance(one.refset, str | ast.Reference)
    ]
    return ast.DialectFilter(drawn.comparison, (first, *same))


def _times(vocabulary: Vocabulary) -> Drawn:
    return st.builds(ast.Times, some(st.none() | st.sampled_from(vocabulary.times)))


def _search_terms(words: tuple[str, ...], prefixes: bool = True) -> Drawn:
    """Beginnings of words, also two of them, in either case, and patterns of parts of words."""
    whole = st.sampled_from(words)
    piece = st.builds(lambda word, end: word[: max(end, 1)], whole, st.integers(1, 8)) if prefixes else whole
    cased = piece | piece.map(str.upper) if prefixes else piece
    match = cased | st.builds("{} {}".format, cased, cased) if prefixes else cased
    pattern = st.lists(piece.map(_literal) | st.just("*"), min_size=1, max_size=3).map("".join)
    return st.builds(ast.SearchTerm, st.just("match"), match) | st.builds(ast.SearchTerm, st.just("wild"), pattern)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*")
