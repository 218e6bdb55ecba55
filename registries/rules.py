"""Running rules over one case: which entries count, which of them is meant, and what of it is the value.

The rules of a variable are tried in order and the first that gives a value wins. A rule that finds contradiction
(two results at one time, a unit nobody declared, something that is not a number) stops the search: guessing past it
would be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from registries.chart import Chart
from registries.derived import meaning_of, terms
from registries.durations import LengthUnit, length, span_of
from registries.entry import JournalEntry, Precision, Standing, When
from registries.expressions import Expression
from registries.moments import OPEN_END, Limits, Moment, Span, within
from registries.numbers import exactly
from registries.picks import on_side, picked
from registries.plan import Bounds, RulePlan
from registries.record import Case, Reason
from registries.results import (
    SHOWN,
    Empty,
    Found,
    Given,
    between,
    coded,
    counted,
    extreme,
    matched,
    number_of,
    together,
    translated,
)

_STOPS = frozenset({Reason.DISAGREE, Reason.WRONG_UNIT, Reason.NOT_A_NUMBER})
#: Of several reasons the one that tells a person most comes first.
_TELLING = (
    Reason.DISAGREE,
    Reason.WRONG_UNIT,
    Reason.NOT_A_NUMBER,
    Reason.UNMAPPED_CODE,
    Reason.INEXACT_TIME,
    Reason.NO_TIME,
    Reason.DOES_NOT_COUNT,
    Reason.OUTSIDE_WINDOW,
    Reason.INPUT_EMPTY,
    Reason.NO_ENTRY,
)
_DATED = (Precision.CLOCK, Precision.DAY)
_COUNTS = Standing.COUNTS


class Rules:
    """Runs rules over one case. `given` is what the variables derived so far were given, which later rules may use.

    `present` are the selectors that some entry satisfies.
    """

    def __init__(self, case: Case, chart: Chart, selectors: int, given: Given) -> None:
        self.case = case
        self.buckets = _by_selector(chart, selectors)
        self.present = {number for number, entries in enumerate(self.buckets) if entries}
        self.stays = frozenset(stay.source for stay in case.stays)
        self.given = given
        self.moments: dict[Moment, Span | None] = {}
        self.limits: dict[int, Limits] = {}

    def first(self, rules: Sequence[RulePlan]) -> Found | Empty:
        """What the first rule gives that gives anything; else the reason that tells most."""
        empty: Empty | None = None
        for rule in rules:
            result = self.run(rule)
            if isinstance(result, Found) or result.reason in _STOPS:
                return result
            if empty is None or _TELLING.index(result.reason) < _TELLING.index(empty.reason):
                empty = result
        return empty or Empty(Reason.NO_ENTRY)

    def run(self, plan: RulePlan) -> Found | Empty:
        if plan.rule.between is not None:
            return self.between(plan)
        if plan.duration is not None:
            return self.duration(plan, plan.duration)
        if plan.expression is not None:
            return self.expression(plan, plan.expression)
        if plan.parts:
            return self.all_of(plan)
        return self.select(plan)

    def moment(self, wanted: Moment) -> Span | None:
        """A moment of this case, worked out once: many rules share it."""
        try:
            return self.moments[wanted]
        except KeyError:
            return self.moments.setdefault(wanted, wanted.of(self.case, self.given.meanings))

    def select(self, plan: RulePlan) -> Found | Empty:
        result = self.selected(plan)
        cited = result.cited or tuple(matched(plan, entry) for entry in result.entries[:SHOWN])
        if isinstance(result, Empty):
            return replace(result, cited=cited, rule=plan.name)
        return result if result.cited else replace(result, cited=cited)

    def selected(self, plan: RulePlan) -> Found | Empty:
        if plan.anchors and (missing := self.unanchored(plan)):
            return missing
        candidates: Sequence[JournalEntry] = self.case.index if plan.selector is None else self.buckets[plan.selector]
        if not candidates:
            return Empty(Reason.NO_ENTRY)
        if plan.standings is None:
            counting = [entry for entry in candidates if entry.standing is _COUNTS]
        else:
            counting = [entry for entry in candidates if entry.standing in plan.standings]
        if not counting:
            return Empty(Reason.DOES_NOT_COUNT, tuple(candidates))
        inside = self.inside(plan, counting)
        if isinstance(inside, Empty):
            return inside
        result = self.give(plan, inside)
        passed = len(candidates) - len(inside)
        return replace(result, passed=passed) if passed and isinstance(result, Found) else result

    def unanchored(self, plan: RulePlan) -> Empty | None:
        """Why a rule cannot place its window or its closest entry: an anchor has no time."""
        missing = [moment for moment in plan.anchors if self.moment(moment) is None]
        if not missing:
            return None
        if any(moment.anchor.startswith("variable.") for moment in missing):
            return Empty(Reason.INPUT_EMPTY)
        return Empty(Reason.NO_TIME, self.case.index)

    def inside(self, plan: RulePlan, entries: list[JournalEntry]) -> list[JournalEntry] | Empty:
        if plan.rule.same_stay:
            kept = [entry for entry in entries if entry.stay in self.stays or entry.source in self.stays]
            if not kept:
                return Empty(Reason.OUTSIDE_WINDOW, tuple(entries))
            entries = kept
        if plan.bounds is not None:
            placed = _timed(entries)
            if isinstance(placed, Empty):
                return placed
            kept = self.in_window(plan.bounds, placed)
            if not kept:
                return Empty(Reason.OUTSIDE_WINDOW, tuple(placed))
            entries = kept
        return entries if plan.answers is None else _answering(plan, entries)

    def in_window(self, bounds: Bounds, entries: list[JournalEntry]) -> list[JournalEntry]:
        if bounds.covers is not None:
            covers = self.moment(bounds.covers)
            return [entry for entry in entries if covers is not None and _covers(entry, covers)]
        limits = self.limits.get(id(bounds))
        if limits is None:
            limits = self.limits[id(bounds)] = self.limits_of(bounds)
        return [entry for entry in entries if entry.at is not None and within(entry.at, limits)]

    def limits_of(self, bounds: Bounds) -> Limits:
        spans = [self.moment(one) if one else None for one in (bounds.from_, bounds.after, bounds.to, bounds.before)]
        from_, after, to, before = spans
        return Limits(from_ and from_.first, after and after.last, to and to.last, before and before.first)

    def give(self, plan: RulePlan, entries: list[JournalEntry]) -> Found | Empty:
        rule = plan.rule
        if rule.is_ is not None:
            return Found(rule.is_, tuple(entries), len(entries), plan.name)
        if rule.value == "count":
            return counted(plan, entries)
        chosen = self.of_value(plan, entries)
        if isinstance(chosen, Empty):
            return chosen
        chosen = self.pick(plan, chosen)
        if isinstance(chosen, Empty):
            return chosen
        if plan.age_at is not None:
            return self.age(plan, plan.age_at, chosen)
        if rule.value == "quantity":
            return number_of(plan, chosen, len(entries))
        if rule.value in _TIMES:
            return _time_of(plan, chosen, len(entries))
        return coded(plan, chosen, len(entries))

    def of_value(self, plan: RulePlan, entries: list[JournalEntry]) -> list[JournalEntry] | Empty:
        """The entries that hold what the rule gives. A number and an answer are asked of the entry that is picked."""
        value = plan.rule.value
        if value in ("quantity", "answer"):
            return entries
        if plan.age_at is not None:
            return [entry for entry in entries if entry.start is not None] or Empty(Reason.NO_TIME, tuple(entries))
        if value in _TIMES:
            dated = [entry for entry in entries if (at := _TIMES[value](entry)) is not None and at.precision in _DATED]
            return dated or Empty(Reason.NO_TIME, tuple(entries))
        mapped = [entry for entry in entries if translated(plan, entry)]
        return mapped or Empty(Reason.UNMAPPED_CODE, tuple(entries))

    def pick(self, plan: RulePlan, entries: list[JournalEntry]) -> list[JournalEntry] | Empty:
        """The entry that the rule wants, with any others that claim the same place."""
        pick = plan.pick
        if pick.way in ("min", "max"):
            return extreme(plan, entries)
        target = self.moment(pick.closest) if pick.closest else None
        if target is not None and pick.side != "either":
            timed = _timed(entries)
            if isinstance(timed, Empty):
                return timed
            entries = on_side(pick, timed, target)
            if not entries:
                return Empty(Reason.OUTSIDE_WINDOW, tuple(timed))
        return picked(pick, entries, target)

    def all_of(self, plan: RulePlan) -> Found | Empty:
        results = [self.run(part) for part in plan.parts]
        empty = [result for result in results if isinstance(result, Empty)]
        if empty:
            return min(empty, key=lambda result: _TELLING.index(result.reason))
        entries, cited = together([result for result in results if isinstance(result, Found)], each=1)
        return Found(plan.rule.is_ or "", entries, len(entries), plan.name, cited=cited)

    def between(self, plan: RulePlan) -> Found | Empty:
        inputs = self.given.found(plan.rule.between or ())
        first, then = (one.meaning for one in inputs) if len(inputs) == 2 else (None, None)
        if not isinstance(first, When) or not isinstance(then, When):
            return Empty(Reason.INPUT_EMPTY)
        if plan.rule.no_clock and not (first.clock and then.clock):
            entries, cited = together(inputs)
            return Found(plan.rule.no_clock, entries, len(entries), plan.name, cited=cited)
        return between(plan, length(span_of(first), span_of(then), "h", whole=False), inputs)

    def duration(self, plan: RulePlan, wanted: tuple[Moment, Moment, LengthUnit]) -> Found | Empty:
        *ends, unit = wanted
        inputs = self.given.found(end.anchor.removeprefix("variable.") for end in ends)
        from_, to = (self.exactly(end) for end in ends)
        if from_ is None or to is None:
            missing = self.unanchored(plan) or Empty(Reason.NO_TIME, self.case.index)
            return replace(missing, cited=tuple(matched(plan, one) for one in missing.entries[:SHOWN]), rule=plan.name)
        return between(plan, length(from_, to, unit, plan.whole), inputs)

    def exactly(self, moment: Moment) -> Span | None:
        """A moment as far as it is known: where only a date is, all of the day. An end that has not come is none."""
        whose, _, what = moment.anchor.partition(".")
        told: When | None = getattr(self.case, what) if whose == "case" else None
        if told == OPEN_END:
            return None
        itself = not moment.amount and moment.unit != "cd"  # 0cd is all of its last day
        return span_of(told) if told is not None and itself else self.moment(moment)

    def age(self, plan: RulePlan, moment: Moment, entries: list[JournalEntry]) -> Found | Empty:
        born = {entry.start for entry in entries}
        at, first = self.exactly(moment), born.pop()
        if at is None or first is None:
            return Empty(Reason.NO_TIME, tuple(entries))
        if born:
            return Empty(Reason.DISAGREE, tuple(entries))
        cited = tuple(matched(plan, entry) for entry in entries[:SHOWN])
        result = Found("", tuple(entries), len(entries), plan.name, cited=cited)
        return between(plan, length(span_of(first), at, "y", plan.whole), [result])

    def expression(self, plan: RulePlan, expression: Expression) -> Found | Empty:
        names = sorted(expression.names)
        meaning = meaning_of(expression.of(terms(self.given.meanings, names, plan.days)))
        inputs = self.given.found(names)
        if plan.rule.bands and isinstance(meaning, Decimal):
            return between(plan, exactly(meaning), inputs)
        entries, cited = together(inputs)
        if isinstance(meaning, Reason):
            return Empty(meaning, entries, cited, plan.name)
        return Found(meaning, entries, len(entries), plan.name, cited=cited)


def _by_selector(chart: Chart, count: int) -> list[list[JournalEntry]]:
    buckets: list[list[JournalEntry]] = [[] for _ in range(count)]
    for entry in chart.entries:
        for number in entry.selectors:
            buckets[number].append(entry)
    return buckets


def _covers(entry: JournalEntry, span: Span) -> bool:
    return (
        entry.at is not None and entry.at.moment <= span.last and (entry.end is None or entry.end.latest >= span.first)
    )


def _timed(entries: list[JournalEntry]) -> list[JournalEntry] | Empty:
    timed = [entry for entry in entries if entry.at is not None]
    return timed or Empty(Reason.NO_TIME, tuple(entries))


def _answering(plan: RulePlan, entries: list[JournalEntry]) -> list[JournalEntry] | Empty:
    """The entries with an answer that the rule asks for. An answer that nobody can read may have been that one."""
    wanted = plan.answers
    kept = [entry for entry in entries if wanted is None or any(code in wanted for code in entry.value_codes)]
    if kept:
        return kept
    unread = tuple(entry for entry in entries if not entry.value_codes)
    return Empty(Reason.UNMAPPED_CODE, unread) if unread else Empty(Reason.NO_ENTRY, tuple(entries))


def _time_of(plan: RulePlan, picked: list[JournalEntry], considered: int) -> Found | Empty:
    """The one time that the picked entries hold."""
    times = {_TIMES[plan.rule.value](entry) for entry in picked}
    told = times.pop()
    if times or told is None:
        return Empty(Reason.DISAGREE, tuple(picked))
    return Found(told, tuple(picked), considered, plan.name)


#: The times that an entry holds.
_TIMES: Final[dict[str | None, Callable[[JournalEntry], When | None]]] = {
    "start": attrgetter("start"),
    "end": attrgetter("end"),
    "answer_time": attrgetter("value_time"),
}
