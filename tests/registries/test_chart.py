"""A chart is the same whatever order its entries come in, however often, and holds the latest version of each."""

from __future__ import annotations

from random import Random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from registries.chart import chart_of, written_at
from registries.entry import JournalEntry, Kind
from tests.registries.strategies import entries, stays


def _marked(entry: JournalEntry, source: str, updated: str) -> JournalEntry:
    return msgspec.structs.replace(entry, source=source, updated=updated, selectors=(0,))


#: Entries of which several may be versions of one, with and without the time they were updated.
versions = st.lists(
    st.builds(_marked, entries(), st.sampled_from("abc"), st.sampled_from(["", "2026-01-01", "2026-01-02"])), max_size=8
)


@given(versions, st.randoms())
def test_order_and_repetition_do_not_matter(found: list[JournalEntry], random: Random) -> None:
    shuffled = [*found, *found]
    random.shuffle(shuffled)
    assert chart_of("p1", shuffled, {}, {}) == chart_of("p1", found, {}, {})


@given(versions)
def test_each_entry_is_there_once_in_its_latest_version(found: list[JournalEntry]) -> None:
    chart = chart_of("p1", found, {}, {})
    assert sorted(one.source for one in chart.entries) == sorted({one.source for one in found})
    for kept in chart.entries:
        assert kept in found
        assert kept.updated == max((one.updated for one in found if one.source == kept.source), key=written_at)


@given(versions)
def test_entries_stand_in_the_order_of_their_times(found: list[JournalEntry]) -> None:
    chart = chart_of("p1", found, {}, {})
    assert list(chart.entries) == sorted(chart.entries, key=lambda one: one.order)


def test_what_no_rule_asks_about_is_left_out_but_never_a_stay() -> None:
    stay, _, diagnosis = stays()
    assert chart_of("p1", [stay, diagnosis], {}, {}).entries == (stay,)


def test_a_later_version_that_says_nothing_takes_the_earlier_away() -> None:
    _, _, diagnosis = stays()
    early = msgspec.structs.replace(diagnosis, selectors=(0,), updated="2026-01-01")
    late = JournalEntry(source=diagnosis.source, kind=Kind.CONDITION, patient="p1", updated="2026-01-02")
    assert chart_of("p1", [late, early], {}, {}).entries == ()


def test_neither_charts_nor_entries_show_who_they_are_about() -> None:
    chart = chart_of("patient-77", [msgspec.structs.replace(one, patient="patient-77") for one in stays()], {}, {})
    assert "patient-77" not in repr(chart) + repr(chart.entries)
