"""Texts that search terms fit (6.8 Term Filter; 5.5 Character Collation for Term Filters)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from terminology.snomed.ecl import ast

#: Letters of their own, which are no marked form of another (CLDR; 5.5 shows Danish and Swedish).
_LETTERS = {"nb": "æøå", "nn": "æøå", "no": "æøå", "da": "æøå", "sv": "åäö"}
#: Marked letters that Unicode does not take apart, or that a language takes apart in its own way.
_MARKED = {"nb": {"ä": "æ", "ö": "ø"}, "sv": {"æ": "ä", "ø": "ö"}}
_ANY = None


def fits(wanted: ast.SearchTerm, text: str, language: str) -> bool:
    """6.8: a search term is word prefixes in any order, or a pattern for the whole text."""
    return _wild(wanted.text, text, language) if wanted.kind == "wild" else _match(wanted.text, text, language)


def _match(wanted: str, text: str, language: str) -> bool:
    """6.8 Match Term Filter: each piece of the search term begins a word of the text, in any order.

    The specification does not say what a word is. Taken: letters and digits without anything between them. A piece
    with a sign in it, as the "J45.9" of 6.10, is words in a row, of which the last one may go on.
    """
    pieces = [piece for piece in map(_words, wanted.split()) if piece]
    words = _words(text)
    return bool(pieces) and all(
        any(_in_a_row(piece, words[at:], language) for at in range(len(words))) for piece in pieces
    )


def _in_a_row(piece: list[str], words: list[str], language: str) -> bool:
    *whole, last = piece
    return (
        len(words) >= len(piece)
        and all(len(one) == len(word) and _begins(one, word, language) for one, word in zip(whole, words, strict=False))
        and _begins(last, words[len(whole)], language)
    )


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in _folded(text)).split()


def _begins(piece: str, word: str, language: str) -> bool:
    return len(word) >= len(piece) and all(map(_same, piece, word, [language] * len(piece)))


def _wild(pattern: str, text: str, language: str) -> bool:
    """6.8 Wildcard Term Filter: the whole text, where `*` stands for any characters, also none."""
    return _fits_whole(
        _pattern(_folded(pattern)), _folded(text), lambda wanted, letter: _same(wanted, letter, language)
    )


def fits_exactly(pattern: str, text: str) -> bool:
    """6.2, note 1: concrete texts are told apart by case, and so are patterns for them."""
    return _fits_whole(_pattern(pattern), text, lambda wanted, letter: wanted == letter)


def _fits_whole(pattern: list[str | None], letters: str, same: Callable[[str, str], bool]) -> bool:
    reached = {0}
    for wanted in pattern:
        if wanted is _ANY:
            reached = set(range(min(reached, default=len(letters) + 1), len(letters) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(letters) and same(wanted, letters[at])}
    return len(letters) in reached


def _pattern(pattern: str) -> list[str | None]:
    """The letters of a pattern, None for `*`; a backslash takes the meaning of what follows (5.1 escapedWildChar)."""
    found: list[str | None] = []
    letters = iter(pattern)
    for letter in letters:
        if letter == "\\":
            found.append(next(letters, letter))
        else:
            found.append(_ANY if letter == "*" else letter)
    return found


def _folded(text: str) -> str:
    """5.5: differences of case do not count (secondary strength)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _same(wanted: str, letter: str, language: str) -> bool:
    """5.5: an unmarked letter finds marked ones too, a marked one only the same (asymmetric search)."""
    return wanted in (letter, _unmarked(letter, language))


def _unmarked(letter: str, language: str) -> str:
    """5.5: which letters are marked depends on the language.

    Member fields have no language (`""`): there the Norwegian letters are letters.
    """
    code = language.lower() or "nb"
    own = _LETTERS.get(code, "")
    if letter in own:
        return letter
    special = _MARKED["sv"] if code == "sv" else _MARKED["nb"] if own else {"ø": "o"}
    return special.get(letter, unicodedata.normalize("NFD", letter)[0])
