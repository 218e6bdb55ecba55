"""Which of several entries a rule means. More than one is left when they claim the same place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from registries.entry import JournalEntry, When
from registries.moments import Span
from registries.plan import Pick

_Key = Callable[[JournalEntry], When]


def picked(pick: Pick, entries: list[JournalEntry], target: Span | None) -> list[JournalEntry]:
    """The entries in the place that a rule picks by time; all of them where it does not pick by time.

    `target` is what `closest` is closest to. An entry without a time comes before all others. Where a rule says so,
    only those of them stay that were recorded last.
    """
    if len(entries) == 1:
        return entries
    kept = _placed(pick, entries, target)
    return _at(max, _recorded, kept) if pick.several == "last_recorded" else kept


def on_side(pick: Pick, entries: list[JournalEntry], target: Span) -> list[JournalEntry]:
    """The entries on the side of the moment that is asked for; an inexact time only where all of it is."""
    if pick.side == "before":
        return [entry for entry in entries if entry.at is not None and entry.at.latest <= target.last]
    return [entry for entry in entries if entry.at is not None and entry.at.moment >= target.first]


def _placed(pick: Pick, entries: list[JournalEntry], target: Span | None) -> list[JournalEntry]:
    match pick.way:
        case "first":
            timed = [entry for entry in entries if entry.at is not None]
            return _at(min, _time, timed) if timed else entries
        case "last":
            return _at(max, _time, entries)
        case "last_recorded":
            return _at(max, _recorded, entries)
        case "closest" if target is not None:
            return _closest(entries, target, _TIES[pick.tie])
    return entries


def _closest(entries: list[JournalEntry], target: Span, tie: int) -> list[JournalEntry]:
    away = [_away(entry, target, tie) for entry in entries]
    best = min(away)
    return [entry for entry, distance in zip(entries, away, strict=True) if distance == best]


def _away(entry: JournalEntry, target: Span, tie: int) -> tuple[float, bool, float]:
    """How far an entry is from a moment; of two equally far one with a clock time is closer, then the later one."""
    at = _time(entry)
    first, last = target
    nearest = first if at.moment < first else last if at.moment > last else at.moment
    return abs((at.moment - nearest).total_seconds()), not at.clock, tie * (at.moment - first).total_seconds()


def _at(end: Callable[[Sequence[When]], When], key: _Key, entries: list[JournalEntry]) -> list[JournalEntry]:
    best = end([key(entry) for entry in entries])
    return [entry for entry in entries if key(entry) == best]


def _time(entry: JournalEntry) -> When:
    return entry.order[0]


def _recorded(entry: JournalEntry) -> When:
    return entry.recorded or entry.order[0]


_TIES: Final = {"later": -1, "earlier": 1, "disagree": 0}
