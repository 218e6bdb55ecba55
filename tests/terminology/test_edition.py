"""Which module names an edition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from terminology.snomed.edition import EXTRACT_MODULE, edition_of
from terminology.snomed.ids import CORE_MODULE, MODEL_MODULE
from terminology.snomed.layouts import MODULE_DEPENDENCY, members_layout
from terminology.snomed.rows import Table, empty_table

MAPS, NORWEGIAN, OTHER = 449080006, 51000202101, 57101000202106


def dependencies(*pairs: tuple[int, int]) -> Table:
    modules, others = ([pair[side] for pair in pairs] for side in (0, 1))
    own = {"moduleId": np.array(modules, np.int64), "referencedComponentId": np.array(others, np.int64)}
    return replace(empty_table(members_layout(MODULE_DEPENDENCY)), numbers=own)


@pytest.mark.parametrize(
    ("pairs", "modules", "edition"),
    [
        ([(CORE_MODULE, MODEL_MODULE), (MAPS, CORE_MODULE), (MAPS, MODEL_MODULE)], [CORE_MODULE, MAPS], CORE_MODULE),
        ([(NORWEGIAN, CORE_MODULE), (MAPS, CORE_MODULE)], [CORE_MODULE] * 3 + [NORWEGIAN], NORWEGIAN),
        ([(NORWEGIAN, OTHER), (OTHER, CORE_MODULE)], [OTHER, OTHER, NORWEGIAN], NORWEGIAN),
        ([(NORWEGIAN, CORE_MODULE), (OTHER, CORE_MODULE)], [OTHER, OTHER, NORWEGIAN], OTHER),
        ([], [CORE_MODULE, MODEL_MODULE], CORE_MODULE),
        ([], [CORE_MODULE, NORWEGIAN], NORWEGIAN),
    ],
)
def test_the_edition_is_the_module_on_which_none_depends(
    pairs: list[tuple[int, int]], modules: list[int], edition: int
) -> None:
    assert edition_of(dependencies(*pairs), np.array([1, 2]), np.array(modules)) == edition


def test_an_extract_is_known_by_the_concept_of_its_module() -> None:
    known = dependencies((MAPS, CORE_MODULE), (NORWEGIAN, CORE_MODULE))
    assert edition_of(known, np.array([1, EXTRACT_MODULE]), np.array([CORE_MODULE, NORWEGIAN])) == EXTRACT_MODULE
