"""Moments that rules are anchored to: `case.start`, `case.end - 28d` …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from registries.entry import When
from registries.record import Case

_FORM = re.compile(r"^case\.(start|end|onset|admission|discharge)(?: ([+-]) (\d{1,5})([hdy]))?$")
_HOURS = {"h": 1, "d": 24}


@dataclass(frozen=True, slots=True)
class Moment:
    """An anchor of the case and a distance from it: hours of the clock, or whole calendar years."""

    anchor: str
    hours: int = 0
    years: int = 0

    def of(self, case: Case) -> datetime:
        """The moment in a case, UTC."""
        at = _anchor(case, self.anchor)
        try:
            if self.years:
                at = _years_later(at, self.years)
            return at + timedelta(hours=self.hours)
        except (ValueError, OverflowError):  # systems write year 1 and year 9999 for "not known" and "no end"
            return _EDGE[self.hours + self.years > 0]


def parse_moment(text: str) -> Moment:
    """Read a moment; raises ValueError for anything that `registries.definition.Moment` would not accept."""
    found = _FORM.match(text)
    if found is None:
        raise ValueError(f"{text!r} is not a moment")
    anchor, sign, amount, unit = found.groups()
    distance = int(amount or 0) * (-1 if sign == "-" else 1)
    if unit == "y":
        return Moment(anchor, years=distance)
    return Moment(anchor, hours=distance * _HOURS.get(unit, 0))


def parse_duration(text: str) -> timedelta:
    """`28d` or `6h` as a duration."""
    return timedelta(hours=int(text[:-1]) * _HOURS[text[-1]])


def within(at: When, from_: datetime | None, to: datetime | None, before: datetime | None) -> bool:
    """Whether a time is inside. A date without a clock is inside when any moment of it is, before only when all are."""
    if from_ is not None and at.latest < from_:
        return False
    if to is not None and at.moment > to:
        return False
    return before is None or at.latest < before


def _anchor(case: Case, name: str) -> datetime:
    match name:
        case "start":
            return case.start.moment
        case "end":
            return case.end.latest
        case "onset":
            return case.onset.moment
        case "admission":
            return case.admission.moment
        case _:
            return case.discharge.latest


def _years_later(at: datetime, years: int) -> datetime:
    try:
        return at.replace(year=at.year + years)
    except ValueError:  # 29 February
        return at.replace(year=at.year + years, day=28)


_EDGE = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
#: The end of a stay that has not ended.
OPEN_END = When(datetime(9000, 1, 1, tzinfo=UTC))
