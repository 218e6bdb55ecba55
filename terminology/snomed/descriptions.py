"""Descriptions of concepts, and which of them is preferred in a language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from terminology.snomed import ids
from terminology.snomed.arrays import Texts
from terminology.snomed.folder import Reader
from terminology.snomed.sctid import Bools, Ints

#: What people read when nothing else is asked for: Bokmål, Nynorsk, English.
READING_ORDER: Final = ("nb", "nn", "en")


@dataclass(frozen=True, slots=True)
class Description:
    """One description. `type` is fsn, synonym or definition; the last two name language reference sets."""

    id: int
    concept: int
    type: str
    language: str
    term: str
    active: bool
    preferred_in: tuple[int, ...]
    acceptable_in: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Descriptions:
    """All descriptions of a release, sorted by concept and identifier; `starts` by ordinal of the concept.

    By row: `concept` (ordinal), `time` (YYYYMMDD), `module`, `type` and `case` (identifiers), `language` (a place in
    `languages`). The active members of language reference sets of row `i` are `language_refset` and
    `language_acceptability` from `language_starts[i]` to `language_starts[i + 1]`.
    """

    starts: Ints
    concept: Ints
    id: Ints
    active: Bools
    time: Ints
    module: Ints
    type: Ints
    case: Ints
    terms: Texts
    language: Ints
    languages: tuple[str, ...]
    language_starts: Ints
    language_refset: Ints
    language_acceptability: Ints

    def of(self, ordinal: int, concept: int) -> tuple[Description, ...]:
        """All descriptions of a concept, inactive ones too, by id."""
        return tuple(self._description(row, concept) for row in self.rows(ordinal))

    def rows(self, ordinal: int) -> range:
        """The rows of a concept."""
        return range(int(self.starts[ordinal]), int(self.starts[ordinal + 1]))

    def _refsets(self, row: int) -> Iterator[tuple[int, int]]:
        mine = slice(self.language_starts[row], self.language_starts[row + 1])
        yield from zip(self.language_refset[mine].tolist(), self.language_acceptability[mine].tolist(), strict=True)

    def _description(self, row: int, concept: int) -> Description:
        refsets = tuple(self._refsets(row))
        return Description(
            int(self.id[row]),
            concept,
            ids.DESCRIPTION_TYPES.get(int(self.type[row]), str(self.type[row])),
            self.languages[self.language[row]],
            self.terms[row],
            bool(self.active[row]),
            tuple(refset for refset, how in refsets if how == ids.PREFERRED),
            tuple(refset for refset, how in refsets if how != ids.PREFERRED),
        )


def read_descriptions(folder: Reader) -> Descriptions:
    """The descriptions of a release folder."""
    tags = folder.texts("description_languages")
    return Descriptions(
        starts=folder.ints("description_starts"),
        concept=folder.ints("description_concept"),
        id=folder.ints("description"),
        active=folder.bools("description_active"),
        time=folder.ints("description_time"),
        module=folder.ints("description_module"),
        type=folder.ints("description_type"),
        case=folder.ints("description_case"),
        terms=folder.texts("terms"),
        language=folder.ints("description_language"),
        languages=tuple(tags[number] for number in range(len(tags))),
        language_starts=folder.ints("language_starts"),
        language_refset=folder.ints("language_refset"),
        language_acceptability=folder.ints("language_acceptability"),
    )
