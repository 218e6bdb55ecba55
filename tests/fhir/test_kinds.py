"""What each kind of entry says: its codes, times, stay and value, as rules read them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from registries.entry import JournalEntry, Kind, Quantity, Standing, When
from reporting.adapters.fhir.source import FhirFiles
from reporting.adapters.fhir.values import when
from reporting.journal import Account
from terminology.codes import (
    ADMITTED_FROM,
    BOOLEAN,
    DISCHARGED_TO,
    DOCUMENT_TYPE,
    LINKID,
    RELATIONSHIP,
    URGENCY,
    Code,
)
from tests.fhir.examples import FORM, asking, chart, composition, dispense, document, entries, family, form, request
from tests.journals import ICD10, LOINC, Resource, bundle, concept, observation, patient, stay, write

MM = {"value": 120, "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
PRESSURE = observation(
    "b1",
    code=concept(LOINC, "85354-9"),
    encounter={"reference": "Encounter/e1"},
    component=[
        {"code": concept(LOINC, "8480-6"), "valueQuantity": MM},
        {"code": concept(LOINC, "8462-4"), "valueQuantity": MM | {"value": 80}},
    ],
)
DATE, CLOCK = "2025-03-05", "2025-03-05T10:00:00+01:00"


def told(entry: JournalEntry) -> tuple[str, str, When | None, When | None, str | None]:
    """What an entry is about: codes, and when and where."""
    return (entry.source, " ".join(map(str, entry.codes)), entry.start, entry.end, entry.stay)


def value(entry: JournalEntry) -> tuple[Quantity | None, str, When | None]:
    return (entry.quantity, " ".join(map(str, entry.value_codes)), entry.value_time)


def test_a_component_is_an_observation_of_its_own_that_shares_time_and_stay(tmp_path: Path) -> None:
    whole, systolic, diastolic = entries(tmp_path, Kind.OBSERVATION, PRESSURE)
    at = when("2025-03-02T14:30:00+01:00")
    assert told(whole) == ("Observation/b1", "loinc:85354-9", at, None, "Encounter/e1")
    assert told(systolic) == ("Observation/b1#component-1", "loinc:8480-6", at, None, "Encounter/e1")
    assert told(diastolic) == ("Observation/b1#component-2", "loinc:8462-4", at, None, "Encounter/e1")
    assert [entry.quantity for entry in (whole, systolic, diastolic)] == [
        None,
        Quantity(Decimal("120.0"), "mm[Hg]"),
        Quantity(Decimal("80.0"), "mm[Hg]"),
    ]


def test_a_component_stands_as_its_observation_does(tmp_path: Path) -> None:
    found = entries(tmp_path, Kind.OBSERVATION, PRESSURE | {"status": "preliminary"})
    assert [entry.standing for entry in found] == [Standing.PRELIMINARY] * 3


def test_a_component_that_a_later_version_no_longer_has_is_gone(tmp_path: Path) -> None:
    first = PRESSURE | {"meta": {"lastUpdated": "2025-03-02T15:00:00Z"}}
    later = first | {"meta": {"lastUpdated": "2025-03-02T16:00:00Z"}, "component": PRESSURE["component"][:1]}
    for number, order in enumerate(([first, later], [later, first])):
        folder = tmp_path / str(number)
        assert [entry.source for entry in entries(folder, Kind.OBSERVATION, *order)] == [
            "Observation/b1",
            "Observation/b1#component-1",
        ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"valueQuantity": MM}, (Quantity(Decimal("120.0"), "mm[Hg]"), "", None)),
        ({"valueQuantity": MM | {"comparator": "<"}}, (Quantity(Decimal("120.0"), "mm[Hg]", "<"), "", None)),
        ({"valueInteger": 7}, (Quantity(Decimal(7)), "", None)),
        ({"valueRange": {"low": MM}}, (Quantity(Decimal("120.0"), "mm[Hg]", ">="), "", None)),
        ({"valueRange": {"high": MM}}, (Quantity(Decimal("120.0"), "mm[Hg]", "<="), "", None)),
        ({"valueRange": {"low": MM, "high": MM}}, (Quantity(Decimal("120.0"), "mm[Hg]"), "", None)),
        ({"valueRange": {"low": MM, "high": MM | {"value": 130}}}, (None, "", None)),
        ({"valueRange": {}}, (None, "", None)),
        ({"valueCodeableConcept": concept(LOINC, "LA1-1")}, (None, "loinc:LA1-1", None)),
        ({"valueBoolean": True}, (None, "boolean:true", None)),
        ({"valueBoolean": False}, (None, "boolean:false", None)),
        ({"valueDateTime": DATE}, (None, "", when(DATE))),
        ({"valueString": "7"}, (None, "", None)),
    ],
    ids=str,
)
def test_an_observation_and_a_component_have_any_value_that_rules_read(
    given: Resource, expected: object, tmp_path: Path
) -> None:
    (alone,) = entries(tmp_path / "alone", Kind.OBSERVATION, observation("b1", **given))
    inside = observation("b2", component=[{"code": concept(LOINC, "8480-6"), **given}])
    _, component = entries(tmp_path / "inside", Kind.OBSERVATION, inside)
    assert value(alone) == value(component) == expected


@pytest.mark.parametrize(
    ("more", "start", "end"),
    [
        ({}, DATE, None),
        ({"dispenseRequest": {"validityPeriod": {"end": "2026-03-05"}}}, DATE, "2026-03-05"),
        ({"status": "completed"}, DATE, DATE),
        ({"status": "stopped", "dispenseRequest": {"validityPeriod": {"end": "2026-03-05"}}}, DATE, "2026-03-05"),
        ({"authoredOn": CLOCK}, CLOCK, None),
        ({"authoredOn": None}, None, None),
    ],
)
def test_an_order_is_in_force_from_when_it_was_written(
    more: Resource, start: str | None, end: str | None, tmp_path: Path
) -> None:
    written = request("r1", "B01AC06", encounter={"reference": "Encounter/e1"}) | more
    (entry,) = entries(tmp_path, Kind.MEDICATION_REQUEST, written)
    assert told(entry) == ("MedicationRequest/r1", "atc:B01AC06", when(start), when(end), "Encounter/e1")


@pytest.mark.parametrize(
    ("supply", "end"),
    [
        ({"value": 30, "code": "d"}, "2025-04-04T10:00:00+02:00"),  # the clocks change in between
        ({"value": 30}, "2025-04-04T10:00:00+02:00"),
        ({"value": 1, "code": "mo"}, CLOCK),
        ({"value": 1e14, "code": "d"}, CLOCK),
        ({"value": 30, "code": "d", "comparator": ">"}, CLOCK),
        (None, CLOCK),
    ],
)
def test_medicine_lasts_from_when_it_was_handed_over(supply: Resource | None, end: str, tmp_path: Path) -> None:
    more = {"daysSupply": supply} if supply else {}
    handed = dispense("x1", "B01AC06", whenHandedOver=CLOCK, whenPrepared="2025-03-01", **more)
    (entry,) = entries(tmp_path, Kind.MEDICATION_DISPENSE, handed)
    assert told(entry) == ("MedicationDispense/x1", "atc:B01AC06", when(CLOCK), when(end), None)
    assert entry.at == when(CLOCK)


def test_medicine_of_which_nobody_says_when_it_was_handed_over_has_no_time(tmp_path: Path) -> None:
    (entry,) = entries(tmp_path, Kind.MEDICATION_DISPENSE, dispense("x1", "B01AC06", whenPrepared=DATE))
    assert (entry.at, entry.end) == (None, None)


def test_an_order_for_a_medicine_by_reference_is_for_that_medicine(tmp_path: Path) -> None:
    for make, kind in ((request, Kind.MEDICATION_REQUEST), (dispense, Kind.MEDICATION_DISPENSE)):
        by_reference = make("r1", "") | {"medicationReference": {"reference": "Medication/m1"}}
        del by_reference["medicationCodeableConcept"]
        medicine = {"resourceType": "Medication", "id": "m1", "code": concept("http://www.whocc.no/atc", "B01AC06")}
        (entry,) = entries(tmp_path / str(kind), kind, by_reference, medicine)
        assert [str(code) for code in entry.codes] == ["atc:B01AC06"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"valueInteger": 4}, (Quantity(Decimal(4)), "", None)),
        ({"valueInteger": 0}, (Quantity(Decimal(0)), "", None)),
        ({"valueDecimal": 0.5}, (Quantity(Decimal("0.5")), "", None)),
        ({"valueQuantity": MM}, (Quantity(Decimal("120.0"), "mm[Hg]"), "", None)),
        ({"valueBoolean": True}, (None, "boolean:true", None)),
        ({"valueBoolean": False}, (None, "boolean:false", None)),
        ({"valueDate": DATE}, (None, "", when(DATE))),
        ({"valueDateTime": CLOCK}, (None, "", when(CLOCK))),
        ({"valueCoding": {"system": LOINC, "code": "LA6-1"}}, (None, "loinc:LA6-1", None)),
        ({"valueCoding": {"system": "http://local.example", "code": "x"}}, (None, "", None)),
        ({"valueString": "4"}, (None, "", None)),
        (
            {
                "valueCoding": {
                    "system": LOINC,
                    "code": "LA6-1",
                    "extension": [
                        {"url": "http://example.org/other", "valueDecimal": 9},
                        {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 3},
                    ],
                }
            },
            (Quantity(Decimal("3.0")), "loinc:LA6-1", None),
        ),
    ],
    ids=str,
)
def test_an_answer_has_the_value_of_its_type(answer: Resource, expected: object, tmp_path: Path) -> None:
    (entry,) = entries(tmp_path, Kind.ANSWER, form("q1", {"smoking": answer}))
    assert value(entry) == expected
    assert told(entry) == (
        "QuestionnaireResponse/q1#smoking",
        f"linkid:smoking linkid:{FORM}#smoking",
        when("2025-06-01"),
        None,
        None,
    )


def test_answers_in_groups_and_below_answers_are_found_and_unanswered_questions_are_not(tmp_path: Path) -> None:
    deep = {
        "linkId": "1.1.1",
        "answer": [{"valueBoolean": True, "item": [{"linkId": "1.1.2", "answer": [{"valueInteger": 2}]}]}],
    }
    items = [
        {"linkId": "1", "item": [{"linkId": "1.1", "item": [deep]}, {"linkId": "1.2"}]},
        {"linkId": "2", "answer": [{"valueInteger": 1}, {"valueInteger": 3}]},
    ]
    found = entries(tmp_path, Kind.ANSWER, form("q1", {}, item=items, encounter={"reference": "Encounter/e1"}))
    marks = [entry.source.removeprefix("QuestionnaireResponse/q1#") for entry in found]
    assert marks == ["1.1.1", "1.1.2", "2", "2/2"]
    assert [entry.stay for entry in found] == ["Encounter/e1"] * 4


@pytest.mark.parametrize("file", ["a.ndjson", "z.ndjson", "z.json"])
def test_a_question_has_the_codes_that_its_questionnaire_gives_it(file: str, tmp_path: Path) -> None:
    coded = {"linkId": "smoking", "code": [{"system": LOINC, "code": "72166-2"}]}
    questions = {"resourceType": "Questionnaire", "id": "f", "url": FORM, "item": [{"linkId": "g", "item": [coded]}]}
    answers = form("q1", {"smoking": {"valueInteger": 4}})
    by_name = form("q2", {"smoking": {"valueInteger": 4}}, questionnaire="Questionnaire/f")
    other = form("q3", {"smoking": {"valueInteger": 4}}, questionnaire="http://example.org/other")
    nameless = form("q4", {"smoking": {"valueInteger": 4}}, questionnaire="")
    write(tmp_path / file, [questions])
    found = entries(tmp_path / "journal", Kind.ANSWER, answers, by_name, other, nameless)
    assert all("72166-2" not in " ".join(map(str, entry.codes)) for entry in found)
    plan = asking({"select": "answer"})
    write(tmp_path / "journal" / file, [questions])
    ((read, _),) = FhirFiles(tmp_path / "journal").charts(plan, Account())
    codes = {entry.source: [str(code) for code in entry.codes] for entry in read.entries if entry.kind is Kind.ANSWER}
    assert codes["QuestionnaireResponse/q1#smoking"] == ["loinc:72166-2", "linkid:smoking", f"linkid:{FORM}#smoking"]
    assert codes["QuestionnaireResponse/q2#smoking"][0] == "loinc:72166-2"
    assert codes["QuestionnaireResponse/q3#smoking"][0] == "linkid:smoking"
    assert codes["QuestionnaireResponse/q4#smoking"] == ["linkid:smoking"]


def test_a_document_has_its_type_and_date(tmp_path: Path) -> None:
    where = {"context": {"encounter": [{"reference": "Encounter/e1"}]}}
    national = concept("urn:oid:2.16.578.1.12.4.1.1.9602", "A01-2")
    letter, plan = entries(
        tmp_path,
        Kind.DOCUMENT,
        document("d1", **where, type=national),
        composition("k1", encounter={"reference": "Encounter/e1"}),
    )
    at = when("2025-03-09T12:00:00+01:00")
    assert told(letter) == ("Composition/k1", "loinc:18842-5", at, None, "Encounter/e1")
    assert told(plan) == ("DocumentReference/d1", "document_type:A01-2", at, None, "Encounter/e1")
    assert plan.codes == (Code(DOCUMENT_TYPE, "A01-2"),)


def test_a_document_without_a_subject_is_told_and_one_of_another_subject_is_nobodys(tmp_path: Path) -> None:
    plan = asking({"select": "document"})
    nobodys = document("d1", subject={"reference": "Device/x"})
    nameless = document("d2")
    del nameless["subject"]
    found, account = chart(tmp_path, plan, nobodys, nameless)
    assert [entry for entry in found.entries if entry.kind is Kind.DOCUMENT] == []
    (problem,) = account.problems
    assert problem.place.endswith("journal.ndjson:5")
    assert "subject has no reference" in problem.text


def test_family_history_is_the_diseases_of_relatives_and_never_the_patients_own(tmp_path: Path) -> None:
    mother = concept(RELATIONSHIP, "MTH")
    told_of = family("f1", concept(ICD10, "I21.9"), concept(ICD10, "I63.9"), relationship=mother)
    found, _ = chart(tmp_path, asking({"select": "family_history"}, {"select": "condition"}), told_of)
    own = [entry.source for entry in found.entries if entry.kind is Kind.CONDITION]
    first, second = (entry for entry in found.entries if entry.kind is Kind.FAMILY_HISTORY)
    assert own == ["Condition/c1"]
    assert told(first) == ("FamilyMemberHistory/f1#condition-1", "icd10:I219", None, None, None)
    assert told(second)[:2] == ("FamilyMemberHistory/f1#condition-2", "icd10:I639")
    assert (first.at, first.value_codes) == (when("2025-03-02"), (Code(RELATIONSHIP, "MTH"),))


@pytest.mark.parametrize("born", ["1950-06-01", "1950-06", "1950"])
def test_birth_is_the_date_of_birth(born: str, tmp_path: Path) -> None:
    found, _ = chart(tmp_path, asking({"select": "birth"}), patient(birthDate=born))
    (birth,) = (entry for entry in found.entries if entry.kind is Kind.BIRTH)
    assert (birth.source, birth.start, birth.codes) == ("Patient/p1#birth", when(born), ())


def test_one_bad_date_of_a_patient_leaves_the_other_facts(tmp_path: Path) -> None:
    bad = patient(birthDate="1950-13", deceasedDateTime="2025-04-01")
    found, account = chart(tmp_path, asking({"select": "birth"}, {"select": "death"}, {"select": "sex"}), bad)
    assert {entry.kind for entry in found.entries if "#" in entry.source} == {Kind.DEATH, Kind.SEX}
    assert found.unreadable == {Kind.BIRTH: 1}
    assert [problem.place.rpartition(":")[2] for problem in account.problems] == ["4"]


def test_a_death_that_a_later_version_of_the_patient_does_not_know_did_not_happen(tmp_path: Path) -> None:
    dead = patient(deceasedBoolean=True, meta={"lastUpdated": "2025-03-10T08:00:00Z"})
    alive = patient(meta={"lastUpdated": "2025-03-11T08:00:00Z"})
    for number, order in enumerate(([dead, alive], [alive, dead])):
        found, _ = chart(tmp_path / str(number), asking({"select": "death"}), *order)
        assert [entry for entry in found.entries if entry.kind is Kind.DEATH] == []


def test_a_stay_says_who_is_responsible_how_urgent_it_was_and_where_the_patient_came_from_and_went(
    tmp_path: Path,
) -> None:
    more = {
        "serviceProvider": {"reference": "https://ehr.example/fhir/Organization/h1", "display": "Sykehus"},
        "priority": concept(URGENCY, "1"),
        "hospitalization": {
            "admitSource": concept(ADMITTED_FROM, "emd"),
            "dischargeDisposition": concept(DISCHARGED_TO, "home"),
        },
    }
    found = entries(tmp_path, Kind.STAY, stay("e2", **more), stay("e3"))
    by_source = {entry.source: entry for entry in found}
    assert by_source["Encounter/e2"].organisation == "Organization/h1"
    assert [str(code) for code in by_source["Encounter/e2"].value_codes] == [
        "urgency:1",
        "admitted_from:emd",
        "discharged_to:home",
    ]
    assert (by_source["Encounter/e3"].organisation, by_source["Encounter/e3"].value_codes) == ("", ())


RESH = "urn:oid:2.16.578.1.12.4.1.4.102"


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ({"identifier": {"system": RESH, "value": "4201"}}, f"{RESH}|4201"),
        ({"reference": "Organization/h1", "identifier": {"value": "4201"}}, "Organization/h1"),
        ({"display": "Sykehus"}, ""),
    ],
)
def test_an_organisation_is_known_by_reference_or_number_never_by_name(
    provider: Resource, expected: str, tmp_path: Path
) -> None:
    (entry,) = (e for e in entries(tmp_path, Kind.STAY, stay(serviceProvider=provider)) if e.organisation == expected)
    assert entry.kind is Kind.STAY


def test_stays_are_kept_when_no_rule_asks_for_them_and_a_local_type_is_no_mystery(tmp_path: Path) -> None:
    typed = stay("e2", type=[concept("http://local.example", "x")], serviceType=concept(LOINC, "18842-5"))
    found, _ = chart(tmp_path, asking({"select": "condition"}), typed)
    stays = {entry.source: entry for entry in found.entries if entry.kind is Kind.STAY}
    assert set(stays) == {"Encounter/e1", "Encounter/e2"}
    assert [str(code) for code in stays["Encounter/e2"].codes] == ["loinc:18842-5"]
    assert found.unreadable == {}


def test_a_stay_of_unknown_type_is_a_question_where_a_rule_asks_for_types(tmp_path: Path) -> None:
    local = stay("e2", type=[concept("http://local.example", "x")])
    plan = asking({"select": "stay", "codes": {"loinc": "18842-5"}})
    found, _ = chart(tmp_path, plan, local, stay("e3"))
    assert found.unreadable == {Kind.STAY: 1}


def test_kinds_that_nobody_asks_for_are_passed_over(tmp_path: Path) -> None:
    others = [request("r1", "B01AC06"), form("q1", {"1": {"valueInteger": 1}}), document("d1"), family("f1")]
    found, account = chart(tmp_path, asking({"select": "condition"}), *others)
    assert dict(account.passed) == {
        "MedicationRequest": 1,
        "QuestionnaireResponse": 1,
        "DocumentReference": 1,
        "FamilyMemberHistory": 1,
    }
    assert set(found.seen) == {Kind.CONDITION, Kind.STAY, Kind.SEX}


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("observation", observation("b1", component=[{"code": concept("http://local.example", "x")}])),
        ("observation", observation("b1", component=[{"code": concept(LOINC, "1-8"), "valueDateTime": "soon"}])),
        ("medication_request", request("r1", "B01AC06", authoredOn="soon")),
        ("medication_dispense", dispense("x1", "B01AC06", whenHandedOver="soon")),
        ("answer", form("q1", {"1": {"valueDate": "soon"}})),
        ("document", document("d1", date="soon")),
        ("document", composition("k1", type=concept("http://local.example", "x"))),
        ("family_history", family("f1", concept("http://local.example", "x"))),
    ],
)
def test_what_cannot_be_read_is_counted_for_its_kind(kind: str, resource: Resource, tmp_path: Path) -> None:
    found, _ = chart(tmp_path, asking({"select": kind}), resource)
    assert found.unreadable == {kind: 1}


@pytest.mark.parametrize(
    ("kind", "resource", "count"),
    [
        ("observation", PRESSURE, 3),
        ("answer", form("q1", {"1": {"valueInteger": 1}, "2": {"valueString": "x"}}), 2),
        ("answer", form("q1", {}, item=[]), 0),
        ("family_history", family("f1", concept(ICD10, "I219"), concept(ICD10, "I639")), 2),
        ("document", document("d1"), 1),
    ],
)
def test_each_statement_of_a_resource_is_seen(kind: str, resource: Resource, count: int, tmp_path: Path) -> None:
    found, _ = chart(tmp_path, asking({"select": kind}), resource)
    assert found.seen.get(Kind(kind), 0) == count


def test_references_inside_a_bundle_hold_for_every_kind(tmp_path: Path) -> None:
    urn = "urn:uuid:00000000-0000-4000-8000-00000000000"
    where = {"context": {"encounter": [{"reference": f"{urn}2"}]}}
    resources = [patient(), stay(), document("d1", subject={"reference": f"{urn}1"}, **where)]
    whole = bundle(resources, p1=f"{urn}1", e1=f"{urn}2", d1=f"{urn}3")
    case: dict[str, Any] = {"resourceType": "Condition", "id": "c1", "subject": {"reference": f"{urn}1"}}
    whole["entry"].append({"resource": case | {"code": concept(ICD10, "I63.9")}})
    path = write(tmp_path / "bundle.json", [whole])
    ((found, _),) = FhirFiles(path).charts(asking({"select": "document"}), Account())
    (entry,) = (entry for entry in found.entries if entry.kind is Kind.DOCUMENT)
    assert (entry.patient, entry.stay) == ("Patient/p1", "Encounter/e1")


def test_yes_and_no_are_codes_that_maps_can_name() -> None:
    assert (str(Code(BOOLEAN, "true")), str(Code(LINKID, "1"))) == ("boolean:true", "linkid:1")
