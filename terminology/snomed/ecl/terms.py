"""Search terms: word prefixes in any order, and patterns over whole texts (ECL 2.2, 5.5 and 6.8).

Texts are compared as in search (see `search.fold`): case and most accents do not matter, and å, ä, æ, ö and ø are
letters of their own. In a language that has none of them, a or o in the search term finds them as well, but not the
other way round, as 5.5 recommends.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from terminology.snomed.ecl.ast import SearchTerm
from terminology.snomed.search import fold

#: Languages in which these are letters of their own.
NORDIC: Final = frozenset({"da", "fi", "fo", "is", "nb", "nn", "no", "sv"})
#: What a letter without marks finds elsewhere.
_FINDS: Final = {"a": "aåä", "o": "oöø"}
_PIECE: Final = re.compile(r"\\(.)|(\*)|[^*\\]+", re.DOTALL)


def found_in(term: SearchTerm, text: str, nordic: bool = True) -> bool:
    """Whether a search term fits a text; `nordic`: one in a language with the Nordic letters."""
    if term.kind == "wild":
        return _folded_pattern(term.text, nordic).fullmatch(folded(text)) is not None
    wanted, written = prefixes(term.text), fold.words(text)
    return bool(wanted) and all(_stand_in(words, written, nordic) for words in wanted)


def exact(term: SearchTerm, text: str) -> bool:
    """Whether a concrete text is the one wanted (6.2, note 1: case matters); a pattern says what is open."""
    if term.kind == "match":
        return term.text == text
    return _plain_pattern(term.text).fullmatch(text) is not None


@lru_cache(maxsize=256)
def prefixes(text: str) -> tuple[tuple[str, ...], ...]:
    """What each word of a match must find: neighbouring words of the text, and the beginning of the one behind them.

    That is more than one word where a sign stands within it: `J45.9` finds `j45` and, directly behind it, `9…`.
    """
    return tuple(words for word in text.split() if (words := fold.words(word)))


@lru_cache(maxsize=256)
def literal(term: SearchTerm) -> bytes:
    """The longest text without marks that all texts of plain ASCII letters must have that the term fits."""
    if term.kind == "match":
        parts = [word for words in prefixes(term.text) for word in words]
    else:
        parts = [folded(part) for part, star in _pieces(term.text) if not star]
    return max((part for part in parts if part.isascii()), key=len, default="").encode()


def folded(text: str) -> str:
    """A whole text as search folds its letters; all other characters stay."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_letter, unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    if letter.isalnum():
        return "".join(fold.words(letter))
    return "" if unicodedata.category(letter).startswith("M") else letter


def _stand_in(wanted: tuple[str, ...], written: tuple[str, ...], nordic: bool) -> bool:
    """Whether the wanted words stand in a row, the last of them as a beginning."""
    return any(
        all(
            _begins(word, written[start + place], nordic, whole=place < len(wanted) - 1)
            for place, word in enumerate(wanted)
        )
        for start in range(len(written) - len(wanted) + 1)
    )


def _begins(wanted: str, word: str, nordic: bool, whole: bool) -> bool:
    if whole and len(wanted) != len(word):
        return False
    if word.startswith(wanted):
        return True
    if nordic or word.isascii() or len(word) < len(wanted):
        return False
    return all(there in _FINDS.get(letter, letter) for letter, there in zip(wanted, word, strict=False))


def _pieces(pattern: str) -> list[tuple[str, bool]]:
    """The literal parts of a pattern, and its stars."""
    return [(found[1] or found[0], found[2] is not None) for found in _PIECE.finditer(pattern)]


@lru_cache(maxsize=256)
def _plain_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(".*" if star else re.escape(part) for part, star in _pieces(pattern)), re.DOTALL)


@lru_cache(maxsize=256)
def _folded_pattern(pattern: str, nordic: bool) -> re.Pattern[str]:
    def letters(part: str) -> str:
        escaped = re.escape(folded(part))
        return escaped if nordic else re.sub("[ao]", lambda found: f"[{_FINDS[found[0]]}]", escaped)

    return re.compile("".join(".*" if star else letters(part) for part, star in _pieces(pattern)), re.DOTALL)
