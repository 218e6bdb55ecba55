"""The only writers: start a run, decide on its cases, send what is queued, settle what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import msgspec

from registries.codecs import apprec
from registries.plan import Plan
from registries.record import RegistryRecord
from reporting.adapters.fhir.source import FhirFiles
from reporting.home import Home
from reporting.pipeline import Setting, Summary, decisions_for
from reporting.ports import Clock, Refused, Store, Transport, Unreachable
from reporting.submission import Attempt, Decision, Run, RunState, State


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """How sending went: settled by a receipt, refused by the receiver, and left for later."""

    settled: int
    refused: int
    left: int


def start_run(store: Store, plan: Plan, sources: Sequence[Path], now: datetime) -> Run:
    """Open a run and keep it."""
    run = Run(
        id=uuid4().hex,
        registry=plan.definition.registry,
        release=plan.release,
        started=now,
        sources=tuple(str(source) for source in sources),
    )
    store.start_run(run)
    return run


def decide(
    store: Store, runs: Sequence[Run], plans: Sequence[Plan], home: Home, clock: Clock
) -> tuple[tuple[str, ...], ...]:
    """Read the sources of runs once for all of them, decide on every case, and queue what is to be sent.

    All of it or nothing: the runs are closed with their counts, all as failed when anything goes wrong. The runs have
    the same sources; each has the plan of its place. Returns the ids of the submissions made, for each run.
    """
    summaries = [Summary() for _ in runs]
    settings = [setting_of(plan, home, clock(), store) for plan in plans]
    try:
        made = decisions_for(FhirFiles(*map(Path, runs[0].sources)), settings, summaries)
        queued = store.decide([run.id for run in runs], made, clock())
    except BaseException:
        for run, summary in zip(runs, summaries, strict=True):
            store.finish_run(run.id, RunState.FAILED, summary.plain(), clock())
        raise
    for run, summary, ids in zip(runs, summaries, queued, strict=True):
        store.finish_run(run.id, RunState.DONE, summary.plain() | {"submitted": len(ids)}, clock())
    return queued


def dry_run(
    store: Store,
    plans: Sequence[Plan],
    sources: Sequence[Path],
    home: Home,
    clock: Clock,
    see: Callable[[int, Decision], None],
) -> list[dict[str, object]]:
    """What runs would do, without keeping or sending anything. Returns the counts of each plan's run.

    `see` is shown every decision with the number of its plan.
    """
    summaries = [Summary() for _ in plans]
    settings = [setting_of(plan, home, clock(), store) for plan in plans]
    for number, decision in decisions_for(FhirFiles(*sources), settings, summaries):
        see(number, decision)
    nothing: dict[str, object] = {"submitted": 0, "receipts": {}, "undelivered": 0}
    return [
        {"registry": plan.definition.registry, "release": plan.release} | summary.plain() | nothing
        for plan, summary in zip(plans, summaries, strict=True)
    ]


def setting_of(plan: Plan, home: Home, now: datetime, store: Store) -> Setting:
    """What the pipeline is given on this installation."""
    return Setting(
        plan=plan,
        sender=home.sender,
        sender_her_id=home.sender_her_id,
        mode=home.mode,
        key=home.key(),
        now=now,
        known=store.known(plan.definition.registry),
    )


def send(store: Store, transport: Transport, submissions: Iterable[str], clock: Clock) -> Sending:
    """Send submissions and settle them by the answers. The first that cannot be delivered ends the round.

    Sending again is harmless: a submission that has its receipt is passed over, and the message is the same bytes.
    """
    settled = refused = left = 0
    waiting = list(submissions)
    for number, submission in enumerate(waiting):
        try:
            outcome = _send_one(store, transport, submission, clock)
        except Unreachable:
            left = len(waiting) - number
            break
        settled += outcome == "answered"
        refused += outcome != "answered"
    return Sending(settled=settled, refused=refused, left=left)


def _send_one(store: Store, transport: Transport, submission_id: str, clock: Clock) -> str:
    submission = store.submission(submission_id)
    if submission.state is not State.QUEUED:
        return "answered"
    try:
        answer = transport.send(submission.message_id, submission.payload)
        receipt = apprec.read(answer)
        outcome = "answered" if receipt.message_id == submission.message_id else "wrong_receipt"
    except Unreachable:
        store.attempted(Attempt(submission=submission_id, at=clock(), outcome="unreachable"))
        raise
    except Refused:
        store.attempted(Attempt(submission=submission_id, at=clock(), outcome="refused"))
        return "refused"
    except apprec.ReceiptUnreadable:
        store.attempted(Attempt(submission=submission_id, at=clock(), outcome="unreadable_receipt"))
        return "unreadable_receipt"
    store.attempted(Attempt(submission=submission_id, at=clock(), outcome=outcome))
    store.settle(receipt, clock())
    return outcome


def settled_summary(store: Store, run_id: str) -> dict[str, object]:
    """A run's counts with what has become of its submissions: receipts by verdict, and how many wait."""
    run = store.run(run_id)
    states = store.counts(run_id)
    receipts = {str(state): count for state, count in states.items() if state is not State.QUEUED}
    return {
        "run": run.id,
        "registry": run.registry,
        "release": run.release,
        **run.summary,
        "receipts": receipts,
        "undelivered": states.get(State.QUEUED, 0),
    }


def records_of(store: Store, run_id: str) -> Iterator[RegistryRecord]:
    """All records of a run, by case start, read a page at a time."""
    offset = 0
    while page := store.records(run_id, offset=offset, limit=1_000):
        yield from (record for record, _ in page)
        offset += len(page)
