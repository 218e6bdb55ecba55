"""Cases are groups of index events: the same in any order, each event in one, each candidate accounted for."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registries.cases import select
from registries.definition import Definition
from registries.entry import JournalEntry, Kind, Standing, When
from registries.moments import OPEN_END
from registries.plan import Plan, compile_plan
from tests.registries import plans
from tests.registries.strategies import KEY, NOON, STROKE, chart, times

BY_ENTRY = compile_plan(
    Definition.model_validate(
        plans.data()
        | {"case": {"select": "condition", "codes": {"icd10": ["I63"]}, "start": "entry", "same_case_within": "6h"}}
    ),
    plans.CATALOGUE,
    plans.OneLine(),
    "one-line",
)


@st.composite
def journals(draw: st.DrawFn) -> list[JournalEntry]:
    """Stays of all sorts and index codes in and outside them."""
    stays = [
        JournalEntry(
            source=f"s{number}",
            kind=Kind.STAY,
            patient="p1",
            start=draw(times),
            end=draw(times),
            stay_class=draw(st.sampled_from(["IMP", "AMB"])),
            standing=draw(st.sampled_from([Standing.COUNTS, Standing.PLANNED])),
        )
        for number in range(3)
    ]
    events = [
        JournalEntry(
            source=f"x{number}",
            kind=Kind.CONDITION,
            patient="p1",
            codes=(STROKE,),
            start=draw(times),
            end=draw(times),
            stay=draw(st.sampled_from(["s0", "s1", "s2", "elsewhere", None])),
            standing=draw(st.sampled_from([Standing.COUNTS, Standing.COUNTS, Standing.REFUTED])),
        )
        for number in range(draw(st.integers(1, 6)))
    ]
    return stays + events


@pytest.mark.parametrize("plan", [plans.PLAN, BY_ENTRY], ids=["by stay", "by entry"])
@given(journals(), st.randoms(use_true_random=False))
def test_the_order_of_entries_never_matters(plan: Plan, journal: list[JournalEntry], random: Random) -> None:
    shuffled = list(journal)
    random.shuffle(shuffled)
    assert select(chart(shuffled, plan), plan, KEY) == select(chart(journal, plan), plan, KEY)


@pytest.mark.parametrize("plan", [plans.PLAN, BY_ENTRY], ids=["by stay", "by entry"])
@given(journals())
def test_cases_share_out_the_index_events_and_every_candidate_is_one_or_says_why_not(
    plan: Plan, journal: list[JournalEntry]
) -> None:
    found = select(chart(journal, plan), plan, KEY)
    candidates = {one.source for one in journal if one.kind is Kind.CONDITION}
    assert {one.entry.source for one in found.candidates} == candidates
    inside = sorted(one.entry.source for one in found.candidates if not one.out)
    assert sorted(entry.source for case in found.cases for entry in case.index) == inside
    assert len({case.key for case in found.cases}) == len(found.cases)
    assert all(one.out.startswith("case.") for one in found.candidates if one.out)


@given(journals())
def test_a_case_lies_within_reach_of_its_first_event_and_the_next_does_not(journal: list[JournalEntry]) -> None:
    cases = select(chart(journal, BY_ENTRY), BY_ENTRY, KEY).cases
    reach = timedelta(hours=6)
    for case in cases:
        assert all(one.start and one.start.moment - case.start.moment <= reach for one in case.index)
    for case, later in pairwise(cases):
        assert later.start.moment - case.start.moment > reach


def _event(**changes: object) -> JournalEntry:
    event = JournalEntry(source="x", kind=Kind.CONDITION, patient="p1", codes=(STROKE,), start=When(NOON), stay="s")
    return msgspec.structs.replace(event, **changes)


def _stay(**changes: object) -> JournalEntry:
    stay = JournalEntry(source="s", kind=Kind.STAY, patient="p1", start=When(NOON), stay_class="IMP")
    return msgspec.structs.replace(stay, **changes)


@pytest.mark.parametrize(
    ("event", "stay", "out"),
    [
        (_event(), _stay(), ""),
        *((_event(standing=one), _stay(), f"case.{one}") for one in Standing if one is not Standing.COUNTS),
        *((_event(), _stay(standing=one), f"case.stay_{one}") for one in Standing if one is not Standing.COUNTS),
        (_event(stay=None), _stay(), "case.no_stay"),
        (_event(stay="other"), _stay(), "case.no_stay"),
        (_event(), _stay(stay_class="AMB"), "case.outpatient"),
        (_event(), _stay(start=None), "case.no_time"),
        (_event(start=None), _stay(), ""),
    ],
)
def test_a_candidate_says_why_it_is_no_index_event(event: JournalEntry, stay: JournalEntry, out: str) -> None:
    found = select(chart([event, stay], plans.PLAN), plans.PLAN, KEY)
    assert [one.out for one in found.candidates] == [out]
    assert len(found.cases) == (not out)


def test_an_open_stay_is_an_open_case() -> None:
    (case,) = select(chart([_event(), _stay()], plans.PLAN), plans.PLAN, KEY).cases
    assert (case.end, case.discharge) == (OPEN_END, OPEN_END)


def test_a_key_tells_cases_patients_and_secrets_apart_and_not_who() -> None:
    (case,) = select(chart([_event(), _stay()], plans.PLAN), plans.PLAN, KEY).cases
    (other,) = select(chart([_event(), _stay()], plans.PLAN), plans.PLAN, b"other").cases
    (later,) = select(chart([_event(), _stay(start=When(NOON + timedelta(1)))], plans.PLAN), plans.PLAN, KEY).cases
    (patient,) = select(chart([_event(patient="p2"), _stay(patient="p2")], plans.PLAN), plans.PLAN, KEY).cases
    assert len({case.key, other.key, later.key, patient.key}) == 4
    assert repr(case) == f"Case({case.key})"
    assert "p1" not in case.key
