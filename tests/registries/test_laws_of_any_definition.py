"""What holds of deriving whatever the definition and the journal: order, strangers, more evidence, and the day.

The definitions are random ones in which every word of the language is met (see `tests.registries.random_definitions`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from registries.cases import select
from registries.definition import Definition
from registries.derivation import derive
from registries.entry import JournalEntry, Kind, When
from registries.plan import Plan, compile_plan
from registries.record import Case, Reason, Value
from terminology.codes import ICD10
from tests.registries import plans
from tests.registries.random_definitions import CATALOGUE, Dice
from tests.registries.strategies import KEY, chart, code

_DEFINITIONS, _JOURNALS = 15, 6
_seeds = st.integers(0, 2**32)
#: A code that none of the definitions asks about.
STRANGE = code(ICD10, "Z99")


class Derived(NamedTuple):
    """A case with its values."""

    case: Case
    values: tuple[Value, ...]


def _derived(journal: list[JournalEntry], plan: Plan) -> list[Derived]:
    whole = chart(journal, plan)
    return [Derived(case, derive(case, whole, plan)) for case in select(whole, plan, KEY).cases]


def _tried(seed: int, calendar: bool = True) -> Iterator[tuple[Dice, Plan, list[JournalEntry]]]:
    for number in range(_DEFINITIONS):
        dice = Dice(seed + number, calendar)
        definition = Definition.model_validate(dice.definition())
        plan = compile_plan(definition, CATALOGUE, plans.OneLine(), "one-line")
        for _ in range(_JOURNALS):
            yield dice, plan, dice.journal()


@settings(max_examples=5)
@given(_seeds)
def test_the_order_of_entries_never_matters(seed: int) -> None:
    for dice, plan, journal in _tried(seed):
        shuffled = dice.random.sample(journal, len(journal))
        assert _derived(shuffled, plan) == _derived(journal, plan)


@settings(max_examples=5)
@given(_seeds)
def test_entries_that_no_rule_asks_about_change_nothing(seed: int) -> None:
    for dice, plan, journal in _tried(seed):
        there = {entry.kind for entry in journal}
        # An absence may come to mean something when a journal begins to hold entries of a kind: that is another law.
        kinds = [kind for kind in Kind if kind is not Kind.STAY and (kind in there or not _given(plan, kind))]
        strangers = [
            replace(dice.entry(f"y{n}"), kind=dice.one_of(kinds), codes=(STRANGE,))
            for n in range(dice.random.randint(1, 5))
        ]
        added = [one for one in strangers if not plan.select(one.kind, one.codes)]
        assert _derived([*journal, *added], plan) == _derived(journal, plan)


def _given(plan: Plan, kind: Kind) -> bool:
    return any(kind in one.absent.given for one in plan.definition.variables.values() if one.absent)


@settings(max_examples=5)
@given(_seeds)
def test_more_evidence_never_makes_a_value_missing(seed: int) -> None:
    for dice, plan, journal in _tried(seed):
        more = dice.entry("y")
        after = {one.case.key: one for one in _derived([*journal, more], plan)}
        for before in _derived(journal, plan):
            same = after.get(before.case.key)
            if same is None or same.case.index != before.case.index:
                continue  # it made another case
            for old, new in zip(before.values, same.values, strict=True):
                if old.value is not None:
                    # Another answer than the one that is asked for is no entry of it, but it is shown.
                    assert new.reason not in (Reason.NO_ENTRY, Reason.NO_SOURCE) or new.evidence


@settings(max_examples=5)
@given(_seeds, st.integers(-9, 9))
def test_moving_everything_by_whole_days_moves_only_dates(seed: int, days: int) -> None:
    by = timedelta(days=days)
    for _, plan, journal in _tried(seed, calendar=False):
        moved = _derived([_moved(entry, by) for entry in journal], plan)
        before = _derived(journal, plan)
        assert [one.case.start for one in moved] == [_later(one.case.start, by) for one in before]
        for old, new in zip(before, moved, strict=True):
            assert [_still(value) for value in new.values] == [_still(_dated(value, by)) for value in old.values]


def _moved(entry: JournalEntry, by: timedelta) -> JournalEntry:
    times = ("start", "end", "recorded", "value_time")
    return replace(entry, **{name: _later(at, by) for name in times if (at := getattr(entry, name)) is not None})


def _later(when: When, by: timedelta) -> When:
    return When(when.moment + by, when.precision)


def _dated(value: Value, by: timedelta) -> Value:
    if not isinstance(value.value, str):
        return value
    if len(value.value) == 10:
        return replace(value, value=(date.fromisoformat(value.value) + by).isoformat())
    return replace(value, value=(datetime.fromisoformat(value.value) + by).isoformat(timespec="minutes"))


def _still(value: Value) -> Value:
    """All of a value but the times of its evidence."""
    return replace(value, evidence=tuple(replace(one, at="", end="") for one in value.evidence))
