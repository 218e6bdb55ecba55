"""Each value of a row is what its column says, written in the one way RF2 has, or the row is a problem."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rf2_editing import NORWAY, SOME, Edit

from terminology.snomed import blocks
from terminology.snomed.export import export_release
from terminology.snomed.files import find
from terminology.snomed.layouts import RELATIONSHIPS
from terminology.snomed.places import Places
from terminology.snomed.problems import Problem
from terminology.snomed.release import ImportRefused, import_release, open_release
from terminology.snomed.rows import Table, read_table
from terminology.snomed.sctid import Ints
from terminology.snomed.uuids import Uuids, parsed, written
from terminology.snomed.values import Value, value_of

STROKE = "230690007"
NUMBERS = st.integers(0, 10**19).map(str) | st.sampled_from(
    ["", "00", "012", "x", "-1", "+1", " 1", "1 ", "1 2", "٣", "1.0", "1e3", "1\x00", "0x1", "9" * 400]
)


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    return Edit(tmp_path)


def _problems(tmp_path: Path) -> Iterator[tuple[str, int, str]]:
    for problem in import_release([tmp_path / "rf2"], tmp_path / "store", "edited").problems:
        yield problem.column, problem.line, problem.text


def _read(groups: list[str]) -> tuple[Table, list[Problem]]:
    """A relationship file with these groups, read."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sct2_Relationship_Snapshot_INT_20260101.txt"
        state = f"1\t20260101\t1\t2\t3\t4\t{{}}\t5\t6\t{SOME}"
        lines = ["\t".join(RELATIONSHIPS.header), *(state.format(group) for group in groups)]
        path.write_text("\n".join(lines) + "\n", "utf-8", newline="")
        (file,) = find([path]).files
        return read_table([(file, RELATIONSHIPS)], {file: 0}, lambda *_: None)


@given(st.lists(NUMBERS, min_size=1))
def test_texts_are_numbers_only_in_their_plain_form(values: list[str]) -> None:
    plain = [
        value.isascii() and value.isdigit() and str(int(value)) == value and int(value) < 2**63 for value in values
    ]
    table, problems = _read(values)
    assert table["relationshipGroup"].tolist() == [int(v) for v, good in zip(values, plain, strict=True) if good]
    assert [problem.line for problem in problems] == [line for line, good in enumerate(plain, 2) if not good]
    assert {problem.column for problem in problems} <= {"relationshipGroup"}


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        (0, "200011000202129999999999999", "id"),
        (1, "20260001", "effectiveTime"),
        (1, "00000000", "effectiveTime"),
        (1, "9" * 30, "effectiveTime"),
        (2, "", "active"),
        (2, "true", "active"),
        (3, "51000202102", "moduleId"),
        (4, STROKE[:-1] + "8", "sourceId"),
        (5, "１２３", "destinationId"),
        (6, "-1", "relationshipGroup"),
        (6, "00", "relationshipGroup"),
        (2, "01", "active"),
        (9, "", "modifierId"),
    ],
)
def test_a_broken_value_is_one_problem(edit: Edit, tmp_path: Path, column: int, value: str, named: str) -> None:
    rows = edit.rows("Relationship")
    rows[3][column] = value
    edit.write("Relationship", rows)
    ((where, line, text),) = _problems(tmp_path)
    assert (where, line) == (named, 5)
    assert text.startswith("not ") or text.endswith("no such component in the release")


def test_a_row_that_is_not_published_yet_is_newer_than_all_others(edit: Edit, tmp_path: Path) -> None:
    edit.file("der2_Refset_Other", "", [])
    path = tmp_path / "rf2" / "sct2_Concept_Delta_XX_20260501.txt"
    path.write_text(f"id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n{STROKE}\t\t0\t{NORWAY}\t{SOME}\n")
    release = edit.imported()
    assert not release.is_active(int(STROKE))
    assert release.concept_time[release.ids.searchsorted(int(STROKE))] == 0
    export_release(release, tmp_path / "out")
    assert f"\n{STROKE}\t\t0\t".encode() in next(tmp_path.rglob("out/**/*Concept_*")).read_bytes()


