"""Attributes (6.2 Refinements, 6.3 Cardinality, 6.5 Not Equal to Attribute Value)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from oracle import terms
from oracle.compare import holds as equal_holds
from oracle.compare import numbers
from oracle.rf2 import Attribute, Value
from terminology.snomed.ecl import ast

if TYPE_CHECKING:
    from oracle.evaluator import Oracle

#: 6.3 Default Cardinalities.
SOME = ast.Cardinality(1, None)


def holds(oracle: Oracle, concept: int, wanted: ast.Refinement) -> bool:
    """Whether the attributes of a concept satisfy a refinement, in whichever groups they are (6.3)."""
    match wanted:
        case ast.Attribute():
            return _within(_count(oracle, concept, _every(oracle), wanted), wanted.cardinality)
        case ast.Group(inner, cardinality):
            found = [group for group in _groups(oracle, concept, inner) if _group_holds(oracle, concept, group, inner)]
            return _within(len(found), cardinality)
        case ast.JoinedRefinement(junction, operands):
            return (all if junction == "AND" else any)(holds(oracle, concept, operand) for operand in operands)


def _groups(oracle: Oracle, concept: int, inner: ast.Refinement) -> list[list[Attribute]]:
    """The attribute groups that braces ask about: those of the concept.

    Group 0 holds what is not grouped, so each of its attributes stands alone, as a group of its own. The text only
    says that braces ask for attributes that occur together (6.2 Attribute Groups).

    A reversed attribute is in a group of the concept that has it (5.3 reverseFlag). The text does not put the two
    together; taken: braces with one also ask about the groups in which the concept is a value.
    """
    found: dict[tuple[int, int, int], list[Attribute]] = {}
    for row in _every(oracle):
        found.setdefault((row.source, row.group, row.row if row.group == 0 else 0), []).append(row)
    reverses = _reverses(inner)
    return [rows for rows in found.values() if any(_touches(row, concept, reverses) for row in rows)]


def _touches(row: Attribute, concept: int, reverses: bool) -> bool:
    return row.source == concept or (reverses and _points_to(row, concept))


def _points_to(row: Attribute, concept: int) -> bool:
    return type(row.value) is int and row.value == concept


def _reverses(inner: ast.Refinement) -> bool:
    match inner:
        case ast.JoinedRefinement(_, operands):
            return any(_reverses(operand) for operand in operands)
    return isinstance(inner, ast.Attribute) and inner.reverse


def _every(oracle: Oracle) -> list[Attribute]:
    return [row for rows in oracle.content.attributes.values() for row in rows]


def values(oracle: Oracle, concepts: Iterable[int], name: ast.Expression) -> frozenset[int]:
    """6.2 Dotted Attributes: the concepts that are values of the attribute; concrete values are no concepts."""
    rows = [row for concept in concepts for row in oracle.content.attributes[concept] if _named(oracle, row, name)]
    return frozenset(row.value for row in rows if type(row.value) is int)


def _group_holds(oracle: Oracle, concept: int, group: list[Attribute], wanted: ast.Refinement) -> bool:
    """6.3 Attribute Cardinality in Groups: within braces attributes are counted in each group for itself."""
    match wanted:
        case ast.Attribute():
            return _within(_count(oracle, concept, group, wanted), wanted.cardinality)
        case ast.JoinedRefinement(junction, operands):
            parts = (_group_holds(oracle, concept, group, operand) for operand in operands)
            return (all if junction == "AND" else any)(parts)
        case ast.Group():
            raise AssertionError("5.1 eclAttributeGroup: groups hold no groups")


def _count(oracle: Oracle, concept: int, rows: list[Attribute], wanted: ast.Attribute) -> int:
    """How many attributes match among some rows: those of the concept, or if reversed, those that lead to it."""
    if wanted.reverse:
        return _sources(oracle, [row for row in rows if _points_to(row, concept)], wanted)
    return _matching(oracle, [row for row in rows if row.source == concept], wanted)


def _within(count: int, cardinality: ast.Cardinality | None) -> bool:
    """6.3: at least the minimum and at most the maximum; no maximum is `*`."""
    least, most = (cardinality or SOME).least, (cardinality or SOME).most
    return least <= count and (most is None or count <= most)


def _matching(oracle: Oracle, rows: list[Attribute], wanted: ast.Attribute) -> int:
    """How many attributes match (6.3; Appendix D counts relationships).

    Redundant attributes do not count; a release in normal form has none (6.3, note 1), so every row is counted.
    """
    return sum(_named(oracle, row, wanted.name) and _valued(oracle, row.value, wanted) for row in rows)


def _sources(oracle: Oracle, rows: list[Attribute], wanted: ast.Attribute) -> int:
    """6.3 Reverse Cardinalities: how many source concepts the matching attributes have."""
    if not isinstance(wanted.value, ast.Expression):
        return 0
    pointing = {row.source for row in rows if _named(oracle, row, wanted.name)}
    sources = pointing if wanted.value == ast.Any() else pointing & oracle.evaluate(wanted.value)
    return len(sources if wanted.comparison == "=" else pointing - sources)


def _named(oracle: Oracle, row: Attribute, name: ast.Expression) -> bool:
    """6.2 Any Attribute Name; 6.7 Attribute Names."""
    return name == ast.Any() or row.type in oracle.evaluate(name)


def _valued(oracle: Oracle, value: Value, wanted: ast.Attribute) -> bool:
    """6.2 Attributes, Concrete Values, Any Attribute Value: `= *` is any value, also a concrete one."""
    match wanted.value:
        case ast.Any():
            return wanted.comparison == "="
        case bool():
            return isinstance(value, bool) and equal_holds(value == wanted.value, wanted.comparison)
        case Decimal():
            return isinstance(value, Decimal) and numbers(value, wanted.comparison, wanted.value)
        case tuple():
            return isinstance(value, str) and equal_holds(_text(value, wanted.value), wanted.comparison)
    return type(value) is int and equal_holds(value in oracle.evaluate(wanted.value), wanted.comparison)


def _text(value: str, wanted: tuple[ast.SearchTerm, ...]) -> bool:
    """6.2: a concrete text matches exactly, case included (note 1), and so does a pattern (5.3 typedSearchTerm)."""
    return any(term.text == value if term.kind == "match" else terms.fits_exactly(term.text, value) for term in wanted)
