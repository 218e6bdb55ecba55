"""What the service needs from the world, as protocols. Adapters implement them; one contract suite tests each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from registries.receipt import Receipt
from registries.record import RegistryRecord
from reporting.submission import Attempt, Decision, Known, Run, RunState, State, Submission
from terminology.snomed.info import ReleaseInfo
from terminology.snomed.view import Release


class Store(Protocol):
    """Runs, records, the outbox and receipts. Each method is one transaction."""

    def start_run(self, run: Run) -> None:
        """Keep a new run."""

    def finish_run(self, run_id: str, state: RunState, summary: dict[str, object], at: datetime) -> None:
        """Close a run with its counts."""

    def run(self, run_id: str) -> Run:
        """Raises KeyError when there is none."""

    def runs(self, limit: int = 50) -> tuple[Run, ...]:
        """The newest first."""

    def known(self, registry: str) -> Mapping[str, Known]:
        """Per case key: the last submission of this registry, whatever its state (queued ones count as sent)."""

    def decide(
        self, run_ids: Sequence[str], decisions: Iterable[tuple[int, Decision]], at: datetime
    ) -> tuple[tuple[str, ...], ...]:
        """Keep the records of runs and queue their submissions, all in one transaction.

        Of several runs each is of another registry, and each decision comes with the place of its run among the ids. A
        record replaces the one the case had. A submission whose id exists already is not made again.

        Returns the ids of the submissions made, for each run.
        """

    def queued(self, registry: str) -> tuple[str, ...]:
        """Ids of submissions that wait to be sent, the oldest first."""

    def submission(self, submission_id: str) -> Submission:
        """Raises KeyError when there is none."""

    def submissions(self, case: str) -> tuple[Submission, ...]:
        """All submissions of a case, the oldest first."""

    def attempted(self, attempt: Attempt) -> None:
        """Log one try at sending."""

    def settle(self, receipt: Receipt, at: datetime) -> bool:
        """Keep a receipt and set its submission's state; False when the receipt was known or fits no submission.

        The receipt is kept in every case. Settling twice equals once.
        """

    def record(self, case: str) -> tuple[RegistryRecord, str, str]:
        """The record of a case, the run that last made it and the action then taken. KeyError when there is none."""

    def records(self, run_id: str, offset: int = 0, limit: int = 100) -> tuple[tuple[RegistryRecord, str], ...]:
        """The records that a run made or met, by case start, each with the action taken."""

    def kept(self, registry: str) -> tuple[RegistryRecord, ...]:
        """The latest record of every case of a registry, by case start."""

    def history(self, case: str) -> tuple[tuple[datetime, str], ...]:
        """What happened to a case's submissions, in order: `(when, text key)` such as `queued`, `attempt: unreachable`,
        `acknowledged`."""

    def receipts(self, message_id: str) -> tuple[Receipt, ...]:
        """The receipts kept for a message, the oldest first."""

    def counts(self, run_id: str) -> Mapping[State, int]:
        """How many of the run's submissions are in each state."""


class Releases(Protocol):
    """Terminology releases by name."""

    def listed(self) -> tuple[ReleaseInfo, ...]:
        """All of them, by name."""

    def named(self, name: str) -> Release:
        """Raises KeyError when there is none."""


class Transport(Protocol):
    """Carries one message to a registry and brings its answer."""

    def send(self, message_id: str, payload: bytes) -> bytes:
        """The answer's body.

        Raises:
            Unreachable: nothing is known to have arrived, or the answer was lost; send the same again later.
            Refused: the receiver answered that it will not take this message; sending it again changes nothing.
        """


class TransportError(Exception):
    """A message was not carried. The text holds no content of the message."""


class Unreachable(TransportError):
    """Try again later."""


class Refused(TransportError):
    """Trying again changes nothing."""


class Clock(Protocol):
    """Tells the time, so that tests can."""

    def __call__(self) -> datetime:
        """Now, aware, UTC."""
