"""What holds of deriving whatever the journal: order, strangers, more evidence, and the day it happened on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from registries.cases import select
from registries.derivation import derive
from registries.entry import LOCAL, JournalEntry, Kind, When
from registries.record import Reason, Tier, Value
from terminology.codes import ATC, ICD10, LOINC
from tests.registries.plans import PLAN
from tests.registries.strategies import ATRIAL, DIABETES, KEY, chart, code, entries, stays

journals = st.lists(entries(), max_size=8)
#: Codes no rule of the plan asks about, in kinds it does ask about.
_STRANGE = {
    Kind.CONDITION: code(ICD10, "J45"),
    Kind.OBSERVATION: code(LOINC, "8302-2"),
    Kind.MEDICATION_STATEMENT: code(ATC, "C10AA05"),
    Kind.PROCEDURE: code(ICD10, "I48"),
}


def _values(journal: list[JournalEntry]) -> tuple[Value, ...]:
    whole = chart([*stays(), *journal], PLAN)
    return derive(select(whole, PLAN, KEY).cases[0], whole, PLAN)


@given(journals, st.randoms(use_true_random=False))
def test_the_order_of_entries_never_matters(journal: list[JournalEntry], random: Random) -> None:
    shuffled = [*journal, *stays()]
    random.shuffle(shuffled)
    whole = chart(shuffled, PLAN)
    assert derive(select(whole, PLAN, KEY).cases[0], whole, PLAN) == _values(journal)


@given(journals, st.lists(st.tuples(entries(), st.sampled_from(sorted(_STRANGE))), max_size=4))
def test_entries_that_no_rule_asks_about_change_nothing(
    journal: list[JournalEntry], strangers: list[tuple[JournalEntry, Kind]]
) -> None:
    # An absence may come to mean something when a journal begins to hold such entries: that is another test's law.
    added = [msgspec.structs.replace(one, kind=kind, codes=(_STRANGE[kind],)) for one, kind in strangers]
    plain = [one for one in _values(journal) if one.reason is not Reason.NO_SOURCE]
    known = {one.variable: one for one in _values([*journal, *added])}
    assert [known[one.variable] for one in plain] == plain


@given(journals, entries())
def test_more_evidence_never_makes_a_value_missing(journal: list[JournalEntry], more: JournalEntry) -> None:
    assume(not set(more.codes) - {ATRIAL, DIABETES} or more.kind is not Kind.CONDITION)  # the case stays the same
    before, after = _values(journal), _values([*journal, more])
    for old, new in zip(before, after, strict=True):
        if old.value is not None:
            assert new.reason not in (Reason.NO_ENTRY, Reason.NO_SOURCE)


@given(journals, st.integers(-10, 10))
def test_moving_everything_by_whole_days_moves_only_dates(journal: list[JournalEntry], days: int) -> None:
    assume(all(_in_winter(one) for one in journal))
    shift = timedelta(days=days)
    whole = chart([_moved(one, shift) for one in [*stays(), *journal]], PLAN)
    moved = derive(select(whole, PLAN, KEY).cases[0], whole, PLAN)
    for old, new in zip(_values(journal), moved, strict=True):
        if isinstance(old.value, str):
            told = datetime.fromisoformat(old.value) + shift
            assert new.value == told.isoformat(timespec="minutes")
        else:
            assert new.value == old.value
        assert (new.reason, new.note, new.considered) == (old.reason, old.note, old.considered)
        assert [one.source for one in new.evidence] == [one.source for one in old.evidence]


def _in_winter(entry: JournalEntry) -> bool:
    # Calendar years do not move by days, and the clocks stay as they are from November to the end of February.
    times = [one for one in (entry.start, entry.end, entry.recorded) if one is not None]
    spring, autumn = datetime(2026, 3, 1, tzinfo=UTC), datetime(2025, 11, 15, tzinfo=UTC)
    return all(one.precision != "year" and autumn < one.moment < spring for one in times)


def _moved(entry: JournalEntry, by: timedelta) -> JournalEntry:
    times = {name: getattr(entry, name) for name in ("start", "end", "recorded")}
    moved = {name: When(one.moment + by, one.precision) for name, one in times.items() if one is not None}
    return msgspec.structs.replace(entry, **moved)


@given(journals)
def test_a_value_tells_how_it_was_found_or_why_it_was_not(journal: list[JournalEntry]) -> None:
    known = {one.source: one for one in [*stays(), *journal]}
    for value in _values(journal):
        assert (value.value is None) == (value.reason is not None)
        assert bool(value.rule) == (value.value is not None)
        assert value.tier is not Tier.MANUAL or value.reason is Reason.MANUAL
        for evidence in value.evidence:
            entry = known[evidence.source]
            assert evidence.code in {str(one) for one in entry.codes} or not entry.codes


@given(journals)
def test_a_yes_has_an_entry_with_a_code_that_was_asked_for(journal: list[JournalEntry]) -> None:
    value = next(one for one in _values(journal) if one.variable == "Diabetes")
    if value.normed == "yes":
        assert {one.code for one in value.evidence} == {str(DIABETES)}
    elif value.normed == "no":
        assert value.note == "absence"
    else:  # the only diagnosis has no time at all
        assert value.reason is Reason.NO_TIME


def test_local_time_is_that_of_the_hospital() -> None:
    assert str(When(datetime(2026, 7, 1, 22, 30, tzinfo=UTC))) == "2026-07-02T00:30"
    assert When(datetime(2026, 1, 1, tzinfo=UTC)).local.tzinfo is LOCAL
