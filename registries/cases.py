"""From a chart to cases: which entries are index events, why others are not, and which belong together."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from registries.case_rule import CaseRule, Period
from registries.chart import Chart
from registries.entry import JournalEntry, Kind, Standing, When
from registries.episodes import ends, episodes_of
from registries.moments import OPEN_END, parse_duration
from registries.plan import Plan
from registries.record import Case


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with an index code, and why it is not an index event: a key in the texts (`case.…`); "" when it is."""

    entry: JournalEntry
    out: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """What came of a chart's candidates."""

    cases: tuple[Case, ...]
    candidates: tuple[Candidate, ...]


def select(chart: Chart, plan: Plan, key: bytes) -> Selection:
    """The cases in a chart. `key` is the secret that case keys are made with: a key tells nothing about the patient."""
    rule = plan.definition.case
    events = _Events(chart, rule)
    candidates = [Candidate(entry, events.why_out(entry)) for entry in chart.entries if plan.index in entry.selectors]
    candidates = events.main_ones(candidates)
    index = sorted((one.entry for one in candidates if not one.out), key=lambda one: (events.starts(one), one.order))
    found = [events.case(group, plan.definition.registry, key) for group in events.together(index)]
    cases = tuple(case for case in found if _reported(case, rule.period))
    kept = {entry.source for case in cases for entry in case.index}
    return Selection(cases, tuple(_settled(one, kept) for one in candidates))


def renamed(selection: Selection, registry: str, key: bytes) -> Selection:
    """The same selection as another registry with the same case rule has it: a case's key is each registry's own."""
    cases = tuple(replace(case, key=_key(key, registry, case.patient, case.start)) for case in selection.cases)
    return Selection(cases, selection.candidates)


