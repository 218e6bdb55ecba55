"""All that the language can say can be explained: every journal of every table of `tests/spec`."""

from __future__ import annotations

import pytest

from reporting.explaining.context import NameOf
from terminology.snomed.bound import BoundRelease
from tests.explaining.examples import explained, faults, record_of
from tests.spec.language import Spec, frame, table
from tests.spec.runner import chart, plan_of
from tests.spec.tables import SECTIONS

SPECS = [spec for section in SECTIONS for spec in section.specs if isinstance(spec, Spec)]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_value_of_a_table_has_a_sentence(spec: Spec, bound: BoundRelease, names: NameOf) -> None:
    plan = plan_of(spec, bound)
    for journal in table(spec.table).journals:
        record = record_of(chart((*frame(spec.frame), *journal.rows), plan), plan)
        assert [fault for told in explained(record, plan, names) for fault in faults(told)] == []
