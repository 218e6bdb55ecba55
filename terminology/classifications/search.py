"""Finding codes by the beginnings of words, in any order, and by the beginning of the code itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from terminology import fold
from terminology.classifications.model import Classification, today
from terminology.classifications.tables import WIDEST_WORD, Tables, place_of
from terminology.codes import ICD10
from terminology.snomed.sctid import Bools, Ints
from terminology.systems import Entry

#: An ICD-10 code with its dot is one word.
_DOTTED: Final = re.compile(r"\b([A-Za-z]\d\d)\.(?=\w)")


@dataclass(frozen=True, slots=True)
class Found:
    """How many codes were found, and the best of them in order."""

    total: int
    entries: tuple[Entry, ...]


def search(
    classification: Classification, text: str, limit: int = 20, languages: Sequence[str] = ("nb", "nn", "en")
) -> Found:
    """The codes that have every word of `text` as the beginning of a word, in their names, inclusions or code.

    First come active codes, then those in which more of the words are whole words, then those with the shortest
    display text. A text without a word finds nothing.
    """
    tables = classification.tables
    wanted = list(dict.fromkeys(fold.words(_DOTTED.sub(r"\1", text) if classification.uri == ICD10 else text)))
    if not wanted:
        return Found(0, ())
    found = np.flatnonzero(np.logical_and.reduce([_beginning(tables, word) for word in wanted]))
    best = _ranked(tables, found, wanted)[:limit]
    return Found(len(found), tuple(classification.entry_at(one, languages) for one in best.tolist()))


def _beginning(tables: Tables, word: str) -> Bools:
    """The codes that have a word beginning with `word`."""
    begin = word.encode()[:WIDEST_WORD]
    end = begin.ljust(WIDEST_WORD, b"\xff")
    bounds = np.array([begin, end], dtype=tables.words.dtype)
    first, last = np.searchsorted(tables.words, bounds).tolist()
    if len(begin) == WIDEST_WORD and last < len(tables.words) and tables.words[last] == begin:
        last += 1
    hit = np.zeros(len(tables.keys), dtype=np.bool_)
    hit[tables.postings[tables.posting_starts[first] : tables.posting_starts[last]]] = True
    return hit


def _ranked(tables: Tables, found: Ints, wanted: Sequence[str]) -> Ints:
    whole = np.zeros(len(tables.keys), dtype=np.int64)
    for word in wanted:
        place = place_of(tables.words, word.encode()[:WIDEST_WORD])
        if place is not None:
            whole[tables.found.of(place)] += 1
    order = np.lexsort((found, tables.size[found], -whole[found], ~tables.in_use(today())[found]))
    ranked: Ints = found[order]
    return ranked
