"""Postcoordinated expressions: written and read, compared, matched with constraints, held to the concept model."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terminology.snomed.ecl.parser import parse as parse_ecl
from terminology.snomed.expressions.checking import check
from terminology.snomed.expressions.comparing import compare, subsumes
from terminology.snomed.expressions.matching import satisfies
from terminology.snomed.expressions.model import concept_model
from terminology.snomed.expressions.parser import parse
from terminology.snomed.expressions.values import Concept, Expression, ExpressionError, Refinement, Text
from terminology.snomed.expressions.writer import write
from terminology.snomed.release import Release
from tests.fhir_terminology.conftest import named
from tests.terminology.small_release import IDS

_CONCEPTS = st.sampled_from([IDS[name] for name in ("disease", "carditis", "valvitis", "cold", "finding", "twofold")])
_SITES = st.sampled_from([IDS[name] for name in ("body", "heart", "valve", "lung")])
_SHAPES = st.sampled_from([IDS[name] for name in ("shape", "swelling", "scar")])
_BARE = st.builds(lambda sctid: Expression((Concept(sctid),)), _SITES | _SHAPES)


@st.composite
def _expressions(draw: st.DrawFn) -> Expression:
    """Findings with up to two groups of a site and a shape."""
    group = st.tuples(
        st.builds(lambda v: Refinement(Concept(IDS["site"]), Expression((Concept(v),))), _SITES),
        st.builds(lambda v: Refinement(Concept(IDS["morph"]), Expression((Concept(v),))), _SHAPES),
    )
    focus = draw(st.lists(_CONCEPTS, min_size=1, max_size=2))
    groups = draw(st.lists(group, max_size=2))
    return Expression(tuple(map(Concept, focus)), groups=tuple(groups))


_VALUES = st.one_of(
    _BARE,
    st.decimals(-999, 999, places=2).map(abs),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=9).map(Text),
    st.booleans(),
    _expressions(),
)
_REFINEMENTS = st.lists(st.builds(Refinement, st.builds(Concept, _SITES), _VALUES), min_size=1, max_size=3).map(tuple)
_ANY = st.builds(
    Expression,
    st.lists(st.builds(Concept, _CONCEPTS), min_size=1, max_size=3).map(tuple),
    _REFINEMENTS | st.just(()),
    st.lists(_REFINEMENTS, max_size=2).map(tuple),
)


@given(_ANY)
def test_what_is_written_reads_as_the_same(expression: Expression) -> None:
    assert parse(write(expression)) == expression


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1 |a| : { 2 |b| = 3 |c| }", "1:{2=3}"),
        ("=== 1 + 2 : 3 = 4", "1+2:3=4"),
        ("1:2=3{4=5}{6=7}", "1:2=3,{4=5},{6=7}"),
        ("1:{2=(3:4=5)}", "1:{2=(3:4=5)}"),
        ("1:{2=(3)}", "1:{2=3}"),
        ('1:2=#1.50,3="a",4=true', '1:2=#1.50,3="a",4=TRUE'),
    ],
)
def test_spaces_terms_and_optional_commas_say_nothing(text: str, written: str) -> None:
    assert write(parse(text)) == written


@pytest.mark.parametrize(
    ("text", "column"),
    [("", 1), ("abc", 1), ("1:", 3), ("1:{2=3:4=5}", 7), ("1:2=3,", 7), ("1 |a", 3), ("1:{2=3", 7), ("1:{2=3},", 9)],
)
def test_what_is_no_expression_is_refused_at_its_column(text: str, column: int) -> None:
    with pytest.raises(ExpressionError, match=f"column {column}$"):
        parse(text)


@pytest.mark.parametrize("text", ["1:2=" + "(1:2=" * 30 + "3" + ")" * 30, "1+" * 9000 + "1", "9" * 19])
def test_expressions_have_limits(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


@given(_expressions(), _expressions(), _expressions())
@settings(max_examples=60, deadline=None)
def test_subsumption_is_a_preorder(release: Release, a: Expression, b: Expression, c: Expression) -> None:
    assert subsumes(release, a, a)
    if subsumes(release, a, b) and subsumes(release, b, c):
        assert subsumes(release, a, c)


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        ("{disease}", "{disease}:{{{site}={heart}}}", "subsumes"),
        ("{disease}:{{{site}={heart}}}", "{finding}", "subsumed-by"),
        ("{disease}:{{{site}={heart}}}", "{disease}:{{{site}={valve}}}", "subsumes"),
        ("{disease}:{{{site}={heart}}}", "{disease}:{{{site}={heart},{morph}={scar}}}", "subsumes"),
        ("{disease}:{{{site}={heart}}}", "{disease}:{{{site}={lung}}}", None),
        ("{disease}:{{{site}={heart}}}", "{disease}:{{{morph}={scar}}}", None),
        ("{disease}:{{{site}={heart}}}", "{twofold}", "subsumes"),  # a primitive concept has its attributes
        (  # but they do not suffice: it is never equivalent to them
            "{disease}:{{{site}={heart},{morph}={scar}}},{{{site}={lung},{morph}={swelling}}},{{{site}={lung},{morph}={scar}}}",
            "{twofold}",
            "subsumes",
        ),
        ("{carditis}", "{disease}+{heart_finding}:{{{site}={heart},{morph}={swelling}}}", "equivalent"),
        ("{carditis}", "{disease}:{{{site}={heart},{morph}={swelling}}}", "equivalent"),
        ("{carditis}", "{carditis}:{{{site}={heart}}}", "equivalent"),
        ("{disease}+{finding}", "{disease}", "equivalent"),
        ("{disease} |Disease|", "{disease}", "equivalent"),
        ("{heart}", "{lung}", "not-subsumed"),
        ("{disease}:{{{site}=({heart}:{label}={lung})}}", "{disease}:{{{site}={heart}}}", "subsumed-by"),
        ("{drug}:{{{strength}=#5}}", "{pill5}", "subsumes"),
        ("{drug}:{{{strength}=#5}}", "{pill10}", None),
        ('{drug}:{label}="PILL"', "{pill5}", "subsumes"),
        ("{drug}:{subsidised}=TRUE", "{pill5}", "subsumes"),
    ],
)
def test_how_expressions_stand_to_one_another(release: Release, a: str, b: str, outcome: str | None) -> None:
    turned = {"subsumes": "subsumed-by", "subsumed-by": "subsumes"}
    one, other = parse(named(a)), parse(named(b))
    assert compare(release, one, other) == outcome
    assert compare(release, other, one) == turned.get(outcome or "", outcome)


@pytest.mark.parametrize(
    ("expression", "constraint", "member"),
    [
        ("{disease}:{{{site}={lung}}}", "< {finding}", True),
        ("{disease}:{{{site}={lung}}}", "<< {disease}", True),
        ("{disease}:{{{site}={lung}}}", "{disease}", False),
        ("{disease}:{{{site}={lung}}}", "<! {disease}", False),
        ("{disease}:{{{site}={lung}}}", "> {carditis}", False),
        ("{disease}:{{{site}={lung}}}", "*", True),
        ("{disease}:{{{site}={lung}}}", "^ {problems}", False),
        ("{disease}:{{{site}={lung}}}", "<< {disease} MINUS << {carditis}", True),
        ("{carditis}:{{{site}={valve}}}", "<< {disease} MINUS << {carditis}", False),
        ("{disease}:{{{site}={lung}}}", "<< {cold} OR << {finding}", True),
        ("{disease}:{{{site}={lung}}}", "<< {cold} AND << {finding}", False),
        ("{disease}:{{{site}={heart},{morph}={swelling}}}", "<< {carditis}", True),
        ("{disease}:{{{site}={valve}}}", "< {finding} : {site} = << {heart}", True),
        ("{disease}:{{{site}={valve}}}", "< {finding} : {site} = {heart}", False),
        ("{disease}:{{{site}={valve}}}", "< {finding} : {site} != {heart}", True),
        ("{disease}:{{{site}={valve}}}", "< {finding} : {morph} = *", False),
        ("{disease}:{{{site}={valve}}},{{{morph}={scar}}}", "< {finding} : {{ {site} = *, {morph} = * }}", False),
        ("{disease}:{{{site}={valve},{morph}={scar}}}", "< {finding} : {{ {site} = *, {morph} = * }}", True),
        ("{carditis}:{{{site}={valve},{morph}={swelling}}}", "* : [1..1] {site} = << {heart}", True),
        ("{disease}:{{{site}={valve}}},{{{site}={heart}}}", "* : [1..1] {site} = << {heart}", False),
        ("{disease}:{{{site}={valve}}},{{{site}={heart}}}", "* : [2..*] {{ {site} = << {heart} }}", True),
        ("{disease}:{{{site}=({lung}:{label}={heart})}}", "* : {site} = << {lung}", True),
        ("{disease}:{{{site}={lung}}}", "* : R {site} = *", False),
        ("{drug}:{{{strength}=#7}}", "* : {strength} > #5", True),
        ("{drug}:{{{strength}=#7}}", "* : {strength} <= #5", False),
        ("{drug}:{subsidised}=TRUE", "* : {subsidised} = TRUE", True),
        ("{carditis}", "<! {disease}", True),  # a plain concept is a concept
    ],
)
def test_which_constraints_an_expression_satisfies(
    release: Release, expression: str, constraint: str, member: bool
) -> None:
    assert satisfies(release, parse(named(expression)), parse_ecl(named(constraint))) is member


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("999999:{{{site}={heart}}}", "Concept 999999 not found"),
        ("{disease}:{{{site}=999999}}", "Concept 999999 not found"),
        ("{disease}:{{{heart}={site}}}", r"Concept {heart} is not valid in this context \(must be a {attribute}\)"),
        ("{heart}:{{{site}={valve}}}", "does not allow the attribute {site}.* on {heart}.*in the domain {finding}"),
        ("{body}:{{{due}={cold}}}", "only valid in the domain {finding}.*, or in the domain {drug}"),
        ("{disease}:{site}={heart}", "requires the attribute {site}.* to be in a relationship group"),
        ("{disease}:{{{cause}={virus}}}", "requires the attribute {cause}.* to be outside of relationship groups"),
        ("{disease}:{{{site}={scar}}}", "does not allow this value of the attribute {site}"),
        ("{disease}:{{{site}={lung},{site}={heart}}}", "{site}.* 2 times in one group"),
        ("{disease}:{cause}={virus},{cause}={aspirin}", "{cause}.* 2 times"),
        ("{valve}:{label}={heart}", "for concepts in {other}"),  # the optional rule restricts the mandatory one
        ("{drug}:{{{strength}=#0}}", "does not allow this value"),
        ("{drug}:{{{strength}={aspirin}}}", "does not allow this value"),
        ("{disease}:{{{site}=#5}}", "does not allow this value"),
    ],
)
def test_what_the_concept_model_forbids(release: Release, text: str, why: str) -> None:
    with pytest.raises(ExpressionError, match=named(why)):
        check(release, concept_model(release), parse(named(text)))


@pytest.mark.parametrize(
    "text",
    [
        "{disease}:{{{site}={heart},{morph}={scar}}},{{{site}={lung}}}",
        "{disease}:{cause}={virus}",
        "{disease}:{{{site}=({lung}:{label}={heart})}}",
        "{drug}:{{{strength}=#0.5}}",
        "{carditis}:{{{due}={cold}}}",
        "{drug}:{{{due}={cold}}}",
        "{carditis}+{cold}",
    ],
)
def test_what_the_concept_model_allows(release: Release, text: str) -> None:
    check(release, concept_model(release), parse(named(text)))


def test_concrete_values_are_read_as_written() -> None:
    (refinement,) = parse("1:2=#2.50").ungrouped
    assert refinement.value == Decimal("2.50")
