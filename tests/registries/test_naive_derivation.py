"""What was compiled gives what the reference says, word for word: a second implementation agrees about everything."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from registries.cases import select
from registries.definition import Definition
from registries.derivation import derive
from registries.plan import compile_plan
from registries.record import Case, Value
from tests.registries import plans
from tests.registries.naive_cases import naive_cases
from tests.registries.naive_derivation import Naive, Told
from tests.registries.random_definitions import CATALOGUE, Dice
from tests.registries.strategies import KEY, chart

#: What meets rarely needs volume: each example is many definitions, each with many journals.
_DEFINITIONS, _JOURNALS = 40, 12
_seeds = st.integers(0, 2**32)


@settings(max_examples=6)
@given(_seeds)
def test_the_plan_gives_what_the_reference_says(seed: int) -> None:
    for number in range(_DEFINITIONS):
        _compare(Dice(seed + number))


def _compare(dice: Dice) -> None:
    definition = Definition.model_validate(dice.definition())
    plan = compile_plan(definition, CATALOGUE, plans.OneLine(), "one-line")
    for _ in range(_JOURNALS):
        journal = dice.journal()
        whole = chart(journal, plan)
        for case in select(whole, plan, KEY).cases:
            naive = Naive(definition, CATALOGUE, journal, {}, case)
            assert [_told(value) for value in derive(case, whole, plan)] == naive.values()


def _told(value: Value) -> Told:
    shown = tuple((one.source, one.code) for one in value.evidence)
    return Told(
        variable=value.variable,
        tier=value.tier,
        value=value.value,
        normed=value.normed,
        reason=value.reason,
        shown=shown,
        considered=value.considered,
        note=value.note,
        rule=value.rule,
        tried=value.tried,
        map=value.map,
        passed=value.passed,
    )


@settings(max_examples=6)
@given(_seeds)
def test_cases_are_those_that_the_reference_says(seed: int) -> None:
    for number in range(_DEFINITIONS):
        _compare_cases(Dice(seed + number))


def _compare_cases(dice: Dice) -> None:
    definition = Definition.model_validate(plans.data() | {"case": dice.case()})
    plan = compile_plan(definition, plans.CATALOGUE, plans.OneLine(), "one-line")
    for _ in range(_JOURNALS):
        journal = dice.journal(sure=dice.chance(2))
        found = select(chart(journal, plan), plan, KEY)
        cases, out = naive_cases(definition, journal)
        assert {one.entry.source: one.out for one in found.candidates} == out
        assert [_case(one) for one in found.cases] == cases


def _case(case: Case) -> dict[str, Any]:
    names = ("start", "end", "onset", "admission", "discharge", "procedure")
    return {
        "index": {one.source for one in case.index},
        "stays": {one.source for one in case.stays},
        **{name: getattr(case, name) for name in names},
    }
