"""Turns the files of an RF2 release into the arrays of a release folder (RF2 specification, chapters 3 to 5).

Each kind of file is read, checked, written and let go before the next, so that an import needs memory for the two
largest only.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from terminology.snomed.arrays import starts_of
from terminology.snomed.edition import edition_of
from terminology.snomed.folder import Writer
from terminology.snomed.history import write_history
from terminology.snomed.identifiers import write_identifiers
from terminology.snomed.info import Counts, TableInfo
from terminology.snomed.languages import Acceptabilities, Names, write_languages
from terminology.snomed.layouts import (
    ASSOCIATION,
    CONCEPTS,
    CONCRETE,
    DESCRIPTIONS,
    IDENTIFIERS,
    LANGUAGE,
    MAP_TARGET,
    MODULE_DEPENDENCY,
    RELATIONSHIPS,
    STATED,
    Field,
    members_layout,
)
from terminology.snomed.members import write_members
from terminology.snomed.places import Places
from terminology.snomed.problems import ImportRefused
from terminology.snomed.references import NOTHING, Known
from terminology.snomed.relationships import write_meaning, write_rows
from terminology.snomed.rf2 import Files
from terminology.snomed.rows import Table, empty_table
from terminology.snomed.sctid import Bools, Ints, Kind

_DESCRIPTION: Final = {
    "": "id",
    "_time": "effectiveTime",
    "_module": "moduleId",
    "_type": "typeId",
    "_case": "caseSignificanceId",
}


@dataclass(frozen=True, slots=True)
class Built:
    """What was written: the module that names the edition, counts, member tables, and language tags."""

    module: int
    counts: Counts
    tables: tuple[TableInfo, ...]
    tags: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Concepts:
    places: Places
    active: Bools
    module: Ints


def build(files: Files, out: Writer) -> Built:
    """Reads all files and writes all arrays but those for search. Raises ImportRefused for a broken release."""
    concepts = _concepts(files, out)
    known = replace(NOTHING, concepts=concepts.places)
    with ThreadPoolExecutor(1) as beside:
        # Relationships need the concepts only, and half of the time: they are read beside all others.
        placed = beside.submit(_relationships, files, concepts, known, out)
        known, names = _descriptions(files, known, out)
        members = _Members(known, out)
        members.write_all(files)
        tags = _languages(members.languages, known, names, out)
        write_identifiers(files.read(IDENTIFIERS, known), out)
        associations = write_history(members.associations, out)
        is_a, attributes = placed.result()
    counts = Counts(
        concepts=len(concepts.places),
        active_concepts=int(np.count_nonzero(concepts.active)),
        descriptions=len(known.descriptions),
        is_a=is_a,
        attributes=attributes,
        associations=associations,
        members=members.concepts,
        map_rows=members.map_rows,
    )
    module = edition_of(members.dependencies, concepts.places.ids, concepts.module)
    return Built(module, counts, tuple(members.tables), tags)


def _concepts(files: Files, out: Writer) -> _Concepts:
    table = files.read(CONCEPTS, NOTHING)
    if not len(table):
        raise ImportRefused("the release has no concepts")
    table = table.sorted(np.argsort(table["id"], kind="stable"))
    concepts = _Concepts(Places(table["id"]), table["active"] == 1, table["moduleId"])
    out.put("concept", table["id"])
    out.put("active", concepts.active)
    out.put("concept_time", table["effectiveTime"])
    out.put("concept_module", concepts.module)
    out.put("concept_status", table["definitionStatusId"])
    return concepts


def _relationships(files: Files, concepts: _Concepts, known: Known, out: Writer) -> tuple[int, int]:
    """Writes all relationships and what they mean; returns how many is-a pairs and attributes there are."""
    write_rows(STATED, files.read(STATED, known), out)
    concrete = write_rows(CONCRETE, files.read(CONCRETE, known), out)
    relations = write_rows(RELATIONSHIPS, files.read(RELATIONSHIPS, known), out)
    files.on_progress("hierarchy", len(relations))
    return write_meaning(concepts.places, concepts.active, relations, concrete, out)


def _descriptions(files: Files, known: Known, out: Writer) -> tuple[Known, Names]:
    """Writes the descriptions sorted by concept and identifier; they are known then."""
    table = files.read(DESCRIPTIONS, known)
    concept = known.concepts.of(table["conceptId"])
    order = np.lexsort((table["id"], concept))
    table, concept = table.take(order), concept[order]
    languages = table.texts["languageCode"].unique().sort()
    language = table.texts["languageCode"].cast(pl.Enum(languages)).to_physical().to_numpy().astype(np.int16)
    active = table["active"] == 1
    for name, column in _DESCRIPTION.items():
        out.put(f"description{name}", table[column])
    out.put("description_starts", starts_of(concept, len(known.concepts)))
    out.put("description_concept", concept)
    out.put("description_active", active)
    out.put("description_language", language)
    out.put_texts("description_languages", languages)
    out.put_texts("terms", table.texts["term"])
    return replace(known, descriptions=Places(table["id"])), Names(
        concept, table["typeId"], active, language, tuple(languages)
    )


class _Members:
    """Writes all reference sets, and remembers of some of them what other answers need."""

    def __init__(self, known: Known, out: Writer) -> None:
        self.known, self._out = known, out
        self.tables: list[TableInfo] = []
        self.concepts = self.map_rows = 0
        self.languages = empty_table(members_layout(LANGUAGE))
        self.associations = empty_table(members_layout(ASSOCIATION))
        self.dependencies = empty_table(members_layout(MODULE_DEPENDENCY))

    def write_all(self, files: Files) -> None:
        """Writes one table after the other."""
        for number, (fields, content, layout) in enumerate(files.members()):
            table = files.read(layout, self.known)
            table = write_members(number, fields, table, self.known.concepts, self._out)
            self.tables.append(TableInfo(fields, content))
            self._remember(fields, table.select(table["active"] == 1))

    def _remember(self, fields: tuple[Field, ...], active: Table) -> None:
        self.concepts += int(np.count_nonzero(active["referencedComponentId"] // 10 % 10 == Kind.CONCEPT.value))
        if MAP_TARGET in fields:
            self.map_rows += len(active)
        if fields == LANGUAGE:
            self.languages = active
        elif fields == ASSOCIATION:
            self.associations = active
        elif fields == MODULE_DEPENDENCY:
            self.dependencies = active


def _languages(members: Table, known: Known, names: Names, out: Writer) -> dict[str, tuple[int, ...]]:
    row = known.descriptions.of(members["referencedComponentId"])
    members, row = members.select(row >= 0), row[row >= 0]
    rows = Acceptabilities(row, members["refsetId"], members["acceptabilityId"])
    return write_languages(rows, names, len(known.concepts), out)
