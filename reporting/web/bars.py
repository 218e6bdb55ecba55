"""Shares as bars: counts by level turned into segments that a template draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

#: The levels of a field, from the rules' own to nothing.
LEVELS: Final = ("automatic", "proposed", "manual", "empty")
#: The width of a whole bar.
WHOLE: Final = 1000


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: `x` and `width` in thousandths of the whole, `percent` rounded for people."""

    level: str
    number: int
    x: int
    width: int
    percent: int


def bar(counts: Mapping[str, int]) -> tuple[Segment, ...]:
    """One segment per level, in the order of `LEVELS`; none when all counts are zero."""
    numbers = [max(counts.get(level, 0), 0) for level in LEVELS]
    total = sum(numbers)
    if total == 0:
        return ()
    edges = [0, *(round(WHOLE * end / total) for end in accumulate(numbers))]
    return tuple(
        Segment(level, count, start, end - start, round(100 * count / total))
        for level, count, start, end in zip(LEVELS, numbers, edges, edges[1:], strict=False)
    )
