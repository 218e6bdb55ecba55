"""Whatever is done, in whatever order, the SQL store answers as the store in memory does."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from registries.receipt import Verdict
from reporting.adapters.db.migrate import upgrade
from reporting.adapters.db.store import SqlStore
from reporting.ports import Store
from reporting.submission import Action, Attempt, Decision
from tests.store.examples import a_decision, a_receipt, a_run, at
from tests.store.memory import MemoryStore

CASES = ("aa", "bb", "cc")
DECISIONS = st.lists(
    st.builds(
        a_decision,
        case=st.sampled_from(CASES),
        content=st.sampled_from(["c1", "c2"]),
        action=st.sampled_from(Action),
        corrects=st.sampled_from(["", "m-hjerneslag-aa-c1-"]),
        registry=st.sampled_from(["hjerneslag", "noric"]),
    ),
    max_size=4,
)


class Stores(RuleBasedStateMachine):
    """The same calls to both stores; `clock` moves on with every call."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        folder = self.closing.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{Path(folder) / 'store.sqlite'}"
        upgrade(url)
        sql = SqlStore(url)
        self.closing.callback(sql.close)
        self.stores: tuple[Store, Store] = (MemoryStore(), sql)
        self.clock = 0
        self.made: list[str] = []
        for store in self.stores:
            store.start_run(a_run("run1"))
            store.start_run(a_run("run2", started=at(1)))

    def teardown(self) -> None:
        self.closing.close()

    def tick(self) -> int:
        self.clock += 1
        return self.clock

    @rule(runs=st.sampled_from([("run1",), ("run2",), ("run1", "run2")]), decisions=DECISIONS)
    def decide(self, runs: tuple[str, ...], decisions: list[Decision]) -> None:
        now = at(self.tick())
        placed = [(len(runs) - 1 if one.record.registry == "noric" else 0, one) for one in decisions]
        first, second = (store.decide(runs, iter(placed), now) for store in self.stores)
        assert first == second
        self.made += [made for of_run in first for made in of_run]

    @precondition(lambda self: self.made)
    @rule(which=st.integers(0, 99), outcome=st.sampled_from(["answered", "unreachable", "refused 503"]))
    def attempt(self, which: int, outcome: str) -> None:
        tried = Attempt(submission=self.made[which % len(self.made)], at=at(self.tick()), outcome=outcome)
        for store in self.stores:
            store.attempted(tried)

    @precondition(lambda self: self.made)
    @rule(which=st.integers(0, 99), receipt=st.sampled_from(["r1", "r2", "r3"]), verdict=st.sampled_from(Verdict))
    def settle(self, which: int, receipt: str, verdict: Verdict) -> None:
        message = self.stores[0].submission(self.made[which % len(self.made)]).message_id
        now = at(self.tick())
        first, second = (store.settle(a_receipt(message, receipt, verdict), now) for store in self.stores)
        assert first is second

    @invariant()
    def they_answer_alike(self) -> None:
        memory, sql = (_everything(store) for store in self.stores)
        assert memory == sql


def _everything(store: Store) -> object:
    registries = {name: (store.known(name), store.queued(name)) for name in ("hjerneslag", "noric")}
    runs = {run: (store.records(run), store.counts(run)) for run in ("run1", "run2")}
    cases = {}
    for case in CASES:
        sent = store.submissions(case)
        cases[case] = (sent, store.history(case), [store.receipts(s.message_id) for s in sent])
    return registries, runs, cases


TestStores = Stores.TestCase
TestStores.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
