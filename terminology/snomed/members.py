"""Reference sets of every type: one table for each distinct list of additional fields (RF2 specification 5.1)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from terminology.snomed.arrays import Texts, coded, different
from terminology.snomed.folder import Reader, Writer
from terminology.snomed.info import TableInfo
from terminology.snomed.layouts import Field
from terminology.snomed.places import Places
from terminology.snomed.rows import Table
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.uuids import Uuids


@dataclass(frozen=True, slots=True)
class MemberTable:
    """The members of all reference sets that have `fields`, inactive ones too, by reference set and component.

    Members of one component are sorted by the whole numbers among the fields, then by UUID. `ordinal` is the
    place of the component among the concepts, -1 when it is no concept. `content` is the content word of the file
    it came from; `starts` are the places of `refsets` in the rows, one longer.
    """

    fields: tuple[Field, ...]
    content: str
    refsets: Ints
    starts: Ints
    refset: Ints
    component: Ints
    ordinal: Ints
    active: Bools
    time: Ints
    module: Ints
    uuid: Uuids
    ints: Mapping[str, Ints]
    texts: Mapping[str, Texts]
    _places: dict[int, range] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.refset)

    def rows_of(self, refset: int) -> range:
        """The rows of a reference set; none when it is not in the table."""
        if not self._places and len(self.refsets):
            starts = self.starts.tolist()
            places = (range(begin, end) for begin, end in itertools.pairwise(starts))
            self._places.update(zip(self.refsets.tolist(), places, strict=True))
        return self._places.get(refset, range(0))

    def rows_for(self, refset: int, component: int) -> range:
        """The rows of one component in a reference set."""
        mine = self.rows_of(refset)
        if not mine:
            return mine
        components = self.component[mine.start : mine.stop]
        begin = int(components.searchsorted(component))
        return range(mine.start + begin, mine.start + int(components.searchsorted(component, "right")))


def write_members(number: int, fields: Sequence[Field], table: Table, concepts: Places, out: Writer) -> Table:
    """Writes the members of all reference sets with `fields` as table `number`; returns them sorted."""
    table = table.take(_order(fields, table))
    refsets = different(table["refsetId"])
    starts = np.searchsorted(table["refsetId"], refsets)
    arrays = {
        "refsets": refsets,
        "starts": np.append(starts, len(table)),
        "refset": table["refsetId"],
        "component": table["referencedComponentId"],
        "ordinal": concepts.of(table["referencedComponentId"]),
        "active": table["active"] == 1,
        "time": table["effectiveTime"],
        "module": table["moduleId"],
        "uuid": table.uuids,
    }
    for name, values in arrays.items():
        out.put(f"members{number}_{name}", values)
    for place, one in enumerate(fields):
        if one.kind == "text":
            out.put_texts(f"members{number}_field{place}", table.texts[one.name])
        else:
            out.put(f"members{number}_field{place}", table[one.name])
    return table


def read_members(number: int, info: TableInfo, folder: Reader) -> MemberTable:
    """Table `number` of a release folder."""
    name = f"members{number}"
    named = [(one, f"{name}_field{place}") for place, one in enumerate(info.fields)]
    return MemberTable(
        fields=info.fields,
        content=info.content,
        refsets=folder.ints(f"{name}_refsets"),
        starts=folder.ints(f"{name}_starts"),
        refset=folder.ints(f"{name}_refset"),
        component=folder.ints(f"{name}_component"),
        ordinal=folder.ints(f"{name}_ordinal"),
        active=folder.bools(f"{name}_active"),
        time=folder.ints(f"{name}_time"),
        module=folder.ints(f"{name}_module"),
        uuid=Uuids(folder.halves(f"{name}_uuid")),
        ints={one.name: folder.ints(file) for one, file in named if one.kind != "text"},
        texts={one.name: folder.texts(file) for one, file in named if one.kind == "text"},
    )


def _order(fields: Sequence[Field], table: Table) -> Ints:
    """The rows by reference set, component, whole numbers and UUID."""
    refset, component = table["refsetId"], table["referencedComponentId"]
    _, code = coded(refset)
    # Few reference sets: a radix sort brings each together, then each is sorted on its own.
    order = np.argsort(code.astype(np.uint16) if code.max(initial=0) < 1 << 16 else code, kind="stable")
    ends = np.cumsum(np.bincount(code))
    for begin, end in zip([0, *ends.tolist()], ends.tolist(), strict=False):
        mine = order[begin:end]
        order[begin:end] = mine[np.argsort(component[mine])]
    alike = (refset[order][1:] == refset[order][:-1]) & (component[order][1:] == component[order][:-1])
    several = (np.append(alike, False) | np.append(False, alike))[: len(order)]
    rows = order[several]
    numbers = [table[one.name][rows] for one in reversed(fields) if one.kind == "int"]
    high, low = table.uuids[rows].T
    order[several] = rows[np.lexsort((low, high, *numbers, component[rows], code[rows]))]
    return order
