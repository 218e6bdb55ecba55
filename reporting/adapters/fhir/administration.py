"""The facts of the patient administration in FHIR files: what the NPR report needs beyond coded statements.

Stays are Encounters, referral periods EpisodesOfCare, home addresses those of no-basis-Address. Codes of the report's
own lists stand under their OIDs, wherever in the Encounter they are; of HL7's lists only words that leave no doubt are
read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from registries.chart import EARLIEST, written_at
from registries.npr.facts import Administration, PeriodFacts, PersonFacts, StayFacts
from reporting.adapters.fhir.files import BROKEN, Block, files_of, read
from reporting.adapters.fhir.values import BadTime, plain_reference, when
from reporting.journal import Problem
from terminology.codes import VOLVEN, uri_of

_HL7: Final = "http://terminology.hl7.org/CodeSystem/"
_MUNICIPALITY: Final = "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode"
_DISTRICT: Final = "http://hl7.no/fhir/StructureDefinition/no-basis-urban-district"
_OFFICIAL: Final = "http://hl7.no/fhir/StructureDefinition/no-basis-address-official"
_ORG_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.101"
#: Where a stay's codes belong, by the number of their list; 8408 is told by where it stands.
_STAY_LISTS: Final = {
    "8406": "level",
    "8426": "debtor",
    "8427": "state_in",
    "8428": "urgency",
    "8431": "state_out",
    "8432": "contact",
    "8434": "contact_place",
    "8451": "specialty",
}
_PERIOD_LISTS: Final = {
    "8404": "from_service",
    "8444": "right_to_care",
    "8455": "kind",
    "8485": "assessment",
    "9043": "insured_in",
}
_WORDS: Final = {
    (_HL7 + "v3-ActPriority", "EM"): {"urgency": "1"},
    (_HL7 + "v3-ActPriority", "EL"): {"urgency": "4"},
    (_HL7 + "admit-source", "hosp-trans"): {"from_place": "3"},
    (_HL7 + "admit-source", "born"): {"state_in": "3"},
    (_HL7 + "discharge-disposition", "home"): {"to_place": "1"},
    (_HL7 + "discharge-disposition", "other-hcf"): {"to_place": "3"},
    (_HL7 + "discharge-disposition", "exp"): {"state_out": "2"},
}


class _Part(msgspec.Struct, frozen=True, kw_only=True, gc=False, rename="camel"):
    pass


class _Coding(_Part, frozen=True):
    system: str = ""
    code: str = ""


class _Concept(_Part, frozen=True):
    coding: tuple[_Coding, ...] = ()


class _Identifier(_Part, frozen=True):
    system: str = ""
    value: str = ""


class _Reference(_Part, frozen=True):
    reference: str = ""
    identifier: _Identifier | None = None


class _Hospitalization(_Part, frozen=True):
    origin: _Reference | None = None
    admit_source: _Concept | None = None
    destination: _Reference | None = None
    discharge_disposition: _Concept | None = None


class _Diagnosis(_Part, frozen=True):
    condition: _Reference
    rank: int | None = None


class _Meta(_Part, frozen=True):
    last_updated: str = ""


class _Resource(_Part, frozen=True):
    id: str = ""
    meta: _Meta | None = None


class _Encounter(_Resource, frozen=True):
    type: tuple[_Concept, ...] = ()
    service_type: _Concept | None = None
    priority: _Concept | None = None
    hospitalization: _Hospitalization | None = None
    diagnosis: tuple[_Diagnosis, ...] = ()
    episode_of_care: tuple[_Reference, ...] = ()


class _Period(_Part, frozen=True):
    start: str | None = None
    end: str | None = None


class _EpisodeOfCare(_Resource, frozen=True):
    status: str = ""
    type: tuple[_Concept, ...] = ()
    period: _Period | None = None


class _Extension(_Part, frozen=True):
    url: str = ""
    value_coding: _Coding | None = None
    value_boolean: bool = False


class _Extended(_Part, frozen=True):
    extension: tuple[_Extension, ...] = ()


class _Address(_Part, frozen=True):
    use: str = ""
    extension: tuple[_Extension, ...] = ()
    district: _Extended | None = msgspec.field(default=None, name="_district")


class _Patient(_Resource, frozen=True):
    address: tuple[_Address, ...] = ()


def read_administration(*sources: Path) -> tuple[Administration, tuple[Problem, ...]]:
    """The administrative facts in files and folders, and what could not be read; of several versions the latest."""
    files, problems = files_of(sources)
    kept: dict[str, dict[str, Any]] = {name: {} for name in _READ}
    written: dict[str, Any] = {}
    for path in files:
        for block in read(path):
            if isinstance(block, Block) and block.type in _READ:
                for source, version, fact in _facts(block, problems):
                    if version >= written.get(source, EARLIEST):
                        written[source], kept[block.type][source] = version, fact
    periods = {source: fact for source, fact in kept["EpisodeOfCare"].items() if fact is not None}
    return Administration(persons=kept["Patient"], stays=kept["Encounter"], periods=periods), tuple(problems)


def _facts(block: Block, problems: list[Problem]) -> Iterator[tuple[str, Any, Any]]:
    """Each resource's reference, when it was written and what it says."""
    kind, made = _READ[block.type]
    decode = msgspec.json.Decoder(kind).decode
    for index, line in enumerate(block.lines):
        try:
            resource: Any = decode(line)
            source = f"{block.type}/{resource.id}" if resource.id else _linked(block, block.urls[index])
            version = written_at(resource.meta.last_updated if resource.meta else "")
            yield source, version, made(resource, block)
        except (*BROKEN, BadTime, IndexError) as error:
            problems.append(Problem(block.place(index), f"{block.type}: {_told(error)}"))


