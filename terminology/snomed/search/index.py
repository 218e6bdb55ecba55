"""The search index of a release: memory-mapped arrays, and where words are found in them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from terminology import fold
from terminology.snomed.arrays import Rows, Texts, gather
from terminology.snomed.folder import Reader
from terminology.snomed.sctid import Ints
from terminology.snomed.search.profiles import Profile, read_profiles

Small = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """What `build.build_index` wrote.

    `words` are all words of all terms, sorted, each with a line feed after it; by word, `postings` are the
    descriptions it stands in and `places` its place in each of them. Descriptions have numbers of their own here:
    by number, `row` is the row in the release, then ordinal of the concept, profile and number of words.
    `concept_tag` is the number of the semantic tag by ordinal of the concept. `loose` are the words with Nordic
    letters as they are without marks, sorted, and `loose_word` their numbers. For `pairs` see
    `pairs.pair_words`. `static` remembers `rank.static_points`.
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
        begin = self.words.starts[numbers]
        packed = gather(self.words.blob, begin, self.words.starts[numbers + 1] - begin)
        return fold.unsortable(packed.tobytes().decode()).split("\n")[:-1]


def read_index(load: Reader, languages: tuple[str, ...]) -> SearchIndex:
    """The index of a release folder; `languages` are those of its descriptions."""
    return SearchIndex(
        words=load.texts("search_words"),
        pairs=load.rows("search_pairs"),
        postings=load.rows("search_postings"),
        places=_small(load, "search_places"),
        loose=load.texts("search_loose"),
        loose_word=load.ints("search_loose_word"),
        row=load.ints("search_row"),
        concept=load.ints("search_concept"),
        profile=load.ints("search_profile"),
        word_count=_small(load, "search_word_count"),
        concept_tag=load.ints("search_concept_tag"),
        tags=load.texts("search_tags"),
        profiles=read_profiles(load, languages),
        static={},
    )


def _small(load: Reader, name: str) -> Small:
    return np.asarray(load.ints(name), dtype=np.uint8)


def _range(words: Texts, prefix: bytes) -> range:
    """The places of the words that begin with a prefix. No byte of a text is as high as the one put behind it."""

    def word(number: int) -> bytes:
        return words.blob[words.starts[number] : words.starts[number + 1] - 1].tobytes()

    every = range(len(words))
    first = bisect_left(every, prefix, key=word)
    return range(first, bisect_left(every, prefix + b"\xff", lo=first, key=word))
