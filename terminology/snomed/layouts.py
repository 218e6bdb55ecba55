"""The columns of each RF2 file that is read, and what each must hold (RF2 specification 4.2 and 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from terminology.snomed.ids import IS_A

#: What a field of a reference set holds: a component identifier (c), a whole number (i) or a text (s).
FieldKind = Literal["id", "int", "text"]


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
    VALUE = "a concrete value"
    TEXT = "a text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the header, what it holds, whether the component must be in the release, and which
    components need not be there although others must.
    """

    name: str
    holds: Holds
    refers: bool = False
    but: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One additional field of a reference set."""

    name: str
    kind: FieldKind


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file, read into one table: its columns in order."""

    kind: str
    columns: tuple[Column, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


def _concept(name: str, refers: bool = True, but: tuple[int, ...] = ()) -> Column:
    return Column(name, Holds.CONCEPT_ID, refers, but)


# Where only an identifier is asked for (modules, statuses, types of descriptions, reference sets, acceptabilities), its
# concept need not be in the release: extracts are made without most of the metadata.
_STATE: Final = (
    Column("effectiveTime", Holds.DATE),
    Column("active", Holds.ACTIVE),
    _concept("moduleId", refers=False),
)
CONCEPTS: Final = Layout(
    "concepts", (_concept("id", refers=False), *_STATE, _concept("definitionStatusId", refers=False))
)
DESCRIPTIONS: Final = Layout(
    "descriptions",
    (
        Column("id", Holds.DESCRIPTION_ID),
        *_STATE,
        _concept("conceptId"),
        Column("languageCode", Holds.TEXT),
        _concept("typeId", refers=False),
        Column("term", Holds.TEXT),
        _concept("caseSignificanceId", refers=False),
    ),
)


def _relationships(kind: str, target: Column) -> Layout:
    columns = (
        Column("id", Holds.RELATIONSHIP_ID),
        *_STATE,
        _concept("sourceId"),
        target,
        Column("relationshipGroup", Holds.NUMBER),
        _concept("typeId", but=(IS_A,)),
        _concept("characteristicTypeId", refers=False),
        _concept("modifierId", refers=False),
    )
    return Layout(kind, columns)


RELATIONSHIPS: Final = _relationships("relationships", _concept("destinationId"))
STATED: Final = _relationships("stated relationships", _concept("destinationId"))
CONCRETE: Final = _relationships("concrete values", Column("value", Holds.VALUE))
_ALTERNATE: Final = Column("alternateIdentifier", Holds.TEXT)
_SCHEME: Final = _concept("identifierSchemeId", refers=False)
_NAMED: Final = Column("referencedComponentId", Holds.COMPONENT_ID, refers=True)
IDENTIFIERS: Final = Layout("identifiers", (_ALTERNATE, *_STATE, _SCHEME, _NAMED))
#: The order of columns before 2023.
_OLD_IDENTIFIERS: Final = Layout("identifiers", (_SCHEME, _ALTERNATE, *_STATE, _NAMED))

_COMPONENTS: Final = {
    "Concept": (CONCEPTS,),
    "Description": (DESCRIPTIONS,),
    "TextDefinition": (DESCRIPTIONS,),
    "Relationship": (RELATIONSHIPS,),
    "StatedRelationship": (STATED,),
    "RelationshipConcreteValues": (CONCRETE,),
    "Identifier": (IDENTIFIERS, _OLD_IDENTIFIERS),
}
#: Content words without which there is no release.
REQUIRED: Final = ("Concept", "Description", "Relationship")

MEMBER_COLUMNS: Final = (Column("id", Holds.UUID), *_STATE, _concept("refsetId", refers=False), _NAMED)
_KINDS: Final[dict[str, FieldKind]] = {"c": "id", "i": "int", "s": "text"}
_HOLDS: Final = {"id": Holds.COMPONENT_ID, "int": Holds.NUMBER, "text": Holds.TEXT}

LANGUAGE: Final = (Field("acceptabilityId", "id"),)
ASSOCIATION: Final = (Field("targetComponentId", "id"),)
#: Answers depend on the components in these fields, so they must be in the release.
_FOLLOWED: Final = ASSOCIATION
MAP_TARGET: Final = Field("mapTarget", "text")
EXTENDED_MAP: Final = (
    Field("mapGroup", "int"),
    Field("mapPriority", "int"),
    Field("mapRule", "text"),
    Field("mapAdvice", "text"),
    MAP_TARGET,
    Field("correlationId", "id"),
    Field("mapCategoryId", "id"),
)
MODULE_DEPENDENCY: Final = (Field("sourceEffectiveTime", "text"), Field("targetEffectiveTime", "text"))
#: The names of fields that answers depend on, by pattern and the end of the content word: they must be there.
_KNOWN: Final = {
    ("cRefset", "Language"): LANGUAGE,
    ("cRefset", "Association"): ASSOCIATION,
    ("cRefset", "AttributeValue"): (Field("valueId", "id"),),
    ("sRefset", "SimpleMap"): (MAP_TARGET,),
    ("sRefset", "OWLExpression"): (Field("owlExpression", "text"),),
    ("iisssccRefset", "ExtendedMap"): EXTENDED_MAP,
    ("ssRefset", "ModuleDependency"): MODULE_DEPENDENCY,
}


def is_component(content: str) -> bool:
    """Whether a file with this content word, and no pattern, holds components that are read."""
    return content in _COMPONENTS


def layout_of(pattern: str, content: str, header: tuple[str, ...]) -> Layout | None:
    """The layout of a file by its name and its header; None when the header is not one that such a file has.

    A reference set of any pattern has the columns of all members and one for each letter of its pattern.
    Extensions put words of their own before the content type, so a known one is recognised by its end.
    """
    if not pattern:
        return next((layout for layout in _COMPONENTS[content] if layout.header == header), None)
    fields = fields_of(pattern, header)
    if fields is None:
        return None
    known = (_KNOWN[key] for key in _KNOWN if key[0] == pattern and content.endswith(key[1]))
    return members_layout(fields) if next(known, fields) == fields else None


def fields_of(pattern: str, header: tuple[str, ...]) -> tuple[Field, ...] | None:
    """The additional fields of a reference set file; None when its header does not go with its pattern."""
    letters = pattern.removesuffix("Refset")
    names = header[len(MEMBER_COLUMNS) :]
    common = tuple(column.name for column in MEMBER_COLUMNS)
    if header[: len(common)] != common or len(names) != len(letters) or len(set(header)) != len(header):
        return None
    return (
        tuple(Field(name, _KINDS[letter]) for name, letter in zip(names, letters, strict=True)) if all(names) else None
    )


def members_layout(fields: tuple[Field, ...]) -> Layout:
    """The layout of all reference set files with these fields."""
    own = tuple(Column(field.name, _HOLDS[field.kind], field in _FOLLOWED) for field in fields)
    return Layout("reference set members", (*MEMBER_COLUMNS, *own))


def pattern_of(fields: tuple[Field, ...]) -> str:
    """The pattern letters of these fields, as file names have them."""
    letters = {kind: letter for letter, kind in _KINDS.items()}
    return "".join(letters[field.kind] for field in fields) + "Refset"


def content_of(fields: tuple[Field, ...]) -> str | None:
    """The content word that files with these fields have, when they are of a known kind."""
    return next((key[1] for key, known in _KNOWN.items() if known == fields), None)
