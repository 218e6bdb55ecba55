"""The columns of each RF2 file that is read, and what each must hold (RF2 specification 4.2 and 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Holds(Enum):
    """What the values of a column must be."""

    CONCEPT_ID = "a concept identifier"
    DESCRIPTION_ID = "a description identifier"
    RELATIONSHIP_ID = "a relationship identifier"
    COMPONENT_ID = "a SNOMED CT identifier"
    UUID = "a UUID"
    DATE = "a date, YYYYMMDD"
    ACTIVE = "0 or 1"
    NUMBER = "a whole number"
    TEXT = "a text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the header, what it holds, and whether the component must be in the release."""

    name: str
    holds: Holds
    refers: bool = False
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file: how its name is recognised and its columns in order."""

    kind: str
    pattern: str
    contents: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)

    def fits(self, pattern: str, content: str) -> bool:
        """Whether a file so named has this layout. Extensions put words of their own before the content type."""
        if pattern != self.pattern:
            return False
        return content.endswith(self.contents) if pattern else content in self.contents


def _concept(name: str, refers: bool = True, keep: bool = True) -> Column:
    return Column(name, Holds.CONCEPT_ID, refers, keep)


def _text(name: str) -> Column:
    return Column(name, Holds.TEXT)


# A module outside the release does no harm to what is read, so it need not be there.
_STATE = (Column("effectiveTime", Holds.DATE), Column("active", Holds.ACTIVE), _concept("moduleId", refers=False))


def _refset(kind: str, pattern: str, content: str, member: Column, *own: Column) -> Layout:
    id_column = Column("id", Holds.UUID, keep=False)
    return Layout(kind, pattern, (content,), (id_column, *_STATE, _concept("refsetId"), member, *own))


_MEMBER: Final = Column("referencedComponentId", Holds.COMPONENT_ID, refers=True)
_MEMBER_CONCEPT: Final = _concept("referencedComponentId")
_MEMBER_DESCRIPTION: Final = Column("referencedComponentId", Holds.DESCRIPTION_ID, refers=True)

CONCEPTS: Final = Layout(
    "concepts",
    "",
    ("Concept",),
    (_concept("id", refers=False), *_STATE, _concept("definitionStatusId", refers=False, keep=False)),
    required=True,
)
DESCRIPTIONS: Final = Layout(
    "descriptions",
    "",
    ("Description", "TextDefinition"),
    (
        Column("id", Holds.DESCRIPTION_ID),
        *_STATE,
        _concept("conceptId"),
        _text("languageCode"),
        _concept("typeId"),
        _text("term"),
        _concept("caseSignificanceId", refers=False, keep=False),
    ),
    required=True,
)
RELATIONSHIPS: Final = Layout(
    "relationships",
    "",
    ("Relationship",),
    (
        Column("id", Holds.RELATIONSHIP_ID),
        *_STATE,
        _concept("sourceId"),
        _concept("destinationId"),
        Column("relationshipGroup", Holds.NUMBER),
        _concept("typeId"),
        _concept("characteristicTypeId", refers=False),
        _concept("modifierId", refers=False, keep=False),
    ),
    required=True,
)
LANGUAGES: Final = _refset("languages", "cRefset", "Language", _MEMBER_DESCRIPTION, _concept("acceptabilityId"))
ASSOCIATIONS: Final = _refset(
    "associations", "cRefset", "Association", _MEMBER, Column("targetComponentId", Holds.COMPONENT_ID, refers=True)
)
SIMPLE: Final = _refset("simple", "Refset", "Simple", _MEMBER)
SIMPLE_MAPS: Final = _refset("simple_maps", "sRefset", "SimpleMap", _MEMBER_CONCEPT, _text("mapTarget"))
EXTENDED_MAPS: Final = _refset(
    "extended_maps",
    "iisssccRefset",
    "ExtendedMap",
    _MEMBER_CONCEPT,
    Column("mapGroup", Holds.NUMBER),
    Column("mapPriority", Holds.NUMBER),
    _text("mapRule"),
    _text("mapAdvice"),
    _text("mapTarget"),
    _concept("correlationId", refers=False, keep=False),
    _concept("mapCategoryId", refers=False, keep=False),
)
MODULE_DEPENDENCIES: Final = _refset(
    "module_dependencies",
    "ssRefset",
    "ModuleDependency",
    _MEMBER_CONCEPT,
    Column("sourceEffectiveTime", Holds.DATE, keep=False),
    Column("targetEffectiveTime", Holds.DATE, keep=False),
)
LAYOUTS: Final = (
    CONCEPTS,
    DESCRIPTIONS,
    RELATIONSHIPS,
    LANGUAGES,
    ASSOCIATIONS,
    SIMPLE,
    SIMPLE_MAPS,
    EXTENDED_MAPS,
    MODULE_DEPENDENCIES,
)