@pytest.mark.parametrize(
    "term", ["a\x00b", '"quoted', "\ufffd", "\u2028", " spaced ", "\ufeffmark", "x" * 10_000_000, "\U0001f9e0\x0b"]
)
def test_any_text_comes_back_as_it_was(edit: Edit, term: str) -> None:
    sctid = edit.describe(STROKE, "nb", "900000000000013009", term, "61000202103")
    (found,) = (one for one in edit.imported().descriptions(int(STROKE)) if one.id == int(sctid))
    assert found.term == term


def test_a_text_that_is_not_utf_8_is_left_out_and_others_stay(edit: Edit, tmp_path: Path) -> None:
    for term in ("first", "SECOND", "\ufffd third"):
        edit.describe(STROKE, "nb", "900000000000013009", term, "61000202103")
    (file,) = tmp_path.rglob("*Description_Snapshot-nb*")
    file.write_bytes(file.read_bytes().replace(b"SECOND", b"sec\xf8nd"))
    report = import_release([tmp_path / "rf2"], tmp_path / "store", "edited")
    assert [(problem.column, problem.text) for problem in report.problems] == [
        ("term", "not a text"),
        ("referencedComponentId", "700041000202118: no such component in the release"),
    ]
    terms = {one.term for one in open_release(tmp_path / "store" / "edited").descriptions(int(STROKE))}
    assert {"first", "\ufffd third"} <= terms


def test_a_row_too_long_to_be_read_refuses_the_release(
    edit: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit.describe(STROKE, "nb", "900000000000013009", "x" * 300_000, "61000202103")
    monkeypatch.setattr(blocks, "SIZE", 1000)
    monkeypatch.setattr(blocks, "LONGEST", 100_000)
    with pytest.raises(ImportRefused, match=r"Description_Snapshot-nb.* too long"):
        import_release([tmp_path / "rf2"], tmp_path / "store", "edited")
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("written_", "value"),
    [
        ("#10", Value(number=10)),
        ("#-0.25", Value(number=-0.25)),
        ("3", Value(number=3)),
        ('"a \\"b\\""', Value(text='a "b"')),
        ('""', Value(text="")),
        ("true", Value(truth=True)),
        ("#FALSE", Value(truth=False)),
        ("#", None),
        ("#1.", None),
        ("#1e3", None),
        ("#NaN", None),
        ("text", None),
        ('"open', None),
        ("", None),
        ("#٣", None),
    ],
)
def test_concrete_values(written_: str, value: Value | None) -> None:
    assert value_of(written_) == value


@given(st.lists(st.uuids(), min_size=1), st.booleans())
def test_uuids_are_read_and_written(uuids: list[object], upper: bool) -> None:
    texts = [str(one).upper() if upper else str(one) for one in uuids]
    halves, fine = parsed(np.frombuffer("".join(texts).encode(), dtype=np.uint8).reshape(-1, 36))
    assert fine.all()
    assert written(halves) == [str(one) for one in uuids]
    found = Uuids(halves)
    assert found[0] == str(uuids[0])
    assert 0 in found.rows(texts[0]).tolist()


@pytest.mark.parametrize("text", ["", "x", "0" * 36, "g" * 8 + "-0000-0000-0000-000000000000", "0" * 37])
def test_what_is_no_uuid_is_found_nowhere(text: str) -> None:
    assert len(Uuids(np.zeros((3, 2), dtype=np.uint64)).rows(text)) == 0


@given(st.sets(st.integers(1, 2**63 - 1)), st.lists(st.integers(1, 2**63 - 1)))
def test_places_are_those_of_a_dictionary(ids: set[int], others: list[int]) -> None:
    listed = sorted(ids)
    where = {one: place for place, one in enumerate(listed)}
    wanted = [*listed, *others, *listed[::-1]]
    assert _places(listed).of(np.array(wanted, dtype=np.int64)).tolist() == [where.get(one, -1) for one in wanted]


def test_places_of_identifiers_that_fall_together() -> None:
    """Multiples of a power of two, and neighbours: what a poor hash would put in one slot."""
    ids = [*range(1, 3000), *(one << 32 for one in range(1, 3000))]
    assert _places(ids).of(np.array([*ids, 5 << 50])).tolist() == [*range(len(ids)), -1]


def _places(ids: list[int]) -> Places:
    values: Ints = np.array(ids, dtype=np.int64)
    return Places(values)
