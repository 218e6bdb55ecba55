"""The rows of an RF2 file as blocks of bytes: every row checked for its number of columns, its line known.

RF2 has neither quotes nor escapes (RF2 specification 3.1): a row ends with its line, a column at the tab.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from terminology.snomed.sctid import Bools, Ints

Bytes = npt.NDArray[np.uint8]

#: How much is read at a time, in bytes: little enough that memory is used again, not taken anew.
SIZE: Final = 8 << 20
#: The longest row that is sure to be read, in bytes.
LONGEST: Final = 64 << 20
_BOM: Final = b"\xef\xbb\xbf"
_TAB: Final = 9
_LINE_FEED: Final = 10
_RETURN: Final = 13


class TooLong(Exception):
    """A row is longer than LONGEST."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that all have the same number of columns.

    `begins` is the place where each row begins, `ends` (rows x columns) that of the end of each value, `lines` the
    line of each row.
    """

    data: bytes
    begins: Ints
    ends: Ints
    lines: Ints

    @property
    def array(self) -> Bytes:
        """The data as numbers."""
        return np.frombuffer(self.data, dtype=np.uint8)

    def firsts(self) -> Bytes:
        """The first byte of each value (rows x columns); of an empty one that after it."""
        array = self.array
        first = np.empty(self.ends.shape, dtype=np.uint8)
        first[:, 0] = array[self.begins]
        first[:, 1:] = array[self.ends[:, :-1] + 1]
        return first

    def lengths(self, column: int) -> Ints:
        """How many bytes each value of a column has."""
        lengths: Ints = self.ends[:, column] - self.starts(column)
        return lengths

    def starts(self, column: int) -> Ints:
        """Where the values of a column start."""
        starts: Ints = self.ends[:, column - 1] + 1 if column else self.begins
        return starts

    def value(self, row: int, column: int) -> bytes:
        """One value."""
        begin = self.ends[row, column - 1] + 1 if column else self.begins[row]
        return self.data[begin : self.ends[row, column]]


def header_of(stream: IO[bytes]) -> tuple[str, ...]:
    """The column names in the first line, which is read."""
    line = stream.readline(LONGEST).removeprefix(_BOM).rstrip(b"\r\n")
    return tuple(line.decode("utf-8", "replace").split("\t"))


def parts_of(stream: IO[bytes]) -> Iterator[bytes]:
    """What is left of a file in parts of about SIZE bytes that end with a line feed. Raises TooLong."""
    while part := stream.read(SIZE):
        if not part.endswith(b"\n"):
            part += stream.readline(LONGEST)
        if not part.endswith(b"\n"):
            if stream.read(1):
                raise TooLong
            part += b"\n"
        yield part


def split(part: bytes, first_line: int, width: int) -> tuple[Block, list[tuple[int, str]]]:
    """The rows of `part` that have `width` columns, and line and fault of each of the others; empty lines are none."""
    if (block := _all(part, first_line, width)) is not None:
        return block, []
    data = part.replace(b"\r\n", b"\n")
    array = np.frombuffer(data, dtype=np.uint8)
    good, faults = _sound(array, width)
    lines = first_line + np.flatnonzero(good)
    block = _all(_only(array, good), first_line, width)
    if block is None:
        raise AssertionError("rows that are sound cannot be split")
    return replace(block, lines=lines), [(first_line + row, text) for row, text in faults]


def _all(data: bytes, first_line: int, width: int) -> Block | None:
    """All rows of `data`, when each has `width` columns and all lines end alike; the usual case, and a fast one."""
    array = np.frombuffer(data, dtype=np.uint8)
    # Tabs, line feeds and, seldom, other control characters: faster than looking for each.
    found = np.flatnonzero(array <= _LINE_FEED)
    found = found[array[found] >= _TAB]
    if len(found) % width:
        return None
    ends = found.reshape(-1, width)
    marks = array[ends]
    if not ((marks[:, -1] == _LINE_FEED).all() and (marks[:, :-1] == _TAB).all()):
        return None
    begins = np.append(0, ends[:-1, -1] + 1)[: len(ends)]
    returns = int(np.count_nonzero(array == _RETURN))
    if returns:
        ends[:, -1] -= 1
        if returns != len(ends) or (array[ends[:, -1]] != _RETURN).any():
            return None
    return Block(data, begins, ends, np.arange(first_line, first_line + len(ends), dtype=np.int64))


def _sound(array: Bytes, width: int) -> tuple[Bools, list[tuple[int, str]]]:
    """Which lines are rows of `width` columns, and what is wrong with each of the others that is not empty."""
    ends = np.flatnonzero(array == _LINE_FEED)
    tabs = np.searchsorted(np.flatnonzero(array == _TAB), ends)
    columns = np.diff(tabs, prepend=0) + 1
    stray = np.zeros(len(ends), dtype=np.bool_)
    stray[np.searchsorted(ends, np.flatnonzero(array == _RETURN))] = True
    empty = np.diff(ends, prepend=-1) == 1
    narrow = (columns != width) & ~empty
    faults = [(row, f"the row has {columns[row]} columns, not {width}") for row in np.flatnonzero(narrow).tolist()]
    faults += [(row, "a carriage return within the row") for row in np.flatnonzero(stray & ~narrow).tolist()]
    return (columns == width) & ~stray & ~empty, sorted(faults)


def _only(array: Bytes, lines: Bools) -> bytes:
    ends = np.flatnonzero(array == _LINE_FEED)
    return array[np.repeat(lines, np.diff(ends, prepend=-1))].tobytes()
