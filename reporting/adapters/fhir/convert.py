"""FHIR resources to journal entries: which time is meant, which codes are known, what is the value.

One function a resource type; each is pure. `part` is what an entry is made of: the resource itself, or one of the
statements that it holds (a component, an answer, a relative's disease).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, timedelta
from typing import Any, Final, NamedTuple

from registries.entry import JournalEntry, Kind, Quantity, When
from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir import standing
from reporting.adapters.fhir.values import (
    Codes,
    codes_of,
    measured,
    number,
    organisation,
    ranged,
    referred,
    span,
    truth,
    updated,
    when,
)
from terminology.codes import MARITAL, SEX, code_of

Numbers = tuple[int, ...]


def patient_facts(source: str, r: fhir.Patient) -> Iterator[tuple[Kind, Callable[[], JournalEntry]]]:
    """What the patient resource states, each fact to be made on its own (which raises BadTime): sex, birth, marital
    status, death."""

    def fact(kind: Kind, codes: Codes = (), start: str | None = None) -> tuple[Kind, Callable[[], JournalEntry]]:
        return kind, lambda: JournalEntry(
            source=f"{source}#{kind}",
            kind=kind,
            patient=source,
            codes=codes,
            start=when(start),
            updated=updated(r.meta),
        )

    yield fact(Kind.SEX, tuple(filter(None, [code_of(SEX, r.gender)])))
    if r.birth_date is not None:
        yield fact(Kind.BIRTH, start=r.birth_date)
    if r.marital_status is not None:
        yield fact(Kind.MARITAL, tuple(code for code in codes_of(r.marital_status) if code.system == MARITAL))
    if r.deceased_date_time or r.deceased_boolean:
        yield fact(Kind.DEATH, start=r.deceased_date_time)


def _encounter(source: str, patient: str, r: fhir.Encounter, _: object, codes: Codes, chosen: Numbers) -> JournalEntry:
    start, end = span(None, r.period)
    there = r.hospitalization or _NOWHERE
    return JournalEntry(
        source=source,
        kind=Kind.STAY,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        standing=standing.stay(r),
        value_codes=codes_of(r.priority, there.admit_source, there.discharge_disposition),
        stay_class=r.class_.code if r.class_ else "",
        organisation=organisation(r.service_provider),
        updated=updated(r.meta),
        selectors=chosen,
    )


def _condition(source: str, patient: str, r: fhir.Condition, _: object, codes: Codes, chosen: Numbers) -> JournalEntry:
    start, end = span(r.onset_date_time, r.onset_period)
    return JournalEntry(
        source=source,
        kind=Kind.CONDITION,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        recorded=when(r.recorded_date),
        stay=referred(r.encounter),
        standing=standing.condition(r),
        updated=updated(r.meta),
        selectors=chosen,
    )


def _observation(
    source: str, patient: str, r: fhir.Observation, part: fhir.Component, codes: Codes, chosen: Numbers
) -> JournalEntry:
    start, end = span(r.effective_date_time, r.effective_period)
    return JournalEntry(
        source=source,
        kind=Kind.OBSERVATION,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        recorded=when(r.issued),
        stay=referred(r.encounter),
        standing=standing.observation(r, part),
        quantity=_found(part),
        value_codes=codes_of(part.value_codeable_concept) or truth(part.value_boolean),
        value_time=when(part.value_date_time),
        updated=updated(r.meta),
        selectors=chosen,
    )


def _found(part: fhir.Component) -> Quantity | None:
    if part.value_integer is not None:
        return number(part.value_integer)
    return measured(part.value_quantity) or ranged(part.value_range)


def _procedure(source: str, patient: str, r: fhir.Procedure, _: object, codes: Codes, chosen: Numbers) -> JournalEntry:
    start, end = span(r.performed_date_time, r.performed_period)
    return JournalEntry(
        source=source,
        kind=Kind.PROCEDURE,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        stay=referred(r.encounter),
        standing=standing.procedure(r),
        site_codes=codes_of(*r.body_site),
        updated=updated(r.meta),
        selectors=chosen,
    )


def _statement(
    source: str, patient: str, r: fhir.MedicationStatement, _: object, codes: Codes, chosen: Numbers
) -> JournalEntry:
    start, end = span(r.effective_date_time, r.effective_period)
    return JournalEntry(
        source=source,
        kind=Kind.MEDICATION_STATEMENT,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        recorded=when(r.date_asserted),
        stay=referred(r.context),
        standing=standing.statement(r, end),
        updated=updated(r.meta),
        selectors=chosen,
    )


def _administration(
    source: str, patient: str, r: fhir.MedicationAdministration, _: object, codes: Codes, chosen: Numbers
) -> JournalEntry:
    start, end = span(r.effective_date_time, r.effective_period)
    return JournalEntry(
        source=source,
        kind=Kind.MEDICATION_ADMINISTRATION,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        stay=referred(r.context),
        standing=standing.administration(r),
        updated=updated(r.meta),
        selectors=chosen,
    )


def _request(
    source: str, patient: str, r: fhir.MedicationRequest, _: object, codes: Codes, chosen: Numbers
) -> JournalEntry:
    ordered = when(r.authored_on)
    _, end = span(None, r.dispense_request.validity_period if r.dispense_request else None)
    if end is None and r.status != "active":
        end = ordered  # it is no longer in force, and nobody says since when: what is known is when it was ordered
    return JournalEntry(
        source=source,
        kind=Kind.MEDICATION_REQUEST,
        patient=patient,
        codes=codes,
        start=ordered,
        end=end,
        stay=referred(r.encounter),
        standing=standing.request(r),
        updated=updated(r.meta),
        selectors=chosen,
    )


def _dispense(
    source: str, patient: str, r: fhir.MedicationDispense, _: object, codes: Codes, chosen: Numbers
) -> JournalEntry:
    handed = when(r.when_handed_over)
    return JournalEntry(
        source=source,
        kind=Kind.MEDICATION_DISPENSE,
        patient=patient,
        codes=codes,
        start=handed,
        end=_lasting(handed, measured(r.days_supply)),
        stay=referred(r.context),
        standing=standing.dispense(r),
        updated=updated(r.meta),
        selectors=chosen,
    )


def _lasting(start: When | None, supply: Quantity | None) -> When | None:
    """When a supply has run out; without a number of days only the moment of handing over is known."""
    if start is None or supply is None or supply.comparator or supply.unit not in _DAYS:
        return start
    try:
        last = start.local + timedelta(days=float(supply.value))  # by the calendar, also when the clocks change
        return When(last.astimezone(UTC), start.precision)
    except OverflowError:
        return start


def _answer(
    source: str, patient: str, r: fhir.QuestionnaireResponse, part: fhir.Answer, codes: Codes, chosen: Numbers
) -> JournalEntry:
    return JournalEntry(
        source=source,
        kind=Kind.ANSWER,
        patient=patient,
        codes=codes,
        start=when(r.authored),
        stay=referred(r.encounter),
        standing=standing.answers(r),
        quantity=_said(part),
        value_codes=_chosen(part.value_coding) or truth(part.value_boolean),
        value_time=when(part.value_date_time or part.value_date),
        updated=updated(r.meta),
        selectors=chosen,
    )


def _chosen(coding: fhir.ScoredCoding | None) -> Codes:
    code = code_of(coding.system, coding.code) if coding else None
    return (code,) if code else ()


def _said(part: fhir.Answer) -> Quantity | None:
    points = [e.value_decimal for e in part.value_coding.extension if e.url == _POINTS] if part.value_coding else []
    for value in (part.value_integer, part.value_decimal, *points):
        if value is not None:
            return number(value)
    return measured(part.value_quantity)


def _document(
    source: str,
    patient: str,
    r: fhir.DocumentReference | fhir.Composition,
    _: object,
    codes: Codes,
    chosen: Numbers,
) -> JournalEntry:
    if isinstance(r, fhir.Composition):
        encounter = r.encounter
    else:
        encounter = r.context.encounter[0] if r.context and r.context.encounter else None
    return JournalEntry(
        source=source,
        kind=Kind.DOCUMENT,
        patient=patient,
        codes=codes,
        start=when(r.date),
        stay=referred(encounter),
        standing=standing.document(r),
        updated=updated(r.meta),
        selectors=chosen,
    )


def _relative(
    source: str, patient: str, r: fhir.FamilyMemberHistory, _: object, codes: Codes, chosen: Numbers
) -> JournalEntry:
    return JournalEntry(
        source=source,
        kind=Kind.FAMILY_HISTORY,
        patient=patient,
        codes=codes,
        recorded=when(r.date),
        standing=standing.family(r),
        value_codes=codes_of(r.relationship),
        updated=updated(r.meta),
        selectors=chosen,
    )


class Conversion(NamedTuple):
    """Of which kind a type's entries are, and how one is made: source, patient, resource, part, codes, selectors."""

    kind: Kind
    entry: Callable[[str, str, Any, Any, Codes, Numbers], JournalEntry]


