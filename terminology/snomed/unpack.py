"""Takes many packed texts out at once: the words of eight bytes that hold them, cut apart at line feeds."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from terminology.snomed.sctid import Ints

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]

#: The bytes of a word.
WIDTH: Final = 8
_WORD: Final = np.dtype("<u8")
_PLACES: Final = np.arange(WIDTH)
#: For n bytes of a word: those from the n-th on; those before it; a line feed as the n-th.
_FROM, _BEFORE, _CUT = (
    np.where(where, byte, 0).astype(np.uint8).view(_WORD).ravel()
    for where, byte in (
        (_PLACES[:, None] <= _PLACES, 0xFF),
        (_PLACES[:, None] > _PLACES, 0xFF),
        (_PLACES[:, None] == _PLACES, 10),
    )
)


def unpack(blob: Bytes, begin: Ints, counts: Ints) -> list[str] | None:
    """The texts of `counts[i]` bytes from `begin[i]` on; None when one has a NUL or a line feed.

    Of each text's first word the bytes before it become NULs, of its last word those after it and the line feed that
    ends it. Then the NULs go.
    """
    end = begin + counts
    first, last = begin // WIDTH, end // WIDTH
    many = last - first + 1
    ends = np.cumsum(many)
    starts = ends - many
    places = np.repeat(first - starts, many)
    places += np.arange(len(places))
    words = _words(blob, places)
    words[starts] &= _FROM[begin % WIDTH]
    words[ends - 1] = words[ends - 1] & _BEFORE[end % WIDTH] | _CUT[end % WIDTH]
    filled = words.tobytes().translate(None, b"\0")
    texts = filled.decode().split("\n")
    if len(filled) != counts.sum() + len(counts) or len(texts) != len(counts) + 1:
        return None
    texts.pop()
    return texts


def _words(blob: Bytes, places: Ints) -> Words:
    """The words at these places of the blob; NULs where it has ended."""
    whole = len(blob) // WIDTH
    words: Words = np.zeros(len(places), _WORD)
    if whole:
        blob[: whole * WIDTH].view(_WORD).take(places, out=words, mode="clip")
    beyond = np.flatnonzero(places >= whole)
    words[beyond] = np.where(places[beyond] == whole, _rest(blob, whole), np.uint64(0))
    return words


def _rest(blob: Bytes, whole: int) -> np.uint64:
    """The bytes after the last whole word, filled up with NULs."""
    rest = np.frombuffer(blob[whole * WIDTH :].tobytes().ljust(WIDTH, b"\0"), _WORD)
    return np.uint64(rest[0])
