"""Words that a misspelt word may have meant.

Only the dictionary is looked through, never the terms. First come the words that have most pairs of letters in
common with the one asked for, a few hundred. These are measured: the least optimal string alignment distance
between the word asked for and a beginning of the word in the dictionary, so that a word may be unfinished and
misspelt at once.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from terminology import fold
from terminology.snomed.sctid import Ints
from terminology.snomed.search.index import SearchIndex
from terminology.snomed.search.pairs import pairs_of
from terminology.snomed.search.wanted import PREFIX_COST, Group, Wanted

#: What each mistake costs (see `rank`).
MISTAKE_COST: Final = 6

_SHORTEST: Final = 4
_LONGEST: Final = 40
_TWO_MISTAKES: Final = 8
_MEASURED: Final = 500
_SPOILT: Final = 3
_KEPT: Final = 50


def mistakes_in(word: str) -> int:
    """How many mistakes a word may have: 1 from four letters on, 2 from eight on, none in one of over forty."""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return 0
    return 1 if len(word) < _TWO_MISTAKES else 2


def meant(index: SearchIndex, asked: Wanted, nearest: bool, loose: bool) -> Wanted:
    """`asked`, and the words that it may have meant: all that are near, or only the `nearest` ones.

    The words of `asked` are in the result with what they cost there. `loose` as in `fold`.
    """
    allowed = mistakes_in(asked.text)
    numbers = _likely(index, asked.text, allowed) if allowed else np.empty(0, dtype=np.int64)
    if not len(numbers):
        return asked
    texts = index.texts(numbers)
    compared = list(map(fold.loose, texts)) if loose else texts
    mistakes, lengths, whole = _measure(asked.text, compared, allowed)
    most = min(allowed, int(mistakes[mistakes > 0].min(initial=allowed))) if nearest else allowed
    costs = mistakes * MISTAKE_COST + np.where(whole, 0, PREFIX_COST)
    near = np.flatnonzero((mistakes > 0) & (mistakes <= most))
    near = near[np.lexsort((numbers[near], -_frequency(index, numbers[near]), costs[near]))][:_KEPT]
    groups = tuple(Group(numbers[near[costs[near] == cost]], cost) for cost in sorted(set(costs[near].tolist()))[::-1])
    return Wanted(asked.text, (*groups, *asked.groups), {texts[place]: int(lengths[place]) for place in near.tolist()})


def _likely(index: SearchIndex, word: str, allowed: int) -> Ints:
    """The words that may be near: those with the most pairs of letters in common with `word`, of these the frequent."""
    pairs = pairs_of(word)
    common = np.bincount(index.pairs.of_many(pairs), minlength=len(index.words))
    found = np.flatnonzero(common >= max(len(pairs) - _SPOILT * allowed, 1))
    long = index.words.starts[found + 1] - index.words.starts[found] > len(word) - allowed
    found = found[np.flatnonzero(long)]
    if len(found) > _MEASURED:
        # In one number each: pairs in common, frequency, and the word, so that no two are equal.
        often = np.minimum(_frequency(index, found), (1 << 20) - 1)
        keys = common[found] << 52 | often << 32 | ((1 << 32) - 1 - found)
        found = np.sort(found[np.argpartition(keys, -_MEASURED)[-_MEASURED:]])
    return found


def _measure(word: str, texts: list[str], allowed: int) -> tuple[Ints, Ints, Ints]:
    """For each text the least number of mistakes in a beginning of it, the length of that, and whether it is all.

    More mistakes than `allowed` count as one more.
    """
    ends = range(len(word) - allowed, len(word) + allowed + 1)
    beginnings = [text[:end] for end in ends for text in texts]
    distances = cdist([word], beginnings, scorer=OSA.distance, score_cutoff=allowed, dtype=np.uint8)
    table = distances.reshape(len(ends), len(texts))
    best = table.argmin(axis=0)
    mistakes = table[best, np.arange(len(texts))].astype(np.int64)
    size = np.array([len(text) for text in texts])
    # A text that ends within reach was measured whole at the last end.
    whole = (size <= ends[-1]) & (table[-1] == mistakes)
    return mistakes, np.where(whole, size, np.minimum(ends[0] + best, size)), whole


def _frequency(index: SearchIndex, words: Ints) -> Ints:
    starts = index.postings.starts
    frequency: Ints = starts[words + 1] - starts[words]
    return frequency