class _Events:
    """The possible index events of one chart, and the stays they belong to."""

    def __init__(self, chart: Chart, rule: CaseRule) -> None:
        self.rule = rule
        self.stays = {entry.source: entry for entry in chart.entries if entry.kind is Kind.STAY}
        self.episodes: Mapping[str, tuple[JournalEntry, ...]] = episodes_of(self.stays.values(), rule)

    def stay(self, entry: JournalEntry) -> JournalEntry | None:
        if entry.kind is Kind.STAY:
            return entry
        if entry.kind is Kind.PROCEDURE and entry.stay is None:
            return self.around(entry)
        return self.stays.get(entry.stay or "")

    def around(self, entry: JournalEntry) -> JournalEntry | None:
        """The first stay during which a procedure was done that is linked to none."""
        done = entry.start
        if done is None:
            return None
        found = (
            stay
            for stay in self.stays.values()
            if self.makes_cases(stay)
            and stay.start is not None
            and stay.start.moment <= done.latest
            and done.moment <= ends(stay, stay.start)
        )
        return min(found, key=lambda stay: stay.order, default=None)

    def makes_cases(self, stay: JournalEntry) -> bool:
        classes = self.rule.stay_class
        return stay.standing is Standing.COUNTS and (classes is None or stay.stay_class in classes)

    def episode(self, entry: JournalEntry) -> tuple[JournalEntry, ...]:
        """The stays of the episode that an event belongs to."""
        stay = self.stay(entry)
        return self.episodes[stay.source] if stay is not None else ()

    def why_out(self, entry: JournalEntry) -> str:
        rule, stay = self.rule, self.stay(entry)
        if entry.standing is not Standing.COUNTS:
            return f"case.{entry.standing}"
        if rule.stay_class is not None:
            if stay is None:
                return "case.no_stay"
            if stay.stay_class not in rule.stay_class:
                return "case.outpatient"
        if stay is not None and stay.standing is not Standing.COUNTS:
            return f"case.stay_{stay.standing}"
        if rule.begun_within is not None and _before(entry, stay, parse_duration(rule.begun_within)):
            return "case.history"
        anchor = stay if rule.start == "stay" else entry
        return "" if anchor is not None and anchor.start is not None else "case.no_time"

    def main_ones(self, candidates: list[Candidate]) -> list[Candidate]:
        """The candidates, those out that a stay ranks below another of them."""
        best: dict[str | None, int] = {}
        for one in candidates:
            if one.entry.rank and not one.out:
                best[one.entry.stay] = min(one.entry.rank, best.get(one.entry.stay, one.entry.rank))
        return [
            Candidate(one.entry, "case.secondary")
            if not one.out and one.entry.rank > best.get(one.entry.stay, one.entry.rank)
            else one
            for one in candidates
        ]

    def starts(self, entry: JournalEntry) -> When:
        """When the case of an event starts at the latest: with its episode, or with the event itself."""
        bounds = self.episode(entry) if self.rule.start == "stay" else (entry,)
        return min(one.start for one in bounds if one.start is not None)

    def ended(self, entry: JournalEntry) -> datetime:
        """When what an event belongs to had ended, as far as is known."""
        bounds = self.episode(entry) if self.rule.start == "stay" else (entry,)
        return max(ends(one, one.start) for one in bounds if one.start is not None)

    def together(self, index: list[JournalEntry]) -> list[list[JournalEntry]]:
        """Index events by case: those that start within the definition's time of it."""
        within = parse_duration(self.rule.same_case_within)
        groups: list[list[JournalEntry]] = []
        for entry in index:
            if groups and self.starts(entry).moment - self.counted_from(groups[-1]) <= within:
                groups[-1].append(entry)
            else:
                groups.append([entry])
        return groups

    def counted_from(self, group: list[JournalEntry]) -> datetime:
        if self.rule.same_case_from == "end":
            return max(self.ended(entry) for entry in group)
        return self.starts(group[0 if self.rule.same_case_from == "first" else -1]).moment

    def case(self, index: list[JournalEntry], registry: str, key: bytes) -> Case:
        own = {stay.source: stay for entry in index for stay in self.episode(entry)}
        stays = tuple(sorted(own.values(), key=lambda stay: stay.order))
        start = self.starts(index[0])
        end = max(_end(one) for one in (stays if self.rule.start == "stay" else index))
        begun = [entry.start for entry in index if entry.start is not None]
        done = [entry.start for entry in index if entry.start is not None and entry.kind is Kind.PROCEDURE]
        return Case(
            key=_key(key, registry, index[0].patient, start),
            patient=index[0].patient,
            index=tuple(sorted(index, key=lambda entry: entry.order)),
            stays=stays,
            start=start,
            end=end,
            onset=min([start, *begun]),
            admission=min((stay.start for stay in stays if stay.start is not None), default=start),
            discharge=max((stay.end or OPEN_END for stay in stays), default=end),
            procedure=min(done, default=None),
        )


def _before(entry: JournalEntry, stay: JournalEntry | None, within: timedelta) -> bool:
    """Whether an event had begun longer than `within` before its stay: a date as late as it can be."""
    if stay is None or stay.start is None or entry.start is None:
        return False
    return stay.start.moment - entry.start.latest > within


def _settled(candidate: Candidate, kept: set[str]) -> Candidate:
    """A candidate whose case is not reported is none."""
    if candidate.out or candidate.entry.source in kept:
        return candidate
    return Candidate(candidate.entry, "case.outside_period")


def _reported(case: Case, period: Period | None) -> bool:
    """Whether a case belongs to the period; an inexact date when any day of it does, an open case never by its end."""
    if period is None:
        return True
    at = case.end if period.by == "end" else case.start
    if at == OPEN_END:
        return False
    first, last = at.local.date(), When(at.latest).local.date()
    return (period.from_ is None or last >= period.from_) and (period.to is None or first <= period.to)


def _end(entry: JournalEntry) -> When:
    """When something ends: a stay without an end goes on, anything else ends when it starts."""
    if entry.end is not None:
        return entry.end
    return OPEN_END if entry.kind is Kind.STAY or entry.start is None else entry.start


def _key(secret: bytes, registry: str, patient: str, start: When) -> str:
    text = "\x1f".join((registry, patient, start.moment.isoformat()))
    return hmac.digest(secret, text.encode(), "sha256").hex()[:32]
