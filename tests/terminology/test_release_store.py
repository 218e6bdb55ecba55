"""A store through changes of the program: releases in another format give way, other things do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from terminology.snomed.info import FILE, OtherFormat
from terminology.snomed.problems import ImportRefused
from terminology.snomed.release import import_release, list_releases, open_release


def _of_the_past(store: Path, name: str) -> Path:
    folder = store / name
    folder.mkdir(parents=True)
    (folder / FILE).write_text(json.dumps({"format": 1, "name": name}), encoding="utf-8")
    return folder


def test_a_release_in_another_format_is_not_listed_and_says_what_to_do(tmp_path: Path) -> None:
    folder = _of_the_past(tmp_path, "old")
    assert list_releases(tmp_path) == ()
    with pytest.raises(OtherFormat, match="old was written in another format: import it again"):
        open_release(folder)


def test_importing_again_takes_its_place(example: Path, tmp_path: Path) -> None:
    _of_the_past(tmp_path, "old")
    report = import_release([example], tmp_path, name="old")
    assert (report.new, [info.name for info in list_releases(tmp_path)]) == (True, ["old"])
    assert import_release([example], tmp_path, name="old").new is False


def test_what_is_no_release_is_left_alone(example: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "classification.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ImportRefused, match="mine is there already"):
        import_release([example], tmp_path, name="mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["classification.json"]
