"""A CodeSystem resource given in a request, in the shape of all code systems (FHIR R4 4.8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reporting.fhir_terminology.codes_engine import display_in
from reporting.fhir_terminology.jsonvalues import extension, text, texts, things, truth, value_of
from reporting.fhir_terminology.outcome import Resource, refused
from terminology.systems import Designation, Entry

_PROPERTIES: Final = "http://hl7.org/fhir/concept-properties#"
_STATUS: Final = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
_INACTIVE: Final = ("inactive", "retired", "withdrawn")
_MOST: Final = 100_000


class InlineSystem:
    """Satisfies `terminology.systems.CodeSystem`. Raises Refused for content that cannot be used."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.uri = text(resource, "url")
        self.version = text(resource, "version")
        self.name = text(resource, "name")
        self.title = text(resource, "title") or self.name
        self.fragment = text(resource, "content") == "fragment"
        self._folds = truth(resource, "caseSensitive") is False
        self._standard = {text(each, "code"): text(each, "uri") for each in things(resource, "property")}
        self._entries: dict[str, Entry] = {}
        self._children: dict[str, list[str]] = {}
        if text(resource, "content") in ("not-present", "example"):
            raise refused(422, "not-found", "not-found", f"The code system {self.uri} is given without its content")
        self._read(things(resource, "concept"), None)
        self._keys = {self._key(code): code for code in reversed(self._entries)}
        for code, entry in self._entries.items():
            for parent in entry.parents:
                self._children.setdefault(parent, []).append(code)

    def codes(self) -> Iterator[str]:
        """All codes, a parent before its children."""
        return iter(self._entries)

    def has(self, code: str) -> bool:
        """Whether the code is there, in any case when case does not matter."""
        return self._key(code) in self._keys

    def entry(self, code: str, languages: Sequence[str]) -> Entry | None:
        """Everything about a code."""
        found = self._entries.get(self._keys.get(self._key(code), ""))
        if found is None or not languages:
            return found
        display = display_in(found, languages)
        if display is None:
            return found
        return Entry(found.code, display, found.active, found.designations, found.parents, found.properties)

    def parents(self, code: str) -> tuple[str, ...]:
        """The codes directly above, by nesting and by the properties parent and subsumedBy."""
        entry = self.entry(code, ())
        return entry.parents if entry else ()

    def children(self, code: str) -> tuple[str, ...]:
        """The codes directly below."""
        return tuple(self._children.get(self._keys.get(self._key(code), ""), ()))

    def descendants(self, code: str) -> frozenset[str]:
        """All codes below."""
        found, going = set[str](), list(self.children(code))
        while going:
            each = going.pop()
            if each not in found:
                found.add(each)
                going.extend(self.children(each))
        return frozenset(found)

    def subsumes(self, a: str, b: str) -> bool:
        """Whether `b` is `a` or below it."""
        above, below = self._keys.get(self._key(a)), self._keys.get(self._key(b))
        return above is not None and below is not None and (above == below or below in self.descendants(above))

    def _key(self, code: str) -> str:
        return code.casefold() if self._folds else code

    def _read(self, concepts: list[Resource], parent: str | None) -> None:
        going = [(concept, parent) for concept in reversed(concepts)]
        while going:
            concept, above = going.pop()
            code = text(concept, "code")
            if code and code not in self._entries:
                self._entries[code] = self._entry(concept, code, above)
            if len(self._entries) > _MOST:
                raise refused(
                    422, "too-costly", "too-costly", f"The code system {self.uri} has more than {_MOST} codes"
                )
            going.extend((each, code) for each in reversed(things(concept, "concept")))

    def _entry(self, concept: Resource, code: str, above: str | None) -> Entry:
        said = [(self._meaning(text(each, "code")), _written(value_of(each))) for each in things(concept, "property")]
        up = [value for name, value in said if name in ("parent", "subsumedBy")]
        parents = tuple(dict.fromkeys([*([above] if above else []), *up]))
        properties = tuple(pair for pair in said if pair[0] not in ("parent", "subsumedBy", "child"))
        if definition := text(concept, "definition"):
            properties += (("definition", definition),)
        status = extension(concept, _STATUS)
        if isinstance(status, str) and "status" not in dict(said):
            properties += (("status", status),)
        named = dict(properties)
        inactive = named.get("inactive") == "true" or named.get("status") in _INACTIVE
        display = text(concept, "display")
        return Entry(code, display, not inactive, tuple(self._designations(concept, display)), parents, properties)

    def _meaning(self, code: str) -> str:
        """The standard name of a property that its definition says it is; one defined otherwise is none of these."""
        standard = self._standard.get(code)
        if standard is None or not standard:
            return code
        if standard.startswith(_PROPERTIES):
            return standard.removeprefix(_PROPERTIES)
        return f"{code} ({standard})" if code in ("status", "inactive", "notSelectable", "parent") else code

    def _designations(self, concept: Resource, display: str) -> Iterator[Designation]:
        if display:
            yield Designation(text(self.resource, "language"), display, "preferred")
        for each in things(concept, "designation"):
            if text(each, "value"):
                yield Designation(text(each, "language"), text(each, "value"), "synonym")


def _written(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return text(value, "code")
        case None:
            return ""
    return str(value)


def supplements(resource: Resource) -> str:
    """The canonical URL of the code system that this one supplements; empty when it does not."""
    return text(resource, "supplements") or " ".join(texts(resource, "supplements"))
