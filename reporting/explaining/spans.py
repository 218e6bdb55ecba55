"""How long it is from one time to another, as precisely as both are known and as people say it."""

from __future__ import annotations

from datetime import date
from typing import Final

from registries.entry import Precision, When
from reporting.explaining.numbers import counted
from reporting.texts import Text, text

_COARSER: Final = (Precision.CLOCK, Precision.DAY, Precision.MONTH, Precision.YEAR)
_HOUR, _MINUTES_UNTIL, _HOURS_UNTIL, _YEARS_FROM = 60, 2 * 60, 48 * 60, 2
_UNITS: Final = {
    "min": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "cd": "calendar_day",
    "mo": "month",
    "y": "year",
}


def distance(at: When, anchor: When, name: Text) -> Text:
    """How far a time is from an anchor of this name: `35 minutes after admission`, `the same day as admission`.

    Minutes until two hours, hours until 48, then days, and from two years on whole years. Hours that passed, so that
    the night when the clocks change counts right; days of the calendar. Where one of the times is only a date, a month
    or a year, no more is said than that allows.
    """
    precision = max(at.precision, anchor.precision, key=_COARSER.index)
    if precision is not Precision.CLOCK:
        return _by_calendar(at.local.date(), anchor.local.date(), precision, name)
    minutes = int((at.moment - anchor.moment).total_seconds() // 60)
    if minutes == 0:
        return text("distance.at", anchor=name)
    if abs(minutes) < _HOURS_UNTIL:
        return _side(minutes, passed(abs(minutes)), name)
    return _by_calendar(at.local.date(), anchor.local.date(), Precision.DAY, name)


def passed(minutes: int) -> Text:
    """Time that passed, of less than two days, in minutes or in hours and minutes."""
    if minutes < _MINUTES_UNTIL:
        return counted("span.minute", minutes)
    hours, rest = counted("span.hour", minutes // _HOUR), minutes % _HOUR
    return text("span.and", first=hours, then=counted("span.minute", rest)) if rest else hours


def between(first: When, then: When) -> Text:
    """How long it is from one time to a later one, in hours however many: that is what bands are in."""
    return passed(int((then.moment - first.moment).total_seconds() // 60))


def length(amount: int, unit: str) -> Text:
    """A length of time as definitions write it: 28 and `d` is 28 days."""
    return counted(f"span.{_UNITS[unit]}", abs(amount))


def lately(amount: int, unit: str, name: Text) -> Text:
    """The last so and so long before something: `the last 30 days before the procedure`."""
    key = f"lately.{_UNITS[unit]}"
    return text(f"{key}.one" if abs(amount) == 1 else f"{key}.many", number=abs(amount), anchor=name)


def _by_calendar(at: date, anchor: date, precision: Precision, name: Text) -> Text:
    if precision is Precision.YEAR:
        return _about(at.year - anchor.year, "year", name)
    if precision is Precision.MONTH:
        months = (at.year - anchor.year) * 12 + at.month - anchor.month
        whole = abs(months) < _YEARS_FROM * 12
        return _about(months, "month", name) if whole else _about(round(months / 12), "year", name)
    days = (at - anchor).days
    if days == 0:
        return text("distance.same_day", anchor=name)
    years, exact = _years(*sorted((at, anchor)))
    if years < _YEARS_FROM:
        return _side(days, counted("span.day", abs(days)), name)
    span = counted("span.year", years)
    return _side(days, span if exact else text("span.more_than", span=span), name)


def _about(away: int, unit: str, name: Text) -> Text:
    if away == 0:
        return text(f"distance.same_{unit}", anchor=name)
    return _side(away, text("span.about", span=counted(f"span.{unit}", abs(away))), name)


def _side(away: int, span: Text, name: Text) -> Text:
    return text("distance.before" if away < 0 else "distance.after", span=span, anchor=name)


def _years(first: date, then: date) -> tuple[int, bool]:
    """Whole years from one date to another, and whether that is all."""
    before = (then.month, then.day) < (first.month, first.day)
    return then.year - first.year - before, (then.month, then.day) == (first.month, first.day)
