from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.snomed.make_release import verhoeff
from terminology.snomed.sctid import Kind, check, check_many, kind, make

SHORT = st.tuples(st.integers(100, 10**9), st.sampled_from(("00", "01", "02")), st.none())
LONG = st.tuples(st.integers(1, 10**7), st.sampled_from(("10", "11", "12")), st.integers(1, 9_999_999))
MADE = st.one_of(SHORT, LONG).map(lambda parts: make(*parts))


@pytest.mark.parametrize("sctid", ["138875005", "22298006", "51000202101", "61000202103", "900000000000003001"])
def test_published_identifiers_are_well_formed(sctid: str) -> None:
    assert check(sctid)
    assert kind(sctid) is Kind.CONCEPT


@pytest.mark.parametrize("text", ["", "5", "22298007", "022298006", "2229800６", "22298006 ", "-22298006", "1" * 19])
def test_malformed_identifiers_are_not(text: str) -> None:
    assert not check(text)


@given(MADE)
def test_made_identifiers_hold(sctid: str) -> None:
    assert check(sctid)
    assert verhoeff(sctid) == 0


@given(MADE, st.integers(0), st.integers(1, 9))
def test_one_wrong_digit_is_found(sctid: str, place: int, step: int) -> None:
    at = place % len(sctid)
    wrong = sctid[:at] + str((int(sctid[at]) + step) % 10) + sctid[at + 1 :]
    assert not check(wrong)


@given(MADE, st.integers(0))
def test_two_swapped_neighbours_are_found(sctid: str, place: int) -> None:
    at = place % (len(sctid) - 1)
    swapped = sctid[:at] + sctid[at + 1] + sctid[at] + sctid[at + 2 :]
    assert swapped == sctid or not check(swapped)


@given(st.lists(st.one_of(st.integers(0, 10**18 - 1), MADE.map(int))))
def test_checking_many_is_checking_each(numbers: list[int]) -> None:
    for wanted in Kind:
        many = check_many(np.array(numbers, dtype=np.int64), wanted)
        assert many.tolist() == [check(str(number)) and kind(str(number)) is wanted for number in numbers]


@pytest.mark.parametrize(("partition", "namespace"), [("00", 1000202), ("10", None), ("03", None)])
def test_partition_and_namespace_must_agree(partition: str, namespace: int | None) -> None:
    with pytest.raises(ValueError, match="does not go with"):
        make(1234, partition, namespace)
