"""Search in the terms of a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from terminology import fold
from terminology.snomed.arrays import ordinals
from terminology.snomed.descriptions import READING_ORDER
from terminology.snomed.sctid import Bools
from terminology.snomed.search.index import SearchIndex, Small
from terminology.snomed.search.marks import Span, marks
from terminology.snomed.search.rank import Ranked, best_of_concepts, count_concepts, rank, static_points
from terminology.snomed.search.spelling import meant, mistakes_in
from terminology.snomed.search.tokens import LONGEST
from terminology.snomed.search.wanted import Wanted, exactly, standing

if TYPE_CHECKING:
    from terminology.snomed.view import Release

_MOST_LETTERS: Final = 10_000
_MOST_WORDS: Final = 128
_MOST_CORRECTED: Final = 4
_MOST_JOINED: Final = 8
_FEW: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class SearchOptions:
    """How to search.

    `languages`: whose descriptions are searched, the first one preferred. `within`: the concepts to search, as one
    truth value for each ordinal or as identifiers; None for all. `semantic_tags`: of the fully specified name, as
    written in its brackets; none for all. `active`: only active descriptions of active concepts. `fold`: å, ä and æ
    are a, ø and ö are o. `fuzzy`: look for misspelt words when the query as it is finds nothing or nearly nothing.
    """

    languages: tuple[str, ...] = READING_ORDER
    within: Bools | frozenset[int] | None = None
    semantic_tags: tuple[str, ...] = ()
    active: bool = True
    fold: bool = False
    fuzzy: bool = True
    limit: int = 20
    offset: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError for a negative limit or offset."""
        if self.limit < 0 or self.offset < 0:
            raise ValueError("limit and offset of a search are not negative")


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept and its best description.

    `preferred` is the preferred term in the languages asked for, `fsn` the fully specified name. The fewer points
    in `score`, the better (see `rank`). `marks` are the places of `term` that answer the query.
    """

    concept: int
    description: int
    term: str
    preferred: str | None
    fsn: str | None
    score: int
    marks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """How many concepts were found, exactly, and a page of them, the best first."""

    total: int
    hits: tuple[Hit, ...]


_NOTHING: Final = SearchResult(0, ())


def search(release: Release, text: str, options: SearchOptions | None = None) -> SearchResult:
    """The concepts with a term in which each word of `text` is, or begins, a word, in any order.

    A query without a letter or digit finds nothing, nor does one with more words than any term has.
    Raises ValueError for a language without a known language reference set.
    """
    options = options or SearchOptions()
    index = release.search_index
    static = static_points(index, options.languages, options.active, release.choices.refsets_of)
    words = _words(text)
    if not words:
        return _NOTHING
    asked, ranked = _Searching(index, static, _concepts(release, options), options.fold).find(words, options.fuzzy)
    numbers, points = best_of_concepts(index, ranked, options.offset + options.limit)
    page = slice(options.offset, options.offset + options.limit)
    found = zip(numbers[page].tolist(), points[page].tolist(), strict=True)
    hits = tuple(_hit(release, number, score, asked, options) for number, score in found)
    return SearchResult(count_concepts(index, ranked), hits)


def words_matching(release: Release, words: Sequence[str], loose: bool = False) -> Bools:
    """Which description rows have, for each of `words`, a word that begins with it; all rows without any word.

    What counts as the same letter and where words end is as in `fold`, so "x-ray" is two words.
    """
    index = release.search_index
    matching = np.ones(len(index.row), dtype=np.bool_)
    for word in dict.fromkeys(fold.words(" ".join(words))):
        here = np.zeros(len(index.row), dtype=np.bool_)
        for descriptions in standing(index, exactly(index, word, loose)):
            here[descriptions] = True
        matching &= here
    rows = np.empty(len(index.row), dtype=np.bool_)
    rows[index.row] = matching
    return rows


@dataclass(frozen=True, slots=True)
class _Searching:
    """One search: where, and among which descriptions and concepts."""

    index: SearchIndex
    static: Small
    concepts: Bools | None
    loose: bool

    def find(self, words: tuple[str, ...], fuzzy: bool) -> tuple[tuple[Wanted, ...], Ranked]:
        """What the words are taken for, and the descriptions found."""
        asked = tuple(exactly(self.index, word, self.loose) for word in words)
        ranked = self._rank(asked)
        scarce = [self._scarce(one) for one in asked]
        if not fuzzy or sum(scarce) > _MOST_CORRECTED:
            return asked, ranked
        if any(scarce):
            asked = tuple(
                meant(self.index, one, nearest=True, loose=self.loose) if it else one
                for one, it in zip(asked, scarce, strict=True)
            )
            ranked = self._rank(asked)
        return (asked, ranked) if len(ranked.number) else self._guess(words, asked)

    def _guess(self, words: tuple[str, ...], asked: tuple[Wanted, ...]) -> tuple[tuple[Wanted, ...], Ranked]:
        """The first guess that finds something: two words are one, or the rarest words may all be misspelt.

        Compounds are often written apart.
        """
        for place in range(min(len(words), _MOST_JOINED) - 1):
            joined = exactly(self.index, words[place] + words[place + 1], self.loose)
            one = (*asked[:place], joined, *asked[place + 2 :])
            if len((ranked := self._rank(one)).number):
                return one, ranked
        rare = [place for place, word in enumerate(words) if mistakes_in(word)]
        rare.sort(key=lambda place: asked[place].postings(self.index))
        guessed = list(asked)
        for place in rare[:_MOST_CORRECTED]:
            guessed[place] = meant(
                self.index, exactly(self.index, words[place], self.loose), nearest=False, loose=self.loose
            )
        return tuple(guessed), self._rank(guessed)

    def _rank(self, asked: Sequence[Wanted]) -> Ranked:
        return rank(self.index, asked, self.static, self.concepts)

    def _scarce(self, wanted: Wanted) -> bool:
        """Whether a word that may be misspelt stands in hardly any description, and nowhere as a whole word."""
        return bool(mistakes_in(wanted.text)) and not wanted.whole and wanted.postings(self.index) < _FEW


def _words(text: str) -> tuple[str, ...]:
    """The different words of a query; none when they are more than any term has."""
    if len(text) > _MOST_LETTERS:
        return ()
    words = tuple(dict.fromkeys(fold.words(text)))
    return words if len(words) <= _MOST_WORDS else ()


def _concepts(release: Release, options: SearchOptions) -> Bools | None:
    """The concepts to search, by ordinal; None for all."""
    concepts = options.within
    if isinstance(concepts, frozenset):
        found = ordinals(release.ids, np.fromiter(concepts, dtype=np.int64, count=len(concepts)))
        concepts = np.zeros(len(release.ids), dtype=np.bool_)
        concepts[found[found >= 0]] = True
    if not options.semantic_tags:
        return concepts
    index = release.search_index
    names = index.tags.of_many(np.arange(len(index.tags)))
    tagged = np.array([name in options.semantic_tags for name in names], dtype=np.bool_)[index.concept_tag]
    return tagged if concepts is None else tagged & concepts


def _hit(release: Release, number: int, score: int, asked: Sequence[Wanted], options: SearchOptions) -> Hit:
    index, table = release.search_index, release.descriptions_rows
    row, concept = int(index.row[number]), int(release.ids[index.concept[number]])
    term = table.terms[row]
    return Hit(
        concept,
        int(table.id[row]),
        term,
        release.preferred_term(concept, options.languages),
        release.fsn(concept),
        score,
        marks(term[:LONGEST], asked, options.fold),
    )
