"""The example release is what its maker makes."""

from __future__ import annotations

from pathlib import Path

from fixtures.snomed import make_release


def test_the_committed_files_are_what_the_maker_writes(example: Path, tmp_path: Path) -> None:
    made = make_release.make(tmp_path)
    names = sorted(path.relative_to(made) for path in made.rglob("*.txt"))
    assert names == sorted(path.relative_to(example) for path in example.rglob("*.txt"))
    for name in names:
        assert (made / name).read_bytes() == (example / name).read_bytes(), name


def test_every_concept_in_the_tables_has_a_right_check_digit() -> None:
    ids = [line.split("\t")[0] for line in (make_release.HERE / "concepts.tsv").read_text("utf-8").splitlines()[1:]]
    assert all(sctid.startswith("L") or make_release.verhoeff(sctid) == 0 for sctid in ids)
