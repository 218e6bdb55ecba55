"""How long it was between two times: minutes that pass, calendar days, and whole or exact months and years.

A time that is known inexactly (a day, a month, a year) may be any moment of it; what is between two such times lies
between two limits, and is known only as far as these agree.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Final, Literal

from registries.entry import When
from registries.moments import Span
from registries.numbers import Limits

#: Minutes, hours, days of 24 hours and weeks that pass; calendar days, months and years by the hospital's dates.
LengthUnit = Literal["min", "h", "d", "w", "cd", "mo", "y"]

_PASSING: Final = {"min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_MONTHS: Final = {"mo": 1, "y": 12}
_MICROSECOND: Final = timedelta(microseconds=1)


def span_of(when: When) -> Span:
    """All that a time can mean."""
    return Span(when.moment, when.latest)


def length(from_: Span, to: Span, unit: LengthUnit, whole: bool) -> Limits | None:
    """How long from one time to another, in a unit; of `whole` units only those that are complete.

    None when `to` is before `from_` whatever they mean. Where their order is not certain they are taken to be in order.
    """
    least, most = _between(from_.last, to.first, unit), _between(from_.first, to.last, unit)
    if most < 0:
        return None
    if whole:
        least, most = (number.to_integral_value(ROUND_FLOOR) for number in (least, most))
    return Limits(max(least, Decimal(0)), max(most, Decimal(0)))


def _between(from_: datetime, to: datetime, unit: LengthUnit) -> Decimal:
    if unit in _PASSING:
        return Decimal((to - from_) // _MICROSECOND) / (_PASSING[unit] * 1_000_000)
    first, last = (When(at).local.date() for at in (from_, to))
    if unit == "cd":
        return Decimal((last - first).days)
    return _months(first, last, _MONTHS[unit])


def _months(first: date, last: date, step: int) -> Decimal:
    """Steps of so many months between two dates: the complete ones, and of the next the share that has passed."""
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    complete = months // step
    try:
        start, end = _later(first, complete * step), _later(first, (complete + 1) * step)
    except ValueError:  # 9999-12-31 is how many systems write "no end"
        return Decimal(complete)
    return complete + Decimal((last - start).days) / Decimal((end - start).days)


def _later(day: date, months: int) -> date:
    """The same day so many months later; the first of the next month where there is no such day: who was born on 29
    February turns a year older on 1 March."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    missing = day.day > monthrange(year, month + 1)[1]
    if missing:
        year, month = divmod(year * 12 + month + 1, 12)
    return date(year, month + 1, 1 if missing else day.day)
