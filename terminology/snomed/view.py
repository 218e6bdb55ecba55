"""A release as people and engines ask it: concepts, hierarchy, descriptions, history, reference sets and maps.

An identifier that is not in the release has no parents, terms, members or history: the answers are empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from terminology.snomed.arrays import Rows, Texts, ordinals
from terminology.snomed.descriptions import READING_ORDER, Description, Descriptions
from terminology.snomed.history import Association, History
from terminology.snomed.info import ReleaseInfo, read_info
from terminology.snomed.sctid import Bools, Ints


@dataclass(frozen=True, slots=True)
class Attribute:
    """One defining attribute of a concept: group (0 is none), attribute type and value, as concept ids."""

    group: int
    type: int
    destination: int


@dataclass(frozen=True, slots=True)
class MapTarget:
    """One map row of a concept. `target` is the code as written; "" means that there is no target."""

    group: int
    priority: int
    rule: str
    advice: str
    target: str


@dataclass(frozen=True, slots=True)
class Attributes:
    """All attributes, sorted by concept, as ordinals; a role is one group of one concept (see `build`)."""

    starts: Ints
    group: Ints
    type: Ints
    target: Ints
    role: Ints
    role_concept: Ints


@dataclass(frozen=True, slots=True)
class Maps:
    """All map rows, sorted by concept, reference set, group and priority."""

    concept: Ints
    refset: Ints
    group: Ints
    priority: Ints
    rules: Texts
    advices: Texts
    targets: Texts

    def row(self, number: int) -> MapTarget:
        """One row."""
        group, priority = int(self.group[number]), int(self.priority[number])
        return MapTarget(group, priority, self.rules[number], self.advices[number], self.targets[number])


class Release:
    """An imported release, memory-mapped and immutable; safe to share between threads.

    `ids` (sorted), `active`, `parent_rows`, `child_rows`, `attribute_rows` and `member_ordinals` are for
    engines that work on ordinals, the places of concepts in `ids`.
    """

    def __init__(self, folder: Path) -> None:
        """Opens a release folder. Raises FileNotFoundError and ValueError as `read_info`."""
        self.info: ReleaseInfo = read_info(folder)
        load = _Arrays(folder)
        self.ids: Ints = load.ints("concept")
        self.active: Bools = load.bools("active")
        self.parent_rows = Rows(load.ints("parent_starts"), load.ints("parents"))
        self.child_rows = Rows(load.ints("child_starts"), load.ints("children"))
        self.attribute_rows = load.attributes()
        self._descriptions = load.descriptions()
        self._history = History(*(load.ints(f"history_{name}") for name in ("source", "refset", "target")))
        self._member_refset, self._member_concept = load.ints("member_refset"), load.ints("member_concept")
        self.map_rows = load.maps()

    def has(self, sctid: int) -> bool:
        """Whether the concept is in the release, active or not."""
        return self._ordinal(sctid) >= 0

    def is_active(self, sctid: int) -> bool:
        """Whether the concept is in the release and active."""
        ordinal = self._ordinal(sctid)
        return ordinal >= 0 and bool(self.active[ordinal])

    def preferred_term(self, sctid: int, languages: Sequence[str] = READING_ORDER) -> str | None:
        """The preferred synonym in the first of `languages` (nb, nn, en, en-US, en-GB) that has one.

        Raises ValueError for a language without a known language reference set.
        """
        ordinal = self._ordinal(sctid)
        return None if ordinal < 0 else self._descriptions.preferred_term(ordinal, languages)

    def fsn(self, sctid: int) -> str | None:
        """The fully specified name."""
        ordinal = self._ordinal(sctid)
        return None if ordinal < 0 else self._descriptions.fsn(ordinal)

    def descriptions(self, sctid: int) -> tuple[Description, ...]:
        """All descriptions of a concept, inactive ones too, by id."""
        ordinal = self._ordinal(sctid)
        return () if ordinal < 0 else self._descriptions.of(ordinal, sctid)

    def parents(self, sctid: int) -> frozenset[int]:
        """The concepts directly above. Inactive concepts have no place in the hierarchy."""
        return self._neighbours(self.parent_rows, sctid)

    def children(self, sctid: int) -> frozenset[int]:
        """The concepts directly below."""
        return self._neighbours(self.child_rows, sctid)

    def ancestors(self, sctid: int) -> frozenset[int]:
        """All concepts above, without the concept itself."""
        return self._reached(self.parent_rows, sctid)

    def descendants(self, sctid: int) -> frozenset[int]:
        """All concepts below, without the concept itself."""
        return self._reached(self.child_rows, sctid)

    def subsumes(self, a: int, b: int) -> bool:
        """Whether `b` is in the release and is `a` or a descendant of `a`."""
        above, below = self._ordinal(a), self._ordinal(b)
        if above < 0 or below < 0:
            return False
        return above == below or bool(self.parent_rows.reach(np.array([below]))[above])

    def history(self, sctid: int) -> tuple[Association, ...]:
        """The historical associations of a concept, by kind and target."""
        return self._history.of(sctid)

    def inactive_into(self, ids: frozenset[int]) -> dict[int, int]:
        """The inactive concepts that lead unambiguously to one of `ids`, with the concept they lead to.

        Followed are SAME_AS and REPLACED_BY, through chains, as long as each step has exactly one target and
        the concept is not said to be possibly equivalent to something as well.
        """
        found = ((source, self._history.successor(source, ids)) for source in self._history.sources())
        return {
            source: target
            for source, target in found
            if target is not None and self.has(source) and not self.is_active(source)
        }

    def members(self, refset: int) -> frozenset[int]:
        """The concepts that are active members of a reference set, inactive concepts too."""
        begin, end = np.searchsorted(self._member_refset, [refset, refset + 1])
        return frozenset(self._member_concept[begin:end].tolist())

    def member_ordinals(self, refsets: Ints) -> Ints:
        """The ordinals of the members of all reference sets with these ids."""
        return ordinals(self.ids, self._member_concept[np.isin(self._member_refset, refsets)])

    def map_targets(self, refset: int, sctid: int) -> tuple[MapTarget, ...]:
        """The active rows of a map reference set for a concept, by group and priority."""
        begin, end = np.searchsorted(self.map_rows.concept, [sctid, sctid + 1])
        rows = begin + np.flatnonzero(self.map_rows.refset[begin:end] == refset)
        return tuple(self.map_rows.row(row) for row in rows.tolist())

    def attributes(self, sctid: int) -> tuple[Attribute, ...]:
        """The active inferred attributes of a concept, without is-a, by group and type."""
        ordinal, rows = self._ordinal(sctid), self.attribute_rows
        if ordinal < 0:
            return ()
        mine = slice(rows.starts[ordinal], rows.starts[ordinal + 1])
        columns = rows.group[mine], self.ids[rows.type[mine]], self.ids[rows.target[mine]]
        return tuple(Attribute(*row) for row in zip(*(column.tolist() for column in columns), strict=True))

    def _ordinal(self, sctid: int) -> int:
        return int(ordinals(self.ids, np.array([sctid]))[0])

    def _neighbours(self, rows: Rows, sctid: int) -> frozenset[int]:
        ordinal = self._ordinal(sctid)
        return frozenset() if ordinal < 0 else frozenset(self.ids[rows.of(ordinal)].tolist())

    def _reached(self, rows: Rows, sctid: int) -> frozenset[int]:
        ordinal = self._ordinal(sctid)
        return frozenset() if ordinal < 0 else frozenset(self.ids[rows.reach(np.array([ordinal]))].tolist())


@dataclass(frozen=True, slots=True)
class _Arrays:
    """The arrays of a release folder, by name."""

    folder: Path

    def ints(self, name: str) -> Ints:
        return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"), dtype=np.int64)

    def bools(self, name: str) -> Bools:
        return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"), dtype=np.bool_)

    def texts(self, starts: str, blob: str) -> Texts:
        bytes_: npt.NDArray[np.uint8] = np.asarray(np.load(self.folder / f"{blob}.npy", mmap_mode="r"), dtype=np.uint8)
        return Texts(self.ints(starts), bytes_)

    def attributes(self) -> Attributes:
        starts, group, kind, target, role = (
            self.ints(f"attribute_{name}") for name in ("starts", "group", "type", "target", "role")
        )
        return Attributes(starts, group, kind, target, role, self.ints("role_concept"))

    def descriptions(self) -> Descriptions:
        return Descriptions(
            self.ints("description_starts"),
            self.ints("description"),
            self.bools("description_active"),
            self.ints("description_type"),
            self.texts("term_starts", "terms"),
            self.texts("tag_starts", "tags"),
            Rows(self.ints("language_starts"), self.ints("language_refset")),
            self.bools("language_preferred"),
        )

    def maps(self) -> Maps:
        concept, refset, group, priority = (
            self.ints(f"map_{name}") for name in ("concept", "refset", "group", "priority")
        )
        rules, advices, targets = (self.texts(f"{name}_starts", name) for name in ("mapRule", "mapAdvice", "mapTarget"))
        return Maps(concept, refset, group, priority, rules, advices, targets)
