"""Whether a postcoordinated expression satisfies an expression constraint (ECL 2.2, chapter 6.1: substrate).

The constraint is asked of one expression, so the expression need not be in the release. A refined expression is
below its focus and nowhere else: it is nobody's child, parent or ancestor and in no reference set.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Final

import numpy as np

from terminology.snomed.arrays import ordinals
from terminology.snomed.ecl import ast
from terminology.snomed.ecl.evaluate import matches
from terminology.snomed.expressions.comparing import facts, is_a
from terminology.snomed.expressions.facts import Facts, Group, Pair, Value
from terminology.snomed.expressions.values import Expression, Text
from terminology.snomed.view import Release

_ORDERS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def satisfies(release: Release, expression: Expression, constraint: ast.Expression) -> bool:
    """Whether the expression is in what the constraint describes; a plain concept is when it is in the answer."""
    if expression.single is not None:
        return _among(release, constraint, expression.single)
    return _Matcher(release, facts(release, expression)).concept(constraint)


class _Matcher:
    def __init__(self, release: Release, said: Facts) -> None:
        self._release = release
        self._said = said

    def concept(self, constraint: ast.Expression) -> bool:
        match constraint:
            case ast.Any():
                return True
            case ast.Related(relation, of):
                return relation in ("<", "<<") and self._below(of)
            case ast.Joined(junction, operands):
                return (all if junction == "AND" else any)(self.concept(each) for each in operands)
            case ast.Minus(first, second):
                return self.concept(first) and not self.concept(second)
            case ast.Refined(focus, refinement):
                return self.concept(focus) and self._refined(refinement, self._groups())
            case ast.Supplemented(of):
                return self.concept(of)
        return False

    def _below(self, of: ast.Expression) -> bool:
        if isinstance(of, ast.Reference):
            return is_a(self._release, of.sctid, self._said)
        return any(_among(self._release, ast.Related("<<", of), focus) for focus in self._said.focus)

    def _groups(self) -> tuple[Group, ...]:
        return (self._said.single, *self._said.groups)

    def _refined(self, refinement: ast.Refinement, groups: tuple[Group, ...]) -> bool:
        match refinement:
            case ast.Attribute():
                return self._attribute(refinement, groups)
            case ast.Group(inner, cardinality):
                fitting = sum(self._refined(inner, (group,)) for group in groups[1:] if group)
                return _allowed(cardinality, fitting)
        return (all if refinement.junction == "AND" else any)(
            self._refined(each, groups) for each in refinement.operands
        )

    def _attribute(self, wanted: ast.Attribute, groups: tuple[Group, ...]) -> bool:
        if wanted.reverse:
            return False
        fitting = sum(len(set(filter(lambda pair: self._fits(wanted, pair), group))) for group in groups)
        return _allowed(wanted.cardinality, fitting)

    def _fits(self, wanted: ast.Attribute, pair: Pair) -> bool:
        kind, value = pair
        return _among(self._release, wanted.name, kind) and self._holds(wanted, value)

    def _holds(self, wanted: ast.Attribute, value: Value) -> bool:
        match wanted.value, value:
            case Decimal() as limit, Decimal() as number:
                return _ORDERS[wanted.comparison](number, limit)
            case bool() as truth, bool():
                return (value == truth) == (wanted.comparison == "=")
            case tuple() as terms, Text(text):
                found = any(term.text.casefold() == text.casefold() for term in terms)
                return found == (wanted.comparison == "=")
            case ((Decimal() | bool() | tuple()), _):
                return False
            case constraint, Expression():
                return satisfies(self._release, value, constraint) == (wanted.comparison == "=")
        return False


def _allowed(cardinality: ast.Cardinality | None, count: int) -> bool:
    if cardinality is None:
        return count > 0
    return cardinality.least <= count and (cardinality.most is None or count <= cardinality.most)


def _among(release: Release, constraint: ast.Expression, sctid: int) -> bool:
    if isinstance(constraint, ast.Reference):
        return constraint.sctid == sctid
    ordinal = int(ordinals(release.ids, np.array([sctid]))[0])
    return ordinal >= 0 and bool(matches(release, constraint)[ordinal])
