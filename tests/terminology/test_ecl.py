"""ECL evaluated, by example and against a naive evaluator."""

from __future__ import annotations

from typing import TypeVar, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_snomed import Naive

from fixtures.snomed import make_release
from terminology.snomed.ecl import ast, evaluate
from terminology.snomed.release import Release

T = TypeVar("T")
NAIVE = Naive(make_release.HERE / make_release.NAME)

# Concepts that have something above, below, beside or pointing to them are drawn more often than others.
RICH = (404684003, 64572001, 230690007, 432504007, 22298006, 49755003, 91723000, 51114001, 447562003, 71388002)
TYPES = (363698007, 116676008, 47429007, 42752001, 363704007, 405813007, 260686004)
TERMS = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="|")).map(str.strip).map(
    lambda t: t or None
)
REFERENCES = st.builds(ast.Reference, st.sampled_from(RICH) | st.sampled_from(sorted(NAIVE.active)), TERMS)
NAMES = st.builds(ast.Reference, st.sampled_from(TYPES)) | st.just(ast.Any())
LEAVES = REFERENCES | st.just(ast.Any())


def _several(parts: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(parts, min_size=2, max_size=3).map(tuple)


def _refinements(values: st.SearchStrategy[ast.Expression]) -> st.SearchStrategy[ast.Refinement]:
    relations = st.sampled_from(get_args(ast.Relation))
    names = NAMES | st.builds(ast.Related, relations, NAMES) | st.builds(ast.Joined, JUNCTIONS, _several(NAMES))
    attributes = st.builds(ast.Attribute, names, st.sampled_from(get_args(ast.Comparison)), values)
    in_group = attributes | st.builds(ast.JoinedRefinement, JUNCTIONS, _several(attributes))
    single = attributes | st.builds(ast.Group, in_group)
    return single | st.builds(ast.JoinedRefinement, JUNCTIONS, _several(single))


JUNCTIONS = st.sampled_from(get_args(ast.Junction))
#: How each kind of expression is drawn from smaller ones; a kind without an entry fails the test below.
KINDS = {
    ast.Reference: lambda _: REFERENCES,
    ast.Any: lambda _: st.just(ast.Any()),
    ast.MemberOf: lambda inner: st.builds(ast.MemberOf, inner),
    ast.Related: lambda inner: st.builds(ast.Related, st.sampled_from(get_args(ast.Relation)), inner),
    ast.Joined: lambda inner: st.builds(ast.Joined, JUNCTIONS, _several(inner)),
    ast.Minus: lambda inner: st.builds(ast.Minus, inner, inner),
    ast.Refined: lambda inner: st.builds(ast.Refined, inner, _refinements(inner)),
}
EXPRESSIONS = st.recursive(LEAVES, lambda inner: st.one_of(*(kind(inner) for kind in KINDS.values())), max_leaves=8)


@settings(max_examples=150)
@given(EXPRESSIONS)
def test_evaluation_agrees_with_plain_sets(release: Release, expression: ast.Expression) -> None:
    assert evaluate(release, expression) == NAIVE.evaluate(expression)


STROKES = "<< 230690007 |Stroke| OR << 274100004 |Cerebral haemorrhage| OR << 422504002 |Ischaemic stroke|"


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        pytest.param(STROKES, {230698000, 432504007, 274100004}, {266257000, 21454007, 275526006}, id="stroke"),
        pytest.param("<< 49436004", {282825002, 440059007, 440028005}, {5370000, 164889003, 71908006}, id="AF"),
        pytest.param("<< 73211009", {46635009, 81531005, 5368009}, {15777000, 15771004, 4855003, 160303001}, id="DM"),
        pytest.param("<< 22298006", {401303003, 401314000, 1755008}, {194828000, 53741008}, id="MI"),
        pytest.param("<< 22298006 MINUS << 1755008", {70211005}, {1755008}, id="MI, not old"),
        pytest.param("<< 33367005", {33367005}, {419545005, 67629009}, id="angiography"),
        pytest.param("<< 415070008", {429639007, 36969009}, {232717009, 33367005}, id="PCI"),
        pytest.param("<< 232717009", {17073005}, {399261000, 63697000}, id="CABG"),
        pytest.param("<< 38341003", {1201005, 123799005}, {70995007, 34742003, 161501007, 24184005}, id="hypertension"),
        pytest.param("<< 400047006", {399957001, 127014009}, {59621000}, id="PVD"),
        pytest.param("<< 77176002", {449868002, 160605003}, {8517006, 266919005, 43381005, 81703003}, id="smoker"),
        pytest.param("<< 303653007", {34227000}, {816077007}, id="CT of head"),
        pytest.param("<< 397046001: 405813007 = << 88556005", {439541007}, {433112001, 67358002}, id="thrombectomy"),
        pytest.param("<< 7657000", {69833005, 113270003}, {45631007}, id="femoral artery"),
        pytest.param("*: 47429007 = *", set(), {4855003}, id="attribute itself"),
        pytest.param("*: << 47429007 = << 73211009", {4855003, 127014009}, {73211009}, id="attribute and below"),
        pytest.param("<! 73211009", {46635009}, {73211009, 81531005}, id="children"),
        pytest.param(">! 70211005", {54329005, 58612006}, {57054005}, id="parents"),
        pytest.param("<< (^ 900000000000527005)", set(), {230690007}, id="inactive members lead nowhere"),
        pytest.param("^ (< 446609009)", {230690007, 274100004}, {432504007}, id="members"),
    ],
)  # fmt: skip
def test_what_the_registries_ask(release: Release, text: str, inside: set[int], outside: set[int]) -> None:
    found = evaluate(release, text)
    assert inside <= found
    assert outside.isdisjoint(found)
    assert all(release.is_active(concept) for concept in found)


def test_both_sites_in_one_group_are_asked_for_by_braces(release: Release) -> None:
    site, morphology = "363698007 = << 51114001", "116676008 = 55641003"
    assert 195189003 in evaluate(release, f"*: {site}, {morphology}")
    assert 195189003 not in evaluate(release, f"*: {{ {site}, {morphology} }}")


def test_an_inactive_or_unknown_concept_is_in_no_answer(release: Release) -> None:
    inactive = make_release.sctid_of(9011, "10")
    assert evaluate(release, f"{inactive} OR << {inactive} OR 128045006") == frozenset()
