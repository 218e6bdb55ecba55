"""The search index of a release: memory-mapped arrays, and where words are found in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from terminology.snomed.arrays import Rows, Texts
from terminology.snomed.search import fold
from terminology.snomed.search.profiles import Profile, read_profiles
from terminology.snomed.sctid import Bools, Ints

Small = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """What `build.build_index` wrote.

    `words` are all words of all terms, sorted, each with a line feed after it; by word, `postings` are the
    descriptions it stands in and `places` its place in each of them. Descriptions have numbers of their own here:
    by number, `row` is the row in the release, then ordinal of the concept, profile and number of words.
    `concept_tag` is the number of the semantic tag by ordinal of the concept. `loose` are the words with Nordic
    letters as they are without marks, sorted, and `loose_word` their numbers. For `pairs` see `pairs.pair_words`. `static` remembers
    `rank.static_points`.
    """

    words: Texts
    pairs: Rows
    postings: Rows
    places: Small
    loose: Texts
    loose_word: Ints
    row: Ints
    concept: Ints
    profile: Ints
    word_count: Small
    concept_tag: Ints
    tags: Texts
    profiles: tuple[Profile, ...]
    static: dict[tuple[tuple[str, ...], bool], Small]

    def beginning_with(self, prefix: str) -> range:
        """The numbers of the words that begin with a folded prefix; all for ""."""
        return _range(self.words, fold.sortable(prefix).encode())

    def loosely(self, prefix: str) -> tuple[Ints, Ints]:
        """The numbers of the words with Nordic letters that, without marks, begin with a prefix; that are it."""
        key = fold.loose(prefix).encode()
        found = _range(self.loose, key)
        numbers = self.loose_word[found.start : found.stop]
        lengths = np.diff(self.loose.starts[found.start : found.stop + 1])
        return numbers, numbers[lengths == len(key) + 1]

    def number_of(self, word: str) -> int | None:
        """The number of a folded word, None when no term has it."""
        number = self.beginning_with(word).start
        return number if number < len(self.words) and self.texts(np.array([number])) == [word] else None

    def texts(self, numbers: Ints) -> list[str]:
        """The folded words with these numbers."""
        packed = Rows(self.words.starts, self.words.blob).of_many(numbers).tobytes().decode()
        return fold.unsortable(packed).split("\n")[:-1]


def read_index(arrays: Mapping[str, npt.NDArray[np.generic]], languages: tuple[str, ...]) -> SearchIndex:
    """The index from the arrays of a release folder; `languages` are those of its descriptions."""
    return SearchIndex(
        words=_texts(arrays, "search_word_starts", "search_words"),
        pairs=Rows(arrays["search_pair_starts"], arrays["search_pairs"]),
        postings=Rows(arrays["search_posting_starts"], arrays["search_postings"]),
        places=arrays["search_places"],
        loose=_texts(arrays, "search_loose_starts", "search_loose"),
        loose_word=arrays["search_loose_word"],
        row=arrays["search_row"],
        concept=arrays["search_concept"],
        profile=arrays["search_profile"],
        word_count=arrays["search_word_count"],
        concept_tag=arrays["search_concept_tag"],
        tags=_texts(arrays, "search_tag_starts", "search_tags"),
        profiles=read_profiles(arrays, languages),
        static={},
    )


def _texts(arrays: Mapping[str, npt.NDArray[np.generic]], starts: str, blob: str) -> Texts:
    return Texts(arrays[starts], arrays[blob])


def _range(words: Texts, prefix: bytes) -> range:
    """The places of the words that begin with a prefix. No byte of a text is as high as the one put behind it."""

    def word(number: int) -> bytes:
        return words.blob[words.starts[number] : words.starts[number + 1] - 1].tobytes()

    every = range(len(words))
    first = bisect_left(every, prefix, key=word)
    return range(first, bisect_left(every, prefix + b"\xff", lo=first, key=word))
