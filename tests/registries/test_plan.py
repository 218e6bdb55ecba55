"""A plan finds what a look at every selector would find, cites what it was made of, and refuses what it cannot bind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registries.catalogue import Catalogue
from registries.definition import Definition, DefinitionError
from registries.entry import Kind
from registries.plan import Plan, compile_plan
from terminology.codes import ATC, ICD10, LOINC, SNOMED, Code
from terminology.valuesets import Snomed
from tests.registries import plans
from tests.registries.strategies import ATRIAL, DIABETES, INSULIN, NIHSS, SMOKES, STROKE, code

SHARED_PLAN = plans.plan()
some_codes = st.lists(
    st.sampled_from(
        [STROKE, ATRIAL, DIABETES, NIHSS, INSULIN, SMOKES, code(ICD10, "E1"), code(LOINC, "1-1"), code(ATC, "A")]
    ),
    max_size=4,
)


def _naive(plan: Plan, kind: Kind, codes: list[Code]) -> tuple[int, ...]:
    return tuple(
        number
        for number, one in enumerate(plan.selectors)
        if one.kind is kind and (one.codes is None or any(each in one.codes for each in codes))
    )


@given(st.sampled_from(Kind), some_codes)
def test_remembered_answers_are_those_of_a_look_at_every_selector(kind: Kind, codes: list[Code]) -> None:
    for _ in range(2):
        assert SHARED_PLAN.select(kind, tuple(codes)) == _naive(SHARED_PLAN, kind, codes)


def test_equal_sets_are_one_selector() -> None:
    assert len(SHARED_PLAN.selectors) == len({(one.kind, repr(one.codes)) for one in SHARED_PLAN.selectors})
    assert SHARED_PLAN.selectors[SHARED_PLAN.index].kind is Kind.CONDITION


@pytest.mark.parametrize(
    ("codes", "readable"),
    [
        ((), False),
        ((STROKE,), True),
        ((SMOKES,), True),
        ((Code(SNOMED, "111"),), True),
        ((Code(SNOMED, "999"),), False),
        ((Code(SNOMED, "I48"),), False),
        ((Code(SNOMED, "999"), STROKE), True),
    ],
)
def test_a_code_is_readable_in_a_classification_or_in_the_release(codes: tuple[Code, ...], readable: bool) -> None:
    assert [SHARED_PLAN.readable(codes) for _ in range(2)] == [readable, readable]


def test_the_release_changes_with_anything_it_was_made_of() -> None:
    changed = plans.data() | {"version": 2}
    other = compile_plan(Definition.model_validate(changed), plans.CATALOGUE, plans.OneLine(), "one-line")
    texts = plans.data() | {"legal_basis": "y"}
    same_version = compile_plan(Definition.model_validate(texts), plans.CATALOGUE, plans.OneLine(), "one-line")
    fewer = {name: one for name, one in plans.CATALOGUE.sets.items() if name != "unused"} | {"new": {"icd10": ["A00"]}}
    catalogue = Catalogue(plans.CATALOGUE.variables, fewer, plans.CATALOGUE.maps)
    more_sets = compile_plan(Definition.model_validate(plans.data()), catalogue, plans.OneLine(), "one-line")
    newer = compile_plan(Definition.model_validate(plans.data()), plans.CATALOGUE, plans.OneLine(), "two-lines")
    releases = {plan.release for plan in (SHARED_PLAN, other, same_version, more_sets, newer)}
    assert len(releases) == 5
    assert plans.plan().release == SHARED_PLAN.release
    assert SHARED_PLAN.release.startswith("test@1+one-line+")


def _with(name: str, **changes: Any) -> dict[str, Any]:
    whole = plans.data()
    whole["variables"][name] |= changes
    return whole


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (_with("Told", normed="nothing"), r"variables\.Told\.normed: the catalogue has no variable 'nothing'"),
        (_with("Told", codes={1: "maybe"}), r"variables\.Told\.codes\.1: answer has no value 'maybe'"),
        (
            _with("Score", **{"from": [{"select": "observation", "codes": "heights", "value": "quantity"}]}),
            r"variables\.Score\.from\.0\.codes: the catalogue has no set of codes called 'heights'",
        ),
        (
            _with("Kind", **{"from": [{"select": "condition", "value": "code", "map": "kinds"}]}),
            r"variables\.Kind\.from\.0\.map: the catalogue has no map 'kinds'; did you mean `kind`",
        ),
        (
            _with("Score", **{"from": [{"select": "observation", "codes": {"icd11": ["1A00"]}, "value": "quantity"}]}),
            r"variables\.Score\.from\.0\.codes\.icd11: unknown code system 'icd11'; did you mean `icd10`",
        ),
        (
            plans.data() | {"case": plans.data()["case"] | {"codes": {"icd10": ["I63-E10"]}}},
            r"case\.codes\.icd10\.0: 'I63-E10' is not a range",
        ),
        (
            _with("Both", **{"from": [{"all": [{"select": "death", "codes": "none", "is": "yes"}], "is": "yes"}]}),
            r"variables\.Both\.from\.0\.all\.0\.codes: the catalogue has no set",
        ),
    ],
)
def test_what_cannot_be_bound_names_the_place(written: dict[str, Any], text: str) -> None:
    with pytest.raises(DefinitionError, match=f"definition test: {text}"):
        compile_plan(Definition.model_validate(written), plans.CATALOGUE, plans.OneLine(), "one-line")


def test_a_wrong_expression_names_the_place_and_the_column(snomed: Snomed) -> None:
    wrong = {"from": [{"select": "condition", "codes": {"snomed": "<< 73211009 |Diabetes| ANDD 1"}, "is": "yes"}]}
    with pytest.raises(
        DefinitionError,
        match=r"definition test: variables\.Both\.from\.0\.codes\.snomed: .*column \d+; it can be read up to",
    ):
        compile_plan(Definition.model_validate(_with("Both", **wrong)), plans.CATALOGUE, snomed, "example")
