"""What the reader takes: lines, Bundles of each kind, files and folders, and how references are followed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registries.plan import Plan
from tests.journals import (
    ATC,
    Resource,
    bundle,
    concept,
    condition,
    decided,
    line,
    nihss,
    patient,
    reasons,
    statement,
    stay,
    stroke,
    values,
    write,
)

_URN = "urn:uuid:00000000-0000-4000-8000-00000000000"


def _urns(resources: list[Resource], keep_ids: bool) -> Resource:
    """A transaction as servers take them: references by urn, resources with or without ids."""
    names = {f"{r['resourceType']}/{r['id']}": f"{_URN}{n}" for n, r in enumerate(resources)}
    text = json.dumps(resources)
    for reference, urn in names.items():
        text = text.replace(f'"reference": "{reference}"', f'"reference": "{urn}"')
    entries = []
    for name, resource in zip(names, json.loads(text), strict=True):
        if not keep_ids:
            del resource["id"]
        request = {"method": "POST", "url": resource["resourceType"]}
        entries.append({"fullUrl": names[name], "resource": resource, "request": request})
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "batch", "document", "history"])
def test_a_bundle_of_any_type_is_read(kind: str, tmp_path: Path, stroke_plan: Plan) -> None:
    whole = bundle([*stroke(), {"resourceType": "OperationOutcome", "id": "x"}], kind)
    whole["entry"].append({"fullUrl": "http://gone.example/Observation/o9", "request": {"method": "DELETE"}})
    (decision,), summary = decided(stroke_plan, write(tmp_path / "bundle.json", [whole]))
    assert (values(decision)["NIHSSinnkomst"], summary.account.problems) == (7, [])
    assert (summary.account.read, dict(summary.account.passed)) == (5, {"OperationOutcome": 1})


@pytest.mark.parametrize("keep_ids", [True, False])
@pytest.mark.parametrize("turned", [True, False])
def test_references_by_urn_are_followed_in_any_order(
    keep_ids: bool, turned: bool, tmp_path: Path, stroke_plan: Plan
) -> None:
    medicine = {"resourceType": "Medication", "id": "m1", "code": concept(ATC, "B01AC06")}
    taken = statement("s1", "", medicationReference={"reference": "Medication/m1"})
    del taken["medicationCodeableConcept"]
    whole = _urns([*stroke(), medicine, taken], keep_ids)
    if turned:
        whole["entry"].reverse()
    (decision,), summary = decided(stroke_plan, write(tmp_path / "bundle.json", [whole]))
    assert summary.account.problems == []
    found = values(decision)
    assert (found["NIHSSinnkomst"], found["Innleggelsestidspunkt"], found["PreASA"]) == (7, "2025-03-02T14:10", 1)
    assert decision.record.patient == ("Patient/p1" if keep_ids else f"{_URN}0")


def test_a_urn_in_one_bundle_means_nothing_in_another(tmp_path: Path, stroke_plan: Plan) -> None:
    write(tmp_path / "a.json", [_urns(stroke("1", "")[:1], keep_ids=True)])
    write(tmp_path / "b.json", [_urns(stroke("2", None), keep_ids=True)])
    made, _ = decided(stroke_plan, tmp_path)
    assert [decision.record.patient for decision in made] == ["Patient/p2"]


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "https://ehr.example/fhir/{}",
        "{}/_history/3",
        "https://ehr.example/fhir/{}/_history/3",
    ],
)
def test_absolute_and_versioned_references_are_the_same_patient_and_stay(
    form: str, tmp_path: Path, stroke_plan: Plan
) -> None:
    journal = [
        patient(),
        stay(subject={"reference": form.format("Patient/p1")}),
        condition(
            subject={"reference": form.format("Patient/p1")}, encounter={"reference": form.format("Encounter/e1")}
        ),
        nihss(7, subject={"reference": form.format("Patient/p1")}),
    ]
    (decision,), summary = decided(stroke_plan, write(tmp_path / "journal.ndjson", journal))
    assert (decision.record.patient, values(decision)["NIHSSinnkomst"]) == ("Patient/p1", 7)
    assert summary.account.problems == []


def test_a_subject_written_with_escapes_or_beside_a_contained_one_is_the_same_patient(
    tmp_path: Path, stroke_plan: Plan
) -> None:
    compact = json.dumps(condition(), separators=(",", ":"))
    escaped = compact.replace("Patient/p1", "Patient\\/p1")
    inside = '"contained":[{"resourceType":"Observation","subject":{"reference":"Patient/p9"}}],"id"'
    contained = compact.replace('"id"', inside, 1)
    for number, written in enumerate((compact, escaped, contained)):
        journal = [patient(), stay(), written.encode(), nihss(7)]
        made, _ = decided(stroke_plan, write(tmp_path / f"{number}.ndjson", journal))
        assert len(made) == 1, written


def test_a_medicine_by_reference_is_known_wherever_its_resource_stands(tmp_path: Path, stroke_plan: Plan) -> None:
    taken = statement("s1", "", medicationReference={"reference": "Medication/m1"})
    del taken["medicationCodeableConcept"]
    write(tmp_path / "a.ndjson", [taken, *stroke()])
    write(tmp_path / "z.ndjson", [{"resourceType": "Medication", "id": "m1", "code": concept(ATC, "B01AC06")}])
    (decision,), _ = decided(stroke_plan, tmp_path)
    assert values(decision)["PreASA"] == 1


def test_a_medicine_that_nobody_knows_makes_absence_a_question(tmp_path: Path, stroke_plan: Plan) -> None:
    taken = statement("s1", "", medicationReference={"reference": "#inside"})
    del taken["medicationCodeableConcept"]
    (decision,), _ = decided(stroke_plan, write(tmp_path / "a.ndjson", [taken, *stroke()]))
    (aspirin,) = [value for value in decision.record.values if value.variable == "PreASA"]
    assert (aspirin.value, str(aspirin.tier), aspirin.note) == (2, "proposed", "absence_unreadable")


def test_one_resource_in_a_json_file_is_read(tmp_path: Path, stroke_plan: Plan) -> None:
    for resource in stroke():
        path = tmp_path / f"{resource['resourceType']}.json"
        path.write_text(json.dumps(resource, indent=2), encoding="utf-8")
    made, summary = decided(stroke_plan, tmp_path)
    assert (len(made), summary.account.problems) == (1, [])


def test_a_bundle_on_several_lines_and_one_as_a_line_are_the_same(tmp_path: Path, stroke_plan: Plan) -> None:
    (tmp_path / "pretty.json").write_text(json.dumps(bundle(stroke("1")), indent=1), encoding="utf-8")
    write(tmp_path / "line.ndjson", [bundle(stroke("2")), *stroke("3")])
    made, summary = decided(stroke_plan, tmp_path)
    assert [decision.record.patient for decision in made] == ["Patient/p1", "Patient/p2", "Patient/p3"]
    assert summary.account.problems == []


def test_folders_are_read_to_the_bottom_and_other_files_are_not(tmp_path: Path, stroke_plan: Plan) -> None:
    write(tmp_path / "b" / "c" / "deep.jsonl", stroke("2"))
    write(tmp_path / "a.ndjson", stroke("1"))
    write(tmp_path / "notes.txt", [b"not a resource"])
    write(tmp_path / "a.ndjson.bak", [b"not a resource"])
    made, summary = decided(stroke_plan, tmp_path)
    assert [decision.record.patient for decision in made] == ["Patient/p1", "Patient/p2"]
    assert summary.account.problems == []


def test_problems_stand_in_the_order_of_files_and_lines(tmp_path: Path, stroke_plan: Plan) -> None:
    for name in ("b/1.ndjson", "a.ndjson", "c.ndjson"):
        write(tmp_path / name, [b"?", patient("p9"), b"?"])
    _, summary = decided(stroke_plan, tmp_path)
    places = [problem.place.removeprefix(f"{tmp_path}/") for problem in summary.account.problems]
    assert places == [f"{name}:{n}" for name in ("a.ndjson", "b/1.ndjson", "c.ndjson") for n in (1, 3)]


def test_the_account_tells_what_was_read_and_passed_over(tmp_path: Path, stroke_plan: Plan) -> None:
    others: list[Resource] = [{"resourceType": "Immunization", "id": f"i{n}"} for n in range(3)]
    _, summary = decided(stroke_plan, write(tmp_path / "a.ndjson", [*stroke(), *others, *stroke("2")]))
    account = summary.account
    assert (account.read, account.patients, dict(account.passed)) == (11, 2, {"Immunization": 3})
    assert account.used == 2 * 3  # of two patients the stay, the diagnosis and the measurement


def test_an_entry_that_cannot_be_read_makes_absence_a_question_for_its_patient_only(
    tmp_path: Path, stroke_plan: Plan
) -> None:
    diabetes = concept("urn:oid:2.16.578.1.12.4.1.1.7110", "E11.9")
    lost = condition("c9", "p1", diabetes, None, recordedDate="yesterday")
    nameless = {k: v for k, v in condition("", "p2", diabetes, None).items() if k != "id"}
    journal = [*stroke("1"), *stroke("2"), *stroke("3"), lost, nameless]
    made, summary = decided(stroke_plan, write(tmp_path / "a.ndjson", journal))
    assert len(summary.account.problems) == 2
    tiers = [str(v.tier) for d in made for v in d.record.values if v.variable == "PreDiabetes"]
    assert tiers == ["proposed", "proposed", "automatic"]


def test_a_journal_without_the_patient_resource_is_read_and_held(tmp_path: Path, stroke_plan: Plan) -> None:
    (decision,), _ = decided(stroke_plan, write(tmp_path / "a.ndjson", stroke()[1:]))
    assert decision.action == "hold"
    assert decision.record.findings[0].rule == "no_identity"


def test_codes_of_unknown_systems_are_nobodys(tmp_path: Path, stroke_plan: Plan) -> None:
    local = condition("c9", code={"coding": [{"system": "http://local.example", "code": "I63"}]})
    made, _ = decided(stroke_plan, write(tmp_path / "a.ndjson", [patient(), stay(), local]))
    assert made == []


def test_text_never_decides(tmp_path: Path, stroke_plan: Plan) -> None:
    worded = condition("c9", code={"text": "Hjerneinfarkt", "coding": [{"display": "Hjerneinfarkt"}]})
    made, _ = decided(stroke_plan, write(tmp_path / "a.ndjson", [patient(), stay(), worded]))
    assert made == []


@pytest.mark.parametrize("quantity", [{"value": 1e30}, {"value": -1e300}, {"value": 7, "comparator": "<"}, {}])
def test_a_measurement_that_is_no_plain_number_gives_no_value(
    quantity: Resource, tmp_path: Path, stroke_plan: Plan
) -> None:
    journal = [*stroke()[:3], nihss(7, valueQuantity=quantity | {"code": "{score}"})]
    (decision,), summary = decided(stroke_plan, write(tmp_path / "a.ndjson", journal))
    assert summary.account.problems == []
    assert reasons(decision)["NIHSSinnkomst"] == "not_a_number"


def test_a_whole_number_far_too_large_gives_no_value(tmp_path: Path, stroke_plan: Plan) -> None:
    huge = nihss(7, valueInteger=10**40)
    del huge["valueQuantity"]
    (decision,), _ = decided(stroke_plan, write(tmp_path / "a.ndjson", [*stroke()[:3], line(huge)]))
    assert reasons(decision)["NIHSSinnkomst"] == "not_a_number"
