"""Whatever a record holds, every value and every reason has a whole sentence in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registries.definition import Variable, load_definition
from registries.entry import JournalEntry, Kind, Standing
from registries.record import Anchors, Evidence, MapUse, Reason, RegistryRecord, Tier, Value
from reporting.explain import context_of, explain
from tests.explaining.examples import faults, record_of
from tests.journals import DEFINITIONS
from tests.registries.plans import PLAN
from tests.registries.strategies import chart, entries, stays

REGISTRIES = {name: load_definition(DEFINITIONS / name / f"{name}.yaml") for name in ("hjerneslag", "noric")}
VARIABLES = [(slug, name) for slug, registry in REGISTRIES.items() for name in registry.variables]

times = st.sampled_from(
    ["", "2026", "2026-02", "2026-03-02", "2026-03-02T14:10", "2026-10-25T02:30", "en gang", "9999-12-31"]
)
evidence = st.builds(
    Evidence,
    source=st.just("Observation/o1"),
    code=st.sampled_from(["", "icd10:I639", "loinc:70182-1", "linkid:q1", "ukjent", "sex:male"]),
    at=times,
    end=times,
    fold=st.booleans(),
    kind=st.none() | st.sampled_from(Kind),
    standing=st.sampled_from(Standing),
    said=st.sampled_from(["", "7", "7.0 1", "<5 mg/dL", "NaN umol/L", "icd10:I10", "1E+90 kg"]),
)
moments = st.sampled_from(["", "2026-03-02T14:10+01:00", "2026-03-02", "2026-10-25T02:30+01:00"])
anchors = st.builds(Anchors, **dict.fromkeys(Anchors.__struct_fields__, moments))


@st.composite
def values(draw: st.DrawFn, name: str, variable: Variable) -> Value:
    """A value as an older version, another rule or a broken store might have left it."""
    reason = draw(st.none() | st.sampled_from(Reason))
    codes = list(variable.codes or {}) or [7]
    given_value = draw(st.sampled_from([*codes, Decimal("80.5"), "2026-03-02T00:00", "2026-03-02"]))
    rule = draw(st.sampled_from(["", f"{name}/1", f"{name}/2", f"{name}/1.2", f"{name}/9", f"{name}/absent"]))
    return Value(
        variable=name,
        tier=draw(st.sampled_from(Tier)),
        value=None if reason else given_value,
        reason=reason,
        rule="" if reason else rule,
        tried=rule if reason else "",
        evidence=tuple(draw(st.lists(evidence, max_size=3))),
        map=draw(st.none() | st.just(MapUse(map="smoking@1", row="2"))),
        considered=draw(st.integers(0, 5)),
        passed=draw(st.integers(0, 3)),
        note=draw(st.sampled_from(["", "absence", "absence_unreadable", "of_yesterday"])),
        fold=draw(st.booleans()),
    )


@given(st.lists(entries(), max_size=8))
def test_every_value_of_a_journal_has_a_sentence(journal: list[JournalEntry]) -> None:
    record = record_of(chart([*stays(), *journal], PLAN), PLAN)
    context = context_of(record, PLAN.definition)
    told = [explain(value, context.variable(value.variable), context) for value in record.values]
    assert [fault for one in told for fault in faults(one)] == []


@given(st.data())
def test_whatever_a_record_holds_it_is_told(data: st.DataObject) -> None:
    slug, name = data.draw(st.sampled_from(VARIABLES))
    registry = REGISTRIES[slug]
    others = data.draw(st.lists(st.sampled_from(list(registry.variables)), max_size=4, unique=True))
    held = tuple(data.draw(values(one, registry.variables[one])) for one in dict.fromkeys([name, *others]))
    record = RegistryRecord(
        case="c",
        registry="r",
        release="r@1+x",
        start="2026-03-02T14:10",
        patient="p",
        values=held,
        anchors=data.draw(anchors),
    )
    context = context_of(record, registry)
    assert faults(explain(held[0], registry.variables[name], context)) == []


@pytest.mark.parametrize("reason", Reason)
def test_a_bare_reason_is_told_of_every_variable(reason: Reason) -> None:
    for slug, name in VARIABLES:
        variable = REGISTRIES[slug].variables[name]
        told = explain(Value(variable=name, tier=Tier.PROPOSED, reason=reason), variable)
        assert faults(told) == []
        assert told.sentence.nb.startswith(f"{variable.label.nb}: ikke utfylt. ")
        assert told.sentence.en.startswith(f"{variable.label.en}: empty. ")
