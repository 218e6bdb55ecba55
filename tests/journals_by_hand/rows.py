"""Short rows to FHIR R4 resources: `{diagnosis: icd10 I63.9, in: e1, onset: 2025-03-02}` is a Condition.

A row's first word says what it is; `fhir` merges what the short words cannot say. Times without a zone are local
(`2025-03-02 14:10`, written with the offset of that day); with a `T` they stand as they are, as do dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from registries.identity import FNR
from tests.codecs.examples import synthetic

Row = Mapping[str, Any]
Resource = dict[str, Any]

_NO: Final = "urn:oid:2.16.578.1.12.4.1.1."
_TERMS: Final = "http://terminology.hl7.org/CodeSystem/"
_SERVER: Final = "https://fhir.example/r4"
_OSLO: Final = ZoneInfo("Europe/Oslo")
SYSTEMS: Final = {
    "sct": "http://snomed.info/sct",
    "icd10": f"{_NO}7110",
    "icd10-no": "http://hl7.org/fhir/sid/icd-10-no",
    "icd10-hl7": "http://hl7.org/fhir/sid/icd-10",
    "icpc2": f"{_NO}7170",
    "loinc": "http://loinc.org",
    "nlk": f"{_NO}7280",
    "atc": "http://www.whocc.no/atc",
    "atc-oid": f"{_NO}7180",
    "ncsp": f"{_NO}7210",
    "ncmp": f"{_NO}7220",
    "ncrp": f"{_NO}7270",
    "marital": f"{_TERMS}v3-MaritalStatus",
    "local": "http://sykehuset.example/kodeverk",
}


def time(text: object) -> str:
    """A FHIR dateTime."""
    text = str(text)
    if " " not in text:
        return text
    return datetime.fromisoformat(text).replace(tzinfo=_OSLO).isoformat()


def concept(text: str) -> Resource:
    """A CodeableConcept: `icd10 I63.9`, or several codes of one meaning with ` + ` between."""
    codes = (one.split(" ", 1) for one in text.split(" + "))
    return {"coding": [{"system": SYSTEMS[system], "code": code} for system, code in codes]}


def quantity(text: str) -> Resource:
    """A Quantity: `88 umol/L` is in UCUM, `<30 umol/L` has a comparator, `88 "µmol/l` has its unit as text only."""
    value, _, unit = str(text).partition(" ")
    number = value.lstrip("<>=")
    made: Resource = {"value": float(number) if "." in number else int(number)}
    if value != number:
        made["comparator"] = value.removesuffix(number)
    if unit.startswith('"'):
        return made | {"unit": unit[1:]}
    return made | ({"unit": unit, "system": "http://unitsofmeasure.org", "code": unit} if unit else {})


def resources(rows: list[Row]) -> list[Resource]:
    """The journal of one person `p1`; a patient is added when no row tells of one."""
    person: list[Row] = [] if any("patient" in row for row in rows) else [{"patient": "female"}]
    return [_resource(row, number) for number, row in enumerate([*person, *rows])]


def in_a_bundle(journal: list[Resource]) -> list[Resource]:
    """The same journal as one transaction, in which every reference is a `urn:uuid:`."""
    names = {
        f"{one['resourceType']}/{one['id']}": f"urn:uuid:{UUID(int=number, version=4)}"
        for number, one in enumerate(journal)
    }
    entries = [
        {"fullUrl": names[f"{one['resourceType']}/{one['id']}"], "resource": _referring(one, names)} for one in journal
    ]
    return [{"resourceType": "Bundle", "type": "transaction", "entry": entries}]


def with_addresses(journal: list[Resource]) -> list[Resource]:
    """The same journal, in which every reference is an address with a version."""
    names = {(name := f"{one['resourceType']}/{one['id']}"): f"{_SERVER}/{name}/_history/2" for one in journal}
    return [_referring(one, names) for one in journal]


def _referring(part: Any, names: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {
            key: names.get(value, value) if key == "reference" else _referring(value, names)
            for key, value in part.items()
        }
    return [_referring(one, names) for one in part] if isinstance(part, list) else part


def _resource(row: Row, number: int) -> Resource:
    word = next(word for word in row if word in _MAKERS)
    made = _MAKERS[word](row)
    about = {} if word in ("patient", "medicine") else {"subject": {"reference": "Patient/p1"}}
    link = "context" if word in ("uses", "given", "handed") else "encounter"
    linked = {link: {"reference": f"Encounter/{row['in']}"}} if "in" in row else {}
    key = {"id": row.get("id", f"r{number}")}
    return {**key, **about, **linked, **made, **row.get("fhir", {})}


def _given(row: Row, **words: str) -> Iterator[tuple[str, str]]:
    """Times of a row by the FHIR element they stand in."""
    return ((element, time(row[word])) for word, element in words.items() if word in row)


def _period(row: Row) -> Resource:
    return dict(_given(row, **{"from": "start", "to": "end"}))


def _patient(row: Row) -> Resource:
    made: Resource = {"resourceType": "Patient", "id": "p1", "gender": row["patient"]}
    if row.get("number", True):
        made["identifier"] = [{"system": FNR, "value": synthetic(1)}]
    made["birthDate"] = row.get("born", "1950-06-01")
    if "marital" in row:
        made["maritalStatus"] = concept(f"marital {row['marital']}")
    if isinstance(row.get("dead"), bool):
        made["deceasedBoolean"] = row["dead"]
    elif "dead" in row:
        made["deceasedDateTime"] = time(row["dead"])
    return made


def _stay(row: Row) -> Resource:
    made: Resource = {"resourceType": "Encounter", "id": row["stay"], "status": row.get("status", "finished")}
    made["class"] = {"system": f"{_TERMS}v3-ActCode", "code": row.get("level", "IMP")}
    made["period"] = _period(row)
    if "at" in row:
        place = {"system": f"{_NO[:-2]}4.102", "value": row["at"]}
        made["serviceProvider"] = {"identifier": place}
    if "diagnoses" in row:
        made["diagnosis"] = [
            {"condition": {"reference": f"Condition/{key}"}, "rank": rank}
            for rank, key in enumerate(row["diagnoses"], 1)
        ]
    return made


def _diagnosis(row: Row) -> Resource:
    made: Resource = {"resourceType": "Condition", "code": concept(row["diagnosis"])}
    for word, system in (("standing", "ver-status"), ("clinical", "clinical")):
        if word in row:
            coded = {"coding": [{"system": f"{_TERMS}condition-{system}", "code": row[word]}]}
            made["verificationStatus" if word == "standing" else "clinicalStatus"] = coded
    if "category" in row:
        made["category"] = [{"coding": [{"system": f"{_TERMS}condition-category", "code": row["category"]}]}]
    return made | dict(_given(row, onset="onsetDateTime", recorded="recordedDate"))


def _value(row: Row) -> Resource:
    if "absent" in row:
        return {"dataAbsentReason": {"coding": [{"system": f"{_TERMS}data-absent-reason", "code": row["absent"]}]}}
    words: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "value": ("valueQuantity", quantity),
        "whole": ("valueInteger", int),
        "text": ("valueString", str),
        "coded": ("valueCodeableConcept", concept),
    }
    return {element: read(row[word]) for word, (element, read) in words.items() if word in row}


def _measured(row: Row) -> Resource:
    made: Resource = {"resourceType": "Observation", "status": row.get("status", "final")}
    made["code"] = concept(row["measured"])
    made |= dict(_given(row, at="effectiveDateTime", issued="issued")) | _value(row)
    if "parts" in row:
        made["component"] = [{"code": concept(code), "valueInteger": value} for code, value in row["parts"].items()]
    return made


def _done(row: Row) -> Resource:
    made: Resource = {"resourceType": "Procedure", "status": row.get("status", "completed")}
    made["code"] = concept(row["done"])
    made |= dict(_given(row, at="performedDateTime"))
    if "from" in row:
        made["performedPeriod"] = _period(row)
    if "sites" in row:
        made["bodySite"] = [concept(site) for site in row["sites"]]
    return made


def _medicine(kind: str, word: str, status: str, **times: str) -> Callable[[Row], Resource]:
    def make(row: Row) -> Resource:
        made: Resource = {"resourceType": kind, "status": row.get("status", status)}
        if row[word]:
            made["medicationCodeableConcept"] = concept(row[word])
        made |= dict(_given(row, **times))
        if "from" in row:
            made["effectivePeriod"] = _period(row)
        return made

    return make


def _ordered(row: Row) -> Resource:
    return _medicine("MedicationRequest", "ordered", "active", at="authoredOn")(row) | {
        "intent": row.get("intent", "order")
    }


def _relative(row: Row) -> Resource:
    who = {"patient": {"reference": "Patient/p1"}, "relationship": {"text": "far"}}
    return {"resourceType": "FamilyMemberHistory", "status": "completed", **who} | {
        "condition": [{"code": concept(row["relative"])}]
    }


def _in_drugstore(row: Row) -> Resource:
    return {"resourceType": "Medication", "code": concept(row["medicine"])}


_MAKERS: Final[dict[str, Callable[[Row], Resource]]] = {
    "patient": _patient,
    "stay": _stay,
    "diagnosis": _diagnosis,
    "measured": _measured,
    "done": _done,
    "uses": _medicine("MedicationStatement", "uses", "active", at="effectiveDateTime"),
    "ordered": _ordered,
    "given": _medicine("MedicationAdministration", "given", "completed", at="effectiveDateTime"),
    "handed": _medicine("MedicationDispense", "handed", "completed", at="whenHandedOver"),
    "relative": _relative,
    "medicine": _in_drugstore,
}
