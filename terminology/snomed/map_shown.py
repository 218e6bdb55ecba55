"""What maps answer, as plain values for JSON and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from terminology.snomed.ages import age_of
from terminology.snomed.map_evaluation import Considered, GroupResult
from terminology.snomed.map_rules import Sex, Unreadable, Unwritten
from terminology.snomed.map_truth import Need
from terminology.snomed.mapping import (
    Context,
    MapRow,
    ReverseHit,
    evaluate_map,
    map_refsets,
    reverse_map,
)
from terminology.snomed.view import Release

Shown = dict[str, object]

_SEXES: Final[dict[str, Sex]] = {"F": "F", "K": "F", "M": "M"}
_ASKED: Final = {
    "age_at_onset": "the age when the finding began",
    "current_age": "the patient's age now",
    "sex": "the patient's sex",
    "person": "a person who chooses",
}


class MapUsage(ValueError):
    """A question that cannot be asked: no such map, age or sex; the text says which there are."""


def context_of(age: str | None = None, sex: str | None = None, findings: tuple[str, ...] | None = None) -> Context:
    """What is known of a patient, as people write it; the age counts both as age at onset and as age now.

    `age` is `12`, `12y`, `5mo`, `3w` or `28d`; `sex` is F (or K, kvinne) or M. Raises MapUsage.
    """
    if sex is not None and sex.upper() not in _SEXES:
        raise MapUsage(f"{sex!r} is no sex that rules ask for: write F or M")
    wrong = [one for one in findings or () if not (one.isascii() and one.isdigit())]
    if wrong:
        raise MapUsage(f"{wrong[0]!r} is no concept identifier")
    try:
        known = age_of(age) if age is not None else None
    except ValueError as error:
        raise MapUsage(str(error)) from None
    present = frozenset(int(one) for one in findings) if findings is not None else None
    return Context(known, known, _SEXES[sex.upper()] if sex else None, present)


def find_map(release: Release, wanted: str) -> int:
    """The map with this identifier, or the only one with this part of a name. Raises MapUsage."""
    maps = map_refsets(release)
    found = [one.id for one in maps if wanted == str(one.id)]
    found = found or [one.id for one in maps if wanted.strip() and wanted.lower() in one.name.lower()]
    if len(found) != 1:
        known = "; ".join(f"{one.id} {one.name}" for one in maps) or "none"
        raise MapUsage(f"{wanted!r} names {len(found)} maps; the maps of {release.info.name} are: {known}")
    return found[0]


def shown_maps(release: Release) -> list[Shown]:
    """The maps of a release."""
    return [
        {"refset": str(one.id), "name": one.name, "kind": one.kind, "rows": one.rows, "concepts": one.concepts}
        for one in map_refsets(release)
    ]


def shown_map(release: Release, refset: int, sctid: int, context: Context) -> Shown:
    """What a map gives for a concept. `status` is target, no_target, undecided, alternatives or no_rows."""
    result = evaluate_map(release, refset, sctid, context)
    return {
        "release": release.info.uri,
        "refset": str(refset),
        "map": _name(release, refset),
        "concept": str(sctid),
        "display": _name(release, sctid),
        "active": release.is_active(sctid),
        "status": _status(result.groups, result.decided),
        "targets": list(result.targets),
        "groups": [_group(release, group) for group in result.groups],
    }


def shown_reverse(release: Release, refset: int, code: str) -> Shown:
    """The concepts that a map leads from to a code, with the rules under which it does."""
    hits = reverse_map(release, refset, code)
    return {
        "release": release.info.uri,
        "refset": str(refset),
        "map": _name(release, refset),
        "code": code,
        "concepts": [_hit(release, hit) for hit in hits],
    }


def map_lines(shown: Shown) -> list[str]:
    """`shown_map` for people: targets first, then each group with its rows and why."""
    lines = [f"{shown['concept']}  {shown['display']}" + ("" if shown["active"] else "  (inactive)")]
    if shown["status"] == "no_rows":
        return [*lines, f"  {shown['map']} has no row for it"]
    for group in _dicts(shown["groups"]):
        lines += _group_lines(group)
    return lines


def reverse_lines(shown: Shown) -> list[str]:
    """`shown_reverse` for people."""
    hits = _dicts(shown["concepts"])
    if not hits:
        return [f"{shown['code']}: no concept in {shown['map']} leads to it"]
    return [
        f"{hit['concept']}  {hit['display']}"
        + ("" if hit["active"] else "  (inactive)")
        + (f"  when {hit['rule']}" if hit["rule"] not in ("", "TRUE") else "")
        for hit in hits
    ]


def _status(groups: tuple[GroupResult, ...], decided: bool) -> str:
    if not groups:
        return "no_rows"
    if any(group.outcome == "undecided" for group in groups):
        return "undecided"
    if not decided:
        return "alternatives"
    return "target" if any(group.outcome == "target" for group in groups) else "no_target"


def _group(release: Release, group: GroupResult) -> Shown:
    row = group.row
    return {
        "block": group.block,
        "group": group.group,
        "outcome": group.outcome,
        "target": row.target if row and group.outcome == "target" else None,
        "advice": row.advice if row else "",
        "category": _category(release, row),
        "needs": [_need(release, need) for need in group.needs],
        "otherwise": group.otherwise.goes_to if group.otherwise else None,
        "rows": [_considered(one, group.row) for one in group.considered],
    }


def _considered(one: Considered, chosen: MapRow | None) -> Shown:
    return {
        "priority": one.row.priority,
        "target": one.row.target,
        "rule": one.row.rule,
        "advice": one.row.advice,
        "holds": one.truth if one.reached else None,
        "reached": one.reached,
        "why": _why(one, chosen),
    }


def _why(one: Considered, chosen: MapRow | None) -> str:
    if not one.reached:
        return "not tried: a row before it decided"
    if isinstance(one.rule, Unreadable):
        return f"the rule cannot be read: column {one.rule.column}, expected {one.rule.expected}"
    if isinstance(one.rule, Unwritten) and one.truth is None:
        return "the row has no rule"
    if one.truth is None:
        return "not known whether the rule holds"
    if not one.truth:
        return "the rule does not hold"
    return "chosen: the rule holds" if one.row == chosen else "the rule holds"


def _need(release: Release, need: Need) -> Shown:
    if need.concept is not None:
        term = _name(release, need.concept)
        return {"what": need.what, "concept": str(need.concept), "text": f"whether the patient has {term}"}
    unit = f" in {need.unit}" if need.unit else ""
    return {"what": need.what, "unit": need.unit, "text": _ASKED[need.what] + unit}


def _category(release: Release, row: MapRow | None) -> Shown | None:
    if row is None or not row.category:
        return None
    return {"code": str(row.category), "display": _name(release, row.category)}


def _hit(release: Release, hit: ReverseHit) -> Shown:
    return {
        "concept": str(hit.concept),
        "display": _name(release, hit.concept),
        "active": hit.active,
        "group": hit.row.group,
        "priority": hit.row.priority,
        "rule": hit.row.rule,
        "advice": hit.row.advice,
        "target": hit.row.target,
    }


def _group_lines(group: Shown) -> Iterator[str]:
    block = f"block {group['block']}, " if group["block"] else ""
    yield f"  {block}group {group['group']}: {_outcome(group)}"
    category = group["category"]
    if group["advice"]:
        yield f"    {group['advice']}"
    if isinstance(category, dict) and group["outcome"] == "no_target":
        yield f"    {category['display']}"
    for row in _dicts(group["rows"]):
        yield f"    {row['priority']}. {row['target'] or 'no target'}  {row['rule'] or '(no rule)'}: {row['why']}"


def _outcome(group: Shown) -> str:
    if group["outcome"] == "target":
        return str(group["target"])
    if group["outcome"] == "no_target":
        return "no target"
    if group["outcome"] == "no_row":
        return "no rule holds"
    asked = "; ".join(str(need["text"]) for need in _dicts(group["needs"]))
    otherwise = f" (otherwise {group['otherwise'] or 'no target'})" if group["otherwise"] is not None else ""
    return f"undecided, needs {asked}{otherwise}"


def _dicts(values: object) -> list[Shown]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _name(release: Release, sctid: int) -> str:
    return release.preferred_term(sctid) or release.fsn(sctid) or str(sctid)
