"""The is-a hierarchy: refused when it has a cycle, and closed transitively once, so that no answer walks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from terminology.snomed.arrays import Rows, bits_of, different, gather, levels, rows_of, starts_of
from terminology.snomed.problems import ImportRefused
from terminology.snomed.sctid import Ints

#: Pairs of a concept and its ancestor; the international edition has about 6 million.
MOST_PAIRS: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Direct and transitive rows by ordinal, each ascending; the transitive ones without the concept itself."""

    parents: Rows
    children: Rows
    ancestors: Rows
    descendants: Rows


def hierarchy_of(ids: Ints, source: Ints, target: Ints) -> Hierarchy:
    """The hierarchy of the concepts `ids` from is-a pairs (ordinal, ordinal of a parent).

    Raises ImportRefused when it has a cycle, or so many pairs of ancestor and descendant that it cannot be right.
    """
    pairs = rows_of(source, target, len(ids))
    parents = _once(pairs)
    children = _turned(parents)
    order = levels(parents, children)
    placed = np.zeros(len(ids), dtype=np.bool_)
    placed[np.concatenate(order)] = True
    if not placed.all():
        raise ImportRefused(f"is-a has a cycle at or above concept {ids[np.argmin(placed)]}")
    ancestors = closure(parents, order)
    return Hierarchy(parents, children, ancestors, _turned(ancestors))


def closure(parents: Rows, order: Sequence[Ints]) -> Rows:
    """The ancestors of every node, from its parents and the levels of the nodes (see `arrays.levels`).

    A node takes over what its parents have. Raises ImportRefused before memory is taken for more than MOST_PAIRS.
    """
    count = len(parents.starts) - 1
    bits = bits_of(count)
    begin, size = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    kept, done = np.empty(count, dtype=np.int32), 0
    for nodes in order[1:]:
        above = parents.of_many(nodes)
        if done + len(above) + int(size[above].sum()) > MOST_PAIRS:
            raise ImportRefused(f"is-a has more than {MOST_PAIRS:,} pairs of a concept and its ancestor")
        first = nodes.astype(np.int64) << bits
        child = np.repeat(first, parents.starts[nodes + 1] - parents.starts[nodes])
        further = np.repeat(child, size[above]) | gather(kept, begin[above], size[above])
        # Node and ancestor are packed in one number, so that sorting finds what parents have in common.
        keys = different(np.concatenate((child | above, further)))
        begin[nodes] = done + np.searchsorted(keys, first)
        size[nodes] = np.diff(begin[nodes], append=done + len(keys))
        kept = _filled(kept, done, keys & (1 << bits) - 1)
        done += len(keys)
    return Rows(np.concatenate(([0], np.cumsum(size))), gather(kept, begin, size))


def _filled(kept: Ints, done: int, values: Ints) -> Ints:
    """`kept` with `values` from `done` on; twice as long when there is no room, so that it seldom is copied."""
    need = done + len(values)
    if need > len(kept):
        longer = np.empty(2 * need, dtype=kept.dtype)
        longer[:done] = kept[:done]
        kept = longer
    kept[done:need] = values
    return kept


def _once(rows: Rows) -> Rows:
    """Each value of a node once: a release may say the same is-a twice."""
    count = len(rows.starts) - 1
    nodes = _nodes(rows)
    new = np.append(True, (nodes[1:] != nodes[:-1]) | (rows.values[1:] != rows.values[:-1]))[: len(nodes)]
    return Rows(starts_of(nodes[new], count), rows.values[new])


def _turned(rows: Rows) -> Rows:
    """The same pairs by value: which nodes have it."""
    return rows_of(rows.values, _nodes(rows), len(rows.starts) - 1)


def _nodes(rows: Rows) -> Ints:
    return np.repeat(np.arange(len(rows.starts) - 1, dtype=np.int32), np.diff(rows.starts))
