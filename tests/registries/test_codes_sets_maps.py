"""Codes, sets of codes and maps: one form of each code, exact sets, and maps that only approved rows speak through."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from terminology.codes import (
    ATC,
    ICD10,
    LOINC,
    PREFIX_SYSTEMS,
    SNOMED,
    SYSTEMS,
    Code,
    canonical_system,
    code_of,
    short_name,
)
from terminology.maps import MapRow, MapSet, compile_map, translate
from terminology.valuesets import Snomed, ValueSetError, compile_codes
from tests.registries.plans import OneLine

Status = Literal["draft", "approved", "rejected"]
RELEASE = OneLine()
systems = st.sampled_from(sorted(SYSTEMS.values()))
icd10 = st.from_regex(r"[A-E][0-2][0-9](\.[0-2])?", fullmatch=True)


def _icd10(text: str) -> Code:
    found = code_of(ICD10, text)
    assert found is not None
    return found


@given(systems, st.text(max_size=12))
@example(ICD10, ".")
@example(ICD10, ". I48")
def test_a_code_has_one_form(system: str, text: str) -> None:
    found = code_of(system, text)
    if found is None:
        assert not text.replace(".", "").strip()
    else:
        assert code_of(found.system, found.value) == found
        assert code_of(system, f"  {text} ") == found
        assert str(found) == f"{short_name(system)}:{found.value}"


@given(icd10)
def test_dot_and_case_make_no_difference_in_a_classification(text: str) -> None:
    assert _icd10(text) == _icd10(text.replace(".", "")) == _icd10(text.lower())


@given(st.sampled_from(sorted(set(SYSTEMS.values()) - PREFIX_SYSTEMS)))
def test_elsewhere_they_do(system: str) -> None:
    assert len({code_of(system, text) for text in ("a.1", "A.1", "a1")}) == 3


@pytest.mark.parametrize(
    ("written", "system"),
    [
        ("2.16.578.1.12.4.1.1.7110", ICD10),
        ("urn:oid:2.16.578.1.12.4.1.1.7110", ICD10),
        ("http://hl7.org/fhir/sid/icd-10", ICD10),
        ("2.16.840.1.113883.6.96", SNOMED),
        ("2.16.840.1.113883.6.1", LOINC),
        ("http://www.whocc.no/atc", ATC),
    ],
)
def test_a_system_is_known_by_its_other_names(written: str, system: str) -> None:
    assert canonical_system(written) == system
    assert code_of(written, "X1") == Code(system, "X1")


@given(st.text(max_size=30).filter(lambda text: canonical_system(text) is None))
def test_a_code_of_an_unknown_system_is_none(system: str) -> None:
    assert code_of(system, "I48") is None


@pytest.mark.parametrize("near", ["icd10", "2.16.578.1.12.4.1.1.711", "2.16.578.1.12.4.1.1.71100", "", "urn:oid:"])
def test_a_name_that_is_nearly_a_systems_is_unknown(near: str) -> None:
    assert canonical_system(near) is None


@given(st.lists(icd10, min_size=1, max_size=4), icd10)
def test_a_set_holds_what_begins_with_one_of_its_codes(listed: list[str], text: str) -> None:
    found = compile_codes({"icd10": listed}, RELEASE)
    bare = text.replace(".", "")
    assert (_icd10(text) in found) == any(bare.startswith(one.replace(".", "")) for one in listed)
    assert Code(ATC, bare) not in found
    assert Code(SNOMED, bare) not in found


@given(st.sampled_from("AB"), st.integers(0, 99), st.integers(0, 99), icd10)
def test_a_range_is_every_code_in_it(letter: str, one: int, other: int, text: str) -> None:
    first, last = sorted((one, other))
    ranged = compile_codes({"icd10": f"{letter}{first:02d}-{letter}{last:02d}"}, RELEASE)
    listed = compile_codes({"icd10": [f"{letter}{number:02d}" for number in range(first, last + 1)]}, RELEASE)
    assert (_icd10(text) in ranged) == (_icd10(text) in listed)
    assert ranged == listed


def test_a_range_may_leave_its_second_letter_out_and_have_dots() -> None:
    assert compile_codes({"icd10": ["E10-14"]}, RELEASE) == compile_codes({"icd10": ["E10-E14"]}, RELEASE)
    assert compile_codes({"icd10": ["I21.0-I21.2"]}, RELEASE) == compile_codes(
        {"icd10": ["I210", "I211", "I212"]}, RELEASE
    )


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ({"icd10": ["E14-E10"]}, "not a range"),
        ({"icd10": ["E10-F14"]}, "not a range"),
        ({"icd10": ["E10-E14.9x"]}, "neither a code nor a range"),
        ({"icd10": ["I21.A-I21.C"]}, "neither a code nor a range"),
        ({"icd10": [" "]}, "is not a code"),
        ({"icd10": ["."]}, "is not a code"),
        ({"loinc": ""}, "is not a code"),
        ({"icd9": ["410"]}, "unknown code system 'icd9'"),
    ],
)
def test_a_set_that_would_mean_something_else_is_refused(spec: dict[str, list[str]], text: str) -> None:
    with pytest.raises(ValueSetError, match=text):
        compile_codes(spec, RELEASE)


def test_a_code_with_a_hyphen_where_there_are_no_ranges_is_a_code() -> None:
    assert Code(LOINC, "8302-2") in compile_codes({"loinc": "8302-2"}, RELEASE)


def test_a_retired_concept_stands_for_the_one_it_leads_to() -> None:
    found = compile_codes({"snomed": "smoker"}, RELEASE)
    assert {code.value for code in found.exact} == {"77176002", "111"}


def test_history_in_the_example_release(snomed: Snomed) -> None:
    found = compile_codes({"snomed": "<< 230690007 |Stroke|"}, snomed)
    retired = {code for code in found.exact if code.value.startswith("90")}
    assert len(retired) == 2  # `apoplexy`, and its older wording in two steps


rows = st.lists(
    st.builds(
        MapRow,
        number=st.just(0),
        codes=st.lists(icd10, min_size=1, max_size=2).map(lambda listed: {"icd10": listed}),
        target=st.sampled_from(["one", "two", "three"]),
        relation=st.just("equivalent"),
        status=st.sampled_from(["approved", "draft", "rejected"]),
    ),
    max_size=6,
).map(lambda made: [replace(row, number=number) for number, row in enumerate(made, start=1)])


@given(rows, icd10)
def test_only_approved_rows_translate_and_the_first_of_them(made: list[MapRow], text: str) -> None:
    code = _icd10(text)
    holds = [row for row in made if row.status == "approved" and code in compile_codes(row.codes, RELEASE)]
    found = translate(compile_map(MapSet("m", 1, tuple(made)), RELEASE), [code])
    assert [one.row for one in found] == holds[:1]


@given(rows, st.lists(icd10, max_size=3), st.sampled_from(["draft", "rejected", "approved"]))
def test_a_row_about_something_else_changes_nothing(made: list[MapRow], texts: list[str], status: Status) -> None:
    codes = [_icd10(text) for text in texts]
    other = MapRow(
        99, {"atc": ["C10"]} if status == "approved" else {"icd10": texts or ["Z"]}, "four", "equivalent", status
    )
    plain = compile_map(MapSet("m", 1, tuple(made)), RELEASE)
    more = compile_map(MapSet("m", 1, (other, *made)), RELEASE)
    assert translate(more, codes) == translate(plain, codes)


@given(rows, st.lists(icd10, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_codes_does_not_matter_and_each_target_is_given_once(
    made: list[MapRow], texts: list[str], random: Random
) -> None:
    codes = [_icd10(text) for text in texts]
    shuffled = [*codes, *codes]
    random.shuffle(shuffled)
    compiled = compile_map(MapSet("m", 1, tuple(made)), RELEASE)
    found = translate(compiled, codes)
    assert translate(compiled, shuffled) == found
    assert len({one.row.target for one in found}) == len(found)


def test_a_map_is_cited_with_its_version() -> None:
    assert MapSet("smoking", 3, ()).cited == "smoking@3"
