"""Writes expression constraints in the brief syntax: `parse(write(x)) == x`."""

from __future__ import annotations

from terminology.snomed.ecl.ast import (
    Any,
    Attribute,
    Expression,
    Group,
    JoinedRefinement,
    MemberOf,
    Minus,
    Reference,
    Refined,
    Refinement,
    Related,
)


def write(expression: Expression) -> str:
    """The text of an expression constraint, on one line."""
    match expression:
        case Reference(sctid, term):
            return f"{sctid} |{term}|" if term else str(sctid)
        case Any():
            return "*"
        case MemberOf(of):
            return f"^ {_operand(of, bare=(Reference, Any))}"
        case Related(relation, of):
            return f"{relation} {_operand(of, bare=(Reference, Any, MemberOf))}"
        case Minus(first, second):
            return f"{_operand(first)} MINUS {_operand(second)}"
        case Refined(focus, refinement):
            return f"{_operand(focus)}: {_refinement(refinement)}"
    return f" {expression.junction} ".join(_operand(operand) for operand in expression.operands)


def _operand(expression: Expression, bare: tuple[type[Expression], ...] = (Reference, Any, MemberOf, Related)) -> str:
    return write(expression) if isinstance(expression, bare) else f"({write(expression)})"


def _refinement(refinement: Refinement) -> str:
    match refinement:
        case Attribute(name, comparison, value):
            return f"{_operand(name)} {comparison} {_operand(value)}"
        case Group(inner):
            return f"{{ {_refinement(inner)} }}"
    return f" {refinement.junction} ".join(_part(operand) for operand in refinement.operands)


def _part(refinement: Refinement) -> str:
    text = _refinement(refinement)
    return f"({text})" if isinstance(refinement, JoinedRefinement) else text
