"""The sentences of the scenarios, as golden text: one file a scenario, read by people when it changes.

`UPDATE_SCENARIOS=1` writes them anew, as it does the traces.
"""

from __future__ import annotations

import os

import pytest

from registries.plan import Plan
from reporting.explaining.context import NameOf
from tests.explaining.examples import explained, faults
from tests.journals import decided
from tests.scenarios.test_scenarios import HERE, REGISTRIES

#: The scenarios that come to a case.
CASES = [name for name in REGISTRIES if (HERE / name / "message.xml").exists()]


@pytest.mark.parametrize("name", CASES)
def test_a_scenario_reads_as_its_golden_text(name: str, request: pytest.FixtureRequest, names: NameOf) -> None:
    plan: Plan = request.getfixturevalue(REGISTRIES[name])
    made, _ = decided(plan, HERE / name / "journal.ndjson")
    lines: list[str] = []
    for record in (decision.record for decision in made):
        lines += [f"{plan.definition.title.nb} / {plan.definition.title.en}, {record.start}", ""]
        for told in explained(record, plan, names):
            assert faults(told) == []
            lines += [told.sentence.nb, told.sentence.en, ""]
    golden = HERE / name / "sentences.txt"
    if os.environ.get("UPDATE_SCENARIOS") == "1":
        golden.write_text("\n".join(lines), encoding="utf-8")
    assert "\n".join(lines) == golden.read_text(encoding="utf-8")
