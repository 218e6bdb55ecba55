"""What FHIR says of stays, referral periods and addresses."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from registries.npr.facts import Administration, PeriodFacts, PersonFacts, StayFacts
from reporting.adapters.fhir.administration import read_administration

OID = "urn:oid:2.16.578.1.12.4.1.1."
HL7 = "http://terminology.hl7.org/CodeSystem/"


def read(folder: Path, *resources: dict[str, Any]) -> Administration:
    path = folder / "journal.ndjson"
    path.write_text("\n".join(json.dumps(one) for one in resources), encoding="utf-8")
    found, problems = read_administration(path)
    assert problems == ()
    return found


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def encounter(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Encounter", "id": "e1", "subject": {"reference": "Patient/p1"}, **more}


def ranked(*pairs: tuple[str, int | None]) -> dict[str, Any]:
    told = [{"condition": {"reference": f"Condition/{key}"}, "rank": rank} for key, rank in pairs]
    return {"diagnosis": [{name: value for name, value in one.items() if value is not None} for one in told]}


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ({"type": [concept(OID + "8406", "2")]}, StayFacts(level="2")),
        ({"type": [concept("2.16.578.1.12.4.1.1.8426", "11")]}, StayFacts(debtor="11")),
        ({"type": [concept("http://example.no/8426", "11")]}, StayFacts()),
        ({"serviceType": concept(OID + "8451", "010")}, StayFacts(specialty="010")),
        ({"priority": concept(OID + "8428", "5")}, StayFacts(urgency="5")),
        ({"priority": concept(HL7 + "v3-ActPriority", "EM")}, StayFacts(urgency="1")),
        ({"priority": concept(HL7 + "v3-ActPriority", "UR")}, StayFacts()),
        (
            {"hospitalization": {"admitSource": concept(OID + "8408", "2")}},
            StayFacts(from_place="2"),
        ),
        (
            {"hospitalization": {"dischargeDisposition": concept(OID + "8408", "2")}},
            StayFacts(to_place="2"),
        ),
        (
            {
                "hospitalization": {
                    "dischargeDisposition": concept(HL7 + "discharge-disposition", "other-hcf"),
                    "destination": {"identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.101", "value": "900000002"}},
                }
            },
            StayFacts(to_place="3", to_institution="900000002"),
        ),
        ({"episodeOfCare": [{"reference": "EpisodeOfCare/h1"}]}, StayFacts(period="EpisodeOfCare/h1")),
        ({"episodeOfCare": [{"reference": f"EpisodeOfCare/h{n}"} for n in (1, 2)]}, StayFacts()),
        (ranked(("c2", 2), ("c1", 1), ("c3", None)), StayFacts(diagnoses=tuple(f"Condition/c{n}" for n in (1, 2, 3)))),
        (ranked(("c1", None)), StayFacts(diagnoses=("Condition/c1",))),
        (ranked(("c1", None), ("c2", None)), StayFacts()),
        (ranked(("c1", 1), ("c2", 1)), StayFacts()),
    ],
)
def test_a_stay_has_the_codes_that_leave_no_doubt(said: dict[str, Any], facts: StayFacts, tmp_path: Path) -> None:
    assert read(tmp_path, encounter(**said)).stays == {"Encounter/e1": facts}


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ({"period": {"start": "2025-03-10"}}, PeriodFacts(received=date(2025, 3, 10))),
        (
            {"period": {"start": "2025-03-10T23:30:00Z", "end": "2025-04-01"}},
            PeriodFacts(received=date(2025, 3, 11), ended=date(2025, 4, 1)),
        ),
        ({"period": {"start": "2025-03"}}, None),
        ({"status": "entered-in-error", "period": {"start": "2025-03-10"}}, None),
        (
            {"period": {"start": "2025-03-10"}, "type": [concept(OID + "8485", "2"), concept(OID + "8404", "28")]},
            PeriodFacts(received=date(2025, 3, 10), assessment="2", from_service="28"),
        ),
    ],
)
def test_a_referral_period_begins_on_the_day_the_referral_came(
    said: dict[str, Any], facts: PeriodFacts | None, tmp_path: Path
) -> None:
    found = read(tmp_path, {"resourceType": "EpisodeOfCare", "id": "h1", **said})
    assert found.periods == ({"EpisodeOfCare/h1": facts} if facts else {})


def address(municipality: str, district: str = "", official: bool = False, use: str = "home") -> dict[str, Any]:
    base = "http://hl7.no/fhir/StructureDefinition/"
    extensions = [{"url": base + "no-basis-address-official", "valueBoolean": True}] if official else []
    if district:
        extensions.append({"url": base + "no-basis-urban-district", "valueCoding": {"code": district}})
    code = {"url": base + "no-basis-municipalitycode", "valueCoding": {"code": municipality}}
    return {"use": use, "extension": extensions, "_district": {"extension": [code]}}


@pytest.mark.parametrize(
    ("addresses", "municipality", "district"),
    [
        ([], "", ""),
        ([address("0301")], "0301", ""),
        ([address("0301", "030105")], "0301", "05"),
        ([address("0301", "05")], "0301", "05"),
        ([address("0301"), address("4601")], "", ""),
        ([address("0301"), address("4601", official=True)], "4601", ""),
        ([address("0301"), address("4601", use="old")], "0301", ""),
        ([address("0301"), {"use": "work"}], "0301", ""),
    ],
)
def test_a_person_lives_where_the_official_address_says(
    addresses: list[dict[str, Any]], municipality: str, district: str, tmp_path: Path
) -> None:
    found = read(tmp_path, {"resourceType": "Patient", "id": "p1", "address": addresses})
    assert found.persons == {"Patient/p1": PersonFacts(municipality=municipality, district=district)}


@pytest.mark.parametrize("turn", [1, -1])
def test_of_several_versions_the_latest_counts(turn: int, tmp_path: Path) -> None:
    versions = [
        encounter(meta={"lastUpdated": "2025-03-01T10:00:00Z"}, priority=concept(OID + "8428", "4")),
        encounter(meta={"lastUpdated": "2025-03-02T10:00:00Z"}, priority=concept(OID + "8428", "1")),
    ]
    assert read(tmp_path, *versions[::turn]).stays["Encounter/e1"].urgency == "1"


def test_a_bundle_is_read_by_its_links(tmp_path: Path) -> None:
    entries = [
        {"fullUrl": "urn:uuid:1", "resource": encounter(diagnosis=[{"condition": {"reference": "urn:uuid:2"}}])},
        {"fullUrl": "urn:uuid:2", "resource": {"resourceType": "Condition", "id": "c1"}},
    ]
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")
    found, problems = read_administration(path)
    assert problems == ()
    assert found.stays["Encounter/e1"].diagnoses == ("Condition/c1",)


def test_what_cannot_be_read_is_told_without_its_content(tmp_path: Path) -> None:
    path = tmp_path / "journal.ndjson"
    path.write_text('{"resourceType":"EpisodeOfCare","id":"h1","period":{"start":"secret"}}', encoding="utf-8")
    found, (problem,) = read_administration(path)
    assert found.periods == {}
    assert problem.place == f"{path}:1"
    assert "secret" not in problem.text
