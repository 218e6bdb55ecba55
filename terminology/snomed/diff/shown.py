"""A difference as plain values, for JSON, and as lines for people."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from terminology.snomed.diff.model import ReleaseDiff
from terminology.snomed.diff.sections import Line, Names, Section, sections
from terminology.snomed.view import Release

Shown = dict[str, object]

#: Numbers that count or order; all others are identifiers, which JSON carries as texts (RF2 has up to 18 digits).
_COUNTS: Final = frozenset({"group", "priority", "block", "ancestors_changed"})


def to_json(diff: ReleaseDiff) -> Shown:
    """The difference as plain values, in a fixed order: equal differences give equal text."""
    counted: Shown = {"before": _plain(diff.before), "after": _plain(diff.after), "counts": counts(diff)}
    parts = ("concepts", "descriptions", "hierarchy", "attributes", "refsets", "maps")
    return counted | {name: _plain(getattr(diff, name)) for name in parts}


def counts(diff: ReleaseDiff) -> dict[str, int]:
    """How much is different, by section and what happened: `concepts.added`."""
    found = {
        f"{name}.{list_}": len(getattr(part, list_))
        for name, part in (("concepts", diff.concepts), ("descriptions", diff.descriptions))
        for list_ in _names(type(part))
    }
    found["hierarchy.parents"] = len(diff.hierarchy.parents)
    found["hierarchy.moved"] = diff.hierarchy.moved
    found["hierarchy.ancestors_changed"] = diff.hierarchy.ancestors_changed
    found["attributes.changed"] = len(diff.attributes)
    for what in ("added", "removed", "changed"):
        found[f"refsets.{what}"] = sum(len(getattr(one, what)) for one in diff.refsets)
    return found | {"maps.changed": sum(len(one.changed) for one in diff.maps)}


def diff_lines(diff: ReleaseDiff, before: Release, after: Release, limit: int = 20) -> list[str]:
    """The difference for people: every count, and of each list the first `limit` with terms."""
    names = Names(before, after)
    lines = [f"{diff.before.name} → {diff.after.name}"]
    for section in sections(diff):
        lines += _section_lines(section, names, limit)
    if reached := diff.hierarchy.ancestors_changed:
        lines.append(f"concepts with other ancestors: {reached}")
    return lines if len(lines) > 1 else [*lines, "nothing is different"]


def _section_lines(section: Section, names: Names, limit: int) -> list[str]:
    title = section.key.replace(".", " ")
    if section.refset is not None:
        title += f" {section.refset} {names.term(section.refset)}"
    lines = [f"{title}: {len(section.items)}"]
    lines += [_line(names.line(what, item)) for what, item in section.items[:limit]]
    rest = len(section.items) - limit
    return [*lines, f"  … {rest} more"] if rest > 0 else lines


def _line(line: Line) -> str:
    sign = {"added": "+", "removed": "-", "changed": "~"}[line.what]
    said = " → ".join(one for one in (line.before, line.after) if one)
    if line.what == "changed":
        said = f"{line.before or '–'} → {line.after or '–'}"
    return f"  {sign} {line.id}  {line.term}" + (f"  {said}" if said else "")


def _plain(value: object, name: str = "") -> object:
    match value:
        case None | str():
            return value
        case int():
            return value if name in _COUNTS else str(value) if value else None
        case tuple():
            return [_plain(one) for one in value]
    return {name: _plain(getattr(value, name), name) for name in _names(type(value))}


_known: Final[dict[type, tuple[str, ...]]] = {}


def _names(kind: type) -> tuple[str, ...]:
    """The fields of a class, looked up once: a difference may have a million values."""
    if kind not in _known:
        _known[kind] = tuple(field.name for field in fields(kind))
    return _known[kind]
