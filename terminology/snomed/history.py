"""What became of inactive concepts: historical associations (RF2 specification 5.2.5.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from terminology.snomed.arrays import ordinals
from terminology.snomed.folder import Writer
from terminology.snomed.rows import Table
from terminology.snomed.sctid import Bools, Ints, Kind, check_many

#: Associations that lead to the same meaning, and those that say that the meaning is not one.
EXACT: Final = frozenset({"SAME_AS", "REPLACED_BY"})
AMBIGUOUS: Final = frozenset({"POSSIBLY_EQUIVALENT_TO", "POSSIBLY_REPLACED_BY", "PARTIALLY_EQUIVALENT_TO"})


@dataclass(frozen=True, slots=True)
class Association:
    """One historical association of a concept: its kind, e.g. SAME_AS, and the concept it points to."""

    kind: str
    target: int


@dataclass(frozen=True)
class History:
    """The historical associations of a release, sorted by source; `kinds` names their reference sets."""

    source: Ints
    refset: Ints
    target: Ints
    kinds: Mapping[int, str]

    def of(self, sctid: int) -> tuple[Association, ...]:
        """The associations of a concept, by reference set and target."""
        begin, end = int(self.source.searchsorted(sctid)), int(self.source.searchsorted(sctid + 1))
        if begin == end:
            return ()
        pairs = zip(self.refset[begin:end].tolist(), self.target[begin:end].tolist(), strict=True)
        return tuple(Association(self.kinds[refset], target) for refset, target in pairs)

    def refsets(self, kinds: frozenset[str]) -> Ints:
        """The reference sets of these kinds."""
        return np.array([refset for refset, kind in self.kinds.items() if kind in kinds], dtype=np.int64)


def history_of(source: Ints, refset: Ints, target: Ints, kinds: Mapping[int, str]) -> History:
    """The associations, sorted by source, of the reference sets that `kinds` names; others are not about history."""
    historical = np.isin(refset, list(kinds))
    return History(source[historical], refset[historical], target[historical], kinds)


def kind_of(name: str) -> str:
    """The kind of a historical association by the name of its reference set.

    `REPLACED BY association reference set (foundation metadata concept)` is REPLACED_BY.
    """
    plain = re.sub(r"(?i)\s*(association)?\s*(type)?\s*(reference set|refset)?\s*(\([^()]*\))?\s*$", "", name)
    return re.sub(r"\W+", "_", plain.strip()).upper()


@dataclass(frozen=True)
class Successors:
    """Where each inactive concept leads when every step has one way only.

    `source` is sorted and names a concept once for each step of its chain, nearest first; `target` is where the step
    arrives.
    """

    source: Ints
    target: Ints

    def into(self, wanted: frozenset[int]) -> dict[int, int]:
        """The concepts whose chains meet one of `wanted`, with the first one met."""
        targets, place = self._targets
        is_wanted = np.zeros(len(targets), dtype=np.bool_)
        found = ordinals(targets, np.fromiter(wanted, dtype=np.int64, count=len(wanted)))
        is_wanted[found[found >= 0]] = True
        hits = np.flatnonzero(is_wanted[place])
        sources, first = np.unique(self.source[hits], return_index=True)
        return dict(zip(sources.tolist(), self.target[hits[first]].tolist(), strict=True))

    @cached_property
    def _targets(self) -> tuple[Ints, Ints]:
        """All targets once, sorted, and the place of each row's target among them."""
        targets, place = np.unique(self.target, return_inverse=True)
        return targets, place


def successors(history: History, known: Ints, active: Bools) -> Successors:
    """The chains of SAME_AS and REPLACED_BY from the inactive ones of the `known` concepts (sorted).

    A concept that is said to be possibly or partly equivalent to something as well has no successor, nor has an
    active one, whatever an old association says of it.
    """
    source, target = _only_ways(history)
    place = ordinals(known, source)
    inactive = (place >= 0) & ~active[place]
    return _chains(source[inactive], target[inactive])


def _only_ways(history: History) -> tuple[Ints, Ints]:
    """The concepts that exactly lead to one other only, sorted, and where to."""
    exact = np.isin(history.refset, history.refsets(EXACT))
    ambiguous = np.isin(history.refset, history.refsets(AMBIGUOUS))
    pairs = np.unique(np.stack([history.source[exact], history.target[exact]]), axis=1)
    sources, first, times = np.unique(pairs[0], return_index=True, return_counts=True)
    single = (times == 1) & ~np.isin(sources, history.source[ambiguous])
    return sources[single], pairs[1][first[single]]


def _chains(source: Ints, target: Ints) -> Successors:
    following = ordinals(source, target)
    endless = _endless(following)
    owners, reached = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    start = np.flatnonzero(~endless)
    at = start
    while len(at):
        owners.append(start)
        reached.append(target[at])
        going = following[at] >= 0
        start, at = start[going], following[at[going]]
    # Chains that go round are seldom and an error of the release; each is walked until it comes back.
    for one in np.flatnonzero(endless).tolist():
        steps = _until_repeated(one, following)
        owners.append(np.full(len(steps), one))
        reached.append(target[steps])
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return Successors(source[owner[order]], np.concatenate(reached)[order])


def _endless(following: Ints) -> Bools:
    """Which of them never come to an end, by following twice as far each time."""
    far = following
    for _ in range(len(following).bit_length()):
        far = np.where(far >= 0, far[far], -1)
    return far >= 0


def _until_repeated(owner: int, following: Ints) -> list[int]:
    """The places from which the chain of `owner` steps on to where it has not been."""
    steps, seen = [owner], {owner}
    while (step := int(following[steps[-1]])) not in seen:
        seen.add(step)
        steps.append(step)
    return steps[:-1]


def write_history(table: Table, out: Writer) -> int:
    """Writes the active associations of concepts by concept, reference set and target; returns how many there are.

    Which of them are about history is for the release's own metadata to say, when it is read.
    """
    table = table.select(check_many(table["referencedComponentId"], Kind.CONCEPT) & (table["active"] == 1))
    source, refset, target = table["referencedComponentId"], table["refsetId"], table["targetComponentId"]
    order = np.lexsort((target, refset, source))
    for name, values in (("source", source), ("refset", refset), ("target", target)):
        out.put(f"history_{name}", values[order])
    return len(table)
