"""What codes are called, by the terminologies of this installation."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol

from registries.definition import Text
from reporting.explaining.context import NameOf
from terminology.codes import SYSTEMS
from terminology.systems import CodeSystem

_NORWEGIAN: Final = ("nb", "no", "nn", "en")
_ENGLISH: Final = ("en", "nb", "no", "nn")
_KEPT: Final = 10_000


class Systems(Protocol):
    """The code systems of a store (see `terminology.store`)."""

    def of(self, uri_or_alias: str, version: str | None = None, /) -> CodeSystem | None:
        """The newest of this system."""


def names_of(systems: Systems) -> NameOf:
    """The preferred terms of codes in the newest release of each system, Norwegian and English where there are both."""

    @lru_cache(maxsize=_KEPT)
    def name_of(code: str) -> Text | None:
        short, _, value = code.partition(":")
        system = systems.of(SYSTEMS[short]) if short in SYSTEMS else None
        nb, en = (_term(system, value, languages) for languages in (_NORWEGIAN, _ENGLISH)) if system else ("", "")
        return Text(nb=nb or en, en=en or nb) if nb or en else None

    return name_of


def _term(system: CodeSystem, code: str, languages: tuple[str, ...]) -> str:
    entry = system.entry(code, languages)
    return entry.display if entry is not None else ""
