"""What a draft would change, how well rules and people agree, and what nobody had to type."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registries.record import Finding, Reason, RegistryRecord, RegistryValue, Severity, Tier, Value
from reporting.agreement import TruthUnreadable, compare, read_truth
from reporting.measures import kappa, share
from reporting.replay import Change, change_of, replay
from reporting.savings import Saved, saved


def _value(
    name: str, value: RegistryValue | None, tier: Tier = Tier.AUTOMATIC, reason: Reason = Reason.NO_ENTRY
) -> Value:
    return Value(variable=name, tier=tier, value=value, reason=None if value is not None else reason, rule=f"{name}/1")


def _record(case: str, *values: Value, findings: tuple[Finding, ...] = (), release: str = "r@1") -> RegistryRecord:
    return RegistryRecord(
        case=case,
        registry="r",
        release=release,
        start="2026-03-10T08:00",
        patient=f"Patient/{case}",
        values=values,
        findings=findings,
    )


_EMPTY = _value("A", None)

CHANGES = [
    (_value("A", 1), _value("A", 1), Change.SAME),
    (_value("A", Decimal("80.0")), _value("A", Decimal("80")), Change.SAME),
    (_value("A", 1), _value("A", 2), Change.CHANGES),
    (_value("A", 0), _value("A", 1), Change.CHANGES),
    (_EMPTY, _value("A", 0), Change.APPEARS),
    (None, _value("A", 0), Change.APPEARS),
    (_value("A", 0), _EMPTY, Change.VANISHES),
    (_value("A", 0), None, Change.VANISHES),
    (_value("A", 1), _value("A", 1, Tier.PROPOSED), Change.TIER),
    (_EMPTY, _value("A", None, reason=Reason.DISAGREE), Change.REASON),
    (_EMPTY, _EMPTY, Change.SAME),
    (_EMPTY, None, Change.SAME),
]


@pytest.mark.parametrize(("before", "after", "change"), CHANGES)
def test_what_becomes_of_a_value(before: Value | None, after: Value | None, change: Change) -> None:
    assert change_of(before, after) is change


def test_a_replay_counts_each_variable_and_shows_examples() -> None:
    before = [_record("a", _value("A", 1), _value("B", 1)), _record("b", _value("A", 1), _value("B", 1)), _record("x")]
    held = Finding(rule="hard_range", severity=Severity.ERROR)
    after = [
        _record("b", _value("A", 2), _value("C", None), findings=(held,), release="r@2"),
        _record("a", _value("A", 1), _value("C", 5), release="r@2"),
        _record("y"),
    ]
    result = replay(before, after)
    assert (result.before, result.after, result.cases) == ("r@1", "r@2", 2)
    assert (result.only_before, result.only_after, result.changed) == (("x",), ("y",), 4)
    by_name = {one.variable: one for one in result.variables}
    assert list(by_name) == ["A", "C", "B"]
    assert (by_name["A"].counts[Change.CHANGES], by_name["A"].counts[Change.SAME]) == (1, 1)
    assert [(e.case, e.before, e.after) for e in by_name["A"].examples] == [("b", "1", "2")]
    assert (by_name["C"].new, by_name["C"].counts[Change.APPEARS]) == (True, 1)
    assert (by_name["B"].gone, by_name["B"].counts[Change.VANISHES]) == (True, 2)
    assert result.findings == {"hard_range": (0, 1)}


def test_a_replay_of_nothing_says_so() -> None:
    result = replay([], [])
    assert (result.cases, result.variables, result.changed) == (0, (), 0)


_records = st.dictionaries(st.sampled_from("abcdef"), st.one_of(st.none(), st.integers(0, 3))).map(
    lambda found: [_record(case, _value("A", value)) for case, value in found.items()]
)


@given(_records, _records)
def test_turning_a_replay_round_turns_its_changes_round(one: list[RegistryRecord], two: list[RegistryRecord]) -> None:
    there, back = replay(one, two), replay(two, one)
    assert replay(one, one).changed == 0
    assert (there.only_before, there.only_after) == (back.only_after, back.only_before)
    for first, then in zip(there.variables, back.variables, strict=True):
        assert first.counts[Change.APPEARS] == then.counts[Change.VANISHES]
        assert first.counts[Change.CHANGES] == then.counts[Change.CHANGES]
    assert replay(reversed(one), reversed(two)) == there


KAPPAS = [
    ([("1", "1"), ("2", "2")], 1.0),
    ([("1", "2"), ("2", "1")], -1.0),
    ([("1", "1")] * 20 + [("1", "2")] * 5 + [("2", "1")] * 10 + [("2", "2")] * 15, 0.4),
    ([("1", "1")] * 5, None),
    ([], None),
]


@pytest.mark.parametrize(("pairs", "expected"), KAPPAS)
def test_kappa_is_agreement_beyond_chance(pairs: list[tuple[str, str]], expected: float | None) -> None:
    assert kappa(pairs) == (None if expected is None else pytest.approx(expected))


@given(st.lists(st.tuples(st.sampled_from("123"), st.sampled_from("123"))))
def test_kappa_does_not_care_who_is_first_and_is_never_above_one(pairs: list[tuple[str, str]]) -> None:
    one, other = kappa(pairs), kappa([(b, a) for a, b in pairs])
    assert one == (None if other is None else pytest.approx(other))
    assert one is None or one <= 1
    assert share([a == b for a, b in pairs]) != 1 or one in (None, 1)


def test_months_count_what_nobody_typed() -> None:
    records = [
        _record("a", _value("A", 1), _value("B", 1, Tier.PROPOSED), _value("C", None, Tier.MANUAL, Reason.MANUAL)),
        _record("b", _value("A", 0), _value("B", None)),
    ]
    assert saved(records) == (Saved(registry="r", month="2026-03", cases=2, automatic=2, proposed=1, left=1),)


def test_what_a_person_must_look_at_is_not_saved() -> None:
    values = (_value("A", 1), _value("B", 1))
    warned = _record("a", *values, findings=(Finding(rule="x", severity=Severity.WARNING, variable="A"),))
    noted = _record("b", *values, findings=(Finding(rule="x", severity=Severity.NOTE, variable="A"),))
    held = _record("c", *values, findings=(Finding(rule="x", severity=Severity.ERROR),))
    (month,) = saved([warned, noted, held])
    assert (month.automatic, month.proposed) == (3, 3)


WIDE = "patient;case_start;A;B\na;2026-03-10T08:00;1; 2\nb;2026-03-10;;1\n"
LONG = """registry,patient,case_start,variable,value
r,a,2026-03-10T08:00,A,1
r,a,2026-03-10T08:00,B,2
q,a,2026-03-10T08:00,A,9
"""


def test_registrations_are_read_one_value_or_one_case_a_row(tmp_path: Path) -> None:
    file = tmp_path / "manual.csv"
    file.write_text("\ufeff" + WIDE, encoding="utf-8")
    assert read_truth(file, "r") == {
        ("a", "2026-03-10T08:00"): {"A": "1", "B": "2"},
        ("b", "2026-03-10T00:00"): {"A": "", "B": "1"},
    }
    file.write_text(LONG, encoding="utf-8")
    assert read_truth(file, "r") == {("a", "2026-03-10T08:00"): {"A": "1", "B": "2"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("patient,A\na,1\n", "the column 'case_start' is missing"),
        (WIDE + "c;2026-03-10\n", "line 4: not as many columns"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "manual.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TruthUnreadable, match=f"manual.csv: {said}"):
        read_truth(file, "r")


def test_a_difference_has_the_evidence_of_our_side() -> None:
    result = compare([_record("a", _value("A", 1))], {("a", "2026-03-10T08:00"): {"A": "2"}})
    (difference,) = result.differences
    assert (difference.ours, difference.theirs, difference.reason, difference.evidence) == ("1", "2", "A/1", ())
    (variable,) = result.variables
    assert (variable.coverage, variable.exact, variable.kappa) == (1.0, 0.0, None)
