"""An import completes with a report of what it left out, or leaves no trace."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.snomed.make_release import sctid_of
from terminology.snomed import problems
from terminology.snomed.release import ImportRefused, ImportReport, Problem, import_release, list_releases

Edited = Callable[[str, Callable[[bytes], bytes]], Path]
Imported = tuple[Path, ImportReport]


def test_the_example_is_imported_whole(imported: Imported) -> None:
    _, report = imported
    assert report.problems == ()
    assert report.kept_aside == ()
    assert (report.edition, report.version) == ("http://snomed.info/sct/51000202101", "20260415")
    assert report.counts.concepts - report.counts.active_concepts == 7
    assert report.counts.map_rows == 26


def test_a_release_is_listed_with_what_its_report_says(imported: Imported) -> None:
    store, report = imported
    (info,) = list_releases(store)
    assert (info.name, info.counts) == (report.name, report.counts)
    assert info.uri == "http://snomed.info/sct/51000202101/version/20260415"


def test_a_store_that_is_not_there_lists_nothing(tmp_path: Path) -> None:
    assert list_releases(tmp_path / "none") == ()


def test_importing_again_changes_nothing(example: Path, imported: Imported) -> None:
    store, report = imported
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
    again = import_release([example], store)
    assert not again.new
    assert replace(again, new=True, seconds=report.seconds) == report
    assert {path: path.stat().st_mtime_ns for path in store.rglob("*")} == before


def test_other_content_does_not_take_a_name(edited: Edited, imported: Imported) -> None:
    store, report = imported
    changed = edited("SimpleMapSnapshot", lambda content: content.replace(b"I21.9", b"I21.8"))
    with pytest.raises(ImportRefused, match="choose another name"):
        import_release([changed], store, report.name)
    assert len(list(store.iterdir())) == 1


def test_names_stay_inside_the_store(example: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a release name"):
        import_release([example], tmp_path, "../elsewhere")


def test_progress_is_told(example: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    import_release([example], tmp_path, on_progress=lambda name, rows: told.append((name, rows)))
    assert ("sct2_Concept_Snapshot_NO1000202_20260415.txt", 318) in told


def _line(number: int, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    def edit(content: bytes) -> bytes:
        lines = content.split(b"\r\n")
        lines[number - 1] = b"\t".join(change(lines[number - 1].split(b"\t")))
        return b"\r\n".join(lines)

    return edit


def _cell(column: int, value: bytes) -> Callable[[list[bytes]], list[bytes]]:
    return lambda row: [*row[:column], value, *row[column + 1 :]]


BROKEN_ROWS = [
    pytest.param("Relationship", 5, lambda row: row[:-1], "row", id="column count"),
    pytest.param("Relationship", 6, _cell(0, b"200011000202123"), "id", id="check digit"),
    pytest.param("Relationship", 7, _cell(0, b"22298006"), "id", id="a concept where a relationship belongs"),
    pytest.param("Relationship", 8, _cell(5, b"128045006"), "destinationId", id="dangling concept"),
    pytest.param("Relationship", 9, _cell(1, b"20260230"), "effectiveTime", id="no such day"),
    pytest.param("Relationship", 10, _cell(1, b"2026041"), "effectiveTime", id="seven digits"),
    pytest.param("Relationship", 11, _cell(2, b"2"), "active", id="active"),
    pytest.param("Relationship", 12, _cell(6, b"one"), "relationshipGroup", id="group"),
    pytest.param("SimpleMapSnapshot", 3, _cell(0, b"no-uuid"), "id", id="uuid"),
    pytest.param("SimpleMapSnapshot", 4, _cell(6, b"I63\xe6"), "mapTarget", id="not UTF-8"),
    pytest.param("LanguageSnapshot-nn", 5, _cell(5, b"670169018"), "referencedComponentId", id="dangling description"),
]


@pytest.mark.parametrize(("file", "line", "change", "column"), BROKEN_ROWS)
def test_a_broken_row_is_one_problem_and_the_rest_is_imported(
    edited: Edited,
    imported: Imported,
    tmp_path: Path,
    file: str,
    line: int,
    change: Callable[[list[bytes]], list[bytes]],
    column: str,
) -> None:
    report = import_release([edited(file, _line(line, change))], tmp_path / "store")
    (problem,) = report.problems
    assert (file in problem.file, problem.line, problem.column) == (True, line, column)
    assert str(problem).startswith(f"{problem.file}:{line}: {column}: ")
    before, after = imported[1].counts, report.counts
    assert (after.concepts, after.descriptions) == (before.concepts, before.descriptions)
    rows = [counts.is_a + counts.attributes + counts.map_rows for counts in (before, after)]
    assert rows[0] - rows[1] == (0 if file.startswith("Language") else 1)


def test_a_truncated_last_line_is_one_problem(edited: Edited, tmp_path: Path) -> None:
    report = import_release([edited("Relationship", lambda content: content[:-90])], tmp_path / "store")
    (problem,) = report.problems
    assert (problem.line, problem.column) == (506, "row")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda content: b"\xef\xbb\xbf" + content, id="byte order mark"),
        pytest.param(lambda content: content.replace(b"\r\n", b"\n"), id="LF"),
        pytest.param(lambda content: content.removesuffix(b"\r\n"), id="no last line end"),
        pytest.param(lambda content: content + b"\r\n", id="empty last line"),
    ],
)
def test_ways_to_write_the_same_file(
    edited: Edited, imported: Imported, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    store = tmp_path / "store"
    for file in ("Concept_", "Description_Snapshot-nb", "Relationship", "ExtendedMap"):
        folder = edited(file, change)
    assert import_release([folder], store).problems == ()
    assert list_releases(store)[0].content == list_releases(imported[0])[0].content


def test_quotes_are_plain_characters(edited: Edited, tmp_path: Path) -> None:
    changed = edited("Description_Snapshot-nb", lambda content: content.replace(b"\thjerneslag\t", b'\t"hjerneslag\t'))
    assert import_release([changed], tmp_path / "store").problems == ()


def test_a_zip_archive_is_read_like_its_folder(example: Path, imported: Imported, tmp_path: Path) -> None:
    archive = tmp_path / "release.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in example.rglob("*.txt"):
            packed.write(file, file.relative_to(example.parent).as_posix())
    import_release([archive], tmp_path / "store")
    assert list_releases(tmp_path / "store")[0].content == list_releases(imported[0])[0].content


def test_what_is_not_read_is_kept_aside_by_name(edited: Edited, tmp_path: Path) -> None:
    folder = edited("Relationship", lambda content: content)
    covered = "sct2_Concept_Full_NO1000202_20260415.txt"
    names = (covered, "Readme_en_20260415.txt", "der2_xRefset_SimpleSnapshot_INT_20260415.txt", "release.json")
    for name in names:
        (folder / name).write_text("anything\n")
    report = import_release([folder], tmp_path / "store")
    assert report.kept_aside == tuple(sorted(names))
    assert report.problems == ()


def _extra_concept(folder: Path, time: str) -> None:
    row = f"25064002\t{time}\t0\t900000000000207008\t900000000000074008\r\n"
    header = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r\n"
    (folder / "sct2_Concept_Snapshot_XX_20260501.txt").write_text(header + row, newline="")


def test_the_newest_row_of_a_component_counts(edited: Edited, imported: Imported, tmp_path: Path) -> None:
    folder = edited("Relationship", lambda content: content)
    _extra_concept(folder, "20260501")
    report = import_release([folder], tmp_path / "store")
    assert (report.problems, report.version) == ((), "20260501")
    assert report.counts.active_concepts == imported[1].counts.active_concepts - 1


def test_an_identifier_that_comes_twice_is_a_problem(edited: Edited, imported: Imported, tmp_path: Path) -> None:
    folder = edited("Relationship", lambda content: content)
    _extra_concept(folder, "20020131")
    report = import_release([folder], tmp_path / "store")
    assert [problem.text for problem in report.problems] == ["25064002: the identifier comes twice"]
    assert report.counts.concepts == imported[1].counts.concepts


@pytest.mark.parametrize("word", ["sct2_Concept", "sct2_Relationship", "Description"])
def test_a_missing_file_leaves_no_trace(edited: Edited, tmp_path: Path, word: str) -> None:
    folder = edited("Relationship", lambda content: content)
    for file in folder.rglob(f"*{word}_*"):
        file.unlink()
    with pytest.raises(ImportRefused, match=word):
        import_release([folder], tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_wrong_header_leaves_no_trace(edited: Edited, tmp_path: Path) -> None:
    folder = edited("ExtendedMap", lambda content: content.replace(b"mapRule", b"rule"))
    with pytest.raises(ImportRefused, match=r"ExtendedMap.*:1: the header"):
        import_release([folder], tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_cycle_of_is_a_is_refused(edited: Edited, tmp_path: Path) -> None:
    cells = (sctid_of(90001, "12"), "20260415", "1", "51000202101", "64572001", "230690007", "0", "116680003")
    row = "\t".join((*cells, "900000000000011006", "900000000000451002\r\n")).encode()
    with pytest.raises(ImportRefused, match="cycle"):
        import_release([edited("Relationship", lambda content: content + row)], tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_an_import_that_cannot_be_written_leaves_no_trace(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Path, _target: Path) -> Path:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="no space"):
        import_release([example], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_too_many_broken_rows_are_a_broken_release(
    edited: Edited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "MOST_PROBLEMS", 10)
    folder = edited("Relationship", lambda content: content.replace(b"\t20260415\t", b"\tsoon\t"))
    with pytest.raises(ImportRefused, match="more than 10 broken rows"):
        import_release([folder], tmp_path / "store")


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        import_release([tmp_path / "nowhere"], tmp_path)


def test_a_single_file_can_be_named(example: Path, tmp_path: Path) -> None:
    flat = [shutil.copy(file, tmp_path) for file in example.rglob("*.txt")]
    report = import_release([Path(file) for file in flat], tmp_path / "store")
    assert report.problems == report.kept_aside == ()


def test_problems_read_as_places() -> None:
    assert str(Problem("a.txt", 7, "active", "not 0 or 1")) == "a.txt:7: active: not 0 or 1"
