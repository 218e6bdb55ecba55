"""What stands for itself in an expression: numbers, texts, times and lengths of time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from registries.entry import LOCAL
from registries.expressions.types import ExpressionError, Lengths, Operand, Type, Value
from registries.moments import Span

_MODEST: Final = re.compile(r"-?\d{0,15}(\.\d{0,15})?")
_PART: Final = re.compile(r"(\d{1,9})(d|h|ms|m|s)")
_UNITS: Final = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds", "ms": "milliseconds"}


def read(kind: str, given: str, column: int) -> tuple[Value, Operand]:
    """A number, a text or a truth; `kind` is CEL's name for it. Raises ExpressionError for what is left out."""
    match kind:
        case "INT_LIT" | "FLOAT_LIT" if _MODEST.fullmatch(given):
            return Decimal(given), Operand(Type.NUMBER)
        case "BOOL_LIT":
            return given == "true", Operand(Type.TRUTH)
        case "STRING_LIT":
            return text(given, column)
        case "NULL_LIT":
            raise ExpressionError(f"`null` is not part of the language, at character {column}", "ask `has(…)`")
    raise ExpressionError(f"{given} is not part of the language, at character {column}")


def text(given: str, column: int) -> tuple[str, Operand]:
    """A text in quotes: the meaning of a code."""
    if given[0] not in "\"'" or "\\" in given:
        raise ExpressionError(f"a text is written in plain quotes, at character {column}")
    return given[1:-1], Operand(Type.CODE, frozenset({given[1:-1]}))


def timestamp(text: str, column: int) -> tuple[Value, Operand]:
    """`2026-03-01T10:00:00Z`; without a zone the hospital's time, without a clock a date."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text), Operand(Type.DAY)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ExpressionError(f"{text!r} is no time such as 2026-03-01T10:00, at character {column}") from None
    at = (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)).astimezone(UTC)
    return Span(at, at), Operand(Type.TIME)


def duration(text: str, column: int) -> tuple[Value, Operand]:
    """`90m`, `1h30m`, `28d`: days of 24 hours, hours, minutes, seconds."""
    parts = _PART.findall(text)
    if not parts or "".join(count + unit for count, unit in parts) != text:
        raise ExpressionError(f"{text!r} is no length of time such as 90m or 28d, at character {column}")
    length = sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in parts), timedelta(0))
    return Lengths(length, length), Operand(Type.LENGTH)


FUNCTIONS: Final[dict[str, Callable[[str, int], tuple[Value, Operand]]]] = {
    "timestamp": timestamp,
    "duration": duration,
}
