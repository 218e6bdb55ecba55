"""Every table of the language holds, and every word of the language has one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from registries.case_rule import CaseRule, Episode, Period
from registries.definition import Absent, DateOrder, Range, Rule, Variable
from registries.entry import Kind, Precision, Standing
from registries.record import Reason, Tier
from registries.value_words import Band, Check, Length
from registries.words import MOMENT, WINDOWS, Closest, Window
from terminology.valuesets import Snomed
from tests.spec.language import CaseSpec, Spec, entry, frame, table
from tests.spec.runner import case_shortfalls, definition_of, plan_of, run, selection, shortfalls
from tests.spec.tables import SECTIONS

SPECS = [spec for section in SECTIONS for spec in section.specs if isinstance(spec, Spec)]
CASES = [spec for section in SECTIONS for spec in section.specs if isinstance(spec, CaseSpec)]
#: Words that no table can show, and why.
ELSEWHERE = {
    "Variable.label": "what people read; it changes no value",
}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_a_rule_gives_what_its_table_says(spec: Spec, snomed: Snomed) -> None:
    plan = plan_of(spec, snomed)
    wrong = []
    for number, journal in enumerate(table(spec.table).journals, start=1):
        values, findings = run(spec, journal.rows, plan)
        wrong += [f"journal {number} {text}" for text in shortfalls(journal.gives, values[-1], findings)]
    assert not wrong


@pytest.mark.parametrize("spec", CASES, ids=lambda spec: spec.name)
def test_a_journal_has_the_cases_its_table_says(spec: CaseSpec, snomed: Snomed) -> None:
    plan = plan_of(spec, snomed)
    wrong = []
    for number, journal in enumerate(table(spec.table).journals, start=1):
        found = selection(journal.rows, plan)
        wrong += [f"journal {number} {text}" for text in case_shortfalls(journal.gives, found)]
    assert not wrong


def test_every_table_has_a_name_of_its_own() -> None:
    names = [spec.name for section in SECTIONS for spec in section.specs]
    assert len(names) == len(set(names))


MODELS = (*(Absent, Band, CaseRule, Check, Closest, DateOrder, Episode, Length, Period, Range, Rule, Variable, Window),)


def test_every_word_of_the_language_has_a_table() -> None:
    words = {f"{model.__name__}.{name}" for model in MODELS for name in model.model_fields}
    words |= {choice for model in MODELS for choice in _choices(model)}
    words |= {f"Kind.{kind.name}" for kind in Kind} | {f"Standing.{standing.name}" for standing in Standing}
    words |= {f"Reason.{reason.name}" for reason in Reason} | {f"Tier.{tier.name}" for tier in Tier}
    words |= {f"Precision.{precision.name}" for precision in Precision}
    words |= {f"case.{anchor}" for anchor in ("start", "end", "onset", "admission", "discharge", "procedure")}
    words |= {f"case.{name}" for name in ("no_stay", "outpatient", "no_time", "outside_period")}
    words |= {f"unit {unit}" for unit in ("min", "h", "d", "w", "cd", "mo", "y")} | {"variable."}
    words |= {f"window {name}" for name in WINDOWS}
    used = set(_used())
    assert not words - used - ELSEWHERE.keys()
    assert not used & ELSEWHERE.keys()


def _choices(model: type[BaseModel]) -> Iterator[str]:
    """The words that may stand in a field, as `Rule.pick first`."""
    for name, field in model.model_fields.items():
        for one in (field.annotation, *get_args(field.annotation)):
            options = get_args(one) if get_origin(one) is Literal else ()
            yield from (f"{model.__name__}.{name} {option}" for option in options)


def _used() -> Iterator[str]:
    for spec in (spec for section in SECTIONS for spec in section.specs):
        definition = definition_of(spec)
        yield from _fields(definition.case)
        for one in (*definition.orders, *definition.checks):
            yield from _fields(one)
        written = spec.variable if isinstance(spec, Spec) else ""
        yield from (f"window {name}" for name in WINDOWS if f"window: {name}" in written)
        for name, variable in definition.variables.items():
            yield from (word for word in _fields(variable) if name == "Example" and _is_written(word, written))
        yield from _in_table(spec)


def _is_written(word: str, text: str) -> bool:
    # What the runner fills in on its own does not count as shown.
    left_out = {"Variable.label", "Variable.automation", "Variable.type", "Variable.codes"}
    return word not in left_out or (f"{word.removeprefix('Variable.')}:" in text and word != "Variable.label")


def _fields(model: BaseModel) -> Iterator[str]:
    for name in model.model_fields_set:
        yield f"{type(model).__name__}.{name}"
        value = getattr(model, name)
        if isinstance(value, str):
            yield f"{type(model).__name__}.{name} {value}"
            yield from _in_moment(value)
        if isinstance(value, Tier):
            yield f"Tier.{value.name}"
        if isinstance(value, Kind):
            yield f"Kind.{value.name}"
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, BaseModel):
                yield from _fields(part)


def _in_moment(text: str) -> Iterator[str]:
    found = re.match(MOMENT, text)
    if found:
        yield "variable." if text.startswith("variable.") else found[1]
        yield f"unit {(found[3] or '').lstrip('0123456789')}"


def _in_table(spec: Spec | CaseSpec) -> Iterator[str]:
    around = frame(spec.frame) if isinstance(spec, Spec) else ()
    reasons = {str(reason): reason.name for reason in Reason}
    for journal in table(spec.table).journals:
        for one in map(entry, (*around, *journal.rows)):
            yield f"Standing.{one.standing.name}"
            if one.start is not None:
                yield f"Precision.{one.start.precision.name}"
        result = journal.gives.split(";")[0].split("=")[0].strip()
        if isinstance(spec, Spec) and result in reasons:
            yield f"Reason.{reasons[result]}"
        if isinstance(spec, CaseSpec):
            yield from (word for word in journal.gives.replace(";", " ").split() if word.startswith("case."))
