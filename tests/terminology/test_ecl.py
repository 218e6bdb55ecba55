"""ECL on the example release: what the registries ask, and the laws that the specification states."""

from __future__ import annotations

import pytest
from ecl_release import NAMES
from ecl_strategies import EXPRESSIONS
from hypothesis import given, settings
from hypothesis import strategies as st

from terminology.snomed.ecl import EclError, ast, evaluate, parse, write
from terminology.snomed.release import Release

NAMED = st.sampled_from(sorted(NAMES.values())).map(ast.Reference)
SETS = st.recursive(
    NAMED | st.just(ast.Any()),
    lambda inner: st.one_of(
        st.builds(ast.Related, st.sampled_from(["<", "<<", "<!", ">", ">>", ">!"]), inner),
        st.builds(ast.MemberOf, inner),
        st.builds(ast.Joined, st.sampled_from(["AND", "OR"]), st.tuples(inner, inner)),
        st.builds(ast.Minus, inner, inner),
        st.builds(ast.Dotted, inner, inner),
    ),
    max_leaves=5,
).map(lambda expression: f"({write(expression)})")
#: Two expressions that the specification calls equivalent, for any sets x and y, attribute a.
LAWS = (
    ("!!> {x}", "{x} MINUS < {x}"),  # 6.12
    ("!!< {x}", "{x} MINUS > {x}"),
    ("{x} . {a}", "* : R {a} = {x}"),  # 6.2
    ("{x} . {a} . {b}", "({x} . {a}) . {b}"),
    ("<< {x}", "< {x} OR ({x} AND *)"),  # 6.1, on active concepts
    (">>! {x}", ">! {x} OR ({x} AND *)"),
    ("^ [referencedComponentId] {x}", "^ {x}"),
    ("*: {a} = {x}", "*: [1..*] {a} = {x}"),  # 6.3, default cardinalities
    ("*: {{ {a} = {x} }}", "*: [1..*] {{ [1..*] {a} = {x} }}"),
    ("*: [0..0] {a} = {x}", "* MINUS (*: {a} = {x})"),  # 6.5
    ("*: [0..1] {a} = {x}", "* MINUS (*: [2..*] {a} = {x})"),
    ("*: [0..0] {{ {a} = {x} }}", "* MINUS (*: {{ {a} = {x} }})"),
    ("*: {a} = {x} OR {b} = {x}", "*: ({a} OR {b}) = {x}"),  # 6.7
    ("*: {a} = {x}, {b} = {y}", "(*: {a} = {x}) AND (*: {b} = {y})"),  # 6.4
    ('{x} {{{{ term = "heart att" }}}}', '{x} {{{{ term = "att", term = match:"heart" }}}}'),  # 6.8
    ("{x} {{{{ type = (syn def) }}}}", "{x} {{{{ type = syn }}}} OR {x} {{{{ type = def }}}}"),
    (
        "{x} {{{{ + HISTORY ({y}) }}}}",  # 6.11
        # twice x, as a bare * would be any value at all
        "{x} OR (^ {y} {{{{ M targetComponentId = ({x} OR {x}) }}}}) {{{{ C active = 0 }}}}",
    ),
    ("{x} {{{{ + HISTORY-MAX }}}}", "{x} {{{{ + HISTORY (*) }}}}"),
)


@pytest.mark.parametrize(("one", "other"), LAWS, ids=lambda law: law.replace("{{", "{").replace("}}", "}"))
@settings(max_examples=100)
@given(x=SETS, y=SETS, a=NAMED.map(write), b=NAMED.map(write))
def test_expressions_that_are_equivalent_have_the_same_answer(
    small: Release, one: str, other: str, x: str, y: str, a: str, b: str
) -> None:
    filled = (form.format(x=x, y=y, a=a, b=b) for form in (one, other))
    first, second = (evaluate(small, expression) for expression in filled)
    assert first == second


@settings(max_examples=300)
@given(EXPRESSIONS)
def test_whatever_can_be_written_is_answered_or_refused(small: Release, expression: ast.Expression) -> None:
    try:
        found = evaluate(small, expression)
    except EclError as error:
        assert error.column is None  # it could be read
    else:
        assert found <= frozenset(small.ids.tolist())
        assert found == evaluate(small, parse(write(expression)))


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


WORDS = ("h", "hjerte", "Heart", "infarct", "å", "apopleksi", "st-", "stroke (disorder", "cerebral artery", "x y")


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("kind", ["match", "wild"])
def test_terms_are_found_the_same_way_among_many_descriptions_and_among_few(
    release: Release, word: str, kind: str
) -> None:
    filters = f'{{{{ term = {kind}:"{word}{"*" * (kind == "wild")}" }}}} {{{{ term != {kind}:"{word}" }}}}'
    singly = (evaluate(release, f"{concept} {filters}") for concept in sorted(evaluate(release, "*")))
    assert evaluate(release, f"* {filters}") == frozenset().union(*singly)
