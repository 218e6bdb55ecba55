"""Concepts of two releases, and the numbering in which both are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from terminology.snomed.arrays import ordinals
from terminology.snomed.diff.joins import Join, join
from terminology.snomed.diff.model import Changed, ConceptsDiff
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.view import Release


@dataclass(frozen=True, slots=True)
class Pair:
    """Two releases. `ids` are the concepts of either; `before` and `after` number the concepts of each among them.

    `stays` are the concepts that are active in both, as ordinals of each release, in one order.
    """

    releases: tuple[Release, Release]
    join: Join
    ids: Ints
    numbers: tuple[Ints, Ints]
    stays: tuple[Ints, Ints]


def pair_of(before: Release, after: Release) -> Pair:
    """The two releases with what their comparison shares."""
    found = join(before.ids, after.ids)
    union = np.union1d(before.ids, after.ids)
    stay = before.active[found.both_before] & after.active[found.both_after]
    return Pair(
        releases=(before, after),
        join=found,
        ids=union,
        numbers=(ordinals(union, before.ids), ordinals(union, after.ids)),
        stays=(found.both_before[stay], found.both_after[stay]),
    )


def diff_concepts(pair: Pair) -> ConceptsDiff:
    """What happened to concepts. Status and module are compared where the concept is active in both releases."""
    before, after = pair.releases
    first, then = pair.join.both_before, pair.join.both_after
    was, is_ = before.active[first], after.active[then]
    return ConceptsDiff(
        added=_tuple(after.ids[pair.join.only_after]),
        removed=_tuple(before.ids[pair.join.only_before]),
        inactivated=_tuple(before.ids[first[was & ~is_]]),
        reactivated=_tuple(before.ids[first[~was & is_]]),
        status=_changed(pair, before.concept_status, after.concept_status),
        module=_changed(pair, before.concept_module, after.concept_module),
    )


def _changed(pair: Pair, before: Ints, after: Ints) -> tuple[Changed, ...]:
    first, then = pair.stays
    unlike: Bools = before[first] != after[then]
    ids = pair.releases[0].ids[first[unlike]]
    columns = (values.tolist() for values in (ids, before[first[unlike]], after[then[unlike]]))
    return tuple(Changed(*row) for row in zip(*columns, strict=True))


def _tuple(ids: Ints) -> tuple[int, ...]:
    return tuple(ids.tolist())
