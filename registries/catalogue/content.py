"""What a catalogue holds, and how its versions are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from registries.catalogue.variable import NormedVariable
from registries.substances import Substance
from terminology.maps import MapSet

_Codes = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Normed variables, sets of codes, map sets and substances by name.

    `variables` holds of each variable the version that a bare name means; `versions` all of those that have several,
    or only drafts, in order.
    """

    variables: Mapping[str, NormedVariable]
    sets: Mapping[str, _Codes]
    maps: Mapping[str, MapSet]
    versions: Mapping[str, tuple[NormedVariable, ...]] = field(default_factory=dict)
    substances: Mapping[str, Substance] = field(default_factory=dict)

    def fingerprint(self) -> list[object]:
        """Plain data that differs when any content differs."""
        every = {f"{name}@{one.version}": one.model_dump() for name in self.names for one in self.history(name)}
        substances = {name: one.model_dump(mode="json") for name, one in self.substances.items()}
        return [every, dict(self.sets), dict(self.maps), *([substances] if substances else [])]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all variables, in the catalogue's order."""
        return tuple(dict.fromkeys((*self.variables, *self.versions)))

    def history(self, name: str) -> tuple[NormedVariable, ...]:
        """All versions of a variable, the first one first; none when there is no such variable."""
        if name in self.versions:
            return self.versions[name]
        return (self.variables[name],) if name in self.variables else ()

    def find(self, reference: str) -> NormedVariable | None:
        """The variable that `name` or `name@version` means; None when there is none.

        A bare name is the newest published version, or the newest draft where nothing is published.
        """
        name, _, version = reference.partition("@")
        if version:
            return next((one for one in self.history(name) if str(one.version) == version), None)
        return self.variables.get(name)

    def at(self, day: date) -> Catalogue:
        """The catalogue as it was valid on a day: each bare name means the published version valid then, or nothing."""
        valid = {
            name: one
            for name in self.names
            for one in self.history(name)
            if one.status == "published" and one.valid_on(day)
        }
        return replace(self, variables=valid, versions={name: self.history(name) for name in self.names})

    def successors(self, reference: str) -> tuple[str, ...]:
        """What took a variable's place, and what took that one's, to the present one. Empty when nothing did.

        An older version is replaced by what it names, else by the version after it.
        """
        chain: list[str] = []
        while (after := self._successor(reference)) is not None and after not in chain:
            chain.append(after)
            reference = after
        return tuple(chain)

    def _successor(self, reference: str) -> str | None:
        found = self.find(reference)
        if found is None or found.replaced_by is not None:
            return found.replaced_by if found else None
        name = reference.partition("@")[0]
        later = [one.version for one in self.history(name) if one.status == "published" and one.version > found.version]
        return f"{name}@{min(later)}" if later else None


def newest(versions: tuple[NormedVariable, ...]) -> NormedVariable | None:
    """The newest published version; the newest draft where nothing is published."""
    published = [one for one in versions if one.status == "published"]
    return max(published or versions, key=lambda one: one.version, default=None)