#: How each type that belongs to a patient becomes entries.
CONVERT: Final[Mapping[str, Conversion]] = {
    "Encounter": Conversion(Kind.STAY, _encounter),
    "Condition": Conversion(Kind.CONDITION, _condition),
    "Observation": Conversion(Kind.OBSERVATION, _observation),
    "Procedure": Conversion(Kind.PROCEDURE, _procedure),
    "MedicationStatement": Conversion(Kind.MEDICATION_STATEMENT, _statement),
    "MedicationAdministration": Conversion(Kind.MEDICATION_ADMINISTRATION, _administration),
    "MedicationRequest": Conversion(Kind.MEDICATION_REQUEST, _request),
    "MedicationDispense": Conversion(Kind.MEDICATION_DISPENSE, _dispense),
    "QuestionnaireResponse": Conversion(Kind.ANSWER, _answer),
    "DocumentReference": Conversion(Kind.DOCUMENT, _document),
    "Composition": Conversion(Kind.DOCUMENT, _document),
    "FamilyMemberHistory": Conversion(Kind.FAMILY_HISTORY, _relative),
}

_NOWHERE: Final = fhir.Hospitalization()
#: How many points an option gives (HL7 extension to Coding; R4 core).
_POINTS: Final = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
_DAYS: Final = ("d", "day", "days", "")
