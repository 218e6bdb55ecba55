"""ValueSet/$expand (FHIR R4 4.9.14.1): one page of what a value set holds, with an exact total."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from reporting.fhir_terminology.compose import Listed, Members, Part, members, resolve
from reporting.fhir_terminology.engines import Engine, Name, Property, Shown
from reporting.fhir_terminology.jsonvalues import text, thing, things
from reporting.fhir_terminology.languages import languages
from reporting.fhir_terminology.library import Engines, Library
from reporting.fhir_terminology.naming import versioned
from reporting.fhir_terminology.outcome import Resource, bad_request, refused
from reporting.fhir_terminology.parameters import Parameters
from terminology.snomed.sctid import Bools, Ints

#: Without `count`, a larger value set is refused; the ecosystem's tests expect this number.
LIMIT: Final = 1000
#: With `count`, no page is larger.
LARGEST_PAGE: Final = 100_000

_UNCLOSED: Final = {"url": "http://hl7.org/fhir/StructureDefinition/valueset-unclosed", "valueBoolean": True}
_SUPPLEMENT: Final = "http://hl7.org/fhir/StructureDefinition/valueset-supplement"
_R5: Final = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet"
_PROPERTIES: Final = "http://hl7.org/fhir/concept-properties#"
_STANDARD: Final = ("inactive", "status", "parent", "child", "notSelectable", "definition", "effectiveDate")
_COPIED: Final = ("url", "identifier", "version", "name", "title", "status", "experimental", "date")
#: The parameters that are told back, with the type of their value.
_TOLD: Final = {
    "filter": "valueString",
    "offset": "valueInteger",
    "count": "valueInteger",
    "activeOnly": "valueBoolean",
    "includeDesignations": "valueBoolean",
    "includeDefinition": "valueBoolean",
    "excludeNested": "valueBoolean",
    "excludeNotForUI": "valueBoolean",
    "excludePostCoordinated": "valueBoolean",
    "displayLanguage": "valueCode",
    "designation": "valueString",
    "property": "valueString",
    "date": "valueDateTime",
    "system-version": "valueUri",
    "check-system-version": "valueUri",
    "force-system-version": "valueUri",
    "default-valueset-version": "valueUri",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request wants to see of each code, and which page."""

    languages: tuple[str, ...]
    designations: bool
    properties: tuple[str, ...]
    offset: int
    count: int | None


@dataclass(frozen=True, slots=True)
class _Slice:
    """Codes of one part that no earlier part has: how many, those that may be shown in order; then expressions."""

    part: Part
    held: int
    places: Ints
    extra: tuple[str, ...]

    def __len__(self) -> int:
        return self.held + len(self.extra)


def expand(engines: Engines, parameters: Parameters, accept_language: str = "") -> Resource:
    """The value set with its expansion. Raises Refused for what cannot be resolved, understood or listed."""
    library = Library(engines, parameters)
    value_set = _asked(parameters, library)
    wish = _wish(parameters, value_set, accept_language)
    held = members(value_set, library, active_only=parameters.truth("activeOnly") is True)
    slices = _slices(held, parameters.text("filter"), wish)
    total = sum(map(len, slices))
    if wish.count is None and total > (limit := parameters.number("limit") or LIMIT):
        raise _too_costly(value_set, limit)
    shown = list(_page(slices, wish))
    expansion = _expansion(held, total, parameters, wish, any(status for _, status in shown))
    if shown:
        expansion["contains"] = [entry for entry, _ in shown]
    copied = {name: value_set[name] for name in _COPIED if name in value_set}
    return {"resourceType": "ValueSet", "status": "active"} | copied | {"expansion": expansion}


def value_set_in(parameters: Parameters, library: Library, url: str, version: str) -> Resource | None:
    """The value set of a request: given, or named by URL; None when it neither has nor names one."""
    given = parameters.resource("valueSet", "ValueSet")
    if given is not None:
        return given
    return resolve(f"{url}|{version}" if version and "|" not in url else url, library) if url else None


def refuse_supplements(value_set: Resource) -> None:
    """Raises Refused when a value set asks for supplements, because these are not supported."""
    for each in things(value_set, "extension"):
        if each.get("url") == _SUPPLEMENT:
            wanted = each.get("valueCanonical")
            text_ = f"Required supplement not found: {wanted}"
            raise refused(422, "not-found", "not-found", text_, "VALUESET_SUPPLEMENT_MISSING")


def _asked(parameters: Parameters, library: Library) -> Resource:
    url = parameters.text("url")
    found = value_set_in(parameters, library, url, parameters.text("valueSetVersion"))
    if found is None:
        raise bad_request("$expand needs a url or a valueSet")
    refuse_supplements(found)
    return found


def _wish(parameters: Parameters, value_set: Resource, accept_language: str) -> Wish:
    return Wish(
        languages(parameters.text("displayLanguage"), accept_language, text(value_set, "language")),
        parameters.truth("includeDesignations") is True,
        tuple(parameters.texts("property")),
        parameters.number("offset") or 0,
        parameters.number("count"),
    )


