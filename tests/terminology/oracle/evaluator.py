"""Expressions (6.1 Simple, 6.4 Conjunction and Disjunction, 6.5 Exclusion, 6.7 Nested, 6.12 Top and Bottom)."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import reduce
from pathlib import Path

from oracle import concepts, descriptions, history, members, refinement
from oracle.compare import Everything
from oracle.rf2 import Content
from terminology.snomed.ecl import ast


class Oracle:
    """What a release means: `evaluate` for concepts, `rows` for the fields of reference set members."""

    def __init__(self, folder: Path) -> None:
        self.content = Content(folder)
        self._known: dict[ast.Expression, frozenset[int]] = {}

    def evaluate(self, expression: ast.Expression) -> frozenset[int]:
        """The concepts that satisfy the expression, active ones and, where 6.9 says so, inactive ones.

        Raises ValueError for an expression that 6.1 or Appendix C call erroneous, and for alternate identifiers
        (6.1), of which a release without an Identifier file has none.
        """
        # Refinements ask for the same inner set for every attribute of every concept.
        if expression not in self._known:
            self._known[expression] = self._evaluate(expression)
        return self._known[expression]

    def rows(self, expression: ast.MemberOf) -> list[dict[str, str]]:
        """6.1 Member of: the chosen fields of every member row, as text; several rows may be the same.

        Raises ValueError when no reference set has a chosen field.
        """
        return members.rows(self, expression)

    def named(self, expression: ast.Expression) -> Container[int]:
        """The ids that an expression names where ids are compared (types, modules, reference sets, …).

        An extension refers to metadata that only the International Edition carries, so a reference, alone or in a
        set (5.1 eclConceptReferenceSet), counts here though the release has no such concept. The text is silent.
        """
        match expression:
            case ast.Any():
                return Everything()
            case ast.Reference(sctid):
                return {sctid}
            case ast.Joined("OR", operands) if all(isinstance(one, ast.Reference) for one in operands):
                return {one.sctid for one in operands if isinstance(one, ast.Reference)}
        return self.evaluate(expression)

    def _evaluate(self, expression: ast.Expression) -> frozenset[int]:
        match expression:
            case ast.Reference(sctid):
                return self.itself(sctid)
            case ast.AlternateId():
                raise ValueError("the release has no identifiers of this scheme")
            case ast.Any():
                return self.content.active
            case ast.MemberOf():
                return members.referenced(self, expression)
            case ast.Related(relation, of):
                return self._related(relation, self.evaluate(of))
            case ast.Joined(junction, operands):
                return self._joined(junction, [self.evaluate(operand) for operand in operands])
            case ast.Minus(first, second):
                return self.evaluate(first) - self.evaluate(second)
            case ast.Refined(focus, wanted):
                return self._refined(self.evaluate(focus), wanted)
            case ast.Dotted(of, attribute):
                return refinement.values(self, self.evaluate(of), attribute)
            case ast.Filtered():
                return self._filtered(expression)
            case ast.Supplemented():
                return history.supplemented(self, expression)

    def itself(self, sctid: int) -> frozenset[int]:
        """6.1 Self: this concept only, active or not (6.9 Active Filter; Appendix D, note 2)."""
        return frozenset({sctid}) & self.content.known

    def _related(self, relation: str, start: frozenset[int]) -> frozenset[int]:
        """6.1: descendants, children, ancestors, parents, each with or without the concepts themselves.

        6.7: of a set, the union over its concepts. 6.9: hierarchy operators match only active concepts.
        """
        match relation:
            case "!!>":
                return start - self._related("<", start)
            case "!!<":
                return start - self._related(">", start)
        steps = self.content.children if relation.startswith("<") else self.content.parents
        reach = _near if relation.endswith("!") else _reached
        found = frozenset[int]().union(*(reach(steps, concept) for concept in start))
        return found | (start & self.content.active) if relation.startswith(("<<", ">>")) else found

    def _joined(self, junction: str, sets: list[frozenset[int]]) -> frozenset[int]:
        """6.4: AND is the intersection, OR the union."""
        return reduce(frozenset.intersection if junction == "AND" else frozenset.union, sets)

    def _refined(self, focus: frozenset[int], wanted: ast.Refinement) -> frozenset[int]:
        """6.2: those of the focus whose attributes satisfy the refinement. 6.9: only active concepts match."""
        return frozenset(concept for concept in focus & self.content.active if refinement.holds(self, concept, wanted))

    def _filtered(self, expression: ast.Filtered) -> frozenset[int]:
        """5.4: filters apply to what is directly to their left; all blocks must hold (6.8)."""
        found = self._substrate(expression)
        for block in expression.filters:
            match block:
                case ast.DescriptionFilters(filters):
                    found = frozenset(c for c in found if descriptions.some_description(self, c, filters))
                case ast.ConceptFilters(filters):
                    found = frozenset(c for c in found if concepts.concept_holds(self, c, filters))
        return found

    def _substrate(self, expression: ast.Filtered) -> frozenset[int]:
        """6.9 Active Filter: `*` stands for active concepts, unless a filter on it asks about being active.

        The text has inactive concepts in the substrate; 6.1 has `*` equal to `<< *`, which are active. Both hold so.
        """
        filters = [
            one for block in expression.filters if isinstance(block, ast.ConceptFilters) for one in block.filters
        ]
        if expression.of == ast.Any() and any(isinstance(one, ast.ActiveFilter) for one in filters):
            return self.content.known
        return self.evaluate(expression.of)


def _near(steps: Mapping[int, set[int]], concept: int) -> set[int]:
    return set(steps.get(concept, ()))


def _reached(steps: Mapping[int, set[int]], concept: int) -> set[int]:
    found: set[int] = set()
    open_ends = [concept]
    while open_ends:
        news = steps.get(open_ends.pop(), set()) - found
        found |= news
        open_ends.extend(news)
    return found
