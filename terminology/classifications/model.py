"""A classification as people and engines ask it; it satisfies `terminology.systems.CodeSystem`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from terminology.classifications import texts
from terminology.classifications.content import Content, Head
from terminology.classifications.tables import Tables, designations_of, tables_of
from terminology.codes import normalised, shown
from terminology.snomed.arrays import Rows
from terminology.snomed.sctid import Ints
from terminology.systems import Entry


@dataclass(frozen=True, slots=True)
class Classification:
    """One release of a classification or code list, immutable; safe to share between threads.

    A code may be written in any of its forms (ICD-10 with and without the dot, small letters); answers have the form
    that people write. `tables` is for engines that work on ordinals.
    """

    name: str
    head: Head
    tables: Tables

    @property
    def uri(self) -> str:
        """The canonical URI of the code system."""
        return self.head.uri

    @property
    def version(self) -> str:
        """The edition's own name, as the file gives it; may be empty."""
        return self.head.version

    @property
    def title(self) -> str:
        """What people call it."""
        return self.head.title

    def __len__(self) -> int:
        return len(self.tables.keys)

    def codes(self) -> Iterator[str]:
        """All codes in order, inactive ones too."""
        return (shown(self.uri, key.decode()) for key in self.tables.keys.tolist())

    def has(self, code: str) -> bool:
        """Whether the code, written in any of its forms, is in the release, active or not."""
        return self.ordinal(code) >= 0

    def entry(self, code: str, languages: Sequence[str]) -> Entry | None:
        """Everything about a code; `display` is in the first of `languages` that has one, else in any.

        A code is active when its file does not say otherwise and its last valid day is not past.
        """
        ordinal = self.ordinal(code)
        return None if ordinal < 0 else self.entry_at(ordinal, languages)

    def entry_at(self, ordinal: int, languages: Sequence[str]) -> Entry:
        """The entry of the code at a place in `tables`."""
        details, written = self.tables.details_of(ordinal), self.code_at(ordinal)
        said = designations_of(details)
        return Entry(
            code=written,
            display=texts.display(said, languages) or written,
            active=bool(self.tables.active[ordinal]) and (details.valid_to or date.max) >= today(),
            designations=said,
            parents=self._written(self.tables.up.of(ordinal)),
            properties=details.properties,
            valid_from=details.valid_from,
            valid_to=details.valid_to,
        )

    def parents(self, code: str) -> tuple[str, ...]:
        """The codes directly above."""
        return self._beside(self.tables.up, code)

    def children(self, code: str) -> tuple[str, ...]:
        """The codes directly below."""
        return self._beside(self.tables.down, code)

    def ancestors(self, code: str) -> frozenset[str]:
        """All codes above, without the code itself."""
        ordinal = self.ordinal(code)
        return frozenset() if ordinal < 0 else frozenset(map(self.code_at, self._above(ordinal)))

    def descendants(self, code: str) -> frozenset[str]:
        """All codes below, without the code itself."""
        ordinal = self.ordinal(code)
        if ordinal < 0:
            return frozenset()
        return frozenset(self._written(np.flatnonzero(self.tables.down.reach(np.array([ordinal])))))

    def subsumes(self, a: str, b: str) -> bool:
        """Whether `b` is `a` or below it; False when either is not in the release."""
        above, below = self.ordinal(a), self.ordinal(b)
        return above >= 0 and below >= 0 and (above == below or above in self._above(below))

    def ordinal(self, code: str) -> int:
        """The place of a code in `tables`; -1 when it is not there."""
        return self.tables.ordinal(normalised(self.uri, code))

    def code_at(self, ordinal: int) -> str:
        """The code at a place in `tables`, as people write it."""
        return shown(self.uri, self.tables.keys[ordinal].decode())

    def _above(self, ordinal: int) -> set[int]:
        """Climbing is quicker than `Rows.reach`: a code has few ancestors."""
        up, found, waiting = self.tables.up, set[int](), [ordinal]
        while waiting:
            fresh = set(up.of(waiting.pop()).tolist()) - found
            found |= fresh
            waiting.extend(fresh)
        return found

    def _beside(self, rows: Rows, code: str) -> tuple[str, ...]:
        ordinal = self.ordinal(code)
        return () if ordinal < 0 else self._written(rows.of(ordinal))

    def _written(self, ordinals: Ints) -> tuple[str, ...]:
        return tuple(shown(self.uri, key.decode()) for key in self.tables.keys[ordinals].tolist())


def classification_of(content: Content, name: str) -> Classification:
    """A classification in memory."""
    return Classification(name, content.head, tables_of(content))


def today() -> date:
    """The calendar day by which codes have ended."""
    return date.today()  # noqa: DTZ011 – validity is a day in Norway, not an instant
