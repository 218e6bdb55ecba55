"""The reference sets of two releases: components that came or went, and those of which something else is said.

Members are compared by component and values, not by UUID: a member that was issued anew and says the same is the
same. What is asked of each pair of tables with equal fields is which components have rows that are not alike, number
by number; only those are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from terminology.snomed.arrays import gather
from terminology.snomed.diff.joins import join, texts_differ
from terminology.snomed.diff.model import MapChanged, MapDiff, MemberChanged, RefsetDiff
from terminology.snomed.map_tables import MapTable, map_tables
from terminology.snomed.members import MemberTable
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.view import Release


@dataclass(frozen=True, slots=True)
class Members:
    """The active members of one reference set: `components` once each, ascending, and the rows of each in `table`."""

    table: MemberTable
    components: Ints
    starts: Ints
    rows: Ints

    @property
    def counts(self) -> Ints:
        """How many rows each component has."""
        counts: Ints = np.diff(self.starts)
        return counts

    def values(self, place: int) -> tuple[tuple[str, ...], ...]:
        """The values of each row of a component, in an order of their own."""
        rows = self.rows[self.starts[place] : self.starts[place + 1]].tolist()
        return tuple(sorted(tuple(self._value(name, row) for name in self.fields) for row in rows))

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the values."""
        return tuple(field.name for field in self.table.fields)

    def none(self) -> Members:
        """The same reference set without members."""
        return Members(self.table, self.components[:0], self.starts[:1], self.rows[:0])

    def _value(self, name: str, row: int) -> str:
        return str(self.table.ints[name][row]) if name in self.table.ints else self.table.texts[name][row]


@dataclass(frozen=True, slots=True)
class Compared:
    """The components that are in one release only, and the places of those of which something else is said."""

    added: tuple[int, ...]
    removed: tuple[int, ...]
    changed: tuple[tuple[int, int], ...]


def diff_refsets(before: Release, after: Release) -> tuple[RefsetDiff, ...]:
    """The reference sets of which something is different and that are no maps, by identifier and fields."""
    maps = map_tables(before).keys() | map_tables(after).keys()
    found = (_refset(refset, *both) for refset, both in _refsets(before, after) if refset not in maps)
    different = (one for one in found if one.added or one.removed or one.changed)
    return tuple(sorted(different, key=lambda one: (one.refset, one.fields)))


def diff_maps(before: Release, after: Release) -> tuple[MapDiff, ...]:
    """The maps of which something is different, by identifier."""
    tables = map_tables(before), map_tables(after)
    concepts: dict[int, set[int]] = {}
    for refset, both in _refsets(before, after):
        if refset in tables[0] or refset in tables[1]:
            found = compare(*both)
            changed = (int(both[0].components[place]) for place, _ in found.changed)
            concepts.setdefault(refset, set()).update(found.added, found.removed, changed)
    diffs = (MapDiff(refset, tuple(_map_changes(tables, refset, concepts[refset]))) for refset in sorted(concepts))
    return tuple(one for one in diffs if one.changed)


def _map_changes(
    tables: tuple[Mapping[int, MapTable], Mapping[int, MapTable]], refset: int, concepts: set[int]
) -> Iterator[MapChanged]:
    for concept in sorted(concepts):
        was, is_ = (table[refset].of(concept) if refset in table else () for table in tables)
        # A member may differ in a field that is no part of what the map says.
        if was != is_:
            yield MapChanged(concept, was, is_)


def _refsets(before: Release, after: Release) -> Iterator[tuple[int, tuple[Members, Members]]]:
    """Each reference set of the tables of both releases, paired by their fields."""
    first, then = ({table.fields: table for table in release.member_tables} for release in (before, after))
    for fields in first.keys() | then.keys():
        tables = [one[fields] for one in (first, then) if fields in one]
        for refset in {refset for table in tables for refset in table.refsets.tolist()}:
            mine, other = members_of(tables[0], refset), members_of(tables[-1], refset)
            yield refset, (mine if fields in first else mine.none(), other if fields in then else other.none())


def members_of(table: MemberTable, refset: int) -> Members:
    """The active members of a reference set."""
    span = table.rows_of(refset)
    rows = span.start + np.flatnonzero(table.active[span.start : span.stop])
    components, starts = np.unique(table.component[rows], return_index=True)
    return Members(table, components, np.append(starts, len(rows)), rows)


def compare(before: Members, after: Members) -> Compared:
    """The members of one reference set in two releases."""
    found = join(before.components, after.components)
    perhaps = _perhaps(before, found.both_before, after, found.both_after)
    places = zip(found.both_before[perhaps].tolist(), found.both_after[perhaps].tolist(), strict=True)
    return Compared(
        added=tuple(after.components[found.only_after].tolist()),
        removed=tuple(before.components[found.only_before].tolist()),
        changed=tuple((first, then) for first, then in places if before.values(first) != after.values(then)),
    )


def _refset(refset: int, before: Members, after: Members) -> RefsetDiff:
    found = compare(before, after)
    changed = tuple(
        MemberChanged(int(before.components[first]), before.values(first), after.values(then))
        for first, then in found.changed
    )
    return RefsetDiff(refset, before.fields, found.added, found.removed, changed)


def _perhaps(before: Members, places: Ints, after: Members, places_after: Ints) -> Bools:
    """Which of the components that are in both have rows that are not alike, number by number."""
    counts = before.counts[places]
    perhaps: Bools = counts != after.counts[places_after]
    like = np.flatnonzero(~perhaps)
    rows = gather(before.rows, before.starts[places[like]], counts[like])
    rows_after = gather(after.rows, after.starts[places_after[like]], counts[like])
    unlike = np.zeros(len(rows), dtype=np.bool_)
    for name, values in before.table.ints.items():
        unlike |= values[rows] != after.table.ints[name][rows_after]
    for name, texts in before.table.texts.items():
        unlike |= texts_differ(texts, rows, after.table.texts[name], rows_after)
    if len(like):
        perhaps[like] = np.logical_or.reduceat(unlike, np.cumsum(counts[like]) - counts[like])
    return perhaps
