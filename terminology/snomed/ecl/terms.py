"""Search terms: word prefixes in any order, and patterns over whole texts (ECL 2.2, 5.5 and 6.8).

Texts are compared as in search (see `terminology.fold`): case and most accents do not matter, and å, ä, æ, ö and ø are
letters of their own. In a language that has none of them, a or o in the search term finds them as well, but not the
other way round, as 5.5 recommends. All other characters are compared as they are: `J45.9` finds `J45.91`, not `J4.59`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from terminology import fold
from terminology.snomed.ecl.ast import SearchTerm

#: Languages in which these are letters of their own.
NORDIC: Final = frozenset({"da", "fi", "fo", "is", "nb", "nn", "no", "sv"})
#: What a letter without marks finds elsewhere.
_FINDS: Final = {"a": "aåä", "o": "oöø"}
_PIECE: Final = re.compile(r"\\(.)|(\*)|[^*\\]+", re.DOTALL)
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Folded letters that stand together in a word; `begins`: at its beginning."""

    text: str
    begins: bool


def found_in(term: SearchTerm, text: str, nordic: bool = True) -> bool:
    """Whether a search term fits a text; `nordic`: one in a language with the Nordic letters."""
    written = folded(text)
    if term.kind == "wild":
        return _folded_pattern(term.text, nordic).fullmatch(written) is not None
    wanted = _beginnings(term.text, nordic)
    return bool(wanted) and all(word.search(written) for word in wanted)


def exact(term: SearchTerm, text: str) -> bool:
    """Whether a concrete text is the one wanted (6.2, note 1: case matters); a pattern says what is open."""
    if term.kind == "match":
        return term.text == text
    return _plain_pattern(term.text).fullmatch(text) is not None


def words_of(term: SearchTerm) -> tuple[Piece, ...]:
    """The pieces of words that a text must have for the term to fit it."""
    if term.kind == "match":
        literals = [(word, True) for word in term.text.split()]
    else:
        parts = _pieces(term.text)
        literals = [(part, place == 0) for place, (part, star) in enumerate(parts) if not star]
    return tuple(
        Piece(found[0], begins if found.start() == 0 else True)
        for text, begins in literals
        for found in _WORD.finditer(folded(text))
    )


def folded(text: str) -> str:
    """A whole text as search folds its letters; all other characters stay."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_letter, unicodedata.normalize("NFC", text)))


def plain(text: str) -> bool:
    """Whether a match is of words only, without signs: then the search index knows where it fits."""
    words = text.split()
    return bool(words) and all(fold.words(word) == (folded(word),) for word in words)


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    if letter.isalnum():
        words = fold.words(letter)
        return words[0] if len(words) == 1 else f" {' '.join(words)} "
    invisible = unicodedata.category(letter)
    return "" if invisible.startswith("M") or invisible == "Cf" else letter


@lru_cache(maxsize=256)
def _beginnings(text: str, nordic: bool) -> tuple[re.Pattern[str], ...]:
    """What finds each word of a match: at the beginning of a word, if it begins with a letter or digit itself."""
    words = [word for word in map(folded, text.split()) if word]
    return tuple(re.compile(("(?<![^\\W_])" if word[:1].isalnum() else "") + _letters(word, nordic)) for word in words)


def _letters(text: str, nordic: bool) -> str:
    """A folded text for a pattern."""
    escaped = re.escape(text)
    return escaped if nordic else re.sub("[ao]", lambda found: f"[{_FINDS[found[0]]}]", escaped)


def _pieces(pattern: str) -> list[tuple[str, bool]]:
    """The literal parts of a pattern, and its stars."""
    return [(found[1] or found[0], found[2] is not None) for found in _PIECE.finditer(pattern)]


@lru_cache(maxsize=256)
def _plain_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(".*" if star else re.escape(part) for part, star in _pieces(pattern)), re.DOTALL)


@lru_cache(maxsize=256)
def _folded_pattern(pattern: str, nordic: bool) -> re.Pattern[str]:
    parts = (".*" if star else _letters(folded(part), nordic) for part, star in _pieces(pattern))
    return re.compile("".join(parts), re.DOTALL)
