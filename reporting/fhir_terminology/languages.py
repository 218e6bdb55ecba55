"""Which languages a request reads, most wanted first (BCP 47 tags; HTTP Accept-Language)."""

from __future__ import annotations

import re
from typing import Final

_ENTRY: Final = re.compile(r"\s*([A-Za-z*][A-Za-z0-9*-]*)\s*(?:;\s*q=([0-9.]+))?\s*")


def languages(*said: str) -> tuple[str, ...]:
    """The tags of the first non-empty text of `said`, by weight; those of weight 0 and `*` are left out."""
    weighted = []
    for entry in next(filter(None, said), "")[:1000].split(","):
        found = _ENTRY.fullmatch(entry)
        if found and found[1] != "*":
            weighted.append((_weight(found[2]), found[1]))
    wanted = sorted((pair for pair in weighted if pair[0] > 0), key=lambda pair: -pair[0])
    return tuple(dict.fromkeys(tag for _, tag in wanted))


def _weight(text: str | None) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 1.0


def covers(wanted: str, tag: str) -> bool:
    """Whether a text in `tag` is in the wanted language: en covers en-GB, not the other way round."""
    wanted, tag = wanted.lower(), tag.lower()
    return tag == wanted or tag.startswith(wanted + "-")
