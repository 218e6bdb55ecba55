"""Reading a classification, whatever its format: the content tells which it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from terminology.classifications import claml, delimited, fhir, loinc, volven
from terminology.classifications.assemble import assemble
from terminology.classifications.content import Content, Head, Row, Told
from terminology.classifications.delimited import Wanted
from terminology.classifications.model import Classification, classification_of
from terminology.classifications.sources import Source, sources
from terminology.classifications.xml import root_name
from terminology.codes import VOLVEN, short_name, uri_of
from terminology.snomed.problems import ImportRefused, Problem

_RF2: Final = re.compile(r"[xz]?(?:sct|der)2?_.+_\d{8}\.txt")
_VERSION: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[-_.]?[01]\d[-_.]?[0-3]\d)?(?!\d)|(?<!\d)72\d\d\.\d+(?!\d)")

#: A code system as a loader gives it.
_Read = tuple[Head, Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a path holds: classifications in memory, and what was left out of them."""

    classifications: tuple[Classification, ...]
    problems: tuple[Problem, ...]


def is_rf2(path: Path) -> bool:
    """Whether a file, folder or archive holds files of a SNOMED CT release (RF2), which has its own importer."""
    try:
        return any(_RF2.fullmatch(source.name) for source in sources(path))
    except (FileNotFoundError, ImportRefused):
        return False


def load(path: Path, wanted: Wanted = Wanted()) -> Loaded:  # noqa: B008 – frozen
    """Every classification in a file, folder or zip archive; the format is told by the content.

    `wanted` says what the file does not: code system (URI, OID or short name), version, columns.
    Raises FileNotFoundError; ImportRefused when the path holds no classification, or one that cannot be read.
    """
    files, wanted = sources(path), _spelt(wanted)
    table = loinc.table_in(files)
    if table is not None:
        told = Told(table.name)
        contents = [_assembled(loinc.read(files, wanted.version, told), told)]
        return _loaded(contents, told.problems)
    contents, problems = [], []
    for source in files:
        told = Told(source.name)
        try:
            contents += [_assembled(one, told) for one in _read(source, wanted, told)]
        except ImportRefused as refused:
            if len(files) == 1:
                raise
            told.tell(0, "file", str(refused))  # a grammar or a letter beside the classification
        problems += told.problems
    return _loaded(contents, problems)


def _spelt(wanted: Wanted) -> Wanted:
    system = uri_of(wanted.system) if wanted.system else None
    if system and ":" not in system:
        raise ImportRefused(f"{system} is neither the URI, the OID nor the short name of a code system")
    return Wanted(system, wanted.version, wanted.columns)


def _assembled(found: _Read, told: Told) -> Content:
    head, rows = found
    return assemble(head, rows, told)


def _loaded(contents: Iterable[Content], problems: list[Problem]) -> Loaded:
    """One classification for each code system and version; names are told apart."""
    by_release: dict[tuple[str, str], Content] = {}
    for content in contents:
        release = content.head.uri, content.head.version
        if not content.entries:
            problems.append(Problem(content.head.uri, 0, "code system", "there are no codes in it"))
        elif by_release.setdefault(release, content) is not content:
            problems.append(Problem(content.head.uri, 0, "code system", "it is there twice: the first counts"))
    if not by_release:
        what = f": {problems[0]}" if problems else ", and no SNOMED CT release in RF2"
        raise ImportRefused(f"there is no classification{what}")
    made = tuple(classification_of(content, default_name(content.head)) for content in by_release.values())
    return Loaded(made, tuple(problems))


def default_name(head: Head) -> str:
    """The name a classification has in the store when nobody gives one: `icd10-2025`, `volven-8406`."""
    short = short_name(head.uri)
    if head.uri.startswith(VOLVEN) and short == head.uri:
        short = f"volven-{head.uri.removeprefix(VOLVEN)}"
    elif short == head.uri:
        short = re.split("[/:]", head.uri.rstrip("/"))[-1]
    return slug(f"{short}-{head.version}" if head.version else short).lower()


def slug(text: str) -> str:
    """`text` as a name in the store: letters, digits, dot, dash and underscore."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:100]
    return plain or "classification"


def _read(source: Source, wanted: Wanted, told: Told) -> Iterator[_Read]:
    start = source.head().removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        yield _xml(source, start, wanted, told)
    elif start.startswith(b"PK") or b"\x00" in start:
        raise ImportRefused(f"{source.name}: neither text, XML nor JSON; save a spreadsheet as text with separators")
    elif start.startswith((b"{", b"[")):
        with source.open() as stream:
            payload = stream.read().removeprefix(b"\xef\xbb\xbf")
        yield from _json(payload, _dated(wanted, source) if start.startswith(b"[") else wanted, told)
    else:
        with delimited.delimited(source, told) as table:
            yield from delimited.read(table, _dated(wanted, source), told)


def _xml(source: Source, start: bytes, wanted: Wanted, told: Told) -> _Read:
    root = root_name(start)
    if root != "ClaML":
        raise ImportRefused(f"{source.name}: XML of {root or 'no kind'} is not read; ClaML is")
    return claml.read(source, wanted.system, wanted.version, told)


def _json(payload: bytes, wanted: Wanted, told: Told) -> Iterator[_Read]:
    if payload.lstrip().startswith(b"["):
        return delimited.read(delimited.json_rows(payload, told), wanted, told)
    if volven.is_volven(payload):
        return volven.read(payload, wanted.version, told)
    return fhir.read(payload, wanted.system, wanted.version, told)


def _dated(wanted: Wanted, source: Source) -> Wanted:
    """A table says no version itself; its publisher writes the year, or NLK's number, into the file's name."""
    said = _VERSION.search(source.name)
    return wanted if wanted.version or not said else Wanted(wanted.system, said[0], wanted.columns)
