"""`replay` and `compare`, over a synthetic hospital."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import registries
from fixtures.synth.generate import generate
from tests.cli.conftest import Run

SHIPPED = Path(registries.__file__).parent / "definitions" / "hjerneslag" / "hjerneslag.yaml"


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hospital")
    generate(folder, 60, 5)
    return folder


def test_a_draft_that_changes_nothing_changes_nothing(run: Run, hospital: Path) -> None:
    told = json.loads(run("replay", "hjerneslag", "--version", SHIPPED, "--source", hospital, "--json").out)
    assert told["cases"] > 5
    assert all(
        set(one["counts"]) == {"same", "appears", "vanishes", "changes", "tier", "reason"} for one in told["variables"]
    )
    assert sum(n for one in told["variables"] for change, n in one["counts"].items() if change != "same") == 0


def test_a_draft_shows_what_appears_and_vanishes_before_anyone_relies_on_it(
    run: Run, hospital: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.yaml"
    written = SHIPPED.read_text(encoding="utf-8").replace("codes: diabetes,", "codes: hypertension,")
    draft.write_text(written.replace("version: 1\n", "version: 2\n", 1), encoding="utf-8")
    ended = run("replay", "hjerneslag", "--version", draft, "--source", hospital)
    assert ended.code == 0
    assert "hjerneslag@2+" in ended.out.splitlines()[0]
    assert "PreDiabetes  " in ended.out
    assert "changes: 2 → 1" in ended.out


def test_a_draft_of_another_registry_is_refused(run: Run, hospital: Path) -> None:
    noric = SHIPPED.parent.parent / "noric" / "noric.yaml"
    ended = run("replay", "hjerneslag", "--version", noric, "--source", hospital)
    assert (ended.code, "is a definition of noric" in ended.err) == (2, True)


def test_rules_and_people_are_compared(run: Run, hospital: Path, tmp_path: Path) -> None:
    asked = ("compare", "hjerneslag", "--manual", hospital / "truth.csv", "--source", hospital)
    board = tmp_path / "board.html"
    told = json.loads(run(*asked, "--json", "--html", board).out)
    diabetes = next(one for one in told["variables"] if one["variable"] == "PreDiabetes")
    assert (diabetes["coverage"], diabetes["exact"], diabetes["sensitivity"]) == (1.0, 1.0, 1.0)
    assert (told["only_ours"], told["only_theirs"]) == ([], [])
    assert sum(month["automatic"] for month in told["saved"]) > 100
    page = board.read_text(encoding="utf-8")
    assert "PreDiabetes" in page
    assert "Patient/" not in page
    assert "<svg" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "PreDiabetes" in run(*asked).out


def test_a_file_of_registrations_that_is_none_is_named(run: Run, hospital: Path) -> None:
    ended = run("compare", "hjerneslag", "--manual", SHIPPED, "--source", hospital)
    assert (ended.code, "is missing" in ended.err or "columns" in ended.err) == (2, True)
