"""Several registries from one reading: each gets what it would get alone, and the files are read once for all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.synth.generate import generate
from registries.chart import Chart
from registries.entry import Kind
from registries.plan import Plan
from reporting.adapters.fhir import files
from reporting.adapters.fhir.source import FhirFiles
from reporting.journal import Account, Identity
from reporting.pipeline import Summary, decisions_for, records_for
from tests.fhir.examples import asking, document, family, form, request
from tests.fhir.test_properties import JOURNAL
from tests.journals import ICD10, KEY, Resource, concept, condition, decided, line, observation, setting, stroke, write

_V1 = {"lastUpdated": "2025-03-03T08:00:00Z"}
#: Two versions of one date, each of which another registry reads; and kinds that only some ask about.
MORE: list[Resource] = [
    condition("c7", code=concept(ICD10, "I63.9"), stay=None, meta=_V1),
    condition("c7", code=concept(ICD10, "I21.9"), stay=None, meta=_V1),
    condition("c8", "p3", code=concept(ICD10, "I21.9"), stay=None),
    request("r1", "B01AC06"),
    form("q1", {"1": {"valueInteger": 4}}),
    document("d1", "p3"),
    family("f1", concept("http://local.example", "x")),
    observation("b1", component=[{"code": concept("http://local.example", "x")}]),
]


@pytest.fixture(scope="module")
def plans(stroke_plan: Plan, heart_plan: Plan) -> tuple[Plan, ...]:
    """Registries that overlap in cases and in what they ask about."""
    return (
        stroke_plan,
        asking({"select": "answer"}, {"select": "condition", "codes": {"icd10": ["E11"]}}, registry="a"),
        heart_plan,
        asking({"select": "document"}, {"select": "family_history"}, registry="b", codes=("I21", "I63")),
        asking({"select": "medication_request"}, registry="c", codes=("J18",)),
        stroke_plan,
    )


def _alone(plan: Plan, folder: Path) -> dict[str, tuple[Chart, tuple[Identity, ...]]]:
    return {chart.patient: (chart, who) for chart, who in FhirFiles(folder).charts(plan, Account())}


def _together(plans: Sequence[Plan], folder: Path) -> list[dict[str, tuple[Chart, tuple[Identity, ...]]]]:
    found: list[dict[str, tuple[Chart, tuple[Identity, ...]]]] = [{} for _ in plans]
    for one in FhirFiles(folder).charts_for(plans, Account()):
        for number, chart in enumerate(one.charts):
            if chart is not None:
                found[number][chart.patient] = (chart, one.identities)
    return found


@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_registry_gets_the_charts_it_would_get_alone(
    data: st.DataObject, tmp_path: Path, plans: tuple[Plan, ...]
) -> None:
    resources = data.draw(st.permutations([*JOURNAL, *MORE]))[: data.draw(st.integers(0, 100))]
    for number in range(3):
        (tmp_path / f"{number}.ndjson").write_bytes(b"")
    for resource in resources:
        with (tmp_path / f"{data.draw(st.integers(0, 2))}.ndjson").open("ab") as file:
            file.write(line(resource) + b"\n")
    wanted = data.draw(st.permutations(plans))[: data.draw(st.integers(1, len(plans)))]
    assert _together(wanted, tmp_path) == [_alone(plan, tmp_path) for plan in wanted]


def test_the_registries_of_the_law_differ(tmp_path: Path, plans: tuple[Plan, ...]) -> None:
    write(tmp_path / "a.ndjson", [*JOURNAL, *MORE])
    found = _together(plans, tmp_path)
    assert [set(charts) for charts in found] == [
        {"Patient/p1", "Patient/p2"},
        {"Patient/p1"},
        set(),
        {"Patient/p1", "Patient/p3"},
        {"Patient/p1", "Patient/p3"},
        {"Patient/p1", "Patient/p2"},
    ]
    kinds = [{entry.kind for chart, _ in charts.values() for entry in chart.entries} for charts in found]
    assert (Kind.ANSWER in kinds[1], Kind.DOCUMENT in kinds[3], Kind.MEDICATION_REQUEST in kinds[4]) == (True,) * 3
    assert [Kind.ANSWER in of_one for of_one in kinds].count(True) == 1
    # Its release does not have the stroke's concept; the local code is nobody's.
    assert found[3]["Patient/p1"][0].unreadable == {Kind.CONDITION: 2, Kind.FAMILY_HISTORY: 1}


def test_a_synthetic_hospital_gives_each_registry_its_own_decisions(
    tmp_path: Path, stroke_plan: Plan, heart_plan: Plan
) -> None:
    generate(tmp_path, 150, 7)
    pair = (stroke_plan, heart_plan)
    summaries = (Summary(), Summary())
    made = list(decisions_for(FhirFiles(tmp_path), [setting(plan) for plan in pair], summaries))
    for number, plan in enumerate(pair):
        alone, summary = decided(plan, tmp_path)
        assert [decision for place, decision in made if place == number] == alone
        assert summaries[number].plain() == summary.plain() | {"skipped": summaries[number].plain()["skipped"]}
    assert {place for place, _ in made} == {0, 1}
    records = list(records_for(FhirFiles(tmp_path), pair, KEY, Account()))
    assert [(place, record.case, record.values) for place, record in records] == [
        (place, decision.record.case, decision.record.values) for place, decision in made
    ]


def test_files_are_read_once_however_many_registries_there_are(
    tmp_path: Path, plans: tuple[Plan, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "Condition.ndjson", [r for r in JOURNAL if r["resourceType"] == "Condition"])
    write(tmp_path / "Observation.ndjson", [r for r in JOURNAL if r["resourceType"] == "Observation"])
    opened: list[str] = []
    pieces = files._pieces
    monkeypatch.setattr(files, "_pieces", lambda file: opened.append(Path(file.name).stem) or pieces(file))
    account = Account()
    list(FhirFiles(tmp_path).charts_for(plans, account))
    assert opened == ["Condition", "Condition", "Observation"]
    assert account.read == sum(r["resourceType"] in ("Condition", "Observation") for r in JOURNAL)


def test_no_registry_at_all_reads_nothing_of_anyone(tmp_path: Path) -> None:
    write(tmp_path / "a.ndjson", stroke())
    assert list(FhirFiles(tmp_path).charts_for((), Account())) == []
