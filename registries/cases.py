"""From a chart to cases: which entries are index events, why others are not, and which belong together."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from registries.chart import Chart
from registries.definition import CaseRule
from registries.entry import JournalEntry, Kind, Standing, When
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
    stays = {entry.source: entry for entry in chart.entries if entry.kind is Kind.STAY}
    rule = plan.definition.case
    candidates = tuple(
        Candidate(entry, _why_out(entry, stays, rule)) for entry in chart.entries if plan.index in entry.selectors
    )
    index = sorted(
        (c.entry for c in candidates if not c.out), key=lambda entry: (_starts(entry, stays, rule), entry.order)
    )
    groups = _together(index, stays, rule)
    return Selection(tuple(_case(group, stays, plan, key) for group in groups), candidates)


def _why_out(entry: JournalEntry, stays: dict[str, JournalEntry], rule: CaseRule) -> str:
    if entry.standing is not Standing.COUNTS:
        return f"case.{entry.standing}"
    stay = stays.get(entry.stay or "")
    if rule.stay_class is not None:
        if stay is None:
            return "case.no_stay"
        if stay.stay_class not in rule.stay_class:
            return "case.outpatient"
    if stay is not None and stay.standing is not Standing.COUNTS:
        return f"case.stay_{stay.standing}"
    anchor = stay if rule.start == "stay" else entry
    return "" if anchor is not None and anchor.start is not None else "case.no_time"


def _starts(entry: JournalEntry, stays: dict[str, JournalEntry], rule: CaseRule) -> When:
    anchor = stays[entry.stay or ""] if rule.start == "stay" else entry
    if anchor.start is None:
        raise ValueError("an index event without a time was not left out")
    return anchor.start


def _together(index: list[JournalEntry], stays: dict[str, JournalEntry], rule: CaseRule) -> list[list[JournalEntry]]:
    """Index events by case: all that start within the definition's time of the first belong to it."""
    reach: timedelta = parse_duration(rule.same_case_within)
    groups: list[list[JournalEntry]] = []
    for entry in index:
        start = _starts(entry, stays, rule)
        if groups and start.moment - _starts(groups[-1][0], stays, rule).moment <= reach:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _case(index: list[JournalEntry], stays: dict[str, JournalEntry], plan: Plan, key: bytes) -> Case:
    rule = plan.definition.case
    own = sorted(
        {stay.source: stay for e in index if (stay := stays.get(e.stay or ""))}.values(), key=lambda s: s.order
    )
    start = _starts(index[0], stays, rule)
    bounds = own if rule.start == "stay" else index
    end = max(_end(entry, rule) for entry in bounds)
    onset = min([start, *(entry.start for entry in index if entry.start is not None)])
    return Case(
        key=_key(key, plan.definition.registry, index[0].patient, start),
        patient=index[0].patient,
        index=tuple(sorted(index, key=lambda entry: entry.order)),
        stays=tuple(own),
        start=start,
        end=end,
        onset=onset,
        admission=min((stay.start for stay in own if stay.start is not None), default=start),
        discharge=max((stay.end or OPEN_END for stay in own), default=end),
    )


def _end(entry: JournalEntry, rule: CaseRule) -> When:
    if entry.end is not None:
        return entry.end
    return OPEN_END if rule.start == "stay" or entry.start is None else entry.start


def _key(secret: bytes, registry: str, patient: str, start: When) -> str:
    text = "\x1f".join((registry, patient, start.moment.isoformat()))
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32]
