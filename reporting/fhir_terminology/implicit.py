"""Value sets and concept maps that SNOMED CT URIs define by themselves (FHIR R4 4.3.1.0.8, Using SNOMED CT)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from reporting.fhir_terminology.library import Library
from reporting.fhir_terminology.outcome import Refused, Resource
from reporting.fhir_terminology.snomed_engine import SnomedEngine
from terminology.codes import SNOMED

_URI: Final = re.compile(
    r"(http://snomed\.info/x?sct(?:/[0-9]+(?:/version/[0-9]+)?)?)\?fhir_(vs|cm)(?:=(.*))?", re.DOTALL
)


def implicit_value_set(url: str, library: Library) -> Resource | None:
    """The value set that a URL stands for; None when it stands for none, or names a concept that is not there."""
    found = _URI.fullmatch(url)
    if found is None or found[2] != "vs":
        return None
    version = "" if found[1] in (SNOMED, SNOMED.replace("/sct", "/xsct")) else found[1]
    try:
        engine = library.engine(SNOMED, version)
    except Refused:
        if version:
            raise
        return None
    filters = _filters(unquote(found[3] or ""), engine) if isinstance(engine, SnomedEngine) else None
    if filters is None:
        return None
    include: Resource = {"system": SNOMED, "version": engine.system.version}
    if filters:
        include["filter"] = filters
    return {"resourceType": "ValueSet", "url": url, "status": "active", "compose": {"include": [include]}}


def implicit_concept_map(url: str) -> tuple[str, int] | None:
    """The edition (a version URI, or empty) and the reference set of a concept map URL; None for another URL."""
    found = _URI.fullmatch(url)
    if found is None or found[2] != "cm" or not (found[3] or "").isdigit():
        return None
    return "" if found[1] == SNOMED else found[1], int(found[3])


def _filters(query: str, engine: SnomedEngine) -> list[Resource] | None:
    kind, _, value = query.partition("/")
    match kind, value:
        case "", "":
            return []
        case "isa", _ if engine.place(value) >= 0:
            return [{"property": "concept", "op": "is-a", "value": value}]
        case "refset", "":
            return [{"property": "constraint", "op": "=", "value": f"< {_REFSETS}"}]
        case "refset", _ if engine.is_refset(value):
            return [{"property": "concept", "op": "in", "value": value}]
        case "ecl", _ if value:
            return [{"property": "constraint", "op": "=", "value": value}]
    return None


_REFSETS: Final = 900000000000455006
