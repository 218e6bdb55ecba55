"""Which columns the delimited files of national and international publishers have.

A layout is recognised by the headers it `needs`. Headers are compared without case, blanks and punctuation. A column
that no layout names becomes a property under its own header. A new header is one more name in a layout; for anything
else there is `--columns`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from terminology.codes import ATC, ICD10, ICPC2, NCMP, NCRP, NCSP, NKPK, NLK

#: What a column can be. Texts may have a language: `display@nn`. `system` names the code system of the row;
#: what is `ignored` becomes no property.
TEXTS: Final[Mapping[str, str]] = {
    "display": "preferred",
    "full": "fsn",
    "short": "synonym",
    "synonym": "synonym",
    "definition": "definition",
    "inclusion": "inclusion",
    "exclusion": "exclusion",
}
FIELDS: Final = ("code", "parent", "from", "to", "status", "system", "ignored", *TEXTS)

#: A field, perhaps with a language, and the headers under which it is known.
Columns = Mapping[str, tuple[str, ...]]

#: What people call the code systems whose files do not say it.
TITLES: Final[Mapping[str, str]] = {
    ICD10: "ICD-10",
    ICPC2: "ICPC-2",
    ATC: "ATC",
    NCSP: "NCSP",
    NCMP: "NCMP",
    NCRP: "NCRP",
    NKPK: "Norsk klinisk prosedyrekodeverk",
    NLK: "Norsk laboratoriekodeverk",
}

_KODE: Final = ("Kode", "Code", "Kodeverdi")
_FROM: Final = ("Gyldig fra", "Gyldig_fra", "Fra dato", "Valid from")
_TO: Final = ("Gyldig til", "Gyldig_til", "Til dato", "Valid to")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of file; `system` is the code system when the layout tells it."""

    name: str
    needs: frozenset[str]
    columns: Columns
    language: str = "nb"
    system: str | None = None


def _layout(name: str, needs: str, columns: Columns, language: str = "nb", system: str | None = None) -> Layout:
    return Layout(name, frozenset(map(header_key, needs.split(","))), columns, language, system)


def header_key(header: str) -> str:
    """A header as it is compared."""
    return "".join(one for one in header.casefold() if one.isalnum())


_DIRECTORATE: Final[Columns] = {
    "code": _KODE,
    "display": ("Tekst_uten_lengdebegrensning",),
    "short": ("Tekst_med_maksimalt_60_tegn",),
    "parent": ("Foreldrekode",),
    "from": _FROM,
    "to": _TO,
    "system": ("Kodeverk",),
    "ignored": ("Foreldrekodetekst",),
}

#: Asked in order: the more a layout needs, the earlier it stands.
LAYOUTS: Final = (
    # The Directorate of Health's code files (ICD-10, ICPC-2, NCMP, NCSP, NCRP and, with them all, NKPK).
    _layout("icd10", "Kode,Tekst_uten_lengdebegrensning,Stjernekode", _DIRECTORATE, system=ICD10),
    _layout("directorate", "Kode,Tekst_uten_lengdebegrensning", _DIRECTORATE),
    # Norsk laboratoriekodeverk.
    _layout(
        "nlk",
        "Kode,Norsk bruksnavn",
        {
            "code": _KODE,
            "display": ("Norsk bruksnavn",),
            "full": ("Kodedefinisjon",),
            "from": _FROM,
            "to": _TO,
        },
        system=NLK,
    ),
    # The English ICPC-2.
    _layout(
        "icpc2-en",
        "code,preferred,shortTitle",
        {
            "code": _KODE,
            "display": ("preferred",),
            "short": ("shortTitle",),
            "inclusion": ("inclusion",),
            "exclusion": ("exclusion",),
        },
        "en",
        ICPC2,
    ),
    # The ATC/DDD index; several rows of a code differ in dose and route.
    _layout("atc", "atc_code,atc_name", {"code": ("atc_code",), "display": ("atc_name",)}, "en", ATC),
    _layout("atc", "ATC code,ATC level name", {"code": ("ATC code",), "display": ("ATC level name",)}, "en", ATC),
    _layout(
        "atc-no",
        "ATC-kode",
        {
            "code": ("ATC-kode",),
            "display": ("ATC-navn", "Navn", "Tekst", "Virkestoff"),
            "display@en": ("Navn engelsk",),
        },
        system=ATC,
    ),
    # Anything with a code and a text.
    _layout(
        "plain",
        "Kode",
        {
            "code": _KODE,
            "display": ("Tekst", "Kodetekst", "Navn", "Tittel", "Betegnelse", "Beskrivelse"),
            "display@nn": ("Tekst nynorsk", "Nynorsk"),
            "display@en": ("Tekst engelsk", "Engelsk"),
            "parent": ("Forelder", "Foreldrekode", "Overordnet", "Overordnet kode"),
            "from": _FROM,
            "to": _TO,
            "system": ("Kodeverk",),
        },
    ),
    _layout(
        "plain-en",
        "code",
        {
            "code": _KODE,
            "display": ("display", "name", "title", "text"),
            "definition": ("definition",),
            "parent": ("parent",),
            "from": _FROM,
            "to": _TO,
            "status": ("status",),
            "system": ("system",),
        },
        "en",
    ),
)


def layout_of(headers: Iterable[str]) -> Layout | None:
    """The layout that fits these headers, if one does."""
    there = frozenset(map(header_key, headers))
    return next((layout for layout in LAYOUTS if layout.needs <= there), None)


def parse_columns(text: str) -> Columns:
    """Columns as they are written on the command line: `code=Kode,display=Tekst,display@nn=Nynorsk,from=Gyldig fra`.

    Raises ValueError naming the part that is wrong.
    """
    columns: dict[str, tuple[str, ...]] = {}
    for part in text.split(","):
        field, equals, header = (one.strip() for one in part.partition("="))
        name, at, language = field.partition("@")
        if not equals or not header or name not in FIELDS or (at and (not language or name not in TEXTS)):
            raise ValueError(f"{part.strip()!r} is not FIELD=HEADER; fields are {', '.join(FIELDS)}")
        columns[field] = (*columns.get(field, ()), header)
    if "code" not in columns:
        raise ValueError("no column is the code: write code=HEADER")
    return columns
