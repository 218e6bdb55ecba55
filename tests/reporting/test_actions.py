"""The actions with the real store, the real receiver and real connections."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from fixtures.synth.generate import generate
from registries.codecs import apprec
from registries.codecs.msghead import decode
from registries.plan import Plan
from reporting import actions
from reporting.actions import Sending
from reporting.adapters.db.store import SqlStore
from reporting.adapters.http_transport import HttpTransport
from reporting.home import Home
from reporting.ports import Transport, Unreachable
from reporting.receiver import create_receiver, stored
from reporting.serving import running
from reporting.submission import Decision, RunState, State, Submission
from tests.journals import NOW, nihss, stroke, write

REGISTRY = "hjerneslag"


class Hospital:
    """One installation that reports one folder."""

    def __init__(self, store: SqlStore, home: Home, plan: Plan, folder: Path) -> None:
        self.store, self.home, self.plan, self.folder = store, home, plan, folder
        self.received = home.folder / "received.sqlite"
        self.latest = ""

    def decide(self) -> str:
        run = actions.start_run(self.store, self.plan, [self.folder], NOW)
        actions.decide(self.store, [run], [self.plan], self.home, lambda: NOW)
        self.latest = run.id
        return run.id

    def send(self, transport: Transport) -> Sending:
        return actions.send(self.store, transport, self.store.queued(REGISTRY), lambda: NOW)

    @contextmanager
    def receiver(self) -> Iterator[HttpTransport]:
        app = create_receiver(self.received, [self.plan.definition], lambda: NOW)
        with running(app) as url, HttpTransport(f"{url}/messages") as transport:
            yield transport

    def report(self) -> tuple[str, Sending]:
        run = self.decide()
        with self.receiver() as transport:
            return run, self.send(transport)

    def submissions(self) -> list[Submission]:
        found = [s for record, _ in self.store.records(self.latest) for s in self.store.submissions(record.case)]
        return sorted(found, key=lambda s: (s.created, s.corrects != ""))

    def history(self) -> list[str]:
        return [what for s in self.submissions()[:1] for _, what in self.store.history(s.case)]


@pytest.fixture
def hospital(store: SqlStore, home: Home, stroke_plan: Plan, tmp_path: Path) -> Hospital:
    write(tmp_path / "journals" / "a.ndjson", stroke("1"))
    return Hospital(store, home, stroke_plan, tmp_path / "journals")


@pytest.fixture
def nowhere() -> Iterator[HttpTransport]:
    """A transport to a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with HttpTransport(f"http://127.0.0.1:{port}/messages") as transport:
        yield transport


def test_everything_settles(store: SqlStore, home: Home, stroke_plan: Plan, tmp_path: Path) -> None:
    generate(tmp_path / "synth", 80, 3)
    hospital = Hospital(store, home, stroke_plan, tmp_path / "synth")
    run, sending = hospital.report()
    summary = actions.settled_summary(store, run)
    sent = summary["submitted"]
    assert isinstance(sent, int)
    assert sent > 5
    assert sending == Sending(settled=sent, refused=0, left=0)
    assert (summary["receipts"], summary["undelivered"]) == ({"acknowledged": sent}, 0)
    assert store.run(run).state is RunState.DONE
    kept = stored(hospital.received)
    assert {message.message_id for message in kept} == {s.message_id for s in hospital.submissions()}
    for message in kept:
        (receipt,) = store.receipts(message.message_id)
        assert receipt.raw == message.receipt


def test_the_same_report_again_submits_nothing(hospital: Hospital) -> None:
    hospital.report()
    before = hospital.submissions()
    run, sending = hospital.report()
    summary = actions.settled_summary(hospital.store, run)
    assert (summary["submitted"], summary["decisions"]["nothing"]) == (0, 1)  # type: ignore[index]
    assert sending == Sending(settled=0, refused=0, left=0)
    assert hospital.submissions() == before
    assert len(stored(hospital.received)) == 1


