"""A store in memory: the plainest thing that keeps the contract, for other tests and to compare the SQL store with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from registries.receipt import Receipt, Verdict
from registries.record import RegistryRecord
from reporting.adapters.db.keys import submission_id
from reporting.ports import Store
from reporting.submission import Action, Attempt, Decision, Known, Run, RunState, State, Submission

_STATES = {
    Verdict.OK: State.ACKNOWLEDGED,
    Verdict.PARTLY: State.PARTLY_ACCEPTED,
    Verdict.REJECTED: State.REJECTED,
}


class MemoryStore(Store):
    """Dicts in the order of insertion."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._records: dict[tuple[str, str], tuple[RegistryRecord, str, str, datetime]] = {}
        self._met: dict[tuple[str, str, str], str] = {}
        self._submissions: dict[str, Submission] = {}
        self._events: list[tuple[str, datetime, str]] = []
        self._receipts: dict[str, Receipt] = {}

    def start_run(self, run: Run) -> None:
        self._runs.setdefault(run.id, run)

    def finish_run(self, run_id: str, state: RunState, summary: dict[str, object], at: datetime) -> None:
        self._runs[run_id] = msgspec.structs.replace(self.run(run_id), state=state, summary=summary, finished=at)

    def run(self, run_id: str) -> Run:
        return self._runs[run_id]

    def runs(self, limit: int = 50) -> tuple[Run, ...]:
        return tuple(sorted(self._runs.values(), key=lambda run: (run.started, run.id), reverse=True)[:limit])

    def known(self, registry: str) -> Mapping[str, Known]:
        sent = (s for s in self._submissions.values() if s.registry == registry)
        return {s.case: Known(content=s.content, message_id=s.message_id, state=s.state) for s in sent}

    def decide(
        self, run_ids: Sequence[str], decisions: Iterable[tuple[int, Decision]], at: datetime
    ) -> tuple[tuple[str, ...], ...]:
        for run_id in run_ids:
            self.run(run_id)
        by_run = sorted(decisions, key=lambda one: one[0])
        whole = [(run_ids[number], decision) for number, decision in by_run]
        new = {submission_id(d): _submission(run_id, d, at) for run_id, d in reversed(whole) if _sends(d)}
        made = [s for key, s in reversed(new.items()) if key not in self._submissions]
        self._refuse_shared_messages(made)
        for run_id, decision in whole:
            record, action = decision.record, decision.action.value
            self._records[record.registry, record.case] = (record, run_id, action, at)
            self._met[run_id, record.registry, record.case] = action
        for submission in made:
            self._submissions[submission.id] = submission
            self._events.append((submission.id, at, State.QUEUED.value))
        return tuple(tuple(s.id for s in made if s.run == run_id) for run_id in run_ids)

    def _refuse_shared_messages(self, made: list[Submission]) -> None:
        messages = [s.message_id for s in (*self._submissions.values(), *made)]
        if len(set(messages)) < len(messages):
            raise ValueError("a message id belongs to another submission already")

    def queued(self, registry: str) -> tuple[str, ...]:
        mine = (s for s in self._submissions.values() if s.registry == registry)
        return tuple(s.id for s in mine if s.state is State.QUEUED)

    def submission(self, submission_id: str) -> Submission:
        return self._submissions[submission_id]

    def submissions(self, case: str) -> tuple[Submission, ...]:
        return tuple(s for s in self._submissions.values() if s.case == case)

    def attempted(self, attempt: Attempt) -> None:
        self.submission(attempt.submission)
        self._events.append((attempt.submission, attempt.at, f"attempt: {attempt.outcome}"))

    def settle(self, receipt: Receipt, at: datetime) -> bool:
        if receipt.id in self._receipts:
            return False
        self._receipts[receipt.id] = receipt
        fitting = [s for s in self._submissions.values() if s.message_id == receipt.message_id]
        for submission in fitting:
            state = _STATES[receipt.verdict]
            self._submissions[submission.id] = msgspec.structs.replace(submission, state=state)
            self._events.append((submission.id, at, state.value))
        return bool(fitting)

    def record(self, case: str) -> tuple[RegistryRecord, str, str]:
        found = [kept for (_, key), kept in self._records.items() if key == case]
        if not found:
            raise KeyError(case)
        record, run, action, _ = max(found, key=lambda kept: kept[3])
        return record, run, action

    def records(self, run_id: str, offset: int = 0, limit: int = 100) -> tuple[tuple[RegistryRecord, str], ...]:
        met = [
            (self._records[registry, case][0], action)
            for (run, registry, case), action in self._met.items()
            if run == run_id
        ]
        met.sort(key=lambda pair: (pair[0].start, pair[0].case, pair[0].registry))
        return tuple(met[offset : offset + limit])

    def kept(self, registry: str) -> tuple[RegistryRecord, ...]:
        mine = [kept[0] for (slug, _), kept in self._records.items() if slug == registry]
        return tuple(sorted(mine, key=lambda record: (record.start, record.case)))

    def history(self, case: str) -> tuple[tuple[datetime, str], ...]:
        mine = {s.id for s in self.submissions(case)}
        return tuple((at, what) for key, at, what in self._events if key in mine)

    def receipts(self, message_id: str) -> tuple[Receipt, ...]:
        return tuple(r for r in self._receipts.values() if r.message_id == message_id)

    def counts(self, run_id: str) -> Mapping[State, int]:
        return dict(Counter(s.state for s in self._submissions.values() if s.run == run_id))


def _sends(decision: Decision) -> bool:
    return decision.action in (Action.SEND, Action.CORRECT)


def _submission(run_id: str, decision: Decision, at: datetime) -> Submission:
    return Submission(
        id=submission_id(decision),
        registry=decision.record.registry,
        case=decision.record.case,
        run=run_id,
        message_id=decision.message_id,
        content=decision.content,
        state=State.QUEUED,
        complete=decision.complete,
        payload=decision.payload,
        created=at,
        corrects=decision.corrects,
    )
