"""The times of a case as a record keeps them, and back again, so that what rules counted from can be told of later."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from registries.entry import LOCAL, Precision, When
from registries.moments import OPEN_END
from registries.record import Anchors, Case

#: How exact a text of this length is, and what makes a date of it.
_PRECISIONS: Final = {4: (Precision.YEAR, "-01-01"), 7: (Precision.MONTH, "-01"), 10: (Precision.DAY, "")}


def anchors_of(case: Case) -> Anchors:
    """The times of a case as texts."""
    return Anchors(
        start=written(case.start),
        end=written(case.end),
        onset=written(case.onset),
        admission=written(case.admission),
        discharge=written(case.discharge),
        procedure=written(case.procedure),
    )


def case_of(anchors: Anchors) -> Case | None:
    """A case with these times and nothing else, for moments to be counted from; None without a start."""
    start = read(anchors.start)
    if start is None:
        return None
    return Case(
        key="",
        patient="",
        index=(),
        stays=(),
        start=start,
        end=read(anchors.end) or OPEN_END,
        onset=read(anchors.onset) or start,
        admission=read(anchors.admission) or start,
        discharge=read(anchors.discharge) or OPEN_END,
        procedure=read(anchors.procedure),
    )


def written(when: When | None) -> str:
    """A time as local text as exact as it is known, with the offset from UTC where it has a clock time; empty for none,
    and for an end that has not come."""
    if when is None or when == OPEN_END:
        return ""
    return when.local.isoformat(timespec="minutes") if when.clock else str(when)


def read(text: str, fold: bool = False) -> When | None:
    """A time from local text, with or without an offset; None for a text that is none.

    `fold` says of a text without an offset that it is the second of the two hours that autumn has of that name.
    """
    precision, rest = _PRECISIONS.get(len(text), (Precision.CLOCK, ""))
    try:
        at = datetime.fromisoformat(text + rest)
        local = at if at.tzinfo else at.replace(tzinfo=LOCAL, fold=int(fold))
        return When(local.astimezone(UTC), precision)
    except (ValueError, OverflowError):
        return None
