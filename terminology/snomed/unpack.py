"""Takes many packed texts out at once: the words of eight bytes that hold them, cut apart at line feeds."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from terminology.snomed.sctid import Ints

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]

#: The bytes of a word; a place in the blob is in word `place >> _SHIFT`, there at byte `place & _WITHIN`.
WIDTH: Final = 8
_SHIFT: Final = 3
_WITHIN: Final = WIDTH - 1
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
    if not len(begin):
        return []
    end = begin + counts
    first, last = begin >> _SHIFT, end >> _SHIFT
    ends = np.cumsum(last - first + 1) - 1
    starts = ends - (last - first)
    words = _words(blob, _places(first, last, starts, int(ends[-1]) + 1), int(last.max()))
    words[starts] &= _FROM[begin & _WITHIN]
    words[ends] = words[ends] & _BEFORE[end & _WITHIN] | _CUT[end & _WITHIN]
    filled = words.tobytes().translate(None, b"\0")
    texts = filled.decode().split("\n")
    if len(filled) != counts.sum() + len(counts) or len(texts) != len(counts) + 1:
        return None
    texts.pop()
    return texts


def _places(first: Ints, last: Ints, starts: Ints, count: int) -> Ints:
    """The words `first[i]` to `last[i]`, one after the other: sums of steps of one, and one step to each next text."""
    steps = np.ones(count, dtype=np.int64)
    steps[starts] = np.append(first[0], first[1:] - last[:-1])
    return np.cumsum(steps, out=steps)


def _words(blob: Bytes, places: Ints, most: int) -> Words:
    """The words at these places of the blob, the last of which is `most`; NULs where the blob has ended."""
    whole = len(blob) >> _SHIFT
    if most < whole:
        return _view(blob, whole).take(places, mode="clip")  # nothing is clipped: it is the fastest mode
    rest = np.frombuffer(blob[whole << _SHIFT :].tobytes().ljust(WIDTH, b"\0"), _WORD)
    words = _view(blob, whole).take(places, mode="clip") if whole else np.zeros(len(places), _WORD)
    beyond = np.flatnonzero(places >= whole)
    words[beyond] = np.where(places[beyond] == whole, rest, 0)
    return words


def _view(blob: Bytes, whole: int) -> Words:
    return blob[: whole << _SHIFT].view(_WORD)
