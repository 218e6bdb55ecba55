"""Reads OpenQReg's klokebok. Each row that is broken is told by its line and left out; the rest goes on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from registries.codebooks import Choice, Codebook, CodebookError, Field, FieldType, Form, Problem, Read
from registries.codebooks.openqreg import COLUMNS, TYPES
from registries.codebooks.openqreg_cells import Broken, count_in, dates_in, day_in, flag_in, numbers_in, text_in

_REQUIRED: Final = ("skjemanavn", "ledetekst", "type", "variabel_id")


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    form: str
    field: Field
    choice: Choice | None
    introduced: date | None
    phased_out: date | None


def read(content: bytes, file: str) -> Read:
    """A klokebok, UTF-8 with or without a byte order mark. A broken row is told and left out; the rest goes on.

    Raises:
        CodebookError: it is not UTF-8, or has no header with the columns that every field needs.
    """
    try:
        lines = list(io.StringIO(content.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError as error:
        at = content[: error.start].count(b"\n") + 1
        raise CodebookError(f"{file}:{at}: not UTF-8; save the codebook as “CSV UTF-8”") from error
    problems: list[Problem] = []
    records = _records(lines, file, problems)
    _, header = next(records, (1, ()))
    if missing := [name for name in _REQUIRED if name not in header]:
        raise CodebookError(f"{file}:1: no OpenQReg codebook: there is no column {', '.join(missing)}")
    if len(set(header)) < len(header):
        raise CodebookError(f"{file}:1: a column stands there twice")
    if unknown := [name for name in header if name not in COLUMNS]:
        problems.append(Problem(file, "1", f"columns that are not read: {', '.join(unknown)}", left_out=False))
    rows = list(_rows(records, header, file, problems))
    title = file.removesuffix(".csv")
    return Read(Codebook(title, _forms(rows, file, problems)), tuple(sorted(problems, key=_line)))


def _line(problem: Problem) -> int:
    return int(problem.place.partition(":")[0])


def _records(lines: Sequence[str], file: str, problems: list[Problem]) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows with the line each begins on. A quote that nothing closes spoils its own line and no other."""
    at = 0
    while at < len(lines):
        reader = csv.reader(lines[at:], delimiter=";", strict=True)
        begin = at
        try:
            for cells in reader:
                if cells:
                    yield begin + 1, cells
                begin = at + reader.line_num
            return
        except csv.Error as error:
            problems.append(Problem(file, str(begin + 1), f"not a row of a table: {error}"))
            at = begin + 1


def _rows(
    records: Iterator[tuple[int, Sequence[str]]], header: Sequence[str], file: str, problems: list[Problem]
) -> Iterator[_Row]:
    for line, cells in records:
        if len(cells) != len(header):
            problems.append(Problem(file, str(line), f"{len(cells)} cells where the header has {len(header)}"))
            continue
        try:
            yield _row(line, dict(zip(header, cells, strict=True)))
        except Broken as broken:
            column, text = broken.args
            problems.append(Problem(file, f"{line}: {column}", text))


def _row(line: int, cells: Mapping[str, str]) -> _Row:
    form, name = cells["skjemanavn"].strip(), cells["variabel_id"].strip()
    for column, value in (("skjemanavn", form), ("variabel_id", name)):
        if not value:
            raise Broken(column, "is empty")
    kind = TYPES.get(cells["type"].strip())
    if kind is None:
        raise Broken("type", f"there is no type {cells['type']!r}; known are {', '.join(TYPES)}")
    decimals = count_in(cells, "desimaler")
    if decimals is not None and kind != "decimal":
        raise Broken("desimaler", f"a {cells['type']} has no decimals")
    if decimals == 0:
        kind, decimals = "integer", None
    made = Field(
        id=name,
        label=cells["ledetekst"].strip(),
        type=kind,
        required=flag_in(cells, "obligatorisk"),
        help=text_in(cells, "hjelpetekst"),
        comment=text_in(cells, "kommentar"),
        table=text_in(cells, "tabell"),
        column=text_in(cells, "fysisk_feltnavn"),
        report_name=text_in(cells, "navn_i_rapporteket"),
        normal=numbers_in(cells, "normalintervall"),
        limits=numbers_in(cells, "maksintervall"),
        normal_dates=dates_in(cells, "normalintervall"),
        limit_dates=dates_in(cells, "maksintervall"),
        length=count_in(cells, "antall_tegn"),
        characters=cells.get("lovlige_tegn", ""),
        decimals=decimals,
        activates=flag_in(cells, "aktiveringsspoersmaal"),
        activated=flag_in(cells, "underspoersmaal"),
    )
    return _Row(line, form, made, _choice(cells, kind), day_in(cells, "innfoert_dato"), day_in(cells, "utfaset_dato"))


def _choice(cells: Mapping[str, str], kind: FieldType) -> Choice | None:
    code, label = text_in(cells, "listeverdier"), text_in(cells, "listetekst")
    if kind == "choice" and label and not code:
        raise Broken("listeverdier", f"the value {label!r} has no code")
    if kind != "choice" and (code or label):
        raise Broken("listeverdier", f"a {cells['type']} has no list of values")
    return Choice(code, label) if code else None


def _forms(rows: Sequence[_Row], file: str, problems: list[Problem]) -> tuple[Form, ...]:
    forms: dict[str, dict[str, list[_Row]]] = {}
    for row in rows:
        forms.setdefault(row.form, {}).setdefault(row.field.id, []).append(row)
    return tuple(
        Form(name, tuple(_field(rows_of, file, problems) for rows_of in fields.values()))
        for name, fields in forms.items()
    )


def _field(rows: Sequence[_Row], file: str, problems: list[Problem]) -> Field:
    """One field of its rows. A day that all rows share is the field's; days that differ are the values' own."""
    first = rows[0]
    kept = [row for row in rows if _fits(row, rows, file, problems)] or [first]
    introduced = _shared([row.introduced for row in kept])
    phased_out = _shared([row.phased_out for row in kept])
    choices = tuple(
        replace(
            row.choice,
            introduced=None if introduced else row.introduced,
            phased_out=None if phased_out else row.phased_out,
        )
        for row in kept
        if row.choice
    )
    return replace(first.field, choices=choices, introduced=introduced, phased_out=phased_out)


def _fits(row: _Row, rows: Sequence[_Row], file: str, problems: list[Problem]) -> bool:
    """Whether a row adds to its field; what it says against the rows before it is told."""
    first, name = rows[0], row.field.id
    if row.field != first.field:
        text = f"says something else about {name} than line {first.line}, which counts"
        problems.append(Problem(file, str(row.line), text, left_out=False))
    if row.choice is None:
        if len(rows) > 1:
            problems.append(Problem(file, str(row.line), f"{name} has several rows, and this one has no value"))
        return len(rows) == 1
    earlier = [one.choice for one in rows if one.line < row.line and one.choice and one.choice.code == row.choice.code]
    if row.choice in earlier:
        problems.append(Problem(file, f"{row.line}: listeverdier", f"{row.choice.code!r} stands in {name} already"))
        return False
    if earlier:
        text = f"{row.choice.code!r} already means {earlier[0].label!r} in {name}"
        problems.append(Problem(file, f"{row.line}: listeverdier", text, left_out=False))
    return True


def _shared(days: Sequence[date | None]) -> date | None:
    return days[0] if len(set(days)) == 1 else None
