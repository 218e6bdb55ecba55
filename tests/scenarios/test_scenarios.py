"""Scenarios: a journal written by hand, the message it gives, why each value is what it is, and the receipt.

Each folder holds `journal.ndjson`, `trace.json` and, when there is a case, `message.xml`. `UPDATE_SCENARIOS=1` writes
the last two anew: what changes is then to be checked by hand, value by value.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from registries.codecs import apprec
from registries.codecs.validation import validator
from registries.identity import NumberKind, kind_of
from registries.plan import Plan
from reporting.adapters.http_transport import HttpTransport
from reporting.receiver import create_receiver
from reporting.serving import running
from tests.journals import NOW, decided

HERE = Path(__file__).parent
REGISTRIES = {
    "infarct-with-thrombolysis": "stroke_plan",
    "disagreement-and-unmapped-codes": "stroke_plan",
    "stemi-with-pci": "heart_plan",
    "look-alikes": "stroke_plan",
}


def test_every_folder_is_a_scenario() -> None:
    assert {path.parent.name for path in HERE.glob("*/journal.ndjson")} == set(REGISTRIES)


@pytest.mark.parametrize("name", REGISTRIES)
def test_numbers_are_made_for_tests(name: str) -> None:
    for line in (HERE / name / "journal.ndjson").read_text(encoding="utf-8").splitlines():
        for identifier in json.loads(line).get("identifier", []):
            assert kind_of(identifier["value"]) is NumberKind.SYNTHETIC


@pytest.mark.parametrize("name", REGISTRIES)
def test_the_journal_gives_the_message_the_trace_and_the_receipt(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder = HERE / name
    # The name of the release changes with every word of a catalogue; nothing else in a message may.
    plan: Plan = replace(request.getfixturevalue(REGISTRIES[name]), release="scenario")
    made, summary = decided(plan, folder / "journal.ndjson")
    assert summary.account.problems == []
    payloads = [decision.payload for decision in made]
    for payload in payloads:
        assert validator(plan.definition)(payload) == ()
    trace = {
        "registry": plan.definition.registry,
        "candidates": summary.plain()["candidates"],
        "receipts": [_verdict(payload, plan, tmp_path) for payload in payloads],
        "records": [_trace(decision.record) for decision in made],
    }
    if os.environ.get("UPDATE_SCENARIOS") == "1":
        _update(folder, trace, payloads)
    assert trace == json.loads((folder / "trace.json").read_text(encoding="utf-8"))
    golden = [path.read_bytes() for path in sorted(folder.glob("message*.xml"))]
    assert [_plain(payload) for payload in payloads] == [_plain(message) for message in golden]


def _verdict(payload: bytes, plan: Plan, folder: Path) -> str:
    app = create_receiver(folder / "received.sqlite", [plan.definition], lambda: NOW)
    with running(app) as url, HttpTransport(f"{url}/messages") as transport:
        return apprec.read(transport.send("any", payload)).verdict.name


def _trace(record: Any) -> dict[str, Any]:
    return {
        "start": record.start,
        "findings": [" ".join(filter(None, (f.severity, f.rule, f.variable))) for f in record.findings],
        "variables": {value.variable: _why(value) for value in record.values},
    }


def _why(value: Any) -> dict[str, Any]:
    told = {
        "value": None if value.value is None else str(value.value),
        "reason": value.reason and str(value.reason),
        "tier": str(value.tier),
        "rule": value.rule,
        "map": value.map and f"{value.map.map} row {value.map.row}",
        "entries": [evidence.source for evidence in value.evidence],
        "note": value.note,
    }
    return {key: one for key, one in told.items() if one}


def _plain(message: bytes) -> str:
    root = etree.fromstring(message, etree.XMLParser(remove_blank_text=True))
    return etree.tostring(root, pretty_print=True, encoding="unicode")


def _update(folder: Path, trace: dict[str, Any], payloads: list[bytes]) -> None:
    text = json.dumps(trace, ensure_ascii=False, indent=1) + "\n"
    (folder / "trace.json").write_text(text, encoding="utf-8")
    for payload in payloads:
        (folder / "message.xml").write_text(_plain(payload), encoding="utf-8")
