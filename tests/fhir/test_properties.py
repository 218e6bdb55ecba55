"""Laws of reading: how lines are split into files, ordered and repeated changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.synth.generate import generate
from registries.chart import Chart
from registries.plan import Plan
from reporting.adapters.fhir.source import FhirFiles
from reporting.journal import Account, Identity
from tests import journals
from tests.codecs.examples import synthetic
from tests.journals import (
    ICD10,
    LOINC,
    Resource,
    concept,
    condition,
    decided,
    line,
    nihss,
    observation,
    patient,
    statement,
    stay,
    stroke,
)

_V1, _V2 = {"lastUpdated": "2025-03-03T08:00:00Z"}, {"lastUpdated": "2025-03-04T08:00:00+01:00"}
_MRS = concept(LOINC, "75859-9")

#: Two patients with a stroke and one without; entries in several versions, with and without dates; what no rule reads.
JOURNAL: list[Resource] = [
    *stroke("1"),
    patient("p1", synthetic(2), meta=_V2, maritalStatus=concept("", "")),
    patient("p1", synthetic(3), meta=_V1),
    nihss(9, "o1", meta=_V2),
    nihss(8, "o1", meta=_V1),
    nihss(12, "o3", effectiveDateTime="2025-03-02T15:00:00+01:00"),
    observation("o4", code=_MRS, valueQuantity={"value": 1}, meta=_V1),
    observation("o4", code=_MRS, valueQuantity={"value": 2}, meta=_V1),
    observation("o5", code=_MRS, valueQuantity={"value": 4}, effectiveDateTime="2025-06-02"),
    observation("o5", code=_MRS, valueQuantity={"value": 5}, effectiveDateTime="2025-06-02"),
    condition("c5", code=concept(ICD10, "E11.9"), stay=None, meta=_V1),
    condition("c5", code=concept(ICD10, "J18.9"), stay=None, meta=_V2),
    condition("c6", code=concept("http://local.example", "x"), stay=None),
    statement("s1", "B01AC06"),
    journals.given("g1", "B01AD02"),
    *stroke("2", None),
    patient("p2", synthetic(4)),
    patient("p2", synthetic(5)),
    stay("e2", "p2", "2025-03-02T14:20:00+01:00", meta=_V2),
    patient("p3"),
    condition("c3", "p3", code=concept(ICD10, "J18.9"), stay=None),
]


def _split(folder: Path, lines: list[tuple[int, Resource]]) -> None:
    for number in range(3):
        (folder / f"{number}.ndjson").write_bytes(b"".join(line(r) + b"\n" for n, r in lines if n == number))


def _charts(plan: Plan, folder: Path) -> list[tuple[Chart, tuple[Identity, ...]]]:
    """Charts whose counts say only what rules ask: whether there is any."""
    account = Account()
    found = list(FhirFiles(folder).charts(plan, account))
    assert account.problems == []
    return [(_rough(chart), identities) for chart, identities in found]


def _rough(chart: Chart) -> Chart:
    def some(counts: Mapping[Any, int]) -> Mapping[Any, int]:
        return {kind: 1 for kind, count in counts.items() if count}

    return Chart(patient=chart.patient, entries=chart.entries, seen=some(chart.seen), unreadable=some(chart.unreadable))


@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_split_order_and_repetition_gives_the_same_charts_and_decisions(
    data: st.DataObject, tmp_path: Path, stroke_plan: Plan
) -> None:
    folder = tmp_path / "plain"
    folder.mkdir(exist_ok=True)
    _split(folder, [(0, resource) for resource in JOURNAL])
    expected, made = _charts(stroke_plan, folder), decided(stroke_plan, folder)[0]
    repeated = data.draw(st.lists(st.sampled_from(JOURNAL), max_size=5))
    shuffled = data.draw(st.permutations(JOURNAL + repeated))
    _split(folder, [(data.draw(st.integers(0, 2)), resource) for resource in shuffled])
    assert _charts(stroke_plan, folder) == expected
    assert decided(stroke_plan, folder)[0] == made


def test_the_journal_of_the_law_says_something(tmp_path: Path, stroke_plan: Plan) -> None:
    _split(tmp_path, [(0, resource) for resource in JOURNAL])
    made, _ = decided(stroke_plan, tmp_path)
    assert [(d.record.patient, d.action) for d in made] == [("Patient/p1", "send"), ("Patient/p2", "hold")]
    told = {value.variable: value for value in made[0].record.values}
    assert told["NIHSSinnkomst"].value == 9
    assert (told["PreDiabetes"].value, told["PreASA"].value, told["Trombolyse"].value) == (2, 1, 1)
    assert synthetic(2).encode() in made[0].payload
    assert made[1].record.findings[0].rule == "identity_ambiguous"


@pytest.mark.parametrize("registry", ["stroke_plan", "heart_plan"])
def test_a_synthetic_hospital_read_backwards_is_the_same(
    registry: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    plan: Plan = request.getfixturevalue(registry)
    generate(tmp_path / "forth", 60, 11)
    lines: list[bytes] = []
    for path in sorted((tmp_path / "forth").glob("*.ndjson")):
        lines += path.read_bytes().splitlines(keepends=True)
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "all.ndjson").write_bytes(b"".join(reversed(lines + lines[::7])))
    forth, back = decided(plan, tmp_path / "forth")[0], decided(plan, tmp_path / "back")[0]
    assert len(forth) > 5
    assert forth == back
