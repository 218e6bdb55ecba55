"""Tables of codes: text with separators, and JSON lists of rows; which column is what stands in `layouts`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

import msgspec

from terminology.classifications import texts
from terminology.classifications.content import Head, Row, Told
from terminology.classifications.dates import as_date
from terminology.classifications.layouts import TEXTS, TITLES, Columns, Layout, header_key, layout_of
from terminology.classifications.sources import Source
from terminology.codes import SYSTEMS, canonical_system
from terminology.snomed.problems import ImportRefused
from terminology.systems import Designation

_SEPARATORS: Final = ";\t,|"
_INACTIVE: Final = frozenset({"inactive", "retired", "deprecated", "utgått", "ugyldig", "inaktiv"})


@dataclass(frozen=True, slots=True)
class Table:
    """The headers of a table and its rows, each with its line and its cells by header."""

    headers: tuple[str, ...]
    rows: Iterator[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user says of a file; None where the file is to say it."""

    system: str | None = None
    version: str | None = None
    columns: Columns | None = None


class _Records(Protocol):
    """A csv reader."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


@contextmanager
def delimited(source: Source, told: Told) -> Iterator[Table]:
    """A text with a header line and a separator of its own. Rows with more cells than headers are told and left out.

    Raises ImportRefused for a text without a header line.
    """
    with source.text() as stream:
        first = stream.readline().rstrip("\r\n")
        separator = max(_SEPARATORS, key=first.count)
        headers = tuple(cell.strip() for cell in next(csv.reader([first], delimiter=separator), []))
        if not any(headers):
            raise ImportRefused(f"{source.name}: there is no header line")
        yield Table(headers, _cells(csv.reader(stream, delimiter=separator), headers, told))


def json_rows(payload: bytes, told: Told) -> Table:
    """A JSON list of objects with text values, as the Directorate of Health gives its code files.

    Raises ImportRefused when it is none, or has no such objects.
    """
    try:
        listed = msgspec.json.decode(payload, type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        raise ImportRefused(f"{told.file}: not a JSON list") from None
    rows = [(line, row) for line, raw in enumerate(listed, 1) if (row := _object(raw, line, told)) is not None]
    if not rows:
        raise ImportRefused(f"{told.file}: the list has no objects with simple values")
    return Table(tuple(dict.fromkeys(header for _, row in rows for header in row)), iter(rows))


def read(table: Table, wanted: Wanted, told: Told) -> Iterator[tuple[Head, Iterator[Row]]]:
    """The code systems of a table: one, or one for each name in its system column.

    Raises ImportRefused when the columns, or the code system, cannot be told.
    """
    layout = Layout("given", frozenset(), wanted.columns) if wanted.columns else layout_of(table.headers)
    if layout is None:
        raise ImportRefused(f"{told.file}: no column is known to hold the code: say which columns are what")
    fields = _fields(layout, table.headers)
    if "code" not in fields.values():
        raise ImportRefused(f"{told.file}: the column for the code is not there")
    default = wanted.system or layout.system or _system_in(told.file)
    by_system: dict[str, list[Row]] = {}
    for line, cells in table.rows:
        system = _system(cells, fields, wanted.system, default, told, line)
        if system is not None:
            by_system.setdefault(system, []).append(_row(cells, fields, layout, line, told))
    for system, rows in by_system.items():
        yield Head(system, wanted.version or "", TITLES.get(system, system), layout.language), iter(rows)


def _cells(lines: _Records, headers: Sequence[str], told: Told) -> Iterator[tuple[int, Mapping[str, str]]]:
    for line, cells in _guarded(lines, told):
        if len(cells) > len(headers):
            told.tell(line, "row", f"{len(cells)} cells under {len(headers)} headers")
        elif any(cell.strip() for cell in cells):
            yield line, dict(zip(headers, cells, strict=False))


def _guarded(lines: _Records, told: Told) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each begins on; one that cannot be read is told."""
    line, records = 2, iter(lines)
    while True:
        try:
            cells = next(records)
        except StopIteration:
            return
        except csv.Error:
            told.tell(line, "row", "the row cannot be read: is a quotation mark never closed?")
        else:
            yield line, cells
        line = lines.line_num + 2


