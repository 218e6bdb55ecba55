"""What is a patient's stays where it belongs: in the journal, in the store and in the message to the registry."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fixtures.synth.generate import generate
from flows.cli import main
from registries.definition import load_definition
from registries.identity import NumberKind, kind_of
from reporting import pipeline
from reporting.adapters.db.store import SqlStore
from reporting.receiver import create_receiver
from reporting.serving import running
from tests.journals import DEFINITIONS, NOW, made_number, nihss, stroke, write

CANARY = "KANARIFUGL-77"
NUMBER = made_number(80)
#: Lines that cannot be read, each with a canary in every place that a text might repeat.
BROKEN = [
    nihss(CANARY, CANARY),
    nihss(7, CANARY, status=7),
    nihss(7, CANARY, effectiveDateTime=CANARY),
    nihss(7, CANARY, subject={"display": CANARY}),
    {"resourceType": CANARY, "id": NUMBER},
    f'{{"resourceType":"Observation","{CANARY}":{{"{NUMBER}'.encode(),
    {"resourceType": "Patient", "id": CANARY, "gender": {NUMBER: CANARY}},
    {"resourceType": "Condition", "id": CANARY, "subject": {"reference": "Patient/p1"}, "code": {"coding": [CANARY]}},
    f"{CANARY};{NUMBER}".encode(),
]


@pytest.fixture
def journals(tmp_path: Path) -> Path:
    """A small hospital, a patient full of canaries, and lines that cannot be read."""
    generate(tmp_path / "journals", 60, 21)
    first = stroke("1", NUMBER, note=[{"text": CANARY}])
    first[0] |= {"name": [{"family": CANARY}], "telecom": [{"value": CANARY}]}
    first[2]["code"]["text"] = CANARY
    held = stroke("2", NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"))
    write(tmp_path / "journals" / "zz.ndjson", [*first, *held, *BROKEN])
    return tmp_path / "journals"


@pytest.fixture
def home(tmp_path: Path, releases: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "releases").symlink_to(releases)
    monkeypatch.setenv("REGISTERBRO_HOME", str(folder))
    definitions = [load_definition(path) for path in DEFINITIONS.glob("*/*.yaml")]
    with running(create_receiver(folder / "received.sqlite", definitions, lambda: NOW)) as url:
        for registry in ("HJERNESLAG", "NORIC"):
            monkeypatch.setenv(f"REGISTERBRO_ENDPOINT_{registry}", f"{url}/messages")
        yield folder


def told_by(
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> str:
    """All that a command tells anybody: output, logs and, should it fail, the whole traceback."""
    monkeypatch.setattr(sys, "argv", ["registerbro", *arguments])
    caplog.clear()
    failure = ""
    with caplog.at_level(logging.DEBUG):
        try:
            main()
        except SystemExit:
            pass
        except Exception:
            failure = traceback.format_exc()
    out, err = capfd.readouterr()
    return "\n".join([out, err, failure, caplog.text, *(str(record.args) for record in caplog.records)])


def real_or_synthetic(text: str) -> list[str]:
    """Whatever in a text is a valid identity number."""
    return [found for found in re.findall(r"(?<!\d)\d{11}(?!\d)", text) if kind_of(found) is not NumberKind.INVALID]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("registry", ["hjerneslag", "noric"])
@pytest.mark.parametrize("how", [["--json", "--explain"], ["--dry-run", "--explain"], []], ids=["json", "dry", "text"])
def test_a_report_tells_no_number_and_no_word_of_a_patient(
    registry: str,
    how: list[str],
    journals: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = told_by(["report", registry, str(journals), *how], monkeypatch, capfd, caplog)
    assert f"{journals}/zz.ndjson:9" in told  # the broken lines were met
    assert CANARY not in told
    assert NUMBER not in told
    assert real_or_synthetic(told) == []


def test_the_canary_would_be_heard() -> None:
    assert real_or_synthetic(f"x {NUMBER}, 12345678901 and 1{NUMBER}") == [NUMBER]


def test_what_a_run_keeps_of_itself_and_what_the_receiver_shows_hold_none(
    home: Path,
    journals: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    told_by(["report", "hjerneslag", str(journals)], monkeypatch, capfd, caplog)
    store = SqlStore(f"sqlite:///{home / 'registerbro.sqlite'}")
    (run,) = store.runs()
    kept = [repr(run), json.dumps(run.summary)]
    for record, _ in store.records(run.id, limit=1000):
        kept += [repr(record), str(record.values), str(record.findings), str(store.history(record.case))]
        for submission in store.submissions(record.case):
            kept += [repr(submission), submission.id, submission.message_id]
            kept += [str(receipt) for receipt in store.receipts(submission.message_id)]
            kept += [receipt.raw.decode() for receipt in store.receipts(submission.message_id)]
    store.close()
    url = os.environ["REGISTERBRO_ENDPOINT_HJERNESLAG"]
    kept += [httpx.get(url, trust_env=False).text, httpx.get(url.removesuffix("messages"), trust_env=False).text]
    whole = "\n".join(kept)
    assert len(kept) > 30
    assert (CANARY in whole, real_or_synthetic(whole)) == (False, [])
    assert real_or_synthetic(submission.payload.decode()) != []  # the message itself is what carries it


def test_a_failure_in_the_middle_tells_none(
    home: Path,
    journals: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> bytes:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(pipeline, "encode", fail)
    told = told_by(["report", "hjerneslag", str(journals)], monkeypatch, capfd, caplog)
    assert "a fault of ours" in told
    assert (CANARY in told, real_or_synthetic(told)) == (False, [])
    assert home.is_dir()