def _slices(held: Members, filter_: str, wish: Wish) -> list[_Slice]:
    most = wish.offset + min(LARGEST_PAGE if wish.count is None else wish.count, LARGEST_PAGE)
    seen: dict[int, Bools] = {}
    said: set[tuple[int, str]] = set()
    slices = []
    for part in held.parts:
        before = seen.get(id(part.engine))
        mine = part.chosen if before is None else part.chosen & ~before
        seen[id(part.engine)] = mine if before is None else before | mine
        extra = tuple(code for code in part.expressions if (id(part.engine), code) not in said)
        said.update((id(part.engine), code) for code in extra)
        if filter_:
            slices.append(_Slice(part, *part.engine.found(filter_, mine, wish.languages, most), ()))
        else:
            found = np.flatnonzero(mine) if part.order is None else np.array([p for p in part.order if mine[p]], int)
            slices.append(_Slice(part, len(found), found, extra))
    return slices


def _page(slices: Sequence[_Slice], wish: Wish) -> Iterator[tuple[Resource, str]]:
    """The entries of the page, each with its status."""
    skip, left = wish.offset, LARGEST_PAGE if wish.count is None else min(wish.count, LARGEST_PAGE)
    for each in slices:
        begin = min(skip, len(each))
        end = min(begin + left, len(each))
        skip, left = skip - begin, left - (end - begin)
        engine, places = each.part.engine, each.places[begin:end]
        for place, shown in zip(places.tolist(), engine.each_shown(places, wish.languages), strict=True):
            yield _entry(engine, place, shown, each.part.listed.get(place), wish)
        for code in each.extra[max(begin - each.held, 0) : max(end - each.held, 0)]:
            yield _expression_entry(each.part.engine, code, wish), ""


def _entry(engine: Engine, place: int, shown: Shown, listed: Listed | None, wish: Wish) -> tuple[Resource, str]:
    entry = _contains(engine, shown, listed)
    if wish.designations:
        names = [_designation(name) for name in engine.names(place, every=False) if name.text]
        entry["designation"] = [*(listed.designations if listed else ()), *names]
    said = engine.properties(place, wish.languages, wish.properties) if wish.properties else []
    found = _wanted(said, wish.properties)
    if shown.status:
        found.append(Property("status", "code", shown.status))
    if found:
        entry["extension"] = [_property(each) for each in found]
    return entry, shown.status


def _expression_entry(engine: Engine, code: str, wish: Wish) -> Resource:
    expression = engine.expression(code)
    assert expression is not None  # noqa: S101 - enumerated expressions were read when the value set was
    return _contains(engine, engine.expression_shown(expression, code, wish.languages), None)


def _contains(engine: Engine, shown: Shown, listed: Listed | None) -> Resource:
    entry: Resource = {"system": engine.system.uri}
    if shown.abstract:
        entry["abstract"] = True
    if shown.inactive:
        entry["inactive"] = True
    display = (listed.display if listed else "") or shown.display
    return entry | {"code": shown.code} | ({"display": display} if display else {})


def _designation(name: Name) -> Resource:
    system, code, display = name.use
    said: Resource = {"language": name.language} if name.language else {}
    return said | {"use": {"system": system, "code": code, "display": display}, "value": name.text}


def _wanted(found: list[Property], names: Sequence[str]) -> list[Property]:
    return [each for each in found if "*" in names or each.code in names]


def _property(each: Property) -> Resource:
    """A property as R4 carries it (cross-version extension of ValueSet.expansion.contains.property)."""
    inner = [{"url": "code", "valueCode": each.code}, {"url": "value", typed(each.kind): each.value}]
    return {"extension": inner, "url": f"{_R5}.expansion.contains.property"}


def typed(kind: str) -> str:
    """The name of a value of this type."""
    return "value" + kind[0].upper() + kind[1:]


def _declared(code: str) -> Resource:
    said: list[Resource] = [{"url": "uri", "valueUri": _PROPERTIES + code}] if code in _STANDARD else []
    return {"extension": [*said, {"url": "code", "valueCode": code}], "url": f"{_R5}.expansion.property"}


def _expansion(held: Members, total: int, parameters: Parameters, wish: Wish, status: bool) -> Resource:
    declared = [code for code in dict.fromkeys([*wish.properties, *(["status"] if status else [])]) if code != "*"]
    extensions = [_UNCLOSED] if any(part.open for part in held.parts) else []
    extensions += [_declared(code) for code in declared]
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    said: Resource = {"extension": extensions} if extensions else {}
    said |= {"identifier": f"urn:uuid:{uuid.uuid4()}", "timestamp": now, "total": total}
    if wish.offset:
        said["offset"] = wish.offset
    return said | {"parameter": [*_told(parameters), *_used(held)]}


def _told(parameters: Parameters) -> Iterator[Resource]:
    for each in parameters:
        kind = _TOLD.get(each.name)
        if kind == "valueInteger":
            yield {"name": each.name, kind: parameters.number(each.name)}
        elif kind == "valueBoolean":
            yield {"name": each.name, kind: parameters.truth(each.name)}
        elif kind and isinstance(each.value, str):
            yield {"name": each.name, kind: each.value}


def _used(held: Members) -> Iterator[Resource]:
    for uri in dict.fromkeys(versioned(part.engine) for part in held.parts):
        yield {"name": "used-codesystem", "valueUri": uri}
    for uri in held.used:
        yield {"name": "used-valueset", "valueUri": uri}


def _too_costly(value_set: Resource, limit: int) -> Exception:
    named = text(value_set, "url") or thing(value_set, "meta").get("source") or "(without a URL)"
    text_ = f"The value set '{named}' expansion has too many codes to produce (>{limit})"
    return refused(422, "too-costly", "too-costly", text_, "VALUESET_TOO_COSTLY")


__all__ = ["LIMIT", "expand", "refuse_supplements", "typed", "value_set_in"]
