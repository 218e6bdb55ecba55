"""Takes many packed texts out at once: eight bytes at a time, and cut apart where none of them can have a cut."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from terminology.snomed.sctid import Ints

Words = npt.NDArray[np.uint64]

_WIDTH: Final = 8
#: The first n bytes of a word, and a line feed after n bytes.
_KEEP: Final = np.array([(1 << 8 * n) - 1 for n in range(_WIDTH)], dtype=np.uint64)
_CUT: Final = np.array([10 << 8 * n for n in range(_WIDTH)], dtype=np.uint64)


def unpack(blob: npt.NDArray[np.uint8], begin: Ints, counts: Ints) -> list[str] | None:
    """The texts of `counts[i]` bytes from `begin[i]` on; None when one has a NUL or a line feed.

    Each text is read in whole words, the last one filled up with a line feed and NULs. These go, the line feeds cut.
    """
    if len(blob) < _WIDTH:
        return None
    many = counts // _WIDTH + 1
    ends = np.cumsum(many)
    start = np.repeat(begin - (ends - many) * _WIDTH, many)
    start += np.arange(0, _WIDTH * len(start), _WIDTH)
    words = _words(blob, start)
    last, left = ends - 1, counts % _WIDTH
    words[last] = words[last] & _KEEP[left] | _CUT[left]
    filled = words.tobytes().translate(None, b"\0")
    texts = filled.decode().split("\n")
    if len(filled) != counts.sum() + len(counts) or len(texts) != len(counts) + 1:
        return None
    return texts[:-1]


def _words(blob: npt.NDArray[np.uint8], start: Ints) -> Words:
    """The eight bytes from each start on; NULs where the blob has ended."""
    final = len(blob) - _WIDTH
    everywhere: Words = np.ndarray((final + 1,), dtype="<u8", buffer=blob, strides=(1,))
    beyond = np.flatnonzero(start > final)
    over = np.minimum(start[beyond] - final, _WIDTH)
    words = everywhere[np.minimum(start, final)]
    # Two steps: a word cannot be moved by its whole width.
    half = (over * 4).astype(np.uint64)
    words[beyond] = words[beyond] >> half >> half
    return words
