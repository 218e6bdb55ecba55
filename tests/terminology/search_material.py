"""Releases of a few made-up terms, indexed in memory, and the slow search that needs no index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from terminology import fold
from terminology.snomed import ids
from terminology.snomed.arrays import Rows, Texts, pack, starts_of
from terminology.snomed.descriptions import Descriptions
from terminology.snomed.search import SearchIndex, build_index, read_index

ACCEPTABLE = 900000000000549004
LANGUAGES = ("en", "nb", "nn", "no", "sv")
TYPES = {"fsn": ids.FSN, "synonym": ids.SYNONYM, "definition": ids.DEFINITION}


@dataclass(frozen=True, slots=True)
class Term:
    """A description. `refsets` says for language reference sets whether it is preferred there."""

    concept: int
    term: str
    type: str = "synonym"
    language: str = "nb"
    active: bool = True
    refsets: tuple[tuple[int, bool], ...] = ((ids.LANGUAGES["nb"][0], True),)


class Choices:
    """The language reference sets of the made-up release."""

    def refsets_of(self, language: str) -> tuple[int, ...]:
        return ids.LANGUAGES[language]


class Made:
    """What search needs of a release. Concepts have the identifiers 1000, 1001, … and descriptions 0, 1, …"""

    def __init__(self, terms: Sequence[Term], inactive: frozenset[int] = frozenset()) -> None:
        ordered = sorted(terms, key=lambda term: term.concept)
        self.terms = tuple(term.term for term in ordered)
        concepts = max((term.concept for term in ordered), default=-1) + 1
        self.ids = 1000 + np.arange(concepts)
        self.active = np.array([concept not in inactive for concept in range(concepts)], dtype=np.bool_)
        self.descriptions_rows = _table(ordered, concepts)
        self.choices = Choices()
        self.arrays = build_index(self.descriptions_rows, self.active)
        self.search_index: SearchIndex = read_index(Memory(self.arrays), LANGUAGES)

    def preferred_term(self, _sctid: int, _languages: Sequence[str]) -> None:
        return None

    def fsn(self, _sctid: int) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Memory:
    """Arrays as `folder.Reader` gives them, without a folder."""

    arrays: Mapping[str, Any]

    def ints(self, name: str) -> Any:
        return self.arrays[name]

    def rows(self, name: str) -> Rows:
        return Rows(self.arrays[f"{name}_starts"], self.arrays[name])

    def texts(self, name: str) -> Texts:
        return Texts(self.arrays[f"{name}_starts"], self.arrays[name])


def _table(terms: Sequence[Term], concepts: int) -> Descriptions:
    concept = np.array([term.concept for term in terms], dtype=np.int32)
    refsets = [sorted(term.refsets) for term in terms]
    flat = [pair for pairs in refsets for pair in pairs]
    zeros = np.zeros(len(terms), dtype=np.int32)
    return Descriptions(
        starts=starts_of(concept, concepts),
        concept=concept,
        id=np.arange(len(terms)),
        active=np.array([term.active for term in terms], dtype=np.bool_),
        time=zeros,
        module=zeros,
        type=np.array([TYPES[term.type] for term in terms], dtype=np.int64),
        case=zeros,
        terms=pack([term.term for term in terms]),
        language=np.array([LANGUAGES.index(term.language) for term in terms], dtype=np.int16),
        languages=LANGUAGES,
        language_starts=np.concatenate(([0], np.cumsum([len(pairs) for pairs in refsets], dtype=np.int64))).astype(
            np.int64
        ),
        language_refset=np.array([refset for refset, _ in flat], dtype=np.int64),
        language_acceptability=np.array([ids.PREFERRED if best else ACCEPTABLE for _, best in flat], dtype=np.int64),
    )


def answers(term: str, query: str, loose: bool = False) -> bool:
    """Whether each word of the query begins a word of the term: read from the text alone."""
    words, asked = fold.words(term), fold.words(query)
    if loose:
        words, asked = tuple(map(fold.loose, words)), tuple(map(fold.loose, asked))
    return all(any(word.startswith(one) for word in words) for one in asked)
