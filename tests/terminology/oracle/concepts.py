"""Concept filters (6.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.compare import holds, times
from terminology.snomed.ecl import ast

if TYPE_CHECKING:
    from oracle.evaluator import Oracle

STATUSES = {"primitive": 900000000000074008, "defined": 900000000000073002}


def concept_holds(oracle: Oracle, sctid: int, filters: tuple[ast.ConceptFilter, ...]) -> bool:
    """6.9: the concept satisfies every filter of the block. Nothing is assumed about being active."""
    return all(_holds(oracle, sctid, one) for one in filters)


def _holds(oracle: Oracle, sctid: int, wanted: ast.ConceptFilter) -> bool:
    concept = oracle.content.concepts[sctid]
    match wanted:
        case ast.DefinitionStatusFilter(comparison, statuses):
            return holds(concept.status in {STATUSES[token] for token in statuses}, comparison)
        case ast.DefinitionStatusIdFilter(comparison, of):
            return holds(concept.status in oracle.named(of), comparison)
        case ast.ModuleFilter(comparison, of):
            return holds(concept.module in oracle.named(of), comparison)
        case ast.EffectiveTimeFilter(order, wanted_times):
            return times(concept.time, order, wanted_times)
        case ast.ActiveFilter(active):
            return concept.active == active
