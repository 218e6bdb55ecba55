"""Finds many identifiers at once: a hash table, because a binary search in millions of them misses the cache."""

from __future__ import annotations

from typing import Final

import numpy as np

from terminology.snomed.sctid import Ints

#: Fibonacci hashing: 2**64 divided by the golden ratio spreads numbers that lie close together.
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)


class Places:
    """Where identifiers are in `ids`, which are all different and positive."""

    def __init__(self, ids: Ints) -> None:
        self.ids = ids
        bits = max(2 * len(ids), 2).bit_length()
        self._shift, self._mask = np.uint64(64 - bits), (1 << bits) - 1
        self._slots = np.full(1 << bits, -1, dtype=np.int32)
        # What an empty slot (-1) leads to is no identifier.
        self._named = np.append(ids, -1)
        waiting = np.arange(len(ids), dtype=np.int32)
        slots = self._slots_of(ids)
        while len(waiting):
            free = self._slots[slots] < 0
            self._slots[slots[free]] = waiting[free]
            lost = self._slots[slots] != waiting
            waiting, slots = waiting[lost], slots[lost] + 1 & self._mask

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, wanted: Ints) -> Ints:
        """The place of each of `wanted` in the identifiers (int32); -1 for one that is not there."""
        slots = self._slots_of(wanted)
        found = self._slots[slots]
        other = np.flatnonzero(self._named[found] != wanted)
        rows = other[found[other] >= 0]
        slots = slots[rows]
        found[other] = -1
        while len(rows):
            slots = slots + 1 & self._mask
            here = self._slots[slots]
            right = self._named[here] == wanted[rows]
            found[rows[right]] = here[right]
            going = ~right & (here >= 0)
            rows, slots = rows[going], slots[going]
        return found

    def _slots_of(self, ids: Ints) -> Ints:
        return (ids.astype(np.uint64) * _SPREAD >> self._shift).astype(np.int64)
