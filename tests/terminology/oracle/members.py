"""Members of reference sets and their fields (6.1 Member of; 6.10 Member Filters; Appendix E)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from oracle import terms
from oracle.compare import holds, numbers, times
from oracle.rf2 import Member
from terminology.snomed.ecl import ast

if TYPE_CHECKING:
    from oracle.evaluator import Oracle

COMPONENT = "referencedComponentId"
TRUTHS = {"1": True, "0": False, "true": True, "false": False}


def referenced(oracle: Oracle, expression: ast.MemberOf) -> frozenset[int]:
    """6.1 Member of: the referenced components that are concepts, active or not (6.9), or the chosen field's values.

    Raises ValueError for several fields, which only the whole expression may choose (6.1, note 2).
    """
    fields = expression.fields or (COMPONENT,)
    if len(fields) > 1 or fields == ("*",):
        raise ValueError("several fields are chosen where concepts are asked for")
    chosen = (row[fields[0]] for row in rows(oracle, ast.MemberOf(expression.of, fields, expression.filters)))
    return frozenset(int(text) for text in chosen if text.isdecimal()) & oracle.content.known


def rows(oracle: Oracle, expression: ast.MemberOf) -> list[dict[str, str]]:
    """6.1 Member of: the chosen fields of the rows; `*` is the referenced component and all additional fields.

    Rows of a reference set without a chosen field are left out; when none has it, the expression is wrong (note 1).
    """
    every = [row for refset in _refsets(oracle, expression.of) for row in oracle.content.members[refset]]
    fields = expression.fields or (COMPONENT,)
    if every and fields != ("*",) and not all(any(name in row.fields for row in every) for name in fields):
        raise ValueError("no reference set has a chosen field")
    kept = [row for row in every if all(_row_holds(oracle, row, block) for block in _with_default(expression.filters))]
    return [_chosen(row, fields) for row in kept if fields == ("*",) or row.fields.keys() >= set(fields)]


def _chosen(row: Member, fields: tuple[str, ...]) -> dict[str, str]:
    return {name: text for name, (_, text) in row.fields.items() if name in fields or fields == ("*",)}


def _refsets(oracle: Oracle, of: ast.Expression) -> list[int]:
    """6.7 MemberOf Function: the union over the reference sets that an expression names; `^ *` is all of them (6.1)."""
    named = oracle.named(of)
    return [refset for refset in oracle.content.members if refset in named]


def _with_default(blocks: tuple[ast.MemberFilters, ...]) -> tuple[ast.MemberFilters, ...]:
    """6.10 Active Filter: active rows, unless a filter says otherwise.

    All blocks are about one and the same row, so one block that says so is enough.
    """
    says = any(isinstance(one, ast.ActiveFilter) for block in blocks for one in block.filters)
    return blocks if says else (*blocks, ast.MemberFilters((ast.ActiveFilter(True),)))


def _row_holds(oracle: Oracle, row: Member, block: ast.MemberFilters) -> bool:
    return all(_holds(oracle, row, one) for one in block.filters)


def _holds(oracle: Oracle, row: Member, wanted: ast.MemberFilter) -> bool:
    match wanted:
        case ast.ModuleFilter(comparison, of):
            return holds(row.module in oracle.named(of), comparison)
        case ast.EffectiveTimeFilter(order, wanted_times):
            return times(row.time, order, wanted_times)
        case ast.ActiveFilter(active):
            return row.active == active
        case ast.MemberFieldFilter(field):
            return field in row.fields and _field_holds(oracle, *row.fields[field], wanted)


def _field_holds(oracle: Oracle, kind: str, text: str, wanted: ast.MemberFieldFilter) -> bool:
    """6.10 Member Field Filters: which comparison a field takes depends on its kind."""
    match wanted.value:
        case bool():
            return (
                text.lower() in TRUTHS
                and kind != "id"
                and holds(TRUTHS[text.lower()] == wanted.value, wanted.comparison)
            )
        case Decimal():
            return kind == "int" and text != "" and numbers(Decimal(text), wanted.comparison, wanted.value)
        case tuple():
            return kind == "text" and holds(any(terms.fits(one, text, "") for one in wanted.value), wanted.comparison)
        case ast.Times():
            return _is_time(kind, text) and times(int(text) if text else None, wanted.comparison, wanted.value)
        case ast.Any():
            return wanted.comparison == "=" and text != ""
    return kind != "int" and text.isdecimal() and holds(int(text) in oracle.named(wanted.value), wanted.comparison)


def _is_time(kind: str, text: str) -> bool:
    return kind != "id" and (text == "" or (text.isdecimal() and len(text) == 8))
