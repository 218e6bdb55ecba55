"""One record: every variable with its value and why, and what the registry answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registries.definition import Definition, Variable
from registries.receipt import Receipt
from registries.record import Finding, Reason, RegistryRecord, Severity, Value
from reporting.explain import Context, Explanation, NameOf, context_of, explain, meaning, no_name, plain
from reporting.findings import finding_text
from reporting.ports import Store
from reporting.submission import Submission
from reporting.texts import Text, named, same
from reporting.web.bars import Segment, bar
from reporting.web.views.overview import title_of


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words."""

    text: Text
    severity: Severity
    variable: str
    clause: str


@dataclass(frozen=True, slots=True)
class Field:
    """One variable of a record. `value` is None when the record was made before the variable was."""

    name: str
    label: Text
    level: str
    shown: str
    meaning: Text | None
    why: Explanation | None
    reason: Text | None
    value: Value | None
    findings: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A submission with what was answered."""

    submission: Submission
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """All of a record's page. `state` is that of the last submission, `none` when there is none."""

    record: RegistryRecord
    title: Text
    linked: bool
    run: str
    action: str
    state: str
    start: str
    bar: tuple[Segment, ...]
    fields: tuple[Field, ...]
    findings: tuple[Told, ...]
    messages: tuple[Message, ...]
    history: tuple[tuple[datetime, Text], ...]


def record_page(
    store: Store, definitions: Mapping[str, Definition], case: str, name_of: NameOf = no_name
) -> RecordPage:
    """What a record's page shows; `name_of` tells what codes are called.

    Raises:
        KeyError: there is no such record.
    """
    record, run, action = store.record(case)
    definition = definitions.get(record.registry)
    submissions = [s for s in store.submissions(case) if s.registry == record.registry]
    return RecordPage(
        record=record,
        title=title_of(definitions, record.registry),
        linked=definition is not None,
        run=run,
        action=action,
        state=submissions[-1].state.value if submissions else "none",
        start=record.start.replace("T", " "),
        bar=bar(Counter(level_of(value) for value in record.values)),
        fields=_fields(record, context_of(record, definition, name_of), definition),
        findings=_told_gravest_first(record, definition),
        messages=tuple(Message(s, store.receipts(s.message_id)) for s in reversed(submissions)),
        history=tuple((at, history_text(what)) for at, what in store.history(case)),
    )


def level_of(value: Value) -> str:
    """Who answers for a value; `empty` when nobody does yet. A variable that waits for a person is manual."""
    if value.reason is None:
        return value.tier.value
    return "manual" if value.reason is Reason.MANUAL else "empty"


def history_text(what: str) -> Text:
    """A line of `Store.history` in words: a state, or `attempt: ` and how it went."""
    if not what.startswith("attempt: "):
        return named("state", what)
    outcome, _, detail = what.removeprefix("attempt: ").partition(" ")
    words = named("attempt", outcome)
    return Text(nb=f"{words.nb} ({detail})", en=f"{words.en} ({detail})") if detail else words


def _fields(record: RegistryRecord, context: Context, definition: Definition | None) -> tuple[Field, ...]:
    variables = definition.variables if definition else {}
    values = {value.variable: value for value in record.values}
    findings = _told_gravest_first(record, definition)
    order = [*variables, *(name for name in values if name not in variables)]
    return tuple(_field(name, values.get(name), variables.get(name), findings, context) for name in order)


def _field(
    name: str, value: Value | None, variable: Variable | None, findings: tuple[Told, ...], context: Context
) -> Field:
    return Field(
        name=name,
        label=variable.label if variable else same(name),
        level=level_of(value) if value else "empty",
        shown=plain(value, variable) if value else "",
        meaning=meaning(value, variable) if value else None,
        why=explain(value, context.variable(name), context) if value else None,
        reason=named("reason", value.reason) if value and value.reason else None,
        value=value,
        findings=tuple(told for told in findings if told.variable == name),
    )


def _told_gravest_first(record: RegistryRecord, definition: Definition | None) -> tuple[Told, ...]:
    order = list(Severity)
    found = sorted(record.findings, key=lambda found: order.index(found.severity))
    return tuple(_told(finding, definition) for finding in found)


def _told(finding: Finding, definition: Definition | None) -> Told:
    return Told(finding_text(finding.rule, definition), finding.severity, finding.variable, finding.clause)
