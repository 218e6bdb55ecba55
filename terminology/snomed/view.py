"""A release as people and engines ask it: concepts, hierarchy, descriptions, history, reference sets and maps.

An identifier that is not in the release has no parents, terms, members or history: the answers are empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from terminology.snomed import ids
from terminology.snomed.arrays import Rows
from terminology.snomed.attributes import read_attributes
from terminology.snomed.descriptions import READING_ORDER, Description, Descriptions, read_descriptions
from terminology.snomed.folder import Reader
from terminology.snomed.history import Association, History, Successors, history_of, kind_of, successors
from terminology.snomed.identifiers import Identifiers, read_identifiers
from terminology.snomed.info import ReleaseInfo, read_info
from terminology.snomed.languages import Choices, read_choices
from terminology.snomed.members import MemberTable, read_members
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.search import SearchIndex, SearchOptions, SearchResult, read_index, search


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


def map_target(table: MemberTable, row: int) -> MapTarget:
    """A row of a map. A simple map has neither groups nor rules: its rows are alternatives of group 1."""
    group, priority = (int(table.ints[name][row]) if name in table.ints else 1 for name in ("mapGroup", "mapPriority"))
    rule, advice = (table.texts[name][row] if name in table.texts else "" for name in ("mapRule", "mapAdvice"))
    return MapTarget(group, priority, rule, advice, table.texts["mapTarget"][row])


class Release:
    """An imported release, memory-mapped and immutable; safe to share between threads.

    For engines that work on ordinals, the places of concepts in `ids` (sorted): `active`, `concept_time`
    (YYYYMMDD), `concept_module` and `concept_status` (identifiers) by ordinal; `parent_rows`, `child_rows` and the
    transitive `ancestor_rows` and `descendant_rows`; `attribute_rows` with `concrete_texts`; `descriptions_rows`;
    `choices` of preferred terms; `member_tables`, every reference set of the release; `identifiers`.
    """

    def __init__(self, folder: Path) -> None:
        """Opens a release folder. Raises FileNotFoundError and ValueError as `read_info`."""
        self.folder = folder
        self.info: ReleaseInfo = read_info(folder)
        load = Reader(folder)
        self.ids: Ints = load.ints("concept")
        self.active: Bools = load.bools("active")
        self.concept_time, self.concept_module, self.concept_status = (
            load.ints(f"concept_{name}") for name in ("time", "module", "status")
        )
        self.parent_rows, self.child_rows = load.rows("parents"), load.rows("children")
        self.ancestor_rows, self.descendant_rows = load.rows("ancestors"), load.rows("descendants")
        self.attribute_rows, self.concrete_texts = read_attributes(load)
        self.descriptions_rows: Descriptions = read_descriptions(load)
        self.choices: Choices = read_choices(load, self.info.languages)
        self.member_tables: tuple[MemberTable, ...] = tuple(
            read_members(number, table, load) for number, table in enumerate(self.info.tables)
        )
        self.identifiers: Identifiers = read_identifiers(load)
        self._associations = tuple(load.ints(f"history_{name}") for name in ("source", "refset", "target"))

    def has(self, sctid: int) -> bool:
        """Whether the concept is in the release, active or not."""
        return self._ordinal(sctid) >= 0

    def is_active(self, sctid: int) -> bool:
        """Whether the concept is in the release and active."""
        ordinal = self._ordinal(sctid)
        return ordinal >= 0 and bool(self.active[ordinal])

    def preferred_term(self, sctid: int, languages: Sequence[str] = READING_ORDER) -> str | None:
        """The preferred synonym in the first of `languages` that has one.

        A language is a tag of `info.languages` (nb, nn, en, en-US, en-GB and those of the release) or names its
        reference set: `nb-x-61000202103`. Raises ValueError for another one.
        """
        lines = self.choices.lines(languages)
        ordinal = self._ordinal(sctid)
        if ordinal >= 0:
            for line in lines:
                if (row := int(line[ordinal])) >= 0:
                    return self.descriptions_rows.terms[row]
        return None

    def preferred_terms(self, ordinals: Ints, languages: Sequence[str] = READING_ORDER) -> list[str]:
        """The term to show for each of many concepts (by ordinal).

        That is the preferred synonym in the first of `languages` that has one, else the fully specified name, else
        the identifier. Raises ValueError as `preferred_term`.
        """
        rows = self.choices.chosen(ordinals, languages)
        nameless = np.flatnonzero(rows < 0)
        terms = self.descriptions_rows.terms.of_many(np.maximum(rows, 0))
        for place, sctid in zip(nameless.tolist(), self.ids[ordinals[nameless]].tolist(), strict=True):
            terms[place] = str(sctid)
        return terms

    def fsn(self, sctid: int) -> str | None:
        """The active fully specified name; of several the English one."""
        ordinal = self._ordinal(sctid)
        row = -1 if ordinal < 0 else int(self.choices.fsn[ordinal])
        return None if row < 0 else self.descriptions_rows.terms[row]

    def descriptions(self, sctid: int) -> tuple[Description, ...]:
        """All descriptions of a concept, inactive ones too, by id."""
        ordinal = self._ordinal(sctid)
        return () if ordinal < 0 else self.descriptions_rows.of(ordinal, sctid)

    def parents(self, sctid: int) -> frozenset[int]:
        """The concepts directly above. Inactive concepts have no place in the hierarchy."""
        return self._neighbours(self.parent_rows, sctid)

    def children(self, sctid: int) -> frozenset[int]:
        """The concepts directly below."""
        return self._neighbours(self.child_rows, sctid)

    def ancestors(self, sctid: int) -> frozenset[int]:
        """All concepts above, without the concept itself."""
        return self._neighbours(self.ancestor_rows, sctid)

    def descendants(self, sctid: int) -> frozenset[int]:
        """All concepts below, without the concept itself."""
        return self._neighbours(self.descendant_rows, sctid)

    def subsumes(self, a: int, b: int) -> bool:
        """Whether `b` is in the release and is `a` or a descendant of `a`."""
        above, below = self._ordinal(a), self._ordinal(b)
        if above < 0 or below < 0:
            return False
        return above == below or bool((self.ancestor_rows.of(below) == above).any())

    def history(self, sctid: int) -> tuple[Association, ...]:
        """The historical associations of a concept, by kind and target."""
        return self._history.of(sctid)

    def inactivation_reason(self, sctid: int) -> int | None:
        """The concept that says why a concept was inactivated (RF2 specification 5.2.6.1); None when nothing does."""
        for table in self.member_tables:
            if "valueId" in table.ints:
                for row in table.rows_for(ids.INACTIVATION_REASON, sctid):
                    if table.active[row]:
                        return int(table.ints["valueId"][row])
        return None

    def inactive_into(self, wanted: frozenset[int]) -> dict[int, int]:
        """The inactive concepts that lead unambiguously to one of `wanted`, with the concept they lead to.

        Followed are SAME_AS and REPLACED_BY, through chains, as long as each step has exactly one target and
        the concept is not said to be possibly or partly equivalent to something as well.
        """
        return self._successors.into(wanted)

    def members(self, refset: int) -> frozenset[int]:
        """The concepts that are active members of a reference set, inactive concepts too."""
        return frozenset(self.ids[self.member_ordinals(np.array([refset]))].tolist())

    def member_ordinals(self, refsets: Ints) -> Ints:
        """The ordinals of the concepts that are active members of any of these reference sets."""
        found = [np.empty(0, dtype=np.int32)]
        for table in self.member_tables:
            for refset in np.intersect1d(table.refsets, refsets).tolist():
                mine = slice(table.rows_of(refset).start, table.rows_of(refset).stop)
                ordinal = table.ordinal[mine]
                found.append(ordinal[table.active[mine] & (ordinal >= 0)])
        return np.concatenate(found)

    def map_targets(self, refset: int, sctid: int) -> tuple[MapTarget, ...]:
        """The active rows of a map reference set for a concept, by group and priority."""
        return tuple(
            map_target(table, row)
            for table in self.member_tables
            if "mapTarget" in table.texts
            for row in table.rows_for(refset, sctid)
            if table.active[row]
        )

    def alternate_id(self, scheme: int, code: str) -> int | None:
        """The component that an alternate identifier of a scheme (by its concept) names; None when there is none."""
        return self.identifiers.component_of(scheme, code)

    def attributes(self, sctid: int) -> tuple[Attribute, ...]:
        """The active inferred attributes of a concept whose values are concepts, without is-a, by group and type."""
        ordinal, rows = self._ordinal(sctid), self.attribute_rows
        if ordinal < 0:
            return ()
        mine = np.arange(rows.starts[ordinal], rows.starts[ordinal + 1])
        mine = mine[rows.target[mine] >= 0]
        columns = rows.group[mine], self.ids[rows.type[mine]], self.ids[rows.target[mine]]
        return tuple(Attribute(*row) for row in zip(*(column.tolist() for column in columns), strict=True))

    def search(self, text: str, options: SearchOptions | None = None) -> SearchResult:
        """The concepts with a term in which each word of `text` is, or begins, a word (see `search.search`)."""
        return search(self, text, options)

    @cached_property
    def search_index(self) -> SearchIndex:
        """The words of all terms, and where they are."""
        return read_index(Reader(self.folder), self.descriptions_rows.languages)

    @cached_property
    def _history(self) -> History:
        source, refset, target = self._associations
        return history_of(source, refset, target, self.association_kinds)

    @cached_property
    def association_kinds(self) -> Mapping[int, str]:
        """The historical association reference sets with their kinds: the known ones and others of the release."""
        own = {refset: kind_of(self.fsn(refset) or str(refset)) for refset in self.descendants(ids.HISTORICAL)}
        return own | ids.ASSOCIATIONS

    @cached_property
    def _successors(self) -> Successors:
        return successors(self._history, self.ids, self.active)

    def _ordinal(self, sctid: int) -> int:
        place = int(self.ids.searchsorted(sctid))
        return place if place < len(self.ids) and self.ids[place] == sctid else -1

    def _neighbours(self, rows: Rows, sctid: int) -> frozenset[int]:
        ordinal = self._ordinal(sctid)
        return frozenset() if ordinal < 0 else frozenset(self.ids[rows.of(ordinal)].tolist())
