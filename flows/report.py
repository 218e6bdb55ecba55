"""The flow `report`: runs of registries on the same journals. Parameters and results are ids and counts, never patient
data.

Prefect keeps parameters and the texts of exceptions, so tasks raise only texts that hold none.
"""

from __future__ import annotations

from prefect import flow, task

from reporting import actions
from reporting.console import now
from reporting.home import home_from_environment
from reporting.library import plan_in, release_of, version_of
from reporting.opening import open_store, open_transport
from reporting.ports import Unreachable

_BATCH = 50


@task(name="decide", retries=0)
def decide(run_ids: list[str], release: str | None) -> int:
    """Read once for all runs, derive, check and queue; how many submissions were made."""
    home = home_from_environment()
    with open_store(home) as store:
        runs = [store.run(run_id) for run_id in run_ids]
        bound = release_of(home, release)
        plans = [plan_in(home, version_of(home, run.registry, run.version), bound) for run in runs]
        return sum(map(len, actions.decide(store, runs, plans, home, now)))


@task(name="waiting")
def waiting(run_id: str) -> list[list[str]]:
    """The ids of the registry's submissions that wait, in batches."""
    home = home_from_environment()
    with open_store(home) as store:
        ids = store.queued(store.run(run_id).registry)
    return [list(ids[start : start + _BATCH]) for start in range(0, len(ids), _BATCH)]


@task(name="send", retries=3, retry_delay_seconds=[1, 5, 15])
def send(run_id: str, submissions: list[str]) -> int:
    """Send a batch and settle it; how many have their receipt. Sending again what was settled does nothing."""
    home = home_from_environment()
    with open_store(home) as store, open_transport(home, store.run(run_id).registry) as transport:
        sending = actions.send(store, transport, submissions, now)
    if sending.left:
        raise Unreachable(f"{sending.left} messages wait: the receiver could not be reached")
    return sending.settled


@flow(name="report", log_prints=False)
def report(run_ids: list[str], release: str | None = None) -> dict[str, int]:
    """Decide on the cases of runs and send what waits. Batches that cannot be delivered stay queued and are counted."""
    queued = decide(run_ids, release)
    results = [send(run_id, batch, return_state=True) for run_id in run_ids for batch in waiting(run_id)]
    settled = sum(state.result() for state in results if state.is_completed())
    return {"queued": queued, "settled": settled, "undelivered": sum(not state.is_completed() for state in results)}
