"""Which term of a concept is preferred where: language reference sets (RF2 specification 5.2.2.1).

Which reference sets stand for a language tag is said by `ids.LANGUAGES` and, for others, seen in the release: a
reference set belongs to the language that most of its descriptions are written in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from terminology.snomed import ids
from terminology.snomed.arrays import bits_of, coded, starts_of
from terminology.snomed.folder import Reader, Writer
from terminology.snomed.sctid import Bools, Ints

#: Tags of language reference sets by identifier: `nb-x-61000202103`, FHIR's `nb-x-sctlang-61000202-103`, or alone.
_DIALECT: Final = re.compile(r"(?:.*-x-(?:sctlang-)?)?(\d[\d-]{4,20}\d)")


@dataclass(frozen=True, slots=True)
class Choices:
    """The description row of the preferred synonym of each concept, -1 for none: one line for each reference set.

    `tags` are the reference sets of each language of the release, the deciding one first. `fsn` is the row of the
    fully specified name.
    """

    refsets: tuple[int, ...]
    rows: Ints
    fsn: Ints
    tags: Mapping[str, tuple[int, ...]]

    def lines(self, languages: Sequence[str]) -> list[Ints]:
        """The lines of the reference sets that stand for `languages`, in order. Raises ValueError for another tag."""
        wanted = [refset for language in languages for refset in self.refsets_of(language)]
        return [self.rows[self.refsets.index(refset)] for refset in wanted if refset in self.refsets]

    def chosen(self, ordinals: Ints, languages: Sequence[str]) -> Ints:
        """The preferred row of each concept in the first of `languages` that has one, else that of its full name."""
        first, *others = (*self.lines(languages), self.fsn)
        found: Ints = first[ordinals]
        for line in others:
            open_ = np.flatnonzero(found < 0)
            found[open_] = line[ordinals[open_]]
        return found

    def refsets_of(self, language: str) -> tuple[int, ...]:
        """The reference sets that stand for a language, the deciding one first. Raises ValueError for another tag."""
        if (known := self.tags.get(language)) is not None:
            return known
        if dialect := _DIALECT.fullmatch(language):
            return (int(dialect[1].replace("-", "")),)
        raise ValueError(f"no language reference set is known for {language!r}")


@dataclass(frozen=True, slots=True)
class Acceptabilities:
    """The active members of language reference sets: row of the description, reference set, acceptability."""

    row: Ints
    refset: Ints
    acceptability: Ints


@dataclass(frozen=True, slots=True)
class Names:
    """What choices depend on, by description row: concept (ordinal), type, whether active, language."""

    concept: Ints
    type: Ints
    active: Bools
    language: Ints
    languages: tuple[str, ...]


def write_languages(members: Acceptabilities, names: Names, count: int, out: Writer) -> dict[str, tuple[int, ...]]:
    """Writes acceptabilities by description and the choices for `count` concepts; returns the tags."""
    refsets, refset = coded(members.refset)
    values, value = coded(members.acceptability)
    # Row, reference set and acceptability in one number each: sorted at once.
    bits, more = bits_of(len(refsets)), bits_of(len(values))
    keys = np.sort((members.row.astype(np.int64) << bits | refset) << more | value)
    row, refset = keys >> bits + more, keys >> more & (1 << bits) - 1
    acceptability = values[keys & (1 << more) - 1]
    out.put("language_starts", starts_of(row, len(names.concept)))
    out.put("language_refset", refsets[refset])
    out.put("language_acceptability", acceptability)
    preferred = (acceptability == ids.PREFERRED) & names.active[row] & (names.type[row] == ids.SYNONYM)
    choices = np.full((len(refsets), count), -1, dtype=np.int32)
    # Of several preferred ones that with the lowest identifier counts: it is written last.
    last_first = np.flatnonzero(preferred)[::-1]
    choices[refset[last_first], names.concept[row[last_first]]] = row[last_first]
    out.put("preferred_refsets", refsets)
    out.put("preferred_rows", choices)
    out.put("fsn_rows", _fsn_rows(names, count))
    return _tags(refsets, refset, names.language[row], names.languages)


def read_choices(folder: Reader, tags: Mapping[str, tuple[int, ...]]) -> Choices:
    """The choices of a release folder; `tags` as `write_languages` returned them."""
    refsets = tuple(folder.ints("preferred_refsets").tolist())
    return Choices(refsets, folder.ints("preferred_rows"), folder.ints("fsn_rows"), tags)


def _fsn_rows(names: Names, count: int) -> Ints:
    """The row of the active fully specified name of each concept, -1 for none; of several the English one."""
    found = np.full(count, -1, dtype=np.int32)
    mine = np.flatnonzero(names.active & (names.type == ids.FSN))[::-1]
    english = names.language[mine] == (names.languages.index("en") if "en" in names.languages else -1)
    for rows in (mine[~english], mine[english]):
        found[names.concept[rows]] = rows
    return found


def _tags(refsets: Ints, refset: Ints, language: Ints, languages: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """Which reference sets stand for which tag: those always known, and those whose descriptions are in it mostly."""
    seen = np.bincount(refset * len(languages) + language, minlength=len(refsets) * len(languages))
    most = seen.reshape(len(refsets), -1).argmax(axis=1) if len(refsets) else []
    tags = dict(ids.LANGUAGES)
    known = {one for refsets_ in ids.LANGUAGES.values() for one in refsets_}
    for one, number in zip(refsets.tolist(), most, strict=True):
        tag = languages[number]
        if one not in known or tag not in ids.LANGUAGES:
            tags[tag] = (*tags.get(tag, ()), one)
    return tags
