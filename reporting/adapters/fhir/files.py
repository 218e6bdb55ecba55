"""Files and folders of FHIR resources, one resource at a time with its place, never a whole export in memory.

A line, a resource or a file that cannot be read becomes a problem that names its place; the rest goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir.convert import plain_reference
from reporting.journal import Problem

#: The longest line and the largest Bundle that are read.
MAX_LINE = 16 * 1024 * 1024
MAX_BUNDLE = 512 * 1024 * 1024

_TYPE = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"')
_SUFFIXES = (".ndjson", ".jsonl", ".json")
#: What msgspec raises for bytes it cannot read, of any depth.
BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
#: No line starts with this.
_NO_PREFIX = b"\n\n"
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"{\0")


class Found(msgspec.Struct, frozen=True, gc=False):
    """One resource as it stands: its place, type and bytes; `links` resolves `urn:uuid` references in a Bundle."""

    place: str
    type: str
    data: bytes
    links: dict[str, str] | None = None
    url: str = ""


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


def read(path: Path) -> Iterator[Found | Problem]:
    """The resources of one file, in its order."""
    try:
        with path.open("rb") as file:
            if path.suffix == ".json":
                yield from _document(path, file)
            else:
                yield from _lines(path, file)
    except OSError as error:
        yield Problem(str(path), f"cannot be read: {error.strerror}")


def _lines(path: Path, file: BinaryIO) -> Iterator[Found | Problem]:
    name = str(path)
    prefix, known = _NO_PREFIX, ""
    for number, line in enumerate(_bounded(file), start=1):
        if line is None:
            yield Problem(f"{name}:{number}", f"the line is longer than {MAX_LINE // 1024 // 1024} MB and was left out")
            continue
        if number == 1:
            if _is_utf16(line):
                yield _utf16(name)
                return
            line = line.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901 (a byte order mark is no content)
        if not line.startswith(prefix):
            if line.isspace() or not line:
                continue
            kind = _type_of(f"{name}:{number}", line)
            if isinstance(kind, Problem):
                yield kind
                continue
            if kind == "Bundle":
                yield from _bundle(f"{name}:{number}", line)
                continue
            known = kind
            found = _TYPE.match(line)
            prefix = found.group(0) if found else _NO_PREFIX
        if not line.isascii() and (problem := _not_utf8(f"{name}:{number}", line)):
            yield problem
            continue
        yield Found(f"{name}:{number}", known, line)


def _bounded(file: BinaryIO) -> Iterator[bytes | None]:
    """Lines; None for one that is too long, which is passed over without being held."""
    while line := file.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE)
        yield None


def _type_of(place: str, line: bytes) -> str | Problem:
    found = _TYPE.match(line)
    if found:
        kind = found.group(1).decode("ascii")
    else:
        try:
            kind = _TYPED.decode(line).resource_type
        except BROKEN as error:
            return Problem(place, f"not a FHIR resource in JSON: {error}")
    return kind if kind in fhir.R4_TYPES else Problem(place, "an unknown resource type; FHIR R4 has none of this name")


def _not_utf8(place: str, line: bytes) -> Problem | None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return Problem(place, f"not UTF-8 at byte {error.start + 1} of the line")
    return None


def _document(path: Path, file: BinaryIO) -> Iterator[Found | Problem]:
    data = file.read(MAX_BUNDLE + 1)
    if len(data) > MAX_BUNDLE:
        yield Problem(str(path), f"larger than {MAX_BUNDLE // 1024 // 1024} MB; split it, or use NDJSON")
        return
    if _is_utf16(data):
        yield _utf16(str(path))
        return
    data = data.removeprefix(b"\xef\xbb\xbf")
    if _are_lines(data):
        file.seek(0)
        yield from _lines(path, file)  # NDJSON under another name
        return
    if problem := _not_utf8(str(path), data):
        yield problem
        return
    kind = _type_of(str(path), data)
    if isinstance(kind, Problem):
        yield kind
    elif kind == "Bundle":
        yield from _bundle(str(path), data)
    else:
        yield Found(str(path), kind, data)


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


def _bundle(place: str, data: bytes) -> Iterator[Found | Problem]:
    """The resources of a Bundle of any type (transaction, collection, searchset …; R4 2.36)."""
    try:
        bundle = _BUNDLE.decode(data)
    except BROKEN as error:
        yield Problem(place, f"the Bundle cannot be read: {error}")
        return
    links: dict[str, str] = {}
    found: list[Found] = []
    for number, entry in enumerate(bundle.entry, start=1):
        one = bytes(entry.resource)
        if not one:
            continue  # a deletion or a search outcome has no resource
        here = f"{place}: entry {number}"
        kind = _type_of(here, one)
        if isinstance(kind, Problem):
            yield kind
            continue
        if entry.full_url and kind in fhir.READ:
            links[entry.full_url] = _named(kind, one, entry.full_url)
        found.append(Found(here, kind, one, links, entry.full_url))
    yield from found


def _named(kind: str, data: bytes, url: str) -> str:
    try:
        known = _TYPED.decode(data).id
    except BROKEN:
        known = ""
    return f"{kind}/{known}" if known else plain_reference(url)


_TYPED = msgspec.json.Decoder(fhir.Typed)
_BUNDLE = msgspec.json.Decoder(fhir.Bundle)
