"""What a query asks for, as words of the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from terminology import fold
from terminology.snomed.arrays import gather
from terminology.snomed.sctid import Ints
from terminology.snomed.search.index import SearchIndex, Small

#: What a word costs that only begins with the one asked for; a whole word costs nothing (see `rank`).
PREFIX_COST: Final = 2
#: No word of the description is meant.
NOWHERE: Final = 255


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Words of the index that answer a word of the query, all at the same cost."""

    words: range | Ints
    cost: int


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """One word of a query: the groups that answer it, the dearest first.

    `lengths` has the words that answer it although they do not begin with it, and how many letters of each do.
    """

    text: str
    groups: tuple[Group, ...]
    lengths: Mapping[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether one of the words is, letter by letter, the one of the query."""
        return any(group.cost == 0 and len(group.words) for group in self.groups)

    def postings(self, index: SearchIndex) -> int:
        """In how many places the words stand, at most."""
        return sum(_postings(index, group.words) for group in self.groups)


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """Where a wanted word was found: by number of the description its first place, NOWHERE for none, and its cost."""

    place: Small
    cost: Small


def exactly(index: SearchIndex, text: str, loose: bool) -> Wanted:
    """The words that begin with `text`, and the one that is `text`; `loose` as in `fold`."""
    if not loose:
        return Wanted(text, (Group(index.beginning_with(text), PREFIX_COST), *_whole(index, text)))
    text = fold.loose(text)
    marked, whole = index.loosely(text)
    beginning = Group(index.beginning_with(text), PREFIX_COST), Group(marked, PREFIX_COST)
    return Wanted(text, (*beginning, Group(whole, 0), *_whole(index, text)))


def reach(index: SearchIndex, wanted: Wanted) -> Reached:
    """Where the words of `wanted` stand."""
    place = np.full(len(index.row), NOWHERE, dtype=np.uint8)
    cost = np.full(len(index.row), wanted.groups[0].cost, dtype=np.uint8)
    for group in wanted.groups:
        descriptions, places = _stand(index, group.words)
        np.minimum.at(place, descriptions, places)
        if group.cost < wanted.groups[0].cost:
            cost[descriptions] = group.cost
    return Reached(place, cost)


def standing(index: SearchIndex, wanted: Wanted) -> Iterator[Ints]:
    """The descriptions in which words of `wanted` stand, repeated ones too, group by group."""
    return (_stand(index, group.words)[0] for group in wanted.groups)


def _whole(index: SearchIndex, text: str) -> tuple[Group, ...]:
    number = index.number_of(text)
    return () if number is None else (Group(range(number, number + 1), 0),)


def _postings(index: SearchIndex, words: range | Ints) -> int:
    starts = index.postings.starts
    if isinstance(words, range):
        return int(starts[words.stop] - starts[words.start])
    return int((starts[words + 1] - starts[words]).sum())


def _stand(index: SearchIndex, words: range | Ints) -> tuple[Ints, Small]:
    """The descriptions that words stand in, and their places in them."""
    starts = index.postings.starts
    if isinstance(words, range):
        mine = slice(starts[words.start], starts[words.stop])
        return index.postings.values[mine], index.places[mine]
    return index.postings.of_many(words), gather(index.places, starts[words], starts[words + 1] - starts[words])
