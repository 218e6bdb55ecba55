"""Moments that rules are anchored to: `case.start`, `case.end - 28d`, `variable.Onset + 3mo` …"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Final, NamedTuple

from registries.entry import LOCAL, Precision, When
from registries.record import Case
from registries.words import MOMENT

_FORM: Final = re.compile(MOMENT)
_LENGTH: Final = re.compile(r"(\d+)(\D+)")
#: Units of time that passes, whatever the clocks do.
_PASSING: Final = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_MONTHS: Final = {"mo": 1, "y": 12}
_INSTANT: Final = timedelta(microseconds=1)


class Span(NamedTuple):
    """What a moment comes to, UTC: one point in time, or all of a day when only the day is known or meant."""

    first: datetime
    last: datetime


class Moment(NamedTuple):
    """An anchor and a distance from it.

    Minutes, hours, days and weeks are time that passes; `mo` and `y` are months and years of the calendar, which keep
    the time on the hospital's clock; `cd` are calendar days, and make the moment all of that day, from midnight to
    midnight.
    """

    anchor: str
    amount: int = 0
    unit: str = "min"

    def of(self, case: Case, times: Mapping[str, object]) -> Span | None:
        """The moment in a case; None when its anchor has no time. `times` are the variables given so far."""
        at = _anchor(self.anchor, case, times)
        if at is None:
            return None
        try:
            return _moved(at, self.amount, self.unit)
        except (ValueError, OverflowError):  # systems write year 1 and year 9999 for "not known" and "no end"
            edge = _EDGE[at.first.year > 5000]
            return Span(edge, edge)


class Limits(NamedTuple):
    """Where a window begins and ends, UTC: `from_` and `to` are inside, `after` and `before` are not."""

    from_: datetime | None = None
    after: datetime | None = None
    to: datetime | None = None
    before: datetime | None = None


@cache
def parse_moment(text: str) -> Moment:
    """Read a moment; raises ValueError for anything that `registries.words.Moment` would not accept."""
    found = _FORM.match(text)
    if found is None:
        raise ValueError(f"{text!r} is not a moment")
    anchor, sign, distance = found.groups()
    if distance is None:
        return Moment(anchor)
    amount, unit = _length(distance)
    return Moment(anchor, -amount if sign == "-" else amount, unit)


def parse_duration(text: str) -> timedelta:
    """`90min`, `6h`, `28d` or `2w` as a duration."""
    amount, unit = _length(text)
    return amount * _PASSING[unit]


def within(at: When, limits: Limits) -> bool:
    """Whether a time is inside. An inexact time is inside when any moment of it is; it is after or before a bound that
    is not included only when all of it is."""
    from_, after, to, before = limits
    if from_ is not None and at.latest < from_:
        return False
    if after is not None and at.moment <= after:
        return False
    if to is not None and at.moment > to:
        return False
    return before is None or at.latest < before


def _length(text: str) -> tuple[int, str]:
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a length of time")
    return int(found[1]), found[2]


def _anchor(name: str, case: Case, times: Mapping[str, object]) -> Span | None:
    whose, _, what = name.partition(".")
    if whose == "variable":
        told = times.get(what)
        return Span(told.moment, told.latest) if isinstance(told, When) else None
    when: When | None = getattr(case, what)
    if when is None:
        return None
    # A case whose times are dates starts when its first day does and ends when its last day does.
    at = when.latest if what in ("end", "discharge") else when.moment
    return Span(at, at)


@lru_cache(maxsize=4096)  # rules of many registries count from the same few times
def _moved(at: Span, amount: int, unit: str) -> Span:
    if unit in _PASSING:
        by = amount * _PASSING[unit]
        return Span(at.first + by, at.last + by)
    first, last = at.first.astimezone(LOCAL), at.last.astimezone(LOCAL)
    if unit in _MONTHS:
        months = amount * _MONTHS[unit]
        return Span(_months_later(first, months), _months_later(last, months))
    days = timedelta(days=amount)
    return Span(_midnight(first + days), _midnight(last + days + timedelta(days=1)) - _INSTANT)


def _months_later(at: datetime, months: int) -> datetime:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


_EDGE: Final = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
#: The end of a stay that has not ended.
OPEN_END: Final = When(datetime(9000, 1, 1, tzinfo=UTC), Precision.CLOCK)
