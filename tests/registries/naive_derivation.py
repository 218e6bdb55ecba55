"""The definition language a second time, written from its reference (docs/definition-language.md) and for reading, not
for speed: nothing is compiled or remembered, and every question goes through all entries of the journal.

It shares with the product what goes in and comes out (definitions, entries, reasons), and nothing of how.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest

from registries.catalogue import Catalogue
from registries.definition import Band, CodeSpec, Definition, Rule, Variable
from registries.entry import LOCAL, JournalEntry, Kind, Precision, When
from registries.record import Case, Reason, Tier
from terminology.codes import PREFIX_SYSTEMS, SYSTEMS, Code

R = Reason
#: From the reason that tells a person most to the one that tells least; the first three stop the search.
TELLING = (
    *(R.DISAGREE, R.WRONG_UNIT, R.NOT_A_NUMBER, R.UNMAPPED_CODE, R.NO_TIME, R.DOES_NOT_COUNT),
    *(R.OUTSIDE_WINDOW, R.INPUT_EMPTY, R.NO_ENTRY),
)
TINY = timedelta(microseconds=1)


@dataclass(frozen=True)
class Told:
    """What a variable becomes: a value or a reason, with the entries shown for it (reference and code)."""

    variable: str
    tier: Tier
    value: object = None
    normed: str = ""
    reason: Reason | None = None
    shown: tuple[tuple[str, str], ...] = ()
    considered: int = 0
    note: str = ""


@dataclass(frozen=True)
class Result:
    """What one rule gives: a meaning, or a reason; and the entries, each with the code that counted."""

    meaning: object = None
    reason: Reason | None = None
    entries: tuple[tuple[JournalEntry, Code | None], ...] = ()
    considered: int = 0


@dataclass
class Naive:
    """One case of one patient, read by one definition."""

    definition: Definition
    catalogue: Catalogue
    entries: Collection[JournalEntry]
    unreadable: Mapping[Kind, int]
    case: Case
    given: dict[str, Result] = field(default_factory=dict)
    proposed: set[str] = field(default_factory=set)
    not_asked: set[str] = field(default_factory=set)

    def values(self) -> list[Told]:
        """All variables, in order."""
        return [self.variable(name, variable) for name, variable in self.definition.variables.items()]

    def variable(self, name: str, variable: Variable) -> Told:
        tier = variable.automation
        why_not = self.why_not(variable)
        if why_not is not None:
            self.not_asked |= {name} if why_not is R.NOT_APPLICABLE else set()
            return Told(name, tier, reason=why_not)
        if tier is Tier.MANUAL:
            return Told(name, tier, reason=R.MANUAL)
        result, note, unsure = self.of_rules(variable), "", False
        absent = variable.absent
        if absent is not None and result.reason in (R.NO_ENTRY, R.OUTSIDE_WINDOW, R.DOES_NOT_COUNT):
            kinds = {entry.kind for entry in self.entries}
            if not kinds >= set(absent.given):
                return Told(name, tier, reason=R.NO_SOURCE)
            unsure = any(self.unreadable.get(kind) for kind in absent.given)
            note = "absence_unreadable" if unsure else "absence"
            result = replace(result, meaning=absent.is_, reason=None)
        written = None if result.reason else self.written(variable, result.meaning)
        if result.reason is None and written is None:
            reason = R.UNMAPPED_CODE if isinstance(result.meaning, str) else R.NOT_A_NUMBER
            result = Result(reason=reason, entries=result.entries, considered=len(result.entries))
        shown = tuple((entry.source, str(code or "")) for entry, code in result.entries[:3])
        if result.reason is not None:
            return Told(name, tier, reason=result.reason, shown=shown, considered=len(result.entries))
        self.given[name] = replace(result, entries=()) if note else result
        if unsure or tier is Tier.PROPOSED or self.depends_on(variable) & self.proposed:
            tier = Tier.PROPOSED
            self.proposed.add(name)
        normed = result.meaning if isinstance(result.meaning, str) else ""
        considered = len(result.entries) if note else result.considered
        return Told(name, tier, written, normed, shown=shown, considered=considered, note=note)

    def why_not(self, variable: Variable) -> Reason | None:
        for name, wanted in (variable.when or {}).items():
            if name in self.not_asked:
                return R.NOT_APPLICABLE
            if name not in self.given:
                return R.INPUT_EMPTY
            if self.given[name].meaning not in wanted:
                return R.NOT_APPLICABLE
        return None

    def depends_on(self, variable: Variable) -> set[str]:
        rules = [part for rule in variable.from_ for part in (rule, *(rule.all_ or ()))]
        named = {name for rule in rules for name in rule.between or ()}
        anchored = {m.split()[0].removeprefix("variable.") for r in rules for m in _moments(r) if m[:9] == "variable."}
        return {*(variable.when or ()), *named, *anchored}

    def written(self, variable: Variable, meaning: object) -> object:
        if variable.type == "code":
            return next((code for code, known in (variable.codes or {}).items() if known == meaning), None)
        if isinstance(meaning, When):
            return meaning.local.isoformat()[: 10 if variable.type == "date" else 16]
        if isinstance(meaning, str):
            return None
        number = Decimal(str(meaning))
        if variable.type == "integer":
            return int(number) if number == int(number) else None
        return number.quantize(Decimal(10) ** -variable.decimals, ROUND_HALF_UP)

    def of_rules(self, variable: Variable) -> Result:
        results = []
        for rule in variable.from_:
            result = self.rule(rule, variable)
            results.append(result)
            if result.reason is None or result.reason in TELLING[:3]:
                return result
        return min(results, key=lambda one: TELLING.index(one.reason or R.NO_ENTRY))

    def rule(self, rule: Rule, variable: Variable) -> Result:
        if rule.between is not None:
            return self.between(rule)
        if rule.all_ is not None:
            parts = [self.rule(part, variable) for part in rule.all_]
            empty = [part for part in parts if part.reason is not None]
            if empty:
                return min(empty, key=lambda one: TELLING.index(one.reason or R.NO_ENTRY))
            entries = _together([part.entries[:1] for part in parts])
            return Result(rule.is_, None, entries, len(entries))
        return self.selected(rule, variable)

    def between(self, rule: Rule) -> Result:
        inputs = [self.given.get(name, Result()) for name in rule.between or ()]
        first, then = (one.meaning for one in inputs)
        if not isinstance(first, When) or not isinstance(then, When):
            return Result(reason=R.INPUT_EMPTY)
        entries = _together([one.entries[:3] for one in inputs])
        if rule.no_clock and Precision.CLOCK in (first.precision, then.precision) and first.precision != then.precision:
            return Result(rule.no_clock, None, entries, len(entries))
        if rule.no_clock and first.precision is not Precision.CLOCK:
            return Result(rule.no_clock, None, entries, len(entries))
        hours = Decimal((then.moment - first.moment).total_seconds()) / 3600
        if hours < 0:
            return Result(reason=R.DISAGREE, entries=entries)
        return Result(_band(rule.bands or [], hours) or "", None, entries, len(entries))

    def selected(self, rule: Rule, variable: Variable) -> Result:
        for moment in sorted(_moments(rule), reverse=True):  # an empty variable tells more than a missing procedure
            if self.moment(moment) is None:
                if moment.startswith("variable."):
                    return Result(reason=R.INPUT_EMPTY)
                return self.empty(rule, R.NO_TIME, list(self.case.index))
        entries = list(self.case.index) if rule.select == "index" else self.of_kind(rule)
        if not entries:
            return Result(reason=R.NO_ENTRY)
        counting = [entry for entry in entries if entry.standing in rule.standing]
        if not counting:
            return self.empty(rule, R.DOES_NOT_COUNT, entries)
        if rule.same_stay:
            stays = {stay.source for stay in self.case.stays}
            inside = [entry for entry in counting if {entry.stay, entry.source} & stays]
            if not inside:
                return self.empty(rule, R.OUTSIDE_WINDOW, counting)
            counting = inside
        if rule.window is not None:
            timed = [entry for entry in counting if _at(entry)]
            inside = [entry for entry in timed if self.in_window(rule, entry)]
            if not inside:
                return self.empty(rule, R.OUTSIDE_WINDOW if timed else R.NO_TIME, timed or counting)
            counting = inside
        if rule.answers is not None:
            answering = [e for e in counting if any(self.among(c, rule.answers) for c in e.value_codes)]
            if not answering:
                unread = [entry for entry in counting if not entry.value_codes]
                return self.empty(rule, R.UNMAPPED_CODE if unread else R.NO_ENTRY, unread or counting)
            counting = answering
        return self.give(rule, variable, counting)

    def of_kind(self, rule: Rule) -> list[JournalEntry]:
        found = [entry for entry in self.entries if entry.kind == rule.select]
        if rule.codes is not None:
            found = [entry for entry in found if any(self.among(code, rule.codes) for code in entry.codes)]
        return sorted(found, key=_order)

    def among(self, code: Code, spec: CodeSpec) -> bool:
        listed = self.catalogue.sets[spec] if isinstance(spec, str) else spec
        for name, wanted in listed.items():
            for one in [wanted] if isinstance(wanted, str) else wanted:
                if code.system == SYSTEMS[name] and _same(code, one):
                    return True
        return False

    def in_window(self, rule: Rule, entry: JournalEntry) -> bool:
        window, (first, last) = rule.window, _span(_at(entry))
        assert window is not None
        ends = _span(entry.end)[1] if entry.end else datetime.max.replace(tzinfo=UTC)
        return all(
            (
                not window.from_ or last >= self.known(window.from_)[0],
                not window.after or first > self.known(window.after)[1],
                not window.to or first <= self.known(window.to)[1],
                not window.before or last < self.known(window.before)[0],
                not window.covers or (first <= self.known(window.covers)[1] and ends >= self.known(window.covers)[0]),
            )
        )

    def known(self, moment: str) -> tuple[datetime, datetime]:
        found = self.moment(moment)
        assert found is not None
        return found

    def moment(self, text: str) -> tuple[datetime, datetime] | None:
        """The first and the last point in time that a moment means."""
        anchor, *distance = text.split()
        whose, name = anchor.split(".", 1)
        told = getattr(self.case, name) if whose == "case" else self.given.get(name, Result()).meaning
        if not isinstance(told, When):
            return None
        first, last = _span(told)
        if whose == "case":
            first = last = last if name in ("end", "discharge") else first
        if not distance:
            return first, last
        amount = int("".join(c for c in distance[1] if c.isdigit())) * (-1 if distance[0] == "-" else 1)
        unit = distance[1].lstrip("0123456789")
        hours = {"min": 1 / 60, "h": 1, "d": 24, "w": 168}.get(unit)
        if hours is not None:
            by = timedelta(minutes=round(amount * hours * 60))
            return first + by, last + by
        first, last = first.astimezone(LOCAL), last.astimezone(LOCAL)
        if unit == "cd":
            days = timedelta(days=amount)
            return _midnight(first.date() + days), _midnight(last.date() + days + timedelta(days=1)) - TINY
        months = amount if unit == "mo" else 12 * amount
        return _by_calendar(first, months), _by_calendar(last, months)

    def empty(self, rule: Rule, reason: Reason, entries: Iterable[JournalEntry]) -> Result:
        return Result(reason=reason, entries=tuple((entry, self.matched(rule, entry)) for entry in entries))

    def matched(self, rule: Rule, entry: JournalEntry) -> Code | None:
        spec = self.definition.case.codes if rule.select == "index" else rule.codes
        wanted = [code for code in entry.codes if spec is not None and self.among(code, spec)]
        return next(iter([*wanted, *entry.codes]), None)

    def give(self, rule: Rule, variable: Variable, entries: list[JournalEntry]) -> Result:
        among = len(entries)
        if rule.is_ is not None:
            return Result(rule.is_, None, tuple((entry, self.matched(rule, entry)) for entry in entries), among)
        if rule.value == "count":
            return self.number(rule, entries, Decimal(among), among)
        if rule.value in ("code", "site"):
            mapped = [entry for entry in entries if self.targets(rule, entry)]
            if not mapped:
                return self.empty(rule, R.UNMAPPED_CODE, entries)
            entries = mapped
        if rule.value in ("start", "end", "answer_time"):
            dated = [e for e in entries if (t := _time(rule, e)) and t.precision in (Precision.CLOCK, Precision.DAY)]
            if not dated:
                return self.empty(rule, R.NO_TIME, entries)
            entries = dated
        picked = self.pick(rule, variable, entries)
        if isinstance(picked, Result):
            return picked
        if rule.value == "quantity":
            return self.quantity(rule, variable, picked, among)
        if rule.value in ("start", "end", "answer_time"):
            times = {_time(rule, entry) for entry in picked}
            result = self.empty(rule, R.DISAGREE, picked)
            return result if len(times) > 1 else Result(times.pop(), None, result.entries, among)
        return self.coded(rule, picked, among)

    def pick(self, rule: Rule, variable: Variable, entries: list[JournalEntry]) -> list[JournalEntry] | Result:
        if isinstance(rule.pick, str):
            picked = self.by_word(rule, variable, entries, rule.pick)
        else:
            picked = self.closest(rule, entries)
        if isinstance(picked, list) and rule.several == "last_recorded":
            return _ends(picked, _recorded, last=True)
        return picked

    def by_word(
        self, rule: Rule, variable: Variable, entries: list[JournalEntry], pick: str
    ) -> list[JournalEntry] | Result:
        if pick == "worst":
            pick = {"lower": "min", "higher": "max"}[rule.worse or variable.worse or ""]
        if pick in ("min", "max"):
            numbers = {entry.source: self.measured(variable, entry) for entry in entries}
            for reason in (R.WRONG_UNIT, R.NOT_A_NUMBER):
                if wrong := [entry for entry in entries if numbers[entry.source] is reason]:
                    return self.empty(rule, reason, wrong)
            known = sorted(number for number in numbers.values() if isinstance(number, Decimal))
            return [entry for entry in entries if numbers[entry.source] == known[0 if pick == "min" else -1]]
        if pick == "first":
            return _ends([entry for entry in entries if _at(entry)] or entries, _order_time, last=False)
        if pick == "last":
            return _ends(entries, _order_time, last=True)
        return _ends(entries, _recorded, last=True) if pick == "last_recorded" else entries

    def closest(self, rule: Rule, entries: list[JournalEntry]) -> list[JournalEntry] | Result:
        pick = rule.pick
        assert not isinstance(pick, str)
        first, last = self.known(pick.closest)
        if pick.side != "either":
            timed = [entry for entry in entries if _at(entry)]
            if not timed:
                return self.empty(rule, R.NO_TIME, entries)
            before = [entry for entry in timed if _span(_at(entry))[1] <= last]
            entries = before if pick.side == "before" else [e for e in timed if _span(_at(e))[0] >= first]
            if not entries:
                return self.empty(rule, R.OUTSIDE_WINDOW, timed)

        def away(entry: JournalEntry) -> tuple[timedelta, bool]:
            at = _order_time(entry)
            return max(first - at.moment, at.moment - last, timedelta(0)), at.precision is not Precision.CLOCK

        best = min(away(entry) for entry in entries)
        near = [entry for entry in entries if away(entry) == best]
        if pick.tie == "disagree":
            return near
        moments = [_order_time(entry).moment for entry in near]
        wanted = max(moments) if pick.tie == "later" else min(moments)
        return [entry for entry in near if _order_time(entry).moment == wanted]

    def measured(self, variable: Variable, entry: JournalEntry) -> Decimal | Reason:
        quantity = entry.quantity
        if quantity is None or quantity.comparator or not quantity.value.is_finite():
            return R.NOT_A_NUMBER
        factor = (variable.units or {}).get(quantity.unit)
        return R.WRONG_UNIT if factor is None else quantity.value * Decimal(str(factor))

    def quantity(self, rule: Rule, variable: Variable, picked: list[JournalEntry], among: int) -> Result:
        numbers = [self.measured(variable, entry) for entry in picked]
        for reason in (R.NOT_A_NUMBER, R.WRONG_UNIT):
            if reason in numbers:
                return self.empty(rule, reason, picked)
        known = sorted({number for number in numbers if isinstance(number, Decimal)})
        several = rule.several
        if several == "worst":
            several = {"lower": "min", "higher": "max"}[rule.worse or variable.worse or ""]  # type: ignore[assignment]
        if len(known) > 1 and several not in ("min", "max"):
            return self.empty(rule, R.DISAGREE, picked)
        return self.number(rule, picked, known[0] if several == "min" else known[-1], among)

    def number(self, rule: Rule, entries: list[JournalEntry], number: Decimal, among: int) -> Result:
        cited = self.empty(rule, R.NOT_A_NUMBER, entries)
        if rule.bands:
            meaning = _band(rule.bands, number)
            return cited if meaning is None else Result(meaning, None, cited.entries, among)
        return Result(number, None, cited.entries, among)

    def targets(self, rule: Rule, entry: JournalEntry) -> list[tuple[str, Code]]:
        codes = {"answer": entry.value_codes, "site": entry.site_codes}.get(rule.value or "", entry.codes)
        rows = [row for row in self.catalogue.maps[rule.map or ""].rows if row.status == "approved"]
        first = [(next((row for row in rows if self.among(code, row.codes)), None), code) for code in codes]
        known = [(row.number, code.system, code.value, row.target, code) for row, code in first if row is not None]
        return [(target, code) for *_, target, code in sorted(known, key=lambda one: one[:3])]

    def coded(self, rule: Rule, picked: list[JournalEntry], among: int) -> Result:
        found = {entry.source: self.targets(rule, entry) for entry in picked}
        entries = tuple((entry, found[entry.source][0][1]) for entry in picked if found[entry.source])
        if not entries:
            return self.empty(rule, R.UNMAPPED_CODE, picked)
        targets = sorted({target for one in found.values() for target, _ in one})
        alone = targets[0] if len(targets) == 1 else None
        meaning = (rule.combine or {}).get("+".join(targets), alone)
        if meaning is None:
            return Result(reason=R.DISAGREE, entries=entries)
        return Result(meaning, None, entries, among)


def _moments(rule: Rule) -> list[str]:
    window = rule.window
    written = [window.from_, window.after, window.to, window.before, window.covers] if window else []
    closest = [] if isinstance(rule.pick, str) else [rule.pick.closest]
    return [moment for moment in (*written, *closest) if moment]


def _same(code: Code, written: str) -> bool:
    if code.system not in PREFIX_SYSTEMS:
        return code.value == written
    plain = written.replace(".", "").upper()
    if "-" not in plain:
        return code.value.startswith(plain)
    first, last = plain.split("-")
    return first <= code.value[: len(first)] <= last


def _at(entry: JournalEntry) -> When | None:
    return entry.start or entry.recorded


def _order_time(entry: JournalEntry) -> When:
    return _at(entry) or When(datetime.min.replace(tzinfo=UTC))


def _recorded(entry: JournalEntry) -> When:
    return entry.recorded or _order_time(entry)


def _order(entry: JournalEntry) -> tuple[object, ...]:
    return _order_time(entry), entry.recorded or When(datetime.min.replace(tzinfo=UTC)), entry.source


def _time(rule: Rule, entry: JournalEntry) -> When | None:
    return {"start": entry.start, "end": entry.end, "answer_time": entry.value_time}[rule.value or ""]


def _ends(entries: list[JournalEntry], key: object, last: bool) -> list[JournalEntry]:
    assert callable(key)
    ordered = sorted(entries, key=key, reverse=last)
    return [entry for entry in entries if key(entry) == key(ordered[0])]


def _span(when: When | None) -> tuple[datetime, datetime]:
    assert when is not None
    local = when.moment.astimezone(LOCAL)
    if when.precision is Precision.CLOCK:
        return when.moment, when.moment
    if when.precision is Precision.DAY:
        return when.moment, _midnight(local.date() + timedelta(days=1)) - TINY
    return when.moment, _by_calendar(local, 1 if when.precision is Precision.MONTH else 12) - TINY


def _by_calendar(at: datetime, months: int) -> datetime:
    """The same day and clock some months on; the last day of a month that has no such day."""
    number = at.year * 12 + at.month - 1 + months
    for day in (at.day, 30, 29, 28):
        try:
            return at.replace(year=number // 12, month=number % 12 + 1, day=min(day, at.day)).astimezone(UTC)
        except ValueError:
            continue
    raise ValueError("there is always a 28th")


def _midnight(day: object) -> datetime:
    return datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=LOCAL).astimezone(UTC)


def _band(bands: Iterable[Band], number: Decimal) -> str | None:
    return next((one.is_ for one in bands if one.below is None or number < Decimal(str(one.below))), None)


def _together(
    groups: list[tuple[tuple[JournalEntry, Code | None], ...]],
) -> tuple[tuple[JournalEntry, Code | None], ...]:
    """First the first of every group, then the second …; each entry once."""
    kept: dict[str, tuple[JournalEntry, Code | None]] = {}
    for row in zip_longest(*groups):
        for one in row:
            if one is not None and one[0].source not in kept:
                kept[one[0].source] = one
    return tuple(kept.values())
