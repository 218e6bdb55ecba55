"""Takes many packed texts out at once: a few blocks of bytes each, cut apart where none of them can have a cut."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from terminology.snomed.sctid import Ints

Bytes = npt.NDArray[np.uint8]

#: The bytes of a block; a blob that is shorter is left to others.
WIDTH: Final = 40
_PLACES: Final = np.arange(WIDTH)
#: For n bytes of a block: those that stay, and a line feed after them.
_KEEP: Final = np.where(_PLACES[:, None] > _PLACES, 0xFF, 0).astype(np.uint8)
_CUT: Final = np.where(_PLACES[:, None] == _PLACES, 10, 0).astype(np.uint8)


def unpack(blob: Bytes, begin: Ints, counts: Ints) -> list[str] | None:
    """The texts of `counts[i]` bytes from `begin[i]` on; None when one has a NUL or a line feed.

    Each text is read in blocks, the last one filled up with a line feed and NULs. These go, the line feeds cut.
    """
    if len(blob) < WIDTH:
        return None
    many = counts // WIDTH + 1
    ends = np.cumsum(many)
    start = np.repeat(begin - (ends - many) * WIDTH, many)
    start += np.arange(0, WIDTH * len(start), WIDTH)
    blocks = _blocks(blob, start)
    last, left = ends - 1, counts % WIDTH
    blocks[last] = blocks[last] & _KEEP[left] | _CUT[left]
    filled = blocks.tobytes().translate(None, b"\0")
    texts = filled.decode().split("\n")
    if len(filled) != counts.sum() + len(counts) or len(texts) != len(counts) + 1:
        return None
    return texts[:-1]


def _blocks(blob: Bytes, start: Ints) -> Bytes:
    """The bytes of a block from each start on (n × width); NULs where the blob has ended."""
    final = len(blob) - WIDTH
    everywhere: npt.NDArray[np.void] = np.ndarray((final + 1,), dtype=f"V{WIDTH}", buffer=blob, strides=(1,))
    blocks = everywhere[np.minimum(start, final)].view(np.uint8).reshape(-1, WIDTH)
    beyond = np.flatnonzero(start > final)
    places = start[beyond, None] + _PLACES
    blocks[beyond] = np.where(places < len(blob), blob[np.minimum(places, len(blob) - 1)], 0)
    return blocks
