"""The relationship files of a release: kept whole, and turned into hierarchy and attributes."""

from __future__ import annotations

from typing import Final

import numpy as np

from terminology.snomed import ids
from terminology.snomed.attributes import Triples, write_attributes
from terminology.snomed.folder import Writer
from terminology.snomed.hierarchy import hierarchy_of
from terminology.snomed.layouts import CONCRETE, RELATIONSHIPS, STATED, Layout
from terminology.snomed.places import Places
from terminology.snomed.rows import Table
from terminology.snomed.sctid import Bools, Ints

#: The arrays of a folder that hold the rows of each kind of relationship file start with these words.
NAMES: Final = {RELATIONSHIPS: "relationship", STATED: "stated", CONCRETE: "concrete"}


def write_rows(layout: Layout, table: Table, out: Writer) -> Table:
    """Writes all rows, also inactive ones, sorted by identifier; returns them sorted."""
    table = table.sorted(np.argsort(table["id"], kind="stable"))
    for column, values in table.numbers.items():
        out.put(f"{NAMES[layout]}_{column}", values)
    for column, texts in table.texts.items():
        out.put_texts(f"{NAMES[layout]}_{column}", texts)
    return table


def write_meaning(known: Places, active: Bools, relations: Table, concrete: Table, out: Writer) -> tuple[int, int]:
    """Writes hierarchy and attributes: active inferred relationships between active concepts.

    Returns how many direct is-a pairs and how many attributes there are.

    Raises ImportRefused when is-a has a cycle.
    """
    relations, source = _inferred(known, active, relations)
    target = known.of(relations["destinationId"])
    usable, is_a = active[target], relations["typeId"] == ids.IS_A
    hierarchy = hierarchy_of(known.ids, source[usable & is_a], target[usable & is_a])
    for name in ("parents", "children", "ancestors", "descendants"):
        out.put_rows(name, getattr(hierarchy, name))
    rest = np.flatnonzero(usable & ~is_a)
    concrete, subject = _inferred(known, active, concrete)
    write_attributes(
        _triples(known, relations.take(rest), source[rest], target[rest]),
        _triples(known, concrete, subject, np.full(len(concrete), -1)),
        concrete.texts["value"],
        len(known),
        out,
    )
    return len(hierarchy.parents.values), len(rest) + len(concrete)


def _inferred(known: Places, active: Bools, table: Table) -> tuple[Table, Ints]:
    """The active inferred rows of active concepts, and the ordinal of each concept."""
    table = table.select((table["active"] == 1) & (table["characteristicTypeId"] == ids.INFERRED))
    source = known.of(table["sourceId"])
    return table.select(active[source]), source[active[source]]


def _triples(known: Places, table: Table, source: Ints, target: Ints) -> Triples:
    return Triples(source, table["relationshipGroup"], known.of(table["typeId"]), target)
