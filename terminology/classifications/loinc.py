"""LOINC from its official release: the term table, and if there the component hierarchy and translations.

Files are found by name, anywhere below the folder or in the archive (LOINC Users' Guide, Appendix A): `Loinc.csv` or
`LoincTableCore.csv`; `ComponentHierarchyBySystem.csv`, in older releases `MultiAxialHierarchy.csv`, whose parts become
codes above the terms; `xxYYnLinguisticVariant.csv` for the Nordic languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from terminology.classifications import texts
from terminology.classifications.content import Head, Row, Told
from terminology.classifications.delimited import delimited
from terminology.classifications.sources import Source
from terminology.codes import LOINC
from terminology.systems import Designation

_TABLES: Final = ("loinc.csv", "loinctablecore.csv")
_HIERARCHIES: Final = ("componenthierarchybysystem.csv", "multiaxialhierarchy.csv", "multi-axial_hierarchy.csv")
_VARIANT: Final = re.compile(r"(nb|nn|no|da|sv)([A-Z]{2})\d*LinguisticVariant\.csv")
_RELEASE: Final = re.compile(r"loinc[-_ ]?(\d\.\d\d)", re.IGNORECASE)
_PROPERTIES: Final = (
    *("COMPONENT", "PROPERTY", "TIME_ASPCT", "SYSTEM", "SCALE_TYP", "METHOD_TYP", "CLASS", "CLASSTYPE", "STATUS"),
    *("ORDER_OBS", "EXAMPLE_UCUM_UNITS", "VersionFirstReleased", "VersionLastChanged"),
)

#: Texts of a code by code.
Names = dict[str, list[Designation]]


def table_in(files: Iterable[Source]) -> Source | None:
    """The term table, the full one before its core."""
    named = {source.name.lower(): source for source in files}
    return next((named[name] for name in _TABLES if name in named), None)


def read(files: Iterable[Source], version: str | None, told: Told) -> tuple[Head, Iterator[Row]]:
    """The release. Its version is in a folder's or archive's name, else it is left empty.

    Raises ValueError without a term table, ImportRefused as `delimited.delimited`.
    """
    files = tuple(files)
    table = table_in(files)
    if table is None:
        raise ValueError("no LOINC term table")
    place = _RELEASE.search(f"{table.path}/{table.member or ''}")
    head = Head(LOINC, version or (place[1] if place else ""), "LOINC", "en")
    return head, _rows(files, table, told)


def _rows(files: tuple[Source, ...], table: Source, told: Told) -> Iterator[Row]:
    above, parts = _hierarchy(files, told)
    names = _translations(files, told)
    with delimited(table, told) as found:
        for line, cells in found.rows:
            code = cells.get("LOINC_NUM", "").strip()
            parts.pop(code, None)
            yield _term(code, cells, tuple(above.get(code, ())), names.get(code, []), line)
    for code, text in parts.items():
        label = (Designation("en", text, "preferred"),) if text else ()
        yield Row(code, label, tuple(above.get(code, ())), (("CLASS", "part"),), element="hierarchy")


def _term(code: str, cells: Mapping[str, str], parents: tuple[str, ...], more: list[Designation], line: int) -> Row:
    said = {name: texts.cleaned(cells.get(name, "")) for name in (*_NAMES, *_PROPERTIES)}
    named = [Designation("en", said[name], use) for name, use in _NAMES.items() if said[name]]
    properties = tuple((name, said[name]) for name in _PROPERTIES if said[name])
    return Row(code, (*named, *more), parents, properties, said["STATUS"] != "DEPRECATED", line=line)


_NAMES: Final[Mapping[str, Literal["preferred", "synonym", "definition"]]] = {
    "LONG_COMMON_NAME": "preferred",
    "SHORTNAME": "synonym",
    "DisplayName": "synonym",
    "CONSUMER_NAME": "synonym",
    "DefinitionDescription": "definition",
}


def _hierarchy(files: tuple[Source, ...], told: Told) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The parents of each code, and the texts of all codes in the hierarchy."""
    above: dict[str, list[str]] = {}
    parts: dict[str, str] = {}
    named = {source.name.lower(): source for source in files}
    source = next((named[name] for name in _HIERARCHIES if name in named), None)
    if source is None:
        return above, parts
    with delimited(source, told) as found:
        for _, cells in found.rows:
            code, parent = cells.get("CODE", "").strip(), cells.get("IMMEDIATE_PARENT", "").strip()
            parts.setdefault(code, texts.cleaned(cells.get("CODE_TEXT", "")))
            if parent:
                above.setdefault(code, []).append(parent)
    return above, parts


def _translations(files: tuple[Source, ...], told: Told) -> Names:
    names: Names = {}
    for source in files:
        if variant := _VARIANT.fullmatch(source.name):
            language = texts.language_of(f"{variant[1]}-{variant[2]}")
            with delimited(source, told) as found:
                for _, cells in found.rows:
                    text = cells.get("LinguisticVariantDisplayName") or cells.get("LONG_COMMON_NAME") or ""
                    if term := texts.cleaned(text):
                        code = cells.get("LOINC_NUM", "").strip()
                        names.setdefault(code, []).append(Designation(language, term, "preferred"))
    return names
