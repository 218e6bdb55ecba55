"""Search terms of ECL against texts: letters, words, patterns, and what the search index is asked for."""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from terminology import fold
from terminology.snomed.ecl.ast import SearchTerm
from terminology.snomed.ecl.terms import exact, found_in, plain, words_of

LETTERS = "abo åäæöø ÅéE\u0301\u030a ½ﬁ²_-.'(\u00ad*"
TEXTS = st.text(LETTERS, max_size=8)


@st.composite
def terms_for(draw: st.DrawFn, text: str) -> SearchTerm:
    """A search term that often fits the text: parts of it, with stars between or without marks."""
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    seen = draw(st.sampled_from([str, fold.loose, str.upper]))
    parts = [seen(part).replace("*", r"\*") for part in (text[:first], text[first:last], text[last:])]
    wild = draw(
        st.sampled_from([f"{parts[0]}*{parts[2]}", f"*{parts[1]}*", f"{parts[0]}*", f"*{parts[2]}", "".join(parts)])
    )
    word = draw(st.sampled_from([*text.split(), "a"]))
    match = SearchTerm("match", seen(word[: draw(st.integers(1, len(word)))]))
    return draw(st.sampled_from([match, SearchTerm("wild", wild or "*")]))


@settings(max_examples=500)
@given(st.text("aboåäéæöøEÅ2ﬁ ", min_size=1, max_size=5).filter(plain), TEXTS)
def test_a_word_is_found_where_search_finds_it(word: str, text: str) -> None:
    wanted = fold.words(word)
    found = all(any(there.startswith(one) for there in fold.words(text)) for one in wanted)
    assert found_in(SearchTerm("match", word), text) == found


@settings(max_examples=1000)
@given(st.data(), TEXTS, st.booleans())
def test_a_text_that_fits_has_the_words_that_the_index_is_asked_for(
    data: st.DataObject, text: str, nordic: bool
) -> None:
    term = data.draw(terms_for(text))
    event(f"{term.kind} fits: {found_in(term, text, nordic)}")
    if not found_in(term, text, nordic):
        return
    words = [fold.loose(word) for word in fold.words(text)]
    for piece in words_of(term):
        wanted = fold.loose(piece.text)
        assert any(word.startswith(wanted) if piece.begins else wanted in word for word in words)


@pytest.mark.parametrize(
    ("term", "text", "english", "norwegian"),
    [
        # The tables of 5.5, as far as search folds alike.
        ("resume", "Résumé", True, True),
        ("sjogren", "Sjögren", True, False),
        ("SJOGREN", "sjøgren", True, False),
        ("sjögren", "SJÖGREN", True, True),
        ("sjögren", "Sjogren", False, False),
        ("sjögren", "sjøgren", False, False),
        ("Angstrom", "ÅNGSTRØM", True, False),
        ("Ångstrøm", "ångstrøm", True, True),
        ("Ångstrøm", "ångström", False, False),
        ("Ångstrøm", "Angstrom", False, False),
        ("aangstrøm", "ångstrøm", False, False),
        ("ar", "Årsak", True, False),
        ("år", "Årsak", True, True),
        # Words and signs.
        ("x-ray", "Chest X-ray", True, True),
        ("x-ray", "X ray", False, False),
        ("ray", "X-ray", True, True),
        ("ay", "X-ray", False, False),
        ("(disor", "Burn (disorder)", True, True),
        ("J45.9", "J45.91", True, True),
        ("J4.5", "J45.4 J4", False, False),
        ("-", "X-ray", True, True),
        ("\u0301", "a", False, False),
    ],
)
def test_letters_of_the_language_decide(term: str, text: str, english: bool, norwegian: bool) -> None:
    match = SearchTerm("match", term)
    assert (found_in(match, text, nordic=False), found_in(match, text, nordic=True)) == (english, norwegian)


@pytest.mark.parametrize(
    ("pattern", "text", "fits", "is_exactly"),
    [
        ("cardi*opathy", "Cardiac channelopathy", True, False),
        ("cardi*opathy", "atrial cardiopathy", False, False),
        ("cardi*opathy", "cardiomyopathy", True, True),
        ("*a*b", "a\nb", True, True),
        (r"100\*", "100*", True, True),
        (r"100\*", "1000", False, False),
        (r"a\\b", r"a\b", True, True),
        ("a.b", "acb", False, False),
        ("é", "e", True, False),
    ],
)
def test_patterns_fit_whole_texts(pattern: str, text: str, fits: bool, is_exactly: bool) -> None:
    wild = SearchTerm("wild", pattern)
    assert (found_in(wild, text), exact(wild, text)) == (fits, is_exactly)
