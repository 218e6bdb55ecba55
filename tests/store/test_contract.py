"""What every store does. The specification is the docstrings of `reporting.ports.Store`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registries.receipt import Verdict
from reporting.ports import Store
from reporting.submission import Action, Decision, Known, RunState, State
from tests.store.examples import a_decision, a_receipt, a_record, a_run, an_attempt, at, decide


@pytest.fixture(autouse=True)
def _a_run(store: Store) -> None:
    store.start_run(a_run())


def test_a_run_is_kept_whole(store: Store) -> None:
    assert store.run("run1") == a_run()


def test_a_run_started_again_stays_as_it_is(store: Store) -> None:
    store.finish_run("run1", RunState.DONE, {}, at(1))
    store.start_run(a_run())
    assert store.run("run1").state is RunState.DONE


def test_a_finished_run_has_state_time_and_summary(store: Store) -> None:
    summary: dict[str, object] = {"cases": 2, "entries": {"read": 10}, "problems": [{"place": "a:1", "text": "x"}]}
    store.finish_run("run1", RunState.FAILED, summary, at(3))
    run = store.run("run1")
    assert (run.state, run.finished, run.summary) == (RunState.FAILED, at(3), summary)


def test_the_newest_runs_come_first(store: Store) -> None:
    store.start_run(a_run("later", started=at(9)))
    store.start_run(a_run("earlier", started=at(-9)))
    assert [run.id for run in store.runs()] == ["later", "run1", "earlier"]
    assert [run.id for run in store.runs(limit=1)] == ["later"]


def test_a_record_comes_back_equal_with_its_types(store: Store) -> None:
    decide(store, "run1", [a_decision()], at(0))
    record, run, action = store.record("ca5e01")
    assert (record, run, action) == (a_record(), "run1", "send")
    assert [type(value.value) for value in record.values] == [type(value.value) for value in a_record().values]
    assert str(record.values[1].value) == "70.50"


def test_a_decision_to_send_queues_a_submission(store: Store) -> None:
    (made,) = decide(store, "run1", [a_decision()], at(0))
    submission = store.submission(made)
    assert (submission.case, submission.registry, submission.run) == ("ca5e01", "hjerneslag", "run1")
    assert (submission.content, submission.message_id) == ("c1", "m-hjerneslag-ca5e01-c1-")
    assert (submission.state, submission.complete) == (State.QUEUED, True)
    assert (submission.payload, submission.created, submission.corrects) == (b"<MsgHead/>", at(0), "")
    assert store.queued("hjerneslag") == (made,)


@pytest.mark.parametrize("action", [Action.HOLD, Action.NOTHING])
def test_other_decisions_queue_nothing(store: Store, action: Action) -> None:
    assert decide(store, "run1", [a_decision(action=action)], at(0)) == ()
    assert store.record("ca5e01")[2] == action.value
    assert store.submissions("ca5e01") == ()


def test_the_same_decision_twice_makes_one_submission(store: Store) -> None:
    (made,) = decide(store, "run1", [a_decision()], at(0))
    assert decide(store, "run1", [a_decision()], at(1)) == ()
    assert [s.id for s in store.submissions("ca5e01")] == [made]
    assert store.history("ca5e01") == ((at(0), "queued"),)


def test_the_same_decision_twice_in_one_call_makes_one_submission(store: Store) -> None:
    assert len(decide(store, "run1", [a_decision(), a_decision()], at(0))) == 1
    assert len(store.records("run1")) == 1


def test_a_record_that_goes_back_to_what_it_said_is_sent_again(store: Store) -> None:
    first = a_decision(content="c1")
    second = a_decision(content="c2", action=Action.CORRECT, corrects=first.message_id)
    third = a_decision(content="c1", action=Action.CORRECT, corrects=second.message_id)
    made = [decide(store, "run1", [decision], at(n)) for n, decision in enumerate((first, second, third))]
    assert [len(ids) for ids in made] == [1, 1, 1]
    assert store.known("hjerneslag")["ca5e01"].message_id == third.message_id


def test_submissions_are_made_in_the_order_of_the_decisions(store: Store) -> None:
    made = decide(store, "run1", [a_decision(case) for case in ("c", "a", "b")], at(0))
    assert [store.submission(key).case for key in made] == ["c", "a", "b"]
    assert store.queued("hjerneslag") == made


def test_two_submissions_cannot_share_a_message(store: Store) -> None:
    decide(store, "run1", [a_decision("ca5e01", message_id="m1")], at(0))
    with pytest.raises(ValueError, match="message id"):
        decide(store, "run1", [a_decision("ca5e02", message_id="m1")], at(1))
    with pytest.raises(KeyError):
        store.record("ca5e02")


def test_many_decisions_stream_through(store: Store) -> None:
    made = decide(store, "run1", (a_decision(f"{n:06x}") for n in range(1_203)), at(0))
    assert [store.submission(key).case for key in (made[0], made[-1])] == ["000000", "0004b2"]
    assert len(store.records("run1", limit=2_000)) == len(set(made)) == 1_203


def test_nothing_is_kept_when_the_decisions_break_off(store: Store) -> None:
    def breaking() -> Iterator[Decision]:
        yield from (a_decision(f"{n:06x}") for n in range(1_203))
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError, match="broke off"):
        decide(store, "run1", breaking(), at(0))
    assert store.records("run1") == ()
    assert store.queued("hjerneslag") == ()
    with pytest.raises(KeyError):
        store.record("000000")


def test_decisions_may_read_the_store_while_they_are_kept(store: Store) -> None:
    def reading() -> Iterator[Decision]:
        for case in ("a", "b"):
            assert store.known("hjerneslag") == {}
            yield a_decision(case)

    assert len(decide(store, "run1", reading(), at(0))) == 2


def test_a_later_run_replaces_the_record_and_the_first_run_still_met_it(store: Store) -> None:
    decide(store, "run1", [a_decision()], at(0))
    store.start_run(a_run("run2", started=at(5)))
    later = Decision(record=a_record(start="2025-03-02T13:00"), action=Action.NOTHING)
    decide(store, "run2", [later], at(5))
    assert store.record("ca5e01") == (later.record, "run2", "nothing")
    assert store.records("run1") == ((later.record, "send"),)
    assert store.records("run2") == ((later.record, "nothing"),)


def test_records_come_by_case_start_and_in_pages(store: Store) -> None:
    starts = {"c1": "2025-03-03", "c2": "2025-03-01", "c3": "2025-03-02"}
    decisions = [Decision(record=a_record(case, start=start), action=Action.HOLD) for case, start in starts.items()]
    decide(store, "run1", decisions, at(0))
    assert [record.case for record, _ in store.records("run1")] == ["c2", "c3", "c1"]
    assert [record.case for record, _ in store.records("run1", offset=1, limit=1)] == ["c3"]
    assert store.records("another") == ()


def test_one_case_key_in_two_registries_is_two_records(store: Store) -> None:
    decide(store, "run1", [a_decision(registry="hjerneslag"), a_decision(registry="noric")], at(0))
    assert sorted(record.registry for record, _ in store.records("run1")) == ["hjerneslag", "noric"]
    assert len(store.queued("noric")) == 1


def test_known_is_the_last_submission_of_each_case(store: Store) -> None:
    decide(store, "run1", [a_decision("a", "c1"), a_decision("b", "c1"), a_decision("b", registry="noric")], at(0))
    decide(store, "run1", [a_decision("a", "c2", Action.CORRECT, "m-hjerneslag-a-c1-")], at(1))
    store.settle(a_receipt("m-hjerneslag-b-c1-", verdict=Verdict.REJECTED), at(2))
    assert store.known("hjerneslag") == {
        "a": Known(content="c2", message_id="m-hjerneslag-a-c2-m-hjerneslag-a-c1-", state=State.QUEUED),
        "b": Known(content="c1", message_id="m-hjerneslag-b-c1-", state=State.REJECTED),
    }


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.OK, State.ACKNOWLEDGED),
        (Verdict.PARTLY, State.PARTLY_ACCEPTED),
        (Verdict.REJECTED, State.REJECTED),
    ],
)
def test_a_receipt_settles_its_submission(store: Store, verdict: Verdict, state: State) -> None:
    (made,) = decide(store, "run1", [a_decision()], at(0))
    receipt = a_receipt(store.submission(made).message_id, verdict=verdict)
    assert store.settle(receipt, at(1)) is True
    assert store.submission(made).state is state
    assert store.queued("hjerneslag") == ()
    assert store.receipts(receipt.message_id) == (receipt,)
    assert store.counts("run1") == {state: 1}


def test_settling_twice_equals_once(store: Store) -> None:
    (made,) = decide(store, "run1", [a_decision()], at(0))
    receipt = a_receipt(store.submission(made).message_id)
    store.settle(receipt, at(1))
    before = (store.submission(made), store.history("ca5e01"), store.receipts(receipt.message_id))
    assert store.settle(receipt, at(2)) is False
    assert (store.submission(made), store.history("ca5e01"), store.receipts(receipt.message_id)) == before


def test_a_receipt_for_an_unknown_message_is_kept(store: Store) -> None:
    receipt = a_receipt("nobody's", verdict=Verdict.PARTLY)
    assert store.settle(receipt, at(1)) is False
    assert store.receipts("nobody's") == (receipt,)


def test_a_second_receipt_has_the_last_word(store: Store) -> None:
    (made,) = decide(store, "run1", [a_decision()], at(0))
    message = store.submission(made).message_id
    store.settle(a_receipt(message, "r1", Verdict.OK), at(1))
    assert store.settle(a_receipt(message, "r2", Verdict.REJECTED), at(2)) is True
    assert store.submission(made).state is State.REJECTED
    assert [receipt.id for receipt in store.receipts(message)] == ["r1", "r2"]


def test_history_tells_everything_in_order(store: Store) -> None:
    (first,) = decide(store, "run1", [a_decision()], at(0))
    message = store.submission(first).message_id
    store.attempted(an_attempt(first, 1, "unreachable"))
    store.attempted(an_attempt(first, 2, "answered"))
    store.settle(a_receipt(message), at(2))
    decide(store, "run1", [a_decision(content="c2", action=Action.CORRECT, corrects=message)], at(3))
    assert store.history("ca5e01") == (
        (at(0), "queued"),
        (at(1), "attempt: unreachable"),
        (at(2), "attempt: answered"),
        (at(2), "acknowledged"),
        (at(3), "queued"),
    )
    assert store.history("another") == ()


def test_counts_are_those_of_the_run(store: Store) -> None:
    store.start_run(a_run("run2"))
    decide(store, "run1", [a_decision("a"), a_decision("b")], at(0))
    decide(store, "run2", [a_decision("c")], at(0))
    store.settle(a_receipt("m-hjerneslag-a-c1-"), at(1))
    assert store.counts("run1") == {State.QUEUED: 1, State.ACKNOWLEDGED: 1}
    assert store.counts("unknown") == {}


def test_what_does_not_exist_is_a_key_error(store: Store) -> None:
    for read in (store.run, store.submission, store.record):
        with pytest.raises(KeyError):
            read("none")
    with pytest.raises(KeyError):
        decide(store, "none", [a_decision()], at(0))
    with pytest.raises(KeyError):
        store.finish_run("none", RunState.DONE, {}, at(0))
    with pytest.raises(KeyError):
        store.attempted(an_attempt("none", 0))


def test_several_runs_are_decided_in_one_go(store: Store) -> None:
    store.start_run(a_run("run2", registry="noric", started=at(1)))
    made = [(0, a_decision("a")), (1, a_decision("a", registry="noric")), (0, a_decision("b"))]
    stroke, heart = store.decide(["run1", "run2"], iter(made), at(2))
    assert (len(stroke), len(heart)) == (2, 1)
    assert [store.submission(one).registry for one in (*stroke, *heart)] == ["hjerneslag", "hjerneslag", "noric"]
    assert [record.case for record, _ in store.records("run1")] == ["a", "b"]
    assert store.queued("noric") == heart


def test_of_several_runs_all_or_none_is_kept(store: Store) -> None:
    store.start_run(a_run("run2", registry="noric", started=at(1)))
    with pytest.raises(KeyError):
        store.decide(["run1", "none"], [(0, a_decision())], at(0))

    def breaking() -> Iterator[tuple[int, Decision]]:
        yield 0, a_decision()
        yield 1, a_decision(registry="noric")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.decide(["run1", "run2"], breaking(), at(0))
    assert (store.queued("hjerneslag"), store.queued("noric"), store.records("run1")) == ((), (), ())
