"""A SNOMED CT release in the shape of all code systems (`terminology.systems.CodeSystem`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from terminology.codes import SNOMED
from terminology.snomed import ids
from terminology.snomed.descriptions import Description
from terminology.snomed.view import Release
from terminology.systems import Designation, Entry


@dataclass(frozen=True, slots=True)
class SnomedSystem:
    """An imported release; `name` is the one in the store."""

    release: Release
    name: str

    @property
    def uri(self) -> str:
        """SNOMED CT, whatever the edition."""
        return SNOMED

    @property
    def version(self) -> str:
        """The version URI of the edition (SNOMED CT URI standard 2.1)."""
        return self.release.info.uri

    @property
    def title(self) -> str:
        """The name in the store, which tells editions apart."""
        return f"SNOMED CT {self.name}"

    def codes(self) -> Iterator[str]:
        """All concept ids in order, inactive ones too."""
        return map(str, self.release.ids.tolist())

    def has(self, code: str) -> bool:
        """Whether the concept is in the release, active or not."""
        sctid = _sctid(code)
        return sctid is not None and self.release.has(sctid)

    def entry(self, code: str, languages: Sequence[str]) -> Entry | None:
        """Everything about a concept; `display` is its preferred term, else its fully specified name."""
        sctid = _sctid(code)
        if sctid is None or not self.release.has(sctid):
            return None
        known = [language for language in languages if language in ids.LANGUAGES]
        display = self.release.preferred_term(sctid, known) if known else None
        described = self.release.descriptions(sctid)
        return Entry(
            code=str(sctid),
            display=display or self.release.fsn(sctid) or str(sctid),
            active=self.release.is_active(sctid),
            designations=tuple(_designation(one) for one in described if one.active),
            parents=self.parents(code),
        )

    def parents(self, code: str) -> tuple[str, ...]:
        """The concepts directly above."""
        sctid = _sctid(code)
        return () if sctid is None else _written(sorted(self.release.parents(sctid)))

    def children(self, code: str) -> tuple[str, ...]:
        """The concepts directly below."""
        sctid = _sctid(code)
        return () if sctid is None else _written(sorted(self.release.children(sctid)))

    def descendants(self, code: str) -> frozenset[str]:
        """All concepts below, without the concept itself."""
        sctid = _sctid(code)
        return frozenset() if sctid is None else frozenset(map(str, self.release.descendants(sctid)))

    def subsumes(self, a: str, b: str) -> bool:
        """Whether `b` is `a` or below it; False when either is not in the release."""
        above, below = _sctid(a), _sctid(b)
        return above is not None and below is not None and self.release.subsumes(above, below)


def _sctid(code: str) -> int | None:
    text = code.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _written(sctids: Iterable[int]) -> tuple[str, ...]:
    return tuple(map(str, sctids))


def _designation(one: Description) -> Designation:
    use: Literal["fsn", "definition", "preferred", "synonym"]
    if one.type == "synonym":
        use = "preferred" if one.preferred_in else "synonym"
    else:
        use = "fsn" if one.type == "fsn" else "definition"
    return Designation(one.language, one.term, use)
