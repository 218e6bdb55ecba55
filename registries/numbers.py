"""What a measurement says of a number: the number, or between which limits it lies; and which band that is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from math import inf
from typing import Final, NamedTuple, Protocol

from registries.entry import Quantity
from registries.problems import Problem, said
from registries.record import Reason
from registries.units import Conversion, UnitTable

INFINITY: Final = Decimal("Infinity")
_DIGITS: Final = 15  # before the decimal point of a measured value


class Limits(NamedTuple):
    """All numbers from `low` to `high`; `above` and `below` say that the limit itself is not one of them."""

    low: Decimal
    high: Decimal
    above: bool = False
    below: bool = False

    @property
    def number(self) -> Decimal | None:
        """The one number this is; None when there are more."""
        return self.low if self.low == self.high else None

    @property
    def bound(self) -> Decimal | None:
        """The limit of what is limited on one side (`<5` is 5); None of a number and of a range."""
        if self.low == -INFINITY:
            return self.high
        return self.low if self.high == INFINITY else None


class HasLimits(Protocol):
    """A band of numbers: from its lower limit (None: from the band before) up to, not including, its upper limit."""

    @property
    def from_(self) -> float | None: ...
    @property
    def below(self) -> float | None: ...
    @property
    def is_(self) -> str: ...


def exactly(number: Decimal) -> Limits:
    """The limits of one number."""
    return Limits(number, number)


def limits_of(quantity: Quantity) -> Limits | None:
    """What a quantity says, in its own unit; None when it is no number (FHIR's `ad`, infinity, too many digits)."""
    value, high = quantity.value, quantity.high
    if not _is_number(value) or (high is not None and (not _is_number(high) or high < value)):
        return None
    match quantity.comparator:
        case "":
            return Limits(value, value if high is None else high)
        case "<" | "<=" if high is None:
            return Limits(-INFINITY, value, below=quantity.comparator == "<")
        case ">" | ">=" if high is None:
            return Limits(value, INFINITY, above=quantity.comparator == ">")
    return None


def measured(quantity: Quantity | None, units: UnitTable) -> Limits | Reason:
    """What a quantity says in the variable's unit, or why it says nothing."""
    limits = None if quantity is None else limits_of(quantity)
    if quantity is None or limits is None:
        return Reason.NOT_A_NUMBER
    conversion = units.into(quantity.unit)
    return Reason.WRONG_UNIT if conversion is None else converted(limits, conversion)


def converted(limits: Limits, conversion: Conversion) -> Limits:
    """The same limits in another unit. A conversion never turns more into less."""
    if limits.low == limits.high:
        return exactly(conversion.of(limits.low))
    return limits._replace(low=conversion.of(limits.low), high=conversion.of(limits.high))


def extreme(several: Iterable[Limits], which: Callable[..., Limits]) -> Limits:
    """The lowest (`min`) or highest (`max`) of several numbers, as far as their limits tell."""
    known = list(several)
    low = which(known, key=lambda one: (one.low, one.above))
    high = which(known, key=lambda one: (one.high, not one.below))
    return Limits(low.low, high.high, low.above, high.below)


def band(bands: Sequence[HasLimits], limits: Limits) -> str:
    """The meaning of the band that all numbers within the limits are in; "" when there is none."""
    low, high, _, below = limits
    for one in bands:
        top = INFINITY if one.below is None else Decimal(str(one.below))
        if low < top:
            bottom = -INFINITY if one.from_ is None else Decimal(str(one.from_))
            inside = bottom <= low and (high < top or (high == top and (below or top == INFINITY)))
            return one.is_ if inside else ""
    return ""


def band_problems(bands: Sequence[HasLimits]) -> Iterator[Problem]:
    """What is wrong with bands: out of order, empty, overlapping, or with a gap between them."""
    limits = [inf if one.below is None else one.below for one in bands]
    if limits != sorted(set(limits)):
        listed = ", ".join(f"{limit:g}" for limit in sorted({*limits} - {inf}))
        told = "`bands` go upwards, and only the last may leave `below` out"
        yield said(told, f"write them in the order {listed}", "bands")
        return
    for number, one in enumerate(bands):
        if one.from_ is not None and one.below is not None and one.from_ >= one.below:
            yield said(f"it ends at {one.below:g} before it begins at {one.from_:g}", _TURN, "bands", number)
        elif number and one.from_ is not None and one.from_ != bands[number - 1].below:
            yield _between(bands[number - 1], one.from_, one).under(("bands", number))


def _between(before: HasLimits, begins: float, one: HasLimits) -> Problem:
    ends = before.below or 0
    low, high = sorted((ends, begins))
    both = f"numbers from {low:g} to {high:g} are"
    if begins < ends:
        return said(f"bands overlap: {both} both {before.is_!r} and {one.is_!r}", f"write `from: {ends:g}`")
    return said(f"bands leave a gap: {both} neither {before.is_!r} nor {one.is_!r}", f"write `from: {ends:g}`")


_TURN: Final = "turn its limits round"


def _is_number(value: Decimal) -> bool:
    # FHIR's decimals may be of any size; nothing that was measured has this many digits.
    return value.is_finite() and value.adjusted() < _DIGITS
