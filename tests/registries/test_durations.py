"""Between two times: what has passed, counted by the clock or by the calendar, as far as the times are known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registries.durations import LengthUnit, length, span_of
from registries.entry import When
from registries.moments import Span
from registries.numbers import Limits
from tests.spec.language import when

UNITS: tuple[LengthUnit, ...] = ("min", "h", "d", "w", "cd", "mo", "y")


def times(text: str) -> Span:
    """What a time as specs write it can mean."""
    found = when(text)
    assert found is not None
    return span_of(found)


def whole(first: str, then: str, unit: LengthUnit) -> str:
    """Complete units between two times: one number, or two limits."""
    found = length(times(first), times(then), unit, whole=True)
    if found is None:
        return "before"
    return f"{found.low}" if found.low == found.high else f"{found.low} to {found.high}"


@pytest.mark.parametrize(
    ("first", "then", "unit", "gives"),
    [
        ("2026-03-10 08:00", "2026-03-10 09:59", "h", "1"),
        ("2026-03-10 08:00", "2026-03-10 09:59", "min", "119"),
        ("2026-03-28 12:00", "2026-03-29 12:00", "d", "0"),  # the night when clocks go forward has 23 hours
        ("2026-03-28 12:00", "2026-03-29 12:00", "cd", "1"),
        ("2026-10-25 00:00", "2026-10-25 03:00", "h", "4"),
        ("2026-03-10 23:59", "2026-03-11 00:01", "cd", "1"),
        ("2026-03-10 23:59", "2026-03-11 00:01", "d", "0"),
        ("2026-03-10", "2026-03-12", "cd", "2"),
        ("2026-03-10", "2026-03-12", "d", "1 to 2"),
        ("2026-03-10", "2026-03-10 11:00", "h", "0 to 11"),
        ("2026-03-10 08:00", "2026-03-10 07:00", "h", "before"),
        ("2026-03-10", "2026-03-09 23:00", "h", "before"),
        ("2026-01-31", "2026-02-28", "mo", "0"),
        ("2026-01-31", "2026-03-01", "mo", "1"),
        ("2026-01-15", "2026-03-14", "mo", "1"),
        ("2026-01-15", "2026-03-15", "mo", "2"),
        ("2000-02-29", "2018-02-28", "y", "17"),
        ("2000-02-29", "2018-03-01", "y", "18"),
        ("2000-02-29", "2020-02-28", "y", "19"),
        ("2000-02-29", "2020-02-29", "y", "20"),
        ("1950-06-15", "2026-06-14 23:59", "y", "75"),
        ("1950-06-15", "2026-06-15 00:00", "y", "76"),
        ("1950-06", "2026-06-15 00:00", "y", "75 to 76"),
        ("1950-06", "2026-07-01 00:00", "y", "76"),
        ("1950", "2026-07-01 00:00", "y", "75 to 76"),
        ("9998-12-31", "9999-12-31 23:59", "y", "1"),
    ],
)
def test_whole_units(first: str, then: str, unit: LengthUnit, gives: str) -> None:
    assert whole(first, then, unit) == gives


@pytest.mark.parametrize(
    ("first", "then", "unit", "gives"),
    [
        ("2026-03-10 08:00", "2026-03-10 09:30", "h", "1.5"),
        ("2025-01-01", "2025-07-02", "y", "0.4986301369863013698630136986"),  # 182 of 365 days
        ("2026-01-01", "2026-02-15", "mo", "1.5"),
    ],
)
def test_exact_units(first: str, then: str, unit: LengthUnit, gives: str) -> None:
    assert length(times(first), times(then), unit, whole=False) == Limits(Decimal(gives), Decimal(gives))


moments = st.integers(-2_000_000_000, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(st.lists(moments, min_size=3, max_size=3).map(sorted), st.sampled_from(UNITS), st.booleans())
def test_later_is_never_less(ordered: list[datetime], unit: LengthUnit, full: bool) -> None:
    first, then, later = ordered
    one = length(Span(first, first), Span(then, then), unit, full)
    other = length(Span(first, first), Span(later, later), unit, full)
    assert one is not None
    assert other is not None
    assert one.low <= other.low


@given(
    st.lists(moments, min_size=2, max_size=2).map(sorted),
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.sampled_from(UNITS),
    st.floats(0, 1),
)
def test_limits_hold_what_any_moment_gives(
    ordered: list[datetime], wide: timedelta, unit: LengthUnit, share: float
) -> None:
    first, then = ordered
    limits = length(Span(first, first), Span(then, then + wide), unit, whole=True)
    inside = then + wide * share
    exact = length(Span(first, first), Span(inside, inside), unit, whole=True)
    assert limits is not None
    assert exact is not None
    assert limits.low <= exact.low <= limits.high


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(0, 100))
def test_a_birthday_makes_a_year(born: date, age: int) -> None:
    assume((born.month, born.day) != (2, 29))
    birthday = born.replace(year=born.year + age)
    day_before = birthday - timedelta(days=1)
    assert whole(f"{born}", f"{birthday}", "y") == f"{age}"
    assert whole(f"{born}", f"{day_before}", "y") == (f"{age - 1}" if age else "before")


def test_a_time_can_be_all_its_day() -> None:
    found = when("2026-03-29")
    assert isinstance(found, When)
    assert span_of(found).last - span_of(found).first == timedelta(hours=23, microseconds=-1)
