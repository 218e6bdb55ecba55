"""Pairs of neighbouring letters, by which words that resemble a misspelt word are found.

The first letter of a word has a pair with the beginning of the word. A mistake spoils three pairs at most (two
letters that changed places), so words with few pairs in common need not be looked at.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from terminology import fold
from terminology.snomed.arrays import Rows, Texts, starts_of
from terminology.snomed.sctid import Ints

_KINDS: Final = 32
_FEED: Final = ord("\n")
_LEAD: Final = 0xC0


def _table() -> npt.NDArray[np.uint8]:
    """The kind of each byte: letters a to z, digits, and four for the rest; kind 0 is the line feed.

    Nordic letters are of the kind of the letter they look like (see `fold.loose`).
    """
    kinds = np.zeros(256, dtype=np.uint8)
    kinds[ord("a") : ord("z") + 1] = np.arange(1, 27)
    kinds[ord("0") : ord("9") + 1] = 27
    kinds[128:_LEAD] = 28 + np.arange(_LEAD - 128) % 4
    for letter in "æøåäö":
        kinds[fold.sortable(letter).encode()[-1]] = kinds[ord(fold.loose(letter))]
    return kinds


_TABLE: Final = _table()


def pair_words(words: Texts) -> Rows:
    """For each pair of letters the numbers of the words (see `build.pack_words`) that have it, ascending."""
    pairs, number = _pairs(words.blob)
    keys = np.unique(pairs * (len(words) + 1) + number)
    return Rows(starts_of(keys // (len(words) + 1), _KINDS**2), (keys % (len(words) + 1)).astype(np.int32))


def pairs_of(word: str) -> Ints:
    """The different pairs of one folded word."""
    pairs, _ = _pairs(np.frombuffer(f"{fold.sortable(word)}\n".encode(), dtype=np.uint8))
    return np.unique(pairs)


def _pairs(blob: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """The pairs of words with a line feed after each, and the number of the word of each pair."""
    letters = np.concatenate(([_FEED], blob[blob < _LEAD])).astype(np.uint8)
    kinds = _TABLE[letters].astype(np.int64)
    inside = np.flatnonzero(letters[1:] != _FEED)
    number = np.cumsum(letters == _FEED)[:-1][inside] - 1
    return kinds[inside] * _KINDS + kinds[inside + 1], number
