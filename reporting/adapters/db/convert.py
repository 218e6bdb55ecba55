"""Between rows and values: explicit, so that a change of either is seen here."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import RowMapping

from registries.receipt import Receipt, ReceiptError, Verdict
from registries.record import Anchors, Evidence, Finding, MapUse, Reason, RegistryRecord, Tier, Value
from reporting.adapters.db.keys import submission_id
from reporting.submission import Decision, Known, Run, RunState, State, Submission

STATES: Final = {
    Verdict.OK: State.ACKNOWLEDGED,
    Verdict.REJECTED: State.REJECTED,
    Verdict.PARTLY: State.PARTLY_ACCEPTED,
}


class _StoredValue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A `Value` whose JSON can be read back: a Decimal has its own field, as JSON would make it text."""

    variable: str
    tier: Tier
    value: int | str | None = None
    decimal: Decimal | None = None
    normed: str = ""
    rule: str = ""
    evidence: tuple[Evidence, ...] = ()
    map: MapUse | None = None
    reason: Reason | None = None
    considered: int = 0
    passed: int = 0
    tried: str = ""
    note: str = ""
    fold: bool = False


class _StoredRecord(msgspec.Struct, frozen=True, kw_only=True):
    case: str
    registry: str
    release: str
    start: str
    patient: str
    values: tuple[_StoredValue, ...]
    findings: tuple[Finding, ...]
    anchors: Anchors = Anchors()


_RECORD: Final = msgspec.json.Decoder(_StoredRecord)
_ERRORS: Final = msgspec.json.Decoder(tuple[ReceiptError, ...])
_SOURCES: Final = msgspec.json.Decoder(tuple[str, ...])
_SUMMARY: Final = msgspec.json.Decoder(dict[str, object])


def to_json(value: object) -> str:
    """Plain data or structs as JSON text."""
    return msgspec.json.encode(value).decode()


def record_json(record: RegistryRecord) -> str:
    """A record as JSON text that `record_of` turns back into an equal one."""
    return to_json(
        _StoredRecord(
            case=record.case,
            registry=record.registry,
            release=record.release,
            start=record.start,
            patient=record.patient,
            values=tuple(_stored(value) for value in record.values),
            findings=record.findings,
            anchors=record.anchors,
        )
    )


def record_of(data: str) -> RegistryRecord:
    """The record that `record_json` wrote.

    Raises:
        msgspec.DecodeError: the text is not one.
    """
    stored = _RECORD.decode(data)
    return RegistryRecord(
        case=stored.case,
        registry=stored.registry,
        release=stored.release,
        start=stored.start,
        patient=stored.patient,
        values=tuple(_value(value) for value in stored.values),
        findings=stored.findings,
        anchors=stored.anchors,
    )


def _stored(value: Value) -> _StoredValue:
    decimal = value.value if isinstance(value.value, Decimal) else None
    return _StoredValue(
        variable=value.variable,
        tier=value.tier,
        value=None if isinstance(value.value, Decimal) else value.value,
        decimal=decimal,
        normed=value.normed,
        rule=value.rule,
        evidence=value.evidence,
        map=value.map,
        reason=value.reason,
        considered=value.considered,
        passed=value.passed,
        tried=value.tried,
        note=value.note,
        fold=value.fold,
    )


def _value(stored: _StoredValue) -> Value:
    return Value(
        variable=stored.variable,
        tier=stored.tier,
        value=stored.value if stored.decimal is None else stored.decimal,
        normed=stored.normed,
        rule=stored.rule,
        evidence=stored.evidence,
        map=stored.map,
        reason=stored.reason,
        considered=stored.considered,
        passed=stored.passed,
        tried=stored.tried,
        note=stored.note,
        fold=stored.fold,
    )


def run_row(run: Run) -> dict[str, Any]:
    """A run as the columns of its row."""
    return {
        "id": run.id,
        "registry_slug": run.registry,
        "release": run.release,
        "started": run.started,
        "finished": run.finished,
        "sources": to_json(run.sources),
        "state": run.state.value,
        "summary": to_json(run.summary),
    }


def run_of(row: RowMapping) -> Run:
    """The run of a row."""
    return Run(
        id=row["id"],
        registry=row["registry_slug"],
        release=row["release"],
        started=row["started"],
        finished=row["finished"],
        sources=_SOURCES.decode(row["sources"]),
        state=RunState(row["state"]),
        summary=_SUMMARY.decode(row["summary"]),
    )


def record_row(run_id: str, decision: Decision, at: datetime) -> dict[str, Any]:
    """The record of a decision as the columns of its row."""
    record = decision.record
    return {
        "case_key": record.case,
        "registry_slug": record.registry,
        "run": run_id,
        "action": decision.action.value,
        "start": record.start,
        "made": at,
        "data": record_json(record),
    }


def run_record_row(run_id: str, decision: Decision) -> dict[str, Any]:
    """That a run met a case, as columns."""
    record = decision.record
    return {
        "run": run_id,
        "case_key": record.case,
        "registry_slug": record.registry,
        "action": decision.action.value,
    }


def submission_row(run_id: str, decision: Decision, at: datetime) -> dict[str, Any]:
    """The queued submission that a decision asks for, as columns."""
    return {
        "id": submission_id(decision),
        "registry_slug": decision.record.registry,
        "case_key": decision.record.case,
        "run": run_id,
        "message_id": decision.message_id,
        "content": decision.content,
        "state": State.QUEUED.value,
        "complete": decision.complete,
        "payload": decision.payload,
        "created": at,
        "corrects": decision.corrects,
    }


def submission_of(row: RowMapping) -> Submission:
    """The submission of a row."""
    return Submission(
        id=row["id"],
        registry=row["registry_slug"],
        case=row["case_key"],
        run=row["run"],
        message_id=row["message_id"],
        content=row["content"],
        state=State(row["state"]),
        complete=row["complete"],
        payload=row["payload"],
        created=row["created"],
        corrects=row["corrects"],
    )


def known_of(row: RowMapping) -> Known:
    """What the registry was last sent, from a submission's row."""
    return Known(content=row["content"], message_id=row["message_id"], state=State(row["state"]))


def receipt_row(receipt: Receipt, at: datetime) -> dict[str, Any]:
    """A receipt as columns."""
    return {
        "id": receipt.id,
        "message_id": receipt.message_id,
        "verdict": receipt.verdict.value,
        "errors": to_json(receipt.errors),
        "raw": receipt.raw,
        "received": at,
    }


def receipt_of(row: RowMapping) -> Receipt:
    """The receipt of a row."""
    return Receipt(
        id=row["id"],
        message_id=row["message_id"],
        verdict=Verdict(row["verdict"]),
        errors=_ERRORS.decode(row["errors"]),
        raw=row["raw"],
    )
