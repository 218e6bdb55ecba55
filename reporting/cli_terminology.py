"""The commands on terminology: import, look up, search, select, map, compare, serve."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from zipfile import BadZipFile

import click

from reporting.console import PATH, SOME_UNREAD, note, refuse
from reporting.home import Home
from reporting.library import release_of
from terminology.codes import SNOMED
from terminology.snomed.ecl import evaluate
from terminology.snomed.release import ImportReport, import_release, list_releases


@click.group(help="Terminology releases: import, look up, select.")
def terminology() -> None:
    """Commands on releases."""


@terminology.command("import", help="Import RF2 snapshot packages (folders or zip files) as one release.")
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option("--name", help="Name of the release; its edition and version when left out.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def import_command(home: Home, paths: tuple[Path, ...], name: str | None, as_json: bool) -> None:
    """Import a release: all of it or nothing; broken rows are reported."""
    try:
        home.prepare()
        report = import_release(paths, home.releases, name=name, on_progress=_step)
    except (OSError, BadZipFile, ValueError) as error:
        refuse(f"{', '.join(map(str, paths))}: {error}")
    for problem in report.problems:
        note(str(problem))
    if as_json:
        click.echo(json.dumps(_imported(report)))
    else:
        counts = report.counts
        click.echo(
            f"{report.name}: {counts.concepts} concepts, {counts.descriptions} descriptions, "
            f"{len(report.problems)} rows left out, {report.seconds:.1f} s"
        )
    if report.problems:
        sys.exit(SOME_UNREAD)


def _step(name: str, rows: int) -> None:
    note(f"  {name}: {rows}")


def _imported(report: ImportReport) -> dict[str, object]:
    return {
        "name": report.name,
        "edition": report.edition,
        "version": report.version,
        "concepts": report.counts.concepts,
        "descriptions": report.counts.descriptions,
        "problems": [str(problem) for problem in report.problems],
        "seconds": round(report.seconds, 3),
    }


@terminology.command("list", help="List imported releases.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_command(home: Home, as_json: bool) -> None:
    """List releases by name, edition and version."""
    found = list_releases(home.releases)
    if as_json:
        click.echo(json.dumps([{"name": i.name, "edition": i.edition, "version": i.version} for i in found]))
        return
    for info in found:
        click.echo(f"{info.name}\t{info.edition}\t{info.version}")


@terminology.command("lookup", help="Show a concept: terms, parents, history.")
@click.argument("code")
@click.option("--release", "name", help="Name of the release; the newest when left out.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def lookup(home: Home, code: str, name: str | None, as_json: bool) -> None:
    """Look up a concept by its identifier."""
    bound = release_of(home, name, note)
    release = bound.release
    if not (code.isascii() and code.isdigit() and release.has(int(code))):
        refuse(f"{code!r} is not a concept of {release.info.name}")
    sctid = int(code)
    shown = {
        "code": code,
        "system": SNOMED,
        "release": release.info.name,
        "active": release.is_active(sctid),
        "display": release.preferred_term(sctid),
        "fsn": release.fsn(sctid),
        "descriptions": [{"language": d.language, "term": d.term} for d in release.descriptions(sctid)],
        "parents": {str(parent): release.preferred_term(parent) for parent in sorted(release.parents(sctid))},
        "history": [{"kind": a.kind, "target": str(a.target)} for a in release.history(sctid)],
    }
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"{code}  {shown['display']}" + ("" if shown["active"] else "  (inactive)"))
    for description in release.descriptions(sctid):
        click.echo(f"  {description.language}  {description.term}")
    for parent in sorted(release.parents(sctid)):
        click.echo(f"  is a  {parent}  {release.preferred_term(parent)}")
    for association in release.history(sctid):
        click.echo(f"  {association.kind}  {association.target}  {release.preferred_term(association.target)}")


@terminology.command("ecl", help="Select concepts by an expression constraint.")
@click.argument("expression")
@click.option("--release", "name", help="Name of the release; the newest when left out.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--count", is_flag=True, help="Only how many there are.")
@click.pass_obj
def ecl(home: Home, expression: str, name: str | None, as_json: bool, count: bool) -> None:
    """Evaluate an expression; concepts in order of their identifiers."""
    release = release_of(home, name, note).release
    found = sorted(evaluate(release, expression))
    if count:
        click.echo(str(len(found)))
    elif as_json:
        concepts = [{"code": str(sctid), "display": release.preferred_term(sctid)} for sctid in found]
        click.echo(json.dumps({"release": release.info.name, "total": len(found), "concepts": concepts}))
    else:
        for sctid in found:
            click.echo(f"{sctid}\t{release.preferred_term(sctid)}")
