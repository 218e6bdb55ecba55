"""From a case and its chart to values: each with the entry, rule and map row that gave it, or the reason it is empty.

Absence means something only where the definition says so (`absent`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple

from msgspec.structs import replace

from registries.chart import Chart
from registries.definition import Variable
from registries.entry import JournalEntry, When
from registries.plan import Plan, VariablePlan
from registries.record import Case, Evidence, MapUse, Reason, RegistryValue, Tier, Value
from registries.results import SHOWN, Empty, Found, Given, Meaning
from registries.rules import Rules
from terminology.codes import Code

_UNIT = 40  # the longest unit in UCUM that anybody uses has half of that
_ABSENCE = frozenset({Reason.NO_ENTRY, Reason.OUTSIDE_WINDOW, Reason.DOES_NOT_COUNT})
_NOTHING = Empty(Reason.NO_ENTRY)


class Derived(NamedTuple):
    """A variable's value, and what later variables may ask about it."""

    value: Value
    found: Found | None
    not_asked: bool
    proposed: bool


#: What was derived of one case, by the mark of the variable's likeness.
Shared = dict[str, Derived]


def derive(case: Case, chart: Chart, plan: Plan, shared: Shared | None = None) -> tuple[Value, ...]:
    """The values of all variables of a case, in the definition's order. Pure; the order of entries never matters.

    Args:
        shared: what other plans found in the same case of the same journal; it is taken from there and added to.
    """
    if shared is None:
        return tuple(map(_Reading(case, chart, plan).value, plan.variables))
    known = [shared.get(mark) for mark in plan.likeness.variables]
    if None in known:
        return _Reading(case, chart, plan).rest(plan, known, shared)
    return tuple(one.value for one in known if one is not None)


class _Reading:
    """One case being read: later variables may refer to earlier ones."""

    def __init__(self, case: Case, chart: Chart, plan: Plan) -> None:
        self.case = case
        self.chart = chart
        self.selectors = len(plan.selectors)
        self.given = Given()
        self.not_asked: set[str] = set()
        self.proposed: set[str] = set()

    @cached_property
    def rules(self) -> Rules:
        return Rules(self.case, self.chart, self.selectors, self.given)

    def rest(self, plan: Plan, known: Sequence[Derived | None], shared: Shared) -> tuple[Value, ...]:
        """All values, of which some are known; the others are added to what is shared."""
        values: list[Value] = []
        for variable, mark, one in zip(plan.variables, plan.likeness.variables, known, strict=True):
            if one is None:
                value, name = self.value(variable), variable.name
                shared[mark] = Derived(value, self.given.of(name), name in self.not_asked, name in self.proposed)
            else:
                value = one.value
                self.take(variable.name, one)
            values.append(value)
        return tuple(values)

    def take(self, name: str, known: Derived) -> None:
        if known.found is not None:
            self.given.add(name, known.found)
        if known.not_asked:
            self.not_asked.add(name)
        if known.proposed:
            self.proposed.add(name)

    def value(self, plan: VariablePlan) -> Value:
        variable = plan.variable
        if variable.when and (reason := self.inactive(variable.when)):
            if reason is Reason.NOT_APPLICABLE:
                self.not_asked.add(plan.name)
            return Value(variable=plan.name, tier=variable.automation, reason=reason)
        if variable.automation is Tier.MANUAL:
            return Value(variable=plan.name, tier=Tier.MANUAL, reason=Reason.MANUAL)
        rules, sought = self.rules, plan.sought
        if sought is not None and sought.isdisjoint(rules.present):
            return self.absent(plan, _NOTHING)
        result = rules.first(plan.rules)
        if isinstance(result, Found):
            return self.filled(plan, result)
        return self.absent(plan, result)

    def inactive(self, when: dict[str, list[str]]) -> Reason | None:
        for name, wanted in when.items():
            if name in self.not_asked:
                return Reason.NOT_APPLICABLE
            meaning = self.given.meanings.get(name)
            if meaning is None:
                return Reason.INPUT_EMPTY
            if meaning not in wanted:
                return Reason.NOT_APPLICABLE
        return None

    def filled(self, plan: VariablePlan, found: Found) -> Value:
        written = _written(plan, found.meaning)
        if written is None:
            reason = Reason.UNMAPPED_CODE if isinstance(found.meaning, str) else Reason.NOT_A_NUMBER
            return self.empty(plan, Empty(reason, found.entries, found.cited))
        self.given.add(plan.name, _as_written(found, written))
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
            note=found.note,
            passed=found.passed,
            fold=isinstance(found.meaning, When) and bool(found.meaning.local.fold),
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
            tried=result.rule if result.entries else "",
        )

    def absent(self, plan: VariablePlan, result: Empty) -> Value:
        absent = plan.variable.absent
        if absent is None or result.reason not in _ABSENCE:
            return self.empty(plan, result)
        if not all(map(self.chart.seen.get, absent.given)):
            return self.empty(plan, Empty(Reason.NO_SOURCE))
        unreadable = any(map(self.chart.unreadable.get, absent.given))
        rule = f"{plan.name}/absent"
        self.given.add(plan.name, Found(absent.is_, (), 0, rule))
        return Value(
            variable=plan.name,
            tier=self.tier(plan, unsure=unreadable),
            value=_written(plan, absent.is_),
            normed=absent.is_ if isinstance(absent.is_, str) else "",
            rule=rule,
            evidence=_evidence(result.entries, result.cited),
            considered=len(result.entries),
            tried=result.rule if result.entries else "",
            note="absence_unreadable" if unreadable else "absence",
        )


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


def _as_written(found: Found, written: RegistryValue) -> Found:
    """What a variable was given, as later ones see it: a number rounded as the registry gets it."""
    if not isinstance(found.meaning, Decimal) or isinstance(written, str) or written == found.meaning:
        return found
    return replace(found, meaning=Decimal(written))


def _time(variable: Variable, when: When) -> str:
    # 00:00 is how these registries say that the clock time is unknown; local midnight of a plain date is just that.
    return when.local.isoformat(timespec="minutes")[: 10 if variable.type == "date" else 16]


def _figure(variable: Variable, number: Decimal) -> RegistryValue | None:
    if variable.type == "integer":
        whole = number.quantize(Decimal(1), ROUND_HALF_UP)
        # A converted laboratory value is rounded; a score that is not whole is no score.
        return int(whole) if whole == number or variable.unit not in ("", "1") else None
    return number.quantize(Decimal(1).scaleb(-variable.decimals), ROUND_HALF_UP)


def _evidence(entries: Sequence[JournalEntry], codes: Sequence[Code | None]) -> tuple[Evidence, ...]:
    return (
        () if not entries else tuple(_behind(entry, code) for entry, code in zip(entries[:SHOWN], codes, strict=False))
    )


def _behind(entry: JournalEntry, code: Code | None) -> Evidence:
    at = entry.at
    told = "" if at is None else str(at)
    return Evidence(
        source=entry.source,
        code="" if code is None else str(code),
        at=told,
        end="" if entry.end is None else str(entry.end),
        # Clocks go back from three to two, so that other hours need not be asked.
        fold=at is not None and told[11:13] == "02" and bool(at.local.fold),
        kind=entry.kind,
        standing=entry.standing,
        said=_said(entry),
    )


def _said(entry: JournalEntry) -> str:
    """What an entry says, as the journal has it; a unit that somebody wrote a story in is cut short."""
    if entry.quantity is not None:
        measured = entry.quantity
        return f"{measured.comparator}{measured.value} {measured.unit[:_UNIT]}".rstrip()
    return str(entry.value_codes[0]) if entry.value_codes else ""
