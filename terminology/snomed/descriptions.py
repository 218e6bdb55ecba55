"""Descriptions of concepts, and which of them is preferred in a language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from terminology.snomed import ids
from terminology.snomed.arrays import Rows, Texts
from terminology.snomed.sctid import Bools, Ints


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
    """All descriptions of a release, sorted by concept; `starts` by ordinal of the concept."""

    starts: Ints
    id: Ints
    active: Bools
    type: Ints
    terms: Texts
    tags: Texts
    languages: Rows
    preferred: Bools

    def of(self, ordinal: int, concept: int) -> tuple[Description, ...]:
        """All descriptions of a concept, inactive ones too, by id."""
        return tuple(self._description(row, concept) for row in self._rows(ordinal))

    def preferred_term(self, ordinal: int, languages: Sequence[str]) -> str | None:
        """The preferred synonym in the first of `languages` that has one (see `Release.preferred_term`)."""
        synonyms = [row for row in self._rows(ordinal) if self.active[row] and self.type[row] == ids.SYNONYM]
        preferred = {refset: row for row in synonyms for refset in self._refsets(row, preferred=True)}
        for language in languages:
            for refset in _refsets_of(language):
                if refset in preferred:
                    return self.terms[preferred[refset]]
        return None

    def fsn(self, ordinal: int) -> str | None:
        """The active fully specified name; of several the English one."""
        rows = [row for row in self._rows(ordinal) if self.active[row] and self.type[row] == ids.FSN]
        rows.sort(key=lambda row: self.tags[row] != "en")
        return self.terms[rows[0]] if rows else None

    def _rows(self, ordinal: int) -> range:
        return range(int(self.starts[ordinal]), int(self.starts[ordinal + 1]))

    def _refsets(self, row: int, preferred: bool) -> Iterator[int]:
        begin, end = self.languages.starts[row], self.languages.starts[row + 1]
        mine = self.preferred[begin:end] == preferred
        yield from self.languages.values[begin:end][mine].tolist()

    def _description(self, row: int, concept: int) -> Description:
        return Description(
            int(self.id[row]),
            concept,
            ids.DESCRIPTION_TYPES.get(int(self.type[row]), str(self.type[row])),
            self.tags[row],
            self.terms[row],
            bool(self.active[row]),
            tuple(self._refsets(row, preferred=True)),
            tuple(self._refsets(row, preferred=False)),
        )


#: What people read when nothing else is asked for: Bokmål, Nynorsk, English.
READING_ORDER: Final = ("nb", "nn", "en")


def _refsets_of(language: str) -> tuple[int, ...]:
    try:
        return ids.LANGUAGES[language]
    except KeyError:
        raise ValueError(f"no language reference set is known for {language!r}") from None
