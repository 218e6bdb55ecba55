"""The concepts that an expression names."""

from __future__ import annotations

from terminology.snomed.ecl.ast import Expression, Reference
from terminology.snomed.ecl.tree import levels
from terminology.snomed.view import Release


def unknown(release: Release, expression: Expression) -> frozenset[int]:
    """The concepts named anywhere in the expression that the release does not have, not even inactive."""
    named = {one.sctid for level in levels(expression) for one in level if isinstance(one, Reference)}
    return frozenset(sctid for sctid in named if not release.has(sctid))
