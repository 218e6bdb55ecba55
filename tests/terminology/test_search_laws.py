"""What holds for every search, on generated terms: a slow reading of each term says what must be found."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_material import Made, Term, answers

from terminology import fold
from terminology.snomed import ids
from terminology.snomed.arrays import pack
from terminology.snomed.release import Release, import_release, open_release
from terminology.snomed.search import SearchOptions, search, words_matching
from terminology.snomed.search.slices import number_keys, number_slices
from terminology.snomed.search.spelling import meant, mistakes_in
from terminology.snomed.search.tokens import split
from terminology.snomed.search.wanted import exactly

NORDIC = ("hjerte", "hjerteinfarkt", "hjerne", "hjerneslag", "hånd", "hand", "øre", "ore", "øye", "ær", "ar", "i", "2")
ODD = ("Straße", "ÅRE", "e\u0301ne", "ene", "10½", "ﬁbrose", "x-ray", "β", "京都", "\u0301", "hjerne\u00adskade", "")
WORDS = st.sampled_from(NORDIC + ODD)
TERMS = st.lists(WORDS | st.text(max_size=6), max_size=6).map(" ".join) | st.text(max_size=30)
TAGS = (ids.LANGUAGES["nb"][0], ids.LANGUAGES["nn"][0], ids.LANGUAGES["en-GB"][0])
DESCRIPTIONS = st.builds(
    Term,
    concept=st.integers(0, 5),
    term=TERMS,
    type=st.sampled_from(("synonym", "synonym", "fsn", "definition")),
    language=st.sampled_from(("nb", "nn", "en", "no", "sv")),
    active=st.sampled_from((True, True, False)),
    refsets=st.dictionaries(st.sampled_from(TAGS), st.booleans(), max_size=2).map(lambda some: tuple(some.items())),
)
MADE = st.builds(Made, st.lists(DESCRIPTIONS, max_size=12), st.frozensets(st.integers(0, 5), max_size=2))
LANGUAGES = st.sampled_from((("nb", "nn", "en"), ("nn", "nb"), ("en",), ("en-GB", "nb")))
OPTIONS = st.builds(
    lambda languages, active, loose: {"languages": languages, "active": active, "fold": loose, "limit": 50},
    LANGUAGES,
    st.booleans(),
    st.booleans(),
)


@st.composite
def queries(draw: st.DrawFn, made: Made) -> str:
    """Beginnings of words of one term, in any order, and sometimes a word of another one."""
    terms = made.terms or ("",)
    words = [*draw(st.permutations(fold.words(draw(st.sampled_from(terms)))))][:4]
    words += fold.words(draw(WORDS)) if draw(st.booleans()) else ()
    return " ".join(word[: draw(st.integers(1, len(word)))] for word in words)


def searched(made: Made, row: int, languages: tuple[str, ...], active: bool) -> bool:
    """Whether a description is among those that are searched: said anew, one by one."""
    table = made.descriptions_rows
    description = table.of(int(table.concept[row]), 0)[row - int(table.starts[table.concept[row]])]
    if description.type == "definition" or (active and not (description.active and made.active[table.concept[row]])):
        return False
    members = {*description.preferred_in, *description.acceptable_in}
    asked = {refset for language in languages for refset in ids.LANGUAGES[language]}
    written = {"nb", "nn"} if description.language == "no" else {description.language}
    return bool(members & asked) if members else bool(written & {language[:2] for language in languages})


@given(st.data(), MADE, OPTIONS)
def test_found_is_what_reading_every_term_finds(data: st.DataObject, made: Made, options: dict) -> None:
    query = data.draw(queries(made))
    result = search(made, query, SearchOptions(fuzzy=False, **options))
    table = made.descriptions_rows
    expected = {
        int(table.concept[row])
        for row, term in enumerate(made.terms)
        if fold.words(query)
        and searched(made, row, options["languages"], options["active"])
        and answers(term, query, options["fold"])
    }
    assert {hit.concept - 1000 for hit in result.hits} == expected
    assert result.total == len(result.hits) == len(expected)


@given(st.data(), MADE, OPTIONS)
def test_every_hit_has_every_word_and_marks_them(data: st.DataObject, made: Made, options: dict) -> None:
    query = data.draw(queries(made))
    for hit in search(made, query, SearchOptions(fuzzy=False, **options)).hits:
        assert answers(hit.term, query, options["fold"])
        assert made.terms[hit.description] == hit.term
        marked = " ".join(hit.term[first:last] for first, last in hit.marks)
        assert answers(marked, query, options["fold"])
        assert all(last <= first for (_, last), (first, _) in zip(hit.marks, hit.marks[1:], strict=False))


@given(st.data(), MADE, OPTIONS)
def test_another_word_never_adds_a_hit(data: st.DataObject, made: Made, options: dict) -> None:
    query, word = data.draw(queries(made)), data.draw(WORDS)
    fewer = search(made, f"{query} {word}", SearchOptions(fuzzy=False, **options))
    more = search(made, query, SearchOptions(fuzzy=False, **options))
    if fold.words(query):
        assert {hit.concept for hit in fewer.hits} <= {hit.concept for hit in more.hits}


@given(st.data(), MADE, OPTIONS)
def test_misspellings_come_after_what_is_spelled_so(data: st.DataObject, made: Made, options: dict) -> None:
    query = data.draw(queries(made))
    exact = search(made, query, SearchOptions(fuzzy=False, **options))
    fuzzy = search(made, query, SearchOptions(fuzzy=True, **options))
    assert {hit.concept for hit in exact.hits} <= {hit.concept for hit in fuzzy.hits}
    assert list(fuzzy.hits) == sorted(fuzzy.hits, key=lambda hit: hit.score)


@given(st.data(), MADE)
def test_rows_that_match_words(data: st.DataObject, made: Made) -> None:
    query, loose = data.draw(queries(made)), data.draw(st.booleans())
    rows = words_matching(made, tuple(query.split()), loose)
    assert rows.tolist() == [answers(term, query, loose) for term in made.terms]


@given(st.lists(TERMS, max_size=10))
def test_all_terms_at_once_have_the_words_of_each(terms: list[str]) -> None:
    tokens = split(pack(terms))
    found: list[list[str]] = [[] for _ in terms]
    for row, place, word in zip(tokens.row, tokens.place, tokens.word, strict=True):
        assert len(found[row]) == place
        found[row].append(tokens.words[word])
    assert [tuple(words) for words in found] == [fold.words(term) for term in terms]


@given(st.lists(st.text("ab", min_size=1, max_size=40), max_size=30))
def test_equal_slices_have_equal_numbers(texts: list[str]) -> None:
    packed = pack(texts)
    numbers = number_slices(packed.blob, packed.starts[:-1], np.diff(packed.starts)).tolist()
    assert len(set(zip(texts, numbers, strict=True))) == len(set(texts)) == len(set(numbers))


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 5), max_size=60))
def test_equal_keys_have_equal_numbers(keys: list[int]) -> None:
    numbers = number_keys(np.array(keys, dtype=np.uint64)).tolist()
    assert len(set(zip(keys, numbers, strict=True))) == len(set(keys)) == len(set(numbers))


def distance(one: str, other: str) -> int:
    """Insertions, deletions, substitutions and exchanges of neighbours that make one text of the other."""
    table = [[row + column for column in range(len(other) + 1)] for row in range(len(one) + 1)]
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


LETTERS = st.text("aåbdeø", min_size=1, max_size=12)


@given(st.lists(LETTERS, min_size=1, max_size=20), LETTERS, st.booleans())
def test_meant_are_the_words_with_few_mistakes(words: list[str], asked: str, loose: bool) -> None:
    index = Made([Term(0, word) for word in words]).search_index
    wanted = exactly(index, asked, loose)
    found = meant(index, wanted, nearest=False, loose=loose)
    allowed = mistakes_in(asked)
    plain: Callable[[str], str] = fold.loose if loose else str
    least = {word: min(distance(plain(asked), plain(word)[:end]) for end in range(len(word) + 1)) for word in words}
    assert set(found.lengths) == {word for word in words if 0 < least[word] <= allowed}
    for word, length in found.lengths.items():
        assert distance(plain(asked), plain(word)[:length]) == least[word]
    nearest = meant(index, wanted, nearest=True, loose=loose).lengths
    assert set(nearest) == {word for word in found.lengths if least[word] == min(least[one] for one in found.lengths)}


@pytest.mark.parametrize("query", ["hjerte", "a", "type 2", "hjertinfarkt", "disorder"])
def test_the_order_of_rows_at_import_makes_no_difference(
    release: Release, edited: Callable[[str, Callable[[bytes], bytes]], Path], tmp_path: Path, query: str
) -> None:
    def shuffle(content: bytes) -> bytes:
        header, *rows = content.splitlines(keepends=True)
        random.Random(7).shuffle(rows)
        return b"".join([header, *rows])

    for word in (
        "Concept_",
        *(f"{kind}Snapshot-{tag}" for kind in ("Description_", "Language") for tag in ("nb", "en")),
    ):
        folder = edited(word, shuffle)
    import_release([folder], tmp_path / "store", "shuffled")
    assert open_release(tmp_path / "store" / "shuffled").search(query) == release.search(query)
