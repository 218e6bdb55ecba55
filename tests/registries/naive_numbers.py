"""Numbers of the definition language a second time: what a measurement says, in which unit, in which band, and how long
it was between two times. Written for reading; see `tests.registries.naive_derivation`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from registries.definition import Band, Variable
from registries.entry import LOCAL, JournalEntry
from registries.record import Reason

INFINITE = Decimal("Infinity")
#: What one of each unit is in mmol/L of glucose, whose molar mass is 180.156 g/mol.
GLUCOSE = {
    "mmol/L": Fraction(1),
    "umol/L": Fraction(1, 1000),
    "mg/dL": 10 / Fraction("180.156"),
    "g/L": 1000 / Fraction("180.156"),
}


class Range(NamedTuple):
    """All numbers between two; `above` and `below` say that the limits themselves are not meant."""

    low: Decimal
    high: Decimal
    above: bool = False
    below: bool = False

    @property
    def exact(self) -> bool:
        return self.low == self.high


def measured(variable: Variable, entry: JournalEntry) -> Range | Reason:
    """What an entry's quantity says in the variable's unit."""
    quantity = entry.quantity
    if quantity is None or not quantity.value.is_finite():
        return Reason.NOT_A_NUMBER
    value, high = quantity.value, quantity.high
    if high is not None and (quantity.comparator or high < value):
        return Reason.NOT_A_NUMBER
    made = {
        "": Range(value, value if high is None else high),
        "<": Range(-INFINITE, value, below=True),
        "<=": Range(-INFINITE, value),
        ">": Range(value, INFINITE, above=True),
        ">=": Range(value, INFINITE),
    }.get(quantity.comparator)
    if made is None:
        return Reason.NOT_A_NUMBER
    factor = _factor(variable, quantity.unit)
    if factor is None:
        return Reason.WRONG_UNIT
    return made._replace(low=_times(made.low, factor), high=_times(made.high, factor))


def _factor(variable: Variable, unit: str) -> Fraction | None:
    if variable.units is not None:
        known = variable.units.get(unit)
        return None if known is None else Fraction(str(known))
    return GLUCOSE.get(unit) if variable.unit == "mmol/L" else None


def _times(value: Decimal, factor: Fraction) -> Decimal:
    if not value.is_finite():
        return value
    exact = Fraction(value) * factor
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def outermost(several: Iterable[Range], highest: bool) -> Range:
    """What is known of the lowest, or of the highest, of several numbers that are known so far."""
    every = list(several)
    if highest:
        mirrored = outermost((Range(-one.high, -one.low, one.below, one.above) for one in every), highest=False)
        return Range(-mirrored.high, -mirrored.low, mirrored.below, mirrored.above)
    low, high = min(one.low for one in every), min(one.high for one in every)
    return Range(
        low,
        high,
        all(one.above for one in every if one.low == low),
        any(one.below for one in every if one.high == high),
    )


def band(bands: Sequence[Band], numbers: Range) -> str | None:
    """The meaning of the band that holds all the numbers; None when there is none."""
    bottom = -INFINITE
    for one in bands:
        bottom = bottom if one.from_ is None else Decimal(str(one.from_))
        top = INFINITE if one.below is None else Decimal(str(one.below))
        under = numbers.high < top or (numbers.high == top and (numbers.below or top == INFINITE))
        if bottom <= numbers.low < top and under:
            return one.is_
        bottom = top
    return None


def length(first: tuple[datetime, datetime], then: tuple[datetime, datetime], unit: str, whole: bool) -> Range | None:
    """How long from one time to another, each anywhere between two moments; None when the second comes first."""
    least, most = _apart(first[1], then[0], unit), _apart(first[0], then[1], unit)
    if most < 0:
        return None
    if whole:
        least, most = Decimal(least // 1), Decimal(most // 1)
    return Range(max(least, Decimal(0)), max(most, Decimal(0)))


def _apart(first: datetime, then: datetime, unit: str) -> Decimal:
    minutes = {"min": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
    if unit in minutes:
        passed = (then - first) // timedelta(microseconds=1)
        return Decimal(passed) / (minutes[unit] * 60_000_000)
    days = first.astimezone(LOCAL).date(), then.astimezone(LOCAL).date()
    if unit == "cd":
        return Decimal((days[1] - days[0]).days)
    return _birthdays(*days, 12 if unit == "y" else 1)


def _birthdays(first: date, then: date, months: int) -> Decimal:
    """How many times so many months have passed, with the share of those that have not passed wholly."""
    if then < first:
        return Decimal(-1)
    day = _counted(lambda number: _day(first, number * months) <= then)
    start, end = _day(first, day * months), _day(first, (day + 1) * months)
    return day + Decimal((then - start).days) / Decimal((end - start).days)


def _counted(passed: Callable[[int], bool]) -> int:
    number = 0
    while passed(number + 1):
        number += 1
    return number


def _day(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    try:
        return first.replace(year=number // 12, month=number % 12 + 1)
    except ValueError:  # no such day in that month: the first of the next
        return date((number + 1) // 12, (number + 1) % 12 + 1, 1)
