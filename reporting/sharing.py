"""Registries that look at the same cases find the same things there: each is worked out once for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from registries.cases import Selection, renamed, select
from registries.chart import Chart
from registries.checks import check
from registries.derivation import Shared, derive
from registries.plan import Plan
from registries.record import Case, Finding, Value
from reporting.journal import Charts


@dataclass(slots=True)
class _Case:
    """What was found in one case: values by their variable's mark, findings by the mark of all that is checked."""

    values: Shared = field(default_factory=dict)
    findings: dict[str, tuple[Finding, ...]] = field(default_factory=dict)


class Sharing:
    """What some plans have found so far in one patient's cases.

    It changes no result: marks (`registries.likeness`) say what is the same, and where one journal gives two plans
    different charts of the same entries (`Charts.alike`), each looks for itself.
    """

    def __init__(self, plans: Sequence[Plan] = ()) -> None:
        count = Counter(plan.likeness.cases for plan in plans)
        self.several = {mark for mark, plans_of in count.items() if plans_of > 1}
        self.alike = False
        self.selections: dict[tuple[str, str], Selection] = {}
        self.cases: dict[tuple[str, tuple[str, ...]], _Case] = {}

    def begin(self, charts: Charts) -> None:
        """Forget the patient before."""
        self.alike = charts.alike
        self.selections.clear()
        self.cases.clear()

    def select(self, chart: Chart, plan: Plan, key: bytes) -> Selection:
        """The cases in a chart. `key` is the secret that case keys are made with."""
        likeness = plan.likeness
        if likeness.cases not in self.several:
            return select(chart, plan, key)
        known = self.selections.get((likeness.cases, likeness.entries))
        if known is not None:
            return renamed(known, plan.definition.registry, key)
        self.selections[(likeness.cases, likeness.entries)] = found = select(chart, plan, key)
        return found

    def checked(self, case: Case, chart: Chart, plan: Plan) -> tuple[tuple[Value, ...], tuple[Finding, ...]]:
        """A case's values, and what is to be said of them."""
        likeness = plan.likeness
        if not self.alike or likeness.cases not in self.several:
            values = derive(case, chart, plan)
            return values, check(values, plan.definition)
        known = self._of(case, likeness.cases)
        values = derive(case, chart, plan, known.values)
        findings = known.findings.get(likeness.checks)
        if findings is None:
            findings = known.findings[likeness.checks] = check(values, plan.definition)
        return values, findings

    def _of(self, case: Case, mark: str) -> _Case:
        key = (mark, tuple(entry.source for entry in case.index))
        known = self.cases.get(key)
        if known is None:
            known = self.cases[key] = _Case()
        return known
