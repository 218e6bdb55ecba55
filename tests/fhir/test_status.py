"""The table of statuses: what each word of FHIR R4 means for reporting."""

from __future__ import annotations

import pytest

from registries.entry import Standing
from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir.convert import CONVERT
from reporting.adapters.fhir.resources import DECODERS
from tests.fhir.examples import composition, dispense, document, family, form, request
from tests.journals import Resource, concept, condition, given, line, observation, procedure, statement, stay

C, E, R = Standing.COUNTS, Standing.ERROR, Standing.REFUTED
U, P, N = Standing.UNCONFIRMED, Standing.PLANNED, Standing.NOT_DONE
PRELIMINARY = Standing.PRELIMINARY

#: Every code of the required bindings (R4), by type, and words they do not have.
STATUS = {
    "Encounter": {
        "planned": P, "arrived": C, "triaged": C, "in-progress": C, "onleave": C, "finished": C, "cancelled": N,
        "entered-in-error": E, "unknown": C,
    },
    "Observation": {
        "registered": P, "preliminary": PRELIMINARY, "final": C, "amended": C, "corrected": C, "cancelled": N,
        "entered-in-error": E, "unknown": U, "finnal": U, "": U,
    },
    "Procedure": {
        "preparation": P, "in-progress": P, "not-done": N, "on-hold": P, "stopped": N, "completed": C,
        "entered-in-error": E, "unknown": U, "Completed": U, "": U,
    },
    "MedicationStatement": {
        "active": C, "completed": N, "entered-in-error": E, "intended": P, "stopped": N, "on-hold": N, "unknown": U,
        "not-taken": N, "": U,
    },
    "MedicationAdministration": {
        "in-progress": C, "not-done": N, "on-hold": N, "completed": C, "entered-in-error": E, "stopped": C,
        "unknown": U, "": U,
    },
    "MedicationRequest": {
        "active": C, "on-hold": N, "cancelled": N, "completed": C, "entered-in-error": E, "stopped": C, "draft": U,
        "unknown": U, "": U,
    },
    "MedicationDispense": {
        "preparation": P, "in-progress": P, "cancelled": N, "on-hold": P, "completed": C, "entered-in-error": E,
        "stopped": N, "declined": N, "unknown": U, "": U,
    },
    "QuestionnaireResponse": {
        "in-progress": PRELIMINARY, "completed": C, "amended": C, "entered-in-error": E, "stopped": U, "": U,
    },
    "DocumentReference": {"current": C, "superseded": U, "entered-in-error": E, "": U},
    "Composition": {"preliminary": PRELIMINARY, "final": C, "amended": C, "entered-in-error": E, "": U},
    "FamilyMemberHistory": {"partial": C, "completed": C, "entered-in-error": E, "health-unknown": U, "": U},
}  # fmt: skip
INTENT = {
    "proposal": P, "plan": P, "option": P, "order": C, "original-order": C, "reflex-order": C, "filler-order": C,
    "instance-order": C, "": U, "hope": U,
}  # fmt: skip
DOCUMENT = {"preliminary": PRELIMINARY, "final": C, "amended": C, "entered-in-error": E, "finnal": U}
VERIFIED = {
    "unconfirmed": U, "provisional": U, "differential": U, "confirmed": C, "refuted": R, "entered-in-error": E, "": U,
}  # fmt: skip

MAKE = {
    "Encounter": stay(),
    "Observation": observation("o1"),
    "Procedure": procedure("d1", {}),
    "MedicationStatement": statement("s1", "B01AC06"),
    "MedicationAdministration": given("g1", "B01AD02"),
    "MedicationRequest": request("r1", "B01AC06"),
    "MedicationDispense": dispense("x1", "B01AC06"),
    "QuestionnaireResponse": form("q1", {}),
    "DocumentReference": document("d1"),
    "Composition": composition("k1"),
    "FamilyMemberHistory": family("f1"),
}


def standing(resource: Resource) -> Standing:
    """What the reader makes of a resource."""
    kind = resource["resourceType"]
    decoded: fhir.Resource = DECODERS[kind].decode(line(resource))
    return CONVERT[kind].entry("source", "patient", decoded, _part(decoded), (), ()).standing


def _part(decoded: fhir.Resource) -> object:
    return fhir.Answer() if isinstance(decoded, fhir.QuestionnaireResponse) else decoded


@pytest.mark.parametrize(("kind", "status"), [(kind, status) for kind, table in STATUS.items() for status in table])
def test_each_status_has_its_standing(kind: str, status: str) -> None:
    assert standing(MAKE[kind] | {"status": status}) is STATUS[kind][status]


@pytest.mark.parametrize("kind", STATUS)
def test_a_resource_without_status_does_not_count_unless_it_is_a_stay(kind: str) -> None:
    resource = {name: value for name, value in MAKE[kind].items() if name != "status"}
    assert standing(resource) is (C if kind == "Encounter" else U)


@pytest.mark.parametrize("status", ["stopped", "completed"])
def test_medicine_that_is_over_counts_for_the_time_it_was_in_use(status: str) -> None:
    period = {"start": "2024-01-01", "end": "2024-06-01"}
    assert standing(MAKE["MedicationStatement"] | {"status": status, "effectivePeriod": period}) is C


@pytest.mark.parametrize("intent", INTENT)
def test_only_an_order_is_in_force(intent: str) -> None:
    assert standing(MAKE["MedicationRequest"] | {"intent": intent}) is INTENT[intent]


@pytest.mark.parametrize(("status", "expected"), [("active", N), ("entered-in-error", E), ("draft", U)])
def test_what_shall_not_be_given_is_no_medicine(status: str, expected: Standing) -> None:
    assert standing(MAKE["MedicationRequest"] | {"status": status, "doNotPerform": True}) is expected


@pytest.mark.parametrize("intent", ["plan", "order"])
def test_a_withdrawn_plan_is_withdrawn(intent: str) -> None:
    assert standing(MAKE["MedicationRequest"] | {"status": "cancelled", "intent": intent}) is N


@pytest.mark.parametrize("status", DOCUMENT)
def test_a_document_is_as_finished_as_it_says(status: str) -> None:
    assert standing(MAKE["DocumentReference"] | {"docStatus": status}) is DOCUMENT[status]


def test_a_finished_document_that_was_replaced_does_not_count() -> None:
    assert standing(MAKE["DocumentReference"] | {"docStatus": "final", "status": "superseded"}) is U


@pytest.mark.parametrize("status", VERIFIED)
def test_each_verification_has_its_standing(status: str) -> None:
    assert standing(condition(verificationStatus=concept("", status))) is VERIFIED[status]


@pytest.mark.parametrize(
    ("verification", "expected"),
    [
        (None, C),
        ({"text": "avkreftet"}, U),
        ({"coding": []}, U),
        ({"coding": [{"display": "Confirmed"}]}, U),
        ({"coding": [{"code": "refuted"}, {"code": "confirmed"}]}, R),
    ],
)
def test_only_silence_is_taken_for_confirmed(verification: Resource | None, expected: Standing) -> None:
    assert standing(condition(verificationStatus=verification)) is expected


@pytest.mark.parametrize("clinical", ["active", "inactive", "resolved", "remission", "relapse"])
def test_a_disease_that_is_over_was_one(clinical: str) -> None:
    assert standing(condition(clinicalStatus=concept("", clinical))) is C
