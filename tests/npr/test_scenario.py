"""From a small journal in FHIR to the messages: what is reported, what is held, and why.

`UPDATE_SCENARIOS=1` writes `report.xml` and `trace.json` anew: what changes is then to be checked by hand.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from registries.definition import DefinitionError
from registries.identity import NumberKind, kind_of
from registries.npr.coding import Coder
from registries.npr.draft import Given
from registries.npr.message import Message
from registries.npr.setup import Setup, load_setup
from reporting.adapters.fhir.administration import read_administration
from reporting.adapters.fhir.source import FhirFiles
from reporting.npr import NotReady, NprRun, envelope_of, heading_of, messages
from terminology.snomed.bound import BoundRelease
from terminology.snomed.map_shown import find_map
from tests.npr.examples import official

HERE = Path(__file__).parent / "scenario"
JOURNAL = HERE / "journal.ndjson"
NOW = datetime(2025, 5, 2, 6, 0, tzinfo=UTC)
FROM, TO = date(2025, 1, 1), date(2025, 4, 30)


def made(bound: BoundRelease, mode: str = "development") -> tuple[list[Message], NprRun]:
    setup, run = load_setup(HERE / "setup.yaml"), NprRun()
    administration, problems = read_administration(JOURNAL)
    assert problems == ()
    coder = Coder(bound.release, find_map(bound.release, "extended"))
    given = Given(administration, setup, coder, bytes(32), FROM, TO)
    heading = heading_of(setup, FROM, TO, 1, NOW)
    envelope = envelope_of(setup, "Prøvesykehuset HF", "8000100", NOW)
    return list(messages(FhirFiles(JOURNAL), bound, given, mode, heading, envelope, run)), run


def plain(message: Message) -> str:
    """The patients of a message, indented."""
    found = etree.fromstring(message.payload, etree.XMLParser(remove_blank_text=True)).find(".//{*}Institusjon")
    assert found is not None
    etree.indent(found)
    return etree.tostring(found, encoding="unicode") + "\n"


def trace(run: NprRun) -> dict[str, Any]:
    stays = {
        told.stay: ["reported" if told.reported else "held"]
        + [f"{one.severity} {one.rule} {one.variable}".strip() for one in told.findings]
        for told in run.told
    }
    return {**run.plain(), "stays": stays}


def test_numbers_are_made_for_tests() -> None:
    for line in JOURNAL.read_text(encoding="utf-8").splitlines():
        for identifier in json.loads(line).get("identifier", []):
            assert kind_of(identifier["value"]) is NumberKind.SYNTHETIC


def test_the_journal_gives_the_report_and_the_trace(bound: BoundRelease) -> None:
    (report, _), run = made(bound)
    if os.environ.get("UPDATE_SCENARIOS") == "1":
        (HERE / "report.xml").write_text(plain(report), encoding="utf-8")
        text = json.dumps(trace(run), ensure_ascii=False, indent=1) + "\n"
        (HERE / "trace.json").write_text(text, encoding="utf-8")
    assert plain(report) == (HERE / "report.xml").read_text(encoding="utf-8")
    assert trace(run) == json.loads((HERE / "trace.json").read_text(encoding="utf-8"))


@pytest.mark.shared
def test_the_messages_follow_the_official_schemas(bound: BoundRelease, shared: Path) -> None:
    for message in made(bound)[0]:
        official(shared, message.module).assertValid(etree.fromstring(message.payload))


def test_who_they_are_is_told_apart_and_for_those_who_are_reported(bound: BoundRelease) -> None:
    (report, people), _ = made(bound)
    told = {one.get("pasientNr") for one in etree.fromstring(report.payload).iter("{*}Objektholder")}
    rows = [dict(one.attrib) for one in etree.fromstring(people.payload).iter("{*}PasientIdent")]
    assert {row["pid"] for row in rows} == told
    for row in rows:
        assert kind_of(str(row["fid"])) is NumberKind.SYNTHETIC
        assert str(row["fid"]).encode() not in report.payload
    assert b"Encounter" not in report.payload + people.payload


def test_in_production_synthetic_numbers_hold_everything(bound: BoundRelease) -> None:
    found, run = made(bound, "production")
    assert found == []
    assert run.episodes == 0


def test_a_setup_that_the_receiver_would_refuse_is_told(tmp_path: Path) -> None:
    text = (HERE / "setup.yaml").read_text(encoding="utf-8")
    assert _setup(tmp_path, text).ward("Organization/other") is None
    wrong = _setup(tmp_path, text.replace('isfRefusjon: "1", enhetLokal: Nevro', 'isfRefusjon: "3", enhetLokal: Nevro'))
    with pytest.raises(NotReady, match=r"Enhet.isfRefusjon \(ISF refusjon\): npr_code_mark_row"):
        heading_of(wrong, FROM, TO, 1, NOW)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('place: "1"', 'place: "9"'), "wards.Organization/nevro: no unit is called 9"),
        (('enhetID: "2"', 'enhetId: "2"'), "enhetID"),
        (("message_type", "message_typ"), "message_typ"),
    ],
)
def test_a_mistake_in_a_setup_is_told_with_its_place(change: tuple[str, str], told: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=told):
        _setup(tmp_path, (HERE / "setup.yaml").read_text(encoding="utf-8").replace(*change))


def _setup(folder: Path, text: str) -> Setup:
    path = folder / "setup.yaml"
    path.write_text(text, encoding="utf-8")
    return load_setup(path)
