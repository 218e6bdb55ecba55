"""The content of a release as dictionaries, from RF2 text files (Release File Specification, chapters 4 and 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

IS_A = 116680003
INFERRED = 900000000000011006
KINDS = {"c": "id", "i": "int", "s": "text"}

#: The value of an attribute: a concept (int), or a concrete number, text or truth.
Value = int | Decimal | str | bool


@dataclass(frozen=True)
class Concept:
    sctid: int
    time: int | None
    active: bool
    module: int
    status: int


@dataclass(frozen=True)
class Description:
    sctid: int
    time: int | None
    active: bool
    module: int
    concept: int
    language: str
    type: int
    term: str


@dataclass(frozen=True)
class Attribute:
    """One defining attribute; `row` tells the rows of group 0 apart."""

    row: int
    source: int
    group: int
    type: int
    value: Value


@dataclass(frozen=True)
class Member:
    """One row of a reference set; `fields` has (kind, text as written), `referencedComponentId` first."""

    time: int | None
    active: bool
    module: int
    refset: int
    component: int
    fields: dict[str, tuple[str, str]]


class Content:
    """Everything of a release that ECL asks about. Of several rows of one component, the latest counts."""

    def __init__(self, folder: Path) -> None:
        self.concepts = {row.sctid: row for row in _concepts(folder)}
        self.known = frozenset(self.concepts)
        self.active = frozenset(concept.sctid for concept in self.concepts.values() if concept.active)
        self.descriptions: dict[int, list[Description]] = defaultdict(list)
        for description in _descriptions(folder):
            self.descriptions[description.concept].append(description)
        self.parents: dict[int, set[int]] = defaultdict(set)
        self.children: dict[int, set[int]] = defaultdict(set)
        self.attributes: dict[int, list[Attribute]] = defaultdict(list)
        for row in _relationships(folder):
            self._relate(row)
        self.members: dict[int, list[Member]] = defaultdict(list)
        self.languages: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for member in _members(folder):
            self._add(member)

    def _relate(self, row: Attribute) -> None:
        """Only relationships between active concepts lead anywhere (6.9, on the default substrate)."""
        target = row.value if type(row.value) is int else None
        if row.source not in self.active or (target is not None and target not in self.active):
            return
        if row.type != IS_A:
            self.attributes[row.source].append(row)
        elif target is not None:
            self.parents[row.source].add(target)
            self.children[target].add(row.source)

    def _add(self, member: Member) -> None:
        self.members[member.refset].append(member)
        if member.active and "acceptabilityId" in member.fields:
            acceptability = int(member.fields["acceptabilityId"][1])
            self.languages[member.component].append((member.refset, acceptability))


def _rows(folder: Path, *patterns: str) -> Iterator[tuple[Path, list[str], list[str]]]:
    """File, header and latest row of every component in the files with such names."""
    for file in sorted({file for pattern in patterns for file in folder.rglob(pattern)}):
        header, *lines = file.read_text(encoding="utf-8-sig").split("\n")
        latest: dict[str, list[str]] = {}
        for line in lines:
            row = line.rstrip("\r").split("\t")
            if len(row) > 1 and row[1] >= latest.get(row[0], row)[1]:
                latest[row[0]] = row
        for row in latest.values():
            yield file, header.rstrip("\r").split("\t"), row


def _time(text: str) -> int | None:
    return int(text[:8]) if text else None


def _concepts(folder: Path) -> Iterator[Concept]:
    for _, _, row in _rows(folder, "*sct2_Concept_*.txt"):
        yield Concept(int(row[0]), _time(row[1]), row[2] == "1", int(row[3]), int(row[4]))


def _descriptions(folder: Path) -> Iterator[Description]:
    """Text definitions are descriptions too: the type filter knows them as `def` (6.8)."""
    for _, _, row in _rows(folder, "*sct2_Description_*.txt", "*sct2_TextDefinition_*.txt"):
        facts = Description(
            int(row[0]), _time(row[1]), row[2] == "1", int(row[3]), int(row[4]), row[5], int(row[6]), row[7]
        )
        yield facts


def _relationships(folder: Path) -> Iterator[Attribute]:
    """Active inferred relationships: the distribution normal form that ECL is evaluated on (3.2, requirement E.1)."""
    patterns = ("*sct2_Relationship_*.txt", "*sct2_RelationshipConcreteValues_*.txt")
    for number, (file, _, row) in enumerate(_rows(folder, *patterns)):
        if row[2] == "1" and int(row[8]) == INFERRED:
            value = _concrete(row[5]) if "ConcreteValues" in file.name else int(row[5])
            yield Attribute(number, int(row[4]), int(row[6]), int(row[7]), value)


def _concrete(text: str) -> Value:
    if text.startswith("#"):
        return Decimal(text[1:])
    if text.startswith('"'):
        return text[1:-1]
    return text.lower() == "true"


def _members(folder: Path) -> Iterator[Member]:
    """The letters in the name of the file are the kinds of its additional fields (RFS 5.1)."""
    for file, header, row in _rows(folder, "*der2_*Refset_*.txt", "*sct2_*Refset_*.txt"):
        letters = file.name.split("2_")[1].split("Refset")[0]
        fields = {"referencedComponentId": ("id", row[5])}
        for name, letter, text in zip(header[6:], letters, row[6:], strict=True):
            fields[name] = (KINDS[letter], text)
        yield Member(_time(row[1]), row[2] == "1", int(row[3]), int(row[4]), int(row[5]), fields)
