"""Reads the rows of RF2 files into columns, in chunks, checking every value by its layout (RF2 specification 4.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Final, TextIO

import numpy as np

from terminology.snomed.files import ReleaseFile
from terminology.snomed.layouts import Column, Holds, Layout
from terminology.snomed.problems import ImportRefused, Problem, refuse_too_many
from terminology.snomed.sctid import Bools, Ints, Kind, check_many

#: Called with the name of a file (or a step) and the number of rows done so far.
Progress = Callable[[str, int], None]

_CHUNK: Final = 16_384
_LINE_BITS: Final = 32
_KINDS: Final = {
    Holds.CONCEPT_ID: (Kind.CONCEPT,),
    Holds.DESCRIPTION_ID: (Kind.DESCRIPTION,),
    Holds.RELATIONSHIP_ID: (Kind.RELATIONSHIP,),
    Holds.COMPONENT_ID: tuple(Kind),
}
_POWERS: Final = 10 ** np.arange(18, dtype=np.int64)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Table:
    """The good rows of one kind of file, by column. `origin` is file number and line, packed (see `place`)."""

    numbers: dict[str, Ints]
    texts: dict[str, list[str]]
    origin: Ints

    def __len__(self) -> int:
        return len(self.origin)

    def __getitem__(self, column: str) -> Ints:
        return self.numbers[column]

    def select(self, wanted: Bools) -> Table:
        """The rows where `wanted` (one truth value a row) holds."""
        return self if wanted.all() else self.take(np.flatnonzero(wanted))

    def take(self, rows: Ints) -> Table:
        """The rows with these numbers, in this order."""
        numbers = {name: values[rows] for name, values in self.numbers.items()}
        order = rows.tolist()
        texts = {name: [values[row] for row in order] for name, values in self.texts.items()}
        return Table(numbers, texts, self.origin[rows])


def place(origin: int) -> tuple[int, int]:
    """The file number and the line of a row."""
    return origin >> _LINE_BITS, origin & (1 << _LINE_BITS) - 1


def read_table(
    layout: Layout, files: Sequence[ReleaseFile], numbering: dict[ReleaseFile, int], on_progress: Progress
) -> tuple[Table, list[Problem]]:
    """The good rows of `files`, which all have `layout`, and one problem for each row that is broken.

    Raises ImportRefused when a header is missing or names other columns, or too many rows are broken.
    """
    parts = [empty_table(layout)]
    problems: list[Problem] = []
    for file in files:
        with file.open() as stream:
            _check_header(layout, file, stream)
            done = 0
            for first_line, lines in _chunks(stream):
                part, broken = _read_chunk(layout, file, numbering[file] << _LINE_BITS, first_line, lines)
                parts.append(part)
                problems.extend(broken)
                refuse_too_many(problems)
                done += len(lines)
                on_progress(file.name, done)
    return _join(parts), problems


def empty_table(layout: Layout) -> Table:
    """A table with the columns of `layout` and no row."""
    kept = [column for column in layout.columns if column.keep]
    none = np.empty(0, dtype=np.int64)
    texts: dict[str, list[str]] = {column.name: [] for column in kept if column.holds is Holds.TEXT}
    return Table({column.name: none for column in kept if column.holds is not Holds.TEXT}, texts, none)


def _check_header(layout: Layout, file: ReleaseFile, stream: TextIO) -> None:
    header = tuple(stream.readline().rstrip("\r\n").split("\t"))
    if header != layout.header:
        raise ImportRefused(f"{file.name}:1: the header does not name the columns of a {layout.kind} file")


def _chunks(stream: TextIO) -> Iterator[tuple[int, list[str]]]:
    line = 2
    while lines := list(islice(stream, _CHUNK)):
        yield line, lines
        line += len(lines)


def _read_chunk(
    layout: Layout, file: ReleaseFile, base: int, first_line: int, lines: list[str]
) -> tuple[Table, list[Problem]]:
    width = len(layout.columns)
    rows: list[list[str]] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, first_line):
        row = line.rstrip("\r\n").split("\t")
        if len(row) == width:
            rows.append(row)
            numbers.append(number)
        elif row != [""]:
            text = f"the row has {len(row)} columns, not {width}"
            problems.append(Problem(file.name, number, "row", text))
    table, broken = _check_columns(layout, rows, np.array(numbers, dtype=np.int64))
    problems.extend(Problem(file.name, line, column.name, f"not {column.holds.value}") for line, column in broken)
    return Table(table.numbers, table.texts, table.origin + base), sorted(problems, key=lambda problem: problem.line)


def _check_columns(layout: Layout, rows: list[list[str]], lines: Ints) -> tuple[Table, list[tuple[int, Column]]]:
    good = np.ones(len(rows), dtype=np.bool_)
    table = empty_table(layout)
    broken: list[tuple[int, Column]] = []
    for column, values in zip(layout.columns, zip(*rows, strict=True), strict=False):
        numbers, fine = _values(column.holds, values)
        broken.extend((int(line), column) for line in lines[good & ~fine])
        good &= fine
        if column.keep and column.holds is Holds.TEXT:
            table.texts[column.name] = list(values)
        elif column.keep:
            table.numbers[column.name] = numbers
    if not rows:
        return table, broken
    return Table(table.numbers, table.texts, lines).select(good), broken


def _values(holds: Holds, values: Sequence[str]) -> tuple[Ints, Bools]:
    """The numbers in `values` (zeros for texts) and which of them are what the column holds."""
    if holds in (Holds.TEXT, Holds.UUID):
        fine = (_is_text if holds is Holds.TEXT else _is_uuid)(values)
        return np.zeros(len(values), dtype=np.int64), fine
    numbers = np.array([_date(value) for value in values]) if holds is Holds.DATE else numbers_of(values)
    if holds in _KINDS:
        return numbers, np.logical_or.reduce([check_many(numbers, kind) for kind in _KINDS[holds]])
    return numbers, (numbers >= 0) & (numbers <= 1) if holds is Holds.ACTIVE else numbers >= 0


def _is_text(values: Sequence[str]) -> Bools:
    return np.array(["\ufffd" not in value for value in values], dtype=np.bool_)


def _is_uuid(values: Sequence[str]) -> Bools:
    return np.array([_UUID.fullmatch(value) is not None for value in values], dtype=np.bool_)


def numbers_of(values: Sequence[str]) -> Ints:
    """Each value as a number, -1 when it is none. Columns without a flaw, nearly all, are converted in one go."""
    text = "\t".join(values)
    if text and text.isascii() and text.replace("\t", "").isdigit() and max(map(len, values)) <= 18:
        numbers = np.fromstring(text, dtype=np.int64, sep="\t")
        # Fewer digits than the text has mean an empty value or a leading zero.
        digits = np.maximum(np.searchsorted(_POWERS, numbers, side="right"), 1)
        if len(numbers) == len(values) and digits.sum() + len(values) - 1 == len(text):
            return numbers
    return np.array([_whole(value) for value in values], dtype=np.int64)


def _whole(value: str) -> int:
    plain = value.isascii() and value.isdigit() and len(value) <= 18 and (value[0] != "0" or value == "0")
    return int(value) if plain else -1


@lru_cache(maxsize=4096)
def _date(value: str) -> int:
    if len(value) != 8 or not (value.isascii() and value.isdigit()):
        return -1
    try:
        datetime.strptime(value, "%Y%m%d")  # noqa: DTZ007 - a date without a time has no zone
    except ValueError:
        return -1
    return int(value)


def _join(parts: list[Table]) -> Table:
    first = parts[0]
    numbers = {name: np.concatenate([part.numbers[name] for part in parts]) for name in first.numbers}
    texts = {name: [text for part in parts for text in part.texts[name]] for name in first.texts}
    return Table(numbers, texts, np.concatenate([part.origin for part in parts]))
