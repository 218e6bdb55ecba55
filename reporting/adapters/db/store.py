"""`SqlStore`: the store on SQLite or PostgreSQL, one transaction per call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from registries.receipt import Receipt
from registries.record import RegistryRecord
from reporting.adapters.db import convert, rows
from reporting.adapters.db.engine import WRITES, engine_for
from reporting.adapters.db.upsert import add_new, put
from reporting.ports import Store
from reporting.submission import Action, Attempt, Decision, Known, Run, RunState, State, Submission

#: Decisions held in memory at once. Larger gains no speed.
CHUNK: Final = 500


def _table(row: type[rows.Row]) -> Table:
    return row.metadata.tables[str(row.__tablename__)]


RUN: Final = _table(rows.RunRow)
RECORD: Final = _table(rows.RecordRow)
RUN_RECORD: Final = _table(rows.RunRecordRow)
SUBMISSION: Final = _table(rows.SubmissionRow)
EVENT: Final = _table(rows.EventRow)
ATTEMPT: Final = _table(rows.AttemptRow)
RECEIPT: Final = _table(rows.ReceiptRow)


class SqlStore(Store):
    """Implements `reporting.ports.Store`. The schema must be there: see `reporting.adapters.db.migrate.upgrade`.

    Safe to share between threads. Ids that do not exist raise KeyError, also in the methods that write.
    """

    def __init__(self, url: str) -> None:
        self._reader = engine_for(url)
        self._writer = self._reader.execution_options(**{WRITES: True})

    def close(self) -> None:
        """Close all connections."""
        self._reader.dispose()

    def start_run(self, run: Run) -> None:
        """Keep a new run; a run whose id exists stays as it is, so that a retry changes nothing."""
        with self._writing() as db:
            add_new(db, RUN, [convert.run_row(run)])

    def finish_run(self, run_id: str, state: RunState, summary: dict[str, object], at: datetime) -> None:
        """Close a run with its counts. Raises KeyError."""
        values = {"state": state.value, "summary": convert.to_json(summary), "finished": at}
        with self._writing() as db:
            if db.execute(update(RUN).where(RUN.c.id == run_id).values(values)).rowcount == 0:
                raise KeyError(run_id)

    def run(self, run_id: str) -> Run:
        """Raises KeyError when there is none."""
        return convert.run_of(self._one(select(RUN).where(RUN.c.id == run_id), run_id))

    def runs(self, limit: int = 50) -> tuple[Run, ...]:
        """The newest first."""
        found = self._all(select(RUN).order_by(RUN.c.started.desc(), RUN.c.id.desc()).limit(limit))
        return tuple(convert.run_of(row) for row in found)

    def known(self, registry: str) -> Mapping[str, Known]:
        """Per case key: the last submission of this registry, whatever its state."""
        of_registry = SUBMISSION.c.registry_slug == registry
        last = select(func.max(SUBMISSION.c.seq)).where(of_registry).group_by(SUBMISSION.c.case_key)
        columns = (SUBMISSION.c.case_key, SUBMISSION.c.content, SUBMISSION.c.message_id, SUBMISSION.c.state)
        found = self._all(select(*columns).where(SUBMISSION.c.seq.in_(last)))
        return {row["case_key"]: convert.known_of(row) for row in found}

    def decide(
        self, run_ids: Sequence[str], decisions: Iterable[tuple[int, Decision]], at: datetime
    ) -> tuple[tuple[str, ...], ...]:
        """Keep records and queue submissions in one transaction; the ids of the submissions this made, for each run.

        Reads `decisions` in chunks; when that raises, nothing is kept. The write lock is held meanwhile.

        Raises:
            KeyError: there is no such run.
            ValueError: a message id belongs to another submission already.
        """
        made: list[list[str]] = [[] for _ in run_ids]
        with self._writing() as db:
            for run_id in run_ids:
                _require(db, select(RUN.c.id).where(RUN.c.id == run_id), run_id)
            for number, chunk in _chunks(decisions):
                _keep_records(db, run_ids[number], chunk, at)
                made[number] += _queue(db, run_ids[number], chunk, at)
        return tuple(map(tuple, made))

    def queued(self, registry: str) -> tuple[str, ...]:
        """Ids of submissions that wait to be sent, the oldest first."""
        waiting = (SUBMISSION.c.registry_slug == registry) & (SUBMISSION.c.state == State.QUEUED.value)
        return tuple(row["id"] for row in self._all(select(SUBMISSION.c.id).where(waiting).order_by(SUBMISSION.c.seq)))

    def submission(self, submission_id: str) -> Submission:
        """Raises KeyError when there is none."""
        query = select(SUBMISSION).where(SUBMISSION.c.id == submission_id)
        return convert.submission_of(self._one(query, submission_id))

    def submissions(self, case: str) -> tuple[Submission, ...]:
        """All submissions of a case, the oldest first."""
        found = self._all(select(SUBMISSION).where(SUBMISSION.c.case_key == case).order_by(SUBMISSION.c.seq))
        return tuple(convert.submission_of(row) for row in found)

    def attempted(self, attempt: Attempt) -> None:
        """Log one try at sending. Raises KeyError."""
        query = select(SUBMISSION.c.state).where(SUBMISSION.c.id == attempt.submission)
        with self._writing() as db:
            state = _require(db, query, attempt.submission)["state"]
            event = _event(attempt.submission, attempt.at, state, "attempt")
            key = db.execute(insert(EVENT).values(event)).inserted_primary_key
            db.execute(insert(ATTEMPT).values(event=key[0] if key else None, outcome=attempt.outcome))

    def settle(self, receipt: Receipt, at: datetime) -> bool:
        """Keep a receipt and set its submission's state; False when it was known or fits no submission."""
        query = select(SUBMISSION.c.id).where(SUBMISSION.c.message_id == receipt.message_id)
        with self._writing() as db:
            if not add_new(db, RECEIPT, [convert.receipt_row(receipt, at)]):
                return False
            found = db.execute(query).scalar_one_or_none()
            if found is None:
                return False
            state = convert.STATES[receipt.verdict].value
            db.execute(update(SUBMISSION).where(SUBMISSION.c.id == found).values(state=state))
            db.execute(insert(EVENT).values(_event(found, at, state, f"receipt {receipt.id}")))
        return True

    def record(self, case: str) -> tuple[RegistryRecord, str, str]:
        """The record of a case, the run that last made it and the action then taken. KeyError when there is none."""
        newest = (RECORD.c.made.desc(), RECORD.c.registry_slug)
        row = self._one(select(RECORD).where(RECORD.c.case_key == case).order_by(*newest).limit(1), case)
        return convert.record_of(row["data"]), row["run"], row["action"]

    def records(self, run_id: str, offset: int = 0, limit: int = 100) -> tuple[tuple[RegistryRecord, str], ...]:
        """The records that a run made or met, by case start, each with the action this run took."""
        found = self._all(_page(run_id, offset, limit))
        return tuple((convert.record_of(row["data"]), row["action"]) for row in found)

    def kept(self, registry: str) -> tuple[RegistryRecord, ...]:
        """The latest record of every case of a registry, by case start."""
        of_registry = select(RECORD).where(RECORD.c.registry_slug == registry)
        found = self._all(of_registry.order_by(RECORD.c.start, RECORD.c.case_key))
        return tuple(convert.record_of(row["data"]) for row in found)

    def history(self, case: str) -> tuple[tuple[datetime, str], ...]:
        """What happened to a case's submissions, in the order it was written."""
        query = (
            select(EVENT.c.at, EVENT.c.state, ATTEMPT.c.outcome)
            .join_from(EVENT, SUBMISSION, EVENT.c.submission == SUBMISSION.c.id)
            .outerjoin(ATTEMPT, ATTEMPT.c.event == EVENT.c.id)
            .where(SUBMISSION.c.case_key == case)
            .order_by(EVENT.c.id)
        )
        return tuple((row["at"], _told(row)) for row in self._all(query))

    def receipts(self, message_id: str) -> tuple[Receipt, ...]:
        """The receipts kept for a message, the oldest first."""
        found = self._all(select(RECEIPT).where(RECEIPT.c.message_id == message_id).order_by(RECEIPT.c.seq))
        return tuple(convert.receipt_of(row) for row in found)

    def counts(self, run_id: str) -> Mapping[State, int]:
        """How many of the run's submissions are in each state."""
        number = func.count().label("number")
        query = select(SUBMISSION.c.state, number).where(SUBMISSION.c.run == run_id).group_by(SUBMISSION.c.state)
        return {State(row["state"]): row["number"] for row in self._all(query)}

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._writer.begin()

    def _all(self, query: Select[Any]) -> Sequence[RowMapping]:
        with self._reader.begin() as db:
            return db.execute(query).mappings().all()

    def _one(self, query: Select[Any], key: str) -> RowMapping:
        with self._reader.begin() as db:
            return _require(db, query, key)


