"""Texts of a code: cleaned, in one order, and the one to show for a reader's languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, get_args, get_type_hints

from terminology.systems import Designation

#: What a text can be, in the order in which texts of one language stand.
USES: Final[tuple[str, ...]] = get_args(get_type_hints(Designation)["use"])

_NORWEGIAN: Final = {"no": "nb", "no-no": "nb", "nb-no": "nb", "nn-no": "nn"}


def language_of(tag: str) -> str:
    """A language tag as it is kept: Norwegian without a form is bokmål; an empty tag is `und` (BCP 47)."""
    tag = tag.strip().replace("_", "-")
    return _NORWEGIAN.get(tag.lower(), tag) or "und"


def cleaned(text: str) -> str:
    """The text on one line, without blanks around it (exports have tabs and no-break spaces in them)."""
    return " ".join(text.split())


def ordered(designations: Iterable[Designation], language: str) -> tuple[Designation, ...]:
    """Each text once: those in `language` first, then by use, else as they stood."""
    once = dict.fromkeys(designations)
    return tuple(sorted(once, key=lambda one: (one.language != language, USES.index(one.use))))


def display(designations: Sequence[Designation], languages: Sequence[str]) -> str | None:
    """The preferred text in the first of `languages` that has one, else in any language; else any name at all.

    `nb` is also found as `nb-NO` and the other way round.
    """
    preferred = [one for one in designations if one.use == "preferred"]
    for language in languages:
        for matches in (str.__eq__, _same_base):
            for one in preferred:
                if matches(one.language, language_of(language)):
                    return one.term
    names = preferred or [one for one in designations if one.use in ("fsn", "synonym")]
    return names[0].term if names else None


def _same_base(one: str, other: str) -> bool:
    return one.partition("-")[0] == other.partition("-")[0]
