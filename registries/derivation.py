"""From a case and its chart to values: each with the entry, rule and map row that gave it, or the reason it is empty.

Absence means something only where the definition says so (`absent`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from registries.chart import Chart
from registries.definition import Variable
from registries.entry import JournalEntry, When
from registries.plan import Plan, VariablePlan
from registries.record import Case, Evidence, MapUse, Reason, RegistryValue, Tier, Value
from registries.results import SHOWN, Empty, Found, Meaning
from registries.rules import Rules
from terminology.codes import Code

_ABSENCE = frozenset({Reason.NO_ENTRY, Reason.OUTSIDE_WINDOW, Reason.DOES_NOT_COUNT})


def derive(case: Case, chart: Chart, plan: Plan) -> tuple[Value, ...]:
    """The values of all variables of a case, in the definition's order. Pure; the order of entries never matters."""
    reading = _Reading(case, chart, plan)
    return tuple(reading.value(variable) for variable in plan.variables)


class _Reading:
    """One case being read: later variables may refer to earlier ones."""

    def __init__(self, case: Case, chart: Chart, plan: Plan) -> None:
        self.chart = chart
        self.meanings: dict[str, Meaning] = {}
        self.rules = Rules(case, chart, len(plan.selectors), self.meanings)
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
        result = self.rules.first(plan.rules)
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


def _evidence(entries: Sequence[JournalEntry], codes: Sequence[Code | None]) -> tuple[Evidence, ...]:
    shown = zip(entries[:SHOWN], codes, strict=False)
    return tuple(Evidence(source=one.source, code=str(code or ""), at=str(one.at or "")) for one, code in shown)
