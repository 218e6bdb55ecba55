"""Ages as journals give them: completed units, so that "3 years" is any age from the third birthday to the fourth.

Rules of maps ask in another unit than the journal may know. What the journal's unit leaves open stays open: an age
of 0 years may or may not be below 28 days. Months and years are those of the calendar, of 28 to 31 and of 365 or 366
days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final, Literal, get_args

Unit = Literal["days", "weeks", "months", "years"]
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)

#: Days and months are no whole multiples of each other; weeks and years are whole multiples of one of them.
_BASE: Final[dict[Unit, tuple[Literal["days", "months"], int]]] = {
    "days": ("days", 1),
    "weeks": ("days", 7),
    "months": ("months", 1),
    "years": ("months", 12),
}
_WRITTEN: Final = re.compile(r"([0-9]{1,4})\s*(days?|d|weeks?|w|months?|mo|years?|y)?", re.IGNORECASE)
_SHORT: Final[dict[str, Unit]] = {"d": "days", "w": "weeks", "m": "months", "y": "years"}

_YEAR: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CYCLE: Final = (*_YEAR[:1], 29, *_YEAR[2:], *_YEAR * 3)
_CYCLE_DAYS: Final = sum(_CYCLE)
#: Days from the start of a leap cycle to the start of each month, over two cycles.
_ELAPSED: Final = (0, *accumulate(_CYCLE * 2))


@dataclass(frozen=True, slots=True)
class Age:
    """A number of completed units; never negative."""

    value: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("an age is not negative")

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"


def age_of(text: str) -> Age:
    """An age as people write it: `12`, `12y`, `28 days`, `3w`, `5mo`; years when no unit is given.

    Raises ValueError when it is none.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no age: write 12, 12y, 5mo, 3w or 28d")
    return Age(int(found[1]), _SHORT[(found[2] or "y")[0].lower()])


def completed(age: Age, unit: Unit) -> tuple[int, int]:
    """The least and the greatest number of completed `unit`s that someone of this age may have lived."""
    (own, factor), (asked, divisor) = _BASE[age.unit], _BASE[unit]
    least, most = age.value * factor, (age.value + 1) * factor - 1
    if own != asked and asked == "days":
        least, most = _fewest_days(least), _most_days(most + 1) - 1
    elif own != asked:
        least, most = _surely_months(least), _perhaps_months(most)
    return least // divisor, most // divisor


@lru_cache(maxsize=4096)
def _fewest_days(months: int) -> int:
    """The days of the shortest run of so many calendar months."""
    cycles, rest = divmod(months, len(_CYCLE))
    return cycles * _CYCLE_DAYS + min(_ELAPSED[start + rest] - _ELAPSED[start] for start in range(len(_CYCLE)))


@lru_cache(maxsize=4096)
def _most_days(months: int) -> int:
    """The days of the longest run of so many calendar months."""
    cycles, rest = divmod(months, len(_CYCLE))
    return cycles * _CYCLE_DAYS + max(_ELAPSED[start + rest] - _ELAPSED[start] for start in range(len(_CYCLE)))


def _surely_months(days: int) -> int:
    """The months completed after so many days, whatever the birthday."""
    months = days // 31
    while _most_days(months + 1) <= days:
        months += 1
    return months


def _perhaps_months(days: int) -> int:
    """The months completed after so many days when months were as short as they can be."""
    months = days // 31
    while _fewest_days(months + 1) <= days:
        months += 1
    return months
