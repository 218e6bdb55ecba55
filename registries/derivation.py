"""From a case and its chart to values: each with the entry, rule and map row that gave it, or the reason it is empty.

The rules of a variable are tried in order and the first that gives a value wins. A rule that finds contradiction
(two results at one time, a unit nobody declared, something that is not a number) stops the search: guessing past it
would be wrong. Absence means something only where the definition says so (`absent`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from msgspec.structs import replace

from registries.chart import Chart
from registries.definition import Band, Variable
from registries.entry import JournalEntry, Precision, Quantity, Standing, When
from registries.moments import Moment, within
from registries.plan import Bounds, Plan, RulePlan, VariablePlan
from registries.record import Case, Evidence, MapUse, Reason, RegistryValue, Tier, Value
from terminology.codes import Code
from terminology.maps import Translation, translate

#: What a rule gives before it is written the registry's way: a normed meaning, a number or a time.
Meaning = str | Decimal | int | When

_STOPS = frozenset({Reason.DISAGREE, Reason.WRONG_UNIT, Reason.NOT_A_NUMBER})
_ABSENCE = frozenset({Reason.NO_ENTRY, Reason.OUTSIDE_WINDOW, Reason.DOES_NOT_COUNT})
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
_SHOWN = 3  # entries kept as evidence of one value
_DIGITS = 15  # before the decimal point of a measured value


class Found(msgspec.Struct, frozen=True, gc=False):
    """What a rule gave, from which entries (`cited`: the code of each that matched), and among how many it chose."""

    meaning: Meaning
    entries: tuple[JournalEntry, ...]
    considered: int
    rule: str
    translation: Translation | None = None
    map: str = ""
    cited: tuple[Code | None, ...] = ()


class Empty(msgspec.Struct, frozen=True, gc=False):
    """Why a rule gave nothing, and which entries it looked at."""

    reason: Reason
    entries: tuple[JournalEntry, ...] = ()
    cited: tuple[Code | None, ...] = ()


def derive(case: Case, chart: Chart, plan: Plan) -> tuple[Value, ...]:
    """The values of all variables of a case, in the definition's order. Pure; the order of entries never matters."""
    reading = _Reading(case, chart, _by_selector(chart, len(plan.selectors)))
    return tuple(reading.value(variable) for variable in plan.variables)


def _by_selector(chart: Chart, count: int) -> list[list[JournalEntry]]:
    buckets: list[list[JournalEntry]] = [[] for _ in range(count)]
    for entry in chart.entries:
        for number in entry.selectors:
            buckets[number].append(entry)
    return buckets


