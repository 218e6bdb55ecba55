"""One row for each component: an extension may ship a newer one than the international edition has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from terminology.snomed.files import ReleaseFile
from terminology.snomed.problems import MOST_PROBLEMS, Problem
from terminology.snomed.rows import Table, file_number, place
from terminology.snomed.sctid import Bools, Ints

_UNPUBLISHED = 99_999_999


def newest(
    table: Table, keys: Sequence[npt.NDArray[np.integer]], files: Sequence[ReleaseFile]
) -> tuple[Table, list[Problem]]:
    """The newest row of each component; `keys` (one or two arrays by row) tell components apart.

    A row without a time is newer than all others: it is not published yet. Of rows with the same time the first
    counts; another is a problem unless it is the same row again, from another file: packages overlap.
    """
    if not len(table) or _all_different(keys):
        return table, []
    times = np.where(table["effectiveTime"] == 0, _UNPUBLISHED, table["effectiveTime"])
    order = np.lexsort((-table.origin, times, *keys))
    superseded = np.append(_like_next([key[order] for key in keys]), False)
    same_time = superseded & np.append(_like_next([times[order]]), False)
    rows = np.flatnonzero(same_time)
    doubled = order[rows[~_repeated(table, order[rows], order[rows + 1])]]
    return table.take(np.sort(order[~superseded])), _problems(table, np.sort(doubled), files)


def _all_different(keys: Sequence[npt.NDArray[np.integer]]) -> bool:
    """Whether no two rows have the same first key: a quick answer for the usual case."""
    first = keys[0]
    if (first[1:] > first[:-1]).all():
        return True
    first = np.sort(first)
    return not (first[1:] == first[:-1]).any()


def _like_next(keys: Sequence[npt.NDArray[np.integer]]) -> Bools:
    alike: Bools = np.logical_and.reduce([key[1:] == key[:-1] for key in keys])
    return alike


def _repeated(table: Table, rows: Ints, others: Ints) -> Bools:
    """Whether each of `rows` says the same as its one of `others`, in another file."""
    a, b = table.take(rows), table.take(others)
    same: Bools = file_number(a.origin) != file_number(b.origin)
    for name, values in a.numbers.items():
        same &= values == b.numbers[name]
    for name, texts in a.texts.items():
        same &= (texts == b.texts[name]).to_numpy()
    return same


def _problems(table: Table, rows: Ints, files: Sequence[ReleaseFile]) -> list[Problem]:
    found = []
    for row in rows[: MOST_PROBLEMS + 1].tolist():
        file, line = place(int(table.origin[row]))
        name = f"{table['id'][row]}: " if "id" in table.numbers else ""
        found.append(Problem(files[file].name, line, "id", f"{name}the identifier comes twice"))
    return found
