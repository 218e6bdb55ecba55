"""The commands on releases as a whole: import, list, compare, serve. Those on codes are in `reporting.cli_codes`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import click

from reporting.cli_codes import ecl, lookup, map_command, search
from reporting.console import PATH, SOME_UNREAD, note, refuse
from reporting.home import Home
from reporting.library import release_of
from terminology.classifications.delimited import Wanted
from terminology.classifications.imports import ClassificationReport, import_classification
from terminology.classifications.layouts import parse_columns
from terminology.classifications.load import is_rf2
from terminology.snomed.diff import diff
from terminology.snomed.diff.shown import diff_lines, to_json
from terminology.snomed.problems import ImportRefused, Problem
from terminology.snomed.release import ImportReport, import_release
from terminology.store import SystemInfo, open_systems


@click.group(help="Terminology: import releases, look codes up, search, select, map, compare.")
def terminology() -> None:
    """Commands on terminology."""


for _command in (lookup, search, ecl, map_command):
    terminology.add_command(_command)


@terminology.command("import", help="Import an RF2 release (folders or zip files, several as one), or classifications.")
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option("--name", help="Name of the release; its edition and version when left out.")
@click.option("--system", help="The code system of a table: its short name, URI or OID.")
@click.option("--version", help="The version, where the files do not say it; of SNOMED CT as a version URI.")
@click.option("--columns", help="The columns of a table: code=Kode,display=Navn,parent=…,from=…,to=….")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def import_command(
    home: Home,
    paths: tuple[Path, ...],
    name: str | None,
    system: str | None,
    version: str | None,
    columns: str | None,
    as_json: bool,
) -> None:
    """Import a release or classifications: all of it or nothing; broken rows are reported."""
    try:
        home.prepare()
        rf2 = [path for path in paths if is_rf2(path)]
        if len(rf2) == len(paths):
            _release_told(import_release(paths, home.releases, name, _step, version), as_json)
        elif rf2:
            refuse(f"{rf2[0]} is a release of SNOMED CT and the others are not: import them one by one")
        else:
            wanted = Wanted(system, version, parse_columns(columns) if columns else None)
            _classifications_told(import_classification(paths, home.releases, name, wanted), as_json)
    except (OSError, BadZipFile, ValueError, ImportRefused) as error:
        refuse(f"{', '.join(map(str, paths))}: {error}")


def _step(name: str, rows: int) -> None:
    note(f"  {name}: {rows}")


def _release_told(report: ImportReport, as_json: bool) -> None:
    counts = report.counts
    told = {
        "name": report.name,
        "edition": report.edition,
        "version": report.version,
        "concepts": counts.concepts,
        "descriptions": counts.descriptions,
        "new": report.new,
        "kept_aside": list(report.kept_aside),
        "problems": [str(problem) for problem in report.problems],
        "seconds": round(report.seconds, 3),
    }
    line = (
        f"{report.name}: {counts.concepts} concepts, {counts.descriptions} descriptions, "
        f"{len(report.problems)} rows left out, {report.seconds:.1f} s"
    )
    _told(told, [line if report.new else f"{line}; it was there already"], report.problems, as_json)


def _classifications_told(report: ClassificationReport, as_json: bool) -> None:
    told = {
        "name": report.name,
        "systems": [
            {"name": one.name, "uri": one.uri, "version": one.version, "title": one.title, "codes": one.codes}
            for one in report.systems
        ],
        "problems": [str(problem) for problem in report.problems],
        "seconds": round(report.seconds, 3),
    }
    lines = [f"{one.name}: {one.title}, {one.codes} codes" for one in report.systems]
    _told(told, lines, report.problems, as_json)


def _told(told: dict[str, object], lines: Sequence[str], problems: Sequence[Problem], as_json: bool) -> None:
    for problem in problems:
        note(str(problem))
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(lines))
    if problems:
        sys.exit(SOME_UNREAD)


@terminology.command("list", help="List imported releases and classifications.")
@click.option("--release", "name", help="Name of the only one to list.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_command(home: Home, name: str | None, as_json: bool) -> None:
    """List code systems by name, URI and version."""
    systems = open_systems(home.releases)
    for folder, why in systems.unreadable:
        note(f"{folder}: {why}")
    found = [_listed(info) for info in systems.all() if name in (None, info.name)]
    if name is not None and not found:
        refuse(f"there is no release called {name!r}")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        click.echo("\t".join((one["name"], one["edition"], one["version"], one["title"])))


def _listed(info: SystemInfo) -> dict[str, str]:
    """A SNOMED CT release is cited by its edition and date, a classification by its system and version."""
    edition, _, date = info.version.partition("/version/")
    cited = (edition, date) if info.kind == "snomed" else (info.uri, info.version)
    return {
        "name": info.name,
        "system": info.uri,
        "edition": cited[0],
        "version": cited[1],
        "title": info.title,
        "kind": info.kind,
    }


@terminology.command("diff", help="What changed from release BEFORE to release AFTER.")
@click.argument("before")
@click.argument("after")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="Lines shown of each kind.")
@click.option("--json", "as_json", is_flag=True, help="All of it, as data.")
@click.pass_obj
def diff_command(home: Home, before: str, after: str, limit: int, as_json: bool) -> None:
    """Compare two releases by name."""
    first, then = release_of(home, before, note).release, release_of(home, after, note).release
    found = diff(first, then)
    if as_json:
        click.echo(json.dumps(to_json(found), ensure_ascii=False))
    else:
        click.echo("\n".join(diff_lines(found, first, then, limit)))


@terminology.command("serve", help="Serve the FHIR terminology API alone, under /fhir, on this machine.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option("--release", "name", help="Name of the only release to serve; all of them when left out.")
@click.pass_obj
def serve_command(home: Home, port: int, name: str | None) -> None:
    """Serve /fhir until interrupted."""
    from reporting.fhir_terminology.app import create_terminology_app  # noqa: PLC0415 (the web framework takes time)
    from reporting.serving import LOOPBACK, serve  # noqa: PLC0415

    release_of(home, name, note)  # without any, the example release is imported first
    systems = open_systems(home.releases)
    if name is not None:
        systems = systems.only(name)
    note(f"terminology: http://{LOOPBACK}:{port}/fhir")
    serve(create_terminology_app(systems), port)
