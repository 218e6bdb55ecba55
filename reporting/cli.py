"""The command line, but for what runs flows (see `flows.cli`). Exit codes: see `reporting.console`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reporting.cli_catalogue import catalogue
from reporting.cli_npr import npr
from reporting.cli_registry import registry
from reporting.cli_replay import compare_command, replay_command, savings_command
from reporting.cli_terminology import terminology
from reporting.console import PATH, note, now, refuse
from reporting.home import Home, home_from_environment
from reporting.library import definitions
from terminology.store import open_systems


@click.group(help="Registerbro: coded journal entries to health registries, each value explained.")
@click.version_option(package_name="registerbro")
@click.pass_context
def cli(context: click.Context) -> None:
    """The root of all commands; puts the home into their context."""
    context.obj = home_from_environment()


for _command in (terminology, catalogue, registry, npr, replay_command, compare_command, savings_command):
    cli.add_command(_command)


@cli.command(
    help="Write a synthetic hospital: FHIR NDJSON, and truth.csv with what a perfect registrar would register."
)
@click.option("--patients", type=click.IntRange(1, 1_000_000), default=1000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--out", type=PATH, required=True)
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
    from reporting.editing import HomeEditing  # noqa: PLC0415 (the web framework takes time to load)
    from reporting.opening import open_store  # noqa: PLC0415
    from reporting.releases import FolderReleases  # noqa: PLC0415
    from reporting.serving import LOOPBACK  # noqa: PLC0415
    from reporting.serving import serve as serve_app  # noqa: PLC0415
    from reporting.web.app import create_app  # noqa: PLC0415

    if home.mode != "development":
        refuse("the pages have no login yet, so they are not served in production")
    found, _ = definitions(home)
    with open_store(home) as store:
        note(f"registerbro: http://{LOOPBACK}:{port}/")
        systems, editing = open_systems(home.releases), HomeEditing(home, now)
        serve_app(create_app(store, found, FolderReleases(home.releases), systems, editing), port)
