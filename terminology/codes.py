"""Codes travel with their system; an unknown system never matches anything."""

from __future__ import annotations

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
NLK: Final = "urn:oid:2.16.578.1.12.4.1.1.7280"
LOINC: Final = "http://loinc.org"
MARITAL: Final = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
SEX: Final = "http://hl7.org/fhir/administrative-gender"

#: The short names that definitions and maps use.
SYSTEMS: Final = {
    "snomed": SNOMED,
    "icd10": ICD10,
    "icpc2": ICPC2,
    "atc": ATC,
    "ncsp": NCSP,
    "ncmp": NCMP,
    "ncrp": NCRP,
    "nlk": NLK,
    "loinc": LOINC,
    "marital": MARITAL,
    "sex": SEX,
}

#: Systems whose codes carry their hierarchy as prefixes: a code stands for everything below it.
PREFIX_SYSTEMS: Final = frozenset({ICD10, ICPC2, ATC, NCSP, NCMP, NCRP})

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
    return found


@lru_cache(maxsize=200_000)
def code_of(system: str, value: str) -> Code | None:
    """A normalised code, or None when the system is unknown or the code is empty.

    Classification codes lose their dot and become upper case: E70.2 and e702 are one code (ICD-10 travels
    without the dot in NPR messages and with it elsewhere).
    """
    canonical = canonical_system(system)
    text = value.strip()
    if canonical in PREFIX_SYSTEMS:
        text = text.replace(".", "").strip().upper()
    if canonical is None or not text:
        return None  # in a set of codes, an empty prefix would stand for all of them
    return Code(canonical, text)


def short_name(system: str) -> str:
    """The name people use for a system: `snomed`, `icd10` …; the URI itself when it has none."""
    return _SHORT.get(system, system)


_SHORT: Final = {uri: name for name, uri in SYSTEMS.items()}
