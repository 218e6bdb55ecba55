"""Reads an RF2 snapshot release, whole, into checked tables (SNOMED CT RF2 specification, chapters 3 to 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from terminology.snomed.files import ReleaseFile, find
from terminology.snomed.layouts import LAYOUTS, Layout
from terminology.snomed.problems import ImportRefused, Problem, refuse_too_many
from terminology.snomed.references import check_tables
from terminology.snomed.rows import Progress, Table, read_table


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The checked tables of a release by kind (see `layouts`), its version and the files that were not read."""

    tables: Mapping[str, Table]
    version: int
    kept_aside: tuple[str, ...]


def read(paths: Iterable[Path], on_progress: Progress | None = None) -> tuple[Snapshot, tuple[Problem, ...]]:
    """A snapshot release from folders, zip archives or files, and a problem for each row that was left out.

    Raises ImportRefused when a required file is missing, a header is wrong or more than MOST_PROBLEMS rows are
    broken; FileNotFoundError and zipfile.BadZipFile as `files.find`.
    """
    files = find(paths)
    by_layout = {layout: [file for file in files if layout.fits(file.pattern, file.content)] for layout in LAYOUTS}
    _require(by_layout)
    numbering = {file: number for number, file in enumerate(files)}
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for layout, own in by_layout.items():
        tables[layout.kind], broken = read_table(layout, own, numbering, on_progress or _quiet)
        problems += broken
        refuse_too_many(problems)
    checked, dangling = check_tables(tables, files)
    problems += dangling
    refuse_too_many(problems)
    read_files = {file for own in by_layout.values() for file in own}
    aside = tuple(file.name for file in files if file not in read_files)
    return Snapshot(checked, max(file.version for file in files), aside), tuple(problems)


def _require(by_layout: Mapping[Layout, Sequence[ReleaseFile]]) -> None:
    missing = [layout.contents[0] for layout, files in by_layout.items() if layout.required and not files]
    if missing:
        names = ", ".join(f"sct2_{content}_Snapshot…" for content in missing)
        raise ImportRefused(f"the release lacks {names}")


def _quiet(_name: str, _rows: int) -> None:
    """Tells nobody."""
