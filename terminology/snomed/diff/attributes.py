"""The defining attributes of two releases. Two concepts are defined alike when their groups hold the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from terminology.snomed.arrays import gather
from terminology.snomed.diff.concepts import Pair
from terminology.snomed.diff.model import AttributeLine, AttributesChanged
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.view import Release

Lines = tuple[AttributeLine, ...]


def diff_attributes(pair: Pair) -> tuple[AttributesChanged, ...]:
    """The concepts that are active in both releases and defined otherwise, by identifier."""
    return tuple(_changed(pair))


def _changed(pair: Pair) -> Iterator[AttributesChanged]:
    before, after = pair.releases
    for first, then in zip(*(stay[_perhaps(pair)].tolist() for stay in pair.stays), strict=True):
        was, is_ = lines_of(before, first), lines_of(after, then)
        if _roles(was) != _roles(is_):
            yield AttributesChanged(int(before.ids[first]), _more(is_, was), _more(was, is_))


def _more(lines: Lines, than: Lines) -> Lines:
    return tuple(sorted((Counter(lines) - Counter(than)).elements()))


def _perhaps(pair: Pair) -> Bools:
    """Which of the concepts that stay have rows that are not the same, number by number, in both releases."""
    rows = tuple(release.attribute_rows for release in pair.releases)
    begins = tuple(one.starts[stay] for one, stay in zip(rows, pair.stays, strict=True))
    counts = tuple(one.starts[stay + 1] - begin for one, stay, begin in zip(rows, pair.stays, begins, strict=True))
    perhaps: Bools = counts[0] != counts[1]
    like = np.flatnonzero(~perhaps & (counts[0] > 0))
    places = tuple(
        gather(np.arange(len(one.source)), begin[like], counts[0][like])
        for one, begin in zip(rows, begins, strict=True)
    )
    unlike = np.zeros(len(places[0]), dtype=np.bool_)
    for first, then in zip(*(_columns(pair, side, places[side]) for side in (0, 1)), strict=True):
        unlike |= first != then
    if len(like):
        perhaps[like] = np.logical_or.reduceat(unlike, np.cumsum(counts[0][like]) - counts[0][like])
    return perhaps


def _columns(pair: Pair, side: int, places: Ints) -> tuple[Ints, ...]:
    """What can be compared number by number; texts cannot, so a concept that has one is always looked at."""
    rows, numbers = pair.releases[side].attribute_rows, pair.numbers[side]
    target = rows.target[places]
    concrete = np.where(target >= 0, numbers[np.maximum(target, 0)], -1)
    number = np.nan_to_num(rows.number[places], nan=-1.0).view(np.int64)
    text = np.where(rows.text[places] >= 0, side + 1, 0)
    return rows.group[places], numbers[rows.type[places]], concrete, number, text, rows.truth[places]


def lines_of(release: Release, ordinal: int) -> Lines:
    """The attributes of a concept, by group, type and value."""
    rows = release.attribute_rows
    mine = range(int(rows.starts[ordinal]), int(rows.starts[ordinal + 1]))
    return tuple(
        sorted(
            AttributeLine(int(rows.group[row]), int(release.ids[rows.type[row]]), _value(release, row)) for row in mine
        )
    )


def _value(release: Release, row: int) -> str:
    rows = release.attribute_rows
    if (target := int(rows.target[row])) >= 0:
        return str(release.ids[target])
    if (text := int(rows.text[row])) >= 0:
        return f'"{release.concrete_texts[text]}"'
    return f"#{rows.number[row]:.15g}" if rows.truth[row] < 0 else str(bool(rows.truth[row])).lower()


def _roles(lines: Lines) -> list[tuple[bool, tuple[tuple[int, str], ...]]]:
    """What each group holds, without its number; group 0, of attributes that stand alone, is told apart."""
    groups: dict[int, list[tuple[int, str]]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append((line.type, line.value))
    return sorted((group == 0, tuple(held)) for group, held in groups.items())
