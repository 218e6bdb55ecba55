"""Checks between rows: nothing refers to a component outside the release, and no identifier comes twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from terminology.snomed.files import ReleaseFile
from terminology.snomed.layouts import LAYOUTS, Column, Holds, Layout
from terminology.snomed.problems import MOST_PROBLEMS, Problem
from terminology.snomed.rows import Table, place
from terminology.snomed.sctid import Bools, Ints, Kind, check_many


def check_tables(tables: Mapping[str, Table], files: Sequence[ReleaseFile]) -> tuple[dict[str, Table], list[Problem]]:
    """The tables without rows that are superseded, doubled or refer to a concept or description not in them.

    Tables are looked at in the order of their layouts: concepts first, then what refers to them.
    """
    checked: dict[str, Table] = {}
    problems: list[Problem] = []
    for layout in LAYOUTS:
        table, doubled = _newest(tables[layout.kind], files)
        checked[layout.kind] = table
        checked[layout.kind], dangling = _anchored(layout, table, checked, files)
        problems += doubled + dangling
    return checked, problems


def _newest(table: Table, files: Sequence[ReleaseFile]) -> tuple[Table, list[Problem]]:
    """One row for each identifier: an extension may ship a newer row of a component than the international edition."""
    if "id" not in table.numbers:
        return table, []
    order = np.lexsort((-table.origin, table["effectiveTime"], table["id"]))
    ids, times = table["id"][order], table["effectiveTime"][order]
    superseded = np.append(ids[1:] == ids[:-1], False)[: len(ids)]
    same_time = superseded & np.append(times[1:] == times[:-1], False)[: len(ids)]
    # Of two rows with the same time the first in file order is kept: the later one sorts before it and is doubled.
    doubled = _problems(table, np.sort(order[same_time]), "id", "the identifier comes twice", files)
    return table.take(np.sort(order[~superseded])), doubled


def _anchored(
    layout: Layout, table: Table, known: Mapping[str, Table], files: Sequence[ReleaseFile]
) -> tuple[Table, list[Problem]]:
    good = np.ones(len(table), dtype=np.bool_)
    problems: list[Problem] = []
    for column in (column for column in layout.columns if column.refers):
        found = _found(column, table[column.name], known)
        text = "no such component in the release"
        problems += _problems(table, np.flatnonzero(good & ~found), column.name, text, files)
        good &= found
    return table.select(good), problems


def _found(column: Column, ids: Ints, known: Mapping[str, Table]) -> Bools:
    if column.holds is Holds.DESCRIPTION_ID:
        return np.isin(ids, known["descriptions"]["id"])
    found = np.isin(ids, known["concepts"]["id"])
    # Members that are descriptions or relationships are not followed: no answer of a release depends on them.
    return found | ~check_many(ids, Kind.CONCEPT) if column.holds is Holds.COMPONENT_ID else found


def _problems(table: Table, rows: Ints, column: str, text: str, files: Sequence[ReleaseFile]) -> list[Problem]:
    found = []
    # One more than are allowed is enough to refuse the import.
    for row in rows[: MOST_PROBLEMS + 1].tolist():
        file, line = place(int(table.origin[row]))
        found.append(Problem(files[file].name, line, column, f"{table[column][row]}: {text}"))
    return found
