"""The files of a release as checked tables, one kind after the other (SNOMED CT RF2 specification, chapters 3 to 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from terminology.snomed.files import ReleaseFile, find
from terminology.snomed.layouts import (
    IDENTIFIERS,
    REQUIRED,
    Field,
    Layout,
    fields_of,
    is_component,
    layout_of,
)
from terminology.snomed.newest import newest
from terminology.snomed.problems import ImportRefused, Problem, refuse_too_many
from terminology.snomed.references import Known, check_references
from terminology.snomed.rows import Progress, Table, empty_table, header_line, read_table

Source = tuple[ReleaseFile, Layout]


@dataclass(slots=True)
class Files:
    """The files of a release by table (its layout), those put aside, and the problems in those read so far.

    Several threads may read tables at once.
    """

    files: tuple[ReleaseFile, ...]
    sources: dict[Layout, list[Source]]
    kept_aside: tuple[str, ...]
    on_progress: Progress
    _problems: list[Problem] = field(default_factory=list)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The rows that were left out so far, by file and line."""
        return tuple(sorted(self._problems, key=_cause_first))

    @property
    def version(self) -> int:
        """The newest version in the names of the files that are read, YYYYMMDD."""
        return max(file.version for sources in self.sources.values() for file, _ in sources)

    def read(self, layout: Layout, known: Known) -> Table:
        """All good rows of one table, one for each component. Raises ImportRefused when too many are broken."""
        sources = self.sources.get(layout)
        if not sources:
            return empty_table(layout)
        numbering = {file: number for number, file in enumerate(self.files)}
        table, broken = read_table(sources, numbering, self.on_progress)
        table, doubled = newest(table, _keys(layout, table), self.files)
        table, dangling = check_references(layout, table, known, self.files)
        self._problems += broken + doubled + dangling
        refuse_too_many(self._problems)
        return table

    def members(self) -> Iterator[tuple[tuple[Field, ...], str, Layout]]:
        """The fields, the content word and the layout of each table of reference set members."""
        for layout in sorted(self.sources, key=lambda layout: layout.header):
            file = self.sources[layout][0][0]
            if file.pattern:
                yield fields_of(file.pattern, layout.header) or (), file.content, layout


def find_files(paths: Iterable[Path], on_progress: Progress) -> Files:
    """The files of a release, with the header of each read.

    Raises ImportRefused when a required file is missing or a header names other columns than it should;
    FileNotFoundError and zipfile.BadZipFile as `files.find`.
    """
    found = find(paths)
    files = tuple(file for file in found.files if file.pattern or is_component(file.content))
    aside = {*found.aside, *(file.name for file in found.files if file not in files)}
    _require(files)
    sources: dict[Layout, list[Source]] = {}
    for file in files:
        layout = layout_of(file.pattern, file.content, header_line(file))
        if layout is None:
            raise ImportRefused(f"{file.name}:1: the header does not name the columns of such a file")
        sources.setdefault(IDENTIFIERS if layout.kind == IDENTIFIERS.kind else layout, []).append((file, layout))
    return Files(files, sources, tuple(sorted(aside)), on_progress)


def _require(files: Sequence[ReleaseFile]) -> None:
    contents = {file.content for file in files if not file.pattern}
    if missing := [content for content in REQUIRED if content not in contents]:
        names = ", ".join(f"sct2_{content}_Snapshot…" for content in missing)
        raise ImportRefused(f"the release lacks {names}")


def _keys(layout: Layout, table: Table) -> list[npt.NDArray[np.integer]]:
    """What tells the components of a table apart (RF2 specification 4.1 and 5.1; identifier file: 4.2.4)."""
    if len(table.uuids):
        return [table.uuids[:, 0], table.uuids[:, 1]]
    if layout is IDENTIFIERS:
        codes = table.texts["alternateIdentifier"].rank("dense").to_numpy()
        return [codes, table["identifierSchemeId"]]
    return [table["id"]] if "id" in table.numbers else []


def _cause_first(problem: Problem) -> tuple[bool, bool, str, int]:
    """Concepts first, then other components: what is missing there is why rows of reference sets are left out."""
    return ("Concept_" not in problem.file, problem.file.startswith(("der2", "xder2")), problem.file, problem.line)
