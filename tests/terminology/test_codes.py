"""Names of code systems: URIs, OIDs and FHIR URLs of one system are one, whether it is known or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.codes import (
    ICD10,
    ICPC2,
    MARITAL,
    NCRP,
    NCSP,
    NKPK,
    NLK,
    SEX,
    SNOMED,
    SYSTEMS,
    VOLVEN,
    canonical_system,
    code_of,
    shown,
    uri_of,
)


@pytest.mark.parametrize(
    ("written", "system"),
    [
        ("2.16.840.1.113883.6.139", ICPC2),
        ("http://hl7.org/fhir/sid/icpc-2", ICPC2),
        ("http://hl7.org/fhir/sid/icd-10-no", ICD10),
        ("http://helsedir.no/fhir/CodeSystem/no-kodeverk-7280-nlk", NLK),
        ("http://ehelse.no/fhir/CodeSystem/no-kodeverk-7270", NCRP),
        ("http://ehelse.no/fhir/CodeSystem/no-kodeverk-7275", NKPK),
        ("2.16.578.1.12.4.1.1.7275", NKPK),
        ("urn:oid:2.16.840.1.113883.5.2", MARITAL),
        ("http://hl7.org/fhir/v3/MaritalStatus", MARITAL),
        ("2.16.840.1.113883.4.642.4.2", SEX),
    ],
)
def test_a_known_system_has_these_names(written: str, system: str) -> None:
    assert canonical_system(written) == system
    assert uri_of(written) == system


@pytest.mark.parametrize(
    "near",
    [
        "http://helsedir.no/fhir/CodeSystem/no-kodeverk-728",
        "http://helsedir.no/fhir/CodeSystem/no-kodeverk-7280/",
        "http://example.no/fhir/CodeSystem/no-kodeverk-7280",
        "http://helsedir.no/fhir/CodeSystem/no-kodeverk-8406",
    ],
)
def test_what_is_nearly_a_national_name_is_unknown(near: str) -> None:
    assert canonical_system(near) is None


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("2.16.578.1.12.4.1.1.8406", VOLVEN + "8406"),
        ("urn:oid:2.16.578.1.12.4.1.1.8406", VOLVEN + "8406"),
        ("URN:OID:2.16.578.1.12.4.1.1.8406", VOLVEN + "8406"),
        (" http://ehelse.no/fhir/CodeSystem/no-kodeverk-8406 ", VOLVEN + "8406"),
        ("1.2.3", "urn:oid:1.2.3"),
        ("icd10", ICD10),
        ("http://example.org/x", "http://example.org/x"),
        ("urn:oid:x", "urn:oid:x"),
        ("7.2", "7.2"),
        ("1.02", "1.02"),
    ],
)
def test_any_system_has_one_spelling(written: str, spelt: str) -> None:
    assert uri_of(written) == spelt


@given(st.one_of(st.text(max_size=20), st.from_regex(r"(urn:oid:)?[0-2](\.\d{1,4}){1,5}", fullmatch=True)))
def test_a_spelling_is_its_own(text: str) -> None:
    assert uri_of(uri_of(text)) == uri_of(text)


@given(st.from_regex(r"[0-2](\.[1-9]\d{0,3}){1,5}", fullmatch=True))
def test_one_spelling_makes_no_system_known(oid: str) -> None:
    """Value sets: a code of a system that nobody has named here matches nothing."""
    if canonical_system(oid) is None:
        assert code_of(uri_of(oid), "1") is None


@pytest.mark.parametrize(
    ("system", "code", "written"),
    [
        (ICD10, "I639", "I63.9"),
        (ICD10, "S0200", "S02.00"),
        (ICD10, "I63", "I63"),
        (ICD10, "I60-I69", "I60-I69"),
        (ICD10, "IX", "IX"),
        (NCSP, "FNG02", "FNG02"),
        (SNOMED, "404684003", "404684003"),
    ],
)
def test_icd10_is_shown_with_its_dot(system: str, code: str, written: str) -> None:
    assert shown(system, code) == written


@given(st.sampled_from(sorted(SYSTEMS.values())), st.from_regex(r"[A-Z0-9.]{1,8}", fullmatch=True))
def test_a_shown_code_is_the_same_code(system: str, text: str) -> None:
    code = code_of(system, text)
    if code is not None:
        assert code_of(system, shown(system, code.value)) == code
