"""The command line, but for what runs flows (see `flows.cli`).

Exit codes: 0 all is well; 1 a fault of the program; 2 the command, a definition or a release cannot be used; 3 done,
but some input could not be read (each place is named); 4 done, but some messages could not be delivered.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from zipfile import BadZipFile

import click

from registries.codecs.schema import content_schema
from registries.definition import Definition
from reporting.home import Home, home_from_environment
from reporting.library import definition_of, definitions, release_of
from terminology.codes import SNOMED
from terminology.snomed.ecl import evaluate
from terminology.snomed.release import ImportReport, import_release, list_releases

USAGE, SOME_UNREAD, SOME_UNSENT = 2, 3, 4
_PATH = click.Path(path_type=Path)


def now() -> datetime:
    """The clock of the program."""
    return datetime.now(UTC)


def refuse(text: str) -> NoReturn:
    """End with a clear word on what cannot be used."""
    click.echo(f"registerbro: {text}", err=True)
    sys.exit(USAGE)


def note(text: str) -> None:
    """Tell something beside the result."""
    click.echo(text, err=True)


@click.group(help="Registerbro: coded journal entries to health registries, each value explained.")
@click.version_option(package_name="registerbro")
@click.pass_context
def cli(context: click.Context) -> None:
    """The root of all commands; puts the home into their context."""
    context.obj = home_from_environment()


@cli.group(help="Terminology releases: import, look up, select.")
def terminology() -> None:
    """Commands on releases."""


@terminology.command("import", help="Import RF2 snapshot packages (folders or zip files) as one release.")
@click.argument("paths", nargs=-1, required=True, type=_PATH)
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


@cli.group(help="Registry definitions.")
def registry() -> None:
    """Commands on definitions."""


@registry.command("list", help="List registries, with variables by who fills them.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def registry_list(home: Home, as_json: bool) -> None:
    """List definitions; one that cannot be used is named with its problem, and the rest goes on."""
    found, broken = definitions(home)
    for error in broken:
        note(str(error))
    if as_json:
        click.echo(json.dumps([_listed(definition) for definition in found.values()], ensure_ascii=False))
    else:
        for definition in found.values():
            tiers = [variable.automation for variable in definition.variables.values()]
            counts = ", ".join(f"{tiers.count(tier)} {tier}" for tier in dict.fromkeys(sorted(tiers)))
            click.echo(
                f"{definition.registry}\tv{definition.version} {definition.status}\t{definition.title.nb}\t{counts}"
            )
    if broken:
        sys.exit(USAGE)


def _listed(definition: Definition) -> dict[str, object]:
    return {
        "registry": definition.registry,
        "version": definition.version,
        "status": definition.status,
        "title": definition.title.model_dump(),
        "variables": {name: str(variable.automation) for name, variable in definition.variables.items()},
    }


@registry.command("schema", help="Print the XML schema of a registry's message content.")
@click.argument("name")
@click.pass_obj
def registry_schema(home: Home, name: str) -> None:
    """The schema that is generated from the definition."""
    click.echo(content_schema(definition_of(home, name)).decode("utf-8"), nl=False)


@registry.command("json-schema", help="Print the JSON Schema of definition files, for editors.")
def registry_json_schema() -> None:
    """The schema that definitions themselves follow."""
    click.echo(json.dumps(Definition.model_json_schema(by_alias=True), indent=2))


@cli.command(
    help="Write a synthetic hospital: FHIR NDJSON, and truth.csv with what a perfect registrar would register."
)
@click.option("--patients", type=click.IntRange(1, 1_000_000), default=1000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--out", type=_PATH, required=True)
@click.option("--json", "as_json", is_flag=True)
def synth(patients: int, seed: int, out: Path, as_json: bool) -> None:
    """Generate journals; the same patients and seed give the same bytes."""
    from fixtures.synth.generate import generate  # noqa: PLC0415 (no other command needs it)

    summary = generate(out, patients, seed)
    if as_json:
        click.echo(json.dumps({"patients": summary.patients, "cases": summary.cases, "lines": summary.lines}))
    else:
        click.echo(
            f"{summary.patients} patients, {sum(summary.lines.values())} resources, cases {summary.cases} in {out}"
        )


@cli.command(help="Run the registry receiver: takes messages over HTTP on this machine, answers with receipts.")
@click.option("--port", type=int, default=8765, show_default=True)
@click.pass_obj
def receiver(home: Home, port: int) -> None:
    """Serve the receiver until interrupted."""
    from reporting.receiver import create_receiver  # noqa: PLC0415 (the web framework takes time to load)
    from reporting.serving import LOOPBACK, serve  # noqa: PLC0415

    found, _ = definitions(home)
    home.prepare()
    note(f"receiver: http://{LOOPBACK}:{port}/")
    serve(create_receiver(home.received, tuple(found.values()), now), port)


@cli.command(help="Open the service's pages on this machine.")
@click.option("--port", type=int, default=8000, show_default=True)
@click.pass_obj
def serve(home: Home, port: int) -> None:
    """Serve the pages until interrupted. They have no login yet, and are refused outside development."""
    from reporting.opening import open_store  # noqa: PLC0415 (the web framework takes time to load)
    from reporting.serving import LOOPBACK  # noqa: PLC0415
    from reporting.serving import serve as serve_app  # noqa: PLC0415
    from reporting.web.app import create_app  # noqa: PLC0415

    if home.mode != "development":
        refuse("the pages have no login yet, so they are not served in production")
    found, _ = definitions(home)
    with open_store(home) as store:
        note(f"registerbro: http://{LOOPBACK}:{port}/")
        serve_app(create_app(store, found), port)
