"""Classifications and code systems given in a request as engines: filters over codes, hierarchy and properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from reporting.fhir_terminology.engines import Filter, Name, Property, Shown, no_such_filter
from reporting.fhir_terminology.languages import covers
from reporting.fhir_terminology.outcome import refused
from terminology.snomed.expressions.values import Expression
from terminology.snomed.sctid import Bools, Ints
from terminology.systems import CodeSystem, Entry

_DESIGNATION_USE: Final = "http://terminology.hl7.org/CodeSystem/designation-usage"
_USES: Final = {
    "preferred": (_DESIGNATION_USE, "display", "Display"),
    "fsn": ("http://snomed.info/sct", "900000000000003001", "Fully specified name"),
    "synonym": ("http://snomed.info/sct", "900000000000013009", "Synonym"),
    "definition": ("http://snomed.info/sct", "900000000000550004", "Definition"),
    "inclusion": (_DESIGNATION_USE, "inclusion", "Inclusion"),
    "exclusion": (_DESIGNATION_USE, "exclusion", "Exclusion"),
}
#: Nested quantifiers are refused: Python's expressions go back and forth over them without end.
_COSTLY: Final = re.compile(r"[*+}]\)*[*+{]|\([^()]*[*+}][^()]*\)[*+{]|\([^()]*\|[^()]*\)[*+{]")
_LONGEST_PATTERN: Final = 200


class CodesEngine:
    """Satisfies `Engine` over any code system."""

    open = False

    def __init__(self, system: CodeSystem) -> None:
        self.system = system

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All codes in the order of the system."""
        return tuple(self.system.codes())

    @property
    def size(self) -> int:
        return len(self.codes)

    def place(self, code: str) -> int:
        if (place := self._places.get(code)) is not None:
            return place
        entry = self.system.entry(code, ()) if code else None
        return -1 if entry is None else self._places.get(entry.code, -1)

    def code_at(self, place: int) -> str:
        return self.codes[place]

    def active(self) -> Bools:
        return self._active

    def filtered(self, wanted: Filter) -> Bools:
        match wanted.property, wanted.op:
            case "concept" | "code", "is-a":
                return self._set({*self._below(wanted), self.codes[self._known(wanted)]})
            case "concept" | "code", "descendent-of" | "descendant-of":
                return self._set(self._below(wanted))
            case "concept" | "code", "is-not-a":
                return ~self._set({*self._below(wanted), self.codes[self._known(wanted)]})
            case "concept" | "code", "child-of":
                return self._set(self.system.children(self.codes[self._known(wanted)]))
            case "concept" | "code", "generalizes":
                code = self.codes[self._known(wanted)]
                return self._where(lambda entry: self.system.subsumes(entry.code, code))
            case "concept" | "code", ("=" | "in"):
                return self._set({self.codes[place] for place in map(self.place, _list(wanted.value)) if place >= 0})
            case "display", "=":
                return self._where(lambda entry: entry.display == wanted.value)
            case "code" | "concept" | "display", "regex":
                pattern = _pattern(wanted)
                attribute = "display" if wanted.property == "display" else "code"
                return self._where(lambda entry: bool(pattern.fullmatch(getattr(entry, attribute))))
        return self._by_property(wanted)

    def found(self, text: str, within: Bools, _languages: Sequence[str], most: int) -> tuple[int, Ints]:
        words = text.casefold().split()
        ranked = [
            (min(len(said) for said in hits), place)
            for place in np.flatnonzero(within).tolist()
            if (hits := [said for said in self._words[place] if _all_begin(words, said)])
        ]
        best = [place for _, place in sorted(ranked)[:most]]
        return len(ranked), np.array(best, dtype=np.int64)

    def shown(self, place: int, languages: Sequence[str]) -> Shown:
        entry = self._entry(place, languages)
        said = dict(entry.properties)
        status = said.get("status", "" if entry.active else "inactive")
        return Shown(entry.code, entry.display, not entry.active, said.get("notSelectable") == "true", status)

    def each_shown(self, places: Ints, languages: Sequence[str]) -> Iterator[Shown]:
        return (self.shown(place, languages) for place in places.tolist())

    def names(self, place: int, every: bool) -> list[Name]:
        entry = self._entry(place, ())
        kept = [each for each in entry.designations if every or each.term != entry.display]
        return [Name(each.language, _USES[each.use], each.term) for each in kept]

    def properties(self, place: int, languages: Sequence[str], _asked: Sequence[str]) -> list[Property]:
        entry = self._entry(place, languages)
        found = [Property("inactive", "boolean", not entry.active)]
        found += [self._link("parent", code, languages) for code in entry.parents]
        found += [self._link("child", code, languages) for code in self.system.children(entry.code)]
        return found + [_property(name, value) for name, value in entry.properties]

    def expression(self, _code: str) -> Expression | None:
        return None

    def expression_fits(self, _expression: Expression, _wanted: Filter) -> bool:
        return False

    def expression_shown(self, _expression: Expression, code: str, _languages: Sequence[str]) -> Shown:
        return Shown(code, "")

    @cached_property
    def _places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(entry for code in self.codes if (entry := self.system.entry(code, ())) is not None)

    @cached_property
    def _active(self) -> Bools:
        return np.array([entry.active for entry in self._entries], dtype=np.bool_)

    @cached_property
    def _words(self) -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(text.casefold() for text in (each.code, each.display, *(said.term for said in each.designations)))
            for each in self._entries
        )

    def _entry(self, place: int, languages: Sequence[str]) -> Entry:
        code = self.codes[place]
        return self.system.entry(code, languages) or Entry(code, code, active=True)

    def _known(self, wanted: Filter) -> int:
        place = self.place(wanted.value)
        if place < 0:
            where = f"in the filter '{wanted.property} {wanted.op}' is not in {self.system.uri}"
            text = f"The code {wanted.value[:100]} {where}"
            raise refused(422, "invalid", "vs-invalid", text, "FILTER_NOT_UNDERSTOOD")
        return place

    def _below(self, wanted: Filter) -> frozenset[str]:
        return self.system.descendants(self.codes[self._known(wanted)])

    def _by_property(self, wanted: Filter) -> Bools:
        name, value = wanted.property, wanted.value
        known = {"inactive", "parent"} | {key for entry in self._entries for key, _ in entry.properties}
        if name not in known:
            raise no_such_filter(self.system.uri, wanted)
        match wanted.op:
            case "=":
                return self._where(lambda entry: value in _values(entry, name))
            case "in":
                listed = set(_list(value))
                return self._where(lambda entry: not listed.isdisjoint(_values(entry, name)))
            case "not-in":
                listed = set(_list(value))
                return self._where(lambda entry: listed.isdisjoint(_values(entry, name)))
            case "exists" if value in ("true", "false"):
                return self._where(lambda entry: bool(_values(entry, name)) == (value == "true"))
            case "regex":
                pattern = _pattern(wanted)
                return self._where(lambda entry: any(pattern.fullmatch(each) for each in _values(entry, name)))
        raise no_such_filter(self.system.uri, wanted)

    def _where(self, holds: Callable[[Entry], bool]) -> Bools:
        return np.array([holds(entry) for entry in self._entries], dtype=np.bool_)

    def _set(self, codes: Sequence[str] | set[str] | frozenset[str]) -> Bools:
        found = np.zeros(self.size, dtype=np.bool_)
        found[[self._places[code] for code in codes if code in self._places]] = True
        return found

    def _link(self, name: str, code: str, languages: Sequence[str]) -> Property:
        entry = self.system.entry(code, languages)
        return Property(name, "code", code, entry.display if entry else "")


def display_in(entry: Entry, languages: Sequence[str]) -> str | None:
    """The text of an entry in the first of the languages that has one."""
    for language in languages:
        for each in entry.designations:
            if each.use in ("preferred", "synonym") and covers(language, each.language):
                return each.term
    return None


def _values(entry: Entry, name: str) -> tuple[str, ...]:
    if name == "inactive":
        return (str(not entry.active).lower(),)
    if name == "parent":
        return entry.parents
    return tuple(value for key, value in entry.properties if key == name)


def _property(name: str, value: str) -> Property:
    return Property(name, "boolean", value == "true") if value in ("true", "false") else Property(name, "string", value)


def _list(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _pattern(wanted: Filter) -> re.Pattern[str]:
    why = "is too costly" if len(wanted.value) > _LONGEST_PATTERN or _COSTLY.search(wanted.value) else ""
    try:
        pattern = re.compile(wanted.value)
    except re.error:
        why = "cannot be read"
    if why:
        text = f"The regular expression of the filter '{wanted.property} regex' {why}"
        raise refused(422, "invalid", "vs-invalid", text)
    return pattern


def _all_begin(words: Sequence[str], text: str) -> bool:
    begun = text.split()
    return all(any(each.startswith(word) for each in begun) for word in words)
