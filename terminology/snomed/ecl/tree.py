"""Walks over an expression without calling itself, whatever its depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from terminology.snomed.ecl.ast import Expression


def levels(expression: Expression) -> Iterator[list[object]]:
    """The values of an expression, and the tuples that hold several, level by level from the outside in."""
    level: list[object] = [expression]
    while level:
        yield level
        level = [part for one in level for part in _parts(one)]


def _parts(one: object) -> tuple[object, ...]:
    if isinstance(one, tuple):
        return one
    return tuple(getattr(one, each.name) for each in fields(one)) if is_dataclass(one) else ()
