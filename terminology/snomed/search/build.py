"""Builds the search index of a release from its descriptions.

Descriptions are numbered anew, by length and then in alphabetical order, so that of equally good matches the one
with the lowest number comes first (see `rank`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from terminology import fold
from terminology.snomed.arrays import Texts, bits_of, starts_of
from terminology.snomed.descriptions import Descriptions
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.search.pairs import pair_words
from terminology.snomed.search.profiles import Arrays, number_profiles
from terminology.snomed.search.tags import number_tags
from terminology.snomed.search.tokens import Tokens, split

#: Of concepts with the very same term, those with these tags come first: people look for them most.
_SOUGHT: Final = ("disorder", "finding", "procedure", "situation", "event", "regime/therapy", "observable entity")
_ALPHABETICAL: Final = 6
_FAR: Final = 255


def build_index(table: Descriptions, concept_active: Bools) -> Arrays:
    """The arrays of the index by name; `concept_active` by ordinal. `SearchIndex` says what they hold."""
    tags, texts = number_tags(table, len(concept_active))
    profile, arrays = number_profiles(table, concept_active)
    tokens = split(table.terms)
    order = _order(table, tokens, _rank_of_tags(texts)[tags])
    count = np.bincount(tokens.row, minlength=len(table.id))
    arrays |= {
        "search_row": order.astype(np.int32),
        "search_concept": table.concept[order].astype(np.int32),
        "search_profile": _small(profile[order]),
        "search_word_count": np.minimum(count[order], _FAR).astype(np.uint8),
        "search_concept_tag": _small(tags),
        "search_tags_starts": texts.starts,
        "search_tags": texts.blob,
    }
    return arrays | _postings(tokens, order) | _dictionary(tokens.words)


def _order(table: Descriptions, tokens: Tokens, sought: Ints) -> Ints:
    """The description rows by length in characters, words, tag of the concept, and row."""
    continued = np.flatnonzero(table.terms.blob & 0xC0 == 0x80)
    lengths = np.diff(table.terms.starts - np.searchsorted(continued, table.terms.starts))
    early = np.flatnonzero(tokens.place < _ALPHABETICAL)
    heads = np.full((_ALPHABETICAL, len(lengths)), -1, dtype=np.int32)
    heads[tokens.place[early], tokens.row[early]] = tokens.word[early]
    columns = {"length": lengths.astype(np.int32), **{f"word{place}": column for place, column in enumerate(heads)}}
    frame = pl.DataFrame(columns | {"sought": sought[table.concept]})
    return frame.select(pl.arg_sort_by(frame.columns, maintain_order=True)).to_series().to_numpy()


def _rank_of_tags(texts: Texts) -> Ints:
    tags = [texts[number] for number in range(len(texts))]
    return np.array([_SOUGHT.index(tag) if tag in _SOUGHT else len(_SOUGHT) for tag in tags], dtype=np.int8)


def _postings(tokens: Tokens, order: Ints) -> Arrays:
    """For each word the numbers of the descriptions it stands in, ascending, and where it stands in them."""
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    far, bits = bits_of(_FAR + 1), bits_of(len(order))
    # Word, description and place in one number each: sorted at once.
    keys = tokens.word.astype(np.int64) << bits | number[tokens.row]
    keys <<= far
    keys |= np.minimum(tokens.place, _FAR)
    keys.sort()
    return {
        "search_postings_starts": starts_of(tokens.word, len(tokens.words)),
        "search_postings": (keys >> far & (1 << bits) - 1).astype(np.int32),
        "search_places": (keys & _FAR).astype(np.uint8),
    }


def _dictionary(words: Sequence[str]) -> Arrays:
    """The words in alphabetical order, and those with Nordic letters once more, as they are without marks."""
    marked = sorted((fold.loose(word), number) for number, word in enumerate(words) if fold.loose(word) != word)
    own, plain = pack_words([fold.sortable(word) for word in words]), pack_words([word for word, _ in marked])
    pairs = pair_words(own)
    return {
        "search_words_starts": own.starts,
        "search_words": own.blob,
        "search_pairs_starts": pairs.starts,
        "search_pairs": pairs.values,
        "search_loose_starts": plain.starts,
        "search_loose": plain.blob,
        "search_loose_word": np.array([number for _, number in marked], dtype=np.int32),
    }


def pack_words(words: Sequence[str]) -> Texts:
    """Words, each with a line feed after it, so that many can be read at once."""
    blob = np.frombuffer("".join(f"{word}\n" for word in words).encode(), dtype=np.uint8)
    return Texts(np.concatenate(([0], np.flatnonzero(blob == ord("\n")) + 1)), blob)


def _small(numbers: Ints) -> Ints:
    """The same numbers in as few bytes as they need."""
    return numbers.astype(np.min_scalar_type(-1 - int(numbers.max(initial=0))))
