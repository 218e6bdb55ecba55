"""What stands in the cells of a klokebok: flags, counts, days and the limits of numbers and dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from registries.codebooks import Interval, day, number

_FLAGS: Final = {"ja": True, "nei": False, "": False}

_TODAY: Final = re.compile(r"toDay(?:Plus(\d+)Days)?", re.IGNORECASE)

#: What stands in for empty in codebooks that were written by programs.
_NOTHING: Final = ("null", "nullMangler")


class Broken(Exception):
    """A row that cannot be read: the column and what is wrong there."""


def text_in(cells: Mapping[str, str], column: str) -> str:
    text = cells.get(column, "").strip()
    return "" if text in _NOTHING else text


def flag_in(cells: Mapping[str, str], column: str) -> bool:
    flag = _FLAGS.get(text_in(cells, column).lower())
    if flag is None:
        raise Broken(column, f"{cells[column]!r} is neither Ja nor Nei")
    return flag


def count_in(cells: Mapping[str, str], column: str) -> int | None:
    text = text_in(cells, column)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Broken(column, f"{text!r} is not a whole number")
    return int(text)


def day_in(cells: Mapping[str, str], column: str) -> date | None:
    text = text_in(cells, column)
    found = day(text)
    if text and found is None:
        raise Broken(column, f"{text!r} is not a date (YYYY-MM-DD)")
    return found


def numbers_in(cells: Mapping[str, str], which: str) -> Interval:
    """Limits that are not numbers name another field or a rule, such as `todayYear`."""
    columns = (f"{which}_start_numerisk", f"{which}_slutt_numerisk")
    low, high = (_limit(column, text_in(cells, column)) for column in columns)
    _upwards(columns[1], float(low) if number(low) else None, float(high) if number(high) else None)
    return Interval(low, high)


def _limit(column: str, text: str) -> str:
    found = number(text)
    if found is None and text and not text[0].isalpha():
        raise Broken(column, f"{text!r} is neither a number nor a name")
    return text if found is None else found


def dates_in(cells: Mapping[str, str], which: str) -> Interval:
    """Dates stand in single quotes; `today`, `toDayPlus30Days`; other words are rules of the registry's own system."""
    columns = (f"{which}_start_dato", f"{which}_slutt_dato")
    low, high = (_moment(column, text_in(cells, column)) for column in columns)
    first, last = day(low), day(high)
    _upwards(columns[1], first.toordinal() if first else None, last.toordinal() if last else None)
    return Interval(low, high)


def _moment(column: str, text: str) -> str:
    bare = text.strip("'")
    if later := _TODAY.fullmatch(bare):
        return f"today + {int(later[1])}d" if later[1] else "today"
    if bare and not bare[0].isalpha() and day(bare) is None:
        raise Broken(column, f"{text!r} is neither a date nor a name")
    return bare


def _upwards(column: str, low: float | None, high: float | None) -> None:
    if low is not None and high is not None and high < low:
        raise Broken(column, "the interval ends before it begins")
