"""Everything a registry's rules may look at in one patient's journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from registries.entry import JournalEntry, Kind

#: When a version was written that does not say.
EARLIEST = datetime.min.replace(tzinfo=UTC)


class Chart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One patient's entries that matter to a definition, in an order that no order of reading can change.

    `seen` counts all entries of each kind, `unreadable` those whose codes no rule can read (unknown system, or a
    concept that the terminology release does not hold): they bear on whether absence means "no".
    """

    patient: str
    entries: tuple[JournalEntry, ...]
    seen: Mapping[Kind, int]
    unreadable: Mapping[Kind, int]

    def __repr__(self) -> str:
        return f"Chart({len(self.entries)} entries)"


def chart_of(
    patient: str, entries: Iterable[JournalEntry], seen: Mapping[Kind, int], unreadable: Mapping[Kind, int]
) -> Chart:
    """A chart of entries in any order; of several versions of one entry the latest stays.

    Stays are kept whether or not a rule selects them: they say where an entry belongs.
    """
    latest: dict[str, JournalEntry] = {}
    for entry in entries:
        known = latest.get(entry.source)
        if known is None or _later(entry, known):
            latest[entry.source] = entry
    ordered = tuple(sorted((e for e in latest.values() if e.selectors or e.kind is Kind.STAY), key=_order))
    return Chart(patient=patient, entries=ordered, seen=seen, unreadable=unreadable)


def written_at(updated: str) -> datetime:
    """When a version was written, from its source's text; one that does not say, or not so that it can be read, is the
    earliest."""
    try:
        at = datetime.fromisoformat(updated)
    except ValueError:
        return EARLIEST
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _order(entry: JournalEntry) -> tuple[object, ...]:
    return entry.order


def _later(entry: JournalEntry, known: JournalEntry) -> bool:
    if (mine := written_at(entry.updated)) != (its := written_at(known.updated)):
        return mine > its
    # Two versions of one date have no right order: their content gives one that is at least always the same.
    return entry != known and msgspec.json.encode(entry) > msgspec.json.encode(known)
