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
    """6.8 Match Term Filter: each piece begins a word, and the words come in any order.

    The text does not say what a word is. Taken: it begins where the text begins or after a character that is neither
    letter nor digit, so that "attack" fits "heart-attack" and "J45.9" fits the map target that 6.10 finds with it.
    """
    pieces = _folded(wanted).split()
    letters = _folded(text)
    starts = [at for at in range(len(letters)) if at == 0 or not letters[at - 1].isalnum()]
    return bool(pieces) and all(any(_begins(piece, letters[at:], language) for at in starts) for piece in pieces)


def _begins(piece: str, letters: str, language: str) -> bool:
    return len(letters) >= len(piece) and all(map(_same, piece, letters, [language] * len(piece)))


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
