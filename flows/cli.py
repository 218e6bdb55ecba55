"""The whole command line: `reporting.cli`, and the commands that report."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from flows.demo import Demo, run_demo
from flows.quiet import prepare
from flows.shown import explained, told
from registries.codecs.content import ContentError
from registries.definition import DefinitionError
from registries.lifecycle import LifecycleError, Stage
from registries.plan import Plan
from registries.record import RegistryRecord
from reporting import actions
from reporting.adapters.db.store import SqlStore
from reporting.cli import cli
from reporting.cli_registry import wanted_version
from reporting.console import PATH, SOME_UNREAD, SOME_UNSENT, note, now, refuse
from reporting.explaining.context import no_name
from reporting.explaining.names import names_of
from reporting.home import Home, HomeError
from reporting.library import NoRelease, definition_of, plan_in, release_of, version_of
from reporting.opening import open_store, open_transport
from reporting.versions import Version
from terminology.snomed.ecl import EclError
from terminology.snomed.problems import ImportRefused
from terminology.store import open_systems

#: What came of one plan: its counts and its records.
_Done = tuple[Mapping[str, object], Iterable[RegistryRecord]]


@cli.command(help="Report registries from journals: select, derive, check, decide, send, settle.")
@click.argument("registry")
@click.option(
    "--source", "sources", multiple=True, type=PATH, help="A folder or file of FHIR journals; may be repeated."
)
@click.argument("more", nargs=-1, type=PATH)
@click.option("--dry-run", is_flag=True, help="Keep and send nothing.")
@click.option("--json", "as_json", is_flag=True, help="An object; for several registries a list of them.")
@click.option("--explain", is_flag=True, help="Each record's variables with value, entry and reason.")
@click.option("--version", help="A version by number, or `draft` (with --dry-run); the active one when left out.")
@click.option("--release", "release_name", help="Name of the terminology release; the newest when left out.")
@click.option("--prefect", "as_flow", is_flag=True, help="Run as a Prefect flow.")
@click.pass_obj
def report(  # noqa: PLR0913, PLR0917 (one for each option)
    home: Home,
    registry: str,
    sources: tuple[Path, ...],
    more: tuple[Path, ...],
    dry_run: bool,
    as_json: bool,
    explain: bool,
    version: str | None,
    release_name: str | None,
    as_flow: bool,
) -> None:
    """Report a registry by slug, or by the path of a definition file; several (`a,b`) are read for at once."""
    places = _places(sources + more)
    versions = _versions(home, registry, version, dry_run)
    bound = release_of(home, release_name, note)
    plans = [plan_in(home, one, bound) for one in versions]
    with open_store(home) as store:
        if dry_run:
            done = _tried(home, store, plans, places)
        else:
            done = _reported(home, store, plans, places, release_name, as_flow)
        names = names_of(open_systems(home.releases)) if explain else no_name
        shown = [
            (summary, [explained(one, plan.definition, names) for one in records] if explain else None)
            for (summary, records), plan in zip(done, plans, strict=True)
        ]
    _show(shown, as_json)
    _exit([summary for summary, _ in done])


@cli.command(help="Send what waits for a registry, for instance after its receiver was down.")
@click.argument("registry")
@click.pass_obj
def send(home: Home, registry: str) -> None:
    """Send the queue of one registry."""
    slug = definition_of(home, registry).registry
    with open_store(home) as store:
        sending = _send(home, store, slug)
    click.echo(f"{sending.settled} settled, {sending.refused} refused, {sending.left} left")
    if sending.left or sending.refused:
        sys.exit(SOME_UNSENT)


@cli.command(help="Do the whole job once for two registries on synthetic journals, and show it.")
@click.option("--patients", type=click.IntRange(10, 100_000), default=400, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def demo(home: Home, patients: int, seed: int, as_json: bool) -> None:
    """Run the demonstration."""
    shown = run_demo(home, Demo(patients, seed), note)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        for registry in shown["registries"]:
            click.echo(told(registry))
        note(
            "make serve: se kjøringene og hvorfor hver verdi er som den er / the runs, and why each value is what it is"
        )
    if any(registry["undelivered"] for registry in shown["registries"]):
        sys.exit(SOME_UNSENT)


def _places(given: tuple[Path, ...]) -> tuple[Path, ...]:
    if not given:
        refuse("name a source: --source FOLDER_OR_FILE")
    for place in given:
        if not place.exists():
            refuse(f"{place}: no such file or folder")
    return tuple(place.absolute() for place in given)


def _versions(home: Home, registry: str, version: str | None, dry_run: bool) -> list[Version]:
    names = [registry] if Path(registry).is_file() else registry.split(",")
    if len(names) > 1 and version is not None:
        refuse("--version is for one registry: name one, or leave it out")
    if len(set(names)) < len(names):
        refuse(f"{registry}: each registry once")
    found = [version_of(home, name, wanted_version(version)) for name in names]
    for one in found:
        if one.stage is not Stage.ACTIVE and not dry_run:
            refuse(_not_active(one))
    return found


def _tried(home: Home, store: SqlStore, plans: Sequence[Plan], places: Sequence[Path]) -> list[_Done]:
    """What would be reported, nothing kept: for each plan its counts and records."""
    records: list[list[RegistryRecord]] = [[] for _ in plans]
    summaries = actions.dry_run(store, plans, places, home, now, lambda n, made: records[n].append(made.record))
    return list(zip(summaries, records, strict=True))


def _reported(
    home: Home, store: SqlStore, plans: Sequence[Plan], places: Sequence[Path], release: str | None, as_flow: bool
) -> list[_Done]:
    """What was reported: for each plan its run's counts and records."""
    runs = [actions.start_run(store, plan, places, now()) for plan in plans]
    if as_flow:
        _as_flow(home, [run.id for run in runs], release)
    else:
        actions.decide(store, runs, plans, home, now)
        for run in runs:
            _send(home, store, run.registry)
    return [(actions.settled_summary(store, run.id), actions.records_of(store, run.id)) for run in runs]


