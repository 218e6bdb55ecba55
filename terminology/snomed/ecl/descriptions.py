"""Description filters: concepts with a description for which all filters of a block hold (ECL 2.2, 6.8)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from terminology import fold
from terminology.snomed import ids
from terminology.snomed.arrays import Texts, gather
from terminology.snomed.descriptions import Descriptions
from terminology.snomed.ecl.ast import (
    ActiveFilter,
    DescriptionFilter,
    DescriptionFilters,
    DescriptionIdFilter,
    Dialect,
    DialectFilter,
    EffectiveTimeFilter,
    LanguageFilter,
    ModuleFilter,
    SearchTerm,
    TermFilter,
    TypeFilter,
    TypeIdFilter,
)
from terminology.snomed.ecl.dialects import refset_of
from terminology.snomed.ecl.substrate import Concepts, agree, among, at_times, sctids
from terminology.snomed.ecl.terms import NORDIC, Piece, found_in, plain, words_of
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.search.engine import words_matching
from terminology.snomed.search.index import SearchIndex
from terminology.snomed.view import Release

_TYPES: Final = {"fsn": ids.FSN, "syn": ids.SYNONYM, "def": ids.DEFINITION}
_ACCEPTABILITIES: Final = {"preferred": ids.PREFERRED, "acceptable": 900000000000549004}
#: So few terms are read without asking the index.
_FEW: Final = 500


def of_descriptions(release: Release, concepts: Concepts, block: DescriptionFilters, found: Bools) -> Bools:
    """Those of `found` with one description for which all filters hold.

    It is an active one, unless a filter is about that; a concept of any status may have it (6.8, active filter).
    """
    table = release.descriptions_rows
    filters: list[DescriptionFilter] = list(block.filters)
    if not any(isinstance(one, ActiveFilter) for one in filters):
        filters.insert(0, ActiveFilter(True))
    rows = _rows(table, found)
    for one in sorted(filters, key=lambda one: isinstance(one, TermFilter)):
        rows = rows[_holds(release, concepts, one, rows)]
    having = np.zeros(len(found), dtype=np.bool_)
    having[table.concept[rows]] = True
    return having


def _rows(table: Descriptions, found: Bools) -> Ints:
    """The description rows of concepts."""
    concepts = np.flatnonzero(found)
    if len(concepts) * 10 > len(found):
        return np.flatnonzero(found[table.concept])
    begin = table.starts[concepts]
    return gather(np.arange(len(table.concept)), begin, table.starts[concepts + 1] - begin)


def _holds(release: Release, concepts: Concepts, one: DescriptionFilter, rows: Ints) -> Bools:
    table = release.descriptions_rows
    match one:
        case TermFilter(order, terms):
            return agree(_terms_hold(release, terms, rows), order)
        case LanguageFilter(order, codes):
            spoken = np.array([language.lower() in codes for language in table.languages], dtype=np.bool_)
            return agree(spoken[table.language[rows]], order)
        case TypeFilter(order, types):
            return among(table.type[rows], order, np.array([_TYPES[name] for name in types]))
        case TypeIdFilter(order, of):
            return among(table.type[rows], order, sctids(release, concepts, of))
        case DialectFilter(order, dialects):
            return agree(_in_dialects(release, concepts, dialects)[rows], order)
        case DescriptionIdFilter(order, wanted):
            return among(table.id[rows], order, np.array(wanted))
        case ModuleFilter(order, of):
            return among(table.module[rows], order, sctids(release, concepts, of))
        case EffectiveTimeFilter(order, times):
            return at_times(table.time[rows], order, times)
        case ActiveFilter(active):
            found: Bools = table.active[rows]
            return found if active else ~found


def _in_dialects(release: Release, concepts: Concepts, dialects: Iterable[Dialect]) -> Bools:
    """Which descriptions are in one of the language reference sets, with an acceptability wanted there."""
    table = release.descriptions_rows
    found = np.zeros(len(table.concept), dtype=np.bool_)
    for one in dialects:
        refsets = (
            np.array([refset_of(one.refset)]) if isinstance(one.refset, str) else sctids(release, concepts, one.refset)
        )
        places = np.flatnonzero(among(table.language_refset, "=", refsets))
        if one.acceptability:
            wanted = [_ACCEPTABILITIES[how] if isinstance(how, str) else how.sctid for how in one.acceptability]
            places = places[among(table.language_acceptability[places], "=", np.array(wanted))]
        found[np.searchsorted(table.language_starts, places, side="right") - 1] = True
    return found


def _terms_hold(release: Release, terms: Iterable[SearchTerm], rows: Ints) -> Bools:
    found = np.zeros(len(rows), dtype=np.bool_)
    for term in terms:
        open_ = np.flatnonzero(~found)
        found[open_] = _fits(release, term, rows[open_])
    return found


def _fits(release: Release, term: SearchTerm, rows: Ints) -> Bools:
    """Which rows a search term fits; the search index leaves few of them to be read."""
    table = release.descriptions_rows
    found = np.zeros(len(rows), dtype=np.bool_)
    nordic = _nordic(table)[rows]
    if len(rows) <= _FEW:
        doubtful = np.arange(len(rows))
    elif term.kind == "match" and plain(term.text):
        found = words_matching(release, [term.text])[rows]
        doubtful = np.flatnonzero(~nordic & ~found & words_matching(release, [term.text], loose=True)[rows])
    else:
        doubtful = np.flatnonzero(_may_fit(release, words_of(term))[rows])
    texts = table.terms.of_many(rows[doubtful])
    found[doubtful] = [found_in(term, *one) for one in zip(texts, nordic[doubtful].tolist(), strict=True)]
    return found


def _nordic(table: Descriptions) -> Bools:
    """Which descriptions are in a language with the Nordic letters."""
    found: Bools = np.array([language.lower() in NORDIC for language in table.languages], dtype=np.bool_)
    return found[table.language]


def _may_fit(release: Release, pieces: Iterable[Piece]) -> Bools:
    """Which descriptions have words with these pieces, or with letters that the pieces may find."""
    found = np.ones(len(release.descriptions_rows.concept), dtype=np.bool_)
    for piece in pieces:
        if piece.begins:
            found &= words_matching(release, [piece.text], loose=True)
        else:
            found &= _within_words(release.search_index, piece.text)
    return found


def _within_words(index: SearchIndex, piece: str) -> Bools:
    """Which descriptions have a word with this piece anywhere, marks of Nordic letters aside."""
    marked = index.loose_word[_having(index.loose, fold.loose(piece))]
    words = np.union1d(_having(index.words, fold.sortable(piece)), marked)
    found = np.zeros(len(index.row), dtype=np.bool_)
    found[index.row[index.postings.of_many(words)]] = True
    return found


def _having(words: Texts, piece: str) -> Ints:
    """The places of the packed words with this piece, once or more."""
    places = [found.start() for found in re.finditer(re.escape(piece.encode()), words.blob.tobytes())]
    return np.searchsorted(words.starts, np.array(places, dtype=np.int64), side="right") - 1
