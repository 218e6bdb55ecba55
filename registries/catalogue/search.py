"""Finds normed variables by words, in bokmål, nynorsk and English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from registries.catalogue.content import Catalogue
from registries.catalogue.variable import NormedVariable, Words
from terminology.fold import loose, words

#: What a word in each part of a description counts.
_NAME: Final = 8
_LABEL: Final = 8
_DEFINITION: Final = 3
_VALUE: Final = 2
_BEGINNING: Final = 2
_MARKLESS: Final = 4
#: Norwegian writes words together: `infarkt` is also within `hjerteinfarkt`, if it is long enough to be a word.
_WITHIN: Final = 6
_LONG_ENOUGH: Final = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A variable that has all the words. A greater `score` means nearer to its name and label."""

    name: str
    variable: NormedVariable
    score: float


def search(catalogue: Catalogue, text: str) -> tuple[Found, ...]:
    """Variables in which every word of the text begins, or is within, some word; the best first, else by name.

    A whole word goes before a beginning, the label before definition and help, these before values, å before a.
    """
    wanted = words(text)
    if not wanted:
        return ()
    found = []
    for name, variable in catalogue.variables.items():
        told = tuple(_told(name, variable))
        scores = [max((_score(word, other, weight) for other, weight in told), default=0.0) for word in wanted]
        if all(scores):
            found.append(Found(name, variable, round(sum(scores), 2)))
    return tuple(sorted(found, key=lambda one: (-one.score, len(one.variable.label.nb), one.name)))


def _told(name: str, variable: NormedVariable) -> Iterator[tuple[str, int]]:
    """Every word of a description, and what it counts."""
    parts: list[tuple[Words, int]] = [(variable.label, _LABEL), (variable.definition, _DEFINITION)]
    parts += [(variable.help, _DEFINITION)] if variable.help else []
    parts += [(value, _VALUE) for value in variable.values.values()]
    for word in words(name):
        yield word, _NAME
    for described, weight in parts:
        for text in described.all:
            for word in words(text):
                yield word, weight


def _score(wanted: str, word: str, weight: int) -> float:
    if word == wanted:
        return weight
    if word.startswith(wanted):
        return weight / _BEGINNING
    if loose(word).startswith(loose(wanted)):
        return weight / _MARKLESS
    if len(wanted) >= _LONG_ENOUGH and wanted in word:
        return weight / _WITHIN
    return 0.0
