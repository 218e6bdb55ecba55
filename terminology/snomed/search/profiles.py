"""What descriptions have in common apart from their words: type, state, language and acceptability.

A release has millions of descriptions and a handful of such combinations. A description in the index has the
number of its profile, and a search weighs the profiles once instead of each description.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from terminology.snomed import ids
from terminology.snomed.descriptions import Descriptions
from terminology.snomed.folder import Reader
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.search.slices import first_of_each, number_keys

Arrays = dict[str, npt.NDArray[np.generic]]

_CONCEPT_ACTIVE: Final = 1
_ACTIVE: Final = 2


@dataclass(frozen=True, slots=True)
class Profile:
    """One combination. `language` is as the description says; the last two are language reference sets."""

    type: int
    language: str
    active: bool
    concept_active: bool
    preferred_in: frozenset[int]
    acceptable_in: frozenset[int]

    def place_in(self, refsets: frozenset[int], language: str) -> tuple[bool, bool]:
        """Whether the description belongs to a language, and whether it is preferred there.

        A description in no language reference set at all belongs to the language it is written in; "no" is
        both Bokmål and Nynorsk.
        """
        if self.preferred_in or self.acceptable_in:
            preferred = bool(self.preferred_in & refsets)
            return preferred or bool(self.acceptable_in & refsets), preferred
        base = language.partition("-")[0]
        return self.language == base or (self.language == "no" and base in {"nb", "nn"}), False


def number_profiles(table: Descriptions, concept_active: Bools) -> tuple[Ints, Arrays]:
    """The profile of each description row, and the arrays from which `read_profiles` makes the profiles."""
    state = _ACTIVE * table.active.astype(np.int64) + _CONCEPT_ACTIVE * concept_active[table.concept]
    members = _member_codes(table)
    code = _combine(_combine(state, number_keys(table.type.astype(np.uint64))), table.language.astype(np.int64))
    for codes in members:
        code = _combine(code, codes)
    number, shown = first_of_each(code)
    begin, end = table.language_starts[shown], table.language_starts[shown + 1]
    rows = np.concatenate([np.arange(a, b) for a, b in zip(begin.tolist(), end.tolist(), strict=True)] or [begin[:0]])
    return number, {
        "search_profile_type": table.type[shown],
        "search_profile_language": table.language[shown],
        "search_profile_state": state[shown],
        "search_profile_starts": np.concatenate(([0], np.cumsum(end - begin))),
        "search_profile_refset": table.language_refset[rows],
        "search_profile_preferred": table.language_acceptability[rows] == ids.PREFERRED,
    }


def read_profiles(load: Reader, languages: tuple[str, ...]) -> tuple[Profile, ...]:
    """The profiles by number; `languages` are those of the descriptions of the release."""
    columns = ("type", "language", "state", "starts", "refset", "preferred")
    kind, language, state, starts, refset, preferred = (
        load.ints(f"search_profile_{name}").tolist() for name in columns
    )
    members = list(zip(refset, preferred, strict=True))
    return tuple(
        Profile(
            kind[number],
            languages[language[number]],
            bool(state[number] & _ACTIVE),
            bool(state[number] & _CONCEPT_ACTIVE),
            frozenset(one for one, best in members[starts[number] : starts[number + 1]] if best),
            frozenset(one for one, best in members[starts[number] : starts[number + 1]] if not best),
        )
        for number in range(len(kind))
    )


def _combine(first: Ints, second: Ints) -> Ints:
    """One small number for each pair."""
    return number_keys((first * (int(second.max(initial=0)) + 1) + second).astype(np.uint64))


def _member_codes(table: Descriptions) -> Iterator[Ints]:
    """For each row a number of its first member in a language reference set, 0 for none; then of its second; …"""
    kinds = 1 + _combine(
        number_keys(table.language_refset.astype(np.uint64)), table.language_acceptability == ids.PREFERRED
    )
    counts = np.diff(table.language_starts)
    for turn in range(int(counts.max(initial=0))):
        codes = np.zeros(len(counts), dtype=np.int64)
        rows = np.flatnonzero(counts > turn)
        codes[rows] = kinds[table.language_starts[rows] + turn]
        yield codes
