"""What an expression says of its instances: its focus concepts and its attribute groups, inherited ones too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from terminology.snomed.arrays import ordinals
from terminology.snomed.expressions.values import Concept, Expression, Refinement, Text
from terminology.snomed.sctid import Ints
from terminology.snomed.view import Release

Value = Expression | Decimal | Text | bool
#: One attribute: its type and its value.
Pair = tuple[int, Value]
Group = tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """`focus` are concepts; `groups` hold attributes that belong together, `single` those without a group."""

    focus: tuple[int, ...]
    groups: tuple[Group, ...]
    single: Group

    @property
    def roles(self) -> tuple[Group, ...]:
        """All groups; an attribute without one is a group of its own (necessary normal form, OWL guide 2.5)."""
        return (*self.groups, *((pair,) for pair in self.single))


def stated(expression: Expression) -> Facts:
    """What the refinement itself says."""
    groups = tuple(tuple((each.name.sctid, each.value) for each in group) for group in expression.groups)
    single = tuple((each.name.sctid, each.value) for each in expression.ungrouped)
    return Facts(tuple(concept.sctid for concept in expression.focus), groups, single)


def inherited(release: Release, concepts: Iterable[int]) -> Facts:
    """What the release says of these concepts by their inferred attributes."""
    focus = tuple(concepts)
    groups: dict[tuple[int, int], list[Pair]] = {}
    single: list[Pair] = []
    for place, ordinal in enumerate(_ordinals(release, focus)):
        for group, pair in _attributes(release, ordinal):
            (groups.setdefault((place, group), []) if group else single).append(pair)
    return Facts(focus, tuple(tuple(group) for group in groups.values()), tuple(single))


def normal_form(release: Release, sctid: int) -> Expression:
    """What the release says of a concept as an expression: its parents and inferred attributes, which are necessary
    normal form (OWL guide 2.5). The root and inactive concepts have no parents and are their own.
    """
    said = inherited(release, (sctid,))
    parents = tuple(map(Concept, sorted(release.parents(sctid)))) or (Concept(sctid),)
    groups = tuple(tuple(_refinement(pair) for pair in group) for group in said.groups)
    return Expression(parents, tuple(map(_refinement, said.single)), groups)


def _refinement(pair: Pair) -> Refinement:
    return Refinement(Concept(pair[0]), pair[1])


def is_defined(release: Release, sctid: int) -> bool:
    """Whether the attributes of the concept suffice to recognise its instances."""
    (ordinal,) = _ordinals(release, (sctid,)) or (-1,)
    return ordinal >= 0 and int(release.concept_status[ordinal]) == _DEFINED


def proximal_primitives(release: Release, sctid: int) -> frozenset[int]:
    """The nearest primitive concepts above a defined concept."""
    found: set[int] = set()
    seen, going = {sctid}, [sctid]
    while going:
        for parent in release.parents(going.pop()) - seen:
            seen.add(parent)
            (going.append if is_defined(release, parent) else found.add)(parent)
    return frozenset(found)


_DEFINED = 900000000000073002


def _ordinals(release: Release, sctids: tuple[int, ...]) -> list[int]:
    found: Ints = ordinals(release.ids, np.array(sctids, dtype=np.int64))
    return [ordinal for ordinal in found.tolist() if ordinal >= 0]


def _attributes(release: Release, ordinal: int) -> Iterable[tuple[int, Pair]]:
    rows, ids = release.attribute_rows, release.ids
    for row in range(int(rows.starts[ordinal]), int(rows.starts[ordinal + 1])):
        target = int(rows.target[row])
        value: Value = Expression((Concept(int(ids[target])),)) if target >= 0 else concrete(release, row)
        yield int(rows.group[row]), (int(ids[rows.type[row]]), value)


def concrete(release: Release, row: int) -> Value:
    """The concrete value of an attribute row."""
    rows = release.attribute_rows
    if rows.text[row] >= 0:
        return Text(release.concrete_texts[int(rows.text[row])])
    if rows.truth[row] >= 0:
        return bool(rows.truth[row])
    return Decimal(repr(float(rows.number[row]))).normalize()
