"""What FHIR's statuses mean for reporting: whether an entry states a fact.

A word that is not listed (a later version's, a typing error) never counts as done or confirmed; a stay is the
exception, because a stay that is under way is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registries.entry import Standing, When
from reporting.adapters.fhir import resources as fhir

_C, _E, _U = Standing.COUNTS, Standing.ERROR, Standing.UNCONFIRMED
_P, _N, _PRELIMINARY = Standing.PLANNED, Standing.NOT_DONE, Standing.PRELIMINARY

_Words = Mapping[str, Standing]

_STAY: Final[_Words] = {"planned": _P, "cancelled": _N, "entered-in-error": _E}
_VERIFIED: Final[_Words] = {"confirmed": _C, "entered-in-error": _E, "refuted": Standing.REFUTED}
_OBSERVED: Final[_Words] = {
    "final": _C,
    "amended": _C,
    "corrected": _C,
    "preliminary": _PRELIMINARY,
    "registered": _P,
    "cancelled": _N,
    "entered-in-error": _E,
}
_DONE: Final[_Words] = {
    "completed": _C,
    "not-done": _N,
    "stopped": _N,
    "on-hold": _P,
    "preparation": _P,
    "in-progress": _P,
    "entered-in-error": _E,
}
_TAKEN: Final[_Words] = {
    "active": _C,
    "completed": _C,
    "stopped": _C,
    "intended": _P,
    "on-hold": _N,
    "not-taken": _N,
    "entered-in-error": _E,
}
_GIVEN: Final[_Words] = {
    "completed": _C,
    "in-progress": _C,
    "stopped": _C,  # it was begun, and so given in part
    "not-done": _N,
    "on-hold": _N,
    "entered-in-error": _E,
}
_ORDERED: Final[_Words] = {
    "active": _C,
    "completed": _C,
    "stopped": _C,  # it was ordered, and so long in force
    "cancelled": _N,  # withdrawn before anything was given
    "on-hold": _N,
    "entered-in-error": _E,
}
#: What a request is: only orders are in force; the others are wishes.
_INTENT: Final[_Words] = {
    "order": _C,
    "original-order": _C,
    "reflex-order": _C,
    "filler-order": _C,
    "instance-order": _C,
    "plan": _P,
    "proposal": _P,
    "option": _P,
}
_DISPENSED: Final[_Words] = {
    "completed": _C,
    "preparation": _P,
    "in-progress": _P,
    "on-hold": _P,
    "cancelled": _N,
    "stopped": _N,
    "declined": _N,
    "entered-in-error": _E,
}
_ANSWERED: Final[_Words] = {
    "completed": _C,
    "amended": _C,
    "in-progress": _PRELIMINARY,
    "entered-in-error": _E,
}
_FILED: Final[_Words] = {"current": _C, "entered-in-error": _E}
_WRITTEN: Final[_Words] = {
    "": _C,  # optional in a document reference
    "final": _C,
    "amended": _C,
    "preliminary": _PRELIMINARY,
    "entered-in-error": _E,
}
_TOLD: Final[_Words] = {"completed": _C, "partial": _C, "entered-in-error": _E}


def stay(r: fhir.Encounter) -> Standing:
    """A stay counts unless it is planned, cancelled or an error."""
    return _STAY.get(r.status, _C)


def condition(r: fhir.Condition) -> Standing:
    """Confirmed, or nothing said (it is optional in R4); anything else, words alone too, does not count."""
    concept = r.verification_status
    if concept is None:
        return _C
    return _VERIFIED.get(concept.coding[0].code if concept.coding else "", _U)


def observation(r: fhir.Observation, part: fhir.Component) -> Standing:
    """Final, amended and corrected results count. Why there is no result (`dataAbsentReason`) is no result."""
    standing = _OBSERVED.get(r.status, _U)
    return _N if standing is _C and part.data_absent_reason is not None else standing


def procedure(r: fhir.Procedure) -> Standing:
    """Completed procedures count."""
    return _DONE.get(r.status, _U)


def statement(r: fhir.MedicationStatement, end: When | None) -> Standing:
    """Medicine in use counts, and medicine that was, for the time it was."""
    if r.status in ("stopped", "completed") and end is None:
        # It is over, but not since when: it cannot tell what was in use at a moment.
        return _N
    return _TAKEN.get(r.status, _U)


def administration(r: fhir.MedicationAdministration) -> Standing:
    """What was given, in part too, counts."""
    return _GIVEN.get(r.status, _U)


def request(r: fhir.MedicationRequest) -> Standing:
    """An order counts, a plan is planned; a request not to give something is neither."""
    standing = _ORDERED.get(r.status, _U)
    if standing is not _C:
        return standing
    return _N if r.do_not_perform else _INTENT.get(r.intent, _U)


def dispense(r: fhir.MedicationDispense) -> Standing:
    """What was handed over counts."""
    return _DISPENSED.get(r.status, _U)


def answers(r: fhir.QuestionnaireResponse) -> Standing:
    """A form that was handed in counts; one that is being filled in is preliminary."""
    return _ANSWERED.get(r.status, _U)


def document(r: fhir.DocumentReference | fhir.Composition) -> Standing:
    """The current version of a finished document counts."""
    if isinstance(r, fhir.Composition):
        return _WRITTEN.get(r.status or "?", _U)
    filed = _FILED.get(r.status, _U)
    return filed if filed is not _C else _WRITTEN.get(r.doc_status, _U)


def family(r: fhir.FamilyMemberHistory) -> Standing:
    """What is known of a relative counts, be it all or a part."""
    return _TOLD.get(r.status, _U)
