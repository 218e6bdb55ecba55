"""Reads a run's summary, which is plain data and may lack anything."""

from __future__ import annotations

from collections.abc import Mapping

from reporting.web.bars import LEVELS


def number(summary: Mapping[str, object], *path: str) -> int | None:
    """The count at a path; None when there is none."""
    found = _at(summary, path)
    return found if isinstance(found, int) else None


def counts(summary: Mapping[str, object], *path: str) -> dict[str, int]:
    """The counts by name at a path, the largest first; empty when there are none."""
    found = _at(summary, path)
    if not isinstance(found, Mapping):
        return {}
    numbers = [(str(name), count) for name, count in found.items() if isinstance(count, int)]
    return dict(sorted(numbers, key=lambda pair: (-pair[1], pair[0])))


def levels(summary: Mapping[str, object], *path: str) -> dict[str, int]:
    """Fields by level at a path: `empty` is the sum over its reasons."""
    by_level = {level: number(summary, *path, level) or 0 for level in LEVELS}
    return {**by_level, "empty": sum(counts(summary, *path, "empty").values()) or by_level["empty"]}


def names(summary: Mapping[str, object], *path: str) -> tuple[str, ...]:
    """The names at a path."""
    found = _at(summary, path)
    return tuple(str(name) for name in found) if isinstance(found, Mapping) else ()


def problems(summary: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Place and text of each problem met when reading."""
    found = summary.get("problems")
    listed = found if isinstance(found, list) else []
    return tuple((str(p.get("place", "")), str(p.get("text", ""))) for p in listed if isinstance(p, Mapping))


def _at(summary: Mapping[str, object], path: tuple[str, ...]) -> object:
    found: object = summary
    for name in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found
