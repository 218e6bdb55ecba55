"""Journals that nobody here wrote: fourteen synthetic patients from Synthea, three of them with a stroke."""

from __future__ import annotations

from pathlib import Path

import pytest

from registries.plan import Plan
from reporting.explain import why
from tests.journals import decided

pytestmark = pytest.mark.shared


@pytest.fixture
def synthea(shared: Path) -> Path:
    return shared / "data" / "fhir" / "synthea"


def test_exactly_the_three_strokes_are_found_each_variable_explained(synthea: Path, stroke_plan: Plan) -> None:
    made, summary = decided(stroke_plan, synthea)
    assert summary.account.problems == []
    assert (summary.account.patients, len(made)) == (14, 3)
    variables = stroke_plan.definition.variables
    for decision in made:
        assert [value.variable for value in decision.record.values] == list(variables)
        for value in decision.record.values:
            assert (value.value is None) == (value.reason is not None)
            told = why(value, variables[value.variable])
            assert len(told.nb) > 10
            assert len(told.en) > 10
            assert value.value is None or value.rule


def test_nothing_is_sent_of_people_without_a_norwegian_number(synthea: Path, stroke_plan: Plan) -> None:
    made, _ = decided(stroke_plan, synthea)
    for decision in made:
        assert (decision.action, decision.payload) == ("hold", b"")
        assert "no_identity" in {finding.rule for finding in decision.record.findings}


def test_what_the_bundles_say_is_derived(synthea: Path, stroke_plan: Plan) -> None:
    made, _ = decided(stroke_plan, synthea)
    told = [{v.variable: v for v in decision.record.values} for decision in made]
    assert all(values["Innleggelsestidspunkt"].value for values in told)
    assert {values["Slagdiagnose"].value for values in told} <= {2, 3}
    assert all(values["NIHSSinnkomst"].reason == "no_entry" for values in told)
