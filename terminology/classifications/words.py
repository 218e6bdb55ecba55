"""The words of texts, as people look for them: small letters, accents dropped, æ ø å kept."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_KEPT: Final = str.maketrans({"å": "\ue000"})


def folded(text: str) -> str:
    """`text` in small letters without accents. æ, ø and å are letters of their own: `a` does not find `å`."""
    small = unicodedata.normalize("NFC", text.casefold())
    if small.isascii():
        return small
    apart = unicodedata.normalize("NFKD", small.translate(_KEPT))
    return "".join(one for one in apart if not unicodedata.combining(one)).replace("\ue000", "å")


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return _WORD.findall(folded(text))
