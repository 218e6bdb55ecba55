"""Turns the tables of a snapshot into the arrays of a release folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from terminology.snomed import ids
from terminology.snomed.arrays import Rows, on_cycle, ordinals, pack, rows_of, starts_of
from terminology.snomed.problems import ImportRefused
from terminology.snomed.rf2 import Snapshot
from terminology.snomed.rows import Table
from terminology.snomed.sctid import Bools, Ints, Kind, check_many

Arrays = dict[str, npt.NDArray[np.generic]]

_INTERNATIONAL: Final = (ids.CORE_MODULE, ids.MODEL_MODULE)


def build(snapshot: Snapshot) -> Arrays:
    """The arrays of a release by name (see the parts below). Raises ImportRefused when is-a has a cycle."""
    tables = snapshot.tables
    concepts = tables["concepts"].take(np.argsort(tables["concepts"]["id"]))
    known, active = concepts["id"], concepts["active"] == 1
    arrays: Arrays = {"concept": known, "active": active}
    arrays |= _relationships(known, active, tables["relationships"])
    arrays |= _descriptions(known, tables["descriptions"], tables["languages"])
    arrays |= _history(tables["associations"])
    arrays |= _members(tables)
    arrays |= _maps(tables)
    return arrays


def edition_of(tables: Mapping[str, Table]) -> int:
    """The module that names the edition: the one that depends on others and on which none depends.

    Without module dependencies (RF2 specification 5.2.4.2) it is the most frequent module of the concepts
    outside the international modules.
    """
    dependencies = tables["module_dependencies"]
    dependencies = dependencies.select(dependencies["active"] == 1)
    top = np.setdiff1d(dependencies["moduleId"], dependencies["referencedComponentId"])
    top = np.setdiff1d(top, _INTERNATIONAL)
    if len(top) == 1:
        return int(top[0])
    modules, counts = np.unique(tables["concepts"]["moduleId"], return_counts=True)
    local = ~np.isin(modules, _INTERNATIONAL)
    return int(modules[local][np.argmax(counts[local])]) if local.any() else ids.CORE_MODULE


def _relationships(known: Ints, active: Bools, table: Table) -> Arrays:
    """The hierarchy as ordinals both ways, and the attributes sorted by source, group and type.

    Only active inferred relationships between active concepts count. A `role` is one attribute group of one
    concept; an attribute of group 0 stands alone, so each is a role of its own (RF2 specification 4.2.3).
    """
    table = table.select((table["active"] == 1) & (table["characteristicTypeId"] == ids.INFERRED))
    source, target = ordinals(known, table["sourceId"]), ordinals(known, table["destinationId"])
    usable, is_a = active[source] & active[target], table["typeId"] == ids.IS_A
    hierarchy = usable & is_a
    parents = rows_of(source[hierarchy], target[hierarchy], len(known))
    children = rows_of(target[hierarchy], source[hierarchy], len(known))
    _refuse_cycle(known, parents, children)
    rest = np.flatnonzero(usable & ~is_a)
    kind, group = ordinals(known, table["typeId"]), table["relationshipGroup"]
    rest = rest[np.lexsort((target[rest], kind[rest], group[rest], source[rest]))]
    source, group = source[rest], group[rest]
    return {
        "parent_starts": parents.starts,
        "parents": parents.values,
        "child_starts": children.starts,
        "children": children.values,
        "attribute_starts": starts_of(source, len(known)),
        "attribute_group": group,
        "attribute_type": kind[rest],
        "attribute_target": target[rest],
        **_roles(source, group),
    }


def _roles(source: Ints, group: Ints) -> Arrays:
    """The role of each attribute, and the concept (an ordinal) of each role."""
    if not len(source):
        return {"attribute_role": source, "role_concept": source}
    new = np.ones(len(source), dtype=np.bool_)
    new[1:] = (source[1:] != source[:-1]) | (group[1:] != group[:-1]) | (group[1:] == 0)
    return {"attribute_role": np.cumsum(new) - 1, "role_concept": source[new]}


def _refuse_cycle(known: Ints, parents: Rows, children: Rows) -> None:
    on_one = on_cycle(parents, children)
    if len(on_one):
        raise ImportRefused(f"is-a has a cycle at or above concept {known[on_one[0]]}")


def _descriptions(known: Ints, table: Table, languages: Table) -> Arrays:
    """The descriptions sorted by concept and id; their language reference set rows sorted by description."""
    concept = ordinals(known, table["conceptId"])
    order = np.lexsort((table["id"], concept))
    table, concept = table.take(order), concept[order]
    terms, tags = pack(table.texts["term"]), pack(table.texts["languageCode"])
    by_id = np.argsort(table["id"])
    languages = languages.select(languages["active"] == 1)
    row = by_id[ordinals(table["id"][by_id], languages["referencedComponentId"])] if len(languages) else by_id[:0]
    order = np.lexsort((languages["refsetId"], row))
    return {
        "description_starts": starts_of(concept, len(known)),
        "description": table["id"],
        "description_active": table["active"] == 1,
        "description_type": table["typeId"],
        "term_starts": terms.starts,
        "terms": terms.blob,
        "tag_starts": tags.starts,
        "tags": tags.blob,
        "language_starts": starts_of(row, len(table)),
        "language_refset": languages["refsetId"][order],
        "language_preferred": languages["acceptabilityId"][order] == ids.PREFERRED,
    }


def _history(table: Table) -> Arrays:
    """The historical associations of concepts, sorted by concept, kind and target."""
    mine = check_many(table["referencedComponentId"], Kind.CONCEPT) & np.isin(table["refsetId"], list(ids.ASSOCIATIONS))
    table = table.select(mine & (table["active"] == 1))
    source, refset, target = table["referencedComponentId"], table["refsetId"], table["targetComponentId"]
    order = np.lexsort((target, refset, source))
    return {"history_source": source[order], "history_refset": refset[order], "history_target": target[order]}


def _members(tables: Mapping[str, Table]) -> Arrays:
    """Reference set and concept of each active member, once, sorted; language reference sets hold no concepts."""
    kinds = ("simple", "associations", "simple_maps", "extended_maps")
    pairs = [
        np.stack([tables[kind]["refsetId"], tables[kind]["referencedComponentId"]])[:, tables[kind]["active"] == 1]
        for kind in kinds
    ]
    together = np.concatenate(pairs, axis=1)
    unique = np.unique(together[:, check_many(together[1], Kind.CONCEPT)], axis=1)
    return {"member_refset": unique[0], "member_concept": unique[1]}


def _maps(tables: Mapping[str, Table]) -> Arrays:
    """The active rows of simple and extended maps, sorted by concept, reference set, group and priority."""
    simple, extended = (tables[kind].select(tables[kind]["active"] == 1) for kind in ("simple_maps", "extended_maps"))
    ones = np.ones(len(simple), dtype=np.int64)
    blank = [""] * len(simple)
    concept, refset = (np.concatenate([simple[name], extended[name]]) for name in ("referencedComponentId", "refsetId"))
    group, priority = (np.concatenate([ones, extended[name]]) for name in ("mapGroup", "mapPriority"))
    order = np.lexsort((priority, group, refset, concept))
    arrays: Arrays = {
        "map_concept": concept[order],
        "map_refset": refset[order],
        "map_group": group[order],
        "map_priority": priority[order],
    }
    for name, before in (("mapRule", blank), ("mapAdvice", blank), ("mapTarget", simple.texts["mapTarget"])):
        texts = before + extended.texts[name]
        packed = pack([texts[row] for row in order.tolist()])
        arrays |= {f"{name}_starts": packed.starts, name: packed.blob}
    return arrays
