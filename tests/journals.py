"""FHIR resources for tests, as plain dicts, and what reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fixtures.synth.identity import controls
from registries.catalogue import load_catalogue
from registries.definition import load_definition
from registries.identity import FNR
from registries.plan import Plan, compile_plan
from reporting.adapters.fhir.source import FhirFiles
from reporting.pipeline import Setting, Summary, decisions
from reporting.submission import Decision, Known
from terminology.snomed.bound import BoundRelease
from tests.codecs.examples import synthetic

Resource = dict[str, Any]

KEY = bytes(range(32))
NOW = datetime(2025, 6, 1, 6, 0, tzinfo=UTC)
DEFINITIONS = Path(__file__).parent.parent / "registries" / "definitions"
SCT, LOINC = "http://snomed.info/sct", "http://loinc.org"
NCSP = "urn:oid:2.16.578.1.12.4.1.1.7210"
ICD10, ATC = "urn:oid:2.16.578.1.12.4.1.1.7110", "http://www.whocc.no/atc"
START, END = "2025-03-02T14:10:00+01:00", "2025-03-09T12:00:00+01:00"


def made_number(month_added: int, serial: int = 0) -> str:
    """An identity number with valid control digits, made when it is needed: 0 added gives the form of real ones."""
    for individual in range(serial, 500):
        nine = f"{15:02}{6 + month_added:02}50{individual:03}"
        digits = controls(nine)
        if digits is not None:
            return nine + digits
    raise AssertionError("unreachable")


def concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _of(kind: str, key: str, patient: str, more: Mapping[str, Any]) -> Resource:
    return {"resourceType": kind, "id": key, "subject": {"reference": f"Patient/{patient}"}, **more}


def patient(key: str = "p1", number: str | None = "", system: str = FNR, **more: Any) -> Resource:
    """A patient; with a synthetic number unless told otherwise (None for no number)."""
    given = synthetic(1) if number == "" else number
    identifiers = [] if given is None else [{"system": system, "value": given}]
    return {"resourceType": "Patient", "id": key, "identifier": identifiers, "gender": "female", **more}


def stay(key: str = "e1", patient: str = "p1", start: str = START, end: str | None = END, **more: Any) -> Resource:
    period = {"start": start} | ({"end": end} if end else {})
    return _of("Encounter", key, patient, {"status": "finished", "class": {"code": "IMP"}, "period": period, **more})


def condition(
    key: str = "c1", patient: str = "p1", code: Resource | None = None, stay: str | None = "e1", **more: Any
) -> Resource:
    """A condition; a confirmed cerebral infarction of the stay unless told otherwise."""
    linked = {"encounter": {"reference": f"Encounter/{stay}"}} if stay else {}
    confirmed = concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed")
    onset = {"onsetDateTime": "2025-03-02T13:00:00+01:00"} if stay == "e1" else {}
    standard = {"verificationStatus": confirmed, "code": code or concept(SCT, "422504002"), **linked, **onset}
    return _of("Condition", key, patient, {**standard, **more})


def observation(key: str, patient: str = "p1", code: Resource | None = None, **more: Any) -> Resource:
    """An observation; a final NIHSS soon after admission unless told otherwise."""
    standard = {
        "status": "final",
        "code": code or concept(LOINC, "70182-1"),
        "effectiveDateTime": "2025-03-02T14:30:00+01:00",
    }
    return _of("Observation", key, patient, {**standard, **more})


def nihss(value: Any, key: str = "o1", patient: str = "p1", **more: Any) -> Resource:
    return observation(key, patient, **{"valueQuantity": {"value": value, "code": "{score}"}, **more})


def procedure(key: str, code: Resource, patient: str = "p1", **more: Any) -> Resource:
    return _of("Procedure", key, patient, {"status": "completed", "code": code, "performedDateTime": START, **more})


def statement(key: str, atc: str, patient: str = "p1", **more: Any) -> Resource:
    standard = {"status": "active", "medicationCodeableConcept": concept(ATC, atc)}
    period = {"effectivePeriod": {"start": "2024-01-01"}}
    return _of("MedicationStatement", key, patient, {**standard, **period, **more})


def given(key: str, atc: str, patient: str = "p1", **more: Any) -> Resource:
    standard = {"status": "completed", "medicationCodeableConcept": concept(ATC, atc)}
    return _of("MedicationAdministration", key, patient, {**standard, "effectiveDateTime": START, **more})


def stroke(key: str = "1", number: str | None = "", **more: Any) -> list[Resource]:
    """The least journal that gives a stroke case: a patient `p<key>`, a stay and a diagnosis, with an NIHSS."""
    who, where = f"p{key}", f"e{key}"
    onset = {"onsetDateTime": "2025-03-02T13:00:00+01:00"}
    return [
        patient(who, number),
        stay(where, who),
        condition(f"c{key}", who, stay=where, **onset),
        nihss(7, f"o{key}", who, **more),
    ]


def heart(key: str = "2") -> list[Resource]:
    """The least journal that gives a case of coronary angiography: a patient, a stay and the procedure."""
    who, where = f"p{key}", f"e{key}"
    done = procedure(f"pr{key}", concept(NCSP, "FNG02"), who, encounter={"reference": f"Encounter/{where}"})
    return [patient(who), stay(where, who), done]


def line(resource: Mapping[str, Any] | bytes) -> bytes:
    return resource if isinstance(resource, bytes) else json.dumps(resource, ensure_ascii=False).encode()


def write(path: Path, resources: Iterable[Mapping[str, Any] | bytes]) -> Path:
    """Lines of NDJSON; bytes stand as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(line(resource) + b"\n" for resource in resources))
    return path


def bundle(resources: Sequence[Resource], kind: str = "collection", **urls: str) -> Resource:
    """A Bundle; `urls` gives the fullUrl of a resource by its id."""
    entries = [{"resource": r} | ({"fullUrl": urls[r["id"]]} if r.get("id") in urls else {}) for r in resources]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def plan_for(bound: BoundRelease, registry: str) -> Plan:
    definition = load_definition(DEFINITIONS / registry / f"{registry}.yaml")
    return compile_plan(definition, load_catalogue(), bound, bound.cited)


def setting(plan: Plan, known: Mapping[str, Known] | None = None, mode: str = "development") -> Setting:
    return Setting(
        plan=plan,
        sender="Testsykehuset HF",
        sender_her_id="8000100",
        mode=mode,
        key=KEY,
        now=NOW,
        known=known or {},
    )


def decided(
    plan: Plan, *sources: Path, known: Mapping[str, Known] | None = None, mode: str = "development"
) -> tuple[list[Decision], Summary]:
    """What the pipeline decides on sources, and its account."""
    summary = Summary()
    return list(decisions(FhirFiles(*sources), setting(plan, known, mode), summary)), summary


def values(decision: Decision) -> dict[str, Any]:
    """A record's values by variable, those that are empty left out."""
    return {value.variable: value.value for value in decision.record.values if value.value is not None}


def reasons(decision: Decision) -> dict[str, str]:
    """A record's reasons by variable."""
    return {value.variable: str(value.reason) for value in decision.record.values if value.reason is not None}
