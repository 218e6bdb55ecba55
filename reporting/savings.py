"""How many data points nobody had to type, per registry and month of the case start. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from registries.record import RegistryRecord, Severity, Tier


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """One month of one registry: its cases, and its filled fields by who answers for them.

    `automatic` are the fields that nobody typed; `proposed` a person confirms with one look, as also what a warning
    withholds, and everything in a record that an error holds. `left` a person fills in.
    """

    registry: str
    month: str
    cases: int
    automatic: int
    proposed: int
    left: int


def saved(records: Iterable[RegistryRecord]) -> tuple[Saved, ...]:
    """By registry and month (YYYY-MM, local). `left` are the fields that a person fills in."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for record in records:
        month = counts.setdefault((record.registry, record.start[:7]), Counter())
        month["cases"] += 1
        looked_at = _looked_at(record)
        for value in record.values:
            if value.value is not None:
                month[Tier.PROPOSED if value.variable in looked_at else value.tier] += 1
            elif value.tier is Tier.MANUAL:
                month["left"] += 1
    return tuple(
        Saved(
            registry=registry,
            month=month,
            cases=found["cases"],
            automatic=found[Tier.AUTOMATIC],
            proposed=found[Tier.PROPOSED],
            left=found["left"],
        )
        for (registry, month), found in sorted(counts.items())
    )


def _looked_at(record: RegistryRecord) -> set[str]:
    """The variables that do not leave until a person has looked at them."""
    if any(finding.severity is Severity.ERROR for finding in record.findings):
        return {value.variable for value in record.values}
    return {finding.variable for finding in record.findings if finding.severity is Severity.WARNING}
