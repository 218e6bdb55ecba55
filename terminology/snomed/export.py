"""Writes a release as RF2 snapshot files again (RF2 specification 3.3 and chapters 4 and 5).

Every row of the release is written, inactive ones too, and importing the files gives the same release. UUIDs are
written in lower case; reference sets with the same fields lie in one file, and so do all languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from terminology.snomed import ids
from terminology.snomed.arrays import Texts, pack
from terminology.snomed.descriptions import Descriptions
from terminology.snomed.folder import Reader
from terminology.snomed.layouts import (
    CONCEPTS,
    CONCRETE,
    DESCRIPTIONS,
    IDENTIFIERS,
    RELATIONSHIPS,
    STATED,
    Column,
    Holds,
    Layout,
    members_layout,
    pattern_of,
)
from terminology.snomed.members import MemberTable
from terminology.snomed.relationships import NAMES
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.uuids import Uuids, written
from terminology.snomed.view import Release

#: How many rows are made into text at a time.
_ROWS: Final = 250_000
_RELATIONSHIPS: Final = {
    RELATIONSHIPS: "Relationship",
    STATED: "StatedRelationship",
    CONCRETE: "RelationshipConcreteValues",
}


@dataclass(frozen=True, slots=True)
class Picked:
    """Some of many texts: `texts[row]` for each of `rows`."""

    texts: Texts
    rows: Ints

    def __len__(self) -> int:
        return len(self.rows)


Values = Ints | Bools | Picked | Uuids
File = tuple[str, Layout, Mapping[str, Values]]


def export_release(release: Release, folder: Path) -> tuple[Path, ...]:
    """Writes the release below `folder`, which is made if need be, and returns its files.

    Raises FileExistsError when one of the files is there already.
    """
    ending = f"{release.info.edition.rsplit('/', 1)[-1]}_{release.info.version}.txt"
    made = []
    for place, layout, values in _files(release):
        path = folder / "Snapshot" / f"{place}_{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, layout, values)
        made.append(path)
    return tuple(made)


def _write(path: Path, layout: Layout, values: Mapping[str, Values]) -> None:
    count = len(values["effectiveTime"])
    with path.open("xb") as stream:
        stream.write("\t".join(layout.header).encode() + b"\r\n")
        for begin in range(0, count, _ROWS):
            rows = np.arange(begin, min(begin + _ROWS, count))
            frame = pl.DataFrame([_texts(column, values[column.name], rows) for column in layout.columns])
            frame.write_csv(stream, include_header=False, separator="\t", quote_style="never", line_terminator="\r\n")


def _texts(column: Column, values: Values, rows: Ints) -> pl.Series:
    """A column as it is written; a time that is not there yet, 0, is empty."""
    if isinstance(values, Picked):
        return pl.Series(column.name, values.texts.of_many(values.rows[rows]), dtype=pl.String)
    if isinstance(values, Uuids):
        return pl.Series(column.name, written(values.halves[rows]), dtype=pl.String)
    numbers = pl.Series(column.name, values[rows].astype(np.int64))
    return numbers.set(numbers == 0, None) if column.holds is Holds.DATE else numbers


def _files(release: Release) -> Iterator[File]:
    """Folder and beginning of the name of each file, its layout, and its values by column."""
    yield "Terminology/sct2_Concept_Snapshot", CONCEPTS, _concepts(release)
    yield from _descriptions(release.descriptions_rows, release.ids)
    load = Reader(release.folder)
    for layout, content in _RELATIONSHIPS.items():
        values = {column.name: _stored(layout, column, load) for column in layout.columns}
        if layout is RELATIONSHIPS or len(values["id"]):
            yield f"Terminology/sct2_{content}_Snapshot", layout, values
    if len(release.identifiers.scheme):
        yield "Terminology/sct2_Identifier_Snapshot", IDENTIFIERS, _identifiers(release)
    names = [f"{pattern_of(table.fields)}_{table.content}" for table in release.member_tables]
    for number, (name, table) in enumerate(zip(names, release.member_tables, strict=True)):
        # Two kinds of reference set may have the same name, and fields of other names.
        own = name.replace("_", f"_{number}", 1) if name in names[:number] else name
        yield f"Refset/der2_{own}Snapshot", members_layout(table.fields), _members(table)


def _concepts(release: Release) -> dict[str, Values]:
    return {
        "id": release.ids,
        "effectiveTime": release.concept_time,
        "active": release.active,
        "moduleId": release.concept_module,
        "definitionStatusId": release.concept_status,
    }


def _descriptions(rows: Descriptions, concepts: Ints) -> Iterator[File]:
    """Text definitions lie in a file of their own (RF2 specification 4.2.2)."""
    definition = rows.type == ids.DEFINITION
    for content, wanted in (("Description", ~definition), ("TextDefinition", definition)):
        mine = np.flatnonzero(wanted)
        mine = mine[np.argsort(rows.id[mine], kind="stable")]
        values: dict[str, Values] = {
            "id": rows.id[mine],
            "effectiveTime": rows.time[mine],
            "active": rows.active[mine],
            "moduleId": rows.module[mine],
            "conceptId": concepts[rows.concept[mine]],
            "languageCode": Picked(pack(rows.languages), rows.language[mine]),
            "typeId": rows.type[mine],
            "term": Picked(rows.terms, mine),
            "caseSignificanceId": rows.case[mine],
        }
        if content == "Description" or len(mine):
            yield f"Terminology/sct2_{content}_Snapshot", DESCRIPTIONS, values


def _stored(layout: Layout, column: Column, load: Reader) -> Values:
    name = f"{NAMES[layout]}_{column.name}"
    return _all(load.texts(name)) if column.holds is Holds.VALUE else load.ints(name)


def _identifiers(release: Release) -> dict[str, Values]:
    rows = release.identifiers
    return {
        "alternateIdentifier": _all(rows.code),
        "effectiveTime": rows.time,
        "active": rows.active,
        "moduleId": rows.module,
        "identifierSchemeId": rows.scheme,
        "referencedComponentId": rows.component,
    }


def _members(table: MemberTable) -> dict[str, Values]:
    return {
        "id": table.uuid,
        "effectiveTime": table.time,
        "active": table.active,
        "moduleId": table.module,
        "refsetId": table.refset,
        "referencedComponentId": table.component,
        **table.ints,
        **{name: _all(texts) for name, texts in table.texts.items()},
    }


def _all(texts: Texts) -> Picked:
    return Picked(texts, np.arange(len(texts)))
