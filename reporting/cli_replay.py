"""Trying a definition before anyone relies on it: replay over past journals, comparison with manual registration."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
import msgspec

from registries.definition import Definition
from registries.plan import Plan
from registries.record import RegistryRecord
from reporting.agreement import Agreement, Comparison, TruthUnreadable, compare, read_truth
from reporting.catalogue_shown import both
from reporting.console import PATH, SOME_UNREAD, note, now, refuse
from reporting.home import Home
from reporting.library import definition_of, plan_of, release_of
from reporting.opening import open_store
from reporting.pipeline import Summary
from reporting.rehearsal import rehearse
from reporting.replay import Change, Replay, replay
from reporting.savings import saved
from reporting.texts import text
from reporting.versions import slugs

_source = click.option(
    "--source",
    "sources",
    multiple=True,
    required=True,
    type=PATH,
    help="A folder or file of journals; may be repeated.",
)
_release = click.option("--release", "release_name", help="Name of the terminology release; the newest when left out.")
_json = click.option("--json", "as_json", is_flag=True)
#: Cases that are told by their keys; with `--json` all are.
SHOWN = 12


@click.command("replay", help="Run a draft over past journals, and show what would change for each variable.")
@click.argument("registry")
@click.option("--version", "version", default="draft", show_default=True, help="A version, `draft`, or a file.")
@_source
@_release
@_json
@click.pass_obj
def replay_command(
    home: Home, registry: str, version: str, sources: tuple[Path, ...], release_name: str | None, as_json: bool
) -> None:
    """Compare a version with the active one; nothing is kept or sent."""
    release = release_of(home, release_name, note)
    active = definition_of(home, registry)
    draft = _draft(home, registry, version)
    if draft.registry != active.registry:
        refuse(f"{version} is a definition of {draft.registry}, not of {active.registry}")
    summary = Summary()
    before, after = (_records(home, plan_of(home, one, release), sources, summary) for one in (active, draft))
    result = replay(before, after)
    if as_json:
        click.echo(msgspec.json.encode(result).decode())
    else:
        _told(result, draft)
    _unread(summary)


def _draft(home: Home, registry: str, version: str) -> Definition:
    if version.endswith((".yaml", ".yml")):
        return definition_of(home, version)
    if version == "draft":
        return definition_of(home, registry, "draft")
    if not version.isdecimal():
        refuse(f"{version!r} is no version: write a number, `draft`, or the path of a file")
    return definition_of(home, registry, int(version))


def _records(home: Home, plan: Plan, sources: tuple[Path, ...], summary: Summary) -> list[RegistryRecord]:
    for place in sources:
        if not place.exists():
            refuse(f"{place}: no such file or folder")
    return list(rehearse(plan, sources, home, now(), summary))


def _told(result: Replay, draft: Definition) -> None:
    click.echo(f"{result.before} → {result.after}")
    click.echo(
        f"{result.cases} cases in both, {len(result.only_before)} no longer, {len(result.only_after)} new; "
        f"{result.changed} values differ"
    )
    for word, cases in (("no longer", result.only_before), ("new", result.only_after)):
        if cases:
            click.echo(f"{word}: {' '.join(case[:8] for case in cases[:SHOWN])}{' …' if len(cases) > SHOWN else ''}")
    for variable in result.variables:
        counts = {change: n for change, n in variable.counts.items() if n and change is not Change.SAME}
        if not counts:
            continue
        label = draft.variables[variable.variable].label.nb if variable.variable in draft.variables else ""
        told = ", ".join(f"{n} {change}" for change, n in counts.items())
        click.echo(f"\n{variable.variable}  {label}: {told}")
        for one in variable.examples:
            click.echo(f"  {one.case[:8]}  {one.change}: {one.before or '–'} → {one.after or '–'}  ({one.rule or '–'})")
    for rule, (first, then) in result.findings.items():
        click.echo(f"\ncheck {rule}: {first} → {then}")


def _unread(summary: Summary) -> None:
    for problem in summary.account.problems:
        note(f"{problem.place}: {problem.text}")
    if summary.account.problems:
        sys.exit(SOME_UNREAD)


@click.command("compare", help="Compare what the rules give with what people registered by hand.")
@click.argument("registry")
@click.option("--manual", type=PATH, required=True, help="CSV: registry,patient,case_start,variable,value, or wide.")
@_source
@click.option("--html", type=PATH, help="Write a report to show the registry's board.")
@_release
@_json
@click.pass_obj
def compare_command(
    home: Home,
    registry: str,
    manual: Path,
    sources: tuple[Path, ...],
    html: Path | None,
    release_name: str | None,
    as_json: bool,
) -> None:
    """Agreement for each variable, and every difference with its evidence; nothing is kept or sent."""
    definition = definition_of(home, registry)
    summary = Summary()
    records = _records(home, plan_of(home, definition, release_of(home, release_name, note)), sources, summary)
    try:
        result = compare(records, read_truth(manual, definition.registry), definition)
    except TruthUnreadable as error:
        refuse(str(error))
    if html is not None:
        from reporting.web.comparison import comparison_page  # noqa: PLC0415 (templates take time to load)

        html.write_text(comparison_page(definition, result, saved(records)), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(_plain(definition, result, records), ensure_ascii=False))
    else:
        _compared(result)
    _unread(summary)


def _plain(definition: Definition, result: Comparison, records: list[RegistryRecord]) -> dict[str, object]:
    shown: dict[str, object] = msgspec.to_builtins(result)
    shown["registry"] = definition.registry
    shown["variables"] = [
        msgspec.to_builtins(one) | {"coverage": one.coverage, "exact": one.exact} for one in result.variables
    ]
    return shown | {"saved": msgspec.to_builtins(saved(records))}


def _compared(result: Comparison) -> None:
    click.echo(
        f"{result.cases} cases on both sides, {len(result.only_ours)} only ours, {len(result.only_theirs)} only theirs"
    )
    click.echo(f"{'variable':36} {'covered':>8} {'exact':>8} {'kappa':>7} {'sens.':>7} {'PPV':>7}")
    for one in result.variables:
        click.echo(_line(one))
    click.echo(f"{len(result.differences)} differences among automatic values")


def _line(one: Agreement) -> str:
    shares = [f"{'–' if share is None else f'{share:.1%}':>8}" for share in (one.coverage, one.exact)]
    rest = [f"{'–' if n is None else f'{n:.3f}':>7}" for n in (one.kappa, one.sensitivity, one.predictive)]
    return f"{one.variable:36} {' '.join(shares + rest)}"


@click.command("savings", help="Count the fields that nobody typed, per registry and month, of what has been reported.")
@click.argument("registry", required=False)
@_json
@click.pass_obj
def savings_command(home: Home, registry: str | None, as_json: bool) -> None:
    """Of one registry, or of all: from the latest record of every case that is kept."""
    wanted = [definition_of(home, registry).registry] if registry else slugs(home)
    with open_store(home) as store:
        months = [month for slug in wanted for month in saved(store.kept(slug))]
    if as_json:
        click.echo(msgspec.json.encode(months).decode())
        return
    click.echo("\t".join(both(text(f"savings.{word}")) for word in _SAVED))
    for month in months:
        click.echo("\t".join(str(getattr(month, word)) for word in _SAVED))
    click.echo(f"{both(text('savings.total'))}: {sum(month.automatic for month in months)}")


_SAVED = ("registry", "month", "cases", "automatic", "proposed", "left")
