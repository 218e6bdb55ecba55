"""Charts being filled: what was kept of one patient, for all plans that ask about the patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from msgspec.structs import replace

from registries.chart import EARLIEST, Chart, chart_of, written_at
from registries.entry import JournalEntry, Kind, Standing
from reporting.adapters.fhir.selecting import Told
from reporting.journal import Charts, Identity

#: All plans.
ALL: Final = -1
#: Which kind of number is preferred.
_ORDER: Final = ("FNR", "DNR", "FHN")


class Kept(NamedTuple):
    """An entry, with what its codes stand for. Its own selectors are those of one plan only."""

    entry: JournalEntry
    told: Told


class Doubt(NamedTuple):
    """Something that rules cannot read: where, of which kind, and (as bits) of which plans."""

    place: str
    kind: Kind
    plans: int


class Asked(NamedTuple):
    """What a plan asks about: kinds of entries, and a mark that it shares with plans that ask for the same entries."""

    kinds: Set[Kind]
    entries: str


@dataclass(slots=True)
class Draft:
    """One patient's chart for several plans. `index` has the bits of the plans that found an index code; `named` is
    what each stay names as its own, with ranks; `versions` says of each resource, also of those that no rule asks
    about, when its latest version was written."""

    patient: str
    index: int = 0
    named: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    entries: list[Kept] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    seen: Counter[Kind] = field(default_factory=Counter)
    doubts: list[Doubt] = field(default_factory=list)
    identities: frozenset[Identity] = frozenset()
    version: datetime = EARLIEST  # of the patient resource that gave the identities

    def written(self, source: str, updated: str) -> None:
        """Note that a resource has a version written then."""
        known = self.versions.get(source)
        if known is None or (known != updated and written_at(updated) > written_at(known)):
            self.versions[source] = updated

    def doubt(self, place: str, kind: Kind, plans: int = ALL) -> None:
        """Note what cannot be read: its absence proves nothing."""
        self.doubts.append(Doubt(place, kind, plans))

    def charts(self, plans: Sequence[Asked]) -> Charts:
        """The patient's chart for each plan; None for plans that found no index code. What a later version took back
        is left out."""
        current = [kept for kept in self.entries if not self.taken_back(kept.entry)]
        if self.named:
            current = self.linked(current)
        made: dict[str, Chart] = {}
        charts: list[Chart | None] = [None] * len(plans)
        for number, (kinds, entries) in enumerate(plans):
            if self.index >> number & 1:
                chart = made.get(entries)
                charts[number] = made[entries] = chart or self.chart(number, kinds, current)
        alike = len({entry.source for entry, _ in current}) == len(current)
        return Charts(tuple(charts), tuple(sorted(self.identities, key=_preferred)), alike)

    def chart(self, number: int, kinds: Set[Kind], current: Sequence[Kept]) -> Chart:
        entries = [
            entry if entry.selectors == told.selectors[number] else replace(entry, selectors=told.selectors[number])
            for entry, told in current
            if told.kept >> number & 1
        ]
        seen = {kind: count for kind, count in self.seen.items() if kind in kinds}
        places = {place: kind for place, kind, plans in self.doubts if plans >> number & 1 and kind in kinds}
        return chart_of(self.patient, entries, seen, dict(Counter(places.values())))

    def linked(self, current: Sequence[Kept]) -> list[Kept]:
        """The entries, with the rank that their stay gives them; those without a stay in the first that names them."""
        stays = [one.entry for one in current if one.entry.kind is Kind.STAY]
        first: dict[str, str] = {}
        ranks: dict[tuple[str, str], int] = {}
        for stay in sorted(stays, key=lambda stay: stay.order):
            for source, rank in self.named.get(stay.source, ()) if stay.standing is Standing.COUNTS else ():
                first.setdefault(source, stay.source)
                ranks.setdefault((source, stay.source), rank)
        linked = []
        for kept in current:
            at = kept.entry.stay or first.get(kept.entry.source, "")
            place = ranks.get((kept.entry.source, at))
            linked.append(kept if place is None else kept._replace(entry=replace(kept.entry, stay=at, rank=place)))
        return linked

    def taken_back(self, entry: JournalEntry) -> bool:
        later = self.versions.get(entry.source.partition("#")[0])
        return later is not None and later != entry.updated and written_at(later) > written_at(entry.updated)


def _preferred(identity: Identity) -> tuple[int, str]:
    return (_ORDER.index(identity.kind), identity.number)
