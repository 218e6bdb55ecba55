"""Ages in completed units, against the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.snomed.ages import UNITS, Age, Unit, age_of, completed

#: Years between two that would be leap years by the rule of four but are not.
BIRTHS = st.dates(date(1901, 1, 1), date(2020, 12, 31))


def _lived(born: date, today: date) -> dict[Unit, int]:
    """Completed units by the calendar; who was born on the 31st completes a month when the next one has come."""
    days = (today - born).days
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return {"days": days, "weeks": days // 7, "months": months, "years": months // 12}


@given(BIRTHS, st.integers(0, 28_000), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_what_the_calendar_says_is_among_what_may_be(born: date, days: int, known: Unit, asked: Unit) -> None:
    lived = _lived(born, born + timedelta(days=days))
    least, most = completed(Age(lived[known], known), asked)
    assert least <= lived[asked] <= most


@given(st.integers(0, 200), st.sampled_from(UNITS))
def test_an_age_in_its_own_unit_is_itself(value: int, unit: Unit) -> None:
    assert completed(Age(value, unit), unit) == (value, value)


@pytest.mark.parametrize(
    ("age", "unit", "range_"),
    [
        ("0y", "days", (0, 365)),
        ("1y", "days", (365, 730)),
        ("0mo", "days", (0, 30)),
        ("1mo", "days", (28, 61)),
        ("27d", "months", (0, 0)),
        ("28d", "months", (0, 1)),
        ("31d", "months", (1, 1)),
        ("365d", "years", (0, 1)),
        ("366d", "years", (1, 1)),
        ("3w", "days", (21, 27)),
        ("20d", "weeks", (2, 2)),
        ("3y", "months", (36, 47)),
        ("35mo", "years", (2, 2)),
        ("4y", "days", (1461, 1826)),
        ("5w", "months", (1, 1)),
    ],
)
def test_no_wider_than_the_calendar_allows(age: str, unit: Unit, range_: tuple[int, int]) -> None:
    assert completed(age_of(age), unit) == range_


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("12", Age(12, "years")),
        ("12y", Age(12, "years")),
        (" 28 days ", Age(28, "days")),
        ("1 Day", Age(1, "days")),
        ("3w", Age(3, "weeks")),
        ("5mo", Age(5, "months")),
        ("5 months", Age(5, "months")),
        ("1 year", Age(1, "years")),
    ],
)
def test_ages_as_people_write_them(text: str, age: Age) -> None:
    assert age_of(text) == age


@pytest.mark.parametrize("text", ["", "y", "-1", "12.5", "5m", "12 yrs", "12345", "١٢ ", "1y 2mo"])
def test_what_is_no_age(text: str) -> None:
    with pytest.raises(ValueError, match="is no age"):
        age_of(text)


def test_nobody_has_a_negative_age() -> None:
    with pytest.raises(ValueError, match="not negative"):
        Age(-1, "days")
