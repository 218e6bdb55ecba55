"""Which descriptions answer a query, and which of them best.

Each description has points against it, and the one with the fewest comes first:

| points | for |
|---|---|
| 0, 3, 6 … | the first, second, third … of the languages asked for |
| 2 | not the preferred term in this language |
| 4 | a fully specified name |
| 40 | an inactive description; as many for an inactive concept |
| 4 | each word of the term, up to 24 words |
| 2 | each word of the query that is only the beginning of a word |
| 6 | each mistake in a word of the query |
| 3 | the first word of the query does not stand first |
| 1 | of several words, another order or another first word |
| 24 | all but a term that is, word for word, the query |

Of equal ones the shortest comes first, then by alphabet, then the concept that people look for more often by its
semantic tag, then by identifier. A concept is shown once, by its best description.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from terminology.snomed import ids
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.search.index import SearchIndex, Small
from terminology.snomed.search.profiles import Profile
from terminology.snomed.search.wanted import NOWHERE, Reached, Wanted, reach

#: Static points of a description that is not searched at all.
EXCLUDED: Final = 255

#: For how many choices of languages and activity the static points are remembered.
_REMEMBERED: Final = 16

_LANGUAGE, _NOT_PREFERRED, _FULL_NAME, _INACTIVE = 3, 2, 4, 40
_WORD, _MOST_WORDS = 4, 24
_NOT_FIRST, _NOT_EXACT = 3, 24

Points = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Numbers of descriptions, ascending, with the points against them."""

    number: Ints
    points: Points


NONE: Final = Ranked(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint16))


def static_points(
    index: SearchIndex, languages: Sequence[str], active: bool, refsets_of: Callable[[str], Sequence[int]]
) -> Small:
    """The points that a description has whatever the query is; EXCLUDED for one that is not searched.

    Not searched are text definitions, descriptions in other languages and, with `active`, those that are inactive
    or of inactive concepts. `refsets_of` is for the language reference sets of a language tag.
    """
    key = tuple(languages), active
    if (known := index.static.get(key)) is not None:
        return known
    refsets = [(language, frozenset(refsets_of(language))) for language in languages]
    weights = np.array([_weight(profile, refsets, active) for profile in index.profiles], dtype=np.uint8)
    points = np.take(weights, index.profile)
    words = np.minimum(index.word_count, _MOST_WORDS) * np.uint8(_WORD)
    if len(index.static) >= _REMEMBERED:
        index.static.clear()
    static = np.where(points == EXCLUDED, points, points + words)
    index.static[key] = static
    return static


def rank(index: SearchIndex, asked: Sequence[Wanted], static: Small, concepts: Bools | None) -> Ranked:
    """The descriptions in which each of `asked` is found, of the `concepts` (by ordinal; None for all)."""
    postings = [one.postings(index) for one in asked]
    rarest = postings.index(min(postings))
    if not postings[rarest]:
        return NONE
    reached: dict[int, Reached] = {rarest: reach(index, asked[rarest])}
    number = np.flatnonzero((reached[rarest].place != NOWHERE) & (static != EXCLUDED))
    if concepts is not None:
        number = number[np.flatnonzero(concepts[index.concept[number]])]
    for other in range(len(asked)):
        if other != rarest and len(number):
            reached[other] = reach(index, asked[other])
            number = number[np.flatnonzero(reached[other].place[number] != NOWHERE)]
    if not len(number):
        return NONE
    return Ranked(number, _points(index, [reached[one] for one in range(len(asked))], static, number))


def best_of_concepts(index: SearchIndex, ranked: Ranked, many: int) -> tuple[Ints, Points]:
    """The best description of each concept, the best concept first, as many as wanted; and their points."""
    wanted = 4 * many + 16
    upto = np.cumsum(np.bincount(ranked.points))
    while True:
        chosen = np.flatnonzero(ranked.points <= np.searchsorted(upto, min(wanted, len(ranked.number))))
        chosen = chosen[np.argsort(ranked.points[chosen], kind="stable")][:wanted]
        _, first = np.unique(index.concept[ranked.number[chosen]], return_index=True)
        if len(first) >= many or len(chosen) == len(ranked.number):
            best = chosen[np.sort(first)[:many]]
            return ranked.number[best], ranked.points[best]
        wanted *= 4


def count_concepts(index: SearchIndex, ranked: Ranked) -> int:
    """How many concepts the descriptions have."""
    seen = np.zeros(len(index.concept_tag), dtype=np.bool_)
    seen[index.concept[ranked.number]] = True
    return int(np.count_nonzero(seen))


def _weight(profile: Profile, languages: Sequence[tuple[str, frozenset[int]]], active: bool) -> int:
    if profile.type == ids.DEFINITION or (active and not (profile.active and profile.concept_active)):
        return EXCLUDED
    weights = []
    for place, (language, refsets) in enumerate(languages):
        there, preferred = profile.place_in(refsets, language)
        if there:
            weights.append(_LANGUAGE * min(place, 9) + (0 if preferred else _NOT_PREFERRED))
    if not weights:
        return EXCLUDED
    full_name = _FULL_NAME if profile.type == ids.FSN else 0
    return min(weights) + full_name + _INACTIVE * ((not profile.active) + (not profile.concept_active))


def _points(index: SearchIndex, reached: Sequence[Reached], static: Small, number: Ints) -> Points:
    places = [one.place[number] for one in reached]
    cost = reached[0].cost[number].astype(np.uint16)
    for one in reached[1:]:
        cost += one.cost[number]
    late, exact = places[0] != 0, cost == 0
    exact &= index.word_count[number] == len(reached)
    points = cost
    points += static[number]
    points += late * np.uint16(_NOT_FIRST)
    for before, after in pairwise(places):
        late |= before >= after
    if len(places) > 1:
        points += late
    exact &= ~late
    points += ~exact * np.uint16(_NOT_EXACT)
    return points
