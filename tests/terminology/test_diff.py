"""Differences between releases: the example against copies in which single rows were changed."""

from __future__ import annotations

import json
import tempfile
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rf2_editing import ACCEPTABLE, NORWAY, PREFERRED, SYNONYM, Edit

from fixtures.snomed.make_release import sctid_of
from terminology.snomed.diff import ReleaseDiff, diff
from terminology.snomed.diff.model import (
    AttributeLine,
    AttributesChanged,
    Changed,
    ConceptsDiff,
    DescriptionsDiff,
    MapChanged,
    ParentsChanged,
    PreferredChanged,
    RefsetDiff,
    TermChanged,
)
from terminology.snomed.diff.sections import Names, sections
from terminology.snomed.diff.shown import counts, diff_lines, to_json
from terminology.snomed.release import Release

STROKE, ISCHEMIC, INFARCTION, HEADACHE = 230690007, 422504002, 432504007, 25064002
HAEMORRHAGE, BRONCHITIS, MIGRAINE, RETINOPATHY = 274100004, 10509002, 37796009, 4855003
APOPLEXY = int(sctid_of(9011, "10"))
SIMPLE_MAP, STROKES, EXTENDED_MAP, NB = int(sctid_of(9001, "10")), int(sctid_of(9002, "10")), 447562003, 61000202103
DEFINED, PRIMITIVE, CORE = 900000000000073002, 900000000000074008, 900000000000207008
SITE, MORPHOLOGY, BRAIN, HEART = 363698007, 116676008, 12738006, 80891009
IS_A, DUE_TO, DIABETES = 116680003, 42752001, 73211009


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    return Edit(tmp_path)


def test_a_release_is_not_different_from_itself(release: Release) -> None:
    found = diff(release, release)
    assert set(counts(found).values()) == {0}
    assert sections(found) == ()
    assert diff_lines(found, release, release)[1:] == ["nothing is different"]


def test_concepts(release: Release, edit: Edit) -> None:
    added = int(edit.concept(9801, "ny diagnose", str(STROKE)))
    edit.set("Concept_", {0: str(HEADACHE)}, {2: "0"})
    edit.set("Concept_", {0: str(APOPLEXY)}, {2: "1"})
    edit.set("Concept_", {0: str(BRONCHITIS)}, {4: str(DEFINED)})
    edit.set("Concept_", {0: str(MIGRAINE)}, {3: NORWAY})
    assert diff(release, edit.imported()).concepts == ConceptsDiff(
        added=(added,),
        inactivated=(HEADACHE,),
        reactivated=(APOPLEXY,),
        status=(Changed(BRONCHITIS, PRIMITIVE, DEFINED),),
        module=(Changed(MIGRAINE, CORE, int(NORWAY)),),
    )


def test_descriptions(release: Release, edit: Edit) -> None:
    nb = "Description_Snapshot-nb"
    said = {description.term: str(description.id) for description in release.descriptions(STROKE)}
    edit.set(nb, {0: said["slag"]}, {7: "hjerneslaget"})
    edit.set(nb, {0: said["apopleksi"]}, {2: "0"})
    made = int(edit.describe(str(STROKE), "nb", SYNONYM, "slagtilfelle", str(NB)))
    edit.set("LanguageSnapshot-nb", {5: str(made)}, {6: ACCEPTABLE})
    found = diff(release, edit.imported()).descriptions
    assert [(one.id, one.concept, one.language, one.term) for one in found.added] == [
        (made, STROKE, "nb", "slagtilfelle")
    ]
    assert [one.term for one in found.inactivated] == ["apopleksi"]
    assert found.terms == (TermChanged(int(said["slag"]), STROKE, "slag", "hjerneslaget"),)
    assert (found.removed, found.reactivated, found.preferred) == ((), (), ())


def test_preferred_terms(release: Release, edit: Edit) -> None:
    nb = [one for one in release.descriptions(STROKE) if one.language == "nb"]
    for description in nb:
        if description.term in ("slag", "hjerneslag"):
            how = PREFERRED if description.term == "slag" else ACCEPTABLE
            edit.set("LanguageSnapshot-nb", {5: str(description.id)}, {6: how})
    found = diff(release, edit.imported())
    assert found.descriptions == DescriptionsDiff(preferred=(PreferredChanged(NB, "nb", STROKE, "hjerneslag", "slag"),))
    (members,) = found.refsets
    assert (members.refset, members.fields, members.added, len(members.changed)) == (NB, ("acceptabilityId",), (), 2)


