"""Builds the Parameters resource that operations answer with."""

from __future__ import annotations

from reporting.fhir_terminology.outcome import Resource


def answer(*parameters: Resource | None) -> Resource:
    """A Parameters resource; those that are None are left out."""
    return {"resourceType": "Parameters", "parameter": [each for each in parameters if each is not None]}


def string(name: str, value: str) -> Resource:
    """A parameter with a string."""
    return {"name": name, "valueString": value}


def code(name: str, value: str) -> Resource:
    """A parameter with a code."""
    return {"name": name, "valueCode": value}


def uri(name: str, value: str) -> Resource:
    """A parameter with a URI."""
    return {"name": name, "valueUri": value}


def truth(name: str, value: bool) -> Resource:
    """A parameter with a boolean."""
    return {"name": name, "valueBoolean": value}


def parts(name: str, *inner: Resource | None) -> Resource:
    """A parameter with parts; those that are None are left out."""
    return {"name": name, "part": [each for each in inner if each is not None]}
