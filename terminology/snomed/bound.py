"""A release as value sets and maps see it: see `terminology.valuesets.Snomed`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from terminology.snomed.ecl import evaluate
from terminology.snomed.view import Release


@dataclass(frozen=True, slots=True)
class BoundRelease:
    """Answers expressions and history from one release."""

    release: Release

    def select(self, ecl: str) -> frozenset[int]:
        """The concepts that satisfy an expression, inactive ones where it names them; raises EclError."""
        return evaluate(self.release, ecl)

    def inactive_into(self, ids: frozenset[int]) -> Mapping[int, int]:
        """Inactive concepts whose history leads to exactly one of `ids`, with that one."""
        return self.release.inactive_into(ids)

    def has(self, sctid: int) -> bool:
        """Whether the release holds the concept, active or not."""
        return self.release.has(sctid)

    @property
    def cited(self) -> str:
        """The release as records cite it: `snomed-<edition module>-<version>`."""
        info = self.release.info
        return f"snomed-{info.edition.rsplit('/', 1)[-1]}-{info.version}"
