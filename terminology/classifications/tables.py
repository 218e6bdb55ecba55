"""The arrays of a classification: codes, hierarchy, packed entries and the word index; in memory or memory-mapped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from terminology import fold
from terminology.classifications.content import Content
from terminology.codes import normalised
from terminology.snomed.arrays import Rows, Texts, pack, rows_of
from terminology.snomed.sctid import Bools, Ints
from terminology.systems import Designation, Entry

#: Bytes fixed in width: an array of codes or words that numpy can look up in.
Keys = npt.NDArray[np.bytes_]

#: Longer words are cut: nobody types more.
WIDEST_WORD: Final = 32

#: What is searched: names of a code and what belongs to it, not what does not.
_SEARCHED: Final = frozenset({"preferred", "fsn", "synonym", "inclusion"})


class Details(msgspec.Struct, frozen=True, array_like=True):
    """What is read only when a code is looked up."""

    designations: tuple[tuple[str, str, str], ...]
    properties: tuple[tuple[str, str], ...]
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Tables:
    """All arrays, by ordinal: the place of a code in the sorted `keys` (normalised codes as UTF-8).

    `active` is what the file says, `until` the last valid day as an ordinal; `size` counts the words of the display
    text, for ranking. `words` are sorted; the codes of word `i` are a row of `postings`.
    """

    keys: Keys
    active: Bools
    until: Ints
    size: Ints
    parent_starts: Ints
    parents: Ints
    child_starts: Ints
    children: Ints
    detail_starts: Ints
    details: npt.NDArray[np.uint8]
    words: Keys
    posting_starts: Ints
    postings: Ints

    @property
    def up(self) -> Rows:
        """The parents of each code."""
        return Rows(self.parent_starts, self.parents)

    @property
    def down(self) -> Rows:
        """The children of each code."""
        return Rows(self.child_starts, self.children)

    @property
    def found(self) -> Rows:
        """The codes of each word."""
        return Rows(self.posting_starts, self.postings)

    def in_use(self, day: date) -> Bools:
        """Which codes are active and have not ended before `day`."""
        return self.active & (self.until >= day.toordinal())

    def details_of(self, ordinal: int) -> Details:
        """The packed part of one entry."""
        return _decode(Texts(self.detail_starts, self.details)[ordinal])

    def ordinal(self, key: str) -> int:
        """Where a normalised code is; -1 when it is not there."""
        place = place_of(self.keys, key.encode("utf-8", "replace"))
        return -1 if place is None else place


NAMES: Final = tuple(one.name for one in fields(Tables))


def place_of(keys: Keys, key: bytes) -> int | None:
    """Where `key` is in sorted `keys`."""
    if not key or len(key) > keys.dtype.itemsize:
        return None
    place = int(np.searchsorted(keys, np.array(key, dtype=keys.dtype)))
    return place if place < len(keys) and keys[place] == key else None


def tables_of(content: Content) -> Tables:
    """The arrays of a checked classification."""
    names = [normalised(content.head.uri, entry.code) for entry in content.entries]
    place = {name: number for number, name in enumerate(names)}
    pairs = [
        (number, place[normalised(content.head.uri, parent)])
        for number, entry in enumerate(content.entries)
        for parent in entry.parents
    ]
    below, above = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    up, down = rows_of(below, above, len(names)), rows_of(above, below, len(names))
    details = pack([_encode(entry) for entry in content.entries])
    words, found = _index(names, content.entries)
    return Tables(
        keys=_keys(names),
        active=np.array([entry.active for entry in content.entries], dtype=np.bool_),
        until=np.array([(entry.valid_to or date.max).toordinal() for entry in content.entries], dtype=np.int64),
        size=np.array([len(fold.words(entry.display)) for entry in content.entries], dtype=np.int64),
        parent_starts=up.starts,
        parents=up.values,
        child_starts=down.starts,
        children=down.values,
        detail_starts=details.starts,
        details=details.blob,
        words=words,
        posting_starts=found.starts,
        postings=found.values,
    )


def _keys(texts: Sequence[str]) -> Keys:
    encoded = [text.encode() for text in texts]
    return np.array(encoded, dtype=f"S{max(map(len, encoded), default=1)}")


def _index(names: Sequence[str], entries: Iterable[Entry]) -> tuple[Keys, Rows]:
    """Which codes each word is in; a code is a word of itself."""
    places: dict[bytes, list[int]] = {}
    for number, (name, entry) in enumerate(zip(names, entries, strict=True)):
        told = " ".join(one.term for one in entry.designations if one.use in _SEARCHED)
        for word in {*fold.words(told), *fold.words(name)}:
            places.setdefault(word.encode()[:WIDEST_WORD], []).append(number)
    ordered = sorted(places)
    counts = np.array([len(places[word]) for word in ordered], dtype=np.int64)
    rows = np.repeat(np.arange(len(ordered)), counts)
    codes = np.array([number for word in ordered for number in places[word]], dtype=np.int64)
    return np.array(ordered, dtype=f"S{WIDEST_WORD}"), rows_of(rows, codes, len(ordered))


_TUPLES: Final = msgspec.json.Decoder(Details)


def _decode(text: str) -> Details:
    return _TUPLES.decode(text)


def _encode(entry: Entry) -> str:
    texts = tuple((one.language, one.term, one.use) for one in entry.designations)
    return msgspec.json.encode(Details(texts, entry.properties, entry.valid_from, entry.valid_to)).decode()


def designations_of(details: Details) -> tuple[Designation, ...]:
    """The texts of an entry."""
    return tuple(Designation(language, term, use) for language, term, use in details.designations)  # type: ignore[arg-type]


def as_mapping(tables: Tables) -> Mapping[str, npt.NDArray[np.generic]]:
    """The arrays by name, for storing."""
    return {name: getattr(tables, name) for name in NAMES}
