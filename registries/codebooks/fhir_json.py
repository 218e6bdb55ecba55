"""Members of FHIR resources in JSON, taken with their types checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from registries.codebooks import Coding

T = TypeVar("T")
Json = Mapping[str, Any]


_SHAPES: Final[Mapping[type, str]] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    dict: "an object",
    list: "a list",
}


class Broken(Exception):
    """Something that cannot be read; the text says what."""


def get(whole: Json, name: str, kind: type[T]) -> T:
    """A member of an object, the empty value of its type when it is not there. Raises Broken for another type."""
    value = whole.get(name)
    if value is None:
        return kind()
    if type(value) is not kind:
        raise Broken(f"{name} is not {_SHAPES[kind]}")
    return value


def objects(whole: Json, name: str) -> list[Json]:
    """A list of objects, empty when it is not there. Raises Broken when it is something else."""
    found: list[Json] = get(whole, name, list)
    if not all(isinstance(one, dict) for one in found):
        raise Broken(f"{name} holds something that is not an object")
    return found


def code_of(coding: Json) -> str:
    """The code of a Coding. Raises Broken when it has none."""
    if not (code := get(coding, "code", str)):
        raise Broken("a code is missing")
    return code


def coding_of(coding: Json) -> Coding:
    """A Coding. Raises Broken when it has no code."""
    return Coding(code_of(coding), get(coding, "display", str), get(coding, "system", str))


def extensions(item: Json, url: str) -> list[Json]:
    """An element's extensions of one kind."""
    return [one for one in objects(item, "extension") if one.get("url") == url]


def value_of(item: Json, url: str, kind: type[T], *names: str) -> T | None:
    """The value of an extension, if it is there and of that type."""
    for one in extensions(item, url):
        for name in names:
            if type(one.get(name)) is kind:
                return one[name]  # type: ignore[no-any-return]
    return None
