"""Checks identifiers and references: nothing refers to a component outside the release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from terminology.snomed.arrays import different
from terminology.snomed.files import ReleaseFile
from terminology.snomed.layouts import Column, Holds, Layout
from terminology.snomed.places import Places
from terminology.snomed.problems import DANGLING, MOST_PROBLEMS, Problem
from terminology.snomed.rows import KINDS, Table, are_ids, place
from terminology.snomed.sctid import Bools, Ints, Kind, check_many

_NONE: Final = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Known:
    """The identifiers in the release so far."""

    concepts: Places
    descriptions: Places


#: Before anything is read.
NOTHING: Final = Known(Places(_NONE), Places(_NONE))


def check_references(
    layout: Layout, table: Table, known: Known, files: Sequence[ReleaseFile]
) -> tuple[Table, list[Problem]]:
    """The rows whose identifiers are well formed and lead to components in the release, and a problem for each other.

    Relationships as reference set members are not followed: no answer of a release depends on them.
    """
    good = np.ones(len(table), dtype=np.bool_)
    problems: list[Problem] = []
    for column in (column for column in layout.columns if column.holds in KINDS):
        values = table[column.name]
        fine = _found(column, values, known) if column.refers else _well_formed(column, values)
        if not fine.all():
            problems += _problems(column, table, np.flatnonzero(good & ~fine), files)
            good &= fine
    return table.select(good), problems


def _well_formed(column: Column, values: Ints) -> Bools:
    if column.name == "id":
        return are_ids(values, column.holds)
    few = different(values)
    wrong = few[~are_ids(few, column.holds)]
    return ~np.isin(values, wrong) if len(wrong) else np.ones(len(values), dtype=np.bool_)


def _found(column: Column, values: Ints, known: Known) -> Bools:
    if column.holds is Holds.CONCEPT_ID:
        there: Bools = known.concepts.of(values) >= 0
        return there | np.isin(values, column.but) if column.but else there
    # The digit before the check digit tells what an identifier names; a relationship needs a right check digit only.
    kinds = values // 10 % 10
    found = np.zeros(len(values), dtype=np.bool_)
    for kind, places in ((Kind.CONCEPT, known.concepts), (Kind.DESCRIPTION, known.descriptions)):
        rows = np.flatnonzero(kinds == kind.value)
        found[rows] = places.of(values[rows]) >= 0
    rows = np.flatnonzero(kinds == Kind.RELATIONSHIP.value)
    found[rows] = check_many(values[rows], Kind.RELATIONSHIP)
    return found


def _problems(column: Column, table: Table, rows: Ints, files: Sequence[ReleaseFile]) -> list[Problem]:
    found = []
    # One more than are allowed is enough to refuse the import.
    rows = rows[: MOST_PROBLEMS + 1]
    values = table[column.name][rows]
    for row, value, well_formed in zip(rows.tolist(), values.tolist(), are_ids(values, column.holds), strict=True):
        file, line = place(int(table.origin[row]))
        text = f"{value}: {DANGLING}" if well_formed else f"not {column.holds.value}"
        found.append(Problem(files[file].name, line, column.name, text))
    return found