def _not_active(version: Version) -> str:
    slug, number = version.definition.registry, version.number
    return (
        f"version {number} of {slug} is {version.stage}: only active versions are reported. Try it with --dry-run; "
        f"`registerbro registry versions {slug}` shows what is active"
    )


def _as_flow(home: Home, run_ids: list[str], release: str | None) -> None:
    prepare(home)
    from flows.report import report as flow  # noqa: PLC0415 (Prefect reads its settings when it is imported)

    flow(run_ids, release)


def _send(home: Home, store: SqlStore, registry: str) -> actions.Sending:
    with open_transport(home, registry) as transport:
        sending = actions.send(store, transport, store.queued(registry), now)
    if sending.left:
        note(
            f"{sending.left} messages wait: the receiver of {registry} could not be reached. "
            f"Try again with `registerbro send {registry}`."
        )
    return sending


def _show(done: Sequence[tuple[Mapping[str, object], list[dict[str, object]] | None]], as_json: bool) -> None:
    if as_json:
        whole = [dict(summary) | ({} if records is None else {"records": records}) for summary, records in done]
        click.echo(json.dumps(whole[0] if len(whole) == 1 else whole, ensure_ascii=False))
        return
    for summary, records in done:
        click.echo(told(summary))
        for record in records or ():
            click.echo(json.dumps(record, ensure_ascii=False))
    problems = (problem for summary, _ in done for problem in summary["problems"])  # type: ignore[attr-defined]
    for line in dict.fromkeys(f"{problem['place']}: {problem['text']}" for problem in problems):
        note(line)


def _exit(summaries: Sequence[Mapping[str, object]]) -> None:
    if any(summary["problem_count"] for summary in summaries):
        sys.exit(SOME_UNREAD)
    if any(summary["undelivered"] for summary in summaries):
        sys.exit(SOME_UNSENT)


def main() -> None:
    """The entry point: known mistakes end in one line and exit code 2, never in a traceback."""
    try:
        cli(standalone_mode=True)
    except (DefinitionError, LifecycleError, NoRelease, HomeError, EclError, ImportRefused, ContentError) as error:
        refuse(str(error))
    except BrokenPipeError:
        # Whoever read our output has gone: nothing is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        refuse(str(error))  # a folder that cannot be written, a disk that is full
