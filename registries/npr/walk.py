"""A part of the report as attributes and parts below it: what writing and checking have in common."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import msgspec

from registries.npr.model import Attribute, Part


def attributes(part: Part) -> Iterator[tuple[str, Attribute]]:
    """The attributes of an element by their names in the message, said or not, in order."""
    for field, name in _fields(type(part)):
        value = getattr(part, field)
        if not isinstance(value, tuple | Part):
            yield name, value


def children(part: Part) -> Iterator[Part]:
    """The elements directly below, in the order of the schema."""
    for field, _ in _fields(type(part)):
        value = getattr(part, field)
        if isinstance(value, Part):
            yield value
        elif isinstance(value, tuple):
            yield from value


def parts(part: Part) -> Iterator[Part]:
    """The element and all below it."""
    yield part
    for child in children(part):
        yield from parts(child)


@cache
def _fields(kind: type[Part]) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, field.encode_name) for field in msgspec.structs.fields(kind))