class _Reading:
    """One case being read: later variables may refer to earlier ones."""

    def __init__(self, case: Case, chart: Chart, buckets: list[list[JournalEntry]]) -> None:
        self.case = case
        self.chart = chart
        self.buckets = buckets
        self.stays = frozenset(stay.source for stay in case.stays)
        self.meanings: dict[str, Meaning] = {}
        self.moments: dict[Moment, datetime] = {}
        self.not_asked: set[str] = set()
        self.proposed: set[str] = set()

    def value(self, plan: VariablePlan) -> Value:
        variable = plan.variable
        if variable.when and (reason := self.inactive(variable.when)):
            if reason is Reason.NOT_APPLICABLE:
                self.not_asked.add(plan.name)
            return Value(variable=plan.name, tier=variable.automation, reason=reason)
        if variable.automation is Tier.MANUAL:
            return Value(variable=plan.name, tier=Tier.MANUAL, reason=Reason.MANUAL)
        result = self.first(plan.rules)
        if isinstance(result, Found):
            return self.filled(plan, result)
        return self.absent(plan, result)

    def inactive(self, when: dict[str, list[str]]) -> Reason | None:
        for name, wanted in when.items():
            if name in self.not_asked:
                return Reason.NOT_APPLICABLE
            meaning = self.meanings.get(name)
            if meaning is None:
                return Reason.INPUT_EMPTY
            if meaning not in wanted:
                return Reason.NOT_APPLICABLE
        return None

    def first(self, rules: Sequence[RulePlan]) -> Found | Empty:
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

    def filled(self, plan: VariablePlan, found: Found) -> Value:
        written = _written(plan, found.meaning)
        if written is None:
            reason = Reason.UNMAPPED_CODE if isinstance(found.meaning, str) else Reason.NOT_A_NUMBER
            return self.empty(plan, Empty(reason, found.entries, found.cited))
        self.meanings[plan.name] = found.meaning
        translation = found.translation
        return Value(
            variable=plan.name,
            tier=self.tier(plan),
            value=written,
            normed=found.meaning if isinstance(found.meaning, str) else "",
            rule=found.rule,
            evidence=_evidence(found.entries, found.cited),
            map=MapUse(map=found.map, row=str(translation.row.number)) if translation else None,
            considered=found.considered,
        )

    def tier(self, plan: VariablePlan, unsure: bool = False) -> Tier:
        """Who answers for a value: nobody answers for more than for what it was made from."""
        if unsure or plan.variable.automation is Tier.PROPOSED or plan.inputs & self.proposed:
            self.proposed.add(plan.name)
            return Tier.PROPOSED
        return plan.variable.automation

    def empty(self, plan: VariablePlan, result: Empty) -> Value:
        return Value(
            variable=plan.name,
            tier=plan.variable.automation,
            reason=result.reason,
            evidence=_evidence(result.entries, result.cited),
            considered=len(result.entries),
        )

    def absent(self, plan: VariablePlan, result: Empty) -> Value:
        absent = plan.variable.absent
        if absent is None or result.reason not in _ABSENCE:
            return self.empty(plan, result)
        if not all(self.chart.seen.get(kind) for kind in absent.given):
            return self.empty(plan, Empty(Reason.NO_SOURCE))
        unreadable = any(self.chart.unreadable.get(kind) for kind in absent.given)
        self.meanings[plan.name] = absent.is_
        return Value(
            variable=plan.name,
            tier=self.tier(plan, unsure=unreadable),
            value=plan.code_of[absent.is_],
            normed=absent.is_,
            rule=f"{plan.name}/absent",
            evidence=_evidence(result.entries, result.cited),
            considered=len(result.entries),
            note="absence_unreadable" if unreadable else "absence",
        )

    # rules

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
        return replace(result, cited=tuple(_matched(plan, entry) for entry in result.entries[:_SHOWN]))

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
            return _number(plan, self.pick(plan, entries), len(entries))
        if rule.value == "answer":
            return _coded(plan, self.pick(plan, entries), len(entries))
        mapped = [entry for entry in entries if translate_entry(plan, entry)]
        if not mapped:
            return Empty(Reason.UNMAPPED_CODE, tuple(entries))
        return _coded(plan, self.pick(plan, mapped), len(entries))

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
        return Found(_band(plan.rule.bands or [], hours), (), 0, plan.name)


def _covers(entry: JournalEntry, moment: datetime) -> bool:
    return entry.at is not None and entry.at.moment <= moment and (entry.end is None or entry.end.latest >= moment)


def _distance(entry: JournalEntry, target: datetime) -> tuple[float, bool, float]:
    at = entry.order[0]
    away = (at.moment - target).total_seconds()
    return (abs(away), not at.clock, -away)


def _recorded(entry: JournalEntry) -> When:
    return entry.recorded or entry.order[0]


def translate_entry(plan: RulePlan, entry: JournalEntry) -> tuple[Translation, ...]:
    """The normed values an entry's codes (or answer, or site) stand for under the rule's map."""
    if plan.map is None:
        return ()
    codes = {"answer": entry.value_codes, "site": entry.site_codes}.get(plan.rule.value or "", entry.codes)
    return translate(plan.map, codes)


