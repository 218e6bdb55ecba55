"""The large synthetic release in small: it imports without a problem, is repeatable, and has the shape it promises."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from fixtures.snomed import large
from fixtures.snomed.large_ids import sctids
from fixtures.snomed.make_release import sctid_of
from terminology.snomed.ecl import evaluate
from terminology.snomed.release import ImportReport, Release, import_release, open_release

_CONCEPTS = 2_000


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return large.write_release(tmp_path_factory.mktemp("large"), _CONCEPTS, seed=7)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def report(written: Path, store: Path) -> ImportReport:
    return import_release([written], store)


@pytest.fixture(scope="module")
def opened(report: ImportReport, store: Path) -> Release:
    return open_release(store / report.name)


def _files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.txt")}


def _rows(folder: Path, word: str) -> list[list[str]]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob(f"*{word}*.txt"))]
    return [line.split("\t") for text in texts for line in text.split("\n")[1:] if line]


def test_it_imports_without_a_problem(report: ImportReport) -> None:
    assert report.problems == ()
    assert report.edition == "http://snomed.info/sct/51000202101"
    assert report.counts.concepts == _CONCEPTS


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(written: Path, tmp_path: Path) -> None:
    assert _files(large.write_release(tmp_path / "same", _CONCEPTS, seed=7)) == _files(written)
    other = _files(large.write_release(tmp_path / "other", _CONCEPTS, seed=8))
    assert other.keys() == _files(written).keys()
    assert other != _files(written)


@pytest.mark.parametrize(
    ("word", "each"),
    [
        ("Concept_Snap", 1.0),
        ("Description", 3.0),
        ("sct2_Relationship_", 5.4),
        ("Language", 6.0),
        ("RelationshipConcrete", 0.02),
        ("_Refset_Simple", 0.02),
        ("ExtendedMap", 0.1),
        ("OWL", 0.01),
    ],
)
def test_rows_are_in_proportion_to_the_concepts(written: Path, word: str, each: float) -> None:
    assert len(_rows(written, word)) == pytest.approx(each * _CONCEPTS, rel=0.05)


def test_the_broad_branch_holds_a_quarter_of_all_concepts(opened: Release) -> None:
    assert len(opened.descendants(large.BROAD)) == pytest.approx(_CONCEPTS / 4, rel=0.05)
    refinement = f"<< {large.BROAD} : {large.SITE_TYPE} = << {large.SITE_TOP}"
    assert len(evaluate(opened, refinement)) > _CONCEPTS / 10


def test_the_hierarchy_has_several_parents_and_is_deep(opened: Release) -> None:
    parents = np.diff(opened.parent_rows.starts)[opened.active]
    assert 1.3 < parents.mean() < 1.7
    ancestors = [len(opened.ancestors(int(sctid))) for sctid in opened.ids[opened.active]]
    assert max(ancestors) >= 10


def test_inactive_concepts_have_a_history_and_no_place_in_the_hierarchy(opened: Release) -> None:
    gone = [int(sctid) for sctid in opened.ids[~opened.active]]
    assert len(gone) > _CONCEPTS / 10
    assert not any(opened.parents(sctid) for sctid in gone)
    # One member row in twenty is inactive.
    assert np.mean([bool(opened.history(sctid)) for sctid in gone]) > 0.9


def test_terms_have_three_to_six_words_and_norwegian_letters(written: Path) -> None:
    rows = _rows(written, "sct2_Description")
    assert 3 < np.mean([len(row[7].split()) for row in rows]) < 6
    counts = Counter(row[5] for row in rows)
    assert counts["en"] > counts["nb"] > counts["nn"] > 0
    norwegian = "".join(row[7] for row in rows if row[5] == "nb")
    assert set("æøå") <= set(norwegian)


def test_map_rows_have_rules_of_every_form(written: Path) -> None:
    rules = {row[8].split(" ")[0] for row in _rows(written, "ExtendedMap")}
    assert rules == {"TRUE", "IFA", "OTHERWISE"}
    assert any("< 18.0 years" in row[8] for row in _rows(written, "ExtendedMap"))


def test_identifiers_in_columns_are_those_made_one_by_one() -> None:
    items = [1, 9, 10, 12_345, 99_999_999]
    assert sctids(np.array(items), 11).tolist() == [int(sctid_of(item, "11")) for item in items]


def test_no_fewer_concepts_than_the_hierarchy_needs(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="500"):
        large.write_release(tmp_path, 499, seed=1)
    assert large.write_release(tmp_path, 500, seed=1).is_dir()
