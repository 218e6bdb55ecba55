"""`registerbro registry`: list and check definitions, and decide on their versions."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import click

from registries.codecs.json_schema import record_schema
from registries.codecs.schema import content_schema
from registries.definition import Definition, DefinitionError
from registries.lifecycle import Event, decide
from registries.mistakes import mistakes_of
from registries.problems import Mistake
from reporting.console import USAGE, note, now, refuse
from reporting.editing import catalogue_of
from reporting.home import Home
from reporting.library import definition_of, definitions, release_of, today, version_of
from reporting.skeleton import write_new
from reporting.versions import Version, files_of, read_ledger, slugs, versions_of, write_ledger

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(help="Registry definitions: write, check, approve, activate, retire.")
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
            stage = version_of(home, definition.registry, definition.version).stage
            click.echo(f"{definition.registry}\tv{definition.version} {stage}\t{definition.title.nb}\t{counts}")
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


@registry.command("schema", help="Print the schema of a registry's records: XML as messages have them, or JSON.")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["xsd", "json"]), default="xsd", show_default=True)
@click.option("--version", help="A version by number, or `draft`; the active one when left out.")
@click.pass_obj
def registry_schema(home: Home, name: str, form: str, version: str | None) -> None:
    """The schema that is generated from the definition."""
    if form == "json":
        made = record_schema(definition_of(home, name, wanted_version(version)))
        click.echo(json.dumps(made, ensure_ascii=False, indent=2))
        return
    click.echo(content_schema(definition_of(home, name, wanted_version(version))).decode("utf-8"), nl=False)


@registry.command("json-schema", help="Print the JSON Schema of definition files, for editors.")
def registry_json_schema() -> None:
    """The schema that definitions themselves follow."""
    click.echo(json.dumps(Definition.model_json_schema(by_alias=True), indent=2))


@registry.command("check", help="Tell all mistakes of a definition: each with line, cause and suggestion.")
@click.argument("name")
@click.option("--release", "release_name", help="Name of the terminology release; the newest when left out.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def registry_check(home: Home, name: str, release_name: str | None, as_json: bool) -> None:
    """Check a file, or all versions of a registry of this installation. Code 2 when there are mistakes."""
    paths = (Path(name),) if name.endswith((".yaml", ".yml")) else files_of(home, name)
    if not paths:
        refuse(f"there is no registry called {name!r}; known are {', '.join(slugs(home))}")
    release, catalogue = release_of(home, release_name, note), catalogue_of(home)
    found = [(path, mistakes_of(path, catalogue, release)) for path in paths]
    if as_json:
        told = [_plain(path, mistake) for path, mistakes in found for mistake in mistakes]
        click.echo(json.dumps(told, ensure_ascii=False))
    for path, mistakes in () if as_json else found:
        for mistake in mistakes:
            click.echo(mistake.told(path))
        click.echo(f"{path}: {len(mistakes) or 'no'} mistake{'' if len(mistakes) == 1 else 's'}")
    if any(mistakes for _, mistakes in found):
        sys.exit(USAGE)


def _plain(path: Path, mistake: Mistake) -> dict[str, object]:
    return {
        "file": str(path),
        "line": mistake.line,
        "place": mistake.place,
        "cause": mistake.cause,
        "suggestion": mistake.suggestion,
    }


@registry.command("new", help="Begin a registry: write a draft with comments, to be edited.")
@click.argument("name")
@click.pass_obj
def registry_new(home: Home, name: str) -> None:
    """Copy the skeleton of a definition into this installation's definitions."""
    if name in slugs(home):
        refuse(f"there is a registry called {name!r} already")
    click.echo(str(write_new(home, name)))


@registry.command("versions", help="List the versions of a registry: stage, first day active, who decided what.")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def registry_versions(home: Home, name: str, as_json: bool) -> None:
    """List versions; files that cannot be used are named with their problem."""
    if name not in slugs(home):
        refuse(f"there is no registry called {name!r}; known are {', '.join(slugs(home))}")
    versions, broken = versions_of(home, name, today())
    decisions = {version.number: _decisions(home, name, version.number) for version in versions}
    for one in broken:
        note(str(one.error))
    if as_json:
        click.echo(json.dumps([_version(one, decisions[one.number]) for one in versions], ensure_ascii=False))
    for version in () if as_json else versions:
        changed = " (changed since!)" if version.changed else ""
        told = "; ".join(f"{one['what']} {one['by']} {one['at']}" for one in decisions[version.number])
        since = version.since or "-"
        click.echo(f"{version.number}\t{version.stage}{changed}\t{since}\t{version.path.name}\t{told}")
    if broken or any(version.changed for version in versions):
        sys.exit(USAGE)


def _decisions(home: Home, name: str, number: int) -> list[dict[str, str]]:
    return [
        {"what": event.what, "by": event.by, "at": f"{event.at:%Y-%m-%d}", "from": str(event.since)}
        for event in read_ledger(home, name).of(number)
    ]


def _version(version: Version, decisions: list[dict[str, str]]) -> dict[str, object]:
    return {
        "version": version.number,
        "stage": version.stage,
        "since": str(version.since) if version.since else None,
        "changed": bool(version.changed),
        "file": str(version.path),
        "decisions": decisions,
    }


_by = click.option("--by", required=True, help="Who decides: a person's name.")


@registry.command("approve", help="Approve a draft. Who wrote it cannot approve it.")
@click.argument("name")
@click.argument("version", type=int)
@_by
@click.pass_obj
def registry_approve(home: Home, name: str, version: int, by: str) -> None:
    """A second person stands behind a version; it must be without mistakes."""
    _decide(home, name, version, "approve", by)


@registry.command("activate", help="Make an approved version the one that is reported, from today or a date.")
@click.argument("name")
@click.argument("version", type=int)
@_by
@click.option("--from", "first_day", type=_DAY, help="The first day on which it is active.")
@click.pass_obj
def registry_activate(home: Home, name: str, version: int, by: str, first_day: datetime | None) -> None:
    """From now on the version never changes."""
    _decide(home, name, version, "activate", by, first_day.date() if first_day else today())


@registry.command("retire", help="End an active version.")
@click.argument("name")
@click.argument("version", type=int)
@_by
@click.pass_obj
def registry_retire(home: Home, name: str, version: int, by: str) -> None:
    """From today the version is no longer reported."""
    _decide(home, name, version, "retire", by, today())


def _decide(
    home: Home,
    name: str,
    number: int,
    what: Literal["approve", "activate", "retire"],
    by: str,
    first_day: date | None = None,
) -> None:
    version = version_of(home, name, number)
    if what != "retire":
        release = release_of(home, None, note)
        if mistakes := mistakes_of(version.path, catalogue_of(home), release):
            raise DefinitionError("\n".join(mistake.told(version.path) for mistake in mistakes))
    event = Event(number, what, by, now(), version.digest, first_day)
    write_ledger(home, decide(read_ledger(home, name), event, version.definition.authors))
    after = version_of(home, name, number)
    click.echo(f"version {number} of {name}: {after.stage}" + (f", active from {after.since}" if after.since else ""))


def wanted_version(given: str | None) -> int | Literal["draft"] | None:
    """The version that a command names: a number, or `draft`."""
    if given is None or given.isdecimal():
        return None if given is None else int(given)
    if given == "draft":
        return "draft"
    return refuse(f"--version {given}: write a number, or draft")
