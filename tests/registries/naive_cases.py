"""Which cases a journal has, a second time, written from the reference and for reading."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from registries.definition import Definition
from registries.entry import JournalEntry, Kind, Standing, When
from registries.moments import OPEN_END
from terminology.codes import ICD10

_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(days=7)}


def naive_cases(definition: Definition, journal: list[JournalEntry]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The cases (index events, stays, times), and for each candidate why it is no event ("" when it is one).

    It knows the codes of `tests.registries.random_definitions`: strokes are events.
    """
    rule, stays = definition.case, {one.source: one for one in journal if one.kind is Kind.STAY}
    candidates = [
        one for one in journal if one.kind is rule.select and (one.kind is Kind.STAY or any(map(_stroke, one.codes)))
    ]
    out = {one.source: _out(one, _stay(one, stays, rule), rule) for one in candidates}
    sure = [one for one in candidates if not out[one.source]]
    for one in sure:
        if any(one.rank > other.rank > 0 and one.stay == other.stay for other in sure):
            out[one.source] = "case.secondary"
    events = [one for one in candidates if not out[one.source]]
    bounds = {
        one.source: _episode(_stay(one, stays, rule), list(stays.values()), rule) if rule.start == "stay" else [one]
        for one in events
    }
    starts = {name: min(part.start for part in parts if part.start) for name, parts in bounds.items()}
    events.sort(key=lambda one: (starts[one.source], one.order))
    groups: list[list[JournalEntry]] = []
    for one in events:
        if groups and starts[one.source].moment <= _reach(groups[-1], bounds, starts, rule):
            groups[-1].append(one)
        else:
            groups.append([one])
    cases = []
    for group in groups:
        case = _case(group, bounds, starts, stays, rule)
        if _in_period(case, rule):
            cases.append(case)
        else:
            out |= {one.source: "case.outside_period" for one in group}
    return cases, out


def _stroke(code: Any) -> bool:
    return code.system == ICD10 and "I60" <= code.value[:3] <= "I64"


def _stay(entry: JournalEntry, stays: dict[str, JournalEntry], rule: Any) -> JournalEntry | None:
    if entry.kind is Kind.PROCEDURE and entry.stay is None:
        during = [one for one in stays.values() if _during(entry, one, rule)]
        return sorted(during, key=lambda one: one.order)[0] if during else None
    return entry if entry.kind is Kind.STAY else stays.get(str(entry.stay))


def _during(entry: JournalEntry, stay: JournalEntry, rule: Any) -> bool:
    if stay.standing is not Standing.COUNTS or (rule.stay_class and stay.stay_class not in rule.stay_class):
        return False
    if entry.start is None or stay.start is None:
        return False
    return entry.start.latest >= stay.start.moment and entry.start.moment <= _ended(stay)


def _out(entry: JournalEntry, stay: JournalEntry | None, rule: Any) -> str:
    if entry.standing is not Standing.COUNTS:
        return f"case.{entry.standing}"
    if rule.stay_class and stay is None:
        return "case.no_stay"
    if rule.stay_class and stay is not None and stay.stay_class not in rule.stay_class:
        return "case.outpatient"
    if stay is not None and stay.standing is not Standing.COUNTS:
        return f"case.stay_{stay.standing}"
    times = stay is not None and stay.start and entry.start and (entry.start.latest, stay.start.moment)
    if rule.begun_within and times and times[0] + _length(rule.begun_within) < times[1]:
        return "case.history"
    begins = stay if rule.start == "stay" else entry
    return "case.no_time" if begins is None or begins.start is None else ""


def _length(text: str) -> timedelta:
    digits = "".join(one for one in text if one.isdigit())
    return int(digits) * _UNITS[text[len(digits) :]]


def _ended(entry: JournalEntry) -> datetime:
    assert entry.start is not None
    return max(entry.start.moment, entry.end.latest) if entry.end else entry.start.moment


def _linked(one: JournalEntry, other: JournalEntry, rule: Any) -> bool:
    """Whether two stays follow each other."""
    for stay in (one, other):
        if stay.standing is not Standing.COUNTS or stay.start is None:
            return False
        if rule.stay_class and stay.stay_class not in rule.stay_class:
            return False
    if not rule.episode.transfers and not (one.organisation and one.organisation == other.organisation):
        return False
    assert one.start is not None
    assert other.start is not None
    gap = _length(rule.episode.gap)
    later, earlier = (one, other) if one.start >= other.start else (other, one)
    assert later.start is not None
    return later.start.moment <= _ended(earlier) + gap


def _episode(stay: JournalEntry | None, stays: list[JournalEntry], rule: Any) -> list[JournalEntry]:
    if stay is None:
        return []
    found = [stay]
    while rule.episode is not None:
        more = [one for one in stays if one not in found and any(_linked(one, other, rule) for other in found)]
        if not more:
            break
        found += more
    return found


def _reach(
    group: list[JournalEntry], bounds: dict[str, list[JournalEntry]], starts: dict[str, When], rule: Any
) -> datetime:
    within = _length(rule.same_case_within)
    if rule.same_case_from == "end":
        return max(_ended(part) for one in group for part in bounds[one.source] if part.start) + within
    return starts[group[0 if rule.same_case_from == "first" else -1].source].moment + within


def _case(
    group: list[JournalEntry],
    bounds: dict[str, list[JournalEntry]],
    starts: dict[str, When],
    stays: dict[str, JournalEntry],
    rule: Any,
) -> dict[str, Any]:
    own = [part for one in group for part in _episode(_stay(one, stays, rule), list(stays.values()), rule)]
    parts = [part for one in group for part in bounds[one.source]]
    start = min(starts[one.source] for one in group)
    end = max(part.end or (OPEN_END if part.kind is Kind.STAY else part.start) for part in parts)
    done = [one.start for one in group if one.start and one.kind is Kind.PROCEDURE]
    return {
        "index": {one.source for one in group},
        "stays": {one.source for one in own},
        "start": start,
        "end": end,
        "onset": min([start, *(one.start for one in group if one.start)]),
        "admission": min([part.start for part in own if part.start], default=start),
        "discharge": max([part.end or OPEN_END for part in own], default=end),
        "procedure": min(done, default=None),
    }


def _in_period(case: dict[str, Any], rule: Any) -> bool:
    period = rule.period
    if period is None:
        return True
    at: When = case["end" if period.by == "end" else "start"]
    first, last = at.local.date(), When(at.latest).local.date()
    open_ended = at == OPEN_END
    return not open_ended and (not period.from_ or period.from_ <= last) and (not period.to or first <= period.to)
