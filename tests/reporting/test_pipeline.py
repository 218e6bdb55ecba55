"""From charts to decisions: the message, what holds it back, and counts that add up."""

from __future__ import annotations

from dataclasses import replace as with_
from pathlib import Path

import pytest
from msgspec.structs import replace

from fixtures.synth.generate import generate
from registries.codecs.msghead import decode
from registries.codecs.validation import validator
from registries.plan import Plan
from reporting import pipeline
from reporting.adapters.fhir.source import FhirFiles
from reporting.journal import Identity
from reporting.pipeline import Summary
from reporting.submission import Decision, Known, State
from tests.journals import (
    ICD10,
    KEY,
    LOINC,
    concept,
    condition,
    decided,
    made_number,
    nihss,
    observation,
    patient,
    setting,
    stay,
    stroke,
    values,
    write,
)

PLANS = ["stroke_plan", "heart_plan"]


def known_of(decision: Decision, state: State = State.ACKNOWLEDGED) -> Known:
    return Known(content=decision.content, message_id=decision.message_id, state=state)


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Journals of a small synthetic hospital."""
    folder = tmp_path_factory.mktemp("hospital")
    generate(folder, 150, 5)
    return folder


@pytest.mark.parametrize("registry", PLANS)
def test_every_message_is_valid_and_says_what_the_record_may_say(
    registry: str, hospital: Path, request: pytest.FixtureRequest
) -> None:
    plan: Plan = request.getfixturevalue(registry)
    made, _ = decided(plan, hospital)
    problems = validator(plan.definition)
    sent = [decision for decision in made if decision.action == "send"]
    assert len(sent) > 5
    for decision in sent:
        assert problems(decision.payload) == ()
        said = decode(decision.payload, plan.definition)
        withheld = {f.variable for f in decision.record.findings if f.severity != "note"}
        automatic = {
            v.variable: v.value
            for v in decision.record.values
            if v.value is not None and v.tier == "automatic" and v.variable not in withheld
        }
        assert said.values == automatic
        assert said.values.keys() | said.missing.keys() == plan.definition.variables.keys()
        assert (said.message_id, said.case) == (decision.message_id, decision.record.case)


@pytest.mark.parametrize("registry", PLANS)
def test_no_identity_number_is_in_a_record_or_in_what_a_decision_shows(
    registry: str, hospital: Path, request: pytest.FixtureRequest
) -> None:
    plan: Plan = request.getfixturevalue(registry)
    for decision in decided(plan, hospital)[0]:
        if decision.payload:
            number = decode(decision.payload, plan.definition).identity
            shown = f"{decision!r}{decision.record!r}{decision.record.values}{decision.record.findings}"
            assert number not in shown + decision.record.case + decision.record.patient
            assert decision.record.patient not in f"{decision!r}{decision.record!r}"


@pytest.mark.parametrize("registry", PLANS)
def test_counts_add_up(registry: str, hospital: Path, request: pytest.FixtureRequest) -> None:
    plan: Plan = request.getfixturevalue(registry)
    made, summary = decided(plan, hospital)
    plain = summary.plain()
    _adds_up(plain, len(plan.definition.variables), len(made))
    findings: dict[str, int] = plain["findings"]  # type: ignore[assignment]
    assert sum(findings.values()) == sum(len(decision.record.findings) for decision in made)


def _adds_up(plain: dict[str, object], variables: int, records: int) -> None:
    fields: dict[str, int] = dict(plain["fields"])  # type: ignore[call-overload]
    empty: dict[str, int] = fields.pop("empty")  # type: ignore[assignment]
    assert plain["records"] == plain["cases"] == records
    assert sum(fields.values()) + sum(empty.values()) == variables * records
    assert sum(plain["decisions"].values()) == records  # type: ignore[attr-defined]
    by_variable: dict[str, dict[str, object]] = plain["variables"]  # type: ignore[assignment]
    for counts in by_variable.values():
        tiers = (counts["automatic"], counts["proposed"], counts["manual"])
        told = [*tiers, *counts["empty"].values()]  # type: ignore[attr-defined]
        assert sum(told) == records


def test_counts_of_nothing_are_nothing(tmp_path: Path, stroke_plan: Plan) -> None:
    _, summary = decided(stroke_plan, write(tmp_path / "a.ndjson", [patient()]))
    assert (summary.plain()["records"], summary.plain()["variables"], summary.plain()["problem_count"]) == (0, {}, 0)


@pytest.mark.parametrize(
    ("number", "mode", "finding"),
    [
        (None, "development", "no_identity"),
        (made_number(80)[:10], "development", "identity_invalid"),
        (made_number(0), "development", "identity_not_allowed"),
        (made_number(80), "production", "identity_not_allowed"),
        (made_number(80), "development", None),
        (made_number(0), "production", None),
    ],
)
def test_a_number_of_the_wrong_kind_holds_the_record_and_makes_no_message(
    number: str | None, mode: str, finding: str | None, tmp_path: Path, stroke_plan: Plan
) -> None:
    (decision,), summary = decided(stroke_plan, write(tmp_path / "a.ndjson", stroke("1", number)), mode=mode)
    assert decision.action == ("hold" if finding else "send")
    assert bool(decision.payload) is (finding is None)
    assert (finding in summary.plain()["findings"]) is (finding is not None)  # type: ignore[operator]
    assert values(decision)["NIHSSinnkomst"] == 7  # held records keep what was derived, for a person to see


def test_an_error_holds_the_record(tmp_path: Path, stroke_plan: Plan) -> None:
    (decision,), _ = decided(stroke_plan, write(tmp_path / "a.ndjson", [*stroke()[:3], nihss(43)]))
    assert (decision.action, decision.payload) == ("hold", b"")
    assert ("hard_range", "NIHSSinnkomst") in [(f.rule, f.variable) for f in decision.record.findings]


def test_a_warning_holds_back_the_value_alone(tmp_path: Path, heart_plan: Plan) -> None:
    weight = observation("o1", code=concept(LOINC, "29463-7"), valueQuantity={"value": 24, "code": "kg"})
    height = observation("o2", code=concept(LOINC, "8302-2"), valueQuantity={"value": 180, "code": "cm"})
    angiography = {"coding": [{"system": "http://snomed.info/sct", "code": "33367005"}]}
    deed = {"resourceType": "Procedure", "id": "d1", "subject": {"reference": "Patient/p1"}, "status": "completed"}
    deed |= {"code": angiography, "performedDateTime": "2025-03-02T16:00:00+01:00"}  # type: ignore[dict-item]
    (decision,), _ = decided(heart_plan, write(tmp_path / "a.ndjson", [patient(), stay(), weight, height, deed]))
    said = decode(decision.payload, heart_plan.definition)
    assert str(values(decision)["REGANGIO_WEIGHT"]) == "24"
    assert said.missing["REGANGIO_WEIGHT"] == "venter"
    assert str(said.values["REGANGIO_HEIGHT"]) == "180"


def test_proposed_values_wait_and_make_the_message_preliminary(tmp_path: Path, stroke_plan: Plan) -> None:
    face = observation("o2", code=concept(LOINC, "70189-6"), valueQuantity={"value": 2, "code": "{score}"})
    (decision,), _ = decided(stroke_plan, write(tmp_path / "a.ndjson", [*stroke(), face]))
    said = decode(decision.payload, stroke_plan.definition)
    assert values(decision)["Facialisparese"] == 1
    assert ("Facialisparese" in said.values, said.missing["Facialisparese"]) == (False, "venter")
    assert (said.complete, decision.complete) == (False, False)


def test_the_same_again_is_nothing_and_a_change_is_a_correction(tmp_path: Path, stroke_plan: Plan) -> None:
    source = write(tmp_path / "a.ndjson", stroke())
    (first,), _ = decided(stroke_plan, source)
    known = {first.record.case: known_of(first)}
    (again,), _ = decided(stroke_plan, source, known=known)
    assert (again.action, again.payload) == ("nothing", b"")
    write(source, [*stroke()[:3], nihss(9)])
    (changed,), _ = decided(stroke_plan, source, known=known)
    assert (changed.action, changed.corrects, changed.record.case) == ("correct", first.message_id, first.record.case)
    assert decode(changed.payload, stroke_plan.definition).corrects == first.message_id
    assert changed.message_id != first.message_id


def test_a_new_number_of_the_patient_is_a_correction(tmp_path: Path, stroke_plan: Plan) -> None:
    source = write(tmp_path / "a.ndjson", stroke())
    (first,), _ = decided(stroke_plan, source)
    write(source, stroke("1", made_number(80)))
    (changed,), _ = decided(stroke_plan, source, known={first.record.case: known_of(first)})
    assert (changed.action, changed.record.case) == ("correct", first.record.case)


def test_release_time_and_sender_change_neither_content_nor_message_id(tmp_path: Path, stroke_plan: Plan) -> None:
    source = write(tmp_path / "a.ndjson", stroke())
    (first,), _ = decided(stroke_plan, source)
    later = with_(stroke_plan, release="hjerneslag@2+another")
    (again,), _ = decided(later, source)
    assert (again.content, again.message_id) == (first.content, first.message_id)
    assert again.record.release != first.record.release


def test_case_keys_tell_nothing_without_the_secret(tmp_path: Path, stroke_plan: Plan) -> None:
    source = write(tmp_path / "a.ndjson", stroke())
    (one,), _ = decided(stroke_plan, source)
    other = with_(setting(stroke_plan), key=bytes(32))
    (two,) = list(pipeline.decisions(FhirFiles(source), other, Summary()))
    assert bytes(32) != KEY
    assert one.record.case != two.record.case
    assert one.content != two.content


def test_a_record_whose_message_fails_the_schema_is_held(tmp_path: Path, stroke_plan: Plan) -> None:
    (decision,), _ = decided(stroke_plan, write(tmp_path / "a.ndjson", stroke()))
    broken = replace(decision.record, start="2025-03-02T14:10:77")
    identity = Identity(made_number(80), "FNR")
    held = pipeline.decide(broken, identity, setting(stroke_plan), validator(stroke_plan.definition))
    assert (held.action, held.payload, held.message_id) == ("hold", b"", "")
    assert (held.record.findings[-1].rule, held.record.findings[-1].severity) == ("message_invalid", "error")
    assert held.record.values == broken.values


def test_candidates_in_and_out_are_counted_with_their_reason(tmp_path: Path, stroke_plan: Plan) -> None:
    stroke_code = concept(ICD10, "I63.9")
    journal = [
        *stroke(),
        stay("e5", **{"class": {"code": "AMB"}}),
        condition("c5", code=stroke_code, stay="e5"),
        condition("c6", code=stroke_code, stay=None),
        condition("c7", code=stroke_code, verificationStatus=concept("", "refuted")),
        stay("e8", status="cancelled"),
        condition("c8", code=stroke_code, stay="e8"),
    ]
    _, summary = decided(stroke_plan, write(tmp_path / "a.ndjson", journal))
    assert summary.plain()["candidates"] == {
        "in": 1,
        "out": {"case.no_stay": 1, "case.outpatient": 1, "case.refuted": 1, "case.stay_not_done": 1},
    }
