"""FHIR R4 CodeSystem resources as JSON, alone or in a Bundle (https://hl7.org/fhir/R4/codesystem.html).

Hierarchy is told by nesting and by the properties `parent` and `child`; a concept is inactive by the properties
`inactive` and `status` (https://hl7.org/fhir/R4/codesystem-concept-properties.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final, Literal

import msgspec

from terminology.classifications import texts
from terminology.classifications.content import Head, Row, Told
from terminology.classifications.dates import as_date
from terminology.codes import canonical_system, uri_of
from terminology.snomed import ids
from terminology.snomed.problems import ImportRefused
from terminology.systems import Designation

_Use = Literal["preferred", "fsn", "synonym", "definition", "inclusion", "exclusion"]

#: What the codes of `designation.use` mean; a code that is not here makes a synonym.
USES: Final[dict[str, _Use]] = {
    "preferredForLanguage": "preferred",
    "display": "preferred",
    "preferred": "preferred",
    str(ids.PREFERRED): "preferred",
    str(ids.FSN): "fsn",
    str(ids.DEFINITION): "definition",
    "definition": "definition",
    "inclusion": "inclusion",
    "exclusion": "exclusion",
}
_INACTIVE: Final = frozenset({"retired", "inactive", "deprecated", "withdrawn"})
_STRUCTURE: Final = frozenset({"parent", "child", "inactive", "effectiveDate", "retirementDate"})


class _Coding(msgspec.Struct):
    code: str = ""
    system: str = ""


class _Designation(msgspec.Struct):
    value: str
    language: str = ""
    use: _Coding | None = None


class _Property(msgspec.Struct):
    code: str
    valueCode: str | None = None  # noqa: N815 – FHIR's names
    valueString: str | None = None  # noqa: N815
    valueCoding: _Coding | None = None  # noqa: N815
    valueBoolean: bool | None = None  # noqa: N815
    valueInteger: int | None = None  # noqa: N815
    valueDecimal: float | None = None  # noqa: N815
    valueDateTime: str | None = None  # noqa: N815


class _Concept(msgspec.Struct):
    code: str
    display: str = ""
    definition: str = ""
    designation: list[_Designation] = []
    property: list[_Property] = []
    concept: list[msgspec.Raw] = []


class _Identifier(msgspec.Struct):
    system: str = ""
    value: str = ""


class _CodeSystem(msgspec.Struct):
    resourceType: str = ""  # noqa: N815
    url: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    language: str = ""
    content: str = ""
    identifier: list[_Identifier] = []
    concept: list[msgspec.Raw] = []


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"null")


class _Bundle(msgspec.Struct):
    resourceType: str = ""  # noqa: N815
    entry: list[_Entry] = []


class _Kind(msgspec.Struct):
    resourceType: str = ""  # noqa: N815


_CONCEPT: Final = msgspec.json.Decoder(_Concept)


def read(payload: bytes, system: str | None, version: str | None, told: Told) -> Iterator[tuple[Head, Iterator[Row]]]:
    """Every CodeSystem with its complete content. Others (fragments, supplements …) and other resources are told.

    Raises ImportRefused when it is not JSON, or neither a CodeSystem nor a Bundle.
    """
    try:
        kind = msgspec.json.decode(payload, type=_Kind).resourceType
        bundle = msgspec.json.decode(payload, type=_Bundle) if kind == "Bundle" else None
    except (msgspec.DecodeError, RecursionError) as error:
        raise ImportRefused(f"{told.file}: not readable as FHIR JSON: {_reason(error)}") from None
    resources = [entry.resource for entry in bundle.entry] if bundle else [msgspec.Raw(payload)]
    for number, resource in enumerate(resources):
        element = f"entry[{number}]" if bundle else kind
        found = _code_system(resource, element, told)
        if found is not None:
            yield _head(found, system, version), _rows(found, element, told)


def _code_system(resource: msgspec.Raw, element: str, told: Told) -> _CodeSystem | None:
    try:
        found = msgspec.json.decode(resource, type=_CodeSystem)
    except (msgspec.DecodeError, RecursionError) as error:
        told.tell(0, element, f"not a CodeSystem: {_reason(error)}")
        return None
    if found.resourceType != "CodeSystem":
        told.tell(0, element, f"not a CodeSystem but a {found.resourceType or 'resource without a type'}")
    elif not found.url:
        told.tell(0, element, "the CodeSystem has no url")
    elif found.content != "complete":
        told.tell(
            0, element, f"the content of {found.url} is {found.content or 'not told'}: only complete ones are read"
        )
    else:
        return found
    return None


def _head(found: _CodeSystem, system: str | None, version: str | None) -> Head:
    """An identifier that is a known code system decides over a URL that is not."""
    names = [found.url, *(one.value for one in found.identifier if ":" in one.value)]
    uri = system or next((one for one in map(canonical_system, names) if one), None) or uri_of(found.url)
    aliases = tuple(dict.fromkeys(name for name in map(uri_of, names) if name != uri))
    title = found.title or found.name or uri
    return Head(uri, version or found.version, title, texts.language_of(found.language), aliases)


def _rows(found: _CodeSystem, element: str, told: Told) -> Iterator[Row]:
    language = texts.language_of(found.language)
    waiting = [(f"{element}.concept[{number}]", "", raw) for number, raw in enumerate(found.concept)][::-1]
    rows: list[Row] = []
    above: dict[str, tuple[str, ...]] = {}
    while waiting:
        place, parent, raw = waiting.pop()
        try:
            concept = _CONCEPT.decode(raw)
        except (msgspec.DecodeError, RecursionError) as error:
            told.tell(0, place, _reason(error))
            continue
        below = [(f"{place}.concept[{number}]", concept.code, one) for number, one in enumerate(concept.concept)]
        waiting.extend(reversed(below))
        rows.append(_row(concept, parent, language, place, told))
        for child in _values(concept, "child"):
            above[child] = (*above.get(child, ()), concept.code)
    return (replace(row, parents=row.parents + above.get(row.code, ())) for row in rows)


def _row(concept: _Concept, parent: str, language: str, place: str, told: Told) -> Row:
    parents = [one for one in [parent, *_values(concept, "parent")] if one]
    properties = tuple((one.code, _value(one)) for one in concept.property if one.code not in _STRUCTURE)
    statuses = {*_values(concept, "status")}
    return Row(
        code=concept.code,
        designations=tuple(_designations(concept, language)),
        parents=tuple(parents),
        properties=properties,
        active="true" not in _values(concept, "inactive") and not statuses & _INACTIVE,
        valid_from=_date(concept, "effectiveDate", place, told),
        valid_to=_date(concept, "retirementDate", place, told),
        element=place,
    )


def _designations(concept: _Concept, language: str) -> Iterator[Designation]:
    if texts.cleaned(concept.display):
        yield Designation(language, texts.cleaned(concept.display), "preferred")
    if texts.cleaned(concept.definition):
        yield Designation(language, texts.cleaned(concept.definition), "definition")
    for one in concept.designation:
        if term := texts.cleaned(one.value):
            use = USES.get(one.use.code, "synonym") if one.use else "synonym"
            yield Designation(texts.language_of(one.language or language), term, use)


def _values(concept: _Concept, name: str) -> list[str]:
    return [_value(one) for one in concept.property if one.code == name]


def _value(one: _Property) -> str:
    if one.valueBoolean is not None:
        return "true" if one.valueBoolean else "false"
    said = one.valueCode or one.valueString or one.valueDateTime or (one.valueCoding.code if one.valueCoding else None)
    number = one.valueInteger if one.valueInteger is not None else one.valueDecimal
    return said or ("" if number is None else str(number))


def _date(concept: _Concept, name: str, place: str, told: Told) -> date | None:
    said = _values(concept, name)
    try:
        return as_date(said[0]) if said else None
    except ValueError:
        told.tell(0, place, f"{name} is not a date")
        return None


def _reason(error: Exception) -> str:
    """What is wrong, without content: a path and types when the decoder says them."""
    return str(error) if isinstance(error, msgspec.ValidationError) else "not well-formed or nested too deep"
