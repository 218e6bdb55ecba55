"""The definition language a second time, written from its reference (docs/definition-language.md) and for reading, not
for speed: nothing is compiled or remembered, and every question goes through all entries of the journal.

It shares with the product what goes in and comes out (definitions, entries, reasons), and nothing of how; but for what
expressions come to, which CEL itself is the oracle of (`tests.registries.test_expressions`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest

from registries.catalogue import Catalogue
from registries.definition import CodeSpec, Definition, Rule, Variable
from registries.derived import compile_rule, meaning_of, scope_of, terms
from registries.entry import LOCAL, JournalEntry, Kind, Precision, When
from registries.record import Case, MapUse, Reason, Tier
from terminology.codes import PREFIX_SYSTEMS, SYSTEMS, Code
from tests.registries.naive_numbers import INFINITE, Range, band, length, measured, outermost

R = Reason
#: From the reason that tells a person most to the one that tells least; the first three stop the search.
TELLING = (
    *(R.DISAGREE, R.WRONG_UNIT, R.NOT_A_NUMBER, R.UNMAPPED_CODE, R.INEXACT_TIME, R.NO_TIME, R.DOES_NOT_COUNT),
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
    rule: str = ""
    tried: str = ""
    map: MapUse | None = None
    passed: int = 0


@dataclass(frozen=True)
class Result:
    """What one rule gives: a meaning, or a reason; and the entries, each with the code that counted."""

    meaning: object = None
    reason: Reason | None = None
    entries: tuple[tuple[JournalEntry, Code | None], ...] = ()
    considered: int = 0
    note: str = ""
    rule: str = ""
    map: MapUse | None = None
    passed: int = 0


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
        result, unsure = self.of_rules(name, variable), False
        note = result.note
        absent = variable.absent
        if absent is not None and result.reason in (R.NO_ENTRY, R.OUTSIDE_WINDOW, R.DOES_NOT_COUNT):
            kinds = {entry.kind for entry in self.entries}
            if not kinds >= set(absent.given):
                return Told(name, tier, reason=R.NO_SOURCE)
            unsure = any(self.unreadable.get(kind) for kind in absent.given)
            note = "absence_unreadable" if unsure else "absence"
            result = replace(result, meaning=absent.is_, reason=None, passed=0)
        written = None if result.reason else self.written(variable, result.meaning)
        if result.reason is None and written is None:
            reason = R.UNMAPPED_CODE if isinstance(result.meaning, str) else R.NOT_A_NUMBER
            result = Result(reason=reason, entries=result.entries, considered=len(result.entries))
        shown = tuple((entry.source, str(code or "")) for entry, code in result.entries[:3])
        tried = result.rule if result.entries else ""
        if result.reason is not None:
            return Told(name, tier, reason=result.reason, shown=shown, considered=len(result.entries), tried=tried)
        concluded = note.startswith("absence")
        self.given[name] = replace(result, entries=()) if concluded else result
        if isinstance(result.meaning, Decimal) and isinstance(written, int | Decimal):
            self.given[name] = replace(self.given[name], meaning=Decimal(written))
        if unsure or tier is Tier.PROPOSED or self.depends_on(variable) & self.proposed:
            tier = Tier.PROPOSED
            self.proposed.add(name)
        normed = result.meaning if isinstance(result.meaning, str) else ""
        considered = len(result.entries) if concluded else result.considered
        told = Told(name, tier, written, normed, shown=shown, considered=considered, note=note)
        if concluded:
            return replace(told, rule=f"{name}/absent", tried=tried)
        return replace(told, rule=result.rule, map=result.map, passed=result.passed)

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
        named |= {name for rule in rules for name in self.definition.variables if name in _words(rule.expression or "")}
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
            whole = number.quantize(Decimal(1), ROUND_HALF_UP)
            return int(whole) if whole == number or variable.unit not in ("", "1") else None
        return number.quantize(Decimal(10) ** -variable.decimals, ROUND_HALF_UP)

    def of_rules(self, name: str, variable: Variable) -> Result:
        results = []
        for number, rule in enumerate(variable.from_, start=1):
            result = self.rule(rule, variable, f"{name}/{number}")
            results.append(result)
            if result.reason is None or result.reason in TELLING[:3]:
                return result
        return min(results, key=lambda one: TELLING.index(one.reason or R.NO_ENTRY))

    def rule(self, rule: Rule, variable: Variable, name: str) -> Result:
        if rule.between is not None:
            return replace(self.between(rule), rule=name)
        if rule.duration is not None:
            return replace(self.duration(rule, variable), rule=name)
        if rule.expression is not None:
            return replace(self.expression(rule, variable), rule=name)
        if rule.all_ is None:
            return replace(self.selected(rule, variable), rule=name)
        parts = [self.rule(part, variable, f"{name}.{n}") for n, part in enumerate(rule.all_, start=1)]
        empty = [part for part in parts if part.reason is not None]
        if empty:
            return min(empty, key=lambda one: TELLING.index(one.reason or R.NO_ENTRY))
        entries = _together([part.entries[:1] for part in parts])
        return Result(rule.is_, None, entries, len(entries), rule=name)

    def between(self, rule: Rule) -> Result:
        inputs = [self.given.get(name, Result()) for name in rule.between or ()]
        first, then = (one.meaning for one in inputs)
        if not isinstance(first, When) or not isinstance(then, When):
            return Result(reason=R.INPUT_EMPTY)
        entries = _together([one.entries[:3] for one in inputs])
        if rule.no_clock and {first.precision, then.precision} != {Precision.CLOCK}:
            return Result(rule.no_clock, None, entries, len(entries))
        return self.of_length(rule, length(_span(first), _span(then), "h", whole=False), entries)

    def duration(self, rule: Rule, variable: Variable) -> Result:
        assert rule.duration is not None
        missing = self.missing(rule)
        if missing is not None:
            return missing
        ends = rule.duration.moments
        if any(self.has_not_come(end) for end in ends):
            return self.empty(rule, R.NO_TIME, list(self.case.index))
        first, then = (self.exactly(end) for end in ends)
        named = [self.given[end.split()[0][9:]] for end in ends if end.startswith("variable.")]
        entries = _together([one.entries[:3] for one in named])
        return self.of_length(rule, length(first, then, rule.duration.unit, variable.type == "integer"), entries)

    def has_not_come(self, moment: str) -> bool:
        """Whether it is counted from the end of a stay that goes on."""
        anchor = moment.split(maxsplit=1)[0]
        return anchor in ("case.end", "case.discharge") and self.known(anchor)[0].year == 9000

    def exactly(self, moment: str) -> tuple[datetime, datetime]:
        """All that a time of the case or of a variable can mean; a distance is counted from the usual end of it."""
        told = (
            getattr(self.case, moment.split(".")[1].split(maxsplit=1)[0], None) if moment.startswith("case.") else None
        )
        itself = len(moment.split()) == 1 or moment.split()[2] in ("0min", "0h", "0d", "0w", "0mo", "0y")
        return _span(told) if isinstance(told, When) and itself else self.known(moment)

    def of_length(
        self, rule: Rule, long: Range | None, entries: tuple[tuple[JournalEntry, Code | None], ...]
    ) -> Result:
        """What a length of time comes to; None is one that ends before it begins."""
        if long is None:
            return Result(reason=R.DISAGREE, entries=entries)
        meaning = band(rule.bands, long) if rule.bands else long.low if long.exact else None
        if meaning is None:
            return Result(reason=R.NOT_A_NUMBER if long.exact else R.INEXACT_TIME, entries=entries)
        return Result(meaning, None, entries, len(entries))

    def expression(self, rule: Rule, variable: Variable) -> Result:
        compiled = compile_rule(rule, variable, scope_of(self.definition.variables))
        assert compiled is not None
        names = [name for name in sorted(self.definition.variables) if name in _words(compiled.text)]
        days = frozenset(name for name in names if self.definition.variables[name].type == "date")
        known = {name: self.given[name].meaning for name in names if name in self.given}
        came_to = meaning_of(compiled.of(terms(known, names, days)))
        entries = _together([self.given[name].entries[:3] for name in names if name in self.given])
        if rule.bands and isinstance(came_to, Decimal):
            return self.of_length(rule, Range(came_to, came_to), entries)
        if isinstance(came_to, Reason):
            return Result(reason=came_to, entries=entries)
        return Result(came_to, None, entries, len(entries))

    def missing(self, rule: Rule) -> Result | None:
        """Why a rule cannot be placed; an empty variable tells more than a missing procedure."""
        for moment in sorted(_moments(rule), reverse=True):
            if self.moment(moment) is None:
                if moment.startswith("variable."):
                    return Result(reason=R.INPUT_EMPTY)
                return self.empty(rule, R.NO_TIME, list(self.case.index))
        return None

    def selected(self, rule: Rule, variable: Variable) -> Result:
        missing = self.missing(rule)
        if missing is not None:
            return missing
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
        return replace(self.give(rule, variable, counting), passed=len(entries) - len(counting))

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
        among, born = len(entries), entries
        if rule.is_ is not None:
            return Result(rule.is_, None, tuple((entry, self.matched(rule, entry)) for entry in entries), among)
        if rule.value == "count":
            return self.number(rule, entries, Range(Decimal(among), Decimal(among)), among)
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
        if rule.age_at is not None:
            entries = [entry for entry in entries if entry.start]
            if not entries:
                return self.empty(rule, R.NO_TIME, born)
        picked = self.pick(rule, variable, entries)
        if isinstance(picked, Result):
            return picked
        if rule.age_at is not None:
            return self.age(rule, variable, picked)
        if rule.value == "quantity":
            return self.quantity(rule, variable, picked, among)
        if rule.value in ("start", "end", "answer_time"):
            times = {_time(rule, entry) for entry in picked}
            result = self.empty(rule, R.DISAGREE, picked)
            return result if len(times) > 1 else Result(times.pop(), None, result.entries, among)
        return self.coded(rule, picked, among)

    def age(self, rule: Rule, variable: Variable, picked: list[JournalEntry]) -> Result:
        entries = self.empty(rule, R.DISAGREE, picked).entries
        if len({entry.start for entry in picked}) > 1:
            return Result(reason=R.DISAGREE, entries=entries)
        if self.has_not_come(rule.age_at or ""):
            return Result(reason=R.NO_TIME, entries=entries)
        at = self.exactly(rule.age_at or "")
        return self.of_length(rule, length(_span(picked[0].start), at, "y", variable.type == "integer"), entries)

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
            return self.extreme(rule, variable, entries, pick)
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

    def extreme(
        self, rule: Rule, variable: Variable, entries: list[JournalEntry], pick: str
    ) -> list[JournalEntry] | Result:
        """The entries whose number is the lowest or the highest; none where one that is not known may be it."""
        numbers = {entry.source: measured(variable, entry) for entry in entries}
        for reason in (R.WRONG_UNIT, R.NOT_A_NUMBER):
            if wrong := [entry for entry in entries if numbers[entry.source] is reason]:
                return self.empty(rule, reason, wrong)
        known = {source: one for source, one in numbers.items() if isinstance(one, Range)}
        best = outermost(known.values(), pick == "max")
        may_be = [e for e in entries if known[e.source].low <= best.high and known[e.source].high >= best.low]
        if len({known[entry.source] for entry in may_be}) > 1:
            return self.empty(rule, R.NOT_A_NUMBER, [entry for entry in may_be if not known[entry.source].exact])
        return may_be

    def quantity(self, rule: Rule, variable: Variable, picked: list[JournalEntry], among: int) -> Result:
        numbers = [measured(variable, entry) for entry in picked]
        for reason in (R.NOT_A_NUMBER, R.WRONG_UNIT):
            if reason in numbers:
                return self.empty(rule, reason, picked)
        known = {number for number in numbers if isinstance(number, Range)}
        several = rule.several
        if several == "worst":
            several = {"lower": "min", "higher": "max"}[rule.worse or variable.worse or ""]  # type: ignore[assignment]
        if len(known) > 1 and several not in ("min", "max"):
            return self.empty(rule, R.DISAGREE, picked)
        return self.number(rule, picked, outermost(known, several != "min"), among)

    def number(self, rule: Rule, entries: list[JournalEntry], number: Range, among: int) -> Result:
        cited = self.empty(rule, R.NOT_A_NUMBER, entries)
        limit = number.high if number.low == -INFINITE else number.low if number.high == INFINITE else None
        if rule.bands:
            meaning: object = band(rule.bands, number)
            return cited if meaning is None else Result(meaning, None, cited.entries, among)
        if number.exact:
            return Result(number.low, None, cited.entries, among)
        if rule.comparator is None or limit is None:
            return cited
        return Result(limit, None, cited.entries, among, note="bound")

    def targets(self, rule: Rule, entry: JournalEntry) -> list[tuple[str, Code, int]]:
        codes = {"answer": entry.value_codes, "site": entry.site_codes}.get(rule.value or "", entry.codes)
        rows = [row for row in self.catalogue.maps[rule.map or ""].rows if row.status == "approved"]
        first = [(next((row for row in rows if self.among(code, row.codes)), None), code) for code in codes]
        known = [(row.number, code.system, code.value, row.target, code) for row, code in first if row is not None]
        return [(target, code, row) for row, *_, target, code in sorted(known, key=lambda one: one[:3])]

    def coded(self, rule: Rule, picked: list[JournalEntry], among: int) -> Result:
        found = {entry.source: self.targets(rule, entry) for entry in picked}
        entries = tuple((entry, found[entry.source][0][1]) for entry in picked if found[entry.source])
        if not entries:
            return self.empty(rule, R.UNMAPPED_CODE, picked)
        targets = sorted({target for one in found.values() for target, *_ in one})
        alone = targets[0] if len(targets) == 1 else None
        meaning = (rule.combine or {}).get("+".join(targets), alone)
        if meaning is None:
            return Result(reason=R.DISAGREE, entries=entries)
        first = found[entries[0][0].source][0]
        cited = MapUse(map=self.catalogue.maps[rule.map or ""].cited, row=str(first[2]))
        return Result(meaning, None, entries, among, map=cited)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", text))


def _moments(rule: Rule) -> list[str]:
    window = rule.window
    written = [window.from_, window.after, window.to, window.before, window.covers] if window else []
    closest = [] if isinstance(rule.pick, str) else [rule.pick.closest]
    ends = rule.duration.moments if rule.duration else ()
    return [moment for moment in (*written, *closest, *ends, rule.age_at) if moment]


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
