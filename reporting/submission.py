"""Runs, decisions, submissions and receipts as values. How they are stored is the adapter's business."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from registries.record import RegistryRecord


class Action(StrEnum):
    """What is done with a record now."""

    SEND = "send"
    CORRECT = "correct"
    HOLD = "hold"
    NOTHING = "nothing"


class State(StrEnum):
    """Where a submission is. Only `QUEUED` is sent; a receipt settles it."""

    QUEUED = "queued"
    ACKNOWLEDGED = "acknowledged"
    PARTLY_ACCEPTED = "partly_accepted"
    REJECTED = "rejected"


class RunState(StrEnum):
    """Where a run is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One report of one registry: what it read and under which release. `summary` is filled when it ends: the counts
    of `reporting.pipeline.Summary` as plain data, without patient data."""

    id: str
    registry: str
    release: str
    started: datetime
    sources: tuple[str, ...] = ()
    state: RunState = RunState.RUNNING
    finished: datetime | None = None
    summary: dict[str, object] = {}

    @property
    def version(self) -> int:
        """The number of the definition's version, which the release names."""
        return int(self.release.split("@", 1)[1].split("+", 1)[0])


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A record and what is done with it. `complete` is False when variables wait for a person (a preliminary message);
    `content` is the digest of what the message says, `payload` the message when there is one to send, and `corrects`
    the message it replaces."""

    record: RegistryRecord
    action: Action
    complete: bool = False
    content: str = ""
    message_id: str = ""
    payload: bytes = b""
    corrects: str = ""

    def __repr__(self) -> str:
        return f"Decision({self.record.case}, {self.action})"


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One message to a registry. `id` derives from registry, case, content and what it corrects."""

    id: str
    registry: str
    case: str
    run: str
    message_id: str
    content: str
    state: State
    complete: bool
    payload: bytes
    created: datetime
    corrects: str = ""

    def __repr__(self) -> str:
        return f"Submission({self.id}, {self.state})"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try at sending: when, and how it went (`answered`, `refused 503`, `unreachable` …; never content)."""

    submission: str
    at: datetime
    outcome: str


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the registry was last sent about a case."""

    content: str
    message_id: str
    state: State
