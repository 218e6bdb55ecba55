"""Which files of which packages make a release: Snapshot, Full and Delta, several packages, files of any name."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from rf2_editing import INSENSITIVE, NORWAY, PRIMITIVE, VERSION, Edit
from small_release import IDS, LEFT_OUT, write_extract, write_release

from fixtures.snomed.make_release import sctid_of
from terminology.snomed import ids, problems
from terminology.snomed.export import export_release
from terminology.snomed.holding import held, is_free
from terminology.snomed.layouts import Field
from terminology.snomed.release import ImportRefused, ImportReport, Release, import_release, open_release

STROKE, TIA = 230690007, 266257000
ROOT = "138875005"
CONCEPT_HEADER = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId"


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """The example release in the folder `rf2`."""
    return Edit(tmp_path)


copied = pytest.mark.usefixtures("edit")


def _import(tmp_path: Path, *more: Path) -> tuple[ImportReport, Release]:
    report = import_release([tmp_path / "rf2", *more], tmp_path / "store", "edited")
    return report, open_release(tmp_path / "store" / "edited")


def _retype(tmp_path: Path, kind: str) -> None:
    for file in (tmp_path / "rf2").rglob("*.txt"):
        file.rename(file.with_name(file.name.replace("Snapshot", kind)))


def _concepts(path: Path, *rows: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}\r\n" for line in (CONCEPT_HEADER, *rows)).encode())
    return path


def _row(sctid: int, time: str, active: int) -> str:
    return f"{sctid}\t{time}\t{active}\t{NORWAY}\t{PRIMITIVE}"


@copied
@pytest.mark.parametrize("kind", ["Full", "Delta"])
def test_a_release_with_only_this_kind_of_file_is_like_its_snapshot(
    tmp_path: Path, release: Release, kind: str
) -> None:
    _retype(tmp_path, kind)
    report, found = _import(tmp_path)
    assert report.problems == report.kept_aside == ()
    assert found.info.content == release.info.content


def test_a_full_file_counts_by_its_newest_row_up_to_its_version(edit: Edit, tmp_path: Path) -> None:
    rows = edit.rows("Concept_")
    stroke = next(row for row in rows if row[0] == str(STROKE))
    tia = next(row for row in rows if row[0] == str(TIA))
    older, newer, later = ([stroke[0], time, "0", *stroke[3:]] for time in ("20010131", "20250101", "20260501"))
    edit.write("Concept_", [newer, *rows, older, later, [tia[0], "20030101", "0", *tia[3:]], tia])
    _retype(tmp_path, "Full")
    report, found = _import(tmp_path)
    assert [problem.text for problem in report.problems] == [f"{TIA}: the identifier comes twice"]
    assert not found.is_active(STROKE) and not found.is_active(TIA)
    assert found.concept_time[found.ids.searchsorted(STROKE)] == 20250101


@copied
def test_full_and_delta_beside_a_snapshot_are_not_read(tmp_path: Path, release: Release) -> None:
    names = [f"sct2_Concept_{kind}_NO1000202_{VERSION}.txt" for kind in ("Delta", "Full")]
    for name in names:
        _concepts(tmp_path / "rf2" / name, _row(STROKE, VERSION, 0), "broken")
    report, found = _import(tmp_path)
    assert report.kept_aside == tuple(names)
    assert report.problems == ()
    assert found.info.content == release.info.content


@copied
@pytest.mark.parametrize("kind", ["Full", "Delta"])
def test_a_later_file_is_laid_over_the_snapshot(tmp_path: Path, kind: str) -> None:
    later = _concepts(tmp_path / "more" / f"sct2_Concept_{kind}_NO1000202_20260501.txt", _row(STROKE, "20260501", 0))
    report, found = _import(tmp_path, later)
    assert (report.problems, report.kept_aside, report.version) == ((), (), "20260501")
    assert not found.is_active(STROKE)
    assert len(found.ids) == 318


@copied
def test_a_delta_is_laid_over_a_full_of_before(tmp_path: Path) -> None:
    _retype(tmp_path, "Full")
    same = _concepts(tmp_path / "same" / f"sct2_Concept_Delta_NO1000202_{VERSION}.txt", _row(TIA, VERSION, 0))
    later = _concepts(tmp_path / "more" / "sct2_Concept_Delta_NO1000202_20260501.txt", _row(STROKE, "20260501", 0))
    report, found = _import(tmp_path, same, later)
    assert report.kept_aside == (same.name,)
    assert (found.is_active(STROKE), found.is_active(TIA)) == (False, True)


@copied
def test_packages_in_folder_and_archive_make_one_release(tmp_path: Path, release: Release) -> None:
    """Language files go to a package of their own, which repeats the concepts: the same rows are no problem."""
    with zipfile.ZipFile(tmp_path / "extension.zip", "w") as packed:
        for file in [*(tmp_path / "rf2").rglob("*Language*.txt"), *(tmp_path / "rf2").rglob("*Concept_*")]:
            packed.write(file, f"package/{file.name}")
            if "Language" in file.name:
                file.unlink()
    report, found = _import(tmp_path, tmp_path / "extension.zip", tmp_path / "extension.zip")
    assert report.problems == report.kept_aside == ()
    assert found.info.content == release.info.content


def test_the_newest_row_of_a_member_counts(edit: Edit, tmp_path: Path) -> None:
    (row,) = (row for row in edit.rows("SimpleMapSnapshot") if row[5] == str(STROKE))
    path = tmp_path / "more" / "der2_sRefset_NorwegianSimpleMapSnapshot_NO1000202_20260415.txt"
    path.parent.mkdir()
    header = ["id", "effectiveTime", "active", "moduleId", "refsetId", "referencedComponentId", "mapTarget"]
    newer = [row[0].upper(), "20260416", "1", *row[3:6], "I63.9"]
    path.write_text("\n".join("\t".join(cells) for cells in (header, newer)) + "\n")
    report, found = _import(tmp_path, path)
    assert report.problems == ()
    assert [target.target for target in found.map_targets(int(row[4]), STROKE)] == ["I63.9"]


@copied
def test_an_extension_without_its_edition_is_refused_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "MOST_PROBLEMS", 10)
    (file,) = (tmp_path / "rf2").rglob("*Concept_*")
    file.write_bytes(b"\n".join(file.read_bytes().split(b"\n")[:20]))
    with pytest.raises(ImportRefused, match="together with the edition"):
        _import(tmp_path)


def test_a_release_without_concepts_is_refused(edit: Edit, tmp_path: Path) -> None:
    edit.write("Concept_", [])
    with pytest.raises(ImportRefused, match="no concepts"):
        _import(tmp_path)
    assert not (tmp_path / "store").exists()


@copied
def test_files_may_be_empty_but_for_their_header(tmp_path: Path) -> None:
    words = ("Relationship", "Description_Snapshot-nb", "LanguageSnapshot", "SimpleMapSnapshot", "ModuleDependency")
    for word in words:
        for file in (tmp_path / "rf2").rglob(f"*{word}*.txt"):
            file.write_bytes(file.read_bytes().split(b"\n")[0] + b"\n")
    report, release = _import(tmp_path)
    assert report.problems == ()
    assert (report.counts.is_a, report.counts.attributes, report.edition[-11:]) == (0, 0, "51000202101")
    assert release.descendants(int(ROOT)) == frozenset()
    assert release.preferred_term(STROKE) is None
    assert release.preferred_terms(release.ids.searchsorted([STROKE])) == ["Cerebrovascular accident (disorder)"]
    (file,) = (tmp_path / "rf2").rglob("*SimpleMapSnapshot*")
    file.write_bytes(b"")
    with pytest.raises(ImportRefused, match=r"SimpleMap.*:1: the header"):
        _import(tmp_path)


def test_the_same_row_twice_in_one_file_is_a_problem(edit: Edit, tmp_path: Path) -> None:
    for word in ("Relationship", "SimpleMapSnapshot"):
        edit.write(word, [*edit.rows(word), edit.rows(word)[0]])
    report, _ = _import(tmp_path)
    assert [(problem.line, problem.column) for problem in report.problems] == [(507, "id"), (19, "id")]


UNKNOWN = (Field("valueId", "id"), Field("étage", "int"), Field("a/b", "text"), Field("second", "int"))


def test_a_reference_set_of_a_type_that_nobody_has_seen(edit: Edit) -> None:
    refset = edit.concept(9900, "unheard of", ROOT)
    rows = [
        [refset, str(STROKE), str(TIA), "7", 'says "so"', "0"],
        [refset, str(STROKE), str(TIA), "3", "", "5"],
        [refset, refset, str(TIA), "1", "x", "2"],
    ]
    edit.file("der2_cisiRefset_NobodyKnows", "valueId étage a/b second", rows)
    release = edit.imported()
    (table,) = (table for table in release.member_tables if table.content == "NobodyKnows")
    assert table.fields == UNKNOWN
    mine = table.rows_for(int(refset), STROKE)
    assert [int(table.ints["étage"][row]) for row in mine] == [3, 7]
    assert [table.texts["a/b"][row] for row in mine] == ["", 'says "so"']
    assert [int(table.ints["valueId"][row]) for row in table.rows_of(int(refset))] == [TIA] * 3
    assert table.rows_of(STROKE) == table.rows_for(STROKE, STROKE) == range(0)
    assert [release.ids[table.ordinal[row]] for row in mine] == [STROKE, STROKE]
    assert table.uuid.rows(table.uuid[mine[1]]).tolist() == [mine[1]]
    assert release.members(int(refset)) == {STROKE, int(refset)}


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("der2_ciRefset_Some", "valueId"),
        ("der2_cRefset_Some", "valueId valueId2"),
        ("der2_cRefset_Some", "active"),
        ("der2_sRefset_NorwegianSimpleMap", "mapGoal"),
        ("sct2_Relationship", ""),
    ],
)
def test_a_header_that_does_not_go_with_the_name_refuses(edit: Edit, tmp_path: Path, name: str, header: str) -> None:
    edit.file(name, header, [])
    with pytest.raises(ImportRefused, match=r":1: the header"):
        _import(tmp_path)


def test_every_kind_of_component_file_is_kept(edit: Edit, tmp_path: Path) -> None:
    strength, scheme = edit.concept(9901, "strength", "762705008"), edit.concept(9902, "LOINC code system", ROOT)
    edit.concept(str(ids.DEFINITION), "Definition", ROOT)
    state, tail = ["20260415", "1", NORWAY], ["1", strength, str(ids.INFERRED), "900000000000451002"]
    values = [[sctid_of(item, "12"), *state, str(STROKE), value, *tail] for item, value in _VALUES]
    _file(tmp_path, "sct2_RelationshipConcreteValues", "value".join(_RELATIONSHIP), values)
    stated = [[sctid_of(95000, "12"), *state, str(STROKE), ROOT, "0", str(ids.IS_A), "900000000000010007", tail[3]]]
    _file(tmp_path, "sct2_StatedRelationship", "destinationId".join(_RELATIONSHIP), stated)
    text = [[sctid_of(95001, "11"), *state, str(STROKE), "en", str(ids.DEFINITION), "What it is.", INSENSITIVE]]
    _file(tmp_path, "sct2_TextDefinition", _TEXTS, text)
    named = [["8480-6", *state, scheme, str(STROKE)], ["8481-4", "20260415", "0", NORWAY, scheme, str(TIA)]]
    _file(tmp_path, "sct2_Identifier", _IDENTIFIER, named)
    report, release = _import(tmp_path)
    assert (report.problems, report.kept_aside) == ((), ())
    assert release.descriptions(STROKE)[-1].type == "definition"
    assert release.alternate_id(int(scheme), "8480-6") == STROKE
    assert [release.alternate_id(int(scheme), code) for code in ("8481-4", "", "9")] == [None] * 3
    assert release.alternate_id(STROKE, "8480-6") is None
    assert _concrete(release) == [(2.5, None, -1), (None, "tablet", -1), (None, None, 0), (None, None, 1)]
    assert ROOT not in map(str, release.parents(STROKE))
    exported = {file.name.split("_")[1] for file in export_release(release, tmp_path / "out") if "sct2" in file.name}
    assert exported == {
        "Concept", "Description", "TextDefinition", "Relationship", "StatedRelationship",
        "RelationshipConcreteValues", "Identifier",
    }  # fmt: skip


_VALUES = ((95010, "#2.5"), (95011, '"tablet"'), (95012, "true"), (95013, "false"))
_RELATIONSHIP = (
    "id effectiveTime active moduleId sourceId ",
    " relationshipGroup typeId characteristicTypeId modifierId",
)
_TEXTS = "id effectiveTime active moduleId conceptId languageCode typeId term caseSignificanceId"
_IDENTIFIER = "alternateIdentifier effectiveTime active moduleId identifierSchemeId referencedComponentId"


def _file(tmp_path: Path, name: str, header: str, rows: list[list[str]]) -> None:
    path = tmp_path / "rf2" / "Snapshot" / f"{name}_Snapshot_NO1000202_{VERSION}.txt"
    path.write_bytes("".join("\t".join(row) + "\r\n" for row in (header.split(), *rows)).encode())


def _concrete(release: Release) -> list[tuple[float | None, str | None, int]]:
    rows, source = release.attribute_rows, release.ids.searchsorted(STROKE)
    mine = [row for row in range(rows.starts[source], rows.starts[source + 1]) if rows.target[row] < 0]
    assert all(rows.source[row] == source for row in mine)
    assert len({int(rows.role[row]) for row in mine}) == 1
    found = [
        (
            None if rows.number[row] != rows.number[row] else float(rows.number[row]),
            None if rows.text[row] < 0 else release.concrete_texts[rows.text[row]],
            int(rows.truth[row]),
        )
        for row in mine
    ]
    return sorted(found, key=lambda value: (value[0] is None, value[1] is None, value[2]))


def test_the_identifier_file_of_before_2023_is_read_too(edit: Edit, tmp_path: Path) -> None:
    scheme = edit.concept(9902, "scheme", ROOT)
    header = "identifierSchemeId alternateIdentifier effectiveTime active moduleId referencedComponentId"
    rows = [[scheme, code, time, active, NORWAY, str(STROKE)] for code, time, active in _OLD]
    _file(tmp_path, "sct2_Identifier", header, rows)
    report, release = _import(tmp_path)
    assert [(problem.line, problem.column) for problem in report.problems] == [(4, "id")]
    assert [release.alternate_id(int(scheme), code) for code in ("a", "b", "B")] == [STROKE, STROKE, None]


_OLD = (("b", "20200101", "0"), ("a", "20200101", "1"), ("a", "20200101", "0"), ("b", "20210101", "1"))


def test_an_extract_without_most_of_the_metadata_is_imported_whole(tmp_path: Path) -> None:
    report = import_release([write_extract(tmp_path / "rf2")], tmp_path / "store", "extract")
    whole = import_release([write_release(tmp_path / "all")], tmp_path / "store", "whole")
    assert report.problems == ()
    assert report.counts.concepts == whole.counts.concepts - len(LEFT_OUT)
    assert report.counts.descriptions == whole.counts.descriptions
    release, other = (open_release(tmp_path / "store" / name) for name in ("extract", "whole"))
    carditis, problems_ = IDS["carditis"], IDS["problems"]
    assert release.preferred_term(carditis, ("nb",)) == "hjertebetennelse"
    assert release.fsn(carditis) == "Carditis (disorder)"
    assert release.descriptions(carditis) == other.descriptions(carditis)
    assert release.parents(carditis) == other.parents(carditis)
    assert release.members(problems_) == other.members(problems_) != frozenset()
    assert release.history(IDS["old_cold"]) == other.history(IDS["old_cold"])


def test_a_type_of_relationship_that_is_not_there_is_a_problem_unless_it_is_is_a(tmp_path: Path) -> None:
    folder = write_release(tmp_path / "rf2")
    (concepts,) = folder.rglob("sct2_Concept_*")
    site = str(IDS["site"])
    rows = concepts.read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not row.startswith((site, str(ids.IS_A)))]
    concepts.write_text("\r\n".join([*kept, ""]), encoding="utf-8", newline="")
    report = import_release([folder], tmp_path / "store", "siteless")
    assert {problem.column for problem in report.problems} == {"typeId", "sourceId"}
    assert report.counts.is_a > 0


@copied
def test_what_killed_imports_left_is_cleaned_away_and_what_is_at_work_is_not(tmp_path: Path) -> None:
    store = tmp_path / "store"
    left, at_work = store / ".importing-left", store / ".importing-at-work"
    for folder in (left, at_work):
        folder.mkdir(parents=True)
        (folder / "concept.npy").write_bytes(b"half")
    with held(at_work):
        _import(tmp_path)
    assert sorted(path.name for path in store.iterdir()) == [at_work.name, "edited"]
    assert is_free(at_work)


_HOLDS = """
import sys, pathlib
from terminology.snomed.holding import held
with held(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert not is_free(tmp_path)
        process.kill()
    assert is_free(tmp_path)


@copied
def test_a_damaged_archive_leaves_no_trace(tmp_path: Path) -> None:
    packed = Path(shutil.make_archive(str(tmp_path / "release"), "zip", tmp_path / "rf2"))
    sound = packed.read_bytes()
    for place in range(len(sound) // 4, len(sound) // 2, len(sound) // 20):
        packed.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :])
        with pytest.raises(zipfile.BadZipFile):
            import_release([packed], tmp_path / "store")
    assert not (tmp_path / "store").exists()
