"""Which concepts of a release satisfy an expression constraint (ECL 2.2, chapter 6).

The substrate is the active concepts of the release: an inactive concept is in no answer, not even when it is
named. Sets of concepts are truth values by ordinal, so that joining them costs the same whatever their size.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import numpy as np

from terminology.snomed.ecl.ast import (
    Any,
    Attribute,
    Expression,
    Group,
    Joined,
    Junction,
    MemberOf,
    Minus,
    Reference,
    Refined,
    Refinement,
    Related,
    Relation,
)
from terminology.snomed.ecl.parser import parse
from terminology.snomed.sctid import Bools
from terminology.snomed.view import Release


def evaluate(release: Release, expression: Expression | str) -> frozenset[int]:
    """The active concepts that satisfy the expression. Raises EclError for text that cannot be read."""
    tree = parse(expression) if isinstance(expression, str) else expression
    return frozenset(release.ids[_Evaluator(release).concepts(tree)].tolist())


class _Evaluator:
    def __init__(self, release: Release) -> None:
        self._release = release

    def concepts(self, expression: Expression) -> Bools:
        """One truth value for each concept of the release."""
        match expression:
            case Reference(sctid):
                named: Bools = self._release.ids == sctid
                return named & self._release.active
            case Any():
                return self._release.active
            case MemberOf(of):
                return self._members(self.concepts(of))
            case Related(relation, of):
                return self._related(relation, self.concepts(of))
            case Joined(junction, operands):
                return _join(junction, (self.concepts(operand) for operand in operands))
            case Minus(first, second):
                return self.concepts(first) & ~self.concepts(second)
            case Refined(focus, refinement):
                return self.concepts(focus) & self._refined(refinement)

    def _members(self, refsets: Bools) -> Bools:
        found = np.zeros(len(refsets), dtype=np.bool_)
        found[self._release.member_ordinals(self._release.ids[refsets])] = True
        return found & self._release.active

    def _related(self, relation: Relation, start: Bools) -> Bools:
        rows = self._release.child_rows if relation.startswith("<") else self._release.parent_rows
        nodes = np.flatnonzero(start)
        if relation.endswith("!"):
            found = np.zeros(len(start), dtype=np.bool_)
            found[rows.of_many(nodes)] = True
        else:
            found = rows.reach(nodes)
        return found | start if relation.startswith(("<<", ">>")) else found

    def _refined(self, refinement: Refinement) -> Bools:
        """Concepts whose attributes satisfy the refinement, each attribute in whatever group."""
        match refinement:
            case Attribute():
                return self._of_roles(self._roles(refinement))
            case Group(inner):
                return self._of_roles(self._roles(inner))
        return _join(refinement.junction, (self._refined(operand) for operand in refinement.operands))

    def _roles(self, refinement: Refinement) -> Bools:
        """Roles (attribute groups of one concept) that satisfy the refinement on their own."""
        match refinement:
            case Attribute(name, comparison, value):
                rows = self._release.attribute_rows
                matches = self.concepts(value)[rows.target] == (comparison == "=")
                found = np.zeros(len(rows.role_concept), dtype=np.bool_)
                found[rows.role[self.concepts(name)[rows.type] & matches]] = True
                return found
            case Group(inner):
                return self._roles(inner)
        return _join(refinement.junction, (self._roles(operand) for operand in refinement.operands))

    def _of_roles(self, roles: Bools) -> Bools:
        found = np.zeros(len(self._release.ids), dtype=np.bool_)
        found[self._release.attribute_rows.role_concept[roles]] = True
        return found


def _join(junction: Junction, sets: Iterable[Bools]) -> Bools:
    return reduce(np.logical_and if junction == "AND" else np.logical_or, sets)