def _told(error: Exception) -> str:
    return "the resource has no id" if isinstance(error, IndexError) else str(error)


def _stay(r: _Encounter, block: Block) -> StayFacts:
    there = r.hospitalization or _Hospitalization()
    found: dict[str, str] = {}
    for concept in (*r.type, r.service_type, r.priority, there.admit_source, there.discharge_disposition):
        for coding in concept.coding if concept else ():
            found |= _WORDS.get((coding.system, coding.code), {})
            if field := _STAY_LISTS.get(_list(coding)):
                found[field] = coding.code
    found |= _where("from_place", there.admit_source) | _where("to_place", there.discharge_disposition)
    return StayFacts(
        **found,
        from_institution=_org_number(there.origin),
        to_institution=_org_number(there.destination),
        diagnoses=_ranked(r, block),
        period=_linked(block, r.episode_of_care[0].reference) if len(r.episode_of_care) == 1 else "",
    )


def _where(field: str, concept: _Concept | None) -> dict[str, str]:
    codes = [coding.code for coding in (concept.coding if concept else ()) if _list(coding) == "8408"]
    return {field: codes[0]} if codes else {}


def _ranked(r: _Encounter, block: Block) -> tuple[str, ...]:
    """The conditions by rank; those without one come last. Nothing, when the first place is not one condition's."""
    first = [one for one in r.diagnosis if one.rank == min((d.rank for d in r.diagnosis if d.rank), default=None)]
    if len(first) != 1 and len(r.diagnosis) != 1:
        return ()
    ordered = sorted(r.diagnosis, key=lambda one: (one.rank is None, one.rank or 0))
    return tuple(dict.fromkeys(_linked(block, one.condition.reference) for one in ordered))


def _period(r: _EpisodeOfCare, block: Block) -> PeriodFacts | None:
    del block
    received = _day(r.period.start if r.period else None)
    if received is None or r.status in ("entered-in-error", "cancelled"):
        return None
    codings = [coding for concept in r.type for coding in concept.coding]
    found = {field: coding.code for coding in codings if (field := _PERIOD_LISTS.get(_list(coding)))}
    return PeriodFacts(received=received, ended=_day(r.period.end if r.period else None), **found)


def _day(text: str | None) -> date | None:
    """The local date; None when it is not known to the day. Raises BadTime."""
    at = when(text)
    return at.local.date() if at is not None and at.precision in ("clock", "day") else None


def _person(r: _Patient, block: Block) -> PersonFacts:
    """Where the patient lives: the official address, else the one that all addresses agree on."""
    del block
    current = [one for one in r.address if one.use not in ("old", "temp", "billing")]
    official = [one for one in current if any(e.url == _OFFICIAL and e.value_boolean for e in one.extension)]
    places = {_place(one) for one in official or current} - {("", "")}
    municipality, district = places.pop() if len(places) == 1 else ("", "")
    return PersonFacts(municipality=municipality, district=district)


def _place(address: _Address) -> tuple[str, str]:
    municipality = _extended(address.district.extension if address.district else (), _MUNICIPALITY)
    # Districts are numbered within their municipality; some write both numbers as one.
    return municipality, _extended(address.extension, _DISTRICT).removeprefix(municipality) if municipality else ""


def _extended(extensions: tuple[_Extension, ...], url: str) -> str:
    return next((one.value_coding.code for one in extensions if one.url == url and one.value_coding), "")


def _list(coding: _Coding) -> str:
    uri = uri_of(coding.system) if coding.system else ""
    return uri.removeprefix(VOLVEN) if uri.startswith(VOLVEN) else ""


def _org_number(reference: _Reference | None) -> str:
    given = reference.identifier if reference else None
    return given.value if given is not None and uri_of(given.system) == _ORG_NUMBER else ""


def _linked(block: Block, reference: str) -> str:
    return block.links.get(reference) or plain_reference(reference)


_READ: Final[dict[str, tuple[type[_Resource], Callable[[Any, Block], Any]]]] = {
    "Encounter": (_Encounter, _stay),
    "EpisodeOfCare": (_EpisodeOfCare, _period),
    "Patient": (_Patient, _person),
}
