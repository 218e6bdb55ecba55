"""The machine-readable concept model of a release (MRCM specification 1.2, chapters 4 and 5): what it allows.

Its reference sets are known by their fields, not by their identifiers, so that those of extensions count too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from terminology.snomed.members import MemberTable
from terminology.snomed.view import Release

_MANDATORY: Final = 723597001
#: Content types that postcoordinated expressions belong to: all content, all postcoordinated content.
_CONTENT: Final = (723596005, 723595009)


@dataclass(frozen=True, slots=True)
class DomainRule:
    """An attribute may be used on concepts of `domain`: grouped or not, so often, and so often in one group."""

    domain: int
    grouped: bool
    cardinality: str
    in_group: str
    mandatory: bool


@dataclass(frozen=True, slots=True)
class RangeRule:
    """The values that an attribute may have, as an expression constraint or a range of numbers."""

    constraint: str
    mandatory: bool


@dataclass(frozen=True, slots=True)
class ConceptModel:
    """The rules of a release by attribute. Without any, nothing can be checked."""

    domains: dict[int, tuple[DomainRule, ...]]
    ranges: dict[int, tuple[RangeRule, ...]]

    def __bool__(self) -> bool:
        return bool(self.domains)


def concept_model(release: Release) -> ConceptModel:
    """The rules for postcoordinated expressions that are active in the release."""
    domains: dict[int, tuple[DomainRule, ...]] = {}
    ranges: dict[int, tuple[RangeRule, ...]] = {}
    for attribute, field in _rows(release, ("domainId", "grouped", "attributeCardinality")):
        rule = DomainRule(
            domain=int(field("domainId")),
            grouped=field("grouped") == "1",
            cardinality=field("attributeCardinality"),
            in_group=field("attributeInGroupCardinality"),
            mandatory=int(field("ruleStrengthId")) == _MANDATORY,
        )
        domains[attribute] = (*domains.get(attribute, ()), rule)
    for attribute, field in _rows(release, ("rangeConstraint", "attributeRule")):
        allowed = RangeRule(field("rangeConstraint"), int(field("ruleStrengthId")) == _MANDATORY)
        ranges[attribute] = (*ranges.get(attribute, ()), allowed)
    return ConceptModel(domains, ranges)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a member table."""

    table: MemberTable
    row: int

    def __call__(self, name: str) -> str:
        """The field as text."""
        texts, ints = self.table.texts, self.table.ints
        return texts[name][self.row] if name in texts else str(int(ints[name][self.row]))


def _rows(release: Release, wanted: tuple[str, ...]) -> Iterator[tuple[int, _Row]]:
    """The component and the fields of each active member, in tables with the wanted fields, of our content types."""
    for table in release.member_tables:
        if not {each.name for each in table.fields}.issuperset(wanted):
            continue
        for row in np.flatnonzero(np.isin(table.ints["contentTypeId"], _CONTENT) & table.active).tolist():
            yield int(table.component[row]), _Row(table, row)