def test_a_term_that_is_preferred_no_more(release: Release, edit: Edit) -> None:
    (description,) = [one for one in release.descriptions(HEADACHE) if one.language == "nn"]
    edit.set("LanguageSnapshot-nn", {5: str(description.id)}, {2: "0"})
    (found,) = diff(release, edit.imported()).descriptions.preferred
    assert (found.language, found.before, found.after) == ("nn", "hovudverk", None)


def test_the_hierarchy(release: Release, edit: Edit) -> None:
    edit.set("Relationship", {4: str(INFARCTION), 7: str(IS_A)}, {5: str(HAEMORRHAGE)})
    edit.relate(str(HEADACHE), str(IS_A), str(MIGRAINE))
    found = diff(release, edit.imported()).hierarchy
    assert found.parents == (
        ParentsChanged(HEADACHE, (MIGRAINE,), ()),
        ParentsChanged(INFARCTION, (HAEMORRHAGE,), (ISCHEMIC,)),
    )
    assert found.moved == 1
    below = release.descendants(INFARCTION) | release.descendants(HEADACHE)
    assert found.ancestors_changed == 2 + len(below)


def test_a_change_high_up_reaches_down(release: Release, edit: Edit) -> None:
    edit.relate(str(STROKE), str(IS_A), str(MIGRAINE))
    found = diff(release, edit.imported()).hierarchy
    assert [one.concept for one in found.parents] == [STROKE]
    assert found.ancestors_changed == 1 + len(release.descendants(STROKE))


def test_attributes(release: Release, edit: Edit) -> None:
    edit.set("Relationship", {4: str(INFARCTION), 7: str(SITE)}, {5: str(HEART)})
    found = diff(release, edit.imported())
    assert found.attributes == (
        AttributesChanged(INFARCTION, (AttributeLine(1, SITE, str(HEART)),), (AttributeLine(1, SITE, str(BRAIN)),)),
    )
    assert found.hierarchy.parents == ()


def test_another_number_of_a_group_is_nothing(release: Release, edit: Edit) -> None:
    for kind in (SITE, MORPHOLOGY):
        edit.set("Relationship", {4: str(INFARCTION), 7: str(kind)}, {6: "7"})
    assert diff(release, edit.imported()).attributes == ()


def test_attributes_that_part_ways_are_something(release: Release, edit: Edit) -> None:
    edit.set("Relationship", {4: str(INFARCTION), 7: str(SITE)}, {6: "7"})
    (found,) = diff(release, edit.imported()).attributes
    assert (found.added, found.removed) == (
        (AttributeLine(7, SITE, str(BRAIN)),),
        (AttributeLine(1, SITE, str(BRAIN)),),
    )


def test_a_group_is_not_the_same_as_none(release: Release, edit: Edit) -> None:
    edit.set("Relationship", {4: str(RETINOPATHY), 7: str(DUE_TO)}, {6: "1"})
    (found,) = diff(release, edit.imported()).attributes
    assert found.added == (AttributeLine(1, DUE_TO, str(DIABETES)),)


def test_concrete_values(tmp_path: Path) -> None:
    before, after = (Edit(tmp_path / name) for name in ("a", "b"))
    before.measure(str(BRONCHITIS), str(SITE), "#5", '"a"', "true")
    after.measure(str(BRONCHITIS), str(SITE), "#5.25", '"b"', "false")
    first, then = before.imported("a"), after.imported("b")
    (found,) = diff(first, then).attributes
    assert [line.value for line in found.removed] == ['"a"', "#5", "true"]
    assert [line.value for line in found.added] == ['"b"', "#5.25", "false"]
    assert diff(first, first).attributes == ()


def test_members_of_reference_sets(release: Release, edit: Edit) -> None:
    edit.set("SimpleSnapshot", {5: str(ISCHEMIC)}, {2: "0"})
    edit.add("SimpleSnapshot", *edit.member(str(STROKES), str(INFARCTION)))
    assert diff(release, edit.imported()).refsets == (RefsetDiff(STROKES, (), (INFARCTION,), (ISCHEMIC,), ()),)


def test_a_member_that_is_issued_anew_is_the_same(release: Release, edit: Edit) -> None:
    uuid = edit.member(str(STROKES), str(STROKE))[0]
    edit.set("SimpleSnapshot", {5: str(STROKE)}, {0: uuid, 1: "20270101"})
    assert diff(release, edit.imported()).refsets == ()


