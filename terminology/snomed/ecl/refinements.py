"""Refinements: attributes, their groups and how many of them there are (ECL 2.2, 6.2, 6.3 and 6.5).

An attribute refinement is counted over all attributes of a concept, whatever their groups; within braces over those
of one group, and then the groups are counted (6.3). An attribute of group 0 is a group of its own. Reversed, the
concepts at the other end are counted, each once (6.3, reverse cardinalities).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

import numpy as np

from terminology.snomed.arrays import bits_of
from terminology.snomed.attributes import Attributes
from terminology.snomed.ecl.ast import (
    Any,
    Attribute,
    Cardinality,
    Expression,
    Group,
    JoinedRefinement,
    Order,
    Reference,
    Refinement,
    SearchTerm,
)
from terminology.snomed.ecl.substrate import ORDERS, Concepts, agree
from terminology.snomed.ecl.terms import exact
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.view import Release


@dataclass(frozen=True, slots=True)
class _Places:
    """Where attributes are counted: `count` concepts, or groups of them.

    `of_source` and `of_target` say for each attribute row where it counts, as it is and reversed.
    """

    count: int
    of_source: Ints
    of_target: Ints


def satisfied(release: Release, concepts: Concepts, refinement: Refinement) -> Bools:
    """The concepts that satisfy a refinement, among them inactive ones where it asks for the lack of something."""
    rows = release.attribute_rows
    return _Refiner(release, concepts).holds(refinement, _Places(len(release.ids), rows.source, rows.target))


def values_of(release: Release, concepts: Concepts, of: Bools, attribute: Expression) -> Bools:
    """The concepts that are values of these attributes of the concepts `of` (6.2, dotted attributes)."""
    rows, refiner = release.attribute_rows, _Refiner(release, concepts)
    mine = refiner.named(attribute)
    targets = rows.target[mine[of[rows.source[mine]]]]
    found = np.zeros(len(of), dtype=np.bool_)
    found[targets[targets >= 0]] = True
    return found


class _Refiner:
    def __init__(self, release: Release, concepts: Concepts) -> None:
        self._release = release
        self._rows: Attributes = release.attribute_rows
        self._concepts = concepts

    def holds(self, refinement: Refinement, places: _Places) -> Bools:
        """The places where the refinement holds."""
        match refinement:
            case Attribute(cardinality=cardinality):
                return _as_many(self._counted(refinement, places), cardinality, places.count)
            case Group(inner, cardinality):
                return self._groups(inner, cardinality)
            case JoinedRefinement(junction, operands):
                join = np.logical_and if junction == "AND" else np.logical_or
                return reduce(join, (self.holds(operand, places) for operand in operands))

    def named(self, name: Expression) -> Ints:
        """The attribute rows of these types."""
        if name == Any():
            return np.arange(len(self._rows.type))
        types = self._concepts(name)
        if isinstance(name, Reference):
            return np.flatnonzero(self._rows.type == int(types.argmax())) if types.any() else np.empty(0, np.int64)
        return np.flatnonzero(types[self._rows.type])

    def _groups(self, inner: Refinement, cardinality: Cardinality | None) -> Bools:
        """The concepts as many of whose groups satisfy `inner`."""
        if _reverses(inner):
            places, concept = _both_ways(self._rows)
        else:
            places, concept = _own_groups(self._rows), self._rows.role_concept
        return _as_many(concept[self.holds(inner, places)], cardinality, len(self._release.ids))

    def _counted(self, attribute: Attribute, places: _Places) -> Ints:
        """The place of each attribute that fits; reversed, each concept at the other end once in a place."""
        mine = self._compared(attribute)
        if not attribute.reverse:
            return places.of_source[mine]
        mine = mine[self._rows.target[mine] >= 0]
        if attribute.cardinality is None:
            return places.of_target[mine]
        bits = bits_of(len(self._release.ids))
        pairs = np.unique(places.of_target[mine].astype(np.int64) << bits | self._rows.source[mine])
        return pairs >> bits

    def _compared(self, attribute: Attribute) -> Ints:
        """The attribute rows of these types whose value compares so.

        Only values of one kind compare: a number is neither equal to a concept nor different from it (5.3,
        expression comparison). `*` as the value is any value at all (6.2, any attribute name and value).
        """
        mine, order = self.named(attribute.name), attribute.comparison
        match attribute.value:
            case bool(wanted):
                fits: Bools = self._rows.truth[mine] == (wanted == (order == "="))
            case Decimal() as wanted:
                number = self._rows.number[mine]
                fits = ORDERS[order](number, float(wanted)) & ~np.isnan(number)
            case tuple(wanted):
                mine = mine[self._rows.text[mine] >= 0]
                fits = self._texts(mine, order, wanted)
            case Any():
                fits = np.full(len(mine), order == "=", dtype=np.bool_)
            case wanted:
                ends = self._rows.source[mine] if attribute.reverse else self._rows.target[mine]
                fits = agree(self._concepts(wanted)[ends], order) & (self._rows.target[mine] >= 0)
        return mine[fits]

    def _texts(self, mine: Ints, order: Order, wanted: tuple[SearchTerm, ...]) -> Bools:
        texts = self._release.concrete_texts.of_many(self._rows.text[mine])
        return agree(np.array([any(exact(term, text) for term in wanted) for text in texts], dtype=np.bool_), order)


def _own_groups(rows: Attributes) -> _Places:
    return _Places(len(rows.role_concept), rows.role, rows.role)


def _both_ways(rows: Attributes) -> tuple[_Places, Ints]:
    """Groups as their concept sees them and as each of their values does; and which concept that is.

    Reversed attributes between braces belong to one group of the concept at the other end.
    """
    bits = bits_of(len(rows.role_concept) + 1)
    own = rows.source.astype(np.int64) << bits | rows.role
    other = rows.target.astype(np.int64) << bits | rows.role
    seen = np.unique(np.concatenate((own, other[rows.target >= 0])))
    places = _Places(len(seen), np.searchsorted(seen, own), np.searchsorted(seen, other))
    return places, seen >> bits


def _reverses(refinement: Refinement) -> bool:
    match refinement:
        case Attribute(reverse=reverse):
            return reverse
        case JoinedRefinement(operands=operands):
            return any(map(_reverses, operands))
    return False


def _as_many(places: Ints, cardinality: Cardinality | None, count: int) -> Bools:
    """Which of `count` places there are as often as `cardinality` says, by default at least once (6.3)."""
    least, most = (cardinality.least, cardinality.most) if cardinality else (1, None)
    if least <= 1 and most is None:
        found = np.full(count, least == 0, dtype=np.bool_)
        found[places] = True
        return found
    counts = np.bincount(places, minlength=count)
    enough: Bools = counts >= least
    return enough if most is None else enough & (counts <= most)
