"""What the values in an expression are, while it is read and when it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from registries.durations import span_of
from registries.entry import LOCAL, Precision, When
from registries.moments import Span
from registries.problems import Problem, look_up, said
from registries.record import Reason


class ExpressionError(ValueError):
    """An expression that cannot be used: what is wrong and where in it, and what was probably meant."""

    def __init__(self, cause: str, suggestion: str = "") -> None:
        super().__init__("; ".join(filter(None, (cause, suggestion))))
        self.cause = cause
        self.suggestion = suggestion

    def problem(self) -> Problem:
        """The same as a problem of the file that the expression stands in."""
        return said(self.cause, self.suggestion or look_up("", "expression"))


class Type(StrEnum):
    """What a value is, in the words that problems are told with."""

    TRUTH = "true or false"
    NUMBER = "a number"
    CODE = "a code"
    TIME = "a time"
    DAY = "a date"
    LENGTH = "a length of time"


@dataclass(frozen=True, slots=True)
class Operand:
    """What a variable or a part of an expression is; of a code also the meanings it may have."""

    type: Type
    meanings: frozenset[str] = frozenset()


class Lengths(NamedTuple):
    """The least and the most that a length of time can be."""

    first: timedelta
    last: timedelta


#: A value while an expression runs; a `Reason` stands for one that is not known, and tells why.
Value = bool | Decimal | str | Span | date | Lengths | Reason


def every_moment(day: date) -> Span:
    """All moments of a local date."""
    return span_of(When(datetime(day.year, day.month, day.day, tzinfo=LOCAL), Precision.DAY))
