"""Files and folders of FHIR resources, in blocks of one type, never a whole export in memory.

A line, a resource or a file that cannot be read becomes a problem that names its place; the rest goes on. Blocks exist
for speed: whether all lines of a block are UTF-8 and of one type is asked once for the block, and they are decoded in
one go; only where that fails is each line looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import numpy as np

from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir.r4 import R4_TYPES
from reporting.adapters.fhir.values import plain_reference
from reporting.journal import Problem

#: The longest line and the largest Bundle that are read, and how much of a file is read at a time; in bytes.
MAX_LINE = 16 * 1024 * 1024
MAX_BUNDLE = 512 * 1024 * 1024
CHUNK = 256 * 1024

_TYPE = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"')
_SUFFIXES = (".ndjson", ".jsonl", ".json")
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"{\0")
#: What msgspec raises for bytes it cannot read, of any depth.
BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Block(msgspec.Struct, frozen=True, gc=False):
    """Resources of one type. `numbers` are their lines, or their entries in a Bundle; there `links` resolves full URLs
    to `Type/id`, and `urls` are the full URLs of the resources themselves. `data` is split only when it is looked at;
    `resources` are all of it decoded, where that was asked for and could be done."""

    path: str
    type: str
    numbers: Sequence[int]
    data: bytes | list[bytes]
    links: Mapping[str, str] = {}
    urls: Sequence[str] = ()
    resources: Sequence[Any] | None = None

    @property
    def lines(self) -> list[bytes]:
        """The resources, one a line."""
        return self.data.split(b"\n") if isinstance(self.data, bytes) else self.data

    def __len__(self) -> int:
        return len(self.numbers)

    def place(self, index: int) -> str:
        """Where a resource of this block stands; number 0 is the whole file."""
        if self.numbers[index] == 0:
            return self.path
        return f"{self.path}: entry {self.numbers[index]}" if self.urls else f"{self.path}:{self.numbers[index]}"


def files_of(sources: tuple[Path, ...]) -> tuple[list[Path], list[Problem]]:
    """The files to read, sorted, and a problem for each source that does not exist or holds none."""
    files: list[Path] = []
    problems: list[Problem] = []
    for source in sources:
        if source.is_file():
            files.append(source)
            continue
        inside = (
            sorted(p for p in source.rglob("*") if p.suffix in _SUFFIXES and p.is_file()) if source.is_dir() else []
        )
        if not inside:
            text = "no .ndjson, .jsonl or .json file in this folder" if source.is_dir() else "no such file or folder"
            problems.append(Problem(str(source), text))
        files += inside
    return files, problems


def first_type(path: Path) -> str | None:
    """The type a file of lines begins with; None when it does not tell, and for documents, which hold any types."""
    if path.suffix == ".json":
        return None
    try:
        with path.open("rb") as file:
            found = _TYPE.match(file.read(4096).removeprefix(_BOM))
    except OSError:
        return None
    return found.group(1).decode("ascii") if found else None


def read(path: Path, decode: Collection[str] = (), clean: bool = False) -> Iterator[Block | Problem]:
    """The resources of one file, in its order, those of the types in `decode` as structs where whole blocks can be.

    `clean` says that the file was read before and is UTF-8 throughout.
    """
    try:
        with path.open("rb") as file:
            if path.suffix == ".json":
                yield from _document(path, file, decode)
            else:
                yield from _lines(path, file, decode, clean)
    except OSError as error:
        yield Problem(str(path), f"cannot be read: {error.strerror}")


def _lines(path: Path, file: BinaryIO, decode: Collection[str], clean: bool = False) -> Iterator[Block | Problem]:
    name, number = str(path), 1
    start = file.read(3)
    if _is_utf16(start):
        yield _utf16(name)
        return
    if start != _BOM:
        file.seek(0)
    for piece in _pieces(file):
        if piece is None:
            yield Problem(f"{name}:{number}", f"the line is longer than {MAX_LINE // 1024 // 1024} MB and was left out")
            number += 1
            continue
        ends, tidy = _ends(piece)
        numbers = range(number, number + ends + 1)
        yield from _blocks(name, numbers, piece, decode, clean, tidy)
        number = numbers.stop


def _pieces(file: BinaryIO) -> Iterator[bytes | None]:
    """Whole lines, about a chunk at a time, without the last line's end; None for a line that is too long."""
    while piece := file.read(CHUNK):
        end = b"" if piece.endswith(b"\n") else file.readline(MAX_LINE)
        if len(end) < MAX_LINE or end.endswith(b"\n"):
            yield (piece + end).removesuffix(b"\n")
            continue
        whole, found, _ = piece.rpartition(b"\n")
        if found:
            yield whole
        yield None
        while end and not end.endswith(b"\n"):  # pass over the rest of the line without holding it
            end = file.readline(CHUNK)


def _ends(piece: bytes) -> tuple[int, bool]:
    """How many lines end inside a piece, and whether one object ends and another begins at each of them.

    Then no line is empty and no object goes over several: inside an object a comma would have to stand between.
    """
    data = np.frombuffer(piece, np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)  # faster than counting the bytes of a piece that has many
    if ends.size == 0 or ends[0] == 0 or ends[-1] + 1 == data.size:
        return int(ends.size), ends.size == 0
    return int(ends.size), bool((data[ends - 1] == _CLOSE).all() and (data[ends + 1] == _OPEN).all())


_NEWLINE: Final = ord("\n")
_OPEN: Final = ord("{")
_CLOSE: Final = ord("}")


