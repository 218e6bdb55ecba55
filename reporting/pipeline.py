"""The way of the data, from charts to decisions, with an account of every step. Pure but for the source it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from msgspec.structs import replace

from registries.anchors import anchors_of
from registries.cases import Selection
from registries.chart import Chart
from registries.codecs.msghead import Envelope, encode
from registries.codecs.validation import Validator, validator
from registries.plan import Plan
from registries.record import Case, Finding, Reason, RegistryRecord, Severity, Tier, Value
from reporting.journal import Account, Identity, JournalSource
from reporting.policy import action, check_identity, content_of, registration
from reporting.sharing import Sharing
from reporting.submission import Action, Decision, Known


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run is given: the plan, the sender, the mode, the secret that case keys are made with, and the time."""

    plan: Plan
    sender: str
    sender_her_id: str
    mode: str
    key: bytes
    now: datetime
    known: Mapping[str, Known] = field(default_factory=dict)


class Summary:
    """Counts of a run, without patient data."""

    def __init__(self) -> None:
        self.account = Account()
        self.inside = 0
        self.outside: Counter[str] = Counter()
        self.cases = 0
        self.fields: Counter[str] = Counter()
        self.variables: dict[str, Counter[str]] = {}
        self.findings: Counter[str] = Counter()
        self.decisions: Counter[str] = Counter()

    def selected(self, selection: Selection) -> None:
        """Count a chart's candidates and cases."""
        self.cases += len(selection.cases)
        for candidate in selection.candidates:
            if candidate.out:
                self.outside[candidate.out] += 1
            else:
                self.inside += 1

    def decided(self, decision: Decision) -> None:
        """Count a record's fields, findings and what is done with it."""
        self.decisions[decision.action] += 1
        for finding in decision.record.findings:
            self.findings[finding.rule] += 1
        for value in decision.record.values:
            outcome = _outcome(value)
            self.variables.setdefault(value.variable, Counter())[outcome] += 1
            self.fields[outcome] += 1

    def plain(self) -> dict[str, object]:
        """The counts as plain data, as runs keep and pages show them."""
        account = self.account
        return {
            "patients": account.patients,
            "entries": {"read": account.read, "used": account.used},
            "skipped": dict(sorted(account.passed.items())),
            "problems": [{"place": problem.place, "text": problem.text} for problem in account.problems[:1000]],
            "problem_count": len(account.problems),
            "candidates": {"in": self.inside, "out": dict(sorted(self.outside.items()))},
            "cases": self.cases,
            "records": sum(self.decisions.values()),
            "fields": _outcomes(self.fields),
            "variables": {name: _outcomes(counts) for name, counts in self.variables.items()},
            "findings": dict(sorted(self.findings.items())),
            "decisions": {str(kind): self.decisions[kind] for kind in Action},
        }


def _outcome(value: Value) -> str:
    """The tier of a value, `manual` for one that a person fills in, else `empty.` and the reason."""
    if value.value is not None:
        return value.tier.value
    return "manual" if value.reason is Reason.MANUAL else f"empty.{value.reason}"


def _outcomes(counts: Counter[str]) -> dict[str, object]:
    empty = {key.removeprefix("empty."): n for key, n in sorted(counts.items()) if key.startswith("empty.")}
    return {tier.value: counts[tier] for tier in Tier} | {"empty": empty}


def decisions(source: JournalSource, setting: Setting, summary: Summary) -> Iterator[Decision]:
    """Read a source and decide on every case in it. Counts go to the summary as they come."""
    for _, decision in decisions_for(source, (setting,), (summary,)):
        yield decision


