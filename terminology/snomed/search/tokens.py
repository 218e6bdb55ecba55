"""Splits packed terms into words, all at once.

What a word is only `fold.words` knows. It is asked once for each different piece that needs it: a piece is a row
of bytes without ASCII separators, so each word lies within one piece, and most pieces are plain ASCII words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from terminology import fold
from terminology.snomed.arrays import Texts, gather, starts_of
from terminology.snomed.sctid import Ints
from terminology.snomed.search.slices import Bytes, first_of_each, number_slices

_ASCII: Final = 128
#: In bytes, as much as the longest kind of description has (RF2 specification: description format reference set).
LONGEST: Final = 4096


#: For each byte what stands in a piece: letters in lower case, digits and all bytes outside ASCII; 0 elsewhere.
_LOWER: Final = bytes(byte if byte >= _ASCII or chr(byte).isalnum() else 0 for byte in bytes(range(256)).lower())


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of terms, in order: the row of each word, its place in the row and its number in `words`.

    `words` is in alphabetical order, without repetition.
    """

    row: Ints
    place: Ints
    word: Ints
    words: tuple[str, ...]


def split(terms: Texts) -> Tokens:
    """The words of `terms`; of longer ones than RF2 has, those in the first `LONGEST` bytes."""
    block = np.frombuffer(terms.blob.tobytes().translate(_LOWER), dtype=np.uint8)
    starts, lengths = _pieces(block, terms.starts)
    row = np.repeat(np.arange(len(terms), dtype=np.int32), np.diff(np.searchsorted(starts, terms.starts)))
    row, starts, lengths = _within_reach(terms, row, starts, lengths)
    piece, shown = first_of_each(number_slices(block, starts, lengths))
    spelled = _texts(block, starts[shown], lengths[shown])
    of_piece = [(text,) if text.isascii() else fold.words(text) for text in spelled]
    words = tuple(sorted({word for some in of_piece for word in some}, key=fold.sortable))
    numbers = {word: number for number, word in enumerate(words)}
    flat = np.array([numbers[word] for some in of_piece for word in some], dtype=np.int32)
    many = np.array([len(some) for some in of_piece], dtype=np.int32)
    return _tokens(row, _Pieces(piece, many, flat), len(terms), words)


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Which piece stands where, how many words each different piece has, and these words one after the other."""

    piece: Ints
    many: Ints
    flat: Ints


def _tokens(row: Ints, pieces: _Pieces, rows: int, words: tuple[str, ...]) -> Tokens:
    first = np.cumsum(pieces.many) - pieces.many
    many = pieces.many[pieces.piece]
    if (many == 1).all():
        word = pieces.flat[first[pieces.piece]]
    else:
        word = gather(pieces.flat, first[pieces.piece], many)
        row = np.repeat(row, many)
    place = np.arange(len(row)) - starts_of(row, rows)[row]
    return Tokens(row, place, word, words)


def _pieces(block: Bytes, starts: Ints) -> tuple[Ints, Ints]:
    """Start and length of each piece, in order. A new row begins a new piece."""
    within = block != 0
    edges = starts[(starts > 0) & (starts < len(block))]
    begin = within.copy()
    begin[1:] &= ~within[:-1]
    begin[edges] = within[edges]
    end = within.copy()
    end[:-1] &= ~within[1:]
    end[edges - 1] = within[edges - 1]
    begins = np.flatnonzero(begin)
    return begins, np.flatnonzero(end) + 1 - begins


def _within_reach(terms: Texts, row: Ints, starts: Ints, lengths: Ints) -> tuple[Ints, Ints, Ints]:
    """The pieces in the first `LONGEST` bytes of their rows."""
    if int(np.diff(terms.starts).max(initial=0)) <= LONGEST:
        return row, starts, lengths
    rest = terms.starts[row] + LONGEST - starts
    near = np.flatnonzero(rest > 0)
    return row[near], starts[near], np.minimum(lengths, rest)[near]


def _texts(block: Bytes, starts: Ints, lengths: Ints) -> list[str]:
    ends = starts + lengths
    return [block[a:b].tobytes().decode(errors="ignore") for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
