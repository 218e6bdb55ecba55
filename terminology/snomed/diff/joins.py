"""Comparing sorted arrays and packed texts of two releases, whole arrays at a time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from terminology.snomed.arrays import Texts, ordinals
from terminology.snomed.sctid import Bools, Ints


@dataclass(frozen=True, slots=True)
class Join:
    """Where two arrays of different values meet: `both_before[i]` and `both_after[i]` are places of one value."""

    only_before: Ints
    only_after: Ints
    both_before: Ints
    both_after: Ints


def join(before: Ints, after: Ints) -> Join:
    """The places of values that are in one or both of two arrays; each is sorted, and no value comes twice in it."""
    place = ordinals(after, before)
    both_before = np.flatnonzero(place >= 0)
    both_after = place[both_before]
    rest = np.ones(len(after), dtype=np.bool_)
    rest[both_after] = False
    return Join(np.flatnonzero(place < 0), np.flatnonzero(rest), both_before, both_after)


def join_unsorted(before: Ints, after: Ints) -> Join:
    """`join` of arrays that need not be sorted; places are those in the arrays as they are, by value."""
    first, then = np.argsort(before), np.argsort(after)
    found = join(before[first], after[then])
    return Join(first[found.only_before], then[found.only_after], first[found.both_before], then[found.both_after])


def texts_differ(before: Texts, rows_before: Ints, after: Texts, rows_after: Ints) -> Bools:
    """For each pair of rows, whether the texts are different; fast where rows follow each other in both."""
    begin = before.starts[rows_before].astype(np.int64)
    begin_after = after.starts[rows_after].astype(np.int64)
    lengths = before.starts[rows_before + 1] - begin
    differ: Bools = lengths != after.starts[rows_after + 1] - begin_after
    like = np.flatnonzero(~differ)
    for run in _runs(begin[like], begin_after[like], lengths[like]):
        mine = like[run]
        start, start_after, size = begin[mine[0]], begin_after[mine[0]], int(lengths[mine].sum())
        unlike = before.blob[start : start + size] != after.blob[start_after : start_after + size]
        if unlike.any():
            ends = begin[mine] - start + lengths[mine]
            differ[mine[np.searchsorted(ends, np.flatnonzero(unlike), side="right")]] = True
    return differ


def _runs(begin: Ints, begin_after: Ints, lengths: Ints) -> list[slice]:
    """Pairs of texts that follow each other in both blobs, together."""
    if not len(begin):
        return []
    ends, ends_after = begin + lengths, begin_after + lengths
    broken = np.flatnonzero((begin[1:] != ends[:-1]) | (begin_after[1:] != ends_after[:-1])) + 1
    edges = [0, *broken.tolist(), len(begin)]
    return [slice(first, last) for first, last in pairwise(edges)]
