"""From the rows of a file to a checked classification: one form of each code, no duplicates, a sound hierarchy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from terminology.classifications import texts
from terminology.classifications.content import Content, Head, Row, Told
from terminology.classifications.hierarchy import by_prefix, without_loops
from terminology.codes import PREFIX_SYSTEMS, normalised, shown
from terminology.systems import Entry

#: The longest code in bytes of UTF-8; no code system comes near.
LONGEST: Final = 200


def assemble(head: Head, rows: Iterable[Row], told: Told) -> Content:
    """The content of one code system. What is wrong with a row is told, and the rest goes on.

    Left out: a row without a usable code, a code that stands twice (the row that is valid longest counts; rows that
    say the same of a code are put together), a parent that is not there, a step that makes a code its own ancestor,
    a period that ends before it begins. A code without any text is kept and told.
    """
    kept: dict[str, Row] = {}
    for row in rows:
        key = normalised(head.uri, row.code)
        if (wrong := _unusable(key)) is not None:
            told.tell(row.line, row.element, wrong)
        else:
            sound = _sound(row, told)
            kept[key] = _joined(kept[key], sound, key, told) if key in kept else sound
    for key, row in kept.items():
        if not row.designations:
            told.tell(row.line, row.element, f"{key} has no text")
    parents = _parents(head.uri, kept, told)
    return Content(head, tuple(_entry(head, key, kept[key], parents[key]) for key in sorted(kept)))


def _unusable(key: str) -> str | None:
    if not key:
        return "there is no code"
    if not key.isprintable():
        return "the code has characters that cannot be printed"
    if len(key.encode("utf-8", "replace")) > LONGEST:
        return f"the code is longer than {LONGEST} bytes"
    return None


def _sound(row: Row, told: Told) -> Row:
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        told.tell(row.line, row.element, "the period ends before it begins: both dates are left out")
        return replace(row, valid_from=None, valid_to=None)
    return row


def _joined(first: Row, second: Row, key: str, told: Told) -> Row:
    """Two rows of one code: put together when they agree, else the one that is valid longest."""
    if _says(first) == _says(second):
        return replace(
            first,
            designations=tuple(dict.fromkeys((*first.designations, *second.designations))),
            parents=(*first.parents, *second.parents),
            properties=_more(first.properties, second.properties),
        )
    told.tell(second.line, second.element, f"{key} stands here again (first at {first.line}): the longest valid counts")
    return max(first, second, key=lambda row: (row.valid_to or date.max, row.valid_from or date.min))


def _more(first: tuple[tuple[str, str], ...], second: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The properties of both rows. They are kept whole, so that a dose keeps its unit; a row that repeats adds none."""
    starts = range(len(first) - len(second) + 1)
    return first if any(first[at : at + len(second)] == second for at in starts) else (*first, *second)


def _says(row: Row) -> tuple[object, ...]:
    preferred = {one for one in row.designations if one.use == "preferred"}
    return preferred, row.active, row.valid_from, row.valid_to


def _parents(system: str, rows: Mapping[str, Row], told: Told) -> dict[str, tuple[str, ...]]:
    """The hierarchy that the file tells; when it tells none, the one that the codes carry in themselves."""
    said, closing = without_loops({key: _known(system, key, row, rows, told) for key, row in rows.items()})
    for key, parent in closing:
        told.tell(rows[key].line, rows[key].element, f"{parent} above {key} makes {key} its own ancestor")
    if system in PREFIX_SYSTEMS and not any(said.values()):
        of = by_prefix(system, rows)
        return {key: of(key) for key in rows}
    return said


def _known(system: str, key: str, row: Row, rows: Mapping[str, Row], told: Told) -> tuple[str, ...]:
    found = sorted({normalised(system, parent) for parent in row.parents} - {""})
    for parent in found:
        if parent not in rows:
            told.tell(row.line, row.element, f"the parent of {key} is not in the file")
    return tuple(parent for parent in found if parent in rows)


def _entry(head: Head, key: str, row: Row, parents: tuple[str, ...]) -> Entry:
    designations = texts.ordered(row.designations, head.language)
    return Entry(
        code=shown(head.uri, key),
        display=texts.display(designations, (head.language,)) or shown(head.uri, key),
        active=row.active,
        designations=designations,
        parents=tuple(shown(head.uri, parent) for parent in parents),
        properties=row.properties,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
