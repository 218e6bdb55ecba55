"""A classification as a FHIR R4 CodeSystem; `fhir.read` reads it again, unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from terminology.classifications.model import Classification
from terminology.snomed import ids
from terminology.systems import Designation, Entry

_SNOMED: Final = "http://snomed.info/sct"

#: `designation.use` for each use of a text; R4 has no codes for inclusions and exclusions.
_USES: Final[Mapping[str, Mapping[str, str]]] = {
    "preferred": {
        "system": "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra",
        "code": "preferredForLanguage",
    },
    "fsn": {"system": _SNOMED, "code": str(ids.FSN)},
    "synonym": {"system": _SNOMED, "code": str(ids.SYNONYM)},
    "definition": {"system": _SNOMED, "code": str(ids.DEFINITION)},
    "inclusion": {"code": "inclusion"},
    "exclusion": {"code": "exclusion"},
}
_STRUCTURE: Final = {"parent": "code", "inactive": "boolean", "effectiveDate": "dateTime", "retirementDate": "dateTime"}


def as_fhir(classification: Classification) -> bytes:
    """The resource as JSON: flat, with the property `parent`."""
    head = classification.head
    entries = [classification.entry_at(place, (head.language,)) for place in range(len(classification))]
    further = sorted({name for entry in entries for name, _ in entry.properties} - _STRUCTURE.keys())
    resource: dict[str, object] = {
        "resourceType": "CodeSystem",
        "language": head.language,
        "url": head.uri,
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": alias} for alias in head.aliases],
        "version": head.version,
        "title": head.title,
        "status": "active",
        "content": "complete",
        "hierarchyMeaning": "is-a",
        "count": len(entries),
        "property": [{"code": code, "type": kind} for code, kind in _STRUCTURE.items()]
        + [{"code": code, "type": "string"} for code in further],
        "concept": [_concept(entry, head.language) for entry in entries],
    }
    return msgspec.json.encode({name: value for name, value in resource.items() if value not in ("", [])})


def _concept(entry: Entry, language: str) -> Mapping[str, object]:
    display = next((one for one in entry.designations if (one.language, one.use) == (language, "preferred")), None)
    concept: dict[str, object] = {"code": entry.code}
    if display is not None:
        concept["display"] = display.term
    if more := [_designation(one) for one in entry.designations if one is not display]:
        concept["designation"] = more
    if properties := list(_properties(entry)):
        concept["property"] = properties
    return concept


def _designation(one: Designation) -> Mapping[str, object]:
    return {"language": one.language, "use": _USES[one.use], "value": one.term}


def _properties(entry: Entry) -> Iterator[Mapping[str, object]]:
    yield from ({"code": "parent", "valueCode": parent} for parent in entry.parents)
    if not entry.active:
        yield {"code": "inactive", "valueBoolean": True}
    if entry.valid_from:
        yield {"code": "effectiveDate", "valueDateTime": entry.valid_from.isoformat()}
    if entry.valid_to:
        yield {"code": "retirementDate", "valueDateTime": entry.valid_to.isoformat()}
    yield from ({"code": name, "valueString": value} for name, value in entry.properties)
