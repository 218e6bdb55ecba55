"""Description filters (6.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle import terms
from oracle.compare import holds, times
from oracle.rf2 import Description
from terminology.snomed.ecl import ast

if TYPE_CHECKING:
    from oracle.evaluator import Oracle

TYPES = {"fsn": 900000000000003001, "syn": 900000000000013009, "def": 900000000000550004}
ACCEPTABILITY = {"preferred": 900000000000548007, "acceptable": 900000000000549004}
#: Of Appendix C, the aliases that the tests use.
DIALECTS = {
    "en-us": 900000000000509007,
    "en-gb": 900000000000508004,
    "nb-no": 61000202103,
    "nn-no": 91000202106,
}


def some_description(oracle: Oracle, concept: int, filters: tuple[ast.DescriptionFilter, ...]) -> bool:
    """6.8 Overview: one description satisfies every filter of a block; another block may be met by another one."""
    found = oracle.content.descriptions[concept]
    return any(all(_holds(oracle, description, one) for one in _with_default(filters)) for description in found)


def _with_default(filters: tuple[ast.DescriptionFilter, ...]) -> tuple[ast.DescriptionFilter, ...]:
    """6.8 Active Filter: active descriptions, unless the block says otherwise."""
    says = any(isinstance(one, ast.ActiveFilter) for one in filters)
    return filters if says else (*filters, ast.ActiveFilter(True))


def _holds(oracle: Oracle, description: Description, wanted: ast.DescriptionFilter) -> bool:
    match wanted:
        case ast.TermFilter(comparison, searched):
            return holds(any(terms.fits(term, description.term, description.language) for term in searched), comparison)
        case ast.LanguageFilter(comparison, codes):
            return holds(description.language.lower() in codes, comparison)
        case ast.TypeFilter(comparison, types):
            return holds(description.type in {TYPES[token] for token in types}, comparison)
        case ast.TypeIdFilter(comparison, of):
            return holds(description.type in oracle.named(of), comparison)
        case ast.DialectFilter(comparison, dialects):
            return holds(any(_in_dialect(oracle, description, dialect) for dialect in dialects), comparison)
        case ast.DescriptionIdFilter(comparison, ids):
            return holds(description.sctid in ids, comparison)
        case ast.ModuleFilter(comparison, of):
            return holds(description.module in oracle.named(of), comparison)
        case ast.EffectiveTimeFilter(order, wanted_times):
            return times(description.time, order, wanted_times)
        case ast.ActiveFilter(active):
            return description.active == active


def _in_dialect(oracle: Oracle, description: Description, dialect: ast.Dialect) -> bool:
    """6.8 Dialect Filter and Acceptability Filter: an active row of the language reference set, so accepted."""
    refsets = oracle.named(_refset(dialect.refset))
    accepted = {_acceptability(one) for one in dialect.acceptability}
    rows = oracle.content.languages[description.sctid]
    return any(refset in refsets and (not accepted or one in accepted) for refset, one in rows)


def _refset(dialect: str | ast.Expression) -> ast.Expression:
    """Appendix C: an alias names a language reference set; an alias that nobody gave is an error."""
    if not isinstance(dialect, str):
        return dialect
    if dialect not in DIALECTS:
        raise ValueError(f"no language reference set is called {dialect}")
    return ast.Reference(DIALECTS[dialect])


def _acceptability(wanted: str | ast.Reference) -> int:
    return wanted.sctid if isinstance(wanted, ast.Reference) else ACCEPTABILITY[wanted]
