"""What became of inactive concepts: historical associations (RF2 specification 5.2.5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from terminology.snomed import ids
from terminology.snomed.folder import Writer
from terminology.snomed.rows import Table
from terminology.snomed.sctid import Ints, Kind, check_many

_EXACT: Final = frozenset({"SAME_AS", "REPLACED_BY"})
_AMBIGUOUS: Final = frozenset({"POSSIBLY_EQUIVALENT_TO", "POSSIBLY_REPLACED_BY"})


@dataclass(frozen=True, slots=True)
class Association:
    """One historical association of a concept: its kind, e.g. SAME_AS, and the concept it points to."""

    kind: str
    target: int


@dataclass(frozen=True)
class History:
    """The historical associations of a release, sorted by source."""

    source: Ints
    refset: Ints
    target: Ints

    def of(self, sctid: int) -> tuple[Association, ...]:
        """The associations of a concept."""
        begin, end = np.searchsorted(self.source, sctid, "left"), np.searchsorted(self.source, sctid, "right")
        pairs = zip(self.refset[begin:end].tolist(), self.target[begin:end].tolist(), strict=True)
        return tuple(Association(ids.ASSOCIATIONS[refset], target) for refset, target in pairs)

    def successor(self, sctid: int, wanted: frozenset[int]) -> int | None:
        """The one of `wanted` that `sctid` leads to by SAME_AS and REPLACED_BY, if each step has one way only."""
        seen = {sctid}
        while (step := self._next.get(sctid)) is not None and step not in seen:
            if step in wanted:
                return step
            seen.add(step)
            sctid = step
        return None

    @cached_property
    def _next(self) -> dict[int, int]:
        """The only successor of each concept that has exactly one and is not ambiguous."""
        targets: dict[int, set[int]] = {}
        ambiguous: set[int] = set()
        for source, refset, target in zip(
            self.source.tolist(), self.refset.tolist(), self.target.tolist(), strict=True
        ):
            kind = ids.ASSOCIATIONS[refset]
            if kind in _EXACT:
                targets.setdefault(source, set()).add(target)
            elif kind in _AMBIGUOUS:
                ambiguous.add(source)
        return {source: min(found) for source, found in targets.items() if len(found) == 1 and source not in ambiguous}

    def sources(self) -> list[int]:
        """All concepts that have an unambiguous successor."""
        return list(self._next)


def write_history(table: Table, out: Writer) -> int:
    """Writes the active historical associations of concepts by concept, kind and target; returns how many there are."""
    mine = check_many(table["referencedComponentId"], Kind.CONCEPT) & np.isin(table["refsetId"], list(ids.ASSOCIATIONS))
    table = table.select(mine & (table["active"] == 1))
    source, refset, target = table["referencedComponentId"], table["refsetId"], table["targetComponentId"]
    order = np.lexsort((target, refset, source))
    for name, values in (("source", source), ("refset", refset), ("target", target)):
        out.put(f"history_{name}", values[order])
    return len(table)