def test_a_changed_journal_makes_one_correction_of_the_first_message(hospital: Hospital) -> None:
    hospital.report()
    write(hospital.folder / "a.ndjson", [*stroke("1"), nihss(11, "o1", meta={"lastUpdated": "2025-03-03"})])
    _, sending = hospital.report()
    assert sending == Sending(settled=1, refused=0, left=0)
    first, second = stored(hospital.received)
    assert (first.corrects, second.corrects, second.case) == ("", first.message_id, first.case)
    told = [decode(message.payload, hospital.plan.definition).values["NIHSSinnkomst"] for message in (first, second)]
    assert told == [7, 11]
    assert [s.state for s in hospital.submissions()] == [State.ACKNOWLEDGED] * 2


def test_a_journal_that_changes_back_is_corrected_back(hospital: Hospital) -> None:
    for score in (7, 11, 7):
        write(hospital.folder / "a.ndjson", [*stroke("1")[:3], nihss(score)])
        assert hospital.report()[1] == Sending(settled=1, refused=0, left=0)
    one, two, three = stored(hospital.received)
    assert (two.corrects, three.corrects) == (one.message_id, two.message_id)
    assert len({one.message_id, two.message_id, three.message_id}) == 3


def test_a_receiver_that_is_down_leaves_the_queue_and_a_later_round_settles_it(
    hospital: Hospital, nowhere: HttpTransport
) -> None:
    run = hospital.decide()
    assert hospital.send(nowhere) == Sending(settled=0, refused=0, left=1)
    assert actions.settled_summary(hospital.store, run)["undelivered"] == 1
    assert hospital.history() == ["queued", "attempt: unreachable"]
    with hospital.receiver() as transport:
        assert hospital.send(transport) == Sending(settled=1, refused=0, left=0)
        assert hospital.send(transport) == Sending(settled=0, refused=0, left=0)
    assert actions.settled_summary(hospital.store, run)["undelivered"] == 0
    assert hospital.history() == ["queued", "attempt: unreachable", "attempt: answered", "acknowledged"]


def test_the_first_message_that_cannot_be_delivered_ends_the_round(hospital: Hospital, nowhere: HttpTransport) -> None:
    write(hospital.folder / "b.ndjson", stroke("2"))
    hospital.decide()
    assert hospital.send(nowhere) == Sending(settled=0, refused=0, left=2)
    tried = [what for s in hospital.submissions() for _, what in hospital.store.history(s.case) if "attempt" in what]
    assert tried == ["attempt: unreachable"]


def test_a_correction_made_while_the_receiver_was_down_arrives_after_what_it_corrects(
    hospital: Hospital, nowhere: HttpTransport
) -> None:
    hospital.decide()
    hospital.send(nowhere)
    write(hospital.folder / "a.ndjson", [*stroke("1")[:3], nihss(12)])
    assert hospital.report()[1] == Sending(settled=2, refused=0, left=0)
    first, second = stored(hospital.received)
    assert second.corrects == first.message_id
    assert [message.verdict.name for message in (first, second)] == ["OK", "OK"]


@pytest.mark.parametrize(
    ("content", "status", "outcome", "refused"),
    [
        (b"<html>We are closed</html>", 200, "unreadable_receipt", 1),
        (b"", 200, "unreadable_receipt", 1),
        (b"\xff\xfe\x00", 200, "unreadable_receipt", 1),
        (b"fault", 500, "unreachable", 0),
        (b"busy", 503, "unreachable", 0),
        (b"too large", 413, "refused", 1),
        (b"who are you", 401, "refused", 1),
    ],
)
def test_an_answer_that_is_no_receipt_leaves_the_message_queued_and_says_why(
    content: bytes,
    status: int,
    outcome: str,
    refused: int,
    hospital: Hospital,
    answering: Callable[..., HttpTransport],
) -> None:
    run = hospital.decide()
    transport = answering(content, status)
    assert hospital.send(transport) == Sending(settled=0, refused=refused, left=1 - refused)
    assert hospital.history() == ["queued", f"attempt: {outcome}"]
    assert actions.settled_summary(hospital.store, run)["undelivered"] == 1
    with hospital.receiver() as real:
        assert hospital.send(real).settled == 1


def test_the_receipt_of_another_message_settles_nothing_of_this_one(
    hospital: Hospital, answering: Callable[..., HttpTransport]
) -> None:
    hospital.report()
    (kept,) = stored(hospital.received)
    write(hospital.folder / "b.ndjson", stroke("2"))
    hospital.decide()
    assert hospital.send(answering(kept.receipt)) == Sending(settled=0, refused=1, left=0)
    states = {s.message_id: s.state for s in hospital.submissions()}
    assert states.pop(kept.message_id) is State.ACKNOWLEDGED
    assert list(states.values()) == [State.QUEUED]
    with hospital.receiver() as real:
        assert hospital.send(real).settled == 1


