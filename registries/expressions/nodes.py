"""The parts of an expression, ready to run. Each gives a value or the reason why there is none; nothing is raised."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, Protocol

from registries.expressions.types import Lengths, Value, every_moment
from registries.moments import Span
from registries.record import Reason

Inputs = Mapping[str, Value]
Comparison = Literal["==", "!=", "<", "<=", ">", ">="]

_COMPARE: Final[dict[Comparison, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COUNT: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


class Node(Protocol):
    """A part of an expression."""

    def of(self, inputs: Inputs) -> Value:
        """Its value, given those of the variables that have one."""


@dataclass(frozen=True, slots=True)
class Known:
    """A value that stands in the expression itself."""

    value: Value

    def of(self, _inputs: Inputs) -> Value:
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Named:
    """A variable's value."""

    name: str

    def of(self, inputs: Inputs) -> Value:
        """The value; that the input is empty when it has none."""
        return inputs.get(self.name, Reason.INPUT_EMPTY)


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a variable has a value."""

    name: str

    def of(self, inputs: Inputs) -> Value:
        """True or false, always."""
        return self.name in inputs


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Node

    def of(self, inputs: Inputs) -> Value:
        """True of what is false."""
        value = self.part.of(inputs)
        return value if isinstance(value, Reason) else not value


@dataclass(frozen=True, slots=True)
class Either:
    """`||` (`settles` is true) and `&&` (false): one part may settle it alone, whichever stands first.

    So they are in CEL: what is not known matters only when the other part leaves it open.
    """

    first: Node
    second: Node
    settles: bool

    def of(self, inputs: Inputs) -> Value:
        """What settles it, else why it is open, else the opposite."""
        first = self.first.of(inputs)
        if first is self.settles:
            return first
        second = self.second.of(inputs)
        return second if second is self.settles or not isinstance(first, Reason) else first


@dataclass(frozen=True, slots=True)
class Choice:
    """`if ? then : otherwise`."""

    condition: Node
    then: Node
    otherwise: Node

    def of(self, inputs: Inputs) -> Value:
        """The one the condition says; nothing is known when the condition is not."""
        condition = self.condition.of(inputs)
        if isinstance(condition, Reason):
            return condition
        return self.then.of(inputs) if condition else self.otherwise.of(inputs)


@dataclass(frozen=True, slots=True)
class Compare:
    """Two exact values: numbers, codes, dates, truths."""

    sign: Comparison
    first: Node
    second: Node

    def of(self, inputs: Inputs) -> Value:
        """True or false when both are known."""
        first, second = self.first.of(inputs), self.second.of(inputs)
        if isinstance(first, Reason) or isinstance(second, Reason):
            return first if isinstance(first, Reason) else second
        return _COMPARE[self.sign](first, second)


@dataclass(frozen=True, slots=True)
class CompareInexact:
    """Two times, or two lengths of time, that may be known inexactly."""

    sign: Comparison
    first: Node
    second: Node

    def of(self, inputs: Inputs) -> Value:
        """True or false when it is so whatever is meant."""
        first, second = self.first.of(inputs), self.second.of(inputs)
        if isinstance(first, Span | Lengths) and isinstance(second, Span | Lengths):
            return _inexact(self.sign, first, second)
        return first if isinstance(first, Reason) else second


@dataclass(frozen=True, slots=True)
class Count:
    """Reckoning with two exact values: numbers."""

    sign: str
    first: Node
    second: Node

    def of(self, inputs: Inputs) -> Value:
        """The result; not a number where there is none (a division by nothing)."""
        first, second = self.first.of(inputs), self.second.of(inputs)
        if isinstance(first, Reason) or isinstance(second, Reason):
            return first if isinstance(first, Reason) else second
        try:
            result: Value = _COUNT[self.sign](first, second)
        except ArithmeticError:
            return Reason.NOT_A_NUMBER
        return result


@dataclass(frozen=True, slots=True)
class CountInexact:
    """Reckoning with times and lengths of time."""

    sign: str
    first: Node
    second: Node

    def of(self, inputs: Inputs) -> Value:
        """The limits of the result."""
        first, second = self.first.of(inputs), self.second.of(inputs)
        if not isinstance(first, Span | Lengths) or not isinstance(second, Span | Lengths):
            return first if isinstance(first, Reason) else second
        count, crossed = _COUNT[self.sign], self.sign == "-"
        try:
            least: Any = count(first.first, second.last if crossed else second.first)
            most: Any = count(first.last, second.first if crossed else second.last)
        except ArithmeticError:  # systems write year 1 and year 9999 for "not known" and "no end"
            return Reason.NO_TIME
        return Lengths(least, most) if isinstance(second, Span) or isinstance(first, Lengths) else Span(least, most)


@dataclass(frozen=True, slots=True)
class OneOf:
    """`in`: whether a value is one of those listed."""

    part: Node
    listed: frozenset[Value]

    def of(self, inputs: Inputs) -> Value:
        """True or false when the value is known."""
        value = self.part.of(inputs)
        return value if isinstance(value, Reason) else value in self.listed


@dataclass(frozen=True, slots=True)
class AnyMoment:
    """A date where a time is asked for: any moment of it."""

    part: Node

    def of(self, inputs: Inputs) -> Value:
        """The first and the last moment of the date."""
        value = self.part.of(inputs)
        return every_moment(value) if isinstance(value, date) else value


def _inexact(sign: Comparison, first: Span | Lengths, second: Span | Lengths) -> Value:
    """What holds for all pairs of what the two can mean; that they are inexact when it holds for some only."""
    compare = _COMPARE[sign]
    if first.first == first.last and second.first == second.last:
        return compare(first.first, second.first)
    found = {compare(one, other) for one in first for other in second}
    if len(found) > 1 or (sign in ("==", "!=") and _overlap(first, second)):
        return Reason.INEXACT_TIME
    return found.pop()


def _overlap(first: Span | Lengths, second: Span | Lengths) -> bool:
    return bool(_COMPARE["<="](first.first, second.last) and _COMPARE["<="](second.first, first.last))
