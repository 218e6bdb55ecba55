"""Concept filters (ECL 2.2, 6.9)."""

from __future__ import annotations

from functools import reduce
from typing import Final

import numpy as np

from terminology.snomed.ecl.ast import (
    ActiveFilter,
    ConceptFilter,
    ConceptFilters,
    DefinitionStatusFilter,
    DefinitionStatusIdFilter,
    EffectiveTimeFilter,
    ModuleFilter,
)
from terminology.snomed.ecl.substrate import Concepts, among, at_times, sctids
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.view import Release

_STATUSES: Final = {"primitive": 900000000000074008, "defined": 900000000000073002}


def of_concepts(release: Release, concepts: Concepts, block: ConceptFilters) -> Bools:
    """The concepts, active or not, for which every filter holds."""
    return reduce(np.logical_and, (_one(release, concepts, each) for each in block.filters))


def _one(release: Release, concepts: Concepts, one: ConceptFilter) -> Bools:
    match one:
        case DefinitionStatusFilter(order, statuses):
            wanted: Ints = np.array([_STATUSES[status] for status in statuses])
            return among(release.concept_status, order, wanted)
        case DefinitionStatusIdFilter(order, of):
            return among(release.concept_status, order, sctids(release, concepts, of))
        case ModuleFilter(order, of):
            return among(release.concept_module, order, sctids(release, concepts, of))
        case EffectiveTimeFilter(order, times):
            return at_times(release.concept_time, order, times)
        case ActiveFilter(active):
            return release.active if active else ~release.active
