"""Groups of map rows: which row is chosen, which are passed over, and when nobody but a person can tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from map_examples import FEMALE, IF_ACUTE, IF_OLD, MALE, MI, NOBODY, OLD, ONSET, PAIN, STEMI, Infarctions

from terminology.snomed.ages import age_of
from terminology.snomed.map_evaluation import GroupResult, MapResult, evaluate_groups
from terminology.snomed.map_tables import MapRow
from terminology.snomed.map_truth import Context, Need, Patient

WOMAN, MAN = Context(sex="F"), Context(sex="M")
CHILD = Context(age=age_of("9y"))
NO_OTHER = Context(findings=frozenset({PAIN}))
BY_SEX = [(1, 1, FEMALE, "N97.9"), (1, 2, MALE, "N46"), (1, 3, "OTHERWISE TRUE", "")]
BY_AGE = [(1, 1, f"{ONSET} < 15.0 years", "J20.9"), (1, 2, "OTHERWISE TRUE", "J40")]
BY_FINDING = [(1, 1, IF_ACUTE, "I21.9"), (1, 2, IF_OLD, "I25.2"), (1, 3, "OTHERWISE TRUE", "I21.9")]
TWO = [(1, 1, "TRUE", "E14.3"), (2, 1, "TRUE", "H36.0")]
Row = tuple[int, int, str, str]


def _rows(rows: list[Row], block: int = 0) -> list[MapRow]:
    return [MapRow(MI, target, group, priority, rule, block=block) for group, priority, rule, target in rows]


def _evaluate(rows: list[Row], context: Context) -> tuple[GroupResult, ...]:
    return evaluate_groups(_rows(rows), Patient(context, MI, Infarctions()))


def _told(groups: tuple[GroupResult, ...]) -> list[str]:
    """A target, or the outcome in place of one."""
    return [group.row.target if group.row and group.row.has_target else group.outcome for group in groups]


@pytest.mark.parametrize(
    ("rows", "context", "told"),
    [
        ([(1, 1, "TRUE", "I10")], NOBODY, ["I10"]),
        (TWO, NOBODY, ["E14.3", "H36.0"]),
        (BY_SEX, WOMAN, ["N97.9"]),
        (BY_SEX, MAN, ["N46"]),
        (BY_SEX, NOBODY, ["undecided"]),
        (BY_AGE, CHILD, ["J20.9"]),
        (BY_AGE, Context(age=age_of("15y")), ["J40"]),
        (BY_AGE, NOBODY, ["undecided"]),
        (BY_FINDING, Context(findings=frozenset({STEMI})), ["I21.9"]),
        (BY_FINDING, Context(findings=frozenset({OLD})), ["I25.2"]),
        (BY_FINDING, Context(findings=frozenset({OLD, STEMI})), ["I21.9"]),
        (BY_FINDING, NO_OTHER, ["I21.9"]),
        (BY_FINDING, NOBODY, ["undecided"]),
        # Rows that give no target.
        ([(1, 1, "TRUE", "")], NOBODY, ["no_target"]),
        ([(1, 1, "TRUE", "#NIS")], NOBODY, ["no_target"]),
        ([(1, 1, FEMALE, "N97.9"), (1, 2, "OTHERWISE TRUE", "")], MAN, ["no_target"]),
        # Every row that may hold leads to the same place: what is not known does not matter.
        ([(1, 1, FEMALE, "N1"), (1, 2, "OTHERWISE TRUE", "N1")], NOBODY, ["N1"]),
        ([(1, 1, FEMALE, ""), (1, 2, "OTHERWISE TRUE", "#HLT")], NOBODY, ["no_target"]),
        # No rule holds, and no row says otherwise.
        ([(1, 1, FEMALE, "N97.9"), (1, 2, MALE, "N46")], WOMAN, ["N97.9"]),
        ([(1, 1, FEMALE, "N97.9")], MAN, ["no_row"]),
        # Priorities decide, not the order in which rows come; a later row is not even tried.
        ([(1, 2, "TRUE", "B"), (1, 1, "TRUE", "A")], NOBODY, ["A"]),
        ([(1, 1, "TRUE", "A"), (1, 2, "nonsense", "B")], NOBODY, ["A"]),
        # Priorities and groups need not be 1, 2, 3.
        ([(7, 30, "OTHERWISE TRUE", "B"), (7, 10, FEMALE, "A"), (9, 5, "TRUE", "C")], MAN, ["B", "C"]),
        # What cannot be read is never passed over, not even when both ways lead to the same place.
        ([(1, 1, "nonsense", "A"), (1, 2, "OTHERWISE TRUE", "B")], WOMAN, ["undecided"]),
        ([(1, 1, "nonsense", "A"), (1, 2, "OTHERWISE TRUE", "A")], WOMAN, ["undecided"]),
        ([(1, 1, "nonsense", "A")], WOMAN, ["undecided"]),
        # A row without a rule counts when it is alone; of several a person chooses.
        ([(1, 1, "", "A")], NOBODY, ["A"]),
        ([(1, 1, "", "A"), (2, 1, "", "B")], NOBODY, ["A", "B"]),
        ([(1, 1, "", "A"), (1, 2, "", "B")], NOBODY, ["undecided"]),
        # Two rows of one priority hold alike.
        ([(1, 1, "TRUE", "A"), (1, 1, "TRUE", "B")], NOBODY, ["undecided"]),
        ([(1, 1, "TRUE", "A"), (1, 1, "TRUE", "A")], NOBODY, ["A"]),
        # Groups are decided one by one.
        ([*BY_SEX, (2, 1, "TRUE", "Z31.4")], NOBODY, ["undecided", "Z31.4"]),
        ([], NOBODY, []),
    ],
)
def test_a_group_for_a_patient(rows: list[Row], context: Context, told: list[str]) -> None:
    assert _told(_evaluate(rows, context)) == told


def test_an_undecided_group_says_what_would_decide_and_what_counts_otherwise() -> None:
    (group,) = _evaluate(BY_SEX, NOBODY)
    assert (group.outcome, group.row, group.needs) == ("undecided", None, (Need("sex"),))
    assert group.otherwise is not None and group.otherwise.rule == "OTHERWISE TRUE"
    (group,) = _evaluate([(1, 1, "TRUE", "A"), (1, 1, "TRUE", "B")], NOBODY)
    assert group.needs == (Need("person"),)
    (group,) = _evaluate([(1, 1, "nonsense", "A")], NOBODY)
    assert group.otherwise is None


def test_only_what_still_matters_is_asked_for() -> None:
    rows = [(1, 1, f"{FEMALE} AND {IF_ACUTE}", "A"), (1, 2, f"{ONSET} < 15.0 years", "B"), (1, 3, "TRUE", "C")]
    needs = {context: _evaluate(rows, context)[0].needs for context in (MAN, WOMAN, CHILD)}
    assert needs[MAN] == (Need("age_at_onset", unit="years"),)
    assert [need.what for need in needs[WOMAN]] == ["finding", "age_at_onset"]
    assert [need.what for need in needs[CHILD]] == ["sex", "finding"]


def test_rows_tell_whether_they_were_tried() -> None:
    (group,) = _evaluate(BY_SEX, MAN)
    assert [(one.truth, one.reached) for one in group.considered] == [(False, True), (True, True), (True, False)]
    (group,) = _evaluate(BY_SEX, NOBODY)
    assert [(one.truth, one.reached) for one in group.considered] == [(None, True), (None, True), (True, True)]


def test_blocks_are_alternatives() -> None:
    rows = _rows([(1, 1, "TRUE", "A")], block=1) + _rows([(1, 1, "TRUE", "B"), (2, 1, "TRUE", "C")], block=2)
    result = MapResult(1, MI, evaluate_groups(rows, Patient(NOBODY, MI, Infarctions())))
    assert [(group.block, group.group) for group in result.groups] == [(1, 1), (2, 1), (2, 2)]
    assert not result.decided
    assert MapResult(1, MI, result.groups[1:]).decided


def test_targets_are_in_order_and_named_once() -> None:
    rows = [(1, 1, "TRUE", "B"), (2, 1, "TRUE", "A"), (3, 1, "TRUE", "B"), (4, 1, "TRUE", "")]
    result = MapResult(1, MI, _evaluate(rows, NOBODY))
    assert (result.targets, result.decided) == (("B", "A"), True)


ROWS = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.integers(1, 4),
        st.sampled_from(["TRUE", "OTHERWISE TRUE", FEMALE, MALE, IF_ACUTE, IF_OLD, f"{ONSET} < 15.0 years", "", "?"]),
        st.sampled_from(["A", "B", "", "#NIS"]),
    ),
    max_size=6,
)
KNOWN = [
    Context(age_of(age), None, sex, findings)
    for age in ("9y", "70y")
    for sex in ("F", "M")
    for findings in (frozenset(), frozenset({STEMI}), frozenset({OLD}))
]


@given(ROWS, st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(rows: list[Row], order: list[int]) -> None:
    shuffled = [rows[place] for place in order if place < len(rows)]
    assert _told(_evaluate(rows, NOBODY)) == _told(_evaluate(shuffled, NOBODY))


@given(ROWS)
def test_what_is_decided_without_context_is_so_for_every_patient(rows: list[Row]) -> None:
    for number, outcome in enumerate(_told(_evaluate(rows, NOBODY))):
        if outcome != "undecided":
            assert {_told(_evaluate(rows, context))[number] for context in KNOWN} == {outcome}
