"""What rules of maps are told of a person, and what inactive concepts are mapped as."""

from __future__ import annotations

import pytest

from fixtures.snomed.make_release import sctid_of
from registries.entry import Precision, When
from registries.npr.coding import Coder, Known, context, days_old
from terminology.codes import ICD10, SNOMED, Code
from terminology.snomed.ages import Age
from terminology.snomed.bound import BoundRelease
from terminology.snomed.map_shown import find_map
from tests.npr.journals import condition, local


@pytest.mark.parametrize(
    ("born", "onset", "age"),
    [
        ("1950-06-01", "2025-05-31", Age(74, "years")),
        ("1950-06-01", "2025-06-01", Age(75, "years")),
        ("2024-03-03", "2025-03-02", Age(364, "days")),
        ("2024-03-02", "2025-03-02", Age(1, "years")),
        ("2025-03-02", "2025-03-02T14:10", Age(0, "days")),
        ("2025-03-02", "2025-03-01", None),
    ],
)
def test_rules_are_told_the_age_when_the_condition_began_and_now(born: str, onset: str, age: Age | None) -> None:
    known = context(Known("2", local(born)), local(onset), local("2026-01-01"))
    assert known.age == age
    assert known.current_age is not None
    assert known.findings is None


@pytest.mark.parametrize(("sex", "told"), [("1", "M"), ("2", "F"), ("9", None), ("0", None)])
def test_rules_are_told_the_sex_where_it_is_one_they_ask_for(sex: str, told: str | None) -> None:
    assert context(Known(sex), local("2025-03-02"), local("2025-03-02")).sex == told


def test_a_date_that_is_not_known_to_the_day_gives_no_age() -> None:
    some_day = When(local("2025-01-01").moment, Precision.MONTH)
    assert days_old(some_day, local("2025-03-02")) is None
    assert days_old(local("2025-01-01"), some_day) is None


@pytest.mark.parametrize(
    ("number", "code"),
    [(14, "E109"), (11, "I64"), (15, None), (17, None)],
)
def test_an_inactive_concept_is_mapped_as_what_it_is_called_today(
    number: int, code: str | None, bound: BoundRelease
) -> None:
    coder = Coder(bound.release, find_map(bound.release, "enkel"))
    old = condition("Condition/c1", Code(SNOMED, sctid_of(9000 + number, "10")))
    coded = coder.diagnosis(old, Known(), local("2025-03-02"))
    assert coded.codes == ((Code(ICD10, code),) if code else ())
