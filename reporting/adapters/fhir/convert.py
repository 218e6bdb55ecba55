"""FHIR resources to journal entries: which status counts, which time is meant, which codes are known.

One function a resource type; each is pure. What a status means for reporting is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from registries.chart import EARLIEST, written_at
from registries.entry import LOCAL, JournalEntry, Kind, Precision, Quantity, Standing, When
from reporting.adapters.fhir import resources as fhir
from terminology.codes import MARITAL, SEX, Code, code_of

Codes = tuple[Code, ...]


class BadTime(ValueError):
    """A date or time that is not one; the text does not repeat it."""


@lru_cache(maxsize=10_000)
def codes_of(concept: fhir.CodeableConcept | None) -> Codes:
    """The codings of known systems, normalised."""
    if concept is None:
        return ()
    return tuple(code for coding in concept.coding if (code := code_of(coding.system, coding.code)))


@lru_cache(maxsize=20_000)
def when(text: str | None) -> When | None:
    """A FHIR dateTime (R4 2.24.0.1): a date, a month or a year alone, or a time with its offset (local without one).

    Raises:
        BadTime: it is none of these.
    """
    if text is None:
        return None
    try:
        precision = _PRECISION.get(len(text), Precision.CLOCK)
        if text[4:8:3] != _DASHES.get(precision, "--"):
            raise ValueError  # ISO 8601 knows more forms than FHIR: 20250302, 2025-W10-7
        at = datetime.fromisoformat(text + _REST.get(precision, ""))
        return When((at if at.tzinfo else at.replace(tzinfo=LOCAL)).astimezone(UTC), precision)
    except (ValueError, OverflowError):
        raise BadTime("a date or time that cannot be read") from None


_PRECISION = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
_DASHES = {Precision.YEAR: "", Precision.MONTH: "-"}
_REST = {Precision.YEAR: "-01-01", Precision.MONTH: "-01"}


def patient_entries(source: str, resource: fhir.Patient) -> list[JournalEntry]:
    """What the patient resource states: sex, marital status, death."""
    written = updated(resource)

    def fact(kind: Kind, codes: Codes = (), start: When | None = None) -> JournalEntry:
        return JournalEntry(
            source=f"{source}#{kind}", kind=kind, patient=source, codes=codes, start=start, updated=written
        )

    entries = [fact(Kind.SEX, tuple(filter(None, [code_of(SEX, resource.gender)])))]
    if resource.marital_status is not None:
        known = tuple(code for code in codes_of(resource.marital_status) if code.system == MARITAL)
        entries.append(fact(Kind.MARITAL, known))
    if resource.deceased_date_time or resource.deceased_boolean:
        entries.append(fact(Kind.DEATH, start=when(resource.deceased_date_time)))
    return entries


def _encounter(
    source: str, patient: str, r: fhir.Encounter, codes: Codes, selectors: tuple[int, ...] = ()
) -> JournalEntry:
    start, end = _span(None, r.period)
    return JournalEntry(
        source=source,
        kind=Kind.STAY,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        standing=_STAY.get(r.status, Standing.COUNTS),
        stay_class=r.class_.code if r.class_ else "",
        updated=updated(r),
        selectors=selectors,
    )


def _condition(
    source: str, patient: str, r: fhir.Condition, codes: Codes, selectors: tuple[int, ...] = ()
) -> JournalEntry:
    start, end = _span(r.onset_date_time, r.onset_period)
    return JournalEntry(
        source=source,
        kind=Kind.CONDITION,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        recorded=when(r.recorded_date),
        stay=_reference(r.encounter),
        standing=_verified(r.verification_status),
        updated=updated(r),
        selectors=selectors,
    )


def _observation(
    source: str, patient: str, r: fhir.Observation, codes: Codes, selectors: tuple[int, ...] = ()
) -> JournalEntry:
    start, end = _span(r.effective_date_time, r.effective_period)
    return JournalEntry(
        source=source,
        kind=Kind.OBSERVATION,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        recorded=when(r.issued),
        stay=_reference(r.encounter),
        standing=_OBSERVED.get(r.status, Standing.UNCONFIRMED),
        quantity=_quantity(r),
        value_codes=codes_of(r.value_codeable_concept),
        updated=updated(r),
        selectors=selectors,
    )


def _procedure(
    source: str, patient: str, r: fhir.Procedure, codes: Codes, selectors: tuple[int, ...] = ()
) -> JournalEntry:
    start, end = _span(r.performed_date_time, r.performed_period)
    return JournalEntry(
        source=source,
        kind=Kind.PROCEDURE,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        stay=_reference(r.encounter),
        standing=_DONE.get(r.status, Standing.UNCONFIRMED),
        site_codes=tuple(code for site in r.body_site for code in codes_of(site)),
        updated=updated(r),
        selectors=selectors,
    )


def _statement(
    source: str, patient: str, r: fhir.MedicationStatement, codes: Codes, selectors: tuple[int, ...] = ()
) -> JournalEntry:
    start, end = _span(r.effective_date_time, r.effective_period)
    standing = _TAKEN.get(r.status, Standing.UNCONFIRMED)
    if r.status in ("stopped", "completed") and end is None:
        # It is over, but not since when: it cannot tell what was in use at a moment.
        standing = Standing.NOT_DONE
    return JournalEntry(
        source=source,
        kind=Kind.MEDICATION_STATEMENT,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        recorded=when(r.date_asserted),
        stay=_reference(r.context),
        standing=standing,
        updated=updated(r),
        selectors=selectors,
    )


def _administration(
    source: str, patient: str, r: fhir.MedicationAdministration, codes: Codes, selectors: tuple[int, ...] = ()
) -> JournalEntry:
    start, end = _span(r.effective_date_time, r.effective_period)
    return JournalEntry(
        source=source,
        kind=Kind.MEDICATION_ADMINISTRATION,
        patient=patient,
        codes=codes,
        start=start,
        end=end,
        stay=_reference(r.context),
        standing=_GIVEN.get(r.status, Standing.UNCONFIRMED),
        updated=updated(r),
        selectors=selectors,
    )


#: How each type that belongs to a patient becomes an entry, and of which kind.
CONVERT: Mapping[str, tuple[Kind, Callable[..., JournalEntry]]] = {
    "Encounter": (Kind.STAY, _encounter),
    "Condition": (Kind.CONDITION, _condition),
    "Observation": (Kind.OBSERVATION, _observation),
    "Procedure": (Kind.PROCEDURE, _procedure),
    "MedicationStatement": (Kind.MEDICATION_STATEMENT, _statement),
    "MedicationAdministration": (Kind.MEDICATION_ADMINISTRATION, _administration),
}

# What a status means. A word that is not listed (a later version's, a typing error) never counts as done or confirmed;
# a stay is the exception, because a stay that is under way is one.
_STAY = {
    "planned": Standing.PLANNED,
    "cancelled": Standing.NOT_DONE,
    "entered-in-error": Standing.ERROR,
}
_VERIFIED = {
    "confirmed": Standing.COUNTS,
    "entered-in-error": Standing.ERROR,
    "refuted": Standing.REFUTED,
}
_OBSERVED = {
    "final": Standing.COUNTS,
    "amended": Standing.COUNTS,
    "corrected": Standing.COUNTS,
    "entered-in-error": Standing.ERROR,
    "cancelled": Standing.NOT_DONE,
    "registered": Standing.PLANNED,
}
_DONE = {
    "completed": Standing.COUNTS,
    "entered-in-error": Standing.ERROR,
    "not-done": Standing.NOT_DONE,
    "stopped": Standing.NOT_DONE,
    "on-hold": Standing.PLANNED,
    "preparation": Standing.PLANNED,
    "in-progress": Standing.PLANNED,
}
_TAKEN = {
    "active": Standing.COUNTS,
    "completed": Standing.COUNTS,
    "stopped": Standing.COUNTS,
    "entered-in-error": Standing.ERROR,
    "intended": Standing.PLANNED,
    "on-hold": Standing.NOT_DONE,
    "not-taken": Standing.NOT_DONE,
}
_GIVEN = {
    "completed": Standing.COUNTS,
    "in-progress": Standing.COUNTS,
    "entered-in-error": Standing.ERROR,
    "not-done": Standing.NOT_DONE,
    "on-hold": Standing.NOT_DONE,
    "stopped": Standing.COUNTS,  # it was begun, and so given in part
}


def _verified(concept: fhir.CodeableConcept | None) -> Standing:
    """Confirmed, or nothing said (it is optional in R4); anything else, words alone too, does not count."""
    if concept is None:
        return Standing.COUNTS
    return _VERIFIED.get(concept.coding[0].code if concept.coding else "", Standing.UNCONFIRMED)


def _quantity(r: fhir.Observation) -> Quantity | None:
    if r.value_integer is not None:
        return Quantity(Decimal(r.value_integer)) if abs(r.value_integer) < _HUGE else None
    measured = r.value_quantity
    if measured is None or measured.value is None or abs(measured.value) >= _HUGE:
        return None
    number = Decimal(repr(measured.value))  # the shortest digits that mean this float: those the source wrote
    return Quantity(number, _unit(measured.code or measured.unit), measured.comparator)


#: Nothing measured in a patient is as large; far above it, decimal arithmetic would fail.
_HUGE = 10**15


@lru_cache(maxsize=1_000)
def _unit(text: str) -> str:
    # The micro sign and the Greek letter are both written for UCUM's `u`.
    return text.strip().replace("µ", "u").replace("μ", "u")


def _span(at: str | None, period: fhir.Period | None) -> tuple[When | None, When | None]:
    if at is not None:
        return when(at), None
    return (when(period.start), when(period.end)) if period else (None, None)


def _reference(reference: fhir.Reference | None) -> str | None:
    return plain_reference(reference.reference) if reference is not None and reference.reference else None


@lru_cache(maxsize=4_096)
def plain_reference(text: str) -> str:
    """`Type/id` from a relative, absolute or versioned reference; `urn:` references as they are."""
    if text.startswith("urn:"):
        return text
    parts = text.split("/_history/", maxsplit=1)[0].split("/")
    return "/".join(parts[-2:])


def updated(resource: fhir.Resource) -> str:
    """When this version was written, as the source says it; "" when it does not. Raises BadTime."""
    text = resource.meta.lastUpdated if resource.meta else ""
    if text and written_at(text) == EARLIEST:
        raise BadTime("a date or time that cannot be read (meta.lastUpdated)")
    return text
