"""Small numpy structures of a release: compressed sparse rows, packed texts, walks over a hierarchy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from terminology.snomed.sctid import Bools, Ints


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
        counts = self.starts[nodes + 1] - begin
        shift = np.repeat(begin - (np.cumsum(counts) - counts), counts)
        gathered: Ints = self.values[np.arange(len(shift)) + shift]
        return gathered

    def reach(self, nodes: Ints) -> Bools:
        """Which nodes are reached from `nodes` by one step or more, as one truth value a node."""
        reached = np.zeros(len(self.starts) - 1, dtype=np.bool_)
        frontier = self.of_many(nodes)
        while len(frontier):
            frontier = np.unique(frontier[~reached[frontier]])
            reached[frontier] = True
            frontier = self.of_many(frontier)
        return reached


def rows_of(nodes: Ints, values: Ints, count: int) -> Rows:
    """Rows for `count` nodes from pairs (node, value); the values of a node are in ascending order."""
    order = np.lexsort((values, nodes))
    return Rows(starts_of(nodes, count), values[order])


def starts_of(nodes: Ints, count: int) -> Ints:
    """Where each of `count` nodes starts when rows are sorted by node; one longer than the nodes."""
    return np.concatenate(([0], np.cumsum(np.bincount(nodes, minlength=count)))).astype(np.int64)


def ordinals(ids: Ints, wanted: Ints) -> Ints:
    """Where each of `wanted` is in the sorted `ids`; -1 where it is not."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[found] == wanted, found, -1).astype(np.int64)


def on_cycle(parents: Rows, children: Rows) -> Ints:
    """Nodes that cannot be put in an order with parents first: they are on a cycle or below one."""
    waiting = np.diff(parents.starts)
    frontier = np.flatnonzero(waiting == 0)
    while len(frontier):
        waiting[frontier] = -1
        reached, times = np.unique(children.of_many(frontier), return_counts=True)
        waiting[reached] -= times
        frontier = reached[waiting[reached] == 0]
    return np.flatnonzero(waiting > 0)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts packed as UTF-8: text `i` is the bytes from `starts[i]` to `starts[i + 1]`."""

    starts: Ints
    blob: npt.NDArray[np.uint8]

    def __getitem__(self, number: int) -> str:
        return self.blob[self.starts[number] : self.starts[number + 1]].tobytes().decode()


def pack(texts: list[str]) -> Texts:
    """`texts` packed."""
    encoded = [text.encode() for text in texts]
    lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    return Texts(starts, np.frombuffer(b"".join(encoded), dtype=np.uint8))
