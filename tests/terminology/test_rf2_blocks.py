"""Bytes of a file become rows with the right lines, wherever the parts that are read begin and end."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.snomed import blocks
from terminology.snomed.blocks import Block, TooLong, header_of, parts_of, split

WIDTH = 3
CELLS = st.binary(max_size=4).map(lambda cell: bytes(byte for byte in cell if byte not in b"\t\n\r"))
LINES = st.lists(st.lists(CELLS, max_size=5).map(b"\t".join))
ENDS = st.sampled_from([b"\n", b"\r\n"])


def _rows(content: bytes) -> tuple[list[tuple[int, list[bytes]]], list[int]]:
    """The rows and their lines, and the lines of the others, read part by part."""
    stream = io.BytesIO(content)
    rows: list[tuple[int, list[bytes]]] = []
    broken: list[int] = []
    line = 1
    for part in parts_of(stream):
        block, faults = split(part, line, WIDTH)
        rows += [(number, _cells(block, row)) for row, number in enumerate(block.lines.tolist())]
        broken += [number for number, _ in faults]
        line += part.count(b"\n")
    return rows, broken


def _cells(block: Block, row: int) -> list[bytes]:
    values = [block.value(row, column) for column in range(WIDTH)]
    starts = [int(block.starts(column)[row]) for column in range(WIDTH)]
    assert [block.data[start : start + len(value)] for start, value in zip(starts, values, strict=True)] == values
    assert [int(block.lengths(column)[row]) for column in range(WIDTH)] == [len(value) for value in values]
    return values


@given(lines=LINES, ends=st.data(), size=st.integers(1, 40), last=st.booleans())
def test_rows_are_those_of_reading_line_by_line(lines: list[bytes], ends: st.DataObject, size: int, last: bool) -> None:
    uniform = ends.draw(st.booleans())
    one = ends.draw(ENDS)
    content = b"".join(line + (one if uniform else ends.draw(ENDS)) for line in lines)
    content = content if last else content.removesuffix(b"\n").removesuffix(b"\r")
    expected = [(number, line.split(b"\t")) for number, line in enumerate(lines, 1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "SIZE", size)
        rows, broken = _rows(content)
    assert rows == [(number, cells) for number, cells in expected if len(cells) == WIDTH]
    assert broken == [number for number, cells in expected if len(cells) != WIDTH and cells != [b""]]


@pytest.mark.parametrize(
    ("content", "rows", "broken"),
    [
        (b"a\tb\rb\tc\n", [], [1]),
        (b"a\tb\tc\r\r\n1\t2\t3\r\n", [(2, [b"1", b"2", b"3"])], [1]),
        (b"a\tb\x00\tc\n", [(1, [b"a", b"b\x00", b"c"])], []),
        (b"a\x00b\x00c\n\t\t\n", [(2, [b"", b"", b""])], [1]),
        (b"a\tb\tc\td\n1\t2\n", [], [1, 2]),
        (b'"a\tb"\t"\n', [(1, [b'"a', b'b"', b'"'])], []),
        (b"\n\r\n\n1\t2\t3\n", [(4, [b"1", b"2", b"3"])], []),
    ],
)
def test_odd_bytes(content: bytes, rows: list[tuple[int, list[bytes]]], broken: list[int]) -> None:
    assert _rows(content) == (rows, broken)


def test_the_first_byte_of_each_value() -> None:
    block, _ = split(b"1\t23\t4\r\n\t5\t\r\n", 2, WIDTH)
    assert block.firsts().tolist() == np.frombuffer(b"124\t5\r", dtype=np.uint8).reshape(2, 3).tolist()


def test_a_row_that_does_not_end_is_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 10)
    monkeypatch.setattr(blocks, "LONGEST", 20)
    assert list(parts_of(io.BytesIO(b"x" * 29))) == [b"x" * 29 + b"\n"]
    with pytest.raises(TooLong):
        list(parts_of(io.BytesIO(b"x" * 31)))


@pytest.mark.parametrize("content", [b"id\tterm\r\nx", b"\xef\xbb\xbfid\tterm\nx", b"id\tterm"])
def test_headers(content: bytes) -> None:
    assert header_of(io.BytesIO(content)) == ("id", "term")
