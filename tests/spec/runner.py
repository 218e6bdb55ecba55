"""Runs a spec: a definition of its one variable, compiled against the example release, over its journals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent
from typing import Any

import msgspec
import yaml

from fixtures.snomed import make_release
from registries.cases import Selection, select
from registries.catalogue import load_catalogue
from registries.chart import Chart, chart_of
from registries.checks import check
from registries.definition import Definition
from registries.derivation import derive
from registries.entry import JournalEntry, Kind, Standing
from registries.plan import Plan, compile_plan
from registries.record import Finding, Value
from terminology.snomed.bound import BoundRelease
from terminology.snomed.release import import_release, open_release
from terminology.valuesets import Snomed
from tests.spec.language import CaseSpec, Spec, entry, frame

KEY = b"spec"
CATALOGUE = load_catalogue(Path(__file__).parent / "catalogue")
_NORMED = {"code": "answer", "integer": "number", "decimal": "number", "date": "time", "datetime": "time"}
_YES_NO = {1: "yes", 2: "no", 9: "unknown"}


def example_release(store: Path) -> Snomed:
    """The example release, imported into a folder and opened."""
    report = import_release([make_release.HERE / make_release.NAME], store)
    return BoundRelease(open_release(store / report.name))


def load(text: str) -> Any:
    """YAML as written in a spec."""
    return yaml.safe_load(dedent(text)) or {}


def definition_of(spec: Spec | CaseSpec) -> Definition:
    """A definition with the spec's variables and what they leave out."""
    variables: dict[str, Any] = {"Example": {"type": "datetime", "automation": "manual"}}
    orders, checks = list[Any](), list[Any]()
    if isinstance(spec, Spec):
        variables = {**load(spec.earlier), "Example": load(spec.variable)}
        orders, checks = load(spec.orders) or [], load(spec.checks) or []
    return Definition.model_validate(
        {
            "registry": "example",
            "version": 1,
            "status": "draft",
            "title": {"nb": "Eksempel", "en": "Example"},
            "legal_basis": "none",
            "reservation": True,
            "case": load(spec.case),
            "message": {"type": "EXAMPLE", "receiver": "Example", "her_id": "1"},
            "variables": {name: _whole(name, body) for name, body in variables.items()},
            "orders": orders,
            "checks": checks,
        }
    )


def _whole(name: str, body: dict[str, Any]) -> dict[str, Any]:
    kind = body.get("type", "code")
    left_out = {"type": kind, "normed": _NORMED[kind], "label": {"nb": name, "en": name}, "automation": "automatic"}
    if kind == "code":
        left_out["codes"] = _YES_NO
    return left_out | body


def plan_of(spec: Spec | CaseSpec, snomed: Snomed) -> Plan:
    """The spec's definition, compiled."""
    return compile_plan(definition_of(spec), CATALOGUE, snomed, "example")


def chart(rows: Iterable[dict[str, str]], plan: Plan) -> Chart:
    """A patient's chart, as a source makes it: entries marked with their selectors, the unreadable counted."""
    written = [entry(row) for row in rows]
    marked = [msgspec.structs.replace(one, selectors=plan.select(one.kind, one.codes)) for one in written]
    seen = Counter(one.kind for one in written)
    unreadable = Counter(one.kind for one in marked if _unreadable(one, plan))
    return chart_of("p1", marked, seen, unreadable)


def _unreadable(one: JournalEntry, plan: Plan) -> bool:
    spoken = one.selectors or one.kind is Kind.STAY or plan.readable(one.codes)
    return not spoken and one.standing is Standing.COUNTS


def selection(rows: Iterable[dict[str, str]], plan: Plan) -> Selection:
    """The cases of a journal."""
    return select(chart(rows, plan), plan, KEY)


def run(spec: Spec, rows: Iterable[dict[str, str]], plan: Plan) -> tuple[tuple[Value, ...], tuple[Finding, ...]]:
    """The values of the first case of a journal, the example's last, and the findings on them."""
    whole = chart((*frame(spec.frame), *rows), plan)
    first = select(whole, plan, KEY).cases[0]
    values = derive(first, whole, plan)
    return values, check(values, plan.definition)


def shortfalls(gives: str, value: Value, findings: tuple[Finding, ...]) -> list[str]:
    """What an expectation (`yes = 1; from a b; note absence; proposed; …`) says that is not so."""
    wanted, *clauses = [part.strip() for part in gives.split(";")]
    result, _, code = (part.strip() for part in wanted.partition("="))
    actual = value.reason or value.normed or str(value.value)
    wrong = [] if result == actual else [f"gives {actual}, not {result}"]
    if code and code != str(value.value):
        wrong.append(f"is written {value.value}, not {code}")
    told = facts(value, findings)
    return wrong + [f"not so: {clause} (but {told})" for clause in clauses if clause not in told]


def facts(value: Value, findings: tuple[Finding, ...]) -> set[str]:
    """All clauses that hold for a value."""
    clauses = {str(value.tier), f"from {' '.join(one.source for one in value.evidence)}", f"rule {value.rule}"}
    clauses |= {f"code {one.code}" for one in value.evidence} | {f"among {value.considered}"}
    clauses |= {f"note {value.note}"} if value.note else set()
    clauses |= {f"map {value.map.map} row {value.map.row}"} if value.map else set()
    clauses |= {f"{one.severity} {one.rule}" for one in findings if one.variable == value.variable}
    clauses |= {f"clause {one.clause}" for one in findings if one.clause}
    return clauses if findings else clauses | {"no finding"}


def case_facts(found: Selection) -> tuple[set[str], set[str]]:
    """What must be said of a selection (the cases and the candidates that are none), and what may be said."""
    must = {f"{one.entry.source} {one.out}" for one in found.candidates if one.out}
    may = set[str]()
    for number, case in enumerate(found.cases, start=1):
        must.add(f"case {number}: {' '.join(one.source for one in case.index)}")
        times = {name: getattr(case, name) for name in ("start", "end", "onset", "admission", "discharge")}
        times |= {"procedure": case.procedure} if case.procedure else {}
        may |= {f"{number} {name} {time}" for name, time in times.items()}
    return must, may


def case_shortfalls(gives: str, found: Selection) -> list[str]:
    """What `case 1: a b; c case.outpatient; 1 start 2026-03-10T10:00` says that is not so, or leaves out."""
    said = {part.strip() for part in gives.split(";") if part.strip()}
    must, may = case_facts(found)
    return [f"not so: {clause}" for clause in sorted(said - must - may)] + [f"unsaid: {c}" for c in sorted(must - said)]
