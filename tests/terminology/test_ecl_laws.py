"""Equivalences that the ECL specification states: both sides have the same answer, whatever stands in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ecl_over_release import expressions, kinds, refinements
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Oracle
from small_release import IDS, write_release
from vocabularies import SMALL

from terminology.snomed.ecl import ast, write

DRAWN = expressions(SMALL, leaves=3)
ATTRIBUTES = kinds(SMALL)[ast.Attribute](DRAWN)
BLOCKS = kinds(SMALL)[ast.DescriptionFilters](DRAWN) | kinds(SMALL)[ast.ConceptFilters](DRAWN)
SEVERAL_SITES = st.builds(ast.Attribute, st.just(ast.Reference(IDS["site"])), st.just("="), DRAWN)
ANY = ast.Any()
SAME_AS = ast.Reference(IDS["same_as"])
PLAIN_RELATIONS = ("<", "<<", "<!", "<<!", ">", ">>", ">!", ">>!")

Sides = tuple[ast.Expression, ast.Expression]
#: How each law draws its two sides, by the clause that states it.
LAWS: dict[str, st.SearchStrategy[Sides]] = {}


def law(clause: str, *parts: st.SearchStrategy[object]) -> Callable[[Callable[..., Sides]], Callable[..., Sides]]:
    def keep(sides: Callable[..., Sides]) -> Callable[..., Sides]:
        LAWS[f"{clause} {sides.__name__}"] = st.builds(sides, *parts)
        return sides

    return keep


@law("6.1", st.sampled_from(["<<", ">>", "<<!", ">>!"]))
def any_and_what_is_below_or_above_it(relation: ast.Relation) -> Sides:
    return ast.Related(relation, ANY), ANY


@law("6.1", DRAWN, st.sampled_from([("<<", "<"), (">>", ">"), ("<<!", "<!"), (">>!", ">!")]))
def with_itself_and_without(x: ast.Expression, pair: tuple[ast.Relation, ast.Relation]) -> Sides:
    with_itself, without = pair
    active = ast.Filtered(x, (ast.ConceptFilters((ast.ActiveFilter(True),)),))
    return ast.Related(with_itself, x), ast.Joined("OR", (active, ast.Related(without, x)))


@law("6.7", DRAWN, DRAWN, st.sampled_from(PLAIN_RELATIONS))
def an_operator_on_a_union(x: ast.Expression, y: ast.Expression, relation: ast.Relation) -> Sides:
    apart = ast.Joined("OR", (ast.Related(relation, x), ast.Related(relation, y)))
    return ast.Related(relation, ast.Joined("OR", (x, y))), apart


@law("6.2", DRAWN, DRAWN)
def a_dot_and_a_reversed_attribute(x: ast.Expression, name: ast.Expression) -> Sides:
    return ast.Dotted(x, name), ast.Refined(ANY, ast.Attribute(name, "=", x, reverse=True))


@law("6.3", DRAWN, ATTRIBUTES)
def no_cardinality_and_one_to_many(x: ast.Expression, one: ast.Attribute) -> Sides:
    bare = ast.Attribute(one.name, one.comparison, one.value, None, one.reverse)
    some = ast.Attribute(one.name, one.comparison, one.value, ast.Cardinality(1, None), one.reverse)
    return ast.Refined(x, bare), ast.Refined(x, some)


@law("6.3", DRAWN, ATTRIBUTES)
def no_group_cardinality_and_one_to_many(x: ast.Expression, one: ast.Attribute) -> Sides:
    return ast.Refined(x, ast.Group(one)), ast.Refined(x, ast.Group(one, ast.Cardinality(1, None)))


@law("6.5", DRAWN, ATTRIBUTES)
def none_at_all_and_not_some(x: ast.Expression, one: ast.Attribute) -> Sides:
    none = ast.Attribute(one.name, one.comparison, one.value, ast.Cardinality(0, 0), one.reverse)
    some = ast.Attribute(one.name, one.comparison, one.value, None, one.reverse)
    active = ast.Filtered(x, (ast.ConceptFilters((ast.ActiveFilter(True),)),))
    return ast.Refined(x, none), ast.Minus(active, ast.Refined(x, some))


@law("6.5", DRAWN, SEVERAL_SITES)
def in_the_range_or_outside_it(x: ast.Expression, one: ast.Attribute) -> Sides:
    outside = ast.Attribute(one.name, "!=", one.value)
    return (
        ast.Refined(x, ast.JoinedRefinement("OR", (one, outside))),
        ast.Refined(x, ast.Attribute(one.name, "=", ANY)),
    )


@law("6.4", DRAWN, refinements(SMALL, DRAWN), refinements(SMALL, DRAWN), st.sampled_from(["AND", "OR"]))
def joined_refinements(x: ast.Expression, a: ast.Refinement, b: ast.Refinement, junction: ast.Junction) -> Sides:
    apart = ast.Joined(junction, (ast.Refined(x, a), ast.Refined(x, b)))
    return ast.Refined(x, ast.JoinedRefinement(junction, (a, b))), apart


@law("6.8", DRAWN.filter(lambda x: x != ANY), BLOCKS, BLOCKS)
def blocks_one_after_the_other(x: ast.Expression, a: ast.DescriptionFilters, b: ast.ConceptFilters) -> Sides:
    return ast.Filtered(x, (a, b)), ast.Filtered(ast.Filtered(x, (a,)), (b,))


@law("6.11", DRAWN)
def the_least_history(x: ast.Expression) -> Sides:
    return ast.Supplemented(x, "MIN"), ast.Supplemented(x, "", SAME_AS)


@law("6.11", DRAWN, st.sampled_from([ast.Supplemented(ANY, "MAX"), ast.Supplemented(ANY, "", ANY)]))
def all_history(x: ast.Expression, how: ast.Supplemented) -> Sides:
    return ast.Supplemented(x, how.profile, how.subset), ast.Supplemented(x)


@law("6.11", DRAWN.filter(lambda x: x != ANY), st.sampled_from(["same_as", "possibly", "was_a"]))
def history_by_its_template(x: ast.Expression, name: str) -> Sides:
    refset = ast.Reference(IDS[name])
    leads_there = ast.MemberFilters((ast.MemberFieldFilter("targetComponentId", "=", x),))
    inactive = ast.Minus(ast.MemberOf(refset, (), (leads_there,)), ANY)  # the template has no word for it, 6.11 has
    return ast.Supplemented(x, "", refset), ast.Joined("OR", (x, inactive))


@law("6.12", DRAWN)
def the_top(x: ast.Expression) -> Sides:
    return ast.Related("!!>", x), ast.Minus(x, ast.Related("<", x))


@law("6.12", DRAWN)
def the_bottom(x: ast.Expression) -> Sides:
    return ast.Related("!!<", x), ast.Minus(x, ast.Related(">", x))


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    return Oracle(write_release(tmp_path_factory.mktemp("small")))


@pytest.mark.parametrize("name", LAWS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_oracle_keeps_the_law(oracle: Oracle, name: str, data: st.DataObject) -> None:
    one, other = data.draw(LAWS[name])
    assert oracle.evaluate(one) == oracle.evaluate(other), f"{write(one)}\n{write(other)}"
