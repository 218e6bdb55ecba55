"""The rows of an RF2 file as blocks of bytes: every row checked for its number of columns, its line known.

RF2 has neither quotes nor escapes (RF2 specification 3.1): a row ends at the line feed, a column at the tab.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from terminology.snomed.sctid import Bools, Ints

Bytes = npt.NDArray[np.uint8]

#: How much is read at a time, and the longest row that can be read, in bytes.
SIZE: Final = 32 << 20
_BOM: Final = b"\xef\xbb\xbf"
_TAB: Final = 9
_LINE_FEED: Final = 10


class TooLong(Exception):
    """A row is longer than a block."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that all have the same number of columns; each ends with a line feed alone.

    `ends` (rows x columns) is the place of the tab or line feed after each value, `lines` the line of each row.
    """

    data: bytes
    ends: Ints
    lines: Ints

    @property
    def array(self) -> Bytes:
        """The data as numbers."""
        return np.frombuffer(self.data, dtype=np.uint8)

    def starts(self, column: int) -> Ints:
        """Where the values of a column start."""
        starts: Ints = self.ends[:, column - 1] + 1
        if column == 0:
            starts[1:] = starts[:-1].copy()
            starts[:1] = 0
        return starts

    def value(self, row: int, column: int) -> bytes:
        """One value."""
        begin = self.ends[row, column - 1] + 1 if column else (self.ends[row - 1, -1] + 1 if row else 0)
        return self.data[begin : self.ends[row, column]]


def header_of(stream: IO[bytes]) -> tuple[str, ...]:
    """The column names in the first line, which is read."""
    line = stream.readline(SIZE).removeprefix(_BOM).rstrip(b"\r\n")
    return tuple(line.decode("utf-8", "replace").split("\t"))


def parts_of(stream: IO[bytes]) -> Iterator[bytes]:
    """What is left of a file in parts of about SIZE bytes that end with a line feed. Raises TooLong."""
    rest = b""
    while block := stream.read(SIZE):
        cut = block.rfind(b"\n") + 1
        if not cut and len(rest) > SIZE:
            raise TooLong
        if cut:
            yield rest + block[:cut]
            rest = block[cut:]
        else:
            rest += block
    if rest:
        yield rest + b"\n"


def split(part: bytes, first_line: int, width: int) -> tuple[Block, list[tuple[int, str]]]:
    """The rows of `part` that have `width` columns, and line and fault of each of the others; empty lines are none."""
    data = part.replace(b"\r\n", b"\n")
    array = np.frombuffer(data, dtype=np.uint8)
    breaks = array == _LINE_FEED
    count = int(np.count_nonzero(breaks))
    ends = np.flatnonzero(breaks | (array == _TAB))
    # As many line feeds as rows, and one at the end of each row: then there is none elsewhere.
    if len(ends) == count * width and (array[ends[width - 1 :: width]] == _LINE_FEED).all() and b"\r" not in data:
        lines = np.arange(first_line, first_line + count, dtype=np.int64)
        return Block(data, ends.reshape(-1, width), lines), []
    good, faults = _sound(array, width)
    sound, _ = split(_only(array, good), first_line, width)
    problems = [(first_line + row, text) for row, text in faults]
    return Block(sound.data, sound.ends, first_line + np.flatnonzero(good)), problems


def _sound(array: Bytes, width: int) -> tuple[Bools, list[tuple[int, str]]]:
    """Which lines are rows of `width` columns, and what is wrong with each of the others that is not empty."""
    ends = np.flatnonzero(array == _LINE_FEED)
    tabs = np.searchsorted(np.flatnonzero(array == _TAB), ends)
    columns = np.diff(tabs, prepend=0) + 1
    stray = np.zeros(len(ends), dtype=np.bool_)
    stray[np.searchsorted(ends, np.flatnonzero(array == 13))] = True
    empty = np.diff(ends, prepend=-1) == 1
    narrow = (columns != width) & ~empty
    faults = [(row, f"the row has {columns[row]} columns, not {width}") for row in np.flatnonzero(narrow).tolist()]
    faults += [(row, "a carriage return within the row") for row in np.flatnonzero(stray & ~narrow).tolist()]
    return (columns == width) & ~stray & ~empty, sorted(faults)


def _only(array: Bytes, lines: Bools) -> bytes:
    ends = np.flatnonzero(array == _LINE_FEED)
    return array[np.repeat(lines, np.diff(ends, prepend=-1))].tobytes()
