"""Semantic tags: what stands in the last brackets of a fully specified name (SNOMED CT Editorial Guide)."""

from __future__ import annotations

from typing import Final

import numpy as np

from terminology.snomed import ids
from terminology.snomed.arrays import Texts, pack
from terminology.snomed.descriptions import Descriptions
from terminology.snomed.sctid import Ints
from terminology.snomed.search.slices import first_of_each, number_slices

_OPEN: Final = ord("(")
_CLOSE: Final = ord(")")


def number_tags(table: Descriptions, concepts: int) -> tuple[Ints, Texts]:
    """The number of the tag of each concept (by ordinal) in the texts returned; number 0 is no tag, "".

    Of several fully specified names the active one counts, of several active ones that in English.
    """
    names = np.flatnonzero(table.type == ids.FSN)
    english = table.languages.index("en") if "en" in table.languages else -1
    # Where a concept has several, the last one written stays: the best one, and of these the first row.
    best = np.lexsort((-names, table.language[names] == english, table.active[names]))
    row = np.full(concepts, -1, dtype=np.int64)
    row[table.concept[names[best]]] = names[best]
    # The length at the end is for concepts without a name, whose row is -1.
    named = np.flatnonzero(np.append(np.diff(table.terms.starts), 0)[row])
    starts, lengths = _last_brackets(table.terms, row[named])
    tagged, starts, lengths = named[lengths > 0], starts[lengths > 0], lengths[lengths > 0]
    number, shown = first_of_each(number_slices(table.terms.blob, starts, lengths))
    numbers = np.zeros(concepts, dtype=np.int32)
    numbers[tagged] = number + 1
    spans = zip(starts[shown].tolist(), (starts + lengths)[shown].tolist(), strict=True)
    return numbers, pack(["", *(table.terms.blob[a:b].tobytes().decode() for a, b in spans)])


def _last_brackets(terms: Texts, rows: Ints) -> tuple[Ints, Ints]:
    """Where the text in the last brackets of each row begins, and its length; 0 where a row ends otherwise."""
    if not len(rows):
        return rows, rows
    begin, end = terms.starts[rows], terms.starts[rows + 1]
    opened = np.concatenate(([-1], np.flatnonzero(terms.blob == _OPEN)))
    last = opened[np.searchsorted(opened, end) - 1]
    whole = (last >= begin) & (terms.blob[end - 1] == _CLOSE)
    return last + 1, np.where(whole, end - last - 2, 0)
