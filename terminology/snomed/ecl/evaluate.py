"""Which concepts of a release satisfy an expression constraint (ECL 2.2, chapter 6).

Sets of concepts are truth values by ordinal, so that joining them costs the same whatever their size. The substrate
holds active and inactive concepts, and of everything else what is active (6.9, active filter): an inactive concept
is found by its identifier, as a member of a reference set and by its history, but has no place in the hierarchy and
no attributes. `*` stands for active concepts, as it does wherever it equals `<< *` (6.1), unless a concept filter
behind it asks for inactive ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Final

import numpy as np

from terminology.snomed.arrays import Rows
from terminology.snomed.ecl.alternates import component_of
from terminology.snomed.ecl.ast import (
    ActiveFilter,
    AlternateId,
    Any,
    ConceptFilters,
    DescriptionFilters,
    Dotted,
    Expression,
    Filtered,
    Joined,
    Junction,
    MemberOf,
    Minus,
    Reference,
    Refined,
    Related,
    Relation,
    Supplemented,
)
from terminology.snomed.ecl.concepts import of_concepts
from terminology.snomed.ecl.descriptions import of_descriptions
from terminology.snomed.ecl.history import leading_to
from terminology.snomed.ecl.members import member_rows, selected
from terminology.snomed.ecl.parser import parse
from terminology.snomed.ecl.refinements import satisfied, values_of
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.view import Release

#: Of more closure rows than this many times the concepts, the hierarchy is walked instead.
_ROWS_WORTH_TAKING: Final = 2


def evaluate(release: Release, expression: Expression | str) -> frozenset[int]:
    """The identifiers of the concepts that satisfy the expression. Raises EclError as `matches`."""
    return frozenset(release.ids[matches(release, expression)].tolist())


def matches(release: Release, expression: Expression | str) -> Bools:
    """One truth value for each concept of the release, in the order of `release.ids`; only to be read.

    Raises EclError for text that cannot be read, and for what this release cannot answer: an unknown alias of a
    dialect or scheme, a reference set field that is not there, several fields where concepts are needed.
    """
    return _Evaluator(release).concepts(parse(expression) if isinstance(expression, str) else expression)


def rows(release: Release, expression: MemberOf | str) -> tuple[dict[str, str], ...]:
    """The selected fields of reference set members, `^ [a, b] x` (6.1, member of): one dictionary for each row.

    Raises EclError as `matches`, and for an expression that selects no fields.
    """
    tree = parse(expression) if isinstance(expression, str) else expression
    return member_rows(release, _Evaluator(release).concepts, tree)


class _Evaluator:
    def __init__(self, release: Release) -> None:
        self._release = release

    def concepts(self, expression: Expression) -> Bools:
        """One truth value for each concept of the release."""
        match expression:
            case Reference(sctid):
                return self._only(sctid)
            case AlternateId(scheme, code):
                return self._only(component_of(self._release, scheme, code))
            case Any():
                return self._release.active
            case MemberOf():
                return selected(self._release, self.concepts, expression)
            case Related(relation, of):
                return self._related(relation, of)
            case Filtered(of, blocks):
                return self._filtered(of, blocks)
            case Supplemented(of, profile, subset):
                found = self.concepts(of)
                return found | leading_to(self._release, self.concepts, found, subset or profile)
            case Joined(junction, operands):
                return _join(junction, (self.concepts(operand) for operand in operands))
            case Minus(first, second):
                return self.concepts(first) & ~self.concepts(second)
            case Refined(focus, refinement):
                found = self.concepts(focus) & self._release.active
                return found & satisfied(self._release, self.concepts, refinement)
            case Dotted(of, attribute):
                return values_of(self._release, self.concepts, self.concepts(of), attribute)

    def _only(self, sctid: int | None) -> Bools:
        """One concept; none when it is not in the release."""
        found = self._none()
        if sctid is not None and (ordinal := self._ordinal(sctid)) is not None:
            found[ordinal] = True
        return found

    def _ordinal(self, sctid: int) -> int | None:
        ordinal = int(np.searchsorted(self._release.ids, sctid))
        return ordinal if ordinal < len(self._release.ids) and self._release.ids[ordinal] == sctid else None

    def _none(self) -> Bools:
        return np.zeros(len(self._release.ids), dtype=np.bool_)

    def _related(self, relation: Relation, of: Expression) -> Bools:
        match relation:
            case "!!>":
                start = self.concepts(of)
                return start & ~self._beyond("<", start)
            case "!!<":
                start = self.concepts(of)
                return start & ~self._beyond(">", start)
        start = self.concepts(of) & self._release.active
        if relation.endswith("!"):
            found = self._marked(self._direct(relation).of_many(np.flatnonzero(start)))
        else:
            found = self._beyond(relation[0], start)
        return found | start if relation.startswith(("<<", ">>")) else found

    def _beyond(self, direction: str, start: Bools) -> Bools:
        """All concepts below (<) or above (>) those of `start`."""
        nodes, closure = np.flatnonzero(start), self._transitive(direction)
        if len(nodes) == 1:
            return self._marked(closure.of(int(nodes[0])))
        if int((closure.starts[nodes + 1] - closure.starts[nodes]).sum()) <= _ROWS_WORTH_TAKING * len(start):
            return self._marked(closure.of_many(nodes))
        return _walked(self._direct(direction), start)

    def _direct(self, direction: str) -> Rows:
        return self._release.child_rows if direction.startswith("<") else self._release.parent_rows

    def _transitive(self, direction: str) -> Rows:
        return self._release.descendant_rows if direction == "<" else self._release.ancestor_rows

    def _marked(self, ordinals: Ints) -> Bools:
        found = self._none()
        found[ordinals] = True
        return found

    def _filtered(self, of: Expression, blocks: Iterable[DescriptionFilters | ConceptFilters]) -> Bools:
        blocks = tuple(blocks)
        asks_inactive = any(
            ActiveFilter(False) in block.filters for block in blocks if isinstance(block, ConceptFilters)
        )
        found = np.ones(len(self._release.ids), dtype=np.bool_) if of == Any() and asks_inactive else self.concepts(of)
        for block in sorted(blocks, key=lambda block: isinstance(block, DescriptionFilters)):
            if isinstance(block, ConceptFilters):
                found = found & of_concepts(self._release, self.concepts, block)
            else:
                found = of_descriptions(self._release, self.concepts, block, found)
        return found


def _walked(steps: Rows, start: Bools) -> Bools:
    """What is reached from `start` by one step or more."""
    reached = np.zeros(len(start), dtype=np.bool_)
    frontier = np.flatnonzero(start)
    while len(frontier):
        new = np.zeros(len(start), dtype=np.bool_)
        new[steps.of_many(frontier)] = True
        new &= ~reached
        reached |= new
        frontier = np.flatnonzero(new)
    return reached


def _join(junction: Junction, sets: Iterable[Bools]) -> Bools:
    return reduce(np.logical_and if junction == "AND" else np.logical_or, sets)
