"""The rules of maps: read, written, and judged for a patient."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from map_examples import (
    ACUTE,
    FEMALE,
    IF_ACUTE,
    IF_OLD,
    MALE,
    MI,
    NOBODY,
    NOW,
    OLD,
    ONSET,
    PAIN,
    STEMI,
    TEEN,
    Infarctions,
)

from terminology.snomed.ages import UNITS, Age, age_of
from terminology.snomed.map_rules import (
    AgeIs,
    Always,
    Comparator,
    Every,
    Moment,
    OfSex,
    Present,
    Rule,
    Sex,
    Unreadable,
    Unwritten,
    parse_rule,
    write_rule,
)
from terminology.snomed.map_truth import Context, Need, Patient, Truth


def _onset(age: str) -> Context:
    return Context(age=age_of(age))


RULES: list[tuple[str, Context, Truth]] = [
    # Always.
    ("TRUE", NOBODY, True),
    ("OTHERWISE TRUE", NOBODY, True),
    ("  otherwise   true ", NOBODY, True),
    # Sex.
    (FEMALE, Context(sex="F"), True),
    (FEMALE, Context(sex="M"), False),
    (FEMALE, NOBODY, None),
    (MALE, Context(sex="M"), True),
    (MALE, Context(sex="F"), False),
    (MALE, NOBODY, None),
    ("IFA 248153007", Context(sex="M"), True),
    (MALE, Context(findings=frozenset({248153007})), True),
    (FEMALE, Context(findings=frozenset({248153007})), False),
    (FEMALE, Context(findings=frozenset({248153007, 248152002})), None),
    (FEMALE, Context(findings=frozenset()), None),
    (FEMALE, Context(sex="F", findings=frozenset({248153007})), True),
    # Age at onset in the unit of the rule.
    (f"{ONSET} < 28.0 days", _onset("27d"), True),
    (f"{ONSET} < 28.0 days", _onset("28d"), False),
    (f"{ONSET} <= 28.0 days", _onset("28d"), True),
    (f"{ONSET} <= 28.0 days", _onset("29d"), False),
    (f"{ONSET} > 28.0 days", _onset("28d"), False),
    (f"{ONSET} > 28.0 days", _onset("29d"), True),
    (f"{ONSET} >= 12.0 years", _onset("12y"), True),
    (f"{ONSET} >= 12.0 years", _onset("11y"), False),
    (f"{ONSET} <= 15.0 years", _onset("15y"), True),
    (f"{ONSET} = 1.0 years", _onset("1y"), True),
    (f"{ONSET} = 1.0 years", _onset("2y"), False),
    (f"{ONSET} = 2 weeks", _onset("2w"), True),
    (f"{ONSET} >= 24.0 months", _onset("24mo"), True),
    # Age at onset in another unit: decided where the units allow it.
    (f"{ONSET} < 28.0 days", _onset("3y"), False),
    (f"{ONSET} < 28.0 days", _onset("0y"), None),
    (f"{ONSET} < 28.0 days", _onset("0mo"), None),
    (f"{ONSET} < 28.0 days", _onset("1mo"), False),
    (f"{ONSET} <= 28.0 days", _onset("1mo"), None),
    (f"{ONSET} < 28.0 days", _onset("3w"), True),
    (f"{ONSET} < 28.0 days", _onset("4w"), False),
    (f"{ONSET} < 25.0 days", _onset("3w"), None),
    (f"{ONSET} >= 24.0 months", _onset("2y"), True),
    (f"{ONSET} >= 25.0 months", _onset("2y"), None),
    (f"{ONSET} = 25.0 months", _onset("2y"), None),
    (f"{ONSET} = 24.0 months", _onset("2y"), None),
    (f"{ONSET} = 36.0 months", _onset("2y"), False),
    (f"{ONSET} >= 1.0 year", _onset("366d"), True),
    (f"{ONSET} >= 1.0 year", _onset("365d"), None),
    (f"{ONSET} >= 1.0 year", _onset("364d"), False),
    (f"{ONSET} < 12.0 years", _onset("9d"), True),
    # Half units.
    (f"{ONSET} < 2.5 years", _onset("29mo"), True),
    (f"{ONSET} < 2.5 years", _onset("30mo"), False),
    (f"{ONSET} < 2.5 years", _onset("1y"), True),
    (f"{ONSET} < 2.5 years", _onset("2y"), None),
    (f"{ONSET} < 2.5 years", _onset("3y"), False),
    (f"{ONSET} > 1.3 months", _onset("1mo"), None),
    (f"{ONSET} > 1.3 months", _onset("2mo"), True),
    (f"{ONSET} > 1.3 months", _onset("0mo"), False),
    # Which age.
    (f"{ONSET} < 12.0 years", Context(current_age=Age(3, "years")), None),
    (f"{NOW} < 12.0 years", Context(current_age=Age(3, "years")), True),
    (f"{NOW} >= 65.0 years", Context(age=Age(70, "years")), None),
    (f"{NOW} <= 18.0 years", Context(current_age=Age(19, "years")), False),
    # Findings: the finding itself or one below it.
    (IF_ACUTE, NOBODY, None),
    (IF_ACUTE, Context(findings=frozenset()), False),
    (IF_ACUTE, Context(findings=frozenset({ACUTE})), True),
    (IF_ACUTE, Context(findings=frozenset({STEMI})), True),
    (IF_ACUTE, Context(findings=frozenset({PAIN, OLD})), False),
    (f"IFA {MI} | Myocardial infarction (disorder) |", NOBODY, True),
    # Conjunctions.
    (TEEN, _onset("12y"), True),
    (TEEN, _onset("18y"), True),
    (TEEN, _onset("19y"), False),
    (TEEN, _onset("11y"), False),
    (TEEN, NOBODY, None),
    (f"{FEMALE} AND {ONSET} < 55.0 years", Context(sex="F", age=Age(54, "years")), True),
    (f"{FEMALE} AND {ONSET} < 55.0 years", Context(sex="M"), False),
    (f"{FEMALE} AND {ONSET} < 55.0 years", Context(age=Age(55, "years")), False),
    (f"{FEMALE} AND {ONSET} < 55.0 years", Context(sex="F"), None),
    (f"{IF_ACUTE} AND {ONSET} <= 28.0 days", Context(_onset("9d").age, findings=frozenset({STEMI})), True),
    (f"{IF_ACUTE} AND {ONSET} <= 28.0 days", Context(_onset("9y").age), False),
    (f"{IF_ACUTE} AND {IF_OLD}", Context(findings=frozenset({OLD, STEMI})), True),
    (f"{IF_ACUTE} AND {IF_OLD}", Context(findings=frozenset({OLD})), False),
    # The bar as UMLS carries it, and other ways to space.
    ("IFA 248152002 &#x7C; Female (finding) &#x7C;", Context(sex="F"), True),
    ("ifa 248152002|Female|and IFA  445518008||<55 Years", Context(sex="F", age=Age(54, "years")), True),
    # Not written, or not readable.
    ("", Context(sex="F", findings=frozenset()), None),
    ("IFA 22298007 | wrong check digit |", Context(findings=frozenset()), None),
    ("SOMETIMES", Context(sex="F"), None),
    (f"{FEMALE} OR {MALE}", Context(sex="F"), None),
]


@pytest.mark.parametrize(("text", "context", "truth"), RULES)
def test_a_rule_for_a_patient(text: str, context: Context, truth: Truth) -> None:
    judged = Patient(context, MI, Infarctions()).judge(parse_rule(text))
    assert judged.truth is truth
    assert bool(judged.needs) == (truth is None)


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("SOMETIMES", 1, "IFA"),
        ("TRUE AND IFA 22298006", 1, "IFA"),
        ("IFA", 4, "a concept identifier"),
        ("IFA x", 5, "a concept identifier"),
        ("IFA 22298007 | X |", 5, "a concept identifier"),
        ("IFA 900000000000509015 | a description |", 5, "a concept identifier"),
        ("IFA 22298006 | X", 14, "AND or the end of the rule"),
        ("IFA 22298006 | X | OR IFA 1755008 | Y |", 20, "AND or the end of the rule"),
        ("IFA 22298006 | X | ANDROID", 20, "AND or the end of the rule"),
        ("IFA 22298006 AND", 17, "IFA"),
        ("IFA 27113001 | Body weight | < 3.0 kg", 30, "no comparison: only ages are compared"),
        ("IFA 445518008 | Age |", 22, "one of <= >= < > ="),
        ("IFA 445518008 | Age | =< 3 days", 24, "a number"),
        ("IFA 445518008 | Age | < x days", 25, "a number"),
        ("IFA 445518008 | Age | < -3 days", 25, "a number"),
        ("IFA 445518008 | Age | < 3", 26, "one of days weeks months years"),
        ("IFA 445518008 | Age | < 3 decades", 27, "one of days weeks months years"),
        ("IFA 445518008 | Age | < 3.0 yearsAND IFA 22298006", 29, "one of days weeks months years"),
    ],
)
def test_what_is_no_rule_says_where_and_what_was_expected(text: str, column: int, expected: str) -> None:
    assert parse_rule(text) == Unreadable(text, column, expected)


@pytest.mark.parametrize(
    ("text", "context", "needs"),
    [
        (FEMALE, NOBODY, [Need("sex")]),
        (f"{ONSET} < 28.0 days", NOBODY, [Need("age_at_onset", unit="days")]),
        (f"{ONSET} < 28.0 days", _onset("0y"), [Need("age_at_onset", unit="days")]),
        (f"{NOW} < 2.0 years", _onset("0y"), [Need("current_age", unit="years")]),
        (IF_ACUTE, NOBODY, [Need("finding", concept=ACUTE)]),
        (f"{IF_ACUTE} AND {FEMALE} AND {TEEN}", _onset("15y"), [Need("finding", concept=ACUTE), Need("sex")]),
        (TEEN, NOBODY, [Need("age_at_onset", unit="years")]),
        ("nonsense", NOBODY, [Need("person")]),
    ],
)
def test_what_would_decide_a_rule(text: str, context: Context, needs: list[Need]) -> None:
    assert list(Patient(context, MI, Infarctions()).judge(parse_rule(text)).needs) == needs


TERMS = st.just("") | st.text(st.characters(codec="utf-8", exclude_characters="|")).map(str.strip)
AGES = st.builds(
    AgeIs,
    st.sampled_from(get_args(Moment)),
    st.sampled_from(get_args(Comparator)),
    st.decimals(0, 200, places=1),
    st.sampled_from(UNITS),
    TERMS,
)
CONDITIONS = (
    AGES
    | st.builds(OfSex, st.sampled_from(get_args(Sex)), TERMS)
    | st.builds(Present, st.sampled_from([MI, ACUTE, 104831000119109]), TERMS)
)
ALL_RULES: st.SearchStrategy[Rule] = st.one_of(
    st.builds(Always, st.booleans()),
    CONDITIONS,
    st.lists(CONDITIONS, min_size=2, max_size=4).map(lambda found: Every(tuple(found))),
    st.just(Unwritten()),
)


@given(ALL_RULES)
def test_what_is_written_is_read_back(rule: Rule) -> None:
    assert parse_rule(write_rule(rule)) == rule


@given(
    st.text()
    | st.lists(st.sampled_from(["IFA ", "22298006", "|", " AND ", "445518008 ", "< 3", "years", "TRUE"])).map("".join)
)
def test_no_text_is_too_strange_to_read(text: str) -> None:
    rule = parse_rule(text)
    assert parse_rule(write_rule(rule)) == rule


CONTEXTS = st.builds(
    Context,
    st.none() | st.builds(Age, st.integers(0, 100), st.sampled_from(UNITS)),
    st.none() | st.builds(Age, st.integers(0, 100), st.sampled_from(UNITS)),
    st.none() | st.sampled_from(get_args(Sex)),
    st.none() | st.frozensets(st.sampled_from([MI, ACUTE, OLD, STEMI, PAIN])),
)


@given(ALL_RULES, CONTEXTS, CONTEXTS)
def test_knowing_more_changes_no_answer(rule: Rule, some: Context, rest: Context) -> None:
    more = Context(
        some.age or rest.age,
        some.current_age or rest.current_age,
        some.sex or rest.sex,
        some.findings if some.findings is not None else rest.findings,
    )
    before, after = (Patient(known, MI, Infarctions()).judge(rule).truth for known in (some, more))
    assert before is None or before is after


@given(st.sampled_from(UNITS), st.integers(0, 60), st.integers(0, 100), st.sampled_from(UNITS))
def test_comparators_agree_with_each_other(unit: str, bound: int, value: int, own: str) -> None:
    judge = Patient(Context(age=Age(value, own)), MI, Infarctions()).judge  # type: ignore[arg-type]
    truth = {sign: judge(AgeIs("onset", sign, Decimal(bound), unit)).truth for sign in get_args(Comparator)}  # type: ignore[arg-type]
    assert truth["<"] is (None if truth[">="] is None else not truth[">="])
    assert truth["<="] is (None if truth[">"] is None else not truth[">"])
    if truth["="]:
        assert truth["<="] and truth[">="]