def test_reference_sets_that_come_and_go_with_their_fields(release: Release, edit: Edit) -> None:
    edit.concept(9801, "ordnet", "900000000000455006")
    edit.file("der2_iRefset_Ordered", "order", [[sctid_of(9801, "10"), str(STROKE), "1"]])
    edited = edit.imported()
    (found,) = [one for one in diff(release, edited).refsets if one.fields == ("order",)]
    assert (found.added, found.removed) == ((STROKE,), ())
    (found,) = [one for one in diff(edited, release).refsets if one.fields == ("order",)]
    assert (found.added, found.removed) == ((), (STROKE,))


def test_maps(release: Release, edit: Edit) -> None:
    edit.set("SimpleMap", {5: str(STROKE)}, {6: "I64.9"})
    edit.set("SimpleMap", {5: str(INFARCTION)}, {2: "0"})
    edit.set("ExtendedMap", {5: str(RETINOPATHY), 6: "2"}, {8: "OTHERWISE TRUE"})
    found = diff(release, edit.imported())
    assert found.refsets == ()
    rows = {one.refset: {row.concept: row for row in one.changed} for one in found.maps}
    assert {refset: set(changed) for refset, changed in rows.items()} == {
        SIMPLE_MAP: {STROKE, INFARCTION},
        EXTENDED_MAP: {RETINOPATHY},
    }
    assert _targets(rows[SIMPLE_MAP][STROKE]) == (["I64"], ["I64.9"])
    assert _targets(rows[SIMPLE_MAP][INFARCTION]) == (["I63.9"], [])
    before, after = rows[EXTENDED_MAP][RETINOPATHY].before, rows[EXTENDED_MAP][RETINOPATHY].after
    assert [(row.group, row.rule) for row in before] == [(1, "TRUE"), (2, "TRUE")]
    assert [(row.group, row.rule) for row in after] == [(1, "TRUE"), (2, "OTHERWISE TRUE")]


def _targets(changed: MapChanged) -> tuple[list[str], list[str]]:
    before, after = ([row.target for row in rows] for rows in (changed.before, changed.after))
    return before, after


def test_concepts_that_are_new_have_no_changes_beside(release: Release, edit: Edit) -> None:
    edit.concept(9801, "ny diagnose", str(STROKE))
    found = diff(release, edit.imported())
    assert (found.hierarchy.parents, found.hierarchy.ancestors_changed, found.attributes) == ((), 0, ())
    assert found.descriptions.preferred == ()
    assert len(found.descriptions.added) == 2


def test_as_json_and_as_lines(release: Release, edit: Edit) -> None:
    edit.set("SimpleMap", {5: str(STROKE)}, {6: "I64.9"})
    edit.set("Relationship", {4: str(INFARCTION), 7: str(IS_A)}, {5: str(HAEMORRHAGE)})
    edited = edit.imported()
    found = diff(release, edited)
    told = to_json(found)
    assert json.dumps(told) == json.dumps(to_json(diff(release, edited)))
    assert told["before"] == {"name": "51000202101-20260415", "uri": release.info.uri}
    assert told["hierarchy"] == {
        "parents": [{"concept": "432504007", "added": ["274100004"], "removed": ["422504002"]}],
        "ancestors_changed": found.hierarchy.ancestors_changed,
    }
    (map_,) = told["maps"]  # type: ignore[misc]
    assert map_["changed"][0]["before"][0] == {
        "concept": "230690007",
        "target": "I64",
        "group": 1,
        "priority": 1,
        "rule": "",
        "advice": "",
        "block": 0,
        "category": None,
        "correlation": None,
    }
    lines = diff_lines(found, release, edited)
    assert lines[0] == "51000202101-20260415 → edited"
    assert "  ~ 432504007  hjerneinfarkt  iskemisk hjerneslag → hjerneblødning" in lines
    assert "  ~ 230690007  hjerneslag  I64 → I64.9" in lines


def test_long_lists_are_cut_and_counted(release: Release, edit: Edit) -> None:
    for item in range(9801, 9806):
        edit.concept(item, f"ny {item}", str(STROKE))
    edited = edit.imported()
    lines = diff_lines(diff(release, edited), release, edited, limit=3)
    assert lines[1:6] == ["concepts added: 5", *lines[2:5], "  … 2 more"]


