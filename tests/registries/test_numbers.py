"""Limits of numbers: what comparators and ranges say, and which band holds all of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registries.definition import Band
from registries.entry import Quantity
from registries.numbers import INFINITY, Limits, band, band_problems, converted, exactly, extreme, limits_of
from registries.units import Conversion

BANDS = (Band(below=30, is_="severe"), Band(below=50, is_="reduced"), Band(is_="normal"))
CLOSED = (Band(from_=0, below=30, is_="severe"), Band(below=100.5, is_="normal"))


def said(text: str) -> Limits:
    """What `<5`, `>=5`, `5` or `5..7` says."""
    bare = text.lstrip("<>=")
    low, _, high = bare.partition("..")
    found = limits_of(Quantity(Decimal(low), "", text.removesuffix(bare), Decimal(high) if high else None))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "bands", "meaning"),
    [
        ("29.9", BANDS, "severe"),
        ("30", BANDS, "reduced"),
        ("99", BANDS, "normal"),
        ("<30", BANDS, "severe"),
        ("<=30", BANDS, ""),
        ("<=29", BANDS, "severe"),
        ("<31", BANDS, ""),
        (">=50", BANDS, "normal"),
        (">50", BANDS, "normal"),
        (">49", BANDS, ""),
        ("30..49", BANDS, "reduced"),
        ("29..49", BANDS, ""),
        ("30..50", BANDS, ""),
        ("<30", CLOSED, ""),  # it might be below zero, of which the bands say nothing
        ("-1", CLOSED, ""),
        ("0", CLOSED, "severe"),
        ("100.4", CLOSED, "normal"),
        ("100.5", CLOSED, ""),
        (">40", CLOSED, ""),
    ],
)
def test_a_band_must_hold_all_that_is_said(text: str, bands: tuple[Band, ...], meaning: str) -> None:
    assert band(bands, said(text)) == meaning


@pytest.mark.parametrize(
    "quantity",
    [
        Quantity(Decimal("NaN")),
        Quantity(Decimal("Infinity")),
        Quantity(Decimal("1E+90")),
        Quantity(Decimal(5), "", "ad"),
        Quantity(Decimal(5), "", "~"),
        Quantity(Decimal(5), "", "<", Decimal(7)),
        Quantity(Decimal(7), "", "", Decimal(5)),
        Quantity(Decimal(5), "", "", Decimal("Infinity")),
    ],
)
def test_what_is_no_number_says_nothing(quantity: Quantity) -> None:
    assert limits_of(quantity) is None


def test_of_a_limit_the_limit_is_known() -> None:
    assert [said(text).bound for text in ("<5", "<=5", ">5", ">=5", "5", "5..7")] == [5, 5, 5, 5, None, None]
    assert [said(text).number for text in ("5", "5..5", "5..7", "<5")] == [5, 5, None, None]


@pytest.mark.parametrize(
    ("several", "lowest", "highest"),
    [
        (("5", "7"), "5", "7"),
        (("<5", "7"), "<5", "7"),
        (("<5", "3"), "<=3", None),
        ((">5", "7"), None, ">=7"),
        (("5..7", "6"), "5..6", "6..7"),
    ],
)
def test_of_several_the_extreme_as_far_as_it_is_known(
    several: tuple[str, ...], lowest: str | None, highest: str | None
) -> None:
    known = [said(text) for text in several]
    assert lowest is None or extreme(known, min) == said(lowest)
    assert highest is None or extreme(known, max) == said(highest)


@given(st.sampled_from(["5", "<5", ">=5", "5..7"]), st.integers(1, 1000), st.integers(-300, 300))
def test_converting_limits_keeps_what_they_are(text: str, times: int, plus: int) -> None:
    one = said(text)
    other = converted(one, Conversion(Decimal(times), Decimal(plus)))
    assert (other.number is None, other.bound is None) == (one.number is None, one.bound is None)
    assert (other.high == INFINITY, other.low == -INFINITY) == (one.high == INFINITY, one.low == -INFINITY)


@given(st.integers(-10, 130), st.integers(0, 60))
def test_a_band_of_limits_is_the_band_of_each_number(low: int, wide: int) -> None:
    each = {band(CLOSED, exactly(Decimal(number))) for number in range(low, low + wide + 1)}
    assert band(CLOSED, Limits(Decimal(low), Decimal(low + wide))) == (each.pop() if len(each) == 1 else "")


@pytest.mark.parametrize(
    ("bands", "problem"),
    [
        (BANDS, ""),
        (CLOSED, ""),
        ((Band(is_="a"), Band(below=4, is_="b")), "`bands` go upwards"),
        ((Band(below=4, is_="a"), Band(below=2, is_="b")), "`bands` go upwards"),
        ((Band(below=4, is_="a"), Band(below=4, is_="b")), "`bands` go upwards"),
        ((Band(below=-4, is_="a"), Band(below=-4, is_="b")), "`bands` go upwards"),
        ((Band(from_=5, below=4, is_="a"),), "bands.0: it ends at 4 before it begins at 5"),
        (
            (Band(below=40, is_="a"), Band(from_=30, is_="b")),
            "bands.1: bands overlap: numbers from 30 to 40 are both 'a'",
        ),
        (
            (Band(below=40, is_="a"), Band(from_=50, is_="b")),
            "bands.1: bands leave a gap: numbers from 40 to 50 are nei",
        ),
        ((Band(below=40, is_="a"), Band(from_=40, is_="b")), ""),
    ],
)
def test_what_is_wrong_with_bands_is_said(bands: tuple[Band, ...], problem: str) -> None:
    told = [one.told() for one in band_problems(bands)]
    assert len(told) == bool(problem)
    assert not problem or problem in told[0]
