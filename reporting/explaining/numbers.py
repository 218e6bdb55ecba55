"""Numbers and units as people write them: a comma in Norwegian, a point in English."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from reporting.texts import Text, catalogue, same, text

_SAID: Final = re.compile(r"^(<=|>=|<|>|ad|)(-?\d+(?:\.\d+)?(?:E[+-]?\d+)?)(?: (.*))?$")
#: UCUM writes the micro sign as `u`.
_MICRO: Final = re.compile(r"\bu(?=mol|g|L|m\b|U\b|kat|s\b)")
#: What UCUM's units are of stands in braces beside them; after a stroke the braces are the unit.
_OF: Final = re.compile(r"(?<=[^/])\{[^}]*\}")
#: What is counted or scored has no unit that people say.
_UNSAID: Final = re.compile(r"^(?:1|\{.*\}|)$")


def number(written: str | int | Decimal) -> Text:
    """A number: 80,5 and 80.5."""
    plain = str(written)
    return Text(nb=plain.replace(".", ","), en=plain)


def unit(ucum: str) -> Text:
    """A UCUM unit as people write it; empty for scores and counts."""
    if _UNSAID.match(ucum):
        return same("")
    return catalogue().get(f"unit.{ucum}") or same(_MICRO.sub("µ", _OF.sub("", ucum)))


def measured(written: str | int | Decimal, ucum: str = "") -> Text:
    """A number with its unit."""
    value, of = number(written), unit(ucum)
    return Text(nb=f"{value.nb} {of.nb}".strip(), en=f"{value.en} {of.en}".strip())


def split(said: str) -> tuple[str, str, str] | None:
    """Comparator, number and unit of what an entry said (see `Evidence.said`); None when that is no number."""
    found = _SAID.match(said)
    return (found[1], found[2], found[3] or "") if found else None


def said_words(said: str) -> Text:
    """A measurement as the journal has it; what is no measurement stands as it is."""
    parts = split(said)
    if parts is None:
        return same(said)
    comparator, value, ucum = parts
    bare = measured(value.removesuffix(".0"), ucum)  # sources read 38 as 38.0
    return Text(nb=comparator + bare.nb, en=comparator + bare.en)


def converted(said: str, ucum: str) -> bool:
    """Whether a measurement was made in another unit than this one."""
    parts = split(said)
    return parts is not None and unit(parts[2]).en != unit(ucum).en


def counted(key: str, count: int) -> Text:
    """A text that has a form for one (`key.one`) and one for more (`key.many`)."""
    return text(f"{key}.one" if count == 1 else f"{key}.many", number=count)
