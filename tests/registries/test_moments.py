"""Moments and windows: what is written is read, and being inside has laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from registries.definition import Moment as Written
from registries.entry import LOCAL, Precision, When
from registries.moments import OPEN_END, Moment, parse_duration, parse_moment, within
from registries.record import Case
from tests.registries.strategies import NOON

ANCHORS = ("start", "end", "onset", "admission", "discharge")
WRITTEN = TypeAdapter(Written)
moments = st.integers(0, 40 * 525_600).map(
    lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def _when(moment: datetime, precision: Precision) -> When:
    # An inexact time stands at the local start of what it says.
    local = moment.astimezone(LOCAL)
    kept = {
        Precision.CLOCK: local,
        Precision.DAY: local.replace(hour=0, minute=0, fold=0),
        Precision.MONTH: local.replace(day=1, hour=0, minute=0, fold=0),
        Precision.YEAR: local.replace(month=1, day=1, hour=0, minute=0, fold=0),
    }
    return When(kept[precision].astimezone(UTC), precision)


whens = st.builds(_when, moments, st.sampled_from(Precision))
bounds = st.one_of(st.none(), moments)


def _case(start: datetime) -> Case:
    when = When(start)
    return Case(
        key="", patient="", index=(), stays=(), start=when, end=when, onset=when, admission=when, discharge=OPEN_END
    )


@given(st.sampled_from(ANCHORS), st.sampled_from("+-"), st.integers(0, 999), st.sampled_from("hdy"))
def test_a_moment_is_read_as_written(anchor: str, sign: str, amount: int, unit: str) -> None:
    text = f"case.{anchor} {sign} {amount}{unit}"
    assert WRITTEN.validate_python(text) == text
    distance = amount if sign == "+" else -amount
    hours, years = {"h": (distance, 0), "d": (24 * distance, 0), "y": (0, distance)}[unit]
    assert parse_moment(text) == Moment(anchor, hours, years)


@pytest.mark.parametrize("anchor", ANCHORS)
def test_a_moment_may_be_an_anchor_alone(anchor: str) -> None:
    assert parse_moment(f"case.{anchor}") == Moment(anchor)


@pytest.mark.parametrize(
    "text",
    ["", "case", "case.birth", "start", "case.start+2h", "case.start + 2w", "case.start + -2h", "case.start + 999999h"],
)
def test_what_is_no_moment_is_refused_in_both_places(text: str) -> None:
    with pytest.raises(ValueError, match="not a moment"):
        parse_moment(text)
    with pytest.raises(ValidationError):
        WRITTEN.validate_python(text)


@given(st.sampled_from(ANCHORS), st.sampled_from(["99999h", "99999d", "999y"]), st.sampled_from("+-"))
def test_no_moment_that_can_be_written_is_outside_the_calendar(anchor: str, distance: str, sign: str) -> None:
    assert isinstance(parse_moment(f"case.{anchor} {sign} {distance}").of(_case(NOON)), datetime)


@given(moments, st.integers(-500, 500))
def test_hours_and_days_are_passed_time(start: datetime, amount: int) -> None:
    assert Moment("start", hours=amount).of(_case(start)) - start == timedelta(hours=amount)


@given(moments, st.integers(-20, 20))
def test_years_keep_day_and_hour(start: datetime, amount: int) -> None:
    found = Moment("start", years=amount).of(_case(start))
    assert (found.year, found.month, found.timetz()) == (start.year + amount, start.month, start.timetz())
    assert found.day == start.day or (start.month, start.day, found.day) == (2, 29, 28)


@pytest.mark.parametrize(("text", "hours"), [("6h", 6), ("28d", 672), ("0h", 0)])
def test_a_duration_is_read(text: str, hours: int) -> None:
    assert parse_duration(text) == timedelta(hours=hours)


@given(whens)
def test_a_time_is_never_later_than_the_latest_it_can_mean(at: When) -> None:
    assert at.moment <= at.latest
    assert (at.moment == at.latest) == at.clock
    assert str(When(at.latest, at.precision)) == str(at)  # still the same day, month or year
    assert str(When(at.latest + timedelta(minutes=1), at.precision)) != str(at)


@given(whens, bounds, bounds, bounds)
def test_no_bound_lets_in_what_one_bound_alone_keeps_out(
    at: When, from_: datetime | None, to: datetime | None, before: datetime | None
) -> None:
    alone = (within(at, from_, None, None), within(at, None, to, None), within(at, None, None, before))
    assert within(at, from_, to, before) == all(alone)
    assert within(at, None, None, None)


@given(whens, moments, st.timedeltas(timedelta(0), timedelta(9999)))
def test_a_wider_window_holds_all_that_a_narrower_one_held(at: When, bound: datetime, more: timedelta) -> None:
    assert within(at, bound - more, None, None) or not within(at, bound, None, None)
    assert within(at, None, bound + more, None) or not within(at, None, bound, None)
    assert within(at, None, None, bound + more) or not within(at, None, None, bound)


@given(whens, moments)
def test_a_time_is_wholly_before_a_moment_or_may_be_from_it_on(at: When, bound: datetime) -> None:
    before, from_ = within(at, None, None, bound), within(at, bound, None, None)
    assert before != from_
    if not before:
        assert at.latest >= bound
    if not at.clock and before:
        assert within(at, None, bound, None)


@given(moments)
def test_bounds_are_inside_but_not_before(at: datetime) -> None:
    assert within(When(at), at, at, None)
    assert not within(When(at), None, None, at)
