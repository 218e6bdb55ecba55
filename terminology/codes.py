"""Codes travel with their system; an unknown system never matches anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

SNOMED: Final = "http://snomed.info/sct"
ICD10: Final = "urn:oid:2.16.578.1.12.4.1.1.7110"
ICPC2: Final = "urn:oid:2.16.578.1.12.4.1.1.7170"
ATC: Final = "urn:oid:2.16.578.1.12.4.1.1.7180"
NCSP: Final = "urn:oid:2.16.578.1.12.4.1.1.7210"
NCMP: Final = "urn:oid:2.16.578.1.12.4.1.1.7220"
NCRP: Final = "urn:oid:2.16.578.1.12.4.1.1.7270"
NKPK: Final = "urn:oid:2.16.578.1.12.4.1.1.7275"
NLK: Final = "urn:oid:2.16.578.1.12.4.1.1.7280"
LOINC: Final = "http://loinc.org"
MARITAL: Final = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
SEX: Final = "http://hl7.org/fhir/administrative-gender"
#: Document types of Norwegian document sharing, Volven 9602.
DOCUMENT_TYPE: Final = "urn:oid:2.16.578.1.12.4.1.1.9602"
#: True and false as answers; the name FHIRPath gives the type.
BOOLEAN: Final = "http://hl7.org/fhirpath/System.Boolean"
#: How urgent an admission was, Volven 8428; where the patient came from and went to.
URGENCY: Final = "urn:oid:2.16.578.1.12.4.1.1.8428"
ADMITTED_FROM: Final = "http://terminology.hl7.org/CodeSystem/admit-source"
DISCHARGED_TO: Final = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
#: Who a relative is.
RELATIONSHIP: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
#: What a questionnaire calls its questions. FHIR has no code system for these.
LINKID: Final = "urn:registerbro:linkid"

#: The short names that definitions and maps use.
SYSTEMS: Final = {
    "snomed": SNOMED,
    "icd10": ICD10,
    "icpc2": ICPC2,
    "atc": ATC,
    "ncsp": NCSP,
    "ncmp": NCMP,
    "ncrp": NCRP,
    "nkpk": NKPK,
    "nlk": NLK,
    "loinc": LOINC,
    "marital": MARITAL,
    "sex": SEX,
    "document_type": DOCUMENT_TYPE,
    "boolean": BOOLEAN,
    "linkid": LINKID,
    "urgency": URGENCY,
    "admitted_from": ADMITTED_FROM,
    "discharged_to": DISCHARGED_TO,
    "relationship": RELATIONSHIP,
}

#: Systems whose codes carry their hierarchy as prefixes: a code stands for everything below it.
PREFIX_SYSTEMS: Final = frozenset({ICD10, ICPC2, ATC, NCSP, NCMP, NCRP, NKPK})

#: Where Norwegian national code lists have their OIDs, each under its number (Volven, now FinnKode).
VOLVEN: Final = "urn:oid:2.16.578.1.12.4.1.1."

#: The URLs under which HL7 Norway and the Directorate of Health publish the same lists for FHIR.
_NATIONAL: Final = re.compile(
    r"http://(?:ehelse|helsedir)\.no/fhir/CodeSystem/no-kodeverk-([1-9]\d{3})(?:-[a-z0-9-]+)?"
)
_OID: Final = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+")
_SUBCATEGORY: Final = re.compile(r"[A-Z]\d\d[0-9A-Z]+")

_ALIASES: Final = {
    "http://hl7.org/fhir/sid/icd-10": ICD10,
    "http://hl7.org/fhir/sid/icd-10-no": ICD10,
    "http://hl7.org/fhir/sid/icpc-2": ICPC2,
    "http://www.whocc.no/atc": ATC,
    "http://npu-terminology.org": NLK,
    "urn:oid:2.16.840.1.113883.6.96": SNOMED,
    "urn:oid:2.16.840.1.113883.6.1": LOINC,
    "urn:oid:2.16.840.1.113883.6.73": ATC,
    "urn:oid:2.16.840.1.113883.6.3": ICD10,
    "urn:oid:2.16.840.1.113883.6.139": ICPC2,
    "urn:oid:2.16.840.1.113883.5.2": MARITAL,
    "http://hl7.org/fhir/v3/MaritalStatus": MARITAL,
    "urn:oid:2.16.840.1.113883.4.642.4.2": SEX,
    "urn:oid:2.16.840.1.113883.5.111": RELATIONSHIP,
} | {uri: uri for uri in SYSTEMS.values()}


@dataclass(frozen=True, slots=True)
class Code:
    """A code in its system. `system` is canonical, `value` normalised (see `code_of`)."""

    system: str
    value: str

    def __str__(self) -> str:
        return f"{short_name(self.system)}:{self.value}"


def canonical_system(uri: str) -> str | None:
    """The canonical URI of a code system given by URI, bare OID or alias; None when it is not known."""
    found = _ALIASES.get(uri)
    if found is None and uri[:1].isdigit():
        found = _ALIASES.get("urn:oid:" + uri)
    if found is None and uri.startswith(("http://ehelse.no/", "http://helsedir.no/")):
        number = _NATIONAL.fullmatch(uri)
        found = _ALIASES.get(VOLVEN + number[1]) if number else None
    return found


def uri_of(text: str) -> str:
    """One spelling for any code system, also one that is not known here: OIDs become `urn:oid:…`, short names URIs.

    Stored code systems are found by it. It makes no system known: `code_of` still gives None for a system that
    `canonical_system` does not know, so that its codes match nothing in value sets.
    """
    written = SYSTEMS.get(text.strip(), text.strip())
    oid = written[8:] if written[:8].lower() == "urn:oid:" else written
    number = _NATIONAL.fullmatch(written)
    spelt = VOLVEN + number[1] if number else f"urn:oid:{oid}" if _OID.fullmatch(oid) else written
    return canonical_system(spelt) or spelt


@lru_cache(maxsize=200_000)
def code_of(system: str, value: str) -> Code | None:
    """A normalised code, or None when the system is unknown or the code is empty.

    Classification codes lose their dot and become upper case: E70.2 and e702 are one code (ICD-10 travels
    without the dot in NPR messages and with it elsewhere).
    """
    canonical = canonical_system(system)
    if canonical is None:
        return None
    text = normalised(canonical, value)
    return Code(canonical, text) if text else None  # in a set of codes, an empty prefix would stand for all of them


def normalised(system: str, text: str) -> str:
    """The one form of a code's text in a system given by its canonical URI (see `code_of`)."""
    text = text.strip()
    return text.replace(".", "").strip().upper() if system in PREFIX_SYSTEMS else text


def shown(system: str, text: str) -> str:
    """A normalised code as people write it: ICD-10 subcategories have a dot after the third character."""
    return f"{text[:3]}.{text[3:]}" if system == ICD10 and _SUBCATEGORY.fullmatch(text) else text


def short_name(system: str) -> str:
    """The name people use for a system: `snomed`, `icd10` …; the URI itself when it has none."""
    return _SHORT.get(system, system)


_SHORT: Final = {uri: name for name, uri in SYSTEMS.items()}
