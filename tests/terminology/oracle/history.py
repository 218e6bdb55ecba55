"""History supplements (6.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from terminology.snomed.ecl import ast

if TYPE_CHECKING:
    from oracle.evaluator import Oracle

HISTORICAL = 900000000000522004
SAME_AS, REPLACED_BY, WAS_A = 900000000000527005, 900000000000526001, 900000000000528000
PARTIALLY_EQUIVALENT = 1186924009
MIN = frozenset({SAME_AS})
MOD = MIN | {REPLACED_BY, WAS_A, PARTIALLY_EQUIVALENT}
#: The other historical associations, so that a release without this part of the metadata hierarchy answers too.
OTHERS = {900000000000523009, 900000000000524003, 900000000000525002, 900000000000529008} | {
    900000000000530003,
    900000000000531004,
    1186921001,
}


def supplemented(oracle: Oracle, expression: ast.Supplemented) -> frozenset[int]:
    """6.11 Template: the expression, and what an association row relates to one of its concepts.

    The template is one look into the reference sets, so chains of associations are not followed. What is added are
    inactive concepts (5.3 historySupplement), though the template does not repeat it.
    """
    found = oracle.evaluate(expression.of)
    associations = _associations(oracle, expression)
    rows = [row for refset, members in oracle.content.members.items() if refset in associations for row in members]
    related = {row.component for row in rows if row.active and _target(row.fields) in found}
    return found | (related & (oracle.content.known - oracle.content.active))


def _associations(oracle: Oracle, expression: ast.Supplemented) -> set[int]:
    """6.11 Profiles: none and `(*)` are the same as MAX. 5.3 historySubset: only historical associations count."""
    if expression.profile in ("MIN", "MOD"):
        return set(MIN if expression.profile == "MIN" else MOD)
    historical = MOD | OTHERS | oracle.evaluate(ast.Related("<", ast.Reference(HISTORICAL)))
    wanted = oracle.named(expression.subset or ast.Any())
    return {refset for refset in historical if refset in wanted}


def _target(fields: dict[str, tuple[str, str]]) -> int | None:
    text = fields.get("targetComponentId", ("id", ""))[1]
    return int(text) if text.isdecimal() else None
