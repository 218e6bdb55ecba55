"""What the report needs and a journal of coded statements does not say: the facts of the patient administration.

Sources turn their own formats into these values at the edge. Codes are those of the report's own lists; "" is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec


class PersonFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a person is registered (`municipality`: four digits) and what the person weighed at birth, in grams."""

    municipality: str = ""
    district: str = ""
    birth_weight: int | None = None

    def __repr__(self) -> str:
        return "PersonFacts(…)"


class StayFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One stay or contact. `diagnoses` are references to conditions, the main one first, if the source ranks them;
    `period` names the referral period."""

    level: str = ""
    urgency: str = ""
    debtor: str = ""
    specialty: str = ""
    from_place: str = ""
    from_institution: str = ""
    to_place: str = ""
    to_institution: str = ""
    state_in: str = ""
    state_out: str = ""
    contact: str = ""
    contact_place: str = ""
    diagnoses: tuple[str, ...] = ()
    period: str = ""


class PeriodFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A referral period: when the referral was received, and what came of it."""

    received: date
    ended: date | None = None
    kind: str = ""
    assessment: str = ""
    from_service: str = ""
    right_to_care: str = ""
    free_choice: str = ""
    insured_in: str = ""


class Administration(msgspec.Struct, frozen=True, kw_only=True):
    """All of it: persons by patient, stays and periods by their source."""

    persons: Mapping[str, PersonFacts]
    stays: Mapping[str, StayFacts]
    periods: Mapping[str, PeriodFacts]
