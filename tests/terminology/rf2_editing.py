"""A copy of the example release as RF2 files, changed row by row and imported under a name of its own."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from fixtures.snomed import make_release
from fixtures.snomed.make_release import sctid_of
from terminology.snomed.release import Release, import_release, open_release

VERSION = "20260415"
NORWAY = "51000202101"
INFERRED, SOME = "900000000000011006", "900000000000451002"
PRIMITIVE, INSENSITIVE = "900000000000074008", "900000000000448009"
PREFERRED, ACCEPTABLE = "900000000000548007", "900000000000549004"
FSN, SYNONYM = "900000000000003001", "900000000000013009"
IS_A = "116680003"
Row = list[str]


class Edit:
    """The tables of a release by a word of the file name: `Concept_`, `Relationship`, `SimpleMap`."""

    def __init__(self, folder: Path, example: Path = make_release.HERE / make_release.NAME) -> None:
        self._folder = folder
        self._rf2 = folder / "rf2"
        self._items = 70_001
        shutil.copytree(example, self._rf2)

    def rows(self, word: str) -> list[Row]:
        """The rows of the one file with this word in its name."""
        return [line.split("\t") for line in self._lines(word)[1:] if line]

    def write(self, word: str, rows: list[Row]) -> None:
        """Replaces the rows of a file."""
        lines = [self._lines(word)[0], *("\t".join(row) for row in rows), ""]
        self._file(word).write_bytes("\r\n".join(lines).encode())

    def set(self, word: str, where: dict[int, str], change: dict[int, str]) -> None:
        """Changes the columns of each row that has these values; at least one has."""
        rows = self.rows(word)
        mine = [row for row in rows if all(row[column] == value for column, value in where.items())]
        assert mine, f"no row of {word} has {where}"
        for row in mine:
            for column, value in change.items():
                row[column] = value
        self.write(word, rows)

    def add(self, word: str, *row: str) -> None:
        """Adds a row after `id, effectiveTime, active, moduleId` with an identifier that is given or made."""
        self.write(word, [*self.rows(word), list(row)])

    def file(self, name: str, header: str, rows: list[Row]) -> None:
        """Adds a reference set file; rows are without UUID and state."""
        members = [[*self.member(*row[:2]), *row[2:]] for row in rows]
        titles = f"id effectiveTime active moduleId refsetId referencedComponentId {header}".split()
        path = self._rf2 / "Snapshot" / f"{name}Snapshot_NO1000202_{VERSION}.txt"
        path.write_bytes("\r\n".join(["\t".join(row) for row in (titles, *members)] + [""]).encode())

    def member(self, refset: str, component: str) -> Row:
        """The first columns of a reference set row."""
        self._items += 1
        named = uuid.uuid5(uuid.NAMESPACE_URL, f"{refset} {component} {self._items}")
        return [str(named), VERSION, "1", NORWAY, refset, component]

    def concept(self, item: int | str, term: str, parent: str | None, active: bool = True) -> str:
        """Adds a concept (made by number, or as written) with a full name, a preferred synonym and perhaps a parent."""
        sctid = item if isinstance(item, str) else sctid_of(item, "10")
        self.add("Concept_", sctid, VERSION, str(int(active)), NORWAY, PRIMITIVE)
        self.describe(sctid, "en", FSN, f"{term} (disorder)", "900000000000509007")
        self.describe(sctid, "nb", SYNONYM, term, "61000202103")
        if parent:
            self.relate(sctid, IS_A, parent)
        return sctid

    def concepts(self, made: list[tuple[int, str]], parent: str) -> None:
        """Adds many concepts below one, each with a preferred synonym only."""
        for word, column in (
            ("Concept_", 0),
            ("Description_Snapshot-nb", 1),
            ("LanguageSnapshot-nb", 2),
            ("Relationship", 3),
        ):
            self.write(word, [*self.rows(word), *(self._parts(item, term, parent)[column] for item, term in made)])

    def _parts(self, item: int, term: str, parent: str) -> tuple[Row, Row, Row, Row]:
        sctid, description = sctid_of(item, "10"), sctid_of(item, "11")
        member = str(uuid.uuid5(uuid.NAMESPACE_URL, description))
        state = [VERSION, "1", NORWAY]
        return (
            [sctid, *state, PRIMITIVE],
            [description, *state, sctid, "nb", SYNONYM, term, INSENSITIVE],
            [member, *state, "61000202103", description, PREFERRED],
            [sctid_of(item, "12"), *state, sctid, parent, "0", IS_A, INFERRED, SOME],
        )

    def describe(self, concept: str, language: str, kind: str, term: str, refset: str) -> str:
        """Adds a description that is preferred in a language reference set."""
        self._items += 1
        sctid = sctid_of(self._items, "11")
        self.add(
            f"Description_Snapshot-{language}",
            *(sctid, VERSION, "1", NORWAY, concept, language, kind, term, INSENSITIVE),
        )
        self.add(f"LanguageSnapshot-{language}", *self.member(refset, sctid), PREFERRED)
        return sctid

    def relate(self, source: str, kind: str, target: str, group: str = "0") -> None:
        """Adds an inferred relationship."""
        self._items += 1
        head = (sctid_of(self._items, "12"), VERSION, "1", NORWAY)
        self.add("Relationship", *head, source, target, group, kind, INFERRED, SOME)

    def measure(self, source: str, kind: str, *values: str) -> None:
        """Adds a file with the concrete values of one concept."""
        columns = (
            "id effectiveTime active moduleId sourceId value relationshipGroup typeId characteristicTypeId modifierId"
        )
        rows = [columns.split()]
        for value in values:
            self._items += 1
            head = [sctid_of(self._items, "12"), VERSION, "1", NORWAY]
            rows.append([*head, source, value, "1", kind, INFERRED, SOME])
        name = f"sct2_RelationshipConcreteValues_Snapshot_NO1000202_{VERSION}.txt"
        path = self._rf2 / "Snapshot" / "Terminology" / name
        path.write_bytes("\r\n".join(["\t".join(row) for row in rows] + [""]).encode())

    def associate(self, source: str, refset: str, target: str) -> None:
        """Adds a historical association, and its reference set if the release lacks it."""
        if all(row[0] != refset for row in self.rows("Concept_")):
            self.concept(refset, f"association {refset}", "900000000000455006")
        self.add("Association", *self.member(refset, source), target)

    def imported(self, name: str = "edited") -> Release:
        """The release as it stands now."""
        report = import_release([self._rf2], self._folder / "store", name)
        assert [str(problem) for problem in report.problems] == []
        return open_release(self._folder / "store" / name)

    def _lines(self, word: str) -> list[str]:
        return self._file(word).read_bytes().decode().split("\r\n")

    def _file(self, word: str) -> Path:
        (file,) = self._rf2.rglob(f"*{word}*")
        return file
