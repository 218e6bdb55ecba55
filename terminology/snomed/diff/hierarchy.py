"""The hierarchies of two releases: parents, and how far a change reaches downwards."""

from __future__ import annotations

import numpy as np

from terminology.snomed.arrays import Rows
from terminology.snomed.diff.concepts import Pair
from terminology.snomed.diff.joins import join
from terminology.snomed.diff.model import HierarchyDiff, ParentsChanged
from terminology.snomed.sctid import Ints

_CHUNK = 65_536


def diff_hierarchy(pair: Pair) -> HierarchyDiff:
    """What happened to the places of concepts that are active in both releases."""
    before, after = pair.releases
    keys = tuple(
        _keys(release.parent_rows, stay, numbers, len(pair.ids))
        for release, stay, numbers in zip(pair.releases, pair.stays, pair.numbers, strict=True)
    )
    found = join(*keys)
    added = _by_child(keys[1][found.only_after], pair.ids)
    removed = _by_child(keys[0][found.only_before], pair.ids)
    return HierarchyDiff(
        parents=tuple(
            ParentsChanged(child, tuple(added.get(child, ())), tuple(removed.get(child, ())))
            for child in sorted(added.keys() | removed.keys())
        ),
        ancestors_changed=_unlike(pair, before.ancestor_rows, after.ancestor_rows),
    )


def _keys(rows: Rows, nodes: Ints, numbers: Ints, count: int) -> Ints:
    """Child and parent of each row of `nodes` in one number, ascending."""
    children = np.repeat(numbers[nodes], rows.starts[nodes + 1] - rows.starts[nodes])
    keys: Ints = children * count + numbers[rows.of_many(nodes)]
    return keys


def _by_child(keys: Ints, ids: Ints) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    children, parents = np.divmod(keys, len(ids)) if len(ids) else (keys, keys)
    for child, parent in zip(ids[children].tolist(), ids[parents].tolist(), strict=True):
        found.setdefault(child, []).append(parent)
    return found


def _unlike(pair: Pair, before: Rows, after: Rows) -> int:
    """How many concepts have other values, in pieces so that no array has a row for every pair in the hierarchy."""
    stays = zip(*(np.array_split(stay, len(stay) // _CHUNK + 1) for stay in pair.stays), strict=True)
    return sum(_unlike_of(pair, before, after, first, then) for first, then in stays)


def _unlike_of(pair: Pair, before: Rows, after: Rows, first: Ints, then: Ints) -> int:
    counts = before.starts[first + 1] - before.starts[first]
    like = counts == after.starts[then + 1] - after.starts[then]
    same = like & (counts > 0)
    values = pair.numbers[0][before.of_many(first[same])] != pair.numbers[1][after.of_many(then[same])]
    starts = np.cumsum(counts[same]) - counts[same]
    differ = np.logical_or.reduceat(values, starts) if len(starts) else values
    return int(np.count_nonzero(~like) + np.count_nonzero(differ))
