"""Maps of a release both ways, and as they are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from rf2_editing import Edit

from fixtures.snomed.make_release import sctid_of
from terminology.snomed.ages import Age
from terminology.snomed.map_shown import (
    MapUsage,
    context_of,
    find_map,
    map_lines,
    reverse_lines,
    shown_map,
    shown_maps,
    shown_reverse,
)
from terminology.snomed.map_tables import map_tables
from terminology.snomed.mapping import Context, MapRow, evaluate_map, map_refsets, map_rows, reverse_map
from terminology.snomed.release import Release

SIMPLE, EXTENDED, OTHER = int(sctid_of(9001, "10")), 447562003, sctid_of(9801, "10")
STROKE, MI, ACUTE, OLD, STEMI = 230690007, 22298006, 57054005, 1755008, 401303003
DIABETES, TYPE_1, TYPE_2, RETINOPATHY, INFARCTION = 73211009, 46635009, 44054006, 4855003, 432504007
CLASSIFIED = 447637006


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    found = Edit(tmp_path)
    found.concept(OTHER, "another map", "900000000000455006")
    return found


def test_the_maps_of_a_release(release: Release) -> None:
    assert [(one.id, one.kind, one.rows, one.concepts) for one in map_refsets(release)] == [
        (EXTENDED, "extended", 9, 4),
        (SIMPLE, "simple", 17, 17),
    ]
    assert [one["name"] for one in shown_maps(release)] == [
        "ICD-10 extended map reference set",
        "eksempel på enkel mapping til ICD-10",
    ]


def test_a_simple_map_answers_both_ways(release: Release) -> None:
    assert map_rows(release, SIMPLE, STROKE) == (MapRow(STROKE, "I64"),)
    result = evaluate_map(release, SIMPLE, STROKE)
    assert (result.targets, result.decided) == (("I64",), True)
    (hit,) = reverse_map(release, SIMPLE, "I64")
    assert (hit.concept, hit.active, hit.row) == (STROKE, True, MapRow(STROKE, "I64"))


def test_an_extended_map_asks_for_what_the_patient_has(release: Release) -> None:
    assert not evaluate_map(release, EXTENDED, DIABETES).decided
    known = {TYPE_1: "E10.9", TYPE_2: "E11.9", MI: "E14.9"}
    for finding, target in known.items():
        result = evaluate_map(release, EXTENDED, DIABETES, Context(findings=frozenset({finding})))
        assert (result.targets, result.decided) == ((target,), True)
    stemi = evaluate_map(release, EXTENDED, MI, Context(findings=frozenset({STEMI})))
    assert stemi.targets == ("I21.9",)
    assert stemi.groups[0].row is not None and stemi.groups[0].row.category == CLASSIFIED


def test_two_groups_give_two_targets(release: Release) -> None:
    assert evaluate_map(release, EXTENDED, RETINOPATHY).targets == ("E14.3", "H36.0")


def test_what_a_map_does_not_hold(release: Release) -> None:
    assert evaluate_map(release, EXTENDED, STROKE).groups == ()
    assert map_rows(release, STROKE, STROKE) == reverse_map(release, STROKE, "I64") == ()
    assert reverse_map(release, SIMPLE, "X99") == reverse_map(release, SIMPLE, "") == ()


@pytest.mark.parametrize("code", ["I63.9", "I639", "i63.9", " i639 "])
def test_icd_10_is_one_code_with_and_without_the_dot(release: Release, code: str) -> None:
    assert [hit.concept for hit in reverse_map(release, SIMPLE, code)] == [INFARCTION]


def test_reverse_is_the_inverse_relation(release: Release) -> None:
    for refset, table in map_tables(release).items():
        concepts = set(table.concept.tolist())
        forward = {(concept, row) for concept in concepts for row in map_rows(release, refset, concept)}
        codes = {row.target for _, row in forward}
        back = {(hit.concept, hit.row) for code in codes for hit in reverse_map(release, refset, code)}
        assert back == forward
        for code in codes:
            assert {hit.row.target for hit in reverse_map(release, refset, code)} == {code}


def test_rows_are_reversed_with_their_rules(release: Release) -> None:
    hits = reverse_map(release, EXTENDED, "I21.9")
    assert [(hit.concept, hit.row.priority, hit.row.rule[:9]) for hit in hits] == [
        (MI, 1, "IFA 57054"),
        (MI, 3, "OTHERWISE"),
    ]


def test_codes_that_case_tells_apart_stay_apart(edit: Edit) -> None:
    rows = [[OTHER, str(STROKE), "X40Jk"], [OTHER, str(MI), "X40JK"], [OTHER, str(OLD), "G30.."]]
    edit.file("der2_sRefset_Ctv3SimpleMap", "mapTarget", rows)
    release = edit.imported()
    found = {
        code: [hit.concept for hit in reverse_map(release, int(OTHER), code)] for code in ("X40Jk", "X40JK", "g30")
    }
    assert found == {"X40Jk": [STROKE], "X40JK": [MI], "g30": []}


def test_several_targets_of_a_simple_map_all_count(edit: Edit) -> None:
    rows = [[OTHER, str(STROKE), "B"], [OTHER, str(STROKE), "A"]]
    edit.file("der2_sRefset_OtherSimpleMap", "mapTarget", rows)
    result = evaluate_map(edit.imported(), int(OTHER), STROKE)
    assert (result.targets, result.decided) == (("A", "B"), True)


def test_a_map_whose_source_is_the_other_system(edit: Edit) -> None:
    edit.file("der2_sRefset_SimpleMapToSCT", "mapSource", [[OTHER, str(STROKE), "K90"]])
    release = edit.imported()
    assert [hit.concept for hit in reverse_map(release, int(OTHER), "K90")] == [STROKE]
    assert evaluate_map(release, int(OTHER), STROKE).targets == ("K90",)


def test_a_map_between_concepts(edit: Edit) -> None:
    correlation = "447561005"
    edit.file("der2_ccRefset_SimpleMapSCT", "mapTarget correlationId", [[OTHER, str(OLD), str(MI), correlation]])
    release = edit.imported()
    (row,) = map_rows(release, int(OTHER), OLD)
    assert (row.target, row.correlation) == (str(MI), int(correlation))
    assert [hit.concept for hit in reverse_map(release, int(OTHER), str(MI))] == [OLD]


COMPLEX = "mapGroup mapPriority mapRule mapAdvice mapTarget correlationId"


def test_a_complex_map_without_categories(edit: Edit) -> None:
    rows = [
        [OTHER, str(STROKE), "1", "2", "OTHERWISE TRUE", "ALWAYS I64", "I64", "447561005"],
        [OTHER, str(STROKE), "1", "1", "IFA 248152002 | Female (finding) |", "", "I60", "447561005"],
    ]
    edit.file("der2_iissscRefset_ComplexMap", COMPLEX, rows)
    release = edit.imported()
    (told,) = [one for one in map_refsets(release) if one.id == int(OTHER)]
    assert (told.kind, told.rows) == ("complex", 2)
    for sex, target in (("F", "I60"), ("M", "I64")):
        result = evaluate_map(release, int(OTHER), STROKE, context_of(sex=sex))
        assert result.targets == (target,)
    assert evaluate_map(release, int(OTHER), STROKE).groups[0].row is None


def test_blocks_of_a_complex_map_are_alternatives(edit: Edit) -> None:
    rows = [
        [OTHER, str(STROKE), "1", "1", "", "", target, "447561005", block] for target, block in (("A", "1"), ("B", "2"))
    ]
    edit.file("der2_iisssciRefset_ComplexMap", f"{COMPLEX} mapBlock", rows)
    release = edit.imported()
    result = evaluate_map(release, int(OTHER), STROKE)
    assert [(group.block, group.row.target if group.row else "") for group in result.groups] == [(1, "A"), (2, "B")]
    assert not result.decided
    assert shown_map(release, int(OTHER), STROKE, Context())["status"] == "alternatives"


def test_inactive_rows_are_no_rows(edit: Edit) -> None:
    edit.set("SimpleMap", {5: str(STROKE)}, {2: "0"})
    release = edit.imported()
    assert map_rows(release, SIMPLE, STROKE) == reverse_map(release, SIMPLE, "I64") == ()


def test_a_row_without_target_says_why(edit: Edit) -> None:
    cannot = edit.concept(
        "447638001", "Map source concept cannot be classified with available data", "900000000000454005"
    )
    edit.set("ExtendedMap", {5: "38341003"}, {9: "MAP SOURCE CONCEPT CANNOT BE CLASSIFIED", 10: "", 12: cannot})
    shown = shown_map(edit.imported(), EXTENDED, 38341003, Context())
    assert (shown["status"], shown["targets"]) == ("no_target", [])
    assert map_lines(shown)[1:4] == [
        "  group 1: no target",
        "    MAP SOURCE CONCEPT CANNOT BE CLASSIFIED",
        "    Map source concept cannot be classified with available data",
    ]


def test_what_is_not_decided_is_shown_with_what_would_decide_it(release: Release) -> None:
    shown = shown_map(release, EXTENDED, MI, context_of(age="50", sex="F"))
    assert (shown["status"], shown["targets"], shown["release"]) == ("undecided", [], release.info.uri)
    assert map_lines(shown) == [
        "22298006  hjerteinfarkt",
        "  group 1: undecided, needs whether the patient has akutt hjerteinfarkt; "
        "whether the patient has gammelt hjerteinfarkt (otherwise I21.9)",
        "    1. I21.9  IFA 57054005 | Acute myocardial infarction (disorder) |: not known whether the rule holds",
        "    2. I25.2  IFA 1755008 | Old myocardial infarction (disorder) |: not known whether the rule holds",
        "    3. I21.9  OTHERWISE TRUE: the rule holds",
    ]


def test_what_is_decided_is_shown_with_the_rows_passed_over(release: Release) -> None:
    shown = shown_map(release, EXTENDED, MI, context_of(findings=(str(OLD),)))
    assert (shown["status"], shown["targets"]) == ("target", ["I25.2"])
    assert map_lines(shown)[1:] == [
        "  group 1: I25.2",
        "    IF OLD MYOCARDIAL INFARCTION CHOOSE I25.2",
        "    1. I21.9  IFA 57054005 | Acute myocardial infarction (disorder) |: the rule does not hold",
        "    2. I25.2  IFA 1755008 | Old myocardial infarction (disorder) |: chosen: the rule holds",
        "    3. I21.9  OTHERWISE TRUE: not tried: a row before it decided",
    ]


def test_a_concept_without_rows_and_a_code_without_concepts_are_said_to_be_so(release: Release) -> None:
    assert map_lines(shown_map(release, EXTENDED, STROKE, Context())) == [
        "230690007  hjerneslag",
        "  ICD-10 extended map reference set has no row for it",
    ]
    assert reverse_lines(shown_reverse(release, EXTENDED, "X99")) == [
        "X99: no concept in ICD-10 extended map reference set leads to it"
    ]


def test_reverse_is_shown_with_its_rules(release: Release) -> None:
    assert reverse_lines(shown_reverse(release, EXTENDED, "I219")) == [
        "22298006  hjerteinfarkt  when IFA 57054005 | Acute myocardial infarction (disorder) |",
        "22298006  hjerteinfarkt  when OTHERWISE TRUE",
    ]


def test_what_is_known_as_people_write_it() -> None:
    known = context_of("28d", "k", ("22298006",))
    assert known == Context(Age(28, "days"), Age(28, "days"), "F", frozenset({22298006}))
    assert context_of() == Context()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"age": "old"}, "'old' is no age"),
        ({"sex": "X"}, "'X' is no sex that rules ask for"),
        ({"findings": ("stroke",)}, "'stroke' is no concept identifier"),
    ],
)
def test_what_cannot_be_known(given: dict[str, str], said: str) -> None:
    with pytest.raises(MapUsage, match=said):
        context_of(**given)  # type: ignore[arg-type]


def test_a_map_is_found_by_identifier_or_name(release: Release) -> None:
    assert find_map(release, "447562003") == find_map(release, "extended") == EXTENDED
    assert find_map(release, "enkel mapping") == SIMPLE
    with pytest.raises(MapUsage, match=r"'icd-10' names 2 maps; .*447562003 ICD-10 extended map"):
        find_map(release, "icd-10")
    with pytest.raises(MapUsage, match="names 0 maps"):
        find_map(release, " ")
