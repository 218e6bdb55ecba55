"""The table of explanations (`table.yaml`), run through the product: definition, plan, derivation, record, sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from registries.anchors import anchors_of
from registries.cases import select
from registries.chart import Chart
from registries.derivation import derive
from registries.plan import Plan
from registries.record import RegistryRecord
from reporting.explain import Context, Explanation, NameOf, context_of, explain
from terminology.valuesets import Snomed
from tests.spec.language import PROCEDURE, PROCEDURE_CASE, STROKE, STROKE_CASE, Spec, frame
from tests.spec.runner import KEY, chart, plan_of

_TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "table.yaml").read_text(encoding="utf-8"))
_FRAMES = {"stroke": STROKE, "procedure": PROCEDURE, **_TABLE["frames"]}


@dataclass(frozen=True, slots=True)
class Example:
    """One row of the table: a rule's spec, a journal, and what people read."""

    name: str
    spec: Spec
    journal: tuple[dict[str, str], ...]
    nb: str
    en: str


def _example(row: dict[str, str]) -> Example:
    around = row.get("frame", "stroke")
    spec = Spec(
        word=row["name"],
        says="",
        variable=_TABLE["variables"][row["variable"]],
        table="",
        earlier=_TABLE["earlier"][row["earlier"]] if "earlier" in row else "",
        frame=_FRAMES[around],
        case=PROCEDURE_CASE if around == "procedure" else STROKE_CASE,
    )
    return Example(row["name"], spec, frame(row["journal"]) if "journal" in row else (), row["nb"], row["en"])


EXAMPLES = tuple(_example(row) for row in _TABLE["examples"])


def record_of(whole: Chart, plan: Plan) -> RegistryRecord:
    """The record of the first case of a chart."""
    case = select(whole, plan, KEY).cases[0]
    return RegistryRecord(
        case=case.key,
        registry=plan.definition.registry,
        release=plan.release,
        start=str(case.start),
        patient="p1",
        values=derive(case, whole, plan),
        anchors=anchors_of(case),
    )


def explained(record: RegistryRecord, plan: Plan, name_of: NameOf) -> list[Explanation]:
    """All values of a record, explained."""
    context: Context = context_of(record, plan.definition, name_of)
    return [explain(value, context.variable(value.variable), context) for value in record.values]


def example_explained(example: Example, snomed: Snomed, name_of: NameOf) -> Explanation:
    """What the last variable of an example is explained by."""
    plan = plan_of(example.spec, snomed)
    whole = chart((*frame(example.spec.frame), *example.journal), plan)
    return explained(record_of(whole, plan), plan, name_of)[-1]


def faults(told: Explanation) -> list[str]:
    """What is wrong with the form of an explanation in either language."""
    texts = [told.sentence.nb, told.sentence.en, *(one for one in (told.trace.nb, told.trace.en) if one)]
    return [f"{fault!r} in {words!r}" for words in texts for fault in _faults(words)]


def _faults(words: str) -> list[str]:
    found = [
        mark for mark in ("{", "}", "None", "  ", " ,", " .", " ;", ",,", ", ;", "()", "«»", "..") if mark in words
    ]
    found += [] if words.endswith(".") and words == words.strip() else ["no end"]
    return found + [pair for pair in ("()", "«»", "“”") if words.count(pair[0]) != words.count(pair[1])]
