"""What was compiled gives what the reference says, word for word: a second implementation agrees about everything."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from registries.case_rule import CaseRule, Episode, Period
from registries.cases import select
from registries.definition import Absent, Definition, Rule, Variable
from registries.derivation import derive
from registries.entry import Kind
from registries.plan import compile_plan
from registries.record import Case, Value
from registries.value_words import Band, Length
from registries.words import Closest, Window
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


def test_every_word_of_the_language_is_met_by_chance() -> None:
    """A word that the dice never throw is compared by nobody: teach them (`random_definitions`), and the reference."""
    thrown = set[str]()
    for seed in range(400):
        definition = Definition.model_validate(Dice(seed).definition())
        for rule in (rule for one in definition.variables.values() for rule in one.from_):
            thrown |= set().union(*(_words(part) for part in (rule, *(rule.all_ or ()))))
        thrown |= set().union(*(_words(one) for one in definition.variables.values())) | _words(definition.case)
    assert _known_words() - thrown == _MEANT_FOR_OTHERS


#: Words that bear on no value: what is checked afterwards, and told to people.
_MEANT_FOR_OTHERS = {"Variable.range", "Variable.obligatory", "Variable.clause"}
_MODELS = (Rule, Variable, CaseRule, Window, Closest, Band, Length, Absent, Episode, Period)


def _known_words() -> set[str]:
    words = {f"{model.__name__}.{name}" for model in _MODELS for name in model.model_fields}
    listed = {"value": Rule, "pick": Rule, "several": Rule, "comparator": Rule, "tie": Closest, "side": Closest}
    listed |= {"unit": Length, "same_case_from": CaseRule, "worse": Rule}
    literals = {
        f"{name}={word}" for name, model in listed.items() for word in _literals(model.model_fields[name].annotation)
    }
    return words | literals | {f"select={kind}" for kind in (*Kind, "index")}


def _literals(annotation: Any) -> set[str]:
    if get_origin(annotation) is Literal:
        return {str(word) for word in get_args(annotation)}
    return set().union(*(_literals(one) for one in get_args(annotation)))


def _words(model: BaseModel) -> set[str]:
    """The words that are said in a part of a definition, and for those with few values also the value."""
    found = set[str]()
    for name in model.model_fields_set:
        said = getattr(model, name)
        found |= {f"{type(model).__name__}.{name}", f"{name}={said}"}
        for one in said if isinstance(said, list) else [said]:
            found |= _words(one) if isinstance(one, BaseModel) else set()
    return found
