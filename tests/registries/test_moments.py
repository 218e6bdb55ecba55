"""Moments and windows: what is written is read, and being inside has laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from registries.definition import Moment as Written
from registries.entry import LOCAL, Precision, When
from registries.moments import OPEN_END, Limits, Moment, Span, parse_duration, parse_moment, within
from registries.record import Case
from tests.registries.strategies import NOON

ANCHORS = (
    *("case.start", "case.end", "case.onset", "case.admission", "case.discharge"),
    *("case.procedure", "variable.Onset", "variable.REGANGIO_INTERDAT", "variable.a-b.c"),
)
PASSING = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(days=7)}
UNITS = (*PASSING, "cd", "mo", "y")
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


def _of(moment: Moment, start: datetime) -> datetime:
    span = moment.of(_case(start), {})
    assert span is not None
    assert span.first == span.last
    return span.first


@given(st.sampled_from(ANCHORS), st.sampled_from("+-"), st.integers(0, 999), st.sampled_from(UNITS))
def test_a_moment_is_read_as_written(anchor: str, sign: str, amount: int, unit: str) -> None:
    text = f"{anchor} {sign} {amount}{unit}"
    assert WRITTEN.validate_python(text) == text
    assert parse_moment(text) == Moment(anchor, amount if sign == "+" else -amount, unit)


@pytest.mark.parametrize("anchor", ANCHORS)
def test_a_moment_may_be_an_anchor_alone(anchor: str) -> None:
    assert parse_moment(anchor) == Moment(anchor)


@pytest.mark.parametrize(
    "text",
    [
        *("", "case", "case.birth", "start", "variable.", "variable.1st", "Onset", "case.start+2h"),
        *("case.start + 2m", "case.start + -2h", "case.start + 999999h", "case.start + 1h + 1h", "case.start + 2H"),
    ],
)
def test_what_is_no_moment_is_refused_in_both_places(text: str) -> None:
    with pytest.raises(ValueError, match="not a moment"):
        parse_moment(text)
    with pytest.raises(ValidationError):
        WRITTEN.validate_python(text)


@given(
    st.sampled_from(ANCHORS[:5]),
    st.sampled_from(["99999h", "99999d", "9999w", "9999cd", "9999mo", "999y"]),
    st.sampled_from("+-"),
    st.sampled_from([NOON, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]),
)
def test_no_moment_that_can_be_written_is_outside_the_calendar(
    anchor: str, distance: str, sign: str, start: datetime
) -> None:
    span = parse_moment(f"{anchor} {sign} {distance}").of(_case(start), {})
    assert span is not None
    assert span.first <= span.last


@given(moments, st.integers(-500, 500), st.sampled_from(list(PASSING)))
def test_minutes_to_weeks_are_passed_time(start: datetime, amount: int, unit: str) -> None:
    assert _of(Moment("case.start", amount, unit), start) - start == amount * PASSING[unit]


@given(moments, st.integers(-20, 20))
def test_years_keep_the_date_and_the_clock(start: datetime, amount: int) -> None:
    before, after = start.astimezone(LOCAL), _of(Moment("case.start", amount, "y"), start).astimezone(LOCAL)
    assume(_exists(after.replace(tzinfo=None)) and _clock(before) == _clock(after))
    assert (after.year, after.month) == (before.year + amount, before.month)
    assert after.day == before.day or (before.month, before.day, after.day) == (2, 29, 28)


@given(moments, st.integers(-200, 200))
def test_months_keep_the_day_or_end_with_the_month(start: datetime, amount: int) -> None:
    before, after = start.astimezone(LOCAL), _of(Moment("case.start", amount, "mo"), start).astimezone(LOCAL)
    assert after.year * 12 + after.month == before.year * 12 + before.month + amount
    assert after.day == before.day or (after + timedelta(days=1)).month != after.month
    assert abs(_clock(after) - _clock(before)) in (0, 60)  # 02:30 is 03:30 on the day that has no such hour


@given(moments, st.integers(-500, 500))
def test_a_calendar_day_goes_from_midnight_to_midnight(start: datetime, amount: int) -> None:
    span = Moment("case.start", amount, "cd").of(_case(start), {})
    assert span is not None
    first, after = span.first.astimezone(LOCAL), (span.last + timedelta(microseconds=1)).astimezone(LOCAL)
    assert (_clock(first), _clock(after)) == (0, 0)
    assert first.date() - start.astimezone(LOCAL).date() == timedelta(days=amount)
    assert after.date() - first.date() == timedelta(days=1)


def _clock(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _exists(at: datetime) -> bool:
    local = at.replace(tzinfo=LOCAL)
    return local.astimezone(UTC).astimezone(LOCAL).replace(tzinfo=None) == at


@given(whens, st.integers(-50, 50))
def test_a_variable_s_time_is_as_exact_as_it_is_known(at: When, hours: int) -> None:
    shift = timedelta(hours=hours)
    moment = Moment("variable.Onset", hours, "h")
    assert moment.of(_case(NOON), {"Onset": at}) == Span(at.moment + shift, at.latest + shift)
    assert moment.of(_case(NOON), {}) is None
    assert moment.of(_case(NOON), {"Onset": "yes"}) is None


def test_a_case_without_a_procedure_has_no_such_moment() -> None:
    assert Moment("case.procedure").of(_case(NOON), {}) is None
    with_one = msgspec.structs.replace(_case(NOON), procedure=When(NOON))
    assert Moment("case.procedure").of(with_one, {}) == Span(NOON, NOON)


@pytest.mark.parametrize(("text", "minutes"), [("90min", 90), ("6h", 360), ("28d", 40_320), ("1w", 10_080), ("0h", 0)])
def test_a_duration_is_read(text: str, minutes: int) -> None:
    assert parse_duration(text) == timedelta(minutes=minutes)


@given(whens)
def test_a_time_is_never_later_than_the_latest_it_can_mean(at: When) -> None:
    assert at.moment <= at.latest
    assert (at.moment == at.latest) == at.clock
    assert str(When(at.latest, at.precision)) == str(at)  # still the same day, month or year
    assert str(When(at.latest + timedelta(minutes=1), at.precision)) != str(at)


@given(whens, bounds, bounds, bounds, bounds)
def test_no_bound_lets_in_what_one_bound_alone_keeps_out(
    at: When, from_: datetime | None, after: datetime | None, to: datetime | None, before: datetime | None
) -> None:
    alone = (Limits(from_=from_), Limits(after=after), Limits(to=to), Limits(before=before))
    assert within(at, Limits(from_, after, to, before)) == all(within(at, one) for one in alone)
    assert within(at, Limits())


@given(whens, moments, st.timedeltas(timedelta(0), timedelta(9999)))
def test_a_wider_window_holds_all_that_a_narrower_one_held(at: When, bound: datetime, more: timedelta) -> None:
    assert within(at, Limits(from_=bound - more)) or not within(at, Limits(from_=bound))
    assert within(at, Limits(after=bound - more)) or not within(at, Limits(after=bound))
    assert within(at, Limits(to=bound + more)) or not within(at, Limits(to=bound))
    assert within(at, Limits(before=bound + more)) or not within(at, Limits(before=bound))


@given(whens, moments)
def test_a_time_is_wholly_before_a_moment_or_may_be_from_it_on(at: When, bound: datetime) -> None:
    before, from_ = within(at, Limits(before=bound)), within(at, Limits(from_=bound))
    assert before != from_
    if not before:
        assert at.latest >= bound
    if not at.clock and before:
        assert within(at, Limits(to=bound))


@given(whens, moments)
def test_a_time_is_wholly_after_a_moment_or_may_be_up_to_it(at: When, bound: datetime) -> None:
    after = within(at, Limits(after=bound))
    assert after != within(at, Limits(to=bound))
    assert not after or not within(at, Limits(before=bound))


@given(moments)
def test_bounds_are_inside_but_not_before_and_after(at: datetime) -> None:
    assert within(When(at), Limits(from_=at, to=at))
    assert not within(When(at), Limits(before=at))
    assert not within(When(at), Limits(after=at))
