"""How texts are compared: what counts as one letter, and where words end.

The rules, in the order in which they apply to each character:

1. Case does not matter. Compatibility forms are what they stand for: ligatures (ﬁ), full-width and raised
   characters (m²), the micro and the Ångström sign; ß is ss, œ is oe, þ is th (Unicode NFKD and full case folding).
2. æ, ø and å are letters of their own, and so are the Swedish ä and ö: å is not a, ö is neither o nor ø.
3. Every other accent falls away: é, è, ê are e, ü is u, č is c; so do the strokes of đ, ł, ŋ and ŧ. It makes no
   difference whether a letter and its accent are one character or two (Unicode NFC and NFD).
4. Marks without a letter, soft hyphens and other invisible characters are as if they were not there.
5. A word is an unbroken row of letters and digits. Everything else separates words: spaces, hyphens, slashes,
   apostrophes, also the slash inside ½.

Only when asked (`loose`) are the Nordic letters what they look like without their marks: å, æ and ä are a; ø and
ö are o. So ä is then æ, and ö is ø.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

_PLAIN: Final = str.maketrans(
    {"ß": "ss", "œ": "oe", "þ": "th", "ð": "d", "đ": "d", "ł": "l", "ŋ": "n", "ŧ": "t", "ħ": "h", "ı": "i"}
)
_NORDIC_WORD: Final = re.compile("[0-9A-Za-zÆØÅÄÖæøåäö]+")
_NORDIC_TEXT: Final = re.compile("[\0-\x7fÆØÅÄÖæøåäö]*")
_RING: Final = "\u030a"
_DOTS: Final = "\u0308"
_FRACTION: Final = "\u2044"
_KEPT: Final = {("a", _RING): "å", ("a", _DOTS): "ä", ("o", _DOTS): "ö"}
_LOOSE: Final = str.maketrans("åæäøö", "aaaoo")
# Code points whose order is that of the alphabet: ö with ø, å last. Folded texts have none of ç, ù and ú.
_ALPHABET: Final = str.maketrans("äöå", "çùú")


@dataclass(slots=True)
class Word:
    """One folded word. `spans` is for each of its letters the first and past-the-last place in the text."""

    text: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, in order, repeated ones too."""
    if _NORDIC_WORD.fullmatch(text):
        return (text.lower(),)
    return tuple(word.text for word in spelled(text))


def loose(word: str) -> str:
    """A folded word without the marks of the Nordic letters; as long as before."""
    return word if word.isascii() else word.translate(_LOOSE)


def sortable(word: str) -> str:
    """A folded word in a spelling whose code points sort as Norwegians do: … z, æ (ä), ø (ö), å."""
    return word if word.isascii() else word.translate(_ALPHABET)


def unsortable(words: str) -> str:
    """The folded words that were made `sortable`."""
    return words.replace("ç", "ä").replace("ù", "ö").replace("ú", "å")


def spelled(text: str) -> Iterator[Word]:
    """The folded words of a text, with the places of their letters."""
    if _NORDIC_TEXT.fullmatch(text):
        for found in _NORDIC_WORD.finditer(text):
            yield Word(found[0].lower(), [(place, place + 1) for place in range(*found.span())])
        return
    word = Word()
    for place, character in enumerate(text):
        for piece in _pieces(character):
            if piece == " ":
                if word.text:
                    yield word
                    word = Word()
            elif len(piece) == 1:
                word.text += piece
                word.spans.append((place, place + 1))
            elif word.text:
                # An accent: it may make another letter of the one before, and belongs to it in any case.
                word.text = word.text[:-1] + _KEPT.get((word.text[-1], piece[1]), word.text[-1])
                word.spans[-1] = (word.spans[-1][0], place + 1)
    if word.text:
        yield word


@lru_cache(maxsize=4096)
def _pieces(character: str) -> tuple[str, ...]:
    """What a character is made of: letters and digits, " " for a separator, "+" and an accent."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold()).translate(_PLAIN)
    pieces = tuple(piece for part in apart if (piece := _piece(part)))
    return (" ", *pieces, " ") if _FRACTION in apart else pieces


def _piece(part: str) -> str:
    category = unicodedata.category(part)
    if category.startswith("M"):
        return f"+{part}"
    if category == "Cf":
        return ""
    return part if part.isalnum() else " "
