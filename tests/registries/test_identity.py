"""Identity numbers by the rules of 1964 and 2032. Every number is made here: none stands in this file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registries.identity import NumberKind, kind_of

#: Weights of the two control digits as the Tax Administration publishes them.
_FIRST, _SECOND = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def _sum(weights: tuple[int, ...], digits: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))


def _number(day: int, month: int, serial: int = 0, left: int = 0) -> str:
    """The first number of that day whose first control leaves this (0 by the rule of 1964, 0 to 3 from 2032)."""
    for number in range(serial, serial + 1000):
        nine = f"{day:02d}{month:02d}{80:02d}{number % 1000:03d}"
        first, second = (left - _sum(_FIRST, nine)) % 11, 0
        if first > 9:
            continue
        second = -_sum(_SECOND, f"{nine}{first}") % 11
        if second <= 9:
            return f"{nine}{first}{second}"
    raise AssertionError("no such number")


days, months, serials = st.integers(1, 28), st.integers(1, 12), st.integers(0, 999)


@given(days, months, serials, st.sampled_from([0, 1, 2, 3]))
def test_a_number_by_either_rule_has_the_form_of_a_real_one(day: int, month: int, serial: int, left: int) -> None:
    assert kind_of(_number(day, month, serial, left)) is NumberKind.REAL_FORM


@given(days, months, serials, st.sampled_from([0, 1, 2, 3]))
def test_a_d_number_has_forty_more_days(day: int, month: int, serial: int, left: int) -> None:
    assert kind_of(_number(day + 40, month, serial, left)) is NumberKind.REAL_FORM


@given(days, st.sampled_from([0, 40]), months, st.sampled_from([80, 65]), serials)
def test_a_month_plus_80_or_65_is_synthetic(day: int, more: int, month: int, kind: int, serial: int) -> None:
    assert kind_of(_number(day + more, month + kind, serial)) is NumberKind.SYNTHETIC


@given(days, months, serials, st.sampled_from([4, 5, 6, 7, 8, 9, 10]))
def test_another_remainder_is_no_number(day: int, month: int, serial: int, left: int) -> None:
    assert kind_of(_number(day, month, serial, left)) is NumberKind.INVALID


@given(days, months, serials, st.integers(1, 9))
def test_the_last_control_digit_has_one_right_value(day: int, month: int, serial: int, more: int) -> None:
    number = _number(day, month, serial)
    assert kind_of(number[:10] + str((int(number[10]) + more) % 10)) is NumberKind.INVALID


@pytest.mark.parametrize("month", [0, 13, 40, 65, 78, 80, 93, 99])
def test_a_month_that_is_none_is_no_number(month: int) -> None:
    assert kind_of(_number(1, month)) is NumberKind.INVALID


@pytest.mark.parametrize("day", [0, 32, 40, 72, 99])
def test_a_day_that_is_none_is_no_number(day: int) -> None:
    assert kind_of(_number(day, 1)) is NumberKind.INVALID


@given(st.text(max_size=12))
def test_anything_else_is_no_number_and_no_error(text: str) -> None:
    assert kind_of(text) is NumberKind.INVALID


def test_digits_of_another_script_are_no_number() -> None:
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    assert kind_of(_number(1, 81).translate(arabic)) is NumberKind.INVALID
    assert kind_of(f" {_number(1, 81)}") is NumberKind.INVALID
