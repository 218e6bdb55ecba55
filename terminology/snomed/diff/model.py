"""What is different between two releases, as data.

`before` and `after` are the two releases in the order they were named; nothing else says which is older. Identifiers
are numbers, in ascending order; texts are as the releases have them.
"""

from __future__ import annotations

from dataclasses import dataclass

from terminology.snomed.map_tables import MapRow


@dataclass(frozen=True, slots=True)
class Changed:
    """A concept of which one thing is different: `before` and `after` are identifiers."""

    concept: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ConceptsDiff:
    """Concepts: in one release only, inactivated, reactivated; with another definition status or module.

    `added` and `removed` are those in the later or the earlier release only, active or not.
    """

    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    inactivated: tuple[int, ...] = ()
    reactivated: tuple[int, ...] = ()
    status: tuple[Changed, ...] = ()
    module: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """A description that is in one release only, or in force in one only."""

    id: int
    concept: int
    language: str
    term: str


@dataclass(frozen=True, slots=True)
class TermChanged:
    """A description with another term."""

    id: int
    concept: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PreferredChanged:
    """A concept with another preferred term in a language reference set; None where it has none.

    `language` is the tag that stands for the reference set, "" when none does.
    """

    refset: int
    language: str
    concept: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class DescriptionsDiff:
    """Descriptions, also those of concepts that were added or inactivated themselves.

    `preferred` is of concepts that are active in both releases.
    """

    added: tuple[Described, ...] = ()
    removed: tuple[Described, ...] = ()
    inactivated: tuple[Described, ...] = ()
    reactivated: tuple[Described, ...] = ()
    terms: tuple[TermChanged, ...] = ()
    preferred: tuple[PreferredChanged, ...] = ()


@dataclass(frozen=True, slots=True)
class ParentsChanged:
    """A concept with other parents."""

    concept: int
    added: tuple[int, ...]
    removed: tuple[int, ...]

    @property
    def moved(self) -> bool:
        """Whether it lost one parent and gained another."""
        return bool(self.added and self.removed)


@dataclass(frozen=True, slots=True)
class HierarchyDiff:
    """The hierarchy, of concepts that are active in both releases: new ones have all their parents anew anyway.

    `ancestors_changed` counts those of which anything above is different.
    """

    parents: tuple[ParentsChanged, ...] = ()
    ancestors_changed: int = 0

    @property
    def moved(self) -> int:
        """How many concepts lost one parent and gained another."""
        return sum(one.moved for one in self.parents)


@dataclass(frozen=True, slots=True, order=True)
class AttributeLine:
    """One attribute: group, type and value, which is a concept or a concrete value as ECL writes it (`#5`, `"a"`)."""

    group: int
    type: int
    value: str


@dataclass(frozen=True, slots=True)
class AttributesChanged:
    """A concept that is active in both releases and defined otherwise; that groups have other numbers is nothing."""

    concept: int
    added: tuple[AttributeLine, ...]
    removed: tuple[AttributeLine, ...]


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """A component with other values in a reference set: the values of each of its rows, in the order of the fields."""

    component: int
    before: tuple[tuple[str, ...], ...]
    after: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RefsetDiff:
    """The active members of one reference set. `added` and `removed` are components; `fields` name the values."""

    refset: int
    fields: tuple[str, ...]
    added: tuple[int, ...]
    removed: tuple[int, ...]
    changed: tuple[MemberChanged, ...]


@dataclass(frozen=True, slots=True)
class MapChanged:
    """A concept with other rows in a map; () where it has none."""

    concept: int
    before: tuple[MapRow, ...]
    after: tuple[MapRow, ...]


@dataclass(frozen=True, slots=True)
class MapDiff:
    """One map."""

    refset: int
    changed: tuple[MapChanged, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two releases."""

    name: str
    uri: str


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """Everything that is different. Reference sets that are maps are in `maps` only."""

    before: Side
    after: Side
    concepts: ConceptsDiff = ConceptsDiff()
    descriptions: DescriptionsDiff = DescriptionsDiff()
    hierarchy: HierarchyDiff = HierarchyDiff()
    attributes: tuple[AttributesChanged, ...] = ()
    refsets: tuple[RefsetDiff, ...] = ()
    maps: tuple[MapDiff, ...] = ()
