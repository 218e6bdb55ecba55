"""The rule language of complex and extended maps: `mapRule` as text and as values.

A rule says for whom a row of a map counts (RF2 specification 5.2.3.3; SNOMED CT to ICD-10 mapping technical guide,
chapter 4). Published maps use `TRUE`, `OTHERWISE TRUE` and conditions that begin with `IFA`, joined by `AND`: a
finding is present, the patient's sex, or an age compared with a bound. What is none of these is `Unreadable`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from terminology.snomed.ages import UNITS, Unit
from terminology.snomed.sctid import Kind, check, kind

Sex = Literal["F", "M"]
Moment = Literal["onset", "current"]
Comparator = Literal["<", "<=", ">", ">=", "="]

FEMALE: Final = 248152002
MALE: Final = 248153007
AGE_AT_ONSET: Final = 445518008
CURRENT_AGE: Final = 424144002

_SEXES: Final[dict[int, Sex]] = {FEMALE: "F", MALE: "M"}
_AGES: Final[dict[int, Moment]] = {AGE_AT_ONSET: "onset", CURRENT_AGE: "current"}
_CONCEPTS: Final = {value: sctid for sctid, value in (_SEXES | _AGES).items()}
_COMPARATORS: Final[tuple[Comparator, ...]] = ("<=", ">=", "<", ">", "=")


@dataclass(frozen=True, slots=True)
class Always:
    """`TRUE`, or `OTHERWISE TRUE` for the row that counts when no row before it does."""

    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """`IFA 22298006 | Myocardial infarction (disorder) |`: the patient has the finding, or one below it."""

    concept: int
    term: str = ""


@dataclass(frozen=True, slots=True)
class OfSex:
    """`IFA 248152002 | Female (finding) |` or the same for male."""

    sex: Sex
    term: str = ""

    @property
    def concept(self) -> int:
        """The finding that stands for the sex."""
        return _CONCEPTS[self.sex]


@dataclass(frozen=True, slots=True)
class AgeIs:
    """`IFA 445518008 | Age at onset of clinical finding (observable entity) | < 28.0 days`, or the current age."""

    moment: Moment
    comparator: Comparator
    bound: Decimal
    unit: Unit
    term: str = ""

    @property
    def concept(self) -> int:
        """The observable that stands for the age."""
        return _CONCEPTS[self.moment]


Condition = Present | OfSex | AgeIs


@dataclass(frozen=True, slots=True)
class Every:
    """Conditions joined by `AND`: two or more, in the order written."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A row without a rule. Alone in its group it counts always; among others a person chooses."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Text that is no rule of this language. `column` counts from 1; `expected` says what should stand there."""

    text: str
    column: int
    expected: str


Rule = Always | Condition | Every | Unwritten | Unreadable


@lru_cache(maxsize=65_536)
def parse_rule(text: str) -> Rule:
    """The rule that a `mapRule` holds; never raises, see `Unreadable`.

    Keywords are read in any case, spaces in any number, and the bar also as the HTML reference in which UMLS
    carries it.
    """
    plain = text.replace("&#x7C;", "|").strip()
    if not plain:
        return Unwritten()
    if _TRUE.fullmatch(plain):
        return Always()
    if _OTHERWISE.fullmatch(plain):
        return Always(otherwise=True)
    try:
        conditions = _Reader(plain).conditions()
    except _Unexpected as found:
        return Unreadable(plain, found.column, found.expected)
    return conditions[0] if len(conditions) == 1 else Every(conditions)


def write_rule(rule: Rule) -> str:
    """The rule as text; reading it gives the same rule."""
    match rule:
        case Always(otherwise):
            return "OTHERWISE TRUE" if otherwise else "TRUE"
        case Every(conditions):
            return " AND ".join(write_rule(condition) for condition in conditions)
        case AgeIs(_, comparator, bound, unit):
            return f"{_ifa(rule)} {comparator} {bound} {unit}"
        case Present() | OfSex():
            return _ifa(rule)
        case Unreadable(text):
            return text
        case Unwritten():
            return ""


def _ifa(condition: Condition) -> str:
    return f"IFA {condition.concept}" + (f" | {condition.term} |" if condition.term else "")


_TRUE: Final = re.compile(r"TRUE", re.IGNORECASE)
_OTHERWISE: Final = re.compile(r"OTHERWISE\s+TRUE", re.IGNORECASE)
_IFA: Final = re.compile(r"IFA\b\s*", re.IGNORECASE)
_AND: Final = re.compile(r"\s*AND\b\s*", re.IGNORECASE)
_SCTID: Final = re.compile(r"([0-9]+)\s*")
_TERM: Final = re.compile(r"\|\s*([^|]*?)\s*\|\s*")
_COMPARED: Final = re.compile(r"(<=|>=|<|>|=)\s*")
_BOUND: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*")
_UNIT: Final = re.compile(r"([a-z]+?)s?\b", re.IGNORECASE)


class _Unexpected(Exception):
    def __init__(self, column: int, expected: str) -> None:
        super().__init__(expected)
        self.column = column
        self.expected = expected


class _Reader:
    """Reads conditions from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def conditions(self) -> tuple[Condition, ...]:
        found = [self._condition()]
        while self._at < len(self._text):
            self._take(_AND, "AND or the end of the rule")
            found.append(self._condition())
        return tuple(found)

    def _condition(self) -> Condition:
        self._take(_IFA, "IFA")
        start = self._at
        concept = self._take(_SCTID, "a concept identifier")[1]
        if not check(concept) or kind(concept) is not Kind.CONCEPT:
            raise _Unexpected(start + 1, "a concept identifier")
        named = _TERM.match(self._text, self._at)
        if named:
            self._at = named.end()
        return self._about(int(concept), named[1] if named else "")

    def _about(self, concept: int, term: str) -> Condition:
        if concept in _AGES:
            comparator = self._take(_COMPARED, "one of " + " ".join(_COMPARATORS))[1]
            bound = Decimal(self._take(_BOUND, "a number")[1])
            return AgeIs(_AGES[concept], _comparator(comparator), bound, self._unit(), term)
        if _COMPARED.match(self._text, self._at):
            raise _Unexpected(self._at + 1, "no comparison: only ages are compared")
        return OfSex(_SEXES[concept], term) if concept in _SEXES else Present(concept, term)

    def _unit(self) -> Unit:
        start = self._at
        expected = "one of " + " ".join(UNITS)
        word = self._take(_UNIT, expected)[1].lower() + "s"
        for unit in UNITS:
            if unit == word:
                return unit
        raise _Unexpected(start + 1, expected)

    def _take(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise _Unexpected(self._at + 1, expected)
        self._at = found.end()
        return found


def _comparator(text: str) -> Comparator:
    return next(one for one in _COMPARATORS if one == text)