def _page(run_id: str, offset: int, limit: int) -> Select[Any]:
    # The keys are sorted and cut first: a sort that carries whole records along is ten times slower.
    order = (RECORD.c.start, RECORD.c.case_key, RECORD.c.registry_slug)
    same = (RECORD.c.case_key == RUN_RECORD.c.case_key) & (RECORD.c.registry_slug == RUN_RECORD.c.registry_slug)
    keys = select(RECORD.c.case_key, RECORD.c.registry_slug, RUN_RECORD.c.action).join_from(RUN_RECORD, RECORD, same)
    page = keys.where(RUN_RECORD.c.run == run_id).order_by(*order).offset(offset).limit(limit).subquery()
    there = (RECORD.c.case_key == page.c.case_key) & (RECORD.c.registry_slug == page.c.registry_slug)
    return select(RECORD.c.data, page.c.action).join_from(page, RECORD, there).order_by(*order)


def _chunks(decisions: Iterable[tuple[int, Decision]]) -> Iterator[tuple[int, list[Decision]]]:
    """Decisions in chunks of one run each, with the run's number."""
    iterator = iter(decisions)
    while chunk := list(islice(iterator, CHUNK)):
        of_run: dict[int, list[Decision]] = {}
        for number, decision in chunk:
            of_run.setdefault(number, []).append(decision)
        yield from sorted(of_run.items(), key=itemgetter(0))


