"""Small numpy structures of a release: compressed sparse rows, packed texts, walks over a hierarchy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.unpack import unpack

Item = TypeVar("Item", bound=np.generic)

#: How many texts are taken out at once: their bytes stay in the processor's cache, and no memory is asked for anew.
_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class Rows:
    """Compressed sparse rows: the values of node `i` are `values[starts[i]:starts[i + 1]]`."""

    starts: Ints
    values: Ints

    def of(self, node: int) -> Ints:
        """The values of one node."""
        return self.values[self.starts[node] : self.starts[node + 1]]

    def of_many(self, nodes: Ints) -> Ints:
        """The values of all `nodes`, one after the other."""
        begin = self.starts[nodes]
        return gather(self.values, begin, self.starts[nodes + 1] - begin)

    def reach(self, nodes: Ints) -> Bools:
        """Which nodes are reached from `nodes` by one step or more, as one truth value a node."""
        reached = np.zeros(len(self.starts) - 1, dtype=np.bool_)
        frontier = self.of_many(nodes)
        while len(frontier):
            frontier = np.unique(frontier[~reached[frontier]])
            reached[frontier] = True
            frontier = self.of_many(frontier)
        return reached


def gather(values: npt.NDArray[Item], begin: Ints, counts: Ints) -> npt.NDArray[Item]:
    """`counts[i]` values from `begin[i]` on, for every `i`, one after the other."""
    shift = np.repeat(begin - (np.cumsum(counts) - counts), counts)
    shift += np.arange(len(shift))
    gathered: npt.NDArray[Item] = values[shift]
    return gathered


def rows_of(nodes: Ints, values: Ints, count: int) -> Rows:
    """Rows for `count` nodes from pairs (node, value), both below `count`; the values of a node are ascending."""
    bits = bits_of(count)
    keys = np.sort(nodes.astype(np.int64) << bits | values)
    return Rows(starts_of(nodes, count), (keys & (1 << bits) - 1).astype(np.int32))


def starts_of(nodes: Ints, count: int) -> Ints:
    """Where each of `count` nodes starts when rows are sorted by node; one longer than the nodes."""
    return np.concatenate(([0], np.cumsum(np.bincount(nodes, minlength=count)))).astype(np.int64)


def ordinals(ids: Ints, wanted: Ints) -> Ints:
    """Where each of `wanted` is in the sorted `ids`; -1 where it is not."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[found] == wanted, found, -1).astype(np.int64)


def different(values: Ints) -> Ints:
    """The different ones of `values`, sorted; much faster than np.unique where many are different."""
    ordered = np.sort(values)
    once: Ints = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return once


def coded(values: Ints) -> tuple[Ints, Ints]:
    """The different values, sorted, and the place of each value among them; fast where few are different."""
    few = different(values)
    return few, np.searchsorted(few, values)


def levels(parents: Rows, children: Rows) -> list[Ints]:
    """The nodes in an order with parents first: each level holds those whose parents are all in levels before.

    Nodes on a cycle and below one are in no level.
    """
    waiting = np.diff(parents.starts)
    found = [np.flatnonzero(waiting == 0)]
    while len(found[-1]):
        reached, times = np.unique(children.of_many(found[-1]), return_counts=True)
        waiting[reached] -= times
        found.append(reached[waiting[reached] == 0])
    return found[:-1]


def bits_of(count: int) -> int:
    """How many bits a number below `count` needs: pairs of such numbers are packed in one and sorted fast."""
    return max(count - 1, 1).bit_length()


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts packed as UTF-8: text `i` is the bytes from `starts[i]` to `starts[i + 1]`."""

    starts: Ints
    blob: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> str:
        return self.blob[self.starts[number] : self.starts[number + 1]].tobytes().decode()

    def of_many(self, numbers: Ints) -> list[str]:
        """The texts with these numbers."""
        texts: list[str] = []
        for at in range(0, len(numbers), _AT_ONCE):
            texts += self._some(numbers[at : at + _AT_ONCE])
        return texts

    def _some(self, numbers: Ints) -> list[str]:
        begin = self.starts[numbers]
        texts = unpack(self.blob, begin, self.starts[numbers + 1] - begin)
        return [self[number] for number in numbers.tolist()] if texts is None else texts


def pack(texts: pl.Series | Sequence[str]) -> Texts:
    """`texts` packed."""
    series = texts if isinstance(texts, pl.Series) else pl.Series(texts, dtype=pl.String)
    lengths = series.str.len_bytes().to_numpy()
    starts = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64)
    joined = series.str.join("").item() if len(series) else ""
    return Texts(starts, np.frombuffer(joined.encode(), dtype=np.uint8))
