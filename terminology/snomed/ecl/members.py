"""Members of reference sets: which rows count, and what is taken from them (ECL 2.2, 6.1 and 6.10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from terminology.snomed.arrays import Texts, ordinals
from terminology.snomed.ecl.ast import (
    ActiveFilter,
    Any,
    EffectiveTimeFilter,
    Expression,
    MemberFieldFilter,
    MemberFilter,
    MemberOf,
    ModuleFilter,
    Order,
    SearchTerm,
    Times,
)
from terminology.snomed.ecl.lexer import EclError
from terminology.snomed.ecl.substrate import ORDERS, Concepts, agree, among, at_times, sctids
from terminology.snomed.ecl.terms import found_in
from terminology.snomed.layouts import Field
from terminology.snomed.members import MemberTable
from terminology.snomed.sctid import Bools, Ints, check
from terminology.snomed.view import Release

_COMPONENT: Final = "referencedComponentId"
_REFSET: Final = "refsetId"
_IDS: Final = (_COMPONENT, _REFSET)
_TRUTH: Final = {"true": 1, "1": 1, "false": 0, "0": 0}
_DATE: Final = re.compile("[1-9][0-9]{7}")

Value = Expression | Decimal | bool | tuple[SearchTerm, ...] | Times


@dataclass(frozen=True, slots=True)
class _Members:
    """Rows of one table."""

    table: MemberTable
    rows: Ints

    def take(self, which: Bools) -> _Members:
        return _Members(self.table, self.rows[which])

    def name(self, written: str) -> str | None:
        """The name of a field as the table has it; case does not matter."""
        names = (*_IDS, *(field.name for field in self.table.fields))
        return next((name for name in names if name.lower() == written.lower()), None)

    def column(self, name: str) -> Ints | Texts:
        """The values of a field of these rows, numbers and identifiers; or all texts of the table."""
        if name == _COMPONENT:
            return self.table.component[self.rows]
        if name == _REFSET:
            return self.table.refset[self.rows]
        return self.table.ints[name][self.rows] if name in self.table.ints else self.table.texts[name]


def selected(release: Release, concepts: Concepts, of: MemberOf) -> Bools:
    """The concepts that the rows refer to, or that are values of the one field selected; inactive ones too (6.9).

    Raises EclError when several fields are selected: they are no set of concepts (6.1, notes 2 and 3).
    """
    found = np.zeros(len(release.ids), dtype=np.bool_)
    members = _rows(release, concepts, of)
    names = _names(members, of.fields or (_COMPONENT,))
    if len({name for each in names for name in each}) > 1:
        raise EclError("several fields of a reference set are no concepts; only the outermost ^ may select them")
    for one, mine in zip(members, names, strict=True):
        places = one.table.ordinal[one.rows] if mine == (_COMPONENT,) else _places(release, one, mine)
        found[places[places >= 0]] = True
    return found


def member_rows(release: Release, concepts: Concepts, expression: Expression) -> tuple[dict[str, str], ...]:
    """The selected fields of the rows, as texts. Raises EclError when the expression selects none."""
    if not isinstance(expression, MemberOf) or not expression.fields:
        raise EclError("only ^ with names of fields between [ ] has rows")
    members = _rows(release, concepts, expression)
    names = _names(members, expression.fields)
    return tuple(row for one, mine in zip(members, names, strict=True) if mine for row in _texts(one, mine))


def associated(release: Release, refsets: Ints | None, targets: Bools) -> Ints:
    """The ordinals of the concepts that active rows of these reference sets (None: any) associate with `targets`."""
    found = [np.empty(0, dtype=np.int64)]
    for one in _of_refsets(release, refsets):
        if (name := one.name("targetComponentId")) is not None:
            active = one.take(one.table.active[one.rows])
            places = ordinals(release.ids, active.table.ints[name][active.rows])
            found.append(active.table.ordinal[active.rows[(places >= 0) & targets[places]]])
    every = np.concatenate(found)
    return every[every >= 0]


def _rows(release: Release, concepts: Concepts, of: MemberOf) -> list[_Members]:
    """The rows for which all filters hold; active ones, unless a filter is about that (6.10, active filter)."""
    filters = [one for block in of.filters for one in block.filters]
    _refuse_unknown(release, filters)
    if not any(isinstance(one, ActiveFilter) for one in filters):
        filters.insert(0, ActiveFilter(True))
    members = list(_of_refsets(release, None if of.of == Any() else sctids(release, concepts, of.of)))
    for one in filters:
        members = [each.take(_holds(release, concepts, one, each)) for each in members]
    return members


def _of_refsets(release: Release, refsets: Ints | None) -> Iterator[_Members]:
    """All rows of these reference sets, by table."""
    for table in release.member_tables:
        if refsets is None:
            yield _Members(table, np.arange(len(table.refset)))
        elif len(mine := np.intersect1d(table.refsets, refsets)):
            yield _Members(table, np.concatenate([np.arange(*_ends(table.rows_of(one))) for one in mine.tolist()]))


def _ends(rows: range) -> tuple[int, int]:
    return rows.start, rows.stop


def _refuse_unknown(release: Release, filters: Iterable[MemberFilter]) -> None:
    """A field that no reference set of the release has is a misspelling."""
    known = {_COMPONENT.lower(), _REFSET.lower()}
    known |= {field.name.lower() for table in release.member_tables for field in table.fields}
    for one in filters:
        if isinstance(one, MemberFieldFilter) and one.field.lower() not in known:
            raise EclError(f"no reference set has a field {one.field}")


def _names(members: list[_Members], wanted: tuple[str, ...]) -> list[tuple[str, ...]]:
    """For each table the fields wanted, as it calls them; none from one that has not all of them.

    Raises EclError for a field that no table has (6.1, note 1).
    """
    if wanted == ("*",):
        return [(_COMPONENT, *(field.name for field in one.table.fields)) for one in members]
    for written in wanted:
        if members and not any(one.name(written) for one in members):
            raise EclError(f"none of these reference sets has a field {written}")
    named = [tuple(name for written in wanted if (name := one.name(written))) for one in members]
    return [names if len(names) == len(wanted) else () for names in named]


def _places(release: Release, one: _Members, names: tuple[str, ...]) -> Ints:
    """The ordinals of the concepts in a field, -1 for anything else."""
    if not names:
        return np.empty(0, dtype=np.int64)
    values = one.column(names[0])
    if isinstance(values, Texts):
        values = _sctids_of(values.of_many(one.rows))
    return ordinals(release.ids, values)


def _texts(one: _Members, names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    columns = []
    for name in names:
        values = one.column(name)
        columns.append(values.of_many(one.rows) if isinstance(values, Texts) else [str(v) for v in values.tolist()])
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


def _holds(release: Release, concepts: Concepts, one: MemberFilter, members: _Members) -> Bools:
    table, rows = members.table, members.rows
    match one:
        case ModuleFilter(order, of):
            return among(table.module[rows], order, sctids(release, concepts, of))
        case EffectiveTimeFilter(order, times):
            return at_times(table.time[rows], order, times)
        case ActiveFilter(active):
            found: Bools = table.active[rows]
            return found if active else ~found
        case MemberFieldFilter(field, order, value):
            name = members.name(field)
            if name is None:
                return np.zeros(len(rows), dtype=np.bool_)
            values = members.column(name)
            if isinstance(values, Texts):
                return _texts_hold(release, concepts, values.of_many(rows), order, value)
            if name in _IDS or Field(name, "id") in table.fields:
                return _ids_hold(release, concepts, values, order, value)
            return _numbers_hold(values, order, value)


def _ids_hold(release: Release, concepts: Concepts, values: Ints, order: Order, value: Value) -> Bools:
    """Which identifiers compare so. As with attributes, only values of one kind compare, for = and for !=."""
    match value:
        case bool() | Decimal() | Times() | tuple():
            return np.zeros(len(values), dtype=np.bool_)
        case Any():
            return np.full(len(values), order == "=", dtype=np.bool_)
    return among(values, order, sctids(release, concepts, value))


def _numbers_hold(values: Ints, order: Order, value: Value) -> Bools:
    """Which whole numbers compare so; 0 and 1 may stand for false and true."""
    match value:
        case bool():
            return agree(values == int(value), order) & (values >= 0) & (values <= 1)
        case Decimal():
            return ORDERS[order](values, float(value))
    return np.full(len(values), value == Any() and order == "=", dtype=np.bool_)


def _texts_hold(release: Release, concepts: Concepts, texts: list[str], order: Order, value: Value) -> Bools:
    """Which texts compare so; an empty one is no value. Truth values, dates and identifiers are texts here too."""
    match value:
        case tuple():
            return agree(np.array([any(found_in(term, text) for term in value) for text in texts], np.bool_), order)
        case bool():
            truths = np.array([_TRUTH.get(text.lower(), -1) for text in texts], dtype=np.int64)
            return _numbers_hold(truths, order, value)
        case Times():
            dates = np.array([int(text) if _DATE.fullmatch(text) else 0 for text in texts], dtype=np.int64)
            comparable = np.array([not text or _DATE.fullmatch(text) is not None for text in texts], dtype=np.bool_)
            return at_times(dates, order, value) & comparable
        case Decimal():
            return np.zeros(len(texts), dtype=np.bool_)
        case Any():
            return np.array([bool(text) and order == "=" for text in texts], dtype=np.bool_)
    named = _sctids_of(texts)
    return among(named, order, sctids(release, concepts, value)) & (named > 0)


def _sctids_of(texts: Iterable[str]) -> Ints:
    """The identifiers that texts are; 0 for all others."""
    return np.array([int(text) if check(text) else 0 for text in texts], dtype=np.int64)
