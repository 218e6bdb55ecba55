"""What an opened release answers, against the oracle's reading of the RF2 files and by example."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Oracle

from fixtures.snomed.make_release import sctid_of
from terminology.snomed.ecl import ast
from terminology.snomed.release import Release, open_release
from terminology.snomed.view import Attribute

STROKE, ISCHEMIC, CEREBRAL_INFARCTION = 230690007, 422504002, 432504007
CEREBRAL_HEMORRHAGE, TIA, LACUNAR = 274100004, 266257000, 230698000
DIABETES, TYPE_1, MI, OLD_MI, AF = 73211009, 46635009, 22298006, 1755008, 49436004
APOPLEXY, APOPLEXY_OLD, AURICULAR, INSULIN, AMBIGUOUS, SOFTENING, FORKED = (
    int(sctid_of(9000 + number, "10")) for number in range(11, 18)
)
UNKNOWN = 128045006
DATA = st.data()


@pytest.fixture(scope="module")
def oracle(example: Path) -> Oracle:
    return Oracle(example)


def test_the_hierarchy_is_what_the_oracle_walks(release: Release, oracle: Oracle) -> None:
    for concept in oracle.content.active:
        this = ast.Reference(concept)
        assert release.parents(concept) == oracle.evaluate(ast.Related(">!", this))
        assert release.children(concept) == oracle.evaluate(ast.Related("<!", this))
        assert release.descendants(concept) == oracle.evaluate(ast.Related("<", this))
        assert release.ancestors(concept) == oracle.evaluate(ast.Related(">", this))


@given(DATA)
def test_subsumption_is_a_partial_order(release: Release, data: st.DataObject) -> None:
    a, b, c = (data.draw(st.sampled_from(release.ids.tolist())) for _ in range(3))
    above = data.draw(st.sampled_from(sorted(release.ancestors(a)) or [a]))
    top = data.draw(st.sampled_from(sorted(release.ancestors(above)) or [above]))
    assert release.subsumes(a, a)
    assert not (release.subsumes(a, b) and release.subsumes(b, a)) or a == b
    assert release.subsumes(top, above) and release.subsumes(above, a) and release.subsumes(top, a)
    assert release.subsumes(a, c) == (a == c or c in release.descendants(a))


def test_everything_active_is_below_the_root(release: Release, oracle: Oracle) -> None:
    assert release.descendants(138875005) | {138875005} == oracle.content.active


def test_an_inactive_concept_is_known_but_has_no_place(release: Release) -> None:
    assert release.has(APOPLEXY)
    assert not release.is_active(APOPLEXY)
    assert release.parents(APOPLEXY) == release.ancestors(APOPLEXY) == frozenset()
    assert not release.subsumes(64572001, APOPLEXY)


def test_an_unknown_concept_has_nothing(release: Release) -> None:
    assert not release.has(UNKNOWN)
    assert not release.is_active(UNKNOWN)
    assert release.preferred_term(UNKNOWN) is release.fsn(UNKNOWN) is None
    assert release.descriptions(UNKNOWN) == release.attributes(UNKNOWN) == release.history(UNKNOWN) == ()
    assert release.descendants(UNKNOWN) == release.members(UNKNOWN) == frozenset()
    assert release.map_targets(447562003, UNKNOWN) == ()
    assert not release.subsumes(UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("concept", "languages", "term"),
    [
        (TIA, ("nb", "nn", "en"), "transitorisk iskemisk anfall"),
        (25064002, ("nb", "nn", "en"), "hovudverk"),
        (900000000000003001, ("nb", "nn", "en"), "Fully specified name"),
        (STROKE, ("nn",), "hjerneslag"),
        (STROKE, ("en-GB",), "Cerebrovascular accident"),
        (8517006, ("nn", "nb"), "tidlegare røykjar"),
        (25064002, ("nb",), None),
        (APOPLEXY, ("nb",), "apopleksi (utgått)"),
    ],
)
def test_the_first_language_that_has_a_preferred_term_decides(
    release: Release, concept: int, languages: tuple[str, ...], term: str | None
) -> None:
    assert release.preferred_term(concept, languages) == term


def test_a_language_without_reference_set_is_an_error(release: Release) -> None:
    with pytest.raises(ValueError, match="'no'"):
        release.preferred_term(STROKE, ("no",))


def test_descriptions_carry_their_acceptability(release: Release) -> None:
    found = {description.term: description for description in release.descriptions(STROKE)}
    assert set(found) == {
        "Cerebrovascular accident (disorder)",
        "Cerebrovascular accident",
        "hjerneslag",
        "slag",
        "apopleksi",
        "Stroke",
    } | {"hjerneslag"}
    assert release.fsn(STROKE) == "Cerebrovascular accident (disorder)"
    assert found["Cerebrovascular accident (disorder)"].type == "fsn"
    assert found["slag"].acceptable_in == (61000202103,)
    assert found["slag"].preferred_in == ()
    assert found["Stroke"].language == "en"


def test_attributes_are_listed_by_group(release: Release) -> None:
    site, morphology = Attribute(1, 363698007, 12738006), Attribute(1, 116676008, 55641003)
    assert release.attributes(CEREBRAL_INFARCTION) == (morphology, site)
    assert release.attributes(4855003) == (Attribute(0, 42752001, DIABETES),)


def test_history_names_its_kind(release: Release) -> None:
    kinds = {concept: [one.kind for one in release.history(concept)] for concept in (APOPLEXY, AMBIGUOUS, SOFTENING)}
    assert kinds == {APOPLEXY: ["SAME_AS"], AMBIGUOUS: ["POSSIBLY_EQUIVALENT_TO"] * 2, SOFTENING: ["WAS_A"]}
    assert [one.target for one in release.history(AMBIGUOUS)] == [MI, 194828000]


def test_inactive_concepts_lead_unambiguously_into_a_set(release: Release) -> None:
    everything = frozenset(release.ids.tolist())
    active = frozenset(one for one in everything if release.is_active(one))
    assert release.inactive_into(frozenset({STROKE})) == {APOPLEXY: STROKE, APOPLEXY_OLD: STROKE}
    assert release.inactive_into(frozenset({DIABETES, TYPE_1, AF})) == {INSULIN: TYPE_1, AURICULAR: AF}
    assert {AMBIGUOUS, SOFTENING, FORKED}.isdisjoint(release.inactive_into(active))
    assert release.inactive_into(frozenset()) == {}


def test_simple_and_extended_maps_keep_their_rows(release: Release) -> None:
    simple = int(sctid_of(9001, "10"))
    assert [row.target for row in release.map_targets(simple, STROKE)] == ["I64"]
    rows = release.map_targets(447562003, MI)
    assert [(row.group, row.priority, row.target) for row in rows] == [
        (1, 1, "I21.9"),
        (1, 2, "I25.2"),
        (1, 3, "I21.9"),
    ]
    assert rows[0].rule.startswith("IFA 57054005 |")
    assert rows[-1].rule == "OTHERWISE TRUE"
    assert [row.group for row in release.map_targets(447562003, 4855003)] == [1, 2]
    assert release.map_targets(447562003, STROKE) == ()


def test_members_of_a_reference_set(release: Release) -> None:
    assert release.members(int(sctid_of(9002, "10"))) == {STROKE, ISCHEMIC, CEREBRAL_HEMORRHAGE}
    assert release.members(900000000000527005) == {APOPLEXY, INSULIN}


def test_arrays_are_mapped_and_cannot_be_written(release: Release) -> None:
    with pytest.raises(ValueError, match="read-only"):
        release.ids[0] = 1
    assert isinstance(release.ids.base, np.memmap)


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_release(tmp_path)
    (tmp_path / "release.json").write_text('{"format": 0}')
    with pytest.raises(ValueError, match="import it again"):
        open_release(tmp_path)
