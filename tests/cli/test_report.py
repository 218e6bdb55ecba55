"""`report` and `send`: what they print, keep and return."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reporting.receiver import stored
from tests.cli.conftest import Run
from tests.journals import heart, nihss, patient, stroke, write


@pytest.fixture
def journals(tmp_path: Path) -> Path:
    write(tmp_path / "journals" / "a.ndjson", stroke("1"))
    return tmp_path / "journals"


def test_a_dry_run_tells_everything_and_keeps_nothing(run: Run, home: Path, journals: Path) -> None:
    ended = run("report", "hjerneslag", "--source", journals, "--dry-run", "--json", "--explain")
    assert (ended.code, ended.err) == (0, "")
    told = json.loads(ended.out)
    assert (told["registry"], told["cases"], told["submitted"], told["undelivered"]) == ("hjerneslag", 1, 0, 0)
    (record,) = told["records"]
    assert (record["patient"], record["start"]) == ("Patient/p1", "2025-03-02T14:10")
    assert len(record["variables"]) == 46
    assert record["variables"]["NIHSSinnkomst"] == {
        "value": 7,
        "tier": "automatic",
        "reason": None,
        "rule": "NIHSSinnkomst/1",
        "map": None,
        "entry": "Observation/o1",
        "entries": [{"source": "Observation/o1", "code": "loinc:70182-1", "at": "2025-03-02T14:30"}],
        "considered": 1,
        "why": {
            "nb": "NIHSS ved innkomst: 7, målt 2025-03-02 14:30, 20 minutter etter innleggelse; den eneste målingen "
            "som teller.",
            "en": "NIHSS on arrival: 7, measured 2025-03-02 14:30, 20 minutes after admission; the only measurement "
            "that counts.",
        },
        "trace": {
            "nb": "Regel NIHSSinnkomst/1. Fra Observation/o1 (loinc:70182-1), 2025-03-02 14:30. "
            "Én oppføring ble vurdert.",
            "en": "Rule NIHSSinnkomst/1. From Observation/o1 (loinc:70182-1), 2025-03-02 14:30. "
            "One entry was considered.",
        },
    }
    assert record["variables"]["Slagdiagnose"]["map"] == "stroke-type-specific@1 row 2"
    assert record["variables"]["UtskrTil"]["reason"] == "no_entry"
    assert {finding["rule"] for finding in record["findings"]} == {"obligatory_missing"}
    again = json.loads(run("report", "hjerneslag", journals, "--dry-run", "--json").out)
    assert (again["decisions"]["send"], again["records"]) == (1, 1)
    assert not (home / "receiver.sqlite").exists()


@pytest.mark.usefixtures("receiver")
def test_a_report_settles_and_the_same_again_sends_nothing(run: Run, home: Path, journals: Path) -> None:
    first = run("report", "hjerneslag", journals, "--json")
    assert (first.code, first.err) == (0, "")
    told = json.loads(first.out)
    assert (told["submitted"], told["receipts"], told["undelivered"]) == (1, {"acknowledged": 1}, 0)
    again = json.loads(run("report", "hjerneslag", journals, "--json", "--explain").out)
    assert (again["submitted"], again["decisions"]["nothing"], len(again["records"])) == (0, 1, 1)
    assert len(stored(home / "received.sqlite")) == 1


@pytest.mark.usefixtures("receiver")
def test_people_read_a_dozen_lines(run: Run, journals: Path) -> None:
    ended = run("report", "hjerneslag", journals)
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0].startswith("hjerneslag  (hjerneslag@2+snomed-")
    assert "  Tilfeller / cases                                          1" in lines
    assert 12 <= len(lines) <= 20


def test_a_receiver_that_is_down_is_code_4_and_send_settles_later(
    run: Run, journals: Path, request: pytest.FixtureRequest
) -> None:
    ended = run("report", "hjerneslag", journals, "--json")
    assert (ended.code, json.loads(ended.out)["undelivered"]) == (4, 1)
    assert "registerbro send hjerneslag" in ended.err
    still = run("send", "hjerneslag")
    assert (still.code, still.out) == (4, "0 settled, 0 refused, 1 left\n")
    request.getfixturevalue("receiver")
    assert run("send", "hjerneslag")[:2] == (0, "1 settled, 0 refused, 0 left\n")
    assert run("send", "hjerneslag")[:2] == (0, "0 settled, 0 refused, 0 left\n")


@pytest.mark.usefixtures("receiver")
@pytest.mark.parametrize("how", [["--dry-run"], []])
def test_input_that_cannot_be_read_is_code_3_with_each_place(how: list[str], run: Run, journals: Path) -> None:
    path = write(journals / "b.ndjson", [patient("p7"), b'{"resourceType":', nihss("14", "o7")])
    ended = run("report", "hjerneslag", journals, *how)
    assert ended.code == 3
    assert [line.split(": ")[0] for line in ended.err.splitlines()] == [f"{path}:2", f"{path}:3"]
    told = json.loads(run("report", "hjerneslag", journals, "--json", "--dry-run").out)
    assert [problem["place"] for problem in told["problems"]] == [f"{path}:2", f"{path}:3"]
    assert told["cases"] == 1


def test_several_sources_are_one_journal(run: Run, journals: Path, tmp_path: Path) -> None:
    more = write(tmp_path / "more.ndjson", stroke("2"))
    ended = run("report", "hjerneslag", "--source", journals, "--source", more, more, "--dry-run", "--json")
    assert json.loads(ended.out)["cases"] == 2


def test_without_a_source_or_with_one_that_is_not_there_nothing_is_done(run: Run, tmp_path: Path) -> None:
    assert run("report", "hjerneslag").code == 2
    gone = run("report", "hjerneslag", tmp_path / "gone")
    assert (gone.code, gone.word) == (2, f"registerbro: {tmp_path / 'gone'}: no such file or folder")


@pytest.mark.usefixtures("receiver")
def test_several_registries_are_reported_from_one_reading(run: Run, home: Path, journals: Path) -> None:
    write(journals / "heart.ndjson", heart("2"))
    alone = [json.loads(run("report", name, journals, "--json", "--dry-run").out) for name in ("hjerneslag", "noric")]
    tried = json.loads(run("report", "hjerneslag,noric", journals, "--json", "--dry-run").out)
    for one, together in zip(alone, tried, strict=True):
        assert together == one | {"skipped": together["skipped"]}
    ended = run("report", "hjerneslag,noric", journals, "--json", "--explain")
    assert (ended.code, ended.err) == (0, "")
    told = json.loads(ended.out)
    assert [(one["registry"], one["submitted"], len(one["records"])) for one in told] == [
        ("hjerneslag", 1, 1),
        ("noric", 1, 1),
    ]
    again = json.loads(run("report", "noric,hjerneslag", journals, "--json").out)
    assert [(one["registry"], one["submitted"]) for one in again] == [("noric", 0), ("hjerneslag", 0)]
    assert len(stored(home / "received.sqlite")) == 2


def test_what_cannot_be_read_is_told_once_for_all_registries(run: Run, journals: Path) -> None:
    path = write(journals / "b.ndjson", [b'{"resourceType":'])
    ended = run("report", "hjerneslag,noric", journals, "--dry-run")
    assert (ended.code, len(ended.err.splitlines())) == (3, 1)
    assert ended.err.startswith(f"{path}:1: ")


@pytest.mark.parametrize(
    ("names", "more", "cause"),
    [
        ("hjerneslag,norik", [], "there is no registry called 'norik'"),
        ("noric,noric", [], "each registry once"),
        ("hjerneslag,noric", ["--version", "1"], "--version is for one registry"),
    ],
)
def test_a_mistake_in_a_list_of_registries_reports_none(
    names: str, more: list[str], cause: str, run: Run, home: Path, journals: Path
) -> None:
    ended = run("report", names, journals, *more)
    assert ended.code == 2
    assert cause in ended.word
    assert not list(home.glob("*.sqlite"))
