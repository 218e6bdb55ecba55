"""Codes and numbers: real SNOMED CT ids, synthetic identity numbers and no others."""

import re
from datetime import date
from random import Random

import pytest

from fixtures.synth import codes, generate
from fixtures.synth.identity import controls, identity_number, individual_range

NO = "urn:oid:2.16.578.1.12.4.1.1."
SYSTEMS = {
    "http://snomed.info/sct",
    "http://loinc.org",
    "http://www.whocc.no/atc",
    "http://hl7.org/fhir/sid/icd-10-no",
    "http://sykehuset.example/kodeverk",
    *(NO + number for number in ("7110", "7180", "7210", "7220", "7270", "7280", "9999999")),
}
_DIHEDRAL = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_PERMUTED = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)


def verhoeff(number):
    """Whether the last digit is the Verhoeff check digit of the others."""
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = int(_DIHEDRAL[check][int(_PERMUTED[place % 8][int(digit)])])
    return check == 0


def _codings(value):
    if isinstance(value, dict):
        if "code" in value and "system" in value and "value" not in value:
            yield value["system"], value["code"]
        for inner in value.values():
            yield from _codings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _codings(inner)


def _all_codings(export):
    return {pair for kind in export.lines for resource in export.resources(kind) for pair in _codings(resource)}


def test_verhoeff_knows_a_wrong_digit():
    assert verhoeff("22298006")
    assert not verhoeff("22298007")
    assert not verhoeff("22289006")


def test_every_snomed_id_is_one(export):
    ids = {code for system, code in _all_codings(export) if system == codes.SNOMED}
    assert len(ids) > 40
    assert [code for code in ids if not verhoeff(code)] == []
    table = {row.snomed for rows in codes.DIAGNOSES.values() for row in rows if row.snomed}
    assert [code for code in table if not verhoeff(code)] == []


def test_systems_are_the_known_ones_in_all_their_spellings(export):
    systems = {system for system, _ in _all_codings(export)}
    clinical = {system for system in systems if not system.startswith("http://terminology.hl7.org/")}
    assert clinical == SYSTEMS


def test_icd_is_written_with_the_dot_and_without(export):
    icd = {code for system, code in _all_codings(export) if system in {codes.ICD10, codes.ICD10_ALIAS}}
    assert {"I63.9", "I639", "I64"} <= icd


def test_conditions_are_coded_in_one_system_or_in_both(export):
    ways = set()
    for condition in export.resources("Condition"):
        ways.add(tuple("S" if c["system"] == codes.SNOMED else "I" for c in condition["code"]["coding"]))
    assert {("S",), ("I",), ("S", "I"), ("I", "S")} <= ways


def _real_form(number):
    """Whether an eleven-digit number could be somebody's: a real date (or D-number) and valid control digits."""
    day, month = int(number[:2]), int(number[2:4])
    return (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12 and controls(number[:9]) == number[9:]


RETIRED = {code.encode() for group in codes.INACTIVE.values() for code in group}


def test_no_real_form_number_anywhere(export):
    for kind, lines in export.lines.items():
        for line in lines:
            for run in set(re.findall(rb"\d{11,}", line)) - RETIRED:
                assert kind == "Patient" and len(run) == 11, line
                assert not _real_form(run.decode())


def test_identity_numbers_are_synthetic_and_valid(export):
    numbers = {True: set(), False: set()}
    for patient in export.resources("Patient"):
        identifier = patient["identifier"][0]
        number, d_number = identifier["value"], identifier["system"].endswith(".4.2")
        assert identifier["system"] in {f"urn:oid:2.16.578.1.12.4.1.4.{2 if d_number else 1}"}
        born = date.fromisoformat(patient["birthDate"])
        assert int(number[:2]) == born.day + (40 if d_number else 0)
        assert int(number[2:4]) == born.month + 80
        assert int(number[4:6]) == born.year % 100
        assert (int(number[8]) % 2 == 1) == (patient["gender"] == "male")
        low, high = individual_range(born)
        assert low <= int(number[6:9]) <= high
        assert controls(number[:9]) == number[9:]
        numbers[d_number].add(number)
    assert numbers[True] and len(numbers[False]) > 350


def test_control_digits_follow_the_rule_of_1964():
    k1, k2 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    for seed in range(200):
        number = identity_number(Random(seed), date(1950, 3, 1), seed % 2 == 0, False)
        digits = [int(digit) for digit in number]
        assert sum(d * w for d, w in zip(digits, k1, strict=False)) % 11 == 0
        assert sum(d * w for d, w in zip(digits, k2, strict=True)) % 11 == 0


def test_centuries_without_numbers_are_refused():
    with pytest.raises(ValueError, match="1890"):
        individual_range(date(1890, 1, 1))


def test_every_snomed_code_is_current_or_retired_by_name(export):
    known = {row.snomed for rows in codes.DIAGNOSES.values() for row in rows} | {row.snomed for row in codes.ORDINARY}
    retired = {code for group in codes.INACTIVE.values() for code in group}
    for condition in export.resources("Condition"):
        for coding in condition["code"]["coding"]:
            assert coding["system"] != codes.SNOMED or coding["code"] in known | retired


def test_a_retired_code_stands_in_place_of_the_current_one(monkeypatch, tmp_path):
    monkeypatch.setattr(codes, "RATE_OF_INACTIVE", 1.0)
    generate(tmp_path, 60, 1)
    written = (tmp_path / "Condition.ndjson").read_bytes()
    assert b'"90131000202109"' in written