def decisions_for(
    source: JournalSource, settings: Sequence[Setting], summaries: Sequence[Summary]
) -> Iterator[tuple[int, Decision]]:
    """Read a source once for several registries and decide on every case: each decision with its setting's number.

    They come patient by patient. Each summary is as that of a run alone, but for what tells of the reading itself:
    types are passed over, and problems told, as all of the registries ask.
    """
    validators = [validator(setting.plan.definition) for setting in settings]
    sharing = Sharing([setting.plan for setting in settings])
    reading = Account()
    try:
        for found in source.charts_for([setting.plan for setting in settings], reading):
            sharing.begin(found)
            for number, chart in enumerate(found.charts):
                if chart is not None:
                    one = _One(settings[number], summaries[number], validators[number], sharing)
                    for decision in one.decided(chart, found.identities):
                        yield number, decision
    finally:
        reading.used = 0
        for summary in summaries:
            summary.account.add(reading)


class _One(NamedTuple):
    """One of several registries that a source is read for."""

    setting: Setting
    summary: Summary
    validate: Validator
    sharing: Sharing

    def decided(self, chart: Chart, identities: tuple[Identity, ...]) -> Iterator[Decision]:
        setting, summary = self.setting, self.summary
        summary.account.used += len(chart.entries)
        selection = self.sharing.select(chart, setting.plan, setting.key)
        summary.selected(selection)
        if not selection.cases:
            return
        identity, findings = check_identity(identities, setting.mode)
        for case in selection.cases:
            record = record_of(case, chart, setting.plan, self.sharing, findings)
            decision = decide(record, identity, setting, self.validate)
            summary.decided(decision)
            yield decision


def records_for(
    source: JournalSource, plans: Sequence[Plan], key: bytes, account: Account
) -> Iterator[tuple[int, RegistryRecord]]:
    """The checked records of several registries from one reading, each with its plan's number; no messages.

    Whose they are is not looked at: findings on identity numbers are left to `decisions_for`.
    """
    sharing = Sharing(plans)
    for found in source.charts_for(plans, account):
        sharing.begin(found)
        for number, chart in enumerate(found.charts):
            if chart is not None:
                for case in sharing.select(chart, plans[number], key).cases:
                    yield number, record_of(case, chart, plans[number], sharing)


def record_of(
    case: Case, chart: Chart, plan: Plan, sharing: Sharing, findings: tuple[Finding, ...] = ()
) -> RegistryRecord:
    """A case's record: its values derived and checked. `findings` are those known before."""
    values, found = sharing.checked(case, chart, plan)
    return RegistryRecord(
        case=case.key,
        registry=plan.definition.registry,
        release=plan.release,
        start=str(case.start),
        patient=case.patient,
        values=values,
        findings=findings + found,
        anchors=anchors_of(case),
    )


def decide(record: RegistryRecord, identity: Identity | None, setting: Setting, validate: Validator) -> Decision:
    """What is done with a record, and the message when there is one to send.

    A message that its own schema refuses is held with a finding: a fault of ours must not leave the house.
    """
    definition = setting.plan.definition
    said = registration(record, definition)
    content = content_of(said, identity, setting.key)
    known = setting.known.get(record.case)
    todo = action(record, content, known)
    decision = Decision(record=record, action=todo, complete=said.complete, content=content)
    if todo not in (Action.SEND, Action.CORRECT) or identity is None:
        return decision
    corrects = known.message_id if known else ""
    message_id = str(uuid5(NAMESPACE_URL, f"{record.registry}/{record.case}/{content}/{corrects}"))
    envelope = Envelope(
        message_id=message_id,
        generated=setting.now,
        sender=setting.sender,
        sender_her_id=setting.sender_her_id,
        identity=identity.number,
        identity_kind=identity.kind,
        corrects=corrects,
    )
    payload = encode(definition, said, envelope)
    if validate(payload):
        return _held(record)
    return replace(decision, message_id=message_id, payload=payload, corrects=corrects)


def _held(record: RegistryRecord) -> Decision:
    finding = Finding(rule="message_invalid", severity=Severity.ERROR)
    return Decision(record=replace(record, findings=(*record.findings, finding)), action=Action.HOLD)
