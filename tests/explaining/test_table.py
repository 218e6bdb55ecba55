"""Every row of the table reads as it should, and the table has a row for all there is."""

from __future__ import annotations

import pytest

from registries.entry import Kind
from registries.record import Reason, Tier, Value
from reporting.explaining.context import NameOf
from terminology.snomed.bound import BoundRelease
from tests.explaining.examples import EXAMPLES, Example, example_explained, faults, record_of
from tests.spec.language import frame
from tests.spec.runner import chart, plan_of


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row.name)
def test_a_value_reads_as_the_table_says(row: Example, bound: BoundRelease, names: NameOf) -> None:
    told = example_explained(row, bound, names)
    assert (told.sentence.nb, told.sentence.en) == (row.nb, row.en)
    assert faults(told) == []


def test_the_table_has_all_reasons_tiers_and_kinds(bound: BoundRelease) -> None:
    values = [_last(row, bound) for row in EXAMPLES]
    assert set(Reason) - {value.reason for value in values} == set()
    assert set(Tier) - {value.tier for value in values} == set()
    told = {evidence.kind for value in values for evidence in value.evidence}
    # These are told as the others of their sort: sex, a diagnosis.
    assert set(Kind) - told == {Kind.MARITAL, Kind.FAMILY_HISTORY}


def _last(row: Example, bound: BoundRelease) -> Value:
    plan = plan_of(row.spec, bound)
    return record_of(chart((*frame(row.spec.frame), *row.journal), plan), plan).values[-1]
