"""What the codes of a registry mean, in the national catalogue's words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from registries.catalogue import Catalogue, load_catalogue
from registries.definition import Text, Variable
from registries.record import Value
from reporting.texts import catalogue, named, same

#: Tells what a normed value is called.
Meanings = Callable[[str], Text]


def meanings_of(variable: Variable | None) -> Meanings:
    """The names of a variable's normed values; what neither the catalogue nor the texts know is its own name."""
    normed = _catalogue().find(variable.normed) if variable else None

    def called(name: str) -> Text:
        if f"meaning.{name}" in catalogue():
            return named("meaning", name)  # yes, no and unknown read the same everywhere
        known = normed.values.get(name) if normed else None
        return known or same(name)

    return called


def meaning_of(value: Value, variable: Variable | None) -> Text | None:
    """What a code means, from the registry's code list or the national meaning; None for what is no code."""
    if variable is None or variable.codes is None or value.value is None:
        return None
    name = variable.codes.get(int(value.value)) if str(value.value).lstrip("-").isdigit() else None
    return meanings_of(variable)(name or value.normed) if name or value.normed else None


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()
