"""The one catalogue of texts: what people read, by key, in Norwegian (bokmål) and English."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from registries.definition import Text

__all__ = ["Text", "catalogue", "joined", "named", "same", "text"]


@cache
def catalogue() -> dict[str, Text]:
    """All texts by key (`reason.no_entry`), with their places to fill unfilled."""
    whole = yaml.safe_load(files("reporting").joinpath("texts.yaml").read_text(encoding="utf-8"))
    return {f"{group}.{name}": Text(**both) for group, texts in whole.items() for name, both in texts.items()}


def text(key: str, **params: str | int | Text) -> Text:
    """The text of a key, filled in; a parameter that is itself a text is filled in by language.

    Raises:
        KeyError: no such key, or a place in the text has no parameter.
    """
    found = catalogue()[key]
    if not params:
        return found
    nb = {name: value.nb if isinstance(value, Text) else value for name, value in params.items()}
    en = {name: value.en if isinstance(value, Text) else value for name, value in params.items()}
    return Text(nb=found.nb.format(**nb), en=found.en.format(**en))


def named(group: str, name: str) -> Text:
    """The text of a member of an open set; the name itself when the catalogue does not know it.

    Records outlive rules: what was stored under a name that is gone must still be shown.
    """
    key = name if name.startswith(f"{group}.") else f"{group}.{name}"
    return catalogue().get(key) or same(name)


def same(words: str) -> Text:
    """What reads alike in both languages: a code, a name, a number."""
    return Text(nb=words, en=words)


def joined(parts: list[Text], between: str = " ") -> Text:
    """Several texts as one."""
    return Text(nb=between.join(part.nb for part in parts), en=between.join(part.en for part in parts))
