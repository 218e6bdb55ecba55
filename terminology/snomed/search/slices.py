"""Numbers for pieces of text: equal pieces of one block of bytes get the same number, without a Python string each."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from terminology.snomed.arrays import bits_of
from terminology.snomed.sctid import Ints

Bytes = npt.NDArray[np.uint8]
Keys = npt.NDArray[np.uint64]

_BYTES: Final = 8
_TABLE_BITS: Final = 20
_ANOTHER: Final = 0xD1342543DE82EF95
_WHOLE: Final = (1 << 64) - 1


def number_slices(block: Bytes, starts: Ints, lengths: Ints) -> Ints:
    """One number for each slice `block[start:start + length]`; equal exactly when the slices are equal.

    The first eight bytes of a slice are one key; a longer one goes on with the number it has so far and as many
    of its next bytes as fit into a key beside it. The numbers have gaps. Slices must hold no zero byte.
    """
    padded = np.concatenate([block, np.zeros(_BYTES, dtype=np.uint8)])
    numbers = number_keys(_head(padded, starts, lengths, _BYTES))
    done, base = _BYTES, int(numbers.max(initial=0)) + 1
    rest = np.flatnonzero(lengths > done)
    while len(rest):
        width = (64 - bits_of(base)) // _BYTES
        head = _head(padded, starts[rest] + done, lengths[rest] - done, width)
        numbers[rest] = number_keys(head | numbers[rest].astype(np.uint64)) + base
        done, base = done + width, int(numbers[rest].max()) + 1
        rest = rest[lengths[rest] > done]
    return numbers


def number_keys(keys: Keys, multiplier: int = 0x9E3779B97F4A7C15) -> Ints:
    """One number for each key, equal exactly when the keys are equal. The numbers have gaps.

    Each key is written at its place in a hash table, and its number is this place. Keys that were overwritten by
    another one get their numbers in the next table, with another hash.
    """
    bits = min(bits_of(len(keys)) + 1, _TABLE_BITS)
    places = keys * np.uint64(multiplier)
    places >>= np.uint64(64 - bits)
    numbers = places.astype(np.int64)
    table = np.zeros(1 << bits, dtype=np.uint64)
    table[numbers] = keys
    others = np.flatnonzero(table[numbers] != keys)
    if len(others):
        another = (multiplier * _ANOTHER | 1) & _WHOLE
        numbers[others] = number_keys(keys[others], another) + (1 << bits)
    return numbers


def first_of_each(numbers: Ints) -> tuple[Ints, Ints]:
    """Dense numbers instead of ones with gaps, and for each of them one place where it stands."""
    place = np.full(int(numbers.max(initial=-1)) + 1, -1, dtype=np.int64)
    place[numbers] = np.arange(len(numbers))
    used = place >= 0
    dense = np.cumsum(used) - 1
    return dense[numbers], place[used]


def _head(padded: Bytes, starts: Ints, lengths: Ints, width: int) -> Keys:
    """The first bytes of each slice, `width` at most, in the upper bytes of a number; the others are zero."""
    everywhere: Keys = np.ndarray((len(padded) - _BYTES + 1,), dtype="<u8", buffer=padded, strides=(1,))
    heads = everywhere[starts]
    heads <<= (8 * (_BYTES - np.minimum(lengths, width))).astype(np.uint64)
    return heads
