"""`registerbro npr`: the NPR report as files. Sending them is another step."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from registries.definition import DefinitionError
from registries.npr.coding import Coder
from registries.npr.draft import Given
from registries.npr.message import TooLarge
from registries.npr.setup import load_setup
from reporting.adapters.fhir.administration import read_administration
from reporting.adapters.fhir.source import FhirFiles
from reporting.console import PATH, SOME_UNREAD, note, now, refuse
from reporting.home import Home
from reporting.library import NoRelease, release_of
from reporting.npr import NotReady, NprRun, envelope_of, heading_of, messages, write
from reporting.texts import named
from terminology.classifications.model import Classification
from terminology.codes import Code
from terminology.snomed.bound import BoundRelease
from terminology.snomed.map_shown import MapUsage, find_map
from terminology.store import Systems, open_systems

_date = click.DateTime(formats=["%Y-%m-%d"])


@click.command(help="Write the NPR episode report (ord) and, apart from it, who the patients are (ide).")
@click.option("--source", "sources", multiple=True, required=True, type=PATH, help="FHIR journals; may be repeated.")
@click.option("--setup", "setup_file", required=True, type=PATH, help="The hospital's units, contacts and receiver.")
@click.option("--out", required=True, type=PATH, help="The folder that the messages are written to.")
@click.option("--from", "from_", required=True, type=_date, help="The first date of the period.")
@click.option("--to", required=True, type=_date, help="The last date of the period.")
@click.option("--number", type=click.IntRange(1), default=1, show_default=True, help="The first message's number.")
@click.option("--release", "release_name", help="Name of the terminology release; the newest when left out.")
@click.option("--map", "map_name", help="The release's map to ICD-10; without it SNOMED CT codes are left out.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def npr(  # noqa: PLR0913, PLR0917 (one for each option)
    home: Home,
    sources: tuple[Path, ...],
    setup_file: Path,
    out: Path,
    from_: datetime,
    to: datetime,
    number: int,
    release_name: str | None,
    map_name: str | None,
    as_json: bool,
) -> None:
    """Read journals, make the report, check it as the receiver would and write the messages."""
    run, at = NprRun(), now()
    try:
        setup = load_setup(setup_file)
        heading = heading_of(setup, from_.date(), to.date(), number, at)
        release = release_of(home, release_name, note)
        administration, problems = read_administration(*sources)
        run.account.problems += problems
        coder = _coder(release, map_name, open_systems(home.releases))
        given = Given(administration, setup, coder, home.key(), from_.date(), to.date())
        envelope = envelope_of(setup, home.sender, home.sender_her_id, at)
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = messages(FhirFiles(*sources), release, given, home.mode, heading, envelope, run)
        files = [write(out, message).name for message in made]
    except (DefinitionError, NotReady, NoRelease, MapUsage, TooLarge, OSError) as error:
        refuse(str(error))
    _tell(run, files, as_json)
    if run.account.problems:
        sys.exit(SOME_UNREAD)


def _coder(release: BoundRelease, map_name: str | None, systems: Systems) -> Coder:
    refset = find_map(release.release, map_name) if map_name else None
    return Coder(release.release, refset, valid=_valid(systems))


def _valid(systems: Systems) -> Callable[[Code], bool]:
    """Whether a code can be reported: it is in the imported classification, in use, and has no codes below it. Where
    none is imported there is nothing to hold it against."""

    def valid(code: Code) -> bool:
        known = systems.of(code.system)
        if not isinstance(known, Classification):
            return True
        entry = known.entry(code.value, ("nb",))
        return entry is not None and entry.active and not known.children(code.value)

    return valid


def _tell(run: NprRun, files: list[str], as_json: bool) -> None:
    for problem in run.account.problems:
        note(f"{problem.place}: {problem.text}")
    if as_json:
        stays = [
            {
                "stay": told.stay,
                "reported": told.reported,
                "findings": [
                    {"rule": f.rule, "severity": f.severity, "at": f.variable, "name": f.clause} for f in told.findings
                ],
            }
            for told in run.told
        ]
        click.echo(json.dumps(run.plain() | {"files": files, "stays": stays}, ensure_ascii=False))
        return
    click.echo(
        f"{run.patients} patients, {run.episodes} episodes in {', '.join(files) or 'no message'}; {run.held} held"
    )
    for rule, count in sorted(run.findings.items()):
        text = named("finding", rule)
        click.echo(f"{count}\t{text.nb} / {text.en}")
