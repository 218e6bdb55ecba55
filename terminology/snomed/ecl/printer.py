"""Writes expression constraints in the brief syntax: `parse(write(x)) == x`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from terminology.snomed.ecl.ast import (
    ActiveFilter,
    AlternateId,
    Any,
    Attribute,
    Cardinality,
    ConceptFilter,
    ConceptFilters,
    DefinitionStatusFilter,
    DefinitionStatusIdFilter,
    DescriptionFilter,
    DescriptionFilters,
    DescriptionIdFilter,
    Dialect,
    DialectFilter,
    Dotted,
    EffectiveTimeFilter,
    Expression,
    Filtered,
    Group,
    Joined,
    JoinedRefinement,
    LanguageFilter,
    MemberFieldFilter,
    MemberFilter,
    MemberFilters,
    MemberOf,
    Minus,
    ModuleFilter,
    Reference,
    Refined,
    Refinement,
    Related,
    SearchTerm,
    Supplemented,
    TermFilter,
    Times,
    TypeFilter,
    TypeIdFilter,
)

Filter = DescriptionFilter | ConceptFilter | MemberFilter
Value = Expression | Decimal | bool | tuple[SearchTerm, ...] | Times
#: What needs no brackets, by what stands before or behind it; each takes what the one before it takes.
_FOCUS: Final = (Reference, AlternateId, Any)
_UNARY: Final = (*_FOCUS, MemberOf)
_FILTERABLE: Final = (*_UNARY, Related)
_SUPPLEMENTABLE: Final = (*_FILTERABLE, Filtered)
_OPERAND: Final = (*_SUPPLEMENTABLE, Supplemented)
_BARE_CODE: Final = re.compile(r"[A-Za-z0-9._-]+")
#: A text that the reader would take for something else than a search term: an alternate identifier or a date.
_NEEDS_MATCH: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*#.+|[0-9]{8}", re.DOTALL)


def write(expression: Expression) -> str:
    """The text of an expression constraint, on one line but for line breaks within terms and texts."""
    match expression:
        case Reference(sctid, term):
            return _with_term(str(sctid), term)
        case AlternateId(scheme, code, term):
            identifier = f"{scheme}#{code}"
            return _with_term(identifier if _BARE_CODE.fullmatch(code) else f'"{identifier}"', term)
        case Any():
            return "*"
        case MemberOf(of, fields, filters):
            names = f"[{', '.join(fields)}] " if fields else ""
            return _behind(f"^ {names}{_operand(of, _FOCUS)}", filters)
        case Related(relation, of):
            return f"{relation} {_operand(of, _UNARY)}"
        case Filtered(of, filters):
            return _behind(_operand(of, _FILTERABLE), filters)
        case Supplemented(of, profile, subset):
            chosen = f" ({write(subset)})" if subset else ""
            return f"{_operand(of, _SUPPLEMENTABLE)} {{{{ + HISTORY{profile and '-'}{profile}{chosen} }}}}"
        case Joined(junction, operands):
            return f" {junction} ".join(_operand(operand) for operand in operands)
        case Minus(first, second):
            return f"{_operand(first)} MINUS {_operand(second)}"
        case Refined(focus, refinement):
            return f"{_operand(focus)}: {_refinement(refinement)}"
        case Dotted(of, attribute):
            return f"{_operand(of, (*_OPERAND, Dotted))} . {_operand(attribute)}"


def _operand(expression: Expression, bare: tuple[type[Expression], ...] = _OPERAND) -> str:
    return write(expression) if isinstance(expression, bare) else f"({write(expression)})"


def _with_term(identifier: str, term: str | None) -> str:
    return f"{identifier} |{term}|" if term else identifier


def _behind(text: str, blocks: Iterable[DescriptionFilters | ConceptFilters | MemberFilters]) -> str:
    letters = {DescriptionFilters: "D", ConceptFilters: "C", MemberFilters: "M"}
    written = (f"{{{{ {letters[type(block)]} {', '.join(map(_filter, block.filters))} }}}}" for block in blocks)
    return " ".join((text, *written))


def _refinement(refinement: Refinement) -> str:
    match refinement:
        case Attribute(name, order, value, cardinality, reverse):
            flag = "R " if reverse else ""
            return f"{_cardinality(cardinality)}{flag}{_operand(name)} {order} {_value(value)}"
        case Group(inner, cardinality):
            return f"{_cardinality(cardinality)}{{ {_refinement(inner)} }}"
        case JoinedRefinement(junction, operands):
            return f" {junction} ".join(_part(operand) for operand in operands)


def _part(refinement: Refinement) -> str:
    text = _refinement(refinement)
    return f"({text})" if isinstance(refinement, JoinedRefinement) else text


def _cardinality(cardinality: Cardinality | None) -> str:
    if cardinality is None:
        return ""
    return f"[{cardinality.least}..{'*' if cardinality.most is None else cardinality.most}] "


def _value(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"#{value:f}"
        case tuple():
            return _one_or_set([_search_term(term) for term in value])
        case Times(times):
            return _one_or_set([f'"{time or ""}"' for time in times])
        case _:
            return _operand(value)


def _search_term(term: SearchTerm) -> str:
    if term.kind == "wild":
        return f'wild:"{_quoted(term.text, kept=chr(92))}"'
    prefix = "match:" if _NEEDS_MATCH.fullmatch(term.text) else ""
    return f'{prefix}"{_quoted(term.text)}"'


def _quoted(text: str, kept: str = "") -> str:
    """With escapes, except for characters that carry theirs already."""
    return re.sub(r'["\\]', lambda found: found[0] if found[0] == kept else "\\" + found[0], text)


def _one_or_set(texts: Iterable[str]) -> str:
    several = list(texts)
    return several[0] if len(several) == 1 else f"({' '.join(several)})"


def _filter(one: Filter) -> str:
    match one:
        case TermFilter(order, terms):
            return f"term {order} {_value(terms)}"
        case LanguageFilter(order, codes):
            return f"language {order} {_one_or_set(codes)}"
        case TypeFilter(order, types):
            return f"type {order} {_one_or_set(types)}"
        case TypeIdFilter(order, of):
            return f"typeId {order} {_operand(of)}"
        case DialectFilter(order, dialects):
            keyword = "dialect" if isinstance(dialects[0].refset, str) else "dialectId"
            return f"{keyword} {order} {_one_or_set(map(_dialect, dialects))}"
        case DescriptionIdFilter(order, ids):
            return f"id {order} {_one_or_set(map(str, ids))}"
        case DefinitionStatusFilter(order, statuses):
            return f"definitionStatus {order} {_one_or_set(statuses)}"
        case DefinitionStatusIdFilter(order, of):
            return f"definitionStatusId {order} {_operand(of)}"
        case ModuleFilter(order, of):
            return f"moduleId {order} {_operand(of)}"
        case EffectiveTimeFilter(order, times):
            return f"effectiveTime {order} {_value(times)}"
        case ActiveFilter(active):
            return f"active = {int(active)}"
        case MemberFieldFilter(field, order, value):
            return f"{field} {order} {_value(value)}"


def _dialect(dialect: Dialect) -> str:
    refset = dialect.refset if isinstance(dialect.refset, str) else _operand(dialect.refset)
    words = {"preferred": "prefer", "acceptable": "accept"}
    wanted = " ".join(words[one] if isinstance(one, str) else write(one) for one in dialect.acceptability)
    return f"{refset} ({wanted})" if wanted else refset
