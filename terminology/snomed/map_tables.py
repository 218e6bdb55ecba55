"""The maps of a release: simple, complex and extended map reference sets (RF2 specification 5.2.3).

Every reference set with a column `mapTarget` (or `mapSource`, where the other code system is the source) is a map;
the column holds a code as a text or, in maps between concepts, an identifier.
Only active rows count. Maps are read when first asked for and kept as long as their release.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from terminology.snomed.arrays import Texts
from terminology.snomed.members import MemberTable
from terminology.snomed.per_release import per_release
from terminology.snomed.sctid import Ints
from terminology.snomed.view import Release

MapKind = Literal["simple", "complex", "extended"]


@dataclass(frozen=True, slots=True)
class MapRow:
    """One row of a map. `target` is the code as written, of the other code system; "" when there is none.

    Numbers that the map does not have are 0: `block` is of maps with alternatives, `category` and `correlation` are
    concepts. A row of a simple map is a group of its own, without a rule.
    """

    concept: int
    target: str
    group: int = 1
    priority: int = 1
    rule: str = ""
    advice: str = ""
    block: int = 0
    category: int = 0
    correlation: int = 0

    @property
    def has_target(self) -> bool:
        """Whether `target` is a code. In place of one the British maps write why there is none: `#NIS`."""
        return self.target != "" and not self.target.startswith("#")

    @property
    def goes_to(self) -> str:
        """What the row leads to; the same for all rows without a target."""
        return self.target if self.has_target else ""


@dataclass(frozen=True)
class MapTable:
    """The active rows of one map, sorted by concept; `rows` are their places in `numbers` and `texts`."""

    refset: int
    kind: MapKind
    concept: Ints
    rows: Ints
    numbers: Mapping[str, Ints]
    texts: Mapping[str, Texts]
    code_column: str

    @property
    def concepts(self) -> int:
        """How many concepts have rows."""
        return len(np.unique(self.concept))

    def of(self, concept: int) -> tuple[MapRow, ...]:
        """The rows of a concept, by block, group and priority."""
        begin, end = int(self.concept.searchsorted(concept)), int(self.concept.searchsorted(concept + 1))
        found = [self._row(row, concept) for row in self.rows[begin:end].tolist()]
        found.sort(key=lambda row: (row.block, row.group, row.priority, row.target))
        if self.kind == "simple":
            return tuple(replace(row, group=number) for number, row in enumerate(found, 1))
        return tuple(found)

    def with_code(self, code: str) -> tuple[MapRow, ...]:
        """The rows with a code of the other system, by concept; see `code_key` for what is the same code."""
        codes, places = self._by_code
        wanted = self._key(code)
        found = places[bisect_left(codes, wanted) : bisect_right(codes, wanted)]
        concepts = dict.fromkeys(int(self.concept[place]) for place in found)
        rows = (row for concept in concepts for row in self.of(concept))
        return tuple(row for row in rows if row.has_target and self._key(row.target) == wanted)

    @cached_property
    def _by_code(self) -> tuple[list[str], list[int]]:
        """The codes of all rows in order, and the places of their rows."""
        keys = [self._key(code) for code in self._codes]
        places = sorted(range(len(keys)), key=keys.__getitem__)
        return [keys[place] for place in places], places

    @cached_property
    def _codes(self) -> list[str]:
        if self.code_column in self.texts:
            return self.texts[self.code_column].of_many(self.rows)
        return [str(code) for code in self.numbers[self.code_column][self.rows].tolist()]

    def _key(self, code: str) -> str:
        return code_key(code) if self._folds else code

    @cached_property
    def _folds(self) -> bool:
        """Whether this map's codes stay apart without dots and case. Read codes, of which both are part, do not."""
        distinct = set(self._codes)
        return len(distinct) == len({code_key(code) for code in distinct})

    def _row(self, row: int, concept: int) -> MapRow:
        grouped = self.kind != "simple"
        return MapRow(
            concept=concept,
            target=self._code(row),
            group=self._number("mapGroup", row) if grouped else 1,
            priority=self._number("mapPriority", row) if grouped else 1,
            rule=self._text("mapRule", row),
            advice=self._text("mapAdvice", row),
            block=self._number("mapBlock", row),
            category=self._number("mapCategoryId", row),
            correlation=self._number("correlationId", row),
        )

    def _code(self, row: int) -> str:
        texts = self.texts.get(self.code_column)
        return texts[row] if texts is not None else str(self.numbers[self.code_column][row])

    def _number(self, column: str, row: int) -> int:
        return int(self.numbers[column][row]) if column in self.numbers else 0

    def _text(self, column: str, row: int) -> str:
        return self.texts[column][row] if column in self.texts else ""


def code_key(code: str) -> str:
    """What codes of a classification are compared by: E70.2 and e702 are one code (see `terminology.codes`)."""
    return code.replace(".", "").strip().upper()


@per_release
def map_tables(release: Release) -> Mapping[int, MapTable]:
    """The maps of a release by reference set."""
    return {table.refset: table for table in _read(release)}


def _read(release: Release) -> Iterator[MapTable]:
    for table in release.member_tables:
        names = {field.name for field in table.fields}
        column = next((name for name in ("mapTarget", "mapSource") if name in names), None)
        if column is None:
            continue
        for refset in table.refsets.tolist():
            span = table.rows_of(refset)
            rows = span.start + np.flatnonzero(table.active[span.start : span.stop])
            yield MapTable(refset, _kind(table), table.component[rows], rows, table.ints, table.texts, column)


def _kind(table: MemberTable) -> MapKind:
    if "mapGroup" not in table.ints:
        return "simple"
    return "extended" if "mapCategoryId" in table.ints else "complex"