def _coded(plan: RulePlan, picked: list[JournalEntry], considered: int) -> Found | Empty:
    translations = [(entry, found) for entry in picked for found in translate_entry(plan, entry)]
    if not translations or plan.map is None:
        return Empty(Reason.UNMAPPED_CODE, tuple(picked))
    targets = {found.row.target for _, found in translations}
    target = "+".join(sorted(targets))
    if plan.rule.combine is not None:
        target = plan.rule.combine.get(target, "")
    elif len(targets) > 1:
        target = ""
    cited = {entry.source: found.code for entry, found in reversed(translations)}
    kept = tuple(entry for entry in picked if entry.source in cited)
    codes = tuple(cited[entry.source] for entry in kept)
    if not target:
        return Empty(Reason.DISAGREE, kept, codes)
    return Found(target, kept, considered, plan.name, translations[0][1], plan.map.source.cited, codes)


def _number(plan: RulePlan, picked: list[JournalEntry], considered: int) -> Found | Empty:
    entries = tuple(picked)
    if any(entry.quantity is None or not _is_number(entry.quantity) for entry in picked):
        return Empty(Reason.NOT_A_NUMBER, entries)
    numbers = {_converted(plan.units, entry.quantity) for entry in picked if entry.quantity is not None}
    if None in numbers:
        return Empty(Reason.WRONG_UNIT, entries)
    known = {number for number in numbers if number is not None}
    if len(known) > 1 and plan.rule.several == "disagree":
        return Empty(Reason.DISAGREE, entries)
    number = max(known)
    meaning = _band(plan.rule.bands, number) if plan.rule.bands else number
    return Found(meaning, entries, considered, plan.name) if meaning != "" else Empty(Reason.NOT_A_NUMBER, entries)


def _is_number(quantity: Quantity) -> bool:
    # FHIR's decimals may be of any size; nothing that was measured has this many digits.
    return not quantity.comparator and quantity.value.is_finite() and quantity.value.adjusted() < _DIGITS


def _converted(units: Mapping[str, Decimal], quantity: Quantity) -> Decimal | None:
    factor = units.get(quantity.unit)
    return None if factor is None else quantity.value * factor


def _band(bands: list[Band], number: Decimal) -> str:
    for band in bands:
        if band.below is None or number < Decimal(str(band.below)):
            return band.is_
    return ""


def _written(plan: VariablePlan, meaning: Meaning) -> RegistryValue | None:
    """A meaning as the registry writes it; None when it cannot be."""
    variable = plan.variable
    if variable.type == "code":
        return plan.code_of.get(meaning) if isinstance(meaning, str) else None
    if isinstance(meaning, When):
        return _time(variable, meaning)
    if isinstance(meaning, str):
        return None
    return _figure(variable, Decimal(meaning))


def _time(variable: Variable, when: When) -> str:
    # 00:00 is how these registries say that the clock time is unknown; local midnight of a plain date is just that.
    return when.local.isoformat(timespec="minutes")[: 10 if variable.type == "date" else 16]


def _figure(variable: Variable, number: Decimal) -> RegistryValue | None:
    if variable.type == "integer":
        whole = number.quantize(Decimal(1), ROUND_HALF_UP)
        # A converted laboratory value is rounded; a score that is not whole is no score.
        return int(whole) if whole == number or variable.unit not in ("", "1") else None
    return number.quantize(Decimal(1).scaleb(-variable.decimals), ROUND_HALF_UP)


def _matched(plan: RulePlan, entry: JournalEntry) -> Code | None:
    """The code for which a rule looks at an entry; of codes that nobody asked for the first."""
    first = next(iter(entry.codes), None)
    return first if plan.codes is None else next((code for code in entry.codes if code in plan.codes), first)


def _evidence(entries: Sequence[JournalEntry], codes: Sequence[Code | None]) -> tuple[Evidence, ...]:
    shown = zip(entries[:_SHOWN], codes, strict=False)
    return tuple(Evidence(source=one.source, code=str(code or ""), at=str(one.at or "")) for one, code in shown)
