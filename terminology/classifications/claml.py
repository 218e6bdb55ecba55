"""ClaML 2.0.0 and 3 (EN 14463, ISO 13120:2013), the form in which WHO and others publish ICD-10 and its relatives.

Hierarchy is told by `SuperClass` and `SubClass`; either is enough. Rubrics become texts (`preferred`, `preferredLong`,
`inclusion`, `exclusion`, `definition`) or properties under their kind (`note`, `coding-hint`, `text` …).

Modifiers: a class without subclasses that names one modifier gets one code for each of its modifier classes, with both
texts. Where several modifiers meet, or a modifier stands on a class with subclasses, publishers disagree about what
follows: no codes are made, and that is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from lxml import etree

from terminology.classifications import texts
from terminology.classifications.content import Head, Row, Told
from terminology.classifications.sources import Source
from terminology.classifications.xml import elements, local_name
from terminology.codes import ATC, ICD10, ICPC2, uri_of
from terminology.snomed.problems import ImportRefused
from terminology.systems import Designation

_Use = Literal["preferred", "fsn", "definition", "inclusion", "exclusion"]
_USES: Final[Mapping[str, _Use]] = {
    "preferred": "preferred",
    "preferredLong": "fsn",
    "definition": "definition",
    "inclusion": "inclusion",
    "exclusion": "exclusion",
}
_READ: Final = frozenset({"Meta", "Identifier", "Title", "Class", "Modifier", "ModifierClass"})
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

#: Names in titles and identifiers; national modifications of ICD-10 with codes of their own are other systems.
_NAMED: Final = (
    (re.compile(r"icd[-_ ]?10(?![-_ ]?(?:gm|cm|am|ca|pcs|tm|se|nl)\b)", re.IGNORECASE), ICD10),
    (re.compile(r"icpc[-_ ]?2(?![-_ ]?[br]\b)", re.IGNORECASE), ICPC2),
    (re.compile(r"\batc\b", re.IGNORECASE), ATC),
)


@dataclass
class _Document:
    """What has been read so far."""

    language: str = "und"
    identifiers: list[str] = field(default_factory=list)
    title: str = ""
    names: str = ""
    version: str = ""
    classes: dict[str, _Class] = field(default_factory=dict)
    again: list[_Class] = field(default_factory=list)
    modifiers: dict[str, dict[str, tuple[Designation, ...]]] = field(default_factory=dict)


@dataclass
class _Class:
    row: Row
    parents: list[str]
    children: list[str]
    modified: list[tuple[str, frozenset[str]]]
    excluded: frozenset[str]


def read(source: Source, system: str | None, version: str | None, told: Told) -> tuple[Head, Iterator[Row]]:
    """The classification of a ClaML document.

    Raises ImportRefused as `xml.elements`, and when neither `system` nor the document says which system it is.
    """
    document = _Document()
    for element in elements(source, _READ):
        _take(document, element, told)
    title = document.title or document.names
    head = Head(system or _system(document), version or document.version, title, document.language)
    return head, _rows(document, told)


def _take(document: _Document, element: etree._Element, told: Told) -> None:
    match local_name(element):
        case "Meta" if element.get("name", "").lower() == "lang":
            document.language = texts.language_of(element.get("value", ""))
        case "Identifier":
            document.identifiers.append(element.get("uid", ""))
        case "Title":
            document.title = texts.cleaned(_text(element))
            document.names = element.get("name", "")
            document.version = element.get("version") or element.get("date") or ""
        case "ModifierClass":
            taken = document.modifiers.setdefault(element.get("modifier", ""), {})
            taken[element.get("code", "")] = _designations(element, document.language, told)
        case "Class":
            found = _class(element, document.language, told)
            if document.classes.setdefault(found.row.code, found) is not found:
                document.again.append(found)


def _system(document: _Document) -> str:
    for identifier in document.identifiers:
        if uri_of(identifier).startswith("urn:oid:"):
            return uri_of(identifier)
    said = " ".join([document.names, document.title, *document.identifiers])
    for name, system in _NAMED:
        if name.search(said):
            return system
    raise ImportRefused("the document does not say which code system it is: give its URI or OID")


def _class(element: etree._Element, language: str, told: Told) -> _Class:
    code, line = element.get("code", ""), _line(element)
    said = [("kind", element.get("kind")), ("usage", element.get("usage"))]
    metas = [(one.get("name", ""), one.get("value", "")) for one in _children(element, "Meta")]
    notes = [
        (rubric.get("kind", ""), texts.cleaned(_text(label)))
        for rubric in _children(element, "Rubric")
        if rubric.get("kind") not in _USES
        for label in _children(rubric, "Label")
    ]
    properties = [(name, value) for name, value in [*said, *metas, *notes] if name and value]
    row = Row(code, _designations(element, language, told), (), tuple(properties), line=line, element="Class")
    modified = [(one.get("code", ""), _valid(one)) for one in _children(element, "ModifiedBy")]
    excluded = frozenset(one.get("code", "") for one in _children(element, "ExcludeModifier"))
    parents, children = ([one.get("code", "") for one in _children(element, name)] for name in _HIERARCHY)
    return _Class(row, parents, children, modified, excluded)


_HIERARCHY: Final = ("SuperClass", "SubClass")


def _designations(element: etree._Element, language: str, told: Told) -> tuple[Designation, ...]:
    found = []
    for rubric in _children(element, "Rubric"):
        use = _USES.get(rubric.get("kind", ""))
        for label in _children(rubric, "Label") if use else ():
            term = texts.cleaned(_text(label))
            if use and term:
                found.append(Designation(texts.language_of(label.get(_LANG, language)), term, use))
            else:
                told.tell(_line(label), "Label", "the label is empty")
    return tuple(found)


def _valid(modified: etree._Element) -> frozenset[str]:
    """The modifier classes that are valid here; none named means all."""
    return frozenset(one.get("code", "") for one in _children(modified, "ValidModifierClass"))


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return element.iterchildren(f"{{*}}{name}")


def _line(element: etree._Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0


def _text(element: etree._Element) -> str:
    """All text in an element. Fragments and list items are words apart; terms and references are not."""
    return "".join(_parts(element))


def _parts(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if not isinstance(child.tag, str):  # an entity of the grammar, which is never read
            yield child.tail or ""
            continue
        before, after = _AROUND.get(local_name(child), (" ", " "))
        bracketed = child.get("class") == "in brackets"
        yield " (" if bracketed else before
        yield from _parts(child)
        yield ")" if bracketed else after
        yield child.tail or ""


#: What a reader of the printed text sees around a part of it.
_AROUND: Final = {"Term": ("", ""), "Reference": ("", "")}


def _rows(document: _Document, told: Told) -> Iterator[Row]:
    above: dict[str, list[str]] = {}
    for code, one in document.classes.items():
        for child in one.children:
            above.setdefault(child, []).append(code)
            if child not in document.classes:
                told.tell(one.row.line, "SubClass", f"a subclass of {code} is not in the document")
    for code, one in document.classes.items():
        yield _with_parents(one, above.get(code, []))
        yield from _modified(document, one, told)
    yield from (_with_parents(one, []) for one in document.again)


def _with_parents(one: _Class, above: list[str]) -> Row:
    row = one.row
    parents = tuple(one.parents or above)
    return Row(row.code, row.designations, parents, row.properties, line=row.line, element=row.element)


def _modified(document: _Document, one: _Class, told: Told) -> Iterator[Row]:
    wanted = [found for found in one.modified if found[0] not in one.excluded]
    if not wanted:
        return
    if one.children or len(wanted) > 1:
        told.tell(one.row.line, "ModifiedBy", f"the modifiers of {one.row.code} make no codes here")
        return
    modifier, valid = wanted[0]
    for code, labels in document.modifiers.get(modifier, {}).items():
        made = one.row.code + code
        if made not in document.classes and (not valid or code in valid):
            designations = _combined(one.row.designations, labels)
            yield Row(
                made, designations, (one.row.code,), (("modifier", modifier),), line=one.row.line, element="Class"
            )


def _combined(base: tuple[Designation, ...], labels: tuple[Designation, ...]) -> tuple[Designation, ...]:
    """The text of a class and that of a modifier class in one, in each language that has both."""
    return tuple(
        Designation(one.language, f"{one.term}: {label.term}", "preferred")
        for one in base
        for label in labels
        if one.use == label.use == "preferred" and one.language == label.language
    )
