"""Resources of the kinds that few tests need, and a plan that asks for kinds and not for codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registries.chart import Chart
from registries.definition import Definition
from registries.entry import JournalEntry, Kind
from registries.plan import Plan, compile_plan
from reporting.adapters.fhir.source import FhirFiles
from reporting.journal import Account
from tests.journals import ATC, LOINC, Resource, concept, condition, patient, stay, write
from tests.registries.plans import CATALOGUE, OneLine

ICD10 = "urn:oid:2.16.578.1.12.4.1.1.7110"
FORM = "http://example.org/Questionnaire/prom"
_TEXT = {"nb": "x", "en": "x"}


def request(key: str, atc: str, patient: str = "p1", **more: Any) -> Resource:
    """An active order."""
    standard = {"status": "active", "intent": "order", "authoredOn": "2025-03-05"}
    return _medicine("MedicationRequest", key, atc, patient, {**standard, **more})


def dispense(key: str, atc: str, patient: str = "p1", **more: Any) -> Resource:
    """Medicine that was handed over."""
    return _medicine("MedicationDispense", key, atc, patient, {"status": "completed", **more})


def _medicine(kind: str, key: str, atc: str, patient: str, more: Mapping[str, Any]) -> Resource:
    medicine = {"medicationCodeableConcept": concept(ATC, atc)}
    return {"resourceType": kind, "id": key, "subject": {"reference": f"Patient/{patient}"}, **medicine, **more}


def form(key: str, answers: Mapping[str, Any], patient: str = "p1", **more: Any) -> Resource:
    """A completed form: the answers, or lists of answers, by linkId."""
    items = [
        {"linkId": link, "answer": answer if isinstance(answer, list) else [answer]} for link, answer in answers.items()
    ]
    standard = {"status": "completed", "questionnaire": f"{FORM}|2", "authored": "2025-06-01", "item": items}
    who = {"subject": {"reference": f"Patient/{patient}"}}
    return {"resourceType": "QuestionnaireResponse", "id": key, **who, **standard, **more}


def document(key: str, patient: str = "p1", **more: Any) -> Resource:
    """A current document of some type."""
    standard = {"status": "current", "type": concept(LOINC, "18842-5"), "date": "2025-03-09T12:00:00+01:00"}
    who = {"subject": {"reference": f"Patient/{patient}"}}
    return {"resourceType": "DocumentReference", "id": key, **who, **standard, **more}


def composition(key: str, patient: str = "p1", **more: Any) -> Resource:
    """A finished composition."""
    return document(key, patient, **{"status": "final", **more}) | {"resourceType": "Composition"}


def family(key: str, *codes: Resource, patient: str = "p1", **more: Any) -> Resource:
    """A relative with diseases."""
    standard = {"status": "completed", "date": "2025-03-02", "condition": [{"code": code} for code in codes]}
    who = {"patient": {"reference": f"Patient/{patient}"}}
    return {"resourceType": "FamilyMemberHistory", "id": key, **who, **standard, **more}


def asking(*rules: Mapping[str, Any], registry: str = "test", codes: tuple[str, ...] = ("I63",)) -> Plan:
    """A plan whose cases are conditions with these ICD-10 codes, with one variable for each rule (or kind's word)."""
    variables = {
        f"V{number}": {
            "normed": "answer",
            "label": _TEXT,
            "type": "code",
            "codes": {1: "yes", 2: "no"},
            "automation": "automatic",
            "from": [{"is": "yes", **rule}],
        }
        for number, rule in enumerate(rules)
    }
    definition = Definition.model_validate(
        {
            "registry": registry,
            "version": 1,
            "status": "draft",
            "title": _TEXT,
            "legal_basis": "x",
            "reservation": True,
            "case": {
                "select": "condition",
                "codes": {"icd10": list(codes)},
                "start": "entry",
                "same_case_within": "28d",
            },
            "message": {"type": "X", "receiver": "X", "her_id": "1"},
            "variables": variables,
        }
    )
    return compile_plan(definition, CATALOGUE, OneLine(), "one-line")


def chart(folder: Path, plan: Plan, *resources: Resource | bytes) -> tuple[Chart, Account]:
    """The chart of the patient p1, who has a case, with these resources in one file."""
    case = condition(code=concept(ICD10, "I63.9"))
    account = Account()
    path = write(folder / "journal.ndjson", [patient(), stay(), case, *resources])
    ((found, _),) = FhirFiles(path).charts(plan, account)
    return found, account


def entries(folder: Path, kind: Kind, *resources: Resource) -> list[JournalEntry]:
    """What the reader makes of resources, by source: the entries of one kind, which must all be read."""
    found, account = chart(folder, asking({"select": str(kind)}), *resources)
    assert account.problems == []
    return sorted((one for one in found.entries if one.kind is kind), key=lambda one: one.source)
