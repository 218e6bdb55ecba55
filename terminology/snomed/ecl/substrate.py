"""What the parts of the evaluator share: sets of concepts and of identifiers, comparisons, times."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from terminology.snomed.ecl.ast import Expression, Joined, Order, Reference, Times
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.view import Release

#: Answers an expression: one truth value for each concept.
Concepts = Callable[[Expression], Bools]
Compare = Callable[[npt.NDArray[np.generic], float], Bools]
ORDERS: Final[dict[Order, Compare]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NO_TIME: Final = 0


def sctids(release: Release, concepts: Concepts, of: Expression) -> Ints:
    """The identifiers that an expression names: a bare one also when the release has no such concept."""
    match of:
        case Reference(sctid):
            return np.array([sctid], dtype=np.int64)
        case Joined("OR", operands):
            return np.concatenate([sctids(release, concepts, operand) for operand in operands])
    return release.ids[concepts(of)]


def among(values: Ints, order: Order, wanted: Ints) -> Bools:
    """Which of `values` are (=) or are not (!=) among `wanted`."""
    return agree(values == wanted[0] if len(wanted) == 1 else np.isin(values, wanted), order)


def agree(found: Bools, order: Order) -> Bools:
    """What was found (=) or everything else (!=)."""
    return found if order == "=" else ~found


def at_times(values: Ints, order: Order, times: Times) -> Bools:
    """Which of `values` (YYYYMMDD, 0 without one) compare so to one of the times; for != to all of them.

    What has no time is neither before nor after anything (6.9, effective time filter).
    """
    each = [_at_time(values, order, time) for time in times.times]
    found: Bools = np.logical_and.reduce(each) if order == "!=" else np.logical_or.reduce(each)
    return found


def _at_time(values: Ints, order: Order, time: int | None) -> Bools:
    if order in ("=", "!="):
        return agree(values == (_NO_TIME if time is None else time), order)
    comparable: Bools = values != _NO_TIME
    return comparable & ORDERS[order](values, time) if time is not None else np.zeros(len(values), dtype=np.bool_)