def test_a_rejection_settles_as_rejected_and_is_not_sent_again_until_the_journal_changes(hospital: Hospital) -> None:
    run = hospital.decide()
    (submission,) = hospital.submissions()
    with running(create_receiver(hospital.received, [], lambda: NOW)) as url, HttpTransport(f"{url}/messages") as one:
        assert hospital.send(one).settled == 1
    assert actions.settled_summary(hospital.store, run)["receipts"] == {"rejected": 1}
    (receipt,) = hospital.store.receipts(submission.message_id)
    assert [error.code for error in receipt.errors] == ["T10"]
    assert hospital.report()[1] == Sending(settled=0, refused=0, left=0)
    write(hospital.folder / "a.ndjson", [*stroke("1")[:3], nihss(12)])
    hospital.report()
    assert [s.state for s in hospital.submissions()] == [State.REJECTED, State.ACKNOWLEDGED]


class Lossy(Transport):
    """Delivers, and loses the answer."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def send(self, message_id: str, payload: bytes) -> bytes:
        self.transport.send(message_id, payload)
        raise Unreachable(message_id)


def test_a_lost_answer_is_fetched_by_sending_the_same_bytes_again(hospital: Hospital) -> None:
    hospital.decide()
    with hospital.receiver() as transport:
        assert hospital.send(Lossy(transport)) == Sending(settled=0, refused=0, left=1)
        assert hospital.send(transport) == Sending(settled=1, refused=0, left=0)
    assert len(stored(hospital.received)) == 1


def test_a_crash_between_deciding_and_sending_loses_nothing(hospital: Hospital) -> None:
    hospital.decide()
    hospital.store.close()
    hospital.store = SqlStore(hospital.home.database)
    run, sending = hospital.report()  # the next report finds nothing new, and sends what waits
    assert sending == Sending(settled=1, refused=0, left=0)
    assert actions.settled_summary(hospital.store, run)["submitted"] == 0
    assert len(stored(hospital.received)) == 1
    hospital.store.close()


class Crash(Exception):
    pass


@pytest.mark.parametrize("place", [1, 2])
def test_a_crash_while_deciding_keeps_nothing_and_the_run_says_failed(
    place: int, hospital: Hospital, store: SqlStore
) -> None:
    write(hospital.folder / "b.ndjson", stroke("2"))

    class CrashingStore(SqlStore):
        """Ends while it takes the decision at `place`."""

        def decide(
            self, run_ids: Sequence[str], decisions: Iterable[tuple[int, Decision]], at: datetime
        ) -> tuple[tuple[str, ...], ...]:
            def until_the_crash() -> Iterator[tuple[int, Decision]]:
                for number, decision in enumerate(decisions, start=1):
                    if number == place:
                        raise Crash
                    yield decision

            return super().decide(run_ids, until_the_crash(), at)

    run = actions.start_run(store, hospital.plan, [hospital.folder], NOW)
    with closing(CrashingStore(hospital.home.database)) as crashing, pytest.raises(Crash):
        actions.decide(crashing, [run], [hospital.plan], hospital.home, lambda: NOW)
    assert (store.run(run.id).state, store.queued(REGISTRY), store.records(run.id)) == (RunState.FAILED, (), ())
    assert hospital.report()[1].settled == 2


def test_a_dry_run_keeps_and_sends_nothing(hospital: Hospital) -> None:
    seen: list[object] = []
    (summary,) = actions.dry_run(
        hospital.store, [hospital.plan], [hospital.folder], hospital.home, lambda: NOW, lambda *made: seen.append(made)
    )
    assert (len(seen), summary["records"], summary["submitted"], summary["undelivered"]) == (1, 1, 0, 0)
    assert (hospital.store.runs(), hospital.store.queued(REGISTRY)) == ((), ())


def test_a_receipt_that_comes_twice_settles_once(hospital: Hospital) -> None:
    hospital.report()
    (kept,) = stored(hospital.received)
    before = hospital.history()
    assert hospital.store.settle(apprec.read(kept.receipt), NOW) is False
    assert hospital.history() == before
