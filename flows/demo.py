"""The demonstration: a synthetic hospital, two registries, one receiver, and how it all agrees with the truth."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from fixtures.synth.generate import generate
from flows.quiet import prepare
from reporting import actions
from reporting.agreement import Comparison, compare, read_truth
from reporting.console import now
from reporting.home import Home
from reporting.library import definition_of, definitions, plan_of, release_of
from reporting.opening import open_store
from reporting.ports import Store
from reporting.receiver import create_receiver
from reporting.serving import running
from reporting.submission import Run
from terminology.snomed.bound import BoundRelease

REGISTRIES = ("hjerneslag", "noric")


@dataclass(frozen=True, slots=True)
class Demo:
    """How large, and which."""

    patients: int
    seed: int


def run_demo(home: Home, size: Demo, say: Callable[[str], None]) -> dict[str, Any]:
    """Do the whole job and give its figures as plain data. Run again, it finds everything sent already."""
    home.prepare()
    say("1/4  terminology: opening a release")
    release = release_of(home, None, say)
    journals = _journals(home, size, say)
    found, _ = definitions(home)
    say("3/4  registry receiver: starting")
    with running(create_receiver(home.received, tuple(found.values()), now)) as url:
        os.environ["REGISTERBRO_HOME"] = str(home.folder)
        for registry in REGISTRIES:
            os.environ[f"REGISTERBRO_ENDPOINT_{registry.upper()}"] = f"{url}/messages"
        say("4/4  flows: starting Prefect (its temporary server takes 10 to 20 seconds)")
        prepare(home)
        from flows.report import report  # noqa: PLC0415 (Prefect reads its settings when it is imported)

        say(f"     {', '.join(REGISTRIES)}: reading once for both, deriving, checking, sending")
        shown = _reported(home, journals, release, report)
    return {"patients": size.patients, "seed": size.seed, "journals": str(journals), "registries": shown}


def _journals(home: Home, size: Demo, say: Callable[[str], None]) -> Path:
    folder = home.folder / "demo" / f"journals-{size.patients}-{size.seed}"
    if not (folder / "truth.csv").exists():
        say(f"2/4  journals: writing {size.patients} synthetic patients")
        generate(folder, size.patients, size.seed)
    else:
        say(f"2/4  journals: {size.patients} synthetic patients, written before")
    return folder


def _reported(
    home: Home, journals: Path, release: BoundRelease, flow: Callable[[list[str], str], object]
) -> list[dict[str, Any]]:
    with open_store(home) as store:
        plans = [plan_of(home, definition_of(home, registry), release) for registry in REGISTRIES]
        runs = [actions.start_run(store, plan, (journals,), now()) for plan in plans]
        flow([run.id for run in runs], release.release.info.name)
        return [_shown(store, run, journals) for run in runs]


def _shown(store: Store, run: Run, journals: Path) -> dict[str, Any]:
    agreement = compare(actions.records_of(store, run.id), read_truth(journals / "truth.csv", run.registry))
    return actions.settled_summary(store, run.id) | {"agreement": _agreement(agreement)}


def _agreement(comparison: Comparison) -> dict[str, Any]:
    automatic = [v for v in comparison.variables if v.tier == "automatic"]
    ours = sum(v.ours for v in automatic)
    return {
        "cases": comparison.cases,
        "only_ours": len(comparison.only_ours),
        "only_truth": len(comparison.only_theirs),
        "exact": sum(v.equal for v in automatic) / ours if ours else 0.0,
        "variables": [msgspec.to_builtins(v) for v in comparison.variables],
    }