def _require(db: Connection, query: Select[Any], key: str) -> RowMapping:
    found = db.execute(query).mappings().first()
    if found is None:
        raise KeyError(key)
    return found


def _keep_records(db: Connection, run_id: str, chunk: list[Decision], at: datetime) -> None:
    # The last of a case wins, and one statement must not name a row twice (PostgreSQL refuses).
    last = {(decision.record.registry, decision.record.case): decision for decision in chunk}.values()
    put(db, RECORD, [convert.record_row(run_id, decision, at) for decision in last])
    put(db, RUN_RECORD, [convert.run_record_row(run_id, decision) for decision in last])


def _queue(db: Connection, run_id: str, chunk: list[Decision], at: datetime) -> list[str]:
    wanted = [d for d in chunk if d.action in (Action.SEND, Action.CORRECT)]
    submissions = {row["id"]: row for row in (convert.submission_row(run_id, d, at) for d in reversed(wanted))}
    try:
        made = add_new(db, SUBMISSION, list(reversed(submissions.values())))
    except IntegrityError:
        raise ValueError("a message id belongs to another submission already") from None
    if made:
        db.execute(insert(EVENT), [_event(key, at, State.QUEUED.value, f"run {run_id}") for key in made])
    return made


def _event(submission: str, at: datetime, state: str, cause: str) -> dict[str, Any]:
    return {"submission": submission, "at": at, "state": state, "cause": cause}


def _told(row: RowMapping) -> str:
    outcome: str | None = row["outcome"]
    return str(row["state"]) if outcome is None else f"attempt: {outcome}"
