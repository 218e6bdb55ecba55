"""`npr`."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from lxml import etree

from tests.cli.conftest import Run
from tests.npr.test_scenario import HERE, JOURNAL

ARGS = ("npr", "--source", JOURNAL, "--setup", HERE / "setup.yaml", "--from", "2025-01-01", "--to", "2025-04-30")


def test_the_report_is_written_as_files_of_their_own(run: Run, tmp_path: Path) -> None:
    ended = run(*ARGS, "--out", tmp_path / "out", "--number", 5, "--map", "extended", "--json")
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    assert told["files"] == ["ord-5.xml", "ide-6.xml"]
    assert (told["patients"], told["episodes"], told["held"]) == (2, 3, 3)
    files = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in files] == ["ide-6.xml", "ord-5.xml"]
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        melding = etree.parse(str(path)).find(".//{*}Melding")
        assert melding is not None
        assert melding.get("lopenr") == path.stem[-1]


def test_people_read_what_was_found_in_both_languages(run: Run, tmp_path: Path) -> None:
    ended = run(*ARGS, "--out", tmp_path)
    assert "2 patients, 3 episodes in ord-1.xml, ide-2.xml; 3 held" in ended.out
    assert "Henvisningen er ikke funnet" in ended.out
    assert "No referral was found" in ended.out


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("--setup", "missing.yaml"), "missing.yaml: cannot be read"),
        (("--map", "nothing"), "'nothing' names 0 maps"),
        (("--release", "nothing"), "there is no release called 'nothing'"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(run: Run, tmp_path: Path, args: tuple[str, ...], word: str) -> None:
    ended = run(*ARGS, "--out", tmp_path, *args)
    assert ended.code == 2
    assert word in ended.word


def test_what_cannot_be_read_is_told_with_its_place(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "more.ndjson"
    broken.write_text('{"resourceType":"EpisodeOfCare","id":"x","period":{"start":"2025-99-99"}}\n', encoding="utf-8")
    ended = run(*ARGS, "--source", broken, "--out", tmp_path)
    assert ended.code == 3
    assert f"{broken}:1: EpisodeOfCare: a date or time that cannot be read" in ended.err
