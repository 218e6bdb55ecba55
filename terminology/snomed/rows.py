"""Reads the rows of RF2 files into columns, checking every value by its layout (RF2 specification 4.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import polars as pl

from terminology.snomed.arrays import different
from terminology.snomed.blocks import Block, Bytes, TooLong, header_of, parts_of, split
from terminology.snomed.files import ReleaseFile
from terminology.snomed.layouts import Column, Holds, Layout
from terminology.snomed.problems import ImportRefused, Problem, refuse_too_many
from terminology.snomed.sctid import Bools, Ints, Kind, check_many
from terminology.snomed.uuids import LENGTH, Halves, parsed
from terminology.snomed.values import value_of

#: Called with the name of a file (or a step) and the number of rows done so far.
Progress = Callable[[str, int], None]

_LINE_BITS: Final = 40
_MISSING: Final = np.iinfo(np.int64).min
_TEXTS: Final = (Holds.TEXT, Holds.VALUE)
KINDS: Final = {
    Holds.CONCEPT_ID: (Kind.CONCEPT,),
    Holds.DESCRIPTION_ID: (Kind.DESCRIPTION,),
    Holds.RELATIONSHIP_ID: (Kind.RELATIONSHIP,),
    Holds.COMPONENT_ID: tuple(Kind),
}


@dataclass(frozen=True, slots=True)
class Table:
    """The good rows of one kind of file, by column. `origin` is file number and line, packed (see `place`).

    `uuids` (rows x 2) are the identifiers of reference set members; it has no rows when the layout has none.
    """

    numbers: dict[str, Ints]
    texts: dict[str, pl.Series]
    uuids: Halves
    origin: Ints

    def __len__(self) -> int:
        return len(self.origin)

    def __getitem__(self, column: str) -> Ints:
        return self.numbers[column]

    def select(self, wanted: Bools) -> Table:
        """The rows where `wanted` (one truth value a row) holds."""
        return self if wanted.all() else self.take(np.flatnonzero(wanted))

    def sorted(self, order: Ints) -> Table:
        """All rows in this order; nothing is copied when they are in it already."""
        return self if (np.diff(order) == 1).all() else self.take(order)

    def take(self, rows: Ints) -> Table:
        """The rows with these numbers, in this order."""
        numbers = {name: values[rows] for name, values in self.numbers.items()}
        texts = {name: values.gather(rows) for name, values in self.texts.items()}
        return Table(numbers, texts, self.uuids[rows] if len(self.uuids) else self.uuids, self.origin[rows])


def place(origin: int) -> tuple[int, int]:
    """The file number and the line of a row."""
    return origin >> _LINE_BITS, origin & (1 << _LINE_BITS) - 1


def file_number(origin: Ints) -> Ints:
    """The file numbers of many rows."""
    return origin >> _LINE_BITS


def header_line(file: ReleaseFile) -> tuple[str, ...]:
    """The column names of a file."""
    with file.open() as stream:
        return header_of(stream)


def read_table(
    sources: Sequence[tuple[ReleaseFile, Layout]], numbering: dict[ReleaseFile, int], on_progress: Progress
) -> tuple[Table, list[Problem]]:
    """The good rows of the files of one table, at least one, and one problem for each row that is broken.

    Raises ImportRefused when too many rows are broken or one is longer than can be read.
    """
    parts: list[Table] = []
    problems: list[Problem] = []
    for file, layout in sources:
        for part, broken in _tables(file, layout, numbering[file] << _LINE_BITS, on_progress):
            parts.append(part)
            problems += broken
            refuse_too_many(problems)
    return join(parts or [empty_table(sources[0][1])]), problems


def _tables(
    file: ReleaseFile, layout: Layout, base: int, on_progress: Progress
) -> Iterator[tuple[Table, list[Problem]]]:
    line = 2
    with file.open() as stream:
        header_of(stream)
        try:
            for part in parts_of(stream):
                block, faults = split(part, line, len(layout.columns))
                line += len(block.lines) if not faults and block.data is part else part.count(b"\n")
                table, broken = _read_block(layout, file.name, block, base)
                yield _of_its_version(file, table), _in_order(file.name, faults, broken)
                on_progress(file.name, line - 2)
        except TooLong:
            raise ImportRefused(f"{file.name}: a row from line {line} on is too long to be read") from None


def _of_its_version(file: ReleaseFile, table: Table) -> Table:
    """A Full file may hold rows of later releases than its own: they do not count (RF2 specification 3.2)."""
    return table.select(table["effectiveTime"] <= file.version) if file.type == "Full" else table


def _in_order(file: str, faults: list[tuple[int, str]], broken: list[Problem]) -> list[Problem]:
    rows = [Problem(file, line, "row", text) for line, text in faults]
    return sorted(rows + broken, key=lambda problem: problem.line)


def empty_table(layout: Layout) -> Table:
    """A table with the columns of `layout` and no row."""
    none = np.empty(0, dtype=np.int64)
    return _read_block(layout, "", Block(b"", none, none.reshape(0, len(layout.columns)), none), 0)[0]


def _read_block(layout: Layout, file: str, block: Block, base: int) -> tuple[Table, list[Problem]]:
    good = np.ones(len(block.lines), dtype=np.bool_)
    problems: list[Problem] = []
    numbers: dict[str, Ints] = {}
    texts: dict[str, pl.Series] = {}
    uuids = np.empty((0, 2), dtype=np.uint64)
    frame, firsts = _parse(layout, block), block.firsts()
    for place_, column in enumerate(layout.columns):
        if column.holds is Holds.UUID:
            uuids, fine = _uuids(block, place_)
        elif column.holds in _TEXTS:
            texts[column.name], fine = _texts(column, block, place_, frame)
        else:
            numbers[column.name], fine = _checked(
                column, _plain(frame[column.name], firsts[:, place_]), block.lengths(place_)
            )
        if not fine.all():
            text = f"not {column.holds.value}"
            problems += [Problem(file, line, column.name, text) for line in block.lines[good & ~fine].tolist()]
            good &= fine
    return Table(numbers, texts, uuids, block.lines + base).select(good), problems


def _parse(layout: Layout, block: Block) -> pl.DataFrame:
    """The columns except UUIDs; texts as they are, numbers null where they are none."""
    schema = {column.name: pl.String if column.holds in _TEXTS else pl.Int64 for column in layout.columns}
    wanted = [place_ for place_, column in enumerate(layout.columns) if column.holds is not Holds.UUID]
    try:
        return _read_csv(block.data, schema, wanted)
    except pl.exceptions.ComputeError:
        # Some text is not UTF-8: those rows are found one by one in `_texts`.
        return _read_csv(block.data.decode("utf-8", "replace").encode(), schema, wanted)


def _read_csv(data: bytes, schema: dict[str, type[pl.String] | type[pl.Int64]], wanted: list[int]) -> pl.DataFrame:
    return pl.read_csv(
        data,
        has_header=False,
        columns=wanted,
        schema=schema,
        separator="\t",
        quote_char=None,
        empty_string_is_null=False,
        ignore_errors=True,
        raise_if_empty=False,
    )


def _uuids(block: Block, place_: int) -> tuple[Halves, Bools]:
    starts = block.starts(place_)
    right = block.ends[:, place_] - starts == LENGTH
    halves = np.zeros((len(starts), 2), dtype=np.uint64)
    if right.any():
        windows = np.lib.stride_tricks.sliding_window_view(block.array, LENGTH)
        halves[right], right[right] = parsed(windows[starts[right]])
    return halves, right


def _texts(column: Column, block: Block, place_: int, frame: pl.DataFrame) -> tuple[pl.Series, Bools]:
    values = frame[column.name]
    fine = np.ones(len(values), dtype=np.bool_)
    for row in np.flatnonzero(values.str.contains("\ufffd", literal=True).to_numpy()).tolist():
        fine[row] = _is_utf8(block.value(row, place_))
    if column.holds is Holds.VALUE:
        fine &= np.array([value_of(value) is not None for value in values], dtype=np.bool_)
    return values, fine


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _plain(series: pl.Series, first: Bytes) -> tuple[Ints, Bools]:
    """The numbers of a column, and which of them are positive and written plainly.

    What is read as a number and starts with 1 to 9 has no sign, space or leading zero.
    """
    values: Ints = series.fill_null(_MISSING).to_numpy() if series.null_count() else series.to_numpy()
    return values, (values > 0) & (first - np.uint8(ord("1")) < 9)


def _checked(column: Column, plain: tuple[Ints, Bools], lengths: Ints) -> tuple[Ints, Bools]:
    """The numbers as they are kept, and which of them are what the column holds."""
    values, fine = plain
    if column.holds in (Holds.NUMBER, Holds.ACTIVE):
        fine |= (values == 0) & (lengths == 1)
    if column.holds is Holds.ACTIVE:
        return values.astype(np.int8), fine & (values <= 1)
    if column.holds is Holds.DATE:
        return _dates(values, fine, lengths == 0)
    return values, fine


def _dates(values: Ints, fine: Bools, empty: Bools) -> tuple[Ints, Bools]:
    """Days as numbers; a row that is not published yet has none, 0."""
    wrong = [day for day in different(values).tolist() if not _is_day(day)]
    right = fine & ~np.isin(values, wrong) if wrong else fine
    return np.where(right, values, 0).astype(np.int32), right | empty


def _is_day(number: int) -> bool:
    try:
        datetime.strptime(f"{number:08}", "%Y%m%d")  # noqa: DTZ007 - a date without a time has no zone
    except ValueError:
        return False
    return number >= 10_000_000


def are_ids(values: Ints, holds: Holds) -> Bools:
    """Which of `values` are identifiers of the kind that a column holds."""
    fine: Bools = np.logical_or.reduce([check_many(values, kind) for kind in KINDS[holds]])
    return fine


def join(parts: Sequence[Table]) -> Table:
    """All rows of tables with the same columns. At least one part."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    numbers = {name: np.concatenate([part.numbers[name] for part in parts]) for name in first.numbers}
    texts = {name: pl.concat([part.texts[name] for part in parts]) for name in first.texts}
    uuids = np.concatenate([part.uuids for part in parts])
    return Table(numbers, texts, uuids, np.concatenate([part.origin for part in parts]))
