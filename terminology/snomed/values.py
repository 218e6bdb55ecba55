"""The values of concrete relationships (RF2 specification 4.2.3.2: numbers after `#`, strings in quotes)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NUMBER: Final = re.compile(r"#?([+-]?[0-9]+(?:\.[0-9]+)?)")
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_TRUTH: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Value:
    """A concrete value: exactly one of the three is there."""

    number: float | None = None
    text: str | None = None
    truth: bool | None = None


def value_of(written: str) -> Value | None:
    """The value of a concrete relationship as it is written in RF2; None when it is none."""
    if number := _NUMBER.fullmatch(written):
        return Value(number=float(number[1]))
    if text := _STRING.fullmatch(written):
        return Value(text=re.sub(r"\\(.)", r"\1", text[1], flags=re.DOTALL))
    truth = _TRUTH.get(written.removeprefix("#").lower())
    return None if truth is None else Value(truth=truth)
