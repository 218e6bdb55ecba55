"""What people type in a search box: the beginnings of words of real terms, now and then with a slip."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from terminology.snomed.view import Release

_SEED: Final = 2026
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzæøå"
#: Of the queries; a slip in a word so short that it could be any word is no slip.
_MISSPELT: Final = 0.10
_SHORTEST: Final = 3
_SHORTEST_MISSPELT: Final = 6


def queries(release: Release, count: int) -> Iterator[str]:
    """`count` queries of one to three words from terms of the release, each word three letters or more."""
    chance = random.Random(_SEED)
    terms = release.descriptions_rows.terms
    total = len(release.descriptions_rows.id)
    while count:
        words = [word for word in terms[chance.randrange(total)].split() if len(word) >= _SHORTEST and word.isalpha()]
        if words:
            chosen = chance.sample(words, min(len(words), chance.randint(1, 3)))
            yield _slip(chance, [word[: chance.randint(_SHORTEST, len(word))] for word in chosen])
            count -= 1


def letters() -> Iterator[str]:
    """One letter after the other."""
    yield from _LETTERS


def _slip(chance: random.Random, words: list[str]) -> str:
    """The words as a text; in one of ten the longest has a letter too few, a wrong one, or two in the wrong order."""
    longest = max(words, key=len)
    if chance.random() < _MISSPELT and len(longest) >= _SHORTEST_MISSPELT:
        place = chance.randrange(1, len(longest) - 1)
        first, second = longest[place], longest[place + 1]
        instead = chance.choice(("", chance.choice(_LETTERS) + second, second + first))
        words = [longest[:place] + instead + longest[place + 2 :] if word is longest else word for word in words]
    return " ".join(words)
