"""The descriptions of two releases: which there are, what they say, and which is preferred."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from terminology.snomed.descriptions import Descriptions
from terminology.snomed.diff.concepts import Pair
from terminology.snomed.diff.joins import Join, join_unsorted, texts_differ
from terminology.snomed.diff.model import Described, DescriptionsDiff, PreferredChanged, TermChanged
from terminology.snomed.sctid import Ints
from terminology.snomed.view import Release


@dataclass(frozen=True, slots=True)
class Matched:
    """The descriptions that both releases have: their rows in the order in which both store them.

    `unlike` are the places of those with another term; `partner` is the row in the later release of each row of the
    earlier one that says the same, else -1.
    """

    before: Ints
    after: Ints
    unlike: Ints
    partner: Ints


def diff_descriptions(pair: Pair) -> DescriptionsDiff:
    """What happened to descriptions."""
    before, after = (release.descriptions_rows for release in pair.releases)
    found = join_unsorted(before.id, after.id)
    was, is_ = before.active[found.both_before], after.active[found.both_after]
    matched = _matched(before, after, found)
    return DescriptionsDiff(
        added=_described(pair.releases[1], found.only_after),
        removed=_described(pair.releases[0], found.only_before),
        inactivated=_described(pair.releases[0], found.both_before[was & ~is_]),
        reactivated=_described(pair.releases[1], found.both_after[~was & is_]),
        terms=_terms(pair, matched),
        preferred=tuple(_preferred(pair, matched)),
    )


def _matched(before: Descriptions, after: Descriptions, found: Join) -> Matched:
    # In the order in which both are stored, so that whole stretches of texts are compared at once.
    order = np.argsort(found.both_before)
    first, then = found.both_before[order], found.both_after[order]
    differ = texts_differ(before.terms, first, after.terms, then)
    partner = np.full(len(before.id), -1, dtype=np.int64)
    partner[first[~differ]] = then[~differ]
    return Matched(first, then, np.flatnonzero(differ), partner)


def _described(release: Release, rows: Ints) -> tuple[Described, ...]:
    told = release.descriptions_rows
    concepts = release.ids[told.concept[rows]].tolist()
    languages = [told.languages[code] for code in told.language[rows].tolist()]
    columns = told.id[rows].tolist(), concepts, languages, told.terms.of_many(rows)
    return tuple(Described(*row) for row in zip(*columns, strict=True))


def _terms(pair: Pair, matched: Matched) -> tuple[TermChanged, ...]:
    before, after = (release.descriptions_rows for release in pair.releases)
    first, then = matched.before[matched.unlike], matched.after[matched.unlike]
    concepts = pair.releases[1].ids[after.concept[then]].tolist()
    columns = before.id[first].tolist(), concepts, before.terms.of_many(first), after.terms.of_many(then)
    return tuple(sorted((TermChanged(*row) for row in zip(*columns, strict=True)), key=lambda one: one.id))


def _preferred(pair: Pair, matched: Matched) -> Iterator[PreferredChanged]:
    before, after = pair.releases
    tags = _tags(before) | _tags(after)
    for refset in sorted({*before.choices.refsets, *after.choices.refsets}):
        rows = tuple(_rows(release, refset)[stay] for release, stay in zip(pair.releases, pair.stays, strict=True))
        places = _other_terms(pair, matched, *rows)
        was, is_ = (_said(release, row[places]) for release, row in zip(pair.releases, rows, strict=True))
        for concept, *said in zip(before.ids[pair.stays[0][places]].tolist(), was, is_, strict=True):
            yield PreferredChanged(refset, tags.get(refset, ""), concept, *said)


def _rows(release: Release, refset: int) -> Ints:
    """The row of the preferred description of each concept; -1 where there is none."""
    choices = release.choices
    if refset not in choices.refsets:
        return np.full(len(release.ids), -1, dtype=np.int64)
    rows: Ints = choices.rows[choices.refsets.index(refset)]
    return rows


def _other_terms(pair: Pair, matched: Matched, first: Ints, then: Ints) -> Ints:
    """The places where one release has a preferred term and the other has none or another."""
    before, after = (release.descriptions_rows.terms for release in pair.releases)
    unlike = (first >= 0) != (then >= 0)
    # Nearly always it is the same description with the same term; the texts of others are compared.
    other = np.flatnonzero((first >= 0) & (then >= 0) & (matched.partner[first] != then))
    unlike[other] = texts_differ(before, first[other], after, then[other])
    return np.flatnonzero(unlike)


def _said(release: Release, rows: Ints) -> list[str | None]:
    terms = release.descriptions_rows.terms
    return [None if row < 0 else terms[row] for row in rows.tolist()]


def _tags(release: Release) -> dict[int, str]:
    """The shortest tag of each language reference set: `en` stands for American and British English alike."""
    tags: dict[int, str] = {}
    for tag, refsets in sorted(release.choices.tags.items(), key=lambda one: (-len(one[0]), one[0])):
        tags |= dict.fromkeys(refsets, tag)
    return tags
