"""Reads parts of JSON resources that others wrote: what has not the expected shape is not there."""

from __future__ import annotations

from reporting.fhir_terminology.outcome import Resource


def text(resource: Resource, name: str) -> str:
    """A text; empty when there is none."""
    found = resource.get(name)
    return found if isinstance(found, str) else ""


def truth(resource: Resource, name: str) -> bool | None:
    """A boolean; None when there is none."""
    found = resource.get(name)
    return found if isinstance(found, bool) else None


def thing(resource: Resource, name: str) -> Resource:
    """An object; empty when there is none."""
    found = resource.get(name)
    return found if isinstance(found, dict) else {}


def things(resource: Resource, name: str) -> list[Resource]:
    """The objects of an array."""
    found = resource.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def texts(resource: Resource, name: str) -> list[str]:
    """The texts of an array."""
    found = resource.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def value_of(resource: Resource) -> object:
    """The value[x] of an element; None when it has none."""
    return next((value for key, value in resource.items() if key.startswith("value")), None)


def extension(resource: Resource, url: str) -> object:
    """The value of the extension with this URL; None when there is none."""
    return next((value_of(each) for each in things(resource, "extension") if each.get("url") == url), None)
