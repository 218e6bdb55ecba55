"""Comparisons of one value with what is wanted (5.3; 6.2 Concrete Values; 6.9 Effective Time Filter; 6.10).

A comparison is about values of its kind: a number is neither equal nor unequal to a text. The text says so only by
giving each kind its own operator (5.3: expression, numeric, string, boolean and time comparison operators).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from terminology.snomed.ecl import ast

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(equal: bool, comparison: str) -> bool:
    """`=` wants it, `!=` wants the opposite."""
    return equal == (comparison == "=")


def numbers(value: Decimal, comparison: str, wanted: Decimal) -> bool:
    """6.2: numbers compare by what they are worth, so `#5` is `#5.0`."""
    return ORDERS[comparison](value, wanted)


def times(value: int | None, comparison: str, wanted: ast.Times) -> bool:
    """6.9 Effective Time Filter: `=` one of them, `!=` none of them, an order to one of them.

    What has no time yet equals `""`, differs from every date, and comes neither before nor after anything.
    """
    if comparison in ("=", "!="):
        return holds(value in wanted.times, comparison)
    ordered = [time for time in wanted.times if time is not None]
    return value is not None and any(ORDERS[comparison](value, time) for time in ordered)


class Everything:
    """What `*` names where ids are compared: all of them."""

    def __contains__(self, _: object) -> bool:
        return True