def _blocks(
    name: str, numbers: range, piece: bytes, decode: Collection[str], clean: bool, tidy: bool
) -> Iterator[Block | Problem]:
    found = _TYPE.match(piece)
    if found and (clean or _utf8(piece)):
        kind = found.group(1).decode("ascii")
        if kind not in decode:
            if _alike(found.group(0), piece) == len(numbers) and kind in R4_TYPES and kind != "Bundle":
                yield Block(name, kind, numbers, piece)
                return
        elif tidy and (resources := _decoded(kind, piece)) is not None and len(resources) == len(numbers):
            yield Block(name, kind, numbers, piece, resources=resources)
            return
    yield from _one_by_one(name, numbers, piece.split(b"\n"))


def _decoded(kind: str, piece: bytes) -> list[Any] | None:
    try:
        return fhir.DECODERS[kind].decode_lines(piece)
    except BROKEN:
        return None


def _alike(prefix: bytes, piece: bytes) -> int:
    return piece.startswith(prefix) + piece.count(b"\n" + prefix)


def _one_by_one(name: str, numbers: Sequence[int], lines: list[bytes]) -> Iterator[Block | Problem]:
    """Blocks of neighbours of one type, where lines differ or some cannot be read."""
    typed = ((number, line, _type_of(f"{name}:{number}", line)) for number, line in zip(numbers, lines, strict=True))
    full = (one for one in typed if one[1] and not one[1].isspace())
    for kind, group in groupby(full, key=lambda one: one[2]):
        if isinstance(kind, Problem):
            yield kind
            continue
        run = list(group)
        if kind == "Bundle":
            for number, line, _ in run:
                yield from _bundle(f"{name}:{number}", line)
        else:
            yield Block(name, kind, [number for number, _, _ in run], [line for _, line, _ in run])


def _type_of(place: str, line: bytes) -> str | Problem:
    if not _utf8(line):
        return Problem(place, "not UTF-8 (R4 2.6.2)")
    found = _TYPE.match(line)
    if found:
        kind = found.group(1).decode("ascii")
    else:
        try:
            kind = _TYPED.decode(line).resource_type
        except BROKEN as error:
            return Problem(place, f"not a FHIR resource in JSON: {error}")
    return kind if kind in R4_TYPES else Problem(place, "an unknown resource type; FHIR R4 has none of this name")


def _utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _document(path: Path, file: BinaryIO, decode: Collection[str]) -> Iterator[Block | Problem]:
    data = file.read(MAX_BUNDLE + 1)
    if len(data) > MAX_BUNDLE:
        yield Problem(str(path), f"larger than {MAX_BUNDLE // 1024 // 1024} MB; split it, or use NDJSON")
        return
    if _is_utf16(data):
        yield _utf16(str(path))
        return
    data = data.removeprefix(_BOM)
    if _are_lines(data):
        file.seek(0)
        yield from _lines(path, file, decode)  # NDJSON under another name
        return
    kind = _type_of(str(path), data)
    if isinstance(kind, Problem):
        yield kind
    elif kind == "Bundle":
        yield from _bundle(str(path), data)
    else:
        yield Block(str(path), kind, [0], [data])


def _is_utf16(data: bytes) -> bool:
    # With a byte order mark, or a first brace of two bytes; "\\0{" alone may be one damaged line.
    return data.startswith(_UTF16) or data[:3] == b"\0{\0"


def _utf16(name: str) -> Problem:
    return Problem(name, "the file is UTF-16; FHIR JSON is UTF-8 (R4 2.6.2)")


def _are_lines(data: bytes) -> bool:
    """Whether one of the first two lines with content is a resource, and not the only line: the other may be broken."""
    lines = data.lstrip().split(b"\n", maxsplit=2)
    return len(lines) > 1 and bool(b"".join(lines[1:]).strip()) and any(map(_complete, lines[:2]))


def _complete(line: bytes) -> bool:
    try:
        _TYPED.decode(line)
    except BROKEN:
        return False
    return True


def _bundle(place: str, data: bytes) -> Iterator[Block | Problem]:
    """The resources of a Bundle of any type (transaction, collection, searchset …; R4 2.36), by type."""
    try:
        bundle = _BUNDLE.decode(data)
    except BROKEN as error:
        yield Problem(place, f"the Bundle cannot be read: {error}")
        return
    links: dict[str, str] = {}
    found: list[tuple[str, int, bytes, str]] = []
    for number, entry in enumerate(bundle.entry, start=1):
        one = bytes(entry.resource)
        if not one:
            continue  # a deletion has no resource
        kind = _type_of(f"{place}: entry {number}", one)
        if isinstance(kind, Problem):
            yield kind
            continue
        if entry.full_url and kind in fhir.READ:
            links[entry.full_url] = _named(kind, one, entry.full_url)
        found.append((kind, number, one, entry.full_url))
    for kind, group in groupby(sorted(found, key=lambda one: one[:2]), key=lambda one: one[0]):
        run = list(group)
        yield Block(place, kind, [n for _, n, _, _ in run], [d for _, _, d, _ in run], links, [u for _, _, _, u in run])


def _named(kind: str, data: bytes, url: str) -> str:
    try:
        known = _TYPED.decode(data).id
    except BROKEN:
        known = ""
    return f"{kind}/{known}" if known else plain_reference(url)


_TYPED = msgspec.json.Decoder(fhir.Typed)
_BUNDLE = msgspec.json.Decoder(fhir.Bundle)
