"""A release that is exported and imported again is the same release."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from rf2_strategies import RawRelease, releases, write

from terminology.snomed import export
from terminology.snomed.export import export_release
from terminology.snomed.release import Release, import_release, open_release


def _lines(folder: Path) -> set[bytes]:
    return {line for file in folder.rglob("*.txt") for line in file.read_bytes().split(b"\r\n")}


def _rows(folder: Path) -> set[bytes]:
    return {line for line in _lines(folder) if not line.startswith(b"id\t")}


def test_the_example_is_exported_line_for_line(release: Release, example: Path, tmp_path: Path) -> None:
    files = export_release(release, tmp_path)
    assert {file for file in tmp_path.rglob("*") if file.is_file()} == set(files)
    assert _lines(tmp_path) == _lines(example)
    assert sum(file.read_bytes().count(b"\n") for file in files) < sum(
        file.read_bytes().count(b"\n") for file in example.rglob("*.txt")
    ), "the languages lie in one file each"


def test_files_that_are_there_are_not_written_over(release: Release, tmp_path: Path) -> None:
    export_release(release, tmp_path)
    with pytest.raises(FileExistsError):
        export_release(release, tmp_path)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=releases())
def test_import_of_an_export_is_the_identity(raw: RawRelease) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "_ROWS", 7)
        folder = Path(name)
        report = import_release([write(raw, folder / "rf2")], folder / "store", "first")
        first = open_release(folder / "store" / "first")
        export_release(first, folder / "exported")
        again = import_release([folder / "exported"], folder / "store", "second")
        assert (again.problems, again.kept_aside, again.counts) == ((), (), report.counts)
        second = open_release(folder / "store" / "second")
        assert (second.info.content, second.info.tables) == (first.info.content, first.info.tables)
        assert _rows(folder / "exported") == _rows(folder / "rf2")
