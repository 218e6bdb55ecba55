"""Subsumption between expressions, as far as their normal forms show it.

A defined concept is worth its nearest primitive supertypes and its attributes; a primitive one only itself. What
is found is true; that nothing is found proves nothing, because no classifier has seen the expression.
"""

from __future__ import annotations

from typing import Literal

from terminology.snomed.expressions.facts import Facts, Group, Value, inherited, is_defined, proximal_primitives, stated
from terminology.snomed.expressions.values import Expression
from terminology.snomed.view import Release

Outcome = Literal["equivalent", "subsumes", "subsumed-by", "not-subsumed"]


def compare(release: Release, a: Expression, b: Expression) -> Outcome | None:
    """How `a` stands to `b`; None when at least one is refined and nothing follows from the normal forms."""
    down, up = subsumes(release, a, b), subsumes(release, b, a)
    if down and up:
        return "equivalent"
    if down or up:
        return "subsumes" if down else "subsumed-by"
    return "not-subsumed" if a.single is not None and b.single is not None else None


def subsumes(release: Release, a: Expression, b: Expression) -> bool:
    """Whether everything that `a` asks for follows from what `b` says."""
    if a.single is not None and b.single is not None:
        return release.subsumes(a.single, b.single)
    said = facts(release, b)
    asked = stated(a)
    return all(is_a(release, concept, said) for concept in asked.focus) and _satisfied(release, asked, said)


def is_a(release: Release, concept: int, said: Facts) -> bool:
    """Whether what is said makes it an instance of the concept: by the hierarchy, or by the concept's definition."""
    if _below(release, concept, said):
        return True
    if not is_defined(release, concept):
        return False
    primitives = proximal_primitives(release, concept)
    return all(_below(release, each, said) for each in primitives) and _satisfied(
        release, inherited(release, (concept,)), said
    )


def facts(release: Release, expression: Expression) -> Facts:
    """All that an expression says; an inherited group that a stated one makes more precise is left out."""
    own, above = stated(expression), inherited(release, (concept.sctid for concept in expression.focus))
    roles = own.roles
    groups = tuple(group for group in above.groups if not _found(release, group, roles))
    single = tuple(pair for pair in above.single if not _found(release, (pair,), roles))
    return Facts(own.focus, (*groups, *own.groups), (*single, *own.single))


def _below(release: Release, concept: int, said: Facts) -> bool:
    return any(release.subsumes(concept, focus) for focus in said.focus)


def _satisfied(release: Release, asked: Facts, said: Facts) -> bool:
    roles = said.roles
    return all(_found(release, group, roles) for group in asked.roles)


def _found(release: Release, group: Group, roles: tuple[Group, ...]) -> bool:
    """Whether one of the roles has, for each attribute of the group, one that is at least as precise."""
    return any(
        all(
            any(release.subsumes(kind, other) and _covers(release, value, held) for other, held in role)
            for kind, value in group
        )
        for role in roles
    )


def _covers(release: Release, a: Value, b: Value) -> bool:
    if isinstance(a, Expression) and isinstance(b, Expression):
        return subsumes(release, a, b)
    return type(a) is type(b) and a == b
