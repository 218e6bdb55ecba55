"""FHIR's data types as journal entries have them: times, codes, quantities, references. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from registries.chart import EARLIEST, written_at
from registries.entry import LOCAL, Precision, Quantity, When
from reporting.adapters.fhir import resources as fhir
from terminology.codes import BOOLEAN, Code, code_of

Codes = tuple[Code, ...]


class BadTime(ValueError):
    """A date or time that is not one; the text does not repeat it."""


@lru_cache(maxsize=10_000)
def codes_of(*concepts: fhir.CodeableConcept | None) -> Codes:
    """The codings of known systems, normalised."""
    given = (coding for concept in concepts if concept is not None for coding in concept.coding)
    return tuple(code for coding in given if (code := code_of(coding.system, coding.code)))


def truth(value: bool | None) -> Codes:
    """Yes or no as a code; none when nothing is said."""
    return () if value is None else _TRUTH[value]


_TRUTH: Final = (Code(BOOLEAN, "false"),), (Code(BOOLEAN, "true"),)


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


_PRECISION: Final = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
_DASHES: Final = {Precision.YEAR: "", Precision.MONTH: "-"}
_REST: Final = {Precision.YEAR: "-01-01", Precision.MONTH: "-01"}


def span(at: str | None, period: fhir.Period | None) -> tuple[When | None, When | None]:
    """Start and end of what happened at a time or over a period. Raises BadTime."""
    if at is not None:
        return when(at), None
    return (when(period.start), when(period.end)) if period else (None, None)


def updated(meta: fhir.Meta | None) -> str:
    """When a version was written, as the source says it; "" when it does not. Raises BadTime."""
    text = meta.lastUpdated if meta else ""
    if text and written_at(text) == EARLIEST:
        raise BadTime("a date or time that cannot be read (meta.lastUpdated)")
    return text


def measured(given: fhir.FhirQuantity | None) -> Quantity | None:
    """A quantity with its UCUM code, or the unit's text where it has none; None for what is no measurement."""
    if given is None or given.value is None or abs(given.value) >= _HUGE:
        return None
    return Quantity(_decimal(given.value), _unit(given.code or given.unit), given.comparator)


def number(value: float | None) -> Quantity | None:
    """A bare number."""
    return None if value is None or abs(value) >= _HUGE else Quantity(_decimal(value))


def ranged(given: fhir.Range | None) -> Quantity | None:
    """A range as one quantity, where it can be: open at one side (at least, at most), or of one number."""
    low, high = (measured(given.low), measured(given.high)) if given else (None, None)
    if low is None or high is None:
        open_side = low or high
        return open_side and Quantity(open_side.value, open_side.unit, ">=" if low else "<=")
    return low if low == high else None


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))  # the shortest digits that mean this float: those the source wrote


#: Nothing measured in a patient is as large; far above it, decimal arithmetic would fail.
_HUGE: Final = 10**15


@lru_cache(maxsize=1_000)
def _unit(text: str) -> str:
    # The micro sign and the Greek letter are both written for UCUM's `u`.
    return text.strip().replace("µ", "u").replace("μ", "u")


def referred(reference: fhir.Reference | None) -> str | None:
    """`Type/id`, or None when there is no reference."""
    return plain_reference(reference.reference) if reference is not None and reference.reference else None


@lru_cache(maxsize=4_096)
def plain_reference(text: str) -> str:
    """`Type/id` from a relative, absolute or versioned reference; `urn:` references as they are."""
    if text.startswith("urn:"):
        return text
    parts = text.split("/_history/", maxsplit=1)[0].split("/")
    return "/".join(parts[-2:])


def organisation(given: fhir.Organisation | None) -> str:
    """An organisation by one name: `Organization/id`, or its number after its system; "" when nothing is said."""
    if given is None:
        return ""
    if given.reference:
        return plain_reference(given.reference)
    return f"{given.identifier.system}|{given.identifier.value}" if given.identifier else ""
