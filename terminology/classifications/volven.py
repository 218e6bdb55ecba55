"""Volven's code lists as one JSON object: `codes` holds a list for each number, a list is code and text.

Each list is a code system of its own: its number below the OID of Volven.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from terminology.classifications import texts
from terminology.classifications.content import Head, Row, Told
from terminology.codes import VOLVEN, uri_of
from terminology.snomed.problems import ImportRefused
from terminology.systems import Designation

_REVISION: Final = re.compile(r"@([0-9a-f]{7,40})\b")


class _Lists(msgspec.Struct):
    codes: dict[str, dict[str, str]]
    source: str = msgspec.field(name="_source", default="")


def is_volven(payload: bytes) -> bool:
    """Whether it has the shape."""
    try:
        msgspec.json.decode(payload, type=_Lists)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def read(payload: bytes, version: str | None, told: Told) -> Iterator[tuple[Head, Iterator[Row]]]:
    """Every list. One without a number is told and left out.

    The version is that of the source, when the file says it. Raises ImportRefused for another shape.
    """
    try:
        lists = msgspec.json.decode(payload, type=_Lists)
    except (msgspec.DecodeError, RecursionError):
        raise ImportRefused(f"{told.file}: not Volven lists as JSON") from None
    revision = _REVISION.search(lists.source)
    said = version or (revision[1] if revision else "")
    for number, codes in lists.codes.items():
        if re.fullmatch(r"[1-9]\d{0,5}", number):
            yield Head(uri_of(VOLVEN + number), said, f"Volven {number}", "nb"), _rows(codes, number)
        else:
            told.tell(0, "codes", "a list has no number")


def _rows(codes: dict[str, str], number: str) -> Iterator[Row]:
    for code, text in codes.items():
        term = texts.cleaned(text)
        designations = (Designation("nb", term, "preferred"),) if term else ()
        yield Row(code, designations, element=f"codes.{number}")
