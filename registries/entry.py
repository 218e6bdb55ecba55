"""A journal entry as registries ask about it: what, when, whose, and whether it counts.

Sources (FHIR, openEHR, tables) are turned into these values at the edge; nothing further in knows their formats.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from terminology.codes import Code

#: Clock times in messages and in what people read are those of the hospital.
LOCAL = ZoneInfo("Europe/Oslo")


class Kind(StrEnum):
    """What sort of entry it is; the words definitions use in `select`."""

    CONDITION = "condition"
    OBSERVATION = "observation"
    PROCEDURE = "procedure"
    MEDICATION_STATEMENT = "medication_statement"
    MEDICATION_ADMINISTRATION = "medication_administration"
    STAY = "stay"
    SEX = "sex"
    MARITAL = "marital"
    DEATH = "death"


class Standing(StrEnum):
    """Whether the entry states a fact. Only `COUNTS` gives values; the others are kept to explain why not."""

    COUNTS = "counts"
    ERROR = "entered_in_error"
    REFUTED = "refuted"
    UNCONFIRMED = "unconfirmed"
    PLANNED = "planned"
    NOT_DONE = "not_done"


class When(msgspec.Struct, frozen=True, order=True):
    """A moment and how exactly it is known: `moment` is UTC; a date without a clock is its local midnight."""

    moment: datetime
    clock: bool = True

    @property
    def local(self) -> datetime:
        """The same moment as the hospital's clock shows it."""
        return self.moment.astimezone(LOCAL)

    @property
    def latest(self) -> datetime:
        """The last moment this can mean: itself, or the end of the day when the clock is unknown."""
        if self.clock:
            return self.moment
        following = (self.local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return following.astimezone(UTC) - timedelta(microseconds=1)

    def __str__(self) -> str:
        return self.local.strftime("%Y-%m-%dT%H:%M" if self.clock else "%Y-%m-%d")


class Quantity(msgspec.Struct, frozen=True):
    """A measured value. `unit` is a UCUM code, empty when the source gave none; `comparator` as FHIR: `<`, `>=` …"""

    value: Decimal
    unit: str = ""
    comparator: str = ""


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One coded statement in a journal. `patient` and values stay out of its repr, and so out of logs."""

    source: str
    kind: Kind
    patient: str
    codes: tuple[Code, ...] = ()
    start: When | None = None
    end: When | None = None
    recorded: When | None = None
    stay: str | None = None
    standing: Standing = Standing.COUNTS
    quantity: Quantity | None = None
    value_codes: tuple[Code, ...] = ()
    site_codes: tuple[Code, ...] = ()
    stay_class: str = ""
    updated: str = ""
    selectors: tuple[int, ...] = ()

    @property
    def at(self) -> When | None:
        """The time the statement is about; when it was written, if it does not say."""
        return self.start or self.recorded

    @property
    def order(self) -> tuple[When, When, str]:
        """A total order that no order of reading can change."""
        return (self.at or _NEVER, self.recorded or _NEVER, self.source)

    def __repr__(self) -> str:
        return f"JournalEntry({self.source}, {self.kind})"


_NEVER = When(datetime.min.replace(tzinfo=UTC))
