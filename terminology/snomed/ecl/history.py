"""History supplements: inactive concepts whose associations lead to a set (ECL 2.2, 6.11)."""

from __future__ import annotations

from typing import Final

import numpy as np

from terminology.snomed.ecl.ast import Any, Expression, Profile
from terminology.snomed.ecl.members import associated
from terminology.snomed.ecl.substrate import Concepts, sctids
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.view import Release

_SAME_AS: Final = 900000000000527005
_REPLACED_BY: Final = 900000000000526001
_WAS_A: Final = 900000000000528000
_PARTIALLY_EQUIVALENT_TO: Final = 1186924009
#: The reference sets of each profile (6.11, profiles). MAX takes every association there is: those that are not
#: historical do not come from inactive concepts.
_PROFILES: Final[dict[str, Ints | None]] = {
    "MIN": np.array([_SAME_AS]),
    "MOD": np.array([_SAME_AS, _REPLACED_BY, _WAS_A, _PARTIALLY_EQUIVALENT_TO]),
    "MAX": None,
    "": None,
}


def leading_to(release: Release, concepts: Concepts, found: Bools, by: Expression | Profile) -> Bools:
    """The inactive concepts that one association, by profile or by reference sets, leads to one of `found`."""
    if by == Any():
        by = "MAX"
    refsets = _PROFILES[by] if isinstance(by, str) else sctids(release, concepts, by)
    supplement = np.zeros(len(found), dtype=np.bool_)
    supplement[associated(release, refsets, found)] = True
    return supplement & ~release.active