def _object(raw: msgspec.Raw, line: int, told: Told) -> dict[str, str] | None:
    try:
        found = msgspec.json.decode(raw, type=dict[str, str | int | float | bool | None])
    except (msgspec.DecodeError, RecursionError):
        told.tell(line, "row", "not an object with simple values")
        return None
    return {name: "" if value is None else str(value) for name, value in found.items()}


def _fields(layout: Layout, headers: Iterable[str]) -> dict[str, str]:
    """Each header with the field it is; headers of no field are left out."""
    by_key = {header_key(header): header for header in headers}
    found: dict[str, str] = {}
    for field, names in layout.columns.items():
        for name in names:
            header = by_key.get(header_key(name))
            if header is not None:
                found.setdefault(header, field)
                break
    return found


def _system(
    cells: Mapping[str, str],
    fields: Mapping[str, str],
    given: str | None,
    default: str | None,
    told: Told,
    line: int,
) -> str | None:
    """The code system of a row. A system column that names none that is known leaves the row out, told once a name."""
    named = next((cells.get(header, "").strip() for header, field in fields.items() if field == "system"), "")
    if named and given is None:
        found = canonical_system(named) or SYSTEMS.get(header_key(named))
        if found is None:
            text = f"rows of code system {named[:40]} are left out: it is not known"
            if not any(problem.text == text for problem in told.problems):
                told.tell(line, "row", text)
        return found
    if default is None:
        raise ImportRefused(f"{told.file} does not say which code system it is: give its URI or OID")
    return default


def _system_in(name: str) -> str | None:
    """The code system that a file is named after, when it is exactly one: ICD-10 in `icd10_2025.csv`."""
    found = {SYSTEMS[short] for short, pattern in _FILE_NAMES.items() if pattern.search(name.lower())}
    return found.pop() if len(found) == 1 else None


_FILE_NAMES: Final = {
    short: re.compile(r"(?<![a-z0-9])" + re.sub(r"(\d+)", r"[-_ ]?\1", short) + r"(?![a-z0-9])")
    for short in ("icd10", "icpc2", "atc", "ncsp", "ncmp", "ncrp", "nkpk", "nlk")
}


def _row(cells: Mapping[str, str], fields: Mapping[str, str], layout: Layout, line: int, told: Told) -> Row:
    said: dict[str, list[str]] = {}
    designations, properties = [], []
    for header, cell in cells.items():
        value, field = texts.cleaned(cell), fields.get(header)
        name, _, language = (field or "").partition("@")
        if value and name in TEXTS:
            designations.append(Designation(language or layout.language, value, TEXTS[name]))  # type: ignore[arg-type]
        elif value and field:
            said.setdefault(field, []).append(value)
        elif value:
            properties.append((header, value))
    return Row(
        code=" ".join(said.get("code", ())),
        designations=tuple(_names(designations)),
        parents=tuple(said.get("parent", ())),
        properties=tuple(properties),
        active=not any(one.casefold() in _INACTIVE for one in said.get("status", ())),
        valid_from=_date(said, "from", line, told),
        valid_to=_date(said, "to", line, told),
        line=line,
    )


def _names(designations: list[Designation]) -> Iterator[Designation]:
    """A short text that says the same as the long one says nothing."""
    preferred = {(one.language, one.term) for one in designations if one.use == "preferred"}
    return (one for one in designations if one.use == "preferred" or (one.language, one.term) not in preferred)


def _date(said: Mapping[str, Sequence[str]], field: str, line: int, told: Told) -> date | None:
    try:
        return as_date(said[field][0]) if field in said else None
    except ValueError:
        told.tell(line, field, "not a date")
        return None
