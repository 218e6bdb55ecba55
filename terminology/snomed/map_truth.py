"""Whether a map's rule holds for a patient: yes, no, or not known – and then what would tell.

Nothing is guessed: without age, sex or findings, rules that ask for them are neither true nor false.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, Protocol

from terminology.snomed.ages import Age, Unit, completed
from terminology.snomed.map_rules import (
    FEMALE,
    MALE,
    AgeIs,
    Always,
    Comparator,
    Condition,
    Every,
    OfSex,
    Present,
    Rule,
    Sex,
    Unreadable,
    Unwritten,
)

#: True, False, or None for not known.
Truth = bool | None


class Hierarchy(Protocol):
    """What rules ask of a release."""

    def subsumes(self, a: int, b: int) -> bool:
        """Whether `b` is `a` or a descendant of `a`."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the patient. None means not known.

    `age` is the age when the finding began, `current_age` the age now. `findings` are all findings that count as
    present, as concept ids: what is not among them is absent. The finding that is mapped is always present.
    """

    age: Age | None = None
    current_age: Age | None = None
    sex: Sex | None = None
    findings: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What would decide a rule: an age (in `unit` or smaller), the sex, whether `concept` is present, or a person."""

    what: Literal["age_at_onset", "current_age", "sex", "finding", "person"]
    concept: int | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule with its truth; `needs` is empty unless the truth is not known."""

    truth: Truth
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Patient:
    """A context with the finding that is mapped and the release that knows what is below what."""

    context: Context
    mapped: int
    release: Hierarchy

    def judge(self, rule: Rule) -> Judged:
        """Whether the rule holds. What cannot be read or is not written is left to a person."""
        match rule:
            case Always():
                return Judged(True)
            case Every(conditions):
                return _all(tuple(self._condition(one) for one in conditions))
            case Unreadable() | Unwritten():
                return Judged(None, (Need("person"),))
        return self._condition(rule)

    def _condition(self, condition: Condition) -> Judged:
        match condition:
            case AgeIs():
                return self._age(condition)
            case OfSex():
                return self._sex(condition)
        return self._finding(condition)

    def _age(self, condition: AgeIs) -> Judged:
        onset = condition.moment == "onset"
        age = self.context.age if onset else self.context.current_age
        truth = None if age is None else _compared(condition, age)
        need = Need("age_at_onset" if onset else "current_age", unit=condition.unit)
        return Judged(truth, () if truth is not None else (need,))

    def _sex(self, condition: OfSex) -> Judged:
        sex = self.context.sex or self._sex_found()
        return Judged(None, (Need("sex"),)) if sex is None else Judged(sex == condition.sex)

    def _sex_found(self) -> Sex | None:
        found = self.context.findings or frozenset()
        if (FEMALE in found) == (MALE in found):
            return None
        return "F" if FEMALE in found else "M"

    def _finding(self, condition: Present) -> Judged:
        present = (self.mapped, *(self.context.findings or ()))
        if any(self.release.subsumes(condition.concept, one) for one in present):
            return Judged(True)
        if self.context.findings is None:
            return Judged(None, (Need("finding", concept=condition.concept),))
        return Judged(False)


def _all(parts: tuple[Judged, ...]) -> Judged:
    """Kleene's conjunction: false when one is false, else not known when one is not known."""
    if any(part.truth is False for part in parts):
        return Judged(False)
    needs = tuple(dict.fromkeys(need for part in parts for need in part.needs))
    return Judged(None, needs) if needs else Judged(True)


_COMPARE: Final[dict[Comparator, Callable[[Decimal, Decimal], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_SMALLER: Final[dict[Unit, tuple[Unit, int]]] = {"years": ("months", 12), "weeks": ("days", 7)}


def _compared(condition: AgeIs, age: Age) -> Truth:
    """The comparison, in completed units: someone of 15 years and 100 days is 15, so `<= 15.0 years` holds.

    Half a unit is asked in the unit below (2.5 years are 30 months); what is no whole number even there is decided
    only where the completed units are clearly on one side.
    """
    bound, unit = _whole(condition.bound, condition.unit)
    ends = tuple(Decimal(end) for end in completed(age, unit))
    if bound % 1 and ends[0] <= bound < ends[1] + 1:
        return None
    answers = {_COMPARE[condition.comparator](end, bound) for end in ends}
    # Between its ends an age may be equal to the bound though neither end is.
    if len(answers) == 2 or (condition.comparator == "=" and ends[0] < bound < ends[1]):
        return None
    return answers.pop()


def _whole(bound: Decimal, unit: Unit) -> tuple[Decimal, Unit]:
    if bound % 1 and unit in _SMALLER:
        smaller, times = _SMALLER[unit]
        if not bound * times % 1:
            return bound * times, smaller
    return bound, unit
