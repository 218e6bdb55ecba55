"""What a process that has the large release open is asked, and how long the answers take: processor time."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from benchmarks.terminology_queries import letters, queries
from fixtures.snomed.large import BROAD, SITE_TOP, SITE_TYPE
from terminology.snomed.ecl import matches
from terminology.snomed.search.engine import SearchOptions, search
from terminology.snomed.view import Release

_BRANCH: Final = f"<< {BROAD}"
_REFINED: Final = f"<< {BROAD} : {SITE_TYPE} = << {SITE_TOP}"
_LANGUAGES: Final = ("nb", "nn", "en")
_ROUNDS: Final = 7
_LOOKUPS: Final = 10_000
_SEARCHES: Final = 1_000
_SCANS: Final = 5


def asking(release: Release) -> dict[str, float]:
    """All figures in seconds, and how many concepts the sets have."""
    # The comparisons come last: millions of small objects cost others time after they are gone, too.
    return _sets(release) | _lookup(release) | _search(release) | _scan(release) | _walked(release)


def _sets(release: Release) -> dict[str, float]:
    # The first time may build what later times find ready.
    first, first_refined = _each((_BRANCH, _REFINED), lambda text: matches(release, text))
    return {
        "first set": first,
        "first refined": first_refined,
        "set": _best(lambda: matches(release, _BRANCH), 20),
        "list": _best(lambda: _listed(release)),
        "refined": _best(lambda: matches(release, _REFINED), 5),
        "in refined": int(np.count_nonzero(matches(release, _REFINED))),
    }


def _listed(release: Release) -> list[tuple[int, str]]:
    """The set as people read it: identifiers with preferred terms."""
    found = np.flatnonzero(matches(release, _BRANCH))
    return list(zip(release.ids[found].tolist(), release.preferred_terms(found, _LANGUAGES), strict=True))


def _walked(release: Release) -> dict[str, float]:
    children = _children(release)
    found = _walk(children, BROAD)
    if found != set(release.ids[matches(release, _BRANCH)].tolist()):
        raise ValueError("the set is not the one that walking finds")
    return {"walk": _best(lambda: _walk(children, BROAD)), "in set": len(found)}


def _children(release: Release) -> dict[int, list[int]]:
    rows, ids = release.child_rows, release.ids
    return {int(sctid): ids[rows.of(ordinal)].tolist() for ordinal, sctid in enumerate(ids)}


def _walk(children: dict[int, list[int]], top: int) -> set[int]:
    """The same set, as a program without an engine has it."""
    found, frontier = {top}, [top]
    while frontier:
        new = {child for sctid in frontier for child in children[sctid]} - found
        found |= new
        frontier = list(new)
    return found


def _lookup(release: Release) -> dict[str, float]:
    wanted = random.Random(1).choices(release.ids.tolist(), k=_LOOKUPS)

    def look_up() -> None:
        for sctid in wanted:
            if release.has(sctid):
                release.preferred_term(sctid, _LANGUAGES)
                release.parents(sctid)

    return {"lookup": _best(look_up) / _LOOKUPS}


def _search(release: Release) -> dict[str, float]:
    first, *asked = queries(release, _SEARCHES + 1)
    cold = _seconds(lambda: search(release, first, SearchOptions()))
    words = _each(asked, lambda text: search(release, text, SearchOptions()))
    short = _each(letters(), lambda text: search(release, text, SearchOptions()))
    return {
        "first search": cold,
        "search": _p99(words),
        "search median": statistics.median(words),
        "letter": _p99(short),
    }


def _scan(release: Release) -> dict[str, float]:
    rows = release.descriptions_rows
    terms = [term.casefold() for term in rows.terms.of_many(np.arange(len(rows.id)))]
    _, *asked = queries(release, _SCANS + 1)
    return {"scan": statistics.median(_each(asked, lambda text: _scanned(terms, text)))}


def _scanned(terms: list[str], text: str) -> list[int]:
    """The descriptions that hold all words of a query, as a program without an index finds them."""
    words = text.casefold().split()
    return [number for number, term in enumerate(terms) if all(word in term for word in words)]


def _each(texts: Iterable[str], work: Callable[[str], object]) -> list[float]:
    """How long each takes, once: users ask a thing once."""
    return [_seconds(lambda: work(text)) for text in texts]  # noqa: B023 - called at once


def _p99(times: list[float]) -> float:
    return float(np.quantile(times, 0.99, method="higher"))


def _best(work: Callable[[], object], times: int = 1) -> float:
    """Seconds of one of `times`, in the best of several rounds."""

    def repeated() -> object:
        for _ in range(times - 1):
            work()
        return work()

    return min(_seconds(repeated) for _ in range(_ROUNDS)) / times


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    kept = work()
    took = time.process_time() - start
    del kept  # after the answer is there: throwing it away is no part of it
    return took
