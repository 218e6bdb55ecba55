"""What counts as the same letter, and where words end."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from terminology import fold

#: Texts with what folding is about: Nordic letters, accents alone, ligatures, invisible characters.
TEXTS = st.text(
    st.sampled_from("aAåÅæÆøØäÄöÖeéß²ﬁ½-/' ()12x\u030a\u0308\u0301\u00ad\u200d\u212bŋłœµΑα京") | st.characters(),
    max_size=20,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hjerteinfarkt", ("hjerteinfarkt",)),
        ("ÆØÅ æøå", ("æøå", "æøå")),
        ("blødning blodning", ("blødning", "blodning")),
        ("på pa", ("på", "pa")),
        ("Sjögren Sjøgren", ("sjögren", "sjøgren")),
        ("Ménière à la française, señor", ("meniere", "a", "la", "francaise", "senor")),
        ("Müller Čech łódź đuro", ("muller", "cech", "lodz", "duro")),
        ("a\u030a A\u030a \u212b å", ("å", "å", "å", "å")),
        ("a\u0308 o\u0308 u\u0308 e\u0301", ("ä", "ö", "u", "e")),
        ("ǽ ǿ ǻ", ("æ", "ø", "å")),
        ("Straße STRASSE", ("strasse", "strasse")),
        ("ﬁbrose œdem þing", ("fibrose", "oedem", "thing")),
        ("m² µg μg ①", ("m2", "μg", "μg", "1")),
        ("hjerne\u00adslag hjerne\u200dslag", ("hjerneslag", "hjerneslag")),
        ("hjerte-lunge-maskin", ("hjerte", "lunge", "maskin")),
        ("Crohn's 3/4 type-2 1,5", ("crohn", "s", "3", "4", "type", "2", "1", "5")),
        ("10½ mg", ("10", "1", "2", "mg")),
        ("β-blokker", ("β", "blokker")),
        ("\u0301 ' - /", ()),
        ("", ()),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    assert fold.words(text) == words


@pytest.mark.parametrize(
    ("text", "loosely"),
    [("på", "pa"), ("bløtøre", "blotore"), ("sjögren", "sjogren"), ("hæmä", "hama"), ("abc1", "abc1")],
)
def test_only_when_asked_are_nordic_letters_others(text: str, loosely: str) -> None:
    assert fold.words(text) == (text,)
    assert fold.loose(text) == loosely


def test_words_sort_as_in_norwegian() -> None:
    words = ["åre", "ore", "øre", "are", "ære", "zoo", "örn", "ärr", "α", "10"]
    assert sorted(words, key=fold.sortable) == ["10", "are", "ore", "zoo", "ære", "ärr", "øre", "örn", "åre", "α"]


@given(TEXTS)
@example("a\u0301\u030a")
@example("a\u0308\u030a")
def test_composed_and_decomposed_texts_have_the_same_words(text: str) -> None:
    forms = {fold.words(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert forms == {fold.words(text)}


@given(TEXTS)
def test_case_makes_no_difference(text: str) -> None:
    assert fold.words(text.casefold()) == fold.words(text)


@given(TEXTS)
def test_folded_words_stay_as_they_are(text: str) -> None:
    words = fold.words(text)
    assert fold.words(" ".join(words)) == words
    assert all(len(fold.loose(word)) == len(word) for word in words)
    assert fold.unsortable(fold.sortable("\n".join(words))) == "\n".join(words)


@given(TEXTS)
def test_each_word_knows_where_it_stands(text: str) -> None:
    places = []
    for word in fold.spelled(text):
        assert len(word.spans) == len(word.text) > 0
        assert word.text in "".join(fold.words(text[word.spans[0][0] : word.spans[-1][1]]))
        places += word.spans
    assert all(first < end for first, end in places)
    assert places == sorted(places)


@given(TEXTS, TEXTS)
def test_an_ascii_separator_separates(before: str, after: str) -> None:
    """The index relies on it: it folds the pieces between separators one by one."""
    assert fold.words(f"{before}-{after}") == fold.words(before) + fold.words(after)
