"""Running rules over one case: which entries count, which of them is meant, and what of it is the value.

The rules of a variable are tried in order and the first that gives a value wins. A rule that finds contradiction
(two results at one time, a unit nobody declared, something that is not a number) stops the search: guessing past it
would be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from registries.chart import Chart
from registries.entry import JournalEntry, Precision, Standing, When
from registries.moments import Moment, within
from registries.plan import Bounds, RulePlan
from registries.record import Case, Reason
from registries.results import SHOWN, Empty, Found, Meaning, band, coded, matched, number_of, translated

_STOPS = frozenset({Reason.DISAGREE, Reason.WRONG_UNIT, Reason.NOT_A_NUMBER})
#: Of several reasons the one that tells a person most comes first.
_TELLING = (
    Reason.DISAGREE,
    Reason.WRONG_UNIT,
    Reason.NOT_A_NUMBER,
    Reason.UNMAPPED_CODE,
    Reason.NO_TIME,
    Reason.DOES_NOT_COUNT,
    Reason.OUTSIDE_WINDOW,
    Reason.INPUT_EMPTY,
    Reason.NO_ENTRY,
)
_DATED = (Precision.CLOCK, Precision.DAY)


class Rules:
    """Runs rules over one case. `meanings` are those of the variables derived so far, which later rules may use."""

    def __init__(self, case: Case, chart: Chart, selectors: int, meanings: Mapping[str, Meaning]) -> None:
        self.case = case
        self.buckets = _by_selector(chart, selectors)
        self.stays = frozenset(stay.source for stay in case.stays)
        self.meanings = meanings
        self.moments: dict[Moment, datetime] = {}

    def first(self, rules: Sequence[RulePlan]) -> Found | Empty:
        """What the first rule gives that gives anything; else the reason that tells most."""
        empty = Empty(Reason.NO_ENTRY)
        for rule in rules:
            result = self.run(rule)
            if isinstance(result, Found) or result.reason in _STOPS:
                return result
            if _TELLING.index(result.reason) < _TELLING.index(empty.reason):
                empty = result
        return empty

    def run(self, plan: RulePlan) -> Found | Empty:
        if plan.rule.between is not None:
            return self.between(plan)
        if plan.parts:
            return self.all_of(plan)
        return self.select(plan)

    def moment(self, wanted: Moment | None) -> datetime | None:
        """A moment of this case, worked out once: many rules share it."""
        if wanted is None:
            return None
        found = self.moments.get(wanted)
        if found is None:
            found = self.moments[wanted] = wanted.of(self.case)
        return found

    def select(self, plan: RulePlan) -> Found | Empty:
        result = self.selected(plan)
        if result.cited:
            return result
        return replace(result, cited=tuple(matched(plan, entry) for entry in result.entries[:SHOWN]))

    def selected(self, plan: RulePlan) -> Found | Empty:
        candidates: Sequence[JournalEntry] = self.case.index if plan.selector is None else self.buckets[plan.selector]
        if not candidates:
            return Empty(Reason.NO_ENTRY)
        counting = [entry for entry in candidates if entry.standing is Standing.COUNTS]
        if not counting:
            return Empty(Reason.DOES_NOT_COUNT, tuple(candidates))
        inside = self.inside(plan, counting)
        if isinstance(inside, Empty):
            return inside
        return self.give(plan, inside)

    def inside(self, plan: RulePlan, entries: list[JournalEntry]) -> list[JournalEntry] | Empty:
        if plan.rule.same_stay:
            kept = [entry for entry in entries if entry.stay in self.stays or entry.source in self.stays]
            if not kept:
                return Empty(Reason.OUTSIDE_WINDOW, tuple(entries))
            entries = kept
        if plan.bounds is None:
            return entries
        timed = [entry for entry in entries if entry.at is not None]
        if not timed:
            return Empty(Reason.NO_TIME, tuple(entries))
        kept = self.in_window(plan.bounds, timed)
        return kept or Empty(Reason.OUTSIDE_WINDOW, tuple(timed))

    def in_window(self, bounds: Bounds, entries: list[JournalEntry]) -> list[JournalEntry]:
        covers = self.moment(bounds.covers)
        if covers is not None:
            return [entry for entry in entries if _covers(entry, covers)]
        from_, to, before = self.moment(bounds.from_), self.moment(bounds.to), self.moment(bounds.before)
        return [entry for entry in entries if entry.at is not None and within(entry.at, from_, to, before)]

    def give(self, plan: RulePlan, entries: list[JournalEntry]) -> Found | Empty:
        rule = plan.rule
        if rule.is_ is not None:
            return Found(rule.is_, tuple(entries), len(entries), plan.name)
        if rule.value == "start":
            return self.start(plan, entries)
        if rule.value == "quantity":
            return number_of(plan, self.pick(plan, entries), len(entries))
        if rule.value == "answer":
            return coded(plan, self.pick(plan, entries), len(entries))
        mapped = [entry for entry in entries if translated(plan, entry)]
        if not mapped:
            return Empty(Reason.UNMAPPED_CODE, tuple(entries))
        return coded(plan, self.pick(plan, mapped), len(entries))

    def start(self, plan: RulePlan, entries: list[JournalEntry]) -> Found | Empty:
        timed = [entry for entry in entries if entry.start is not None and entry.start.precision in _DATED]
        if not timed:
            return Empty(Reason.NO_TIME, tuple(entries))
        picked = self.pick(plan, timed)
        starts = {entry.start for entry in picked if entry.start is not None}
        if len(starts) > 1:
            return Empty(Reason.DISAGREE, tuple(picked))
        return Found(starts.pop(), tuple(picked), len(entries), plan.name)

    def pick(self, plan: RulePlan, entries: list[JournalEntry]) -> list[JournalEntry]:
        """The entry that the rule wants, with any others that claim the same place."""
        if len(entries) == 1:
            return entries
        match plan.rule.pick:
            case "any":
                return entries
            case "first":
                best = min((entry.at for entry in entries if entry.at is not None), default=entries[0].order[0])
                return [entry for entry in entries if entry.order[0] == best]
            case "last":
                best = max(entry.order[0] for entry in entries)
                return [entry for entry in entries if entry.order[0] == best]
            case "last_recorded":
                latest = max(_recorded(entry) for entry in entries)
                return [entry for entry in entries if _recorded(entry) == latest]
        return self.closest(plan, entries)

    def closest(self, plan: RulePlan, entries: list[JournalEntry]) -> list[JournalEntry]:
        target = self.moment(plan.closest)
        if target is None:
            return entries
        best = min(_distance(entry, target) for entry in entries)
        return [entry for entry in entries if _distance(entry, target) == best]

    def all_of(self, plan: RulePlan) -> Found | Empty:
        results = [self.run(part) for part in plan.parts]
        empty = [result for result in results if isinstance(result, Empty)]
        if empty:
            return min(empty, key=lambda result: _TELLING.index(result.reason))
        found = [result for result in results if isinstance(result, Found) and result.entries]
        entries = tuple(result.entries[0] for result in found)
        cited = tuple(result.cited[0] for result in found)
        return Found(plan.rule.is_ or "", entries, len(entries), plan.name, cited=cited)

    def between(self, plan: RulePlan) -> Found | Empty:
        first, then = (self.meanings.get(name) for name in plan.rule.between or ("", ""))
        if not isinstance(first, When) or not isinstance(then, When):
            return Empty(Reason.INPUT_EMPTY)
        if plan.rule.no_clock and not (first.clock and then.clock):
            return Found(plan.rule.no_clock, (), 0, plan.name)
        hours = Decimal((then.moment - first.moment).total_seconds()) / 3600
        if hours < 0:
            return Empty(Reason.DISAGREE)
        return Found(band(plan.rule.bands or [], hours), (), 0, plan.name)


def _by_selector(chart: Chart, count: int) -> list[list[JournalEntry]]:
    buckets: list[list[JournalEntry]] = [[] for _ in range(count)]
    for entry in chart.entries:
        for number in entry.selectors:
            buckets[number].append(entry)
    return buckets


def _covers(entry: JournalEntry, moment: datetime) -> bool:
    return entry.at is not None and entry.at.moment <= moment and (entry.end is None or entry.end.latest >= moment)


def _distance(entry: JournalEntry, target: datetime) -> tuple[float, bool, float]:
    at = entry.order[0]
    away = (at.moment - target).total_seconds()
    return (abs(away), not at.clock, -away)


def _recorded(entry: JournalEntry) -> When:
    return entry.recorded or entry.order[0]
