"""Each check finds what it is for, says where, and repeats nothing of what it saw."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registries.checks import check
from registries.definition import Definition
from registries.record import Finding, Reason, RegistryValue, Severity, Tier, Value
from tests.registries import plans

_VARIABLES: dict[str, dict[str, Any]] = {
    "Code": {"type": "code", "codes": {1: "yes", 2: "no"}, "obligatory": True, "clause": "1"},
    "Whole": {"type": "integer", "range": {"hard": [0, 42], "plausible": [1, 40]}, "clause": "2"},
    "Exact": {"type": "decimal", "decimals": 1, "range": {"hard": [20, 250]}, "clause": "3"},
    "First": {"type": "datetime", "clause": "4"},
    "Then": {"type": "datetime", "clause": "5"},
    "Day": {"type": "date", "clause": "6"},
}
DEFINITION = Definition.model_validate(
    plans.data()
    | {
        "variables": {
            name: {"normed": "x", "label": {"nb": name, "en": name}, "automation": "manual", **body}
            for name, body in _VARIABLES.items()
        },
        "orders": [
            {"first": "First", "then": "Then", "clause": "7"},
            {"first": "First", "then": "Day", "severity": "warning", "clause": "8"},
        ],
    }
)


def _check(**values: RegistryValue | Reason) -> list[Finding]:
    return list(check(tuple(_value(name, value) for name, value in values.items()), DEFINITION))


def _value(name: str, given_: RegistryValue | Reason) -> Value:
    if isinstance(given_, Reason):
        return Value(variable=name, tier=Tier.PROPOSED, reason=given_)
    return Value(variable=name, tier=Tier.PROPOSED, value=given_)


@pytest.mark.parametrize(
    ("name", "value", "rule", "severity"),
    [
        ("Code", "1", "type_wrong", Severity.ERROR),
        ("Code", Decimal(1), "type_wrong", Severity.ERROR),
        ("Code", 7, "not_in_code_list", Severity.ERROR),
        ("Code", Reason.NO_ENTRY, "obligatory_missing", Severity.NOTE),
        ("Code", Reason.MANUAL, "obligatory_missing", Severity.NOTE),
        ("Whole", "7", "type_wrong", Severity.ERROR),
        ("Whole", -1, "hard_range", Severity.ERROR),
        ("Whole", 43, "hard_range", Severity.ERROR),
        ("Whole", 0, "plausible_range", Severity.WARNING),
        ("Whole", 41, "plausible_range", Severity.WARNING),
        ("Exact", 181, "type_wrong", Severity.ERROR),
        ("Exact", Decimal("250.1"), "hard_range", Severity.ERROR),
        ("First", 20260310, "type_wrong", Severity.ERROR),
        ("First", "10.03.2026", "type_wrong", Severity.ERROR),
        ("Day", "2026-02-30", "type_wrong", Severity.ERROR),
    ],
)
def test_a_wrong_value_is_found(name: str, value: RegistryValue | Reason, rule: str, severity: Severity) -> None:
    clause = str(_VARIABLES[name]["clause"])
    assert _check(**{name: value}) == [Finding(rule=rule, severity=severity, variable=name, clause=clause)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Code", 2),
        ("Code", Reason.NOT_APPLICABLE),
        ("Whole", 1),
        ("Whole", 40),
        ("Whole", Reason.NO_ENTRY),
        ("Exact", Decimal("20.0")),
        ("Exact", Decimal("250.0")),
        ("First", "2026-03-10T10:00"),
        ("Day", "2026-03-10"),
    ],
)
def test_a_right_value_is_left_alone(name: str, value: RegistryValue | Reason) -> None:
    assert _check(**{name: value}) == []


@pytest.mark.parametrize(
    ("first", "then", "late"),
    [
        ("2026-03-10T10:00", "2026-03-10T10:00", False),
        ("2026-03-10T10:01", "2026-03-10T10:00", True),
        ("2026-03-10T10:01", "2026-03-10T00:00", False),
        ("2026-03-10T00:00", "2026-03-10T00:00", False),
        ("2026-03-11T00:00", "2026-03-10T23:00", True),
        ("2026-03-11T10:00", "2026-03-10T00:00", True),
    ],
)
def test_times_must_be_in_order(first: str, then: str, late: bool) -> None:
    wanted = Finding(rule="dates_out_of_order", severity=Severity.ERROR, variable="First", clause="7")
    assert _check(First=first, Then=then) == [wanted] * late


def test_a_time_and_a_date_are_compared_by_their_dates() -> None:
    assert _check(First="2026-03-10T23:00", Day="2026-03-10") == []
    (found,) = _check(First="2026-03-11T00:01", Day="2026-03-10")
    assert (found.severity, found.clause) == (Severity.WARNING, "8")


@pytest.mark.parametrize(("first", "then", "late"), [(True, False, True), (False, True, False), (True, True, False)])
def test_the_hour_that_comes_twice_is_told_apart(first: bool, then: bool, late: bool) -> None:
    # 02:40 is later on the clock than 02:20, and an hour and twenty minutes earlier when the clocks were set back.
    told = [
        Value(variable="First", tier=Tier.AUTOMATIC, value="2026-10-25T02:20", fold=first),
        Value(variable="Then", tier=Tier.AUTOMATIC, value="2026-10-25T02:40", fold=then),
    ]
    assert [one.rule for one in check(tuple(told), DEFINITION)] == ["dates_out_of_order"] * late


@given(st.integers(1000, 10**9), st.decimals(1000, 10**6, places=1), st.text("abcxyz", min_size=4, max_size=9))
def test_no_finding_repeats_a_value(whole: int, exact: Decimal, text: str) -> None:
    found = _check(Code=whole, Whole=whole, Exact=exact, First=text, Then=text, Day=text)
    assert len(found) == 6
    assert not any(seen in repr(found) for seen in (str(whole), str(exact), repr(text)))


def test_findings_stand_in_the_order_of_the_definition() -> None:
    found = _check(Code=7, Whole=99, First="2026-03-11T10:00", Then="2026-03-10T10:00")
    assert [one.rule for one in found] == ["not_in_code_list", "hard_range", "dates_out_of_order"]
