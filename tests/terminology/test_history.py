"""Inactive concepts: where they lead, by which way, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rf2_editing import Edit

from fixtures.snomed.make_release import sctid_of
from terminology.snomed import ids
from terminology.snomed.history import AMBIGUOUS, EXACT, Association, History, kind_of, successors
from terminology.snomed.release import Release
from terminology.snomed.resolution import Resolution, resolve

STROKE, TYPE_1, MI, ANGINA, AF, FLUTTER = 230690007, 46635009, 22298006, 194828000, 49436004, 5370000
APOPLEXY, APOPLEXY_OLD, AURICULAR, INSULIN, AMBIGUOUS_MI, SOFTENING, FORKED = (
    int(sctid_of(9000 + number, "10")) for number in range(11, 18)
)
REFSETS = {kind: str(refset) for refset, kind in ids.ASSOCIATIONS.items()}


def _ends(found: Resolution) -> dict[int, list[str]]:
    return {one.concept: [step.kind for step in one.path] for one in found.candidates}


@pytest.mark.parametrize(
    ("concept", "ends", "certain"),
    [
        (APOPLEXY, {STROKE: ["SAME_AS"]}, STROKE),
        (APOPLEXY_OLD, {STROKE: ["REPLACED_BY", "SAME_AS"]}, STROKE),
        (AURICULAR, {AF: ["REPLACED_BY"]}, AF),
        (INSULIN, {TYPE_1: ["SAME_AS"]}, TYPE_1),
        (AMBIGUOUS_MI, {MI: ["POSSIBLY_EQUIVALENT_TO"], ANGINA: ["POSSIBLY_EQUIVALENT_TO"]}, None),
        (SOFTENING, {62914000: ["WAS_A"]}, None),
        (FORKED, {FLUTTER: ["REPLACED_BY"], AF: ["REPLACED_BY"]}, None),
    ],
)
def test_an_inactive_concept_of_the_example(
    release: Release, concept: int, ends: dict[int, list[str]], certain: int | None
) -> None:
    found = resolve(release, concept)
    assert (found.status, _ends(found), found.certain) == ("inactive", ends, certain)
    assert found.dead_ends == ()


def test_an_active_and_an_unknown_concept(release: Release) -> None:
    assert resolve(release, STROKE) == Resolution(STROKE, "active", certain=STROKE)
    assert resolve(release, 128045006) == Resolution(128045006, "unknown")


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    return Edit(tmp_path)


def _inactive(edit: Edit, *items: int) -> list[str]:
    return [edit.concept(item, f"old {item}", None, active=False) for item in items]


def test_why_it_was_inactivated(edit: Edit) -> None:
    duplicate = edit.concept(9801, "Duplicate component", "900000000000441003")
    edit.concept(str(ids.INACTIVATION_REASON), "Inactivation indicator", "900000000000455006")
    rows = [[str(ids.INACTIVATION_REASON), str(APOPLEXY), duplicate]]
    edit.file("der2_cRefset_AttributeValue", "valueId", rows)
    release = edit.imported()
    assert resolve(release, APOPLEXY).reason == int(duplicate)
    assert resolve(release, AURICULAR).reason is None


def test_a_chain_that_goes_round_ends(edit: Edit) -> None:
    one, two, three = _inactive(edit, 9801, 9802, 9803)
    edit.associate(one, REFSETS["SAME_AS"], two)
    edit.associate(two, REFSETS["REPLACED_BY"], one)
    edit.associate(three, REFSETS["SAME_AS"], one)
    release = edit.imported()
    for concept in map(int, (one, two, three)):
        found = resolve(release, concept)
        assert (found.candidates, found.certain) == ((), None)
    assert release.inactive_into(frozenset({int(one)})) == {int(two): int(one), int(three): int(one)}


def test_a_chain_that_breaks_off_shows_where(edit: Edit) -> None:
    one, two = _inactive(edit, 9801, 9802)
    edit.associate(one, REFSETS["SAME_AS"], two)
    found = resolve(edit.imported(), int(one))
    assert (found.candidates, found.certain) == ((), None)
    assert [(end.concept, end.exact) for end in found.dead_ends] == [(int(two), True)]


def test_a_doubt_on_the_way_stays_a_doubt(edit: Edit) -> None:
    one, two, three = _inactive(edit, 9801, 9802, 9803)
    edit.associate(one, REFSETS["SAME_AS"], two)
    edit.associate(two, REFSETS["POSSIBLY_EQUIVALENT_TO"], str(MI))
    edit.associate(three, REFSETS["REPLACED_BY"], str(AF))
    edit.associate(three, REFSETS["POSSIBLY_EQUIVALENT_TO"], str(FLUTTER))
    release = edit.imported()
    first, doubted = resolve(release, int(one)), resolve(release, int(three))
    assert (_ends(first), first.certain) == ({MI: ["SAME_AS", "POSSIBLY_EQUIVALENT_TO"]}, None)
    assert [(one.concept, one.exact) for one in doubted.candidates] == [(AF, True), (FLUTTER, False)]
    assert doubted.certain is None
    assert first.dead_ends == doubted.dead_ends == ()
    assert int(three) not in release.inactive_into(frozenset({AF}))


def test_an_exact_way_goes_before_a_shorter_one(edit: Edit) -> None:
    one, two = _inactive(edit, 9801, 9802)
    edit.associate(one, REFSETS["REPLACED_BY"], two)
    edit.associate(two, REFSETS["SAME_AS"], str(MI))
    edit.associate(one, REFSETS["ALTERNATIVE"], str(MI))
    found = resolve(edit.imported(), int(one))
    assert (_ends(found), found.certain) == ({MI: ["REPLACED_BY", "SAME_AS"]}, MI)


def test_where_it_moved_to_is_no_meaning(edit: Edit) -> None:
    namespace = edit.concept(9801, "Extension Namespace 1000202", "900000000000441003")
    (one,) = _inactive(edit, 9802)
    edit.associate(one, REFSETS["MOVED_TO"], namespace)
    edit.associate(one, REFSETS["MOVED_FROM"], str(MI))
    found = resolve(edit.imported(), int(one))
    assert (found.candidates, found.dead_ends, found.moved_to) == ((), (), (int(namespace),))


def test_kinds_that_nobody_has_seen_are_found_in_the_release(edit: Edit) -> None:
    parent = edit.concept(str(ids.HISTORICAL), "Historical association", "900000000000455006")
    kind = edit.concept(9802, "BETTER SAID AS association reference set", parent)
    other = edit.concept(9803, "Anatomy association reference set", "900000000000455006")
    (one,) = _inactive(edit, 9804)
    edit.associate(one, kind, str(MI))
    edit.associate(one, other, str(AF))
    release = edit.imported()
    assert release.history(int(one)) == (Association("BETTER_SAID_AS", MI),)
    found = resolve(release, int(one))
    assert (_ends(found), found.certain) == ({MI: ["BETTER_SAID_AS"]}, None)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("REPLACED BY association reference set (foundation metadata concept)", "REPLACED_BY"),
        ("POSSIBLY EQUIVALENT TO association reference set", "POSSIBLY_EQUIVALENT_TO"),
        ("Partially equivalent to association type reference set (x)", "PARTIALLY_EQUIVALENT_TO"),
        ("Something else", "SOMETHING_ELSE"),
        ("1234", "1234"),
    ],
)
def test_a_kind_by_the_name_of_its_reference_set(name: str, kind: str) -> None:
    assert kind_of(name) == kind


CONCEPTS = range(12)
ASSOCIATIONS = st.lists(
    st.tuples(
        st.sampled_from(CONCEPTS), st.sampled_from(sorted(EXACT | AMBIGUOUS | {"WAS_A"})), st.sampled_from(CONCEPTS)
    ),
    max_size=20,
)


def _history(rows: list[tuple[int, str, int]]) -> History:
    kinds = dict(enumerate(sorted({kind for _, kind, _ in rows})))
    numbers = {kind: number for number, kind in kinds.items()}
    table = np.array(sorted((source, numbers[kind], target) for source, kind, target in rows), dtype=np.int64)
    source, refset, target = table.reshape(-1, 3).T
    return History(source, refset, target, kinds)


@given(ASSOCIATIONS, st.frozensets(st.sampled_from(CONCEPTS)), st.frozensets(st.sampled_from(CONCEPTS)))
def test_chains_are_what_walking_finds(
    rows: list[tuple[int, str, int]], active: frozenset[int], wanted: frozenset[int]
) -> None:
    known = np.array(CONCEPTS, dtype=np.int64)
    found = successors(_history(rows), known, np.isin(known, list(active))).into(wanted)
    assert found == {one: met for one in CONCEPTS if (met := _first_met(rows, one, active, wanted)) is not None}


def _first_met(
    rows: list[tuple[int, str, int]], concept: int, active: frozenset[int], wanted: frozenset[int]
) -> int | None:
    """The first of `wanted` on the way from an inactive concept, walked step by step."""
    seen = {concept}
    while concept not in active:
        kinds = {kind for source, kind, _ in rows if source == concept}
        targets = {target for source, kind, target in rows if source == concept and kind in EXACT}
        if len(targets) != 1 or kinds & AMBIGUOUS or targets <= seen:
            return None
        (concept,) = targets
        if concept in wanted:
            return concept
        seen.add(concept)
    return None


@given(ASSOCIATIONS, st.frozensets(st.sampled_from(CONCEPTS)))
def test_what_is_certain_is_what_value_sets_count(rows: list[tuple[int, str, int]], active: frozenset[int]) -> None:
    history, known = _history(rows), np.array(CONCEPTS, dtype=np.int64)
    found = successors(history, known, np.isin(known, list(active))).into(active)
    held = _Held(history, active)
    assert found == {one: sure for one in set(CONCEPTS) - active if (sure := resolve(held, one).certain) is not None}


class _Held:
    """As much of a release as resolving asks for."""

    def __init__(self, history: History, active: frozenset[int]) -> None:
        self.history: Callable[[int], tuple[Association, ...]] = history.of
        self.is_active: Callable[[int], bool] = active.__contains__

    def has(self, sctid: int) -> bool:
        return sctid in CONCEPTS

    def inactivation_reason(self, _sctid: int) -> int | None:
        return None
