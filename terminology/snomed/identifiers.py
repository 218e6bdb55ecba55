"""Alternate identifiers: codes of other schemes that name components (RF2 specification 4.2.4: identifier file)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from terminology.snomed.arrays import Texts
from terminology.snomed.folder import Reader, Writer
from terminology.snomed.rows import Table
from terminology.snomed.sctid import Bools, Ints


@dataclass(frozen=True, slots=True)
class Identifiers:
    """All alternate identifiers, inactive ones too, sorted by scheme and code."""

    scheme: Ints
    code: Texts
    component: Ints
    active: Bools
    time: Ints
    module: Ints

    def component_of(self, scheme: int, code: str) -> int | None:
        """The component that `code` names in a scheme; None when no active row does."""
        first, last = (int(self.scheme.searchsorted(scheme, side)) for side in ("left", "right"))
        begin, end = first, last
        while begin < end:
            middle = (begin + end) // 2
            begin, end = (middle + 1, end) if self.code[middle] < code else (begin, middle)
        found = begin < last and self.code[begin] == code and self.active[begin]
        return int(self.component[begin]) if found else None


def write_identifiers(table: Table, out: Writer) -> None:
    """Writes the identifier file."""
    codes = table.texts["alternateIdentifier"]
    table = table.take(np.lexsort((codes.rank("dense").to_numpy(), table["identifierSchemeId"])))
    out.put_texts("identifier_code", table.texts["alternateIdentifier"])
    out.put("identifier_scheme", table["identifierSchemeId"])
    out.put("identifier_component", table["referencedComponentId"])
    out.put("identifier_active", table["active"] == 1)
    out.put("identifier_time", table["effectiveTime"])
    out.put("identifier_module", table["moduleId"])


def read_identifiers(folder: Reader) -> Identifiers:
    """The alternate identifiers of a release folder."""
    scheme, component, time, module = (
        folder.ints(f"identifier_{name}") for name in ("scheme", "component", "time", "module")
    )
    return Identifiers(
        scheme, folder.texts("identifier_code"), component, folder.bools("identifier_active"), time, module
    )
