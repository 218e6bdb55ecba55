"""Writes postcoordinated expressions without spaces, bare or with a term beside each concept."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from terminology.snomed.expressions.values import Concept, Expression, Refinement, Text

Terms = Callable[[Concept], str | None]


def write(expression: Expression, terms: Terms | None = None) -> str:
    """The expression as text: `parse(write(e))` is `e` without its terms, or with those that `terms` gives."""
    focus = "+".join(_concept(concept, terms) for concept in expression.focus)
    parts = [_attribute(refinement, terms) for refinement in expression.ungrouped]
    parts += ["{" + ",".join(_attribute(each, terms) for each in group) + "}" for group in expression.groups]
    return f"{focus}:{','.join(parts)}" if parts else focus


def _attribute(refinement: Refinement, terms: Terms | None) -> str:
    return f"{_concept(refinement.name, terms)}={_value(refinement.value, terms)}"


def _value(value: Expression | Decimal | Text | bool, terms: Terms | None) -> str:
    match value:
        case Expression():
            text = write(value, terms)
            return text if value.single is not None else f"({text})"
        case bool():
            return "TRUE" if value else "FALSE"
        case Decimal():
            return f"#{value}"
    escaped = value.text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _concept(concept: Concept, terms: Terms | None) -> str:
    term = terms(concept) if terms else None
    return f"{concept.sctid}|{term}|" if term else str(concept.sctid)
