"""Values to put in a store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from registries.receipt import Receipt, ReceiptError, Verdict
from registries.record import Evidence, Finding, MapUse, Reason, RegistryRecord, Severity, Tier, Value
from reporting.ports import Store
from reporting.submission import Action, Attempt, Decision, Run

NOON = datetime(2025, 3, 2, 12, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """Some minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def a_run(key: str = "run1", registry: str = "hjerneslag", started: datetime = NOON) -> Run:
    return Run(id=key, registry=registry, release="hjerneslag/1 maps/3", started=started, sources=("a.ndjson",))


def a_record(case: str = "ca5e01", registry: str = "hjerneslag", start: str = "2025-03-02T13:55") -> RegistryRecord:
    return RegistryRecord(
        case=case,
        registry=registry,
        release="hjerneslag/1 maps/3",
        start=start,
        patient="p-17",
        values=(whole_value(), decimal_value(), empty_value()),
        findings=(Finding(rule="plausible_range", severity=Severity.WARNING, variable="VEKT", clause="4.2"),),
    )


def whole_value() -> Value:
    return Value(
        variable="NIHSSinnkomst",
        tier=Tier.AUTOMATIC,
        value=7,
        normed="7",
        rule="NIHSSinnkomst/1",
        evidence=(Evidence(source="Observation/n1", code="loinc:70182-1", at="2025-03-02T14:10"),),
        map=MapUse(map="nihss@2", row="total"),
        considered=3,
        note="absence",
    )


def decimal_value() -> Value:
    return Value(variable="VEKT", tier=Tier.PROPOSED, value=Decimal("70.50"))


def empty_value() -> Value:
    return Value(variable="MRSPre", tier=Tier.PROPOSED, reason=Reason.OUTSIDE_WINDOW, considered=2)


def a_decision(
    case: str = "ca5e01",
    content: str = "c1",
    action: Action = Action.SEND,
    corrects: str = "",
    registry: str = "hjerneslag",
    message_id: str = "",
) -> Decision:
    """A decision whose message id follows from what it says, as the real ones do."""
    return Decision(
        record=a_record(case, registry),
        action=action,
        complete=True,
        content=content,
        message_id=message_id or f"m-{registry}-{case}-{content}-{corrects}",
        payload=b"<MsgHead/>",
        corrects=corrects,
    )


def decide(store: Store, run: str, decisions: Iterable[Decision], at: datetime) -> tuple[str, ...]:
    """Decide for one run alone."""
    (made,) = store.decide([run], ((0, decision) for decision in decisions), at)
    return made


def a_receipt(message_id: str, key: str = "r1", verdict: Verdict = Verdict.OK) -> Receipt:
    errors = () if verdict is Verdict.OK else (ReceiptError(code="E20", system="2.16", text="Ukjent kode", detail="x"),)
    return Receipt(id=key, message_id=message_id, verdict=verdict, errors=errors, raw=b"<AppRec\x00\xff/>")


def an_attempt(submission: str, minutes: int, outcome: str = "unreachable") -> Attempt:
    return Attempt(submission=submission, at=at(minutes), outcome=outcome)
