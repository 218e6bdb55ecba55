"""Which edition a release is: the module that names it."""

from __future__ import annotations

from typing import Final

import numpy as np

from terminology.snomed import ids
from terminology.snomed.rows import Table
from terminology.snomed.sctid import Ints

#: The maps to ICD-9-CM and ICD-10 are modules too, and depend on the core; they are part of the international edition.
_INTERNATIONAL: Final = (ids.CORE_MODULE, ids.MODEL_MODULE, 449079008, 449080006)
#: The module of extracts; an extract keeps the modules and dependencies of the release that it was made of.
EXTRACT_MODULE: Final = 31000003106


def edition_of(dependencies: Table, concepts: Ints, concept_modules: Ints) -> int:
    """The module that names the edition: the one that depends on others and on which none depends.

    `dependencies` are the active members of the module dependency reference set (RF2 specification 5.2.4.2).
    Without them it is the most frequent module of the concepts outside the international modules. A release that
    has the concept for the module of extracts is an extract.
    """
    if (concepts == EXTRACT_MODULE).any():
        return EXTRACT_MODULE
    top = np.setdiff1d(dependencies["moduleId"], dependencies["referencedComponentId"])
    top = np.setdiff1d(top, _INTERNATIONAL)
    if len(top) == 1:
        return int(top[0])
    modules, counts = np.unique(concept_modules, return_counts=True)
    local = ~np.isin(modules, _INTERNATIONAL)
    return int(modules[local][np.argmax(counts[local])]) if local.any() else ids.CORE_MODULE
