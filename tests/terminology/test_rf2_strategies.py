"""The releases that property tests draw are sound: whatever is drawn, the importer takes it without a problem."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from rf2_strategies import CONTENT, PREFERRED, RawRelease, releases, write

from fixtures.snomed.make_release import verhoeff
from terminology.snomed.release import import_release


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(raw=releases())
def test_a_drawn_release_imports_without_a_problem(raw: RawRelease) -> None:
    with TemporaryDirectory() as folder:
        report = import_release([write(raw, Path(folder) / "rf2")], Path(folder) / "store", "drawn")
    assert report.problems == ()
    assert report.counts.concepts == len(raw.concepts)
    assert report.edition == "http://snomed.info/sct/51000202101"


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(raw=releases())
def test_a_drawn_release_keeps_what_it_promises(raw: RawRelease) -> None:
    assert {concept.id for concept in raw.concepts} >= set(CONTENT[:5])
    assert all(verhoeff(str(row.id)) == 0 for row in (*raw.concepts, *raw.descriptions, *raw.relationships))
    for rows in (raw.languages, raw.simples, raw.associations, raw.simple_maps, raw.extended_maps):
        assert len({row.id for row in rows}) == len(rows)
    said = {row.id: row for row in raw.descriptions}
    preferred = [
        (row.refset, said[row.component].concept, said[row.component].type)
        for row in raw.languages
        if row.active and said[row.component].active and row.own == (str(PREFERRED),)
    ]
    assert len(set(preferred)) == len(preferred)
