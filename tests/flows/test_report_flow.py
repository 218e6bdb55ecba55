"""The flow `report` on Prefect: the same work, resumable, and nothing of a patient where Prefect keeps things."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from registries.plan import Plan
from reporting import actions
from reporting.adapters.http_transport import HttpTransport
from reporting.home import Home
from reporting.opening import open_store
from reporting.receiver import create_receiver, stored
from reporting.serving import running
from tests.journals import DEFINITIONS, NOW, made_number, stroke, write

pytestmark = [pytest.mark.flow, pytest.mark.usefixtures("server")]

CANARY = "KANARIFUGL"
NUMBER = made_number(80)


@pytest.fixture
def run_id(home: Home, stroke_plan: Plan) -> str:
    """A started run of two patients whose journal holds canaries."""
    first = stroke("1", NUMBER, note=[{"text": CANARY}])
    first[0]["name"] = [{"family": CANARY}]
    source = write(home.folder / "journals" / "a.ndjson", [*first, *stroke("2")])
    with open_store(home) as store:
        return actions.start_run(store, stroke_plan, [source], NOW).id


@pytest.fixture
def receive(home: Home, stroke_plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Starts the receiver, where the flow finds it."""
    with ExitStack() as stack:

        def start() -> None:
            app = create_receiver(home.received, [stroke_plan.definition], lambda: NOW)
            url = stack.enter_context(running(app))
            monkeypatch.setenv("REGISTERBRO_ENDPOINT_HJERNESLAG", f"{url}/messages")

        # Nobody listens on port 1.
        monkeypatch.setenv("REGISTERBRO_ENDPOINT_HJERNESLAG", "http://127.0.0.1:1/messages")
        yield start


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting between retries."""
    from flows import report  # noqa: PLC0415 (imports Prefect)

    monkeypatch.setattr(report, "send", report.send.with_options(retries=2, retry_delay_seconds=0))


def flow(run_id: str) -> dict[str, int]:
    from flows.report import report  # noqa: PLC0415 (imports Prefect)

    return report([run_id])


def prefect_keeps() -> list[dict[str, Any]]:
    """All flow runs and task runs, as the server has them."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415

    with get_client(sync_client=True) as client:
        runs = [*client.read_flow_runs(), *client.read_task_runs(limit=200)]
    return [json.loads(run.model_dump_json()) for run in runs]


def test_the_flow_does_the_whole_job_and_again_nothing(
    home: Home, run_id: str, stroke_plan: Plan, receive: Callable[[], None]
) -> None:
    receive()
    assert flow(run_id) == {"queued": 2, "settled": 2, "undelivered": 0}
    with open_store(home) as store:
        summary = actions.settled_summary(store, run_id)
        assert (summary["receipts"], summary["undelivered"]) == ({"acknowledged": 2}, 0)
        again = actions.start_run(store, stroke_plan, [Path(store.run(run_id).sources[0])], NOW).id
    assert flow(again) == {"queued": 0, "settled": 0, "undelivered": 0}
    assert len(stored(home.received)) == 2


def test_prefect_keeps_ids_and_nothing_of_a_patient(run_id: str, receive: Callable[[], None]) -> None:
    receive()
    flow(run_id)
    kept = prefect_keeps()
    mine = [run for run in kept if run.get("parameters", {}).get("run_ids") == [run_id]]
    assert [run["parameters"] for run in mine] == [{"run_ids": [run_id], "release": None}]
    for secret in (NUMBER, CANARY, "Patient/", "Observation/"):
        assert secret not in json.dumps(kept)


@pytest.mark.usefixtures("impatient", "receive")
def test_what_cannot_be_delivered_is_counted_and_stays_queued(home: Home, run_id: str) -> None:
    assert flow(run_id) == {"queued": 2, "settled": 0, "undelivered": 1}  # one batch of two
    with open_store(home) as store:
        queued = store.queued("hjerneslag")
        assert len(queued) == 2
        tried = [what for key in queued for _, what in store.history(store.submission(key).case)]
    assert tried.count("attempt: unreachable") == 3  # once, and twice again
    texts = json.dumps(prefect_keeps())
    assert "could not be reached" in texts
    assert (NUMBER in texts, CANARY in texts) == (False, False)


@pytest.mark.usefixtures("impatient")
def test_a_receiver_that_comes_up_meanwhile_gets_everything_once(
    home: Home, run_id: str, receive: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import report  # noqa: PLC0415 (imports Prefect)

    rounds: list[int] = []

    def transport(home: Home, registry: str) -> HttpTransport:
        rounds.append(1)
        if len(rounds) == 2:
            receive()
        return real(home, registry)

    real = report.open_transport
    monkeypatch.setattr(report, "open_transport", transport)
    assert flow(run_id) == {"queued": 2, "settled": 2, "undelivered": 0}
    assert len(rounds) == 2
    assert len(stored(home.received)) == 2


def test_a_run_that_fails_tells_prefect_nothing_of_a_patient(home: Home, stroke_plan: Plan) -> None:
    source = write(home.folder / "a.ndjson", stroke("1", NUMBER))
    with open_store(home) as store:
        run = actions.start_run(store, stroke_plan, [source], NOW).id
    own = home.definitions / "hjerneslag" / "hjerneslag.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("registry: hjerneslag\n", encoding="utf-8")
    from registries.definition import DefinitionError  # noqa: PLC0415

    with pytest.raises(DefinitionError):
        flow(run)
    assert NUMBER not in json.dumps(prefect_keeps())


def test_the_demonstration_does_two_registries_and_again_sends_nothing(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from flows.cli import main; main()", "demo", "--json", "--patients", "40"]
    names = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "REGISTERBRO_"))}
    environment = names | {"REGISTERBRO_HOME": str(tmp_path / "home")}
    ended = subprocess.run(
        program, cwd=DEFINITIONS.parent.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False)
    told = json.loads(ended.stdout)
    assert [registry["registry"] for registry in told["registries"]] == ["hjerneslag", "noric"]
    for registry in told["registries"]:
        assert registry["submitted"] > 0
        assert registry["receipts"] == {"acknowledged": registry["submitted"]}
        assert (registry["undelivered"], registry["problem_count"]) == (0, 0)
        assert registry["agreement"]["exact"] == 1.0
        assert (registry["agreement"]["only_ours"], registry["agreement"]["only_truth"]) == (0, 0)