#: Single edits, to be mixed: the file, which rows, and what becomes of them.
EDITS = [
    ("Concept_", {0: str(HEADACHE)}, {2: "0"}),
    ("Concept_", {0: str(BRONCHITIS)}, {4: str(DEFINED)}),
    ("Concept_", {0: str(STROKE)}, {2: "0"}),
    ("Concept_", {0: str(APOPLEXY)}, {2: "1"}),
    ("Relationship", {4: str(INFARCTION)}, {2: "0"}),
    ("Relationship", {4: str(ISCHEMIC), 7: str(IS_A)}, {5: str(MIGRAINE)}),
    ("Relationship", {7: str(SITE)}, {6: "3"}),
    ("Relationship", {7: str(SITE), 5: str(BRAIN)}, {5: str(HEART)}),
    ("Description_Snapshot-nb", {5: "nb", 4: str(STROKE)}, {7: "slag, æ"}),
    ("Description_Snapshot-nn", {6: SYNONYM}, {2: "0"}),
    ("LanguageSnapshot-nb", {6: PREFERRED}, {2: "0"}),
    ("LanguageSnapshot-en", {6: PREFERRED}, {6: ACCEPTABLE}),
    ("SimpleSnapshot", {5: str(STROKE)}, {2: "0"}),
    ("SimpleMap", {5: str(STROKE)}, {6: "X99"}),
    ("ExtendedMap", {6: "2"}, {2: "0"}),
    ("ExtendedMap", {7: "1"}, {9: "OTHER ADVICE"}),
    ("Association", {4: "900000000000527005"}, {2: "0"}),
]
CHOSEN = st.sets(st.integers(0, len(EDITS) - 1), max_size=6)


def _edited(chosen: set[int], folder: Path) -> Release:
    edit = Edit(folder)
    for number in sorted(chosen):
        edit.set(*EDITS[number])
    if len(chosen) % 2:
        edit.concept(9801, "ny", str(MIGRAINE))
    return edit.imported()


@settings(max_examples=25)
@given(CHOSEN, CHOSEN)
def test_differences_mirror_each_other_and_add_up(first: set[int], then: set[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        before, after = (_edited(chosen, Path(folder) / name) for chosen, name in ((first, "a"), (then, "b")))
        found, back = diff(before, after), diff(after, before)
        assert _mirrored(back) == found
        _adds_up(before, after, found)
        if before.info.content == after.info.content:
            assert not any(counts(found).values())
        names = Names(before, after)
        assert all(names.line(what, item) for section in sections(found) for what, item in section.items)


def _adds_up(before: Release, after: Release, found: ReleaseDiff) -> None:
    concepts, descriptions = found.concepts, found.descriptions
    assert len(before.ids) + len(concepts.added) - len(concepts.removed) == len(after.ids)
    arriving = sum(after.is_active(one) for one in concepts.added) + len(concepts.reactivated)
    leaving = sum(before.is_active(one) for one in concepts.removed) + len(concepts.inactivated)
    assert before.active.sum() + arriving - leaving == after.active.sum()
    told = [len(release.descriptions_rows.id) for release in (before, after)]
    assert told[0] + len(descriptions.added) - len(descriptions.removed) == told[1]
    stay = [one for one in before.ids.tolist() if before.is_active(one) and after.is_active(one)]
    changed = {one for one in stay if before.ancestors(one) != after.ancestors(one)}
    assert found.hierarchy.ancestors_changed == len(changed)
    assert {one.concept for one in found.hierarchy.parents} == {
        one for one in stay if before.parents(one) != after.parents(one)
    }
    for one in found.refsets:
        if not one.fields:
            assert before.members(one.refset) - set(one.removed) | set(one.added) == after.members(one.refset)


#: What becomes of each name when the two releases change places.
TURNED = {
    "added": "removed",
    "removed": "added",
    "inactivated": "reactivated",
    "reactivated": "inactivated",
    "before": "after",
    "after": "before",
}


def _mirrored(value: object) -> object:
    """The same difference seen from the other side, whatever it is made of."""
    if isinstance(value, tuple):
        return tuple(_mirrored(one) for one in value)
    if not hasattr(value, "__dataclass_fields__"):
        return value
    names = [field.name for field in fields(value)]  # type: ignore[arg-type]
    sides = {TURNED.get(name, name) if TURNED.get(name, name) in names else name: name for name in names}
    return type(value)(**{name: _mirrored(getattr(value, own)) for name, own in sides.items()})
