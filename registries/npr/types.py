"""What the receiver takes for a value of each type. Source: the data types named in the annotations of 53.1.3."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from registries.npr.model import Attribute

_DATE: Final = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_CLOCK: Final = r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_FORMS: Final[dict[str, str]] = {
    "digits1": r"\d",
    "digits2": r"\d{2}",
    "digits3": r"\d{3}",
    "digits4": r"\d{4}",
    "digits1-2": r"\d{1,2}",
    "digits1-3": r"\d{1,3}",
    "digits1-4": r"\d{1,4}",
    "digits1-5": r"\d{1,5}",
    "digits1-9": r"\d{1,9}",
    "digits1-10": r"\d{1,10}",
    "digits": r"\d+",
    "alphanumeric1-2": r"[a-zA-Z0-9æøåÆØÅ]{1,2}",
    "alphanumeric1-5": r"[a-zA-Z0-9æøåÆØÅ]{1,5}",
    "capital": r"[A-Z]",
    "year": r"(?:19|20)\d\d",
    "date": _DATE,
    "time": _DATE + _CLOCK,
    "phone": r"(?:\+47|0047)?(?: *\d *){8}",
    "email": r"[^\s@\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    "text20": r".{0,20}",
    "text100": r".{0,100}",
    "text": r".*",
}
_COMPILED: Final = {name: re.compile(form, re.ASCII) for name, form in _FORMS.items()}
TYPES: Final = frozenset(_FORMS)


def fits(kind: str, text: str) -> bool:
    """Whether a written value is of a type; raises KeyError for a type that is not one."""
    return _COMPILED[kind].fullmatch(text) is not None


def written(value: Attribute) -> str:
    """A value as the message has it; "" when nothing is said. Times are written without a zone, to the second."""
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return str(value)
