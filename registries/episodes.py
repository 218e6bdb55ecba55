"""Stays that follow each other as one episode: transfers between wards and hospitals, short leaves, readmissions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from registries.case_rule import CaseRule
from registries.entry import JournalEntry, Standing, When
from registries.moments import parse_duration


def episodes_of(stays: Iterable[JournalEntry], rule: CaseRule) -> dict[str, tuple[JournalEntry, ...]]:
    """The stays that make one episode with a stay, itself among them, in order: by the stay's source.

    Without `episode` in the rule every stay is one of its own, and so is always one that does not count, has no start,
    or is of a class that makes no case.
    """
    if rule.episode is None:
        return {stay.source: (stay,) for stay in stays}
    gap = parse_duration(rule.episode.gap)
    chains: list[list[JournalEntry]] = []
    latest: dict[str, tuple[list[JournalEntry], datetime]] = {}  # by place: the chain, and until when it went on
    for stay in sorted(stays, key=lambda one: one.order):
        place = _place(stay, rule)
        chain, reach = latest.get(place or "", ([], None))
        if place is None or reach is None or stay.start is None or stay.start.moment - reach > gap:
            chain, reach = [], None
            chains.append(chain)
        chain.append(stay)
        if place is not None and stay.start is not None:
            own = ends(stay, stay.start)
            latest[place] = (chain, own if reach is None else max(own, reach))
    return {stay.source: tuple(chain) for chain in chains for stay in chain}


def ends(entry: JournalEntry, start: When) -> datetime:
    """When something ended, UTC. What has no end is not known to go on: it ended when it started."""
    return start.moment if entry.end is None else max(entry.end.latest, start.moment)


def _place(stay: JournalEntry, rule: CaseRule) -> str | None:
    """Which stays can follow this one: those of the same place; None when there are none."""
    if stay.standing is not Standing.COUNTS or stay.start is None:
        return None
    if rule.stay_class is not None and stay.stay_class not in rule.stay_class:
        return None
    if rule.episode is None or rule.episode.transfers:
        return "anywhere"
    return stay.organisation or None
