"""A small RF2 release as plain rows, and the snapshot files that hold them (RF2 specification, chapters 4 and 5).

Row classes have one field a column, in the order of the file, and texts only where the file has texts: identifiers
and times are whole numbers, `active` is a bool. `write` turns a `RawRelease` into files.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hypothesis.vendor.pretty import RepresentationPrinter

VERSION: Final = 20260415


@dataclass(frozen=True, slots=True)
class Concept:
    id: int
    time: int
    active: bool
    module: int
    status: int


@dataclass(frozen=True, slots=True)
class Description:
    """`type` is FSN, SYNONYM or DEFINITION (see `rf2_strategies`); definitions go to the file of text definitions."""

    id: int
    time: int
    active: bool
    module: int
    concept: int
    language: str
    type: int
    term: str
    case: int


@dataclass(frozen=True, slots=True)
class Relationship:
    id: int
    time: int
    active: bool
    module: int
    source: int
    destination: int
    group: int
    type: int
    characteristic: int
    modifier: int


@dataclass(frozen=True, slots=True)
class Concrete:
    """`value` is as in the file: `#12.5`, `"a text"`, `true` or `false`."""

    id: int
    time: int
    active: bool
    module: int
    source: int
    value: str
    group: int
    type: int
    characteristic: int
    modifier: int


@dataclass(frozen=True, slots=True)
class Member:
    """A row of any reference set; `own` are the values of the columns that only its kind has."""

    time: int
    active: bool
    module: int
    refset: int
    component: int
    own: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A UUID that follows from what the member says."""
        said = " ".join((str(self.module), str(self.refset), str(self.component), *self.own))
        return str(uuid.uuid5(uuid.NAMESPACE_OID, said))


@dataclass(frozen=True, slots=True)
class RawRelease:
    """All rows of a release, each kind in no order that means anything.

    Written in a report of a failure, rows of the concepts `around` the content are left out.
    """

    concepts: tuple[Concept, ...]
    descriptions: tuple[Description, ...]
    relationships: tuple[Relationship, ...]
    concretes: tuple[Concrete, ...]
    languages: tuple[Member, ...]
    simples: tuple[Member, ...]
    associations: tuple[Member, ...]
    simple_maps: tuple[Member, ...]
    extended_maps: tuple[Member, ...]
    dependencies: tuple[Member, ...]
    around: frozenset[int] = frozenset()

    def __repr__(self) -> str:
        lines = [
            f"{field.name}: " + " | ".join(_cells(row))
            for field in dataclasses.fields(self)[:-1]
            for row in getattr(self, field.name)
            if not self.around & {getattr(row, name, None) for name in ("id", "source", "concept")}
        ]
        return "\n".join(["", *lines])[:20_000]

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """Hypothesis would write dataclasses field by field."""
        printer.text(repr(self))


_STATE: Final = "id effectiveTime active moduleId"
_MEMBER: Final = f"{_STATE} refsetId referencedComponentId"
_DESCRIPTION: Final = f"{_STATE} conceptId languageCode typeId term caseSignificanceId"
_TAIL: Final = "relationshipGroup typeId characteristicTypeId modifierId"
#: File, columns, and the field of RawRelease; descriptions are two files by type.
_FILES: Final = (
    ("Terminology/sct2_Concept_Snapshot", f"{_STATE} definitionStatusId", "concepts"),
    ("Terminology/sct2_Relationship_Snapshot", f"{_STATE} sourceId destinationId {_TAIL}", "relationships"),
    ("Terminology/sct2_RelationshipConcreteValues_Snapshot", f"{_STATE} sourceId value {_TAIL}", "concretes"),
    ("Refset/Language/der2_cRefset_LanguageSnapshot-mul", f"{_MEMBER} acceptabilityId", "languages"),
    ("Refset/Content/der2_Refset_SimpleSnapshot", _MEMBER, "simples"),
    ("Refset/Content/der2_cRefset_AssociationSnapshot", f"{_MEMBER} targetComponentId", "associations"),
    ("Refset/Map/der2_sRefset_SimpleMapSnapshot", f"{_MEMBER} mapTarget", "simple_maps"),
    (
        "Refset/Map/der2_iisssccRefset_ExtendedMapSnapshot",
        f"{_MEMBER} mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapCategoryId",
        "extended_maps",
    ),
    (
        "Refset/Metadata/der2_ssRefset_ModuleDependencySnapshot",
        f"{_MEMBER} sourceEffectiveTime targetEffectiveTime",
        "dependencies",
    ),
)
_DEFINITION: Final = 900000000000550004


def write(raw: RawRelease, folder: Path) -> Path:
    """Writes the snapshot files below `folder`, which may hold an earlier one, and returns `folder`."""
    for name, columns, kind in _FILES:
        _write(folder, name, columns, getattr(raw, kind))
    texts = [row for row in raw.descriptions if row.type == _DEFINITION]
    _write(folder, "Terminology/sct2_TextDefinition_Snapshot-mul", _DESCRIPTION, texts)
    texts = [row for row in raw.descriptions if row.type != _DEFINITION]
    _write(folder, "Terminology/sct2_Description_Snapshot-mul", _DESCRIPTION, texts)
    return folder


Row = Concept | Description | Relationship | Concrete | Member


def _write(folder: Path, name: str, columns: str, rows: Iterable[Row]) -> None:
    path = folder / "Snapshot" / f"{name}_NO1000202_{VERSION}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [tuple(columns.split()), *(_cells(row) for row in rows)]
    path.write_bytes("".join("\t".join(line) + "\r\n" for line in lines).encode())


def _cells(row: Row) -> tuple[str, ...]:
    values = [getattr(row, field.name) for field in dataclasses.fields(row) if field.name != "own"]
    cells = tuple(str(int(value)) if isinstance(value, bool) else str(value) for value in values)
    return (row.id, *cells, *row.own) if isinstance(row, Member) else cells
