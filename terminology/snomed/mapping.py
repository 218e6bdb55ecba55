"""Maps in a release, asked both ways: from a concept to codes for a patient, and from a code to concepts."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.snomed.map_evaluation import Considered, GroupResult, MapResult, evaluate_groups
from terminology.snomed.map_rules import Rule, parse_rule
from terminology.snomed.map_tables import MapKind, MapRow, map_tables
from terminology.snomed.map_truth import Context, Need, Patient
from terminology.snomed.view import Release

__all__ = [
    "Considered",
    "Context",
    "GroupResult",
    "MapRefset",
    "MapResult",
    "MapRow",
    "Need",
    "ReverseHit",
    "evaluate_map",
    "map_refsets",
    "map_rows",
    "reverse_map",
]

_NOTHING_KNOWN = Context()


@dataclass(frozen=True, slots=True)
class MapRefset:
    """A reference set that is a map, with how many active rows it has for how many concepts."""

    id: int
    name: str
    kind: MapKind
    rows: int
    concepts: int


@dataclass(frozen=True, slots=True)
class ReverseHit:
    """A row that leads to a code, with its rule: the concept means the code where the rule holds."""

    concept: int
    active: bool
    row: MapRow
    rule: Rule


def map_refsets(release: Release) -> tuple[MapRefset, ...]:
    """The maps of a release, by identifier; a map without a name in the release goes by its identifier."""
    return tuple(
        MapRefset(
            id=refset,
            name=release.preferred_term(refset) or release.fsn(refset) or str(refset),
            kind=table.kind,
            rows=len(table.rows),
            concepts=table.concepts,
        )
        for refset, table in sorted(map_tables(release).items())
    )


def map_rows(release: Release, refset: int, sctid: int) -> tuple[MapRow, ...]:
    """The active rows of a map for a concept, by block, group and priority; () when the map has none."""
    table = map_tables(release).get(refset)
    return table.of(sctid) if table else ()


def evaluate_map(release: Release, refset: int, sctid: int, context: Context = _NOTHING_KNOWN) -> MapResult:
    """What a map gives for a concept of a patient, group by group; see `map_evaluation`.

    An inactive concept has rows only if the map still carries them: resolve its history first.
    """
    patient = Patient(context, sctid, release)
    return MapResult(refset, sctid, evaluate_groups(map_rows(release, refset, sctid), patient))


def reverse_map(release: Release, refset: int, code: str) -> tuple[ReverseHit, ...]:
    """The rows of a map that lead to a code, by concept; () when there are none.

    ICD-10 with and without the dot is one code. The rows are those of `map_rows` for each of the concepts: whether a
    row counts for a patient is for its rule to say.
    """
    table = map_tables(release).get(refset)
    found = table.with_code(code) if table else ()
    return tuple(ReverseHit(row.concept, release.is_active(row.concept), row, parse_rule(row.rule)) for row in found)
