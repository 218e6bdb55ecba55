"""A journal entry as registries ask about it: what, when, whose, and whether it counts.

Sources (FHIR, openEHR, tables) are turned into these values at the edge; nothing further in knows their formats.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from terminology.codes import Code

#: Clock times in messages and in what people read are those of the hospital.
LOCAL = ZoneInfo("Europe/Oslo")


class Kind(StrEnum):
    """What sort of entry it is; the words definitions use in `select`.

    A component of an observation is an observation of its own. An answer's codes are those of the question, and its
    linkId as `linkid:…`, alone and after the questionnaire's canonical URL and `#`. A document has its type codes and
    its date; nothing in it is read. Family history has the codes of the relative's condition, and as value codes the
    relationship. Birth starts on the date of birth.
    """

    CONDITION = "condition"
    OBSERVATION = "observation"
    PROCEDURE = "procedure"
    MEDICATION_STATEMENT = "medication_statement"
    MEDICATION_ADMINISTRATION = "medication_administration"
    MEDICATION_REQUEST = "medication_request"
    MEDICATION_DISPENSE = "medication_dispense"
    ANSWER = "answer"
    DOCUMENT = "document"
    FAMILY_HISTORY = "family_history"
    STAY = "stay"
    SEX = "sex"
    MARITAL = "marital"
    BIRTH = "birth"
    DEATH = "death"


class Standing(StrEnum):
    """Whether the entry states a fact. Only `COUNTS` gives values unless a rule asks for others; these are otherwise
    kept to explain why not."""

    COUNTS = "counts"
    PRELIMINARY = "preliminary"
    ERROR = "entered_in_error"
    REFUTED = "refuted"
    UNCONFIRMED = "unconfirmed"
    PLANNED = "planned"
    NOT_DONE = "not_done"


class Precision(StrEnum):
    """How exactly a time is known."""

    CLOCK = "clock"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class When(msgspec.Struct, frozen=True, order=True, gc=False):
    """A time and how exactly it is known: `moment` is UTC, and the local start of what it says (2019 is 1 January)."""

    moment: datetime
    precision: Precision = Precision.CLOCK

    @property
    def clock(self) -> bool:
        """Whether the time of day is known."""
        return self.precision is Precision.CLOCK

    @property
    def local(self) -> datetime:
        """The same moment as the hospital's clock shows it."""
        try:
            return self.moment.astimezone(LOCAL)
        except OverflowError:  # the last hours of the year 9999
            return _LAST.replace(tzinfo=LOCAL)

    @property
    def latest(self) -> datetime:
        """The last moment this can mean: itself, or the end of its day, month or year."""
        if self.precision is Precision.CLOCK:
            return self.moment
        try:
            return _next(self.local, self.precision).astimezone(UTC) - timedelta(microseconds=1)
        except (ValueError, OverflowError):  # 9999-12-31 is how many systems write "no end"
            return _LAST

    def __str__(self) -> str:
        return _written(self)


@lru_cache(maxsize=20_000)
def _written(when: When) -> str:
    return when.local.isoformat(timespec="minutes")[: _LENGTHS[when.precision]]


_LAST = datetime.max.replace(tzinfo=UTC)
_LENGTHS = {Precision.CLOCK: 16, Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def _next(start: datetime, precision: Precision) -> datetime:
    if precision is Precision.DAY:
        return start + timedelta(days=1)  # local arithmetic: the next midnight, also when the clocks change
    if precision is Precision.MONTH:
        return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start.replace(year=start.year + 1)


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """A measured value. `unit` is a UCUM code, empty when the source gave none; `comparator` as FHIR: `<`, `>=` …

    Of a range of numbers, both included, `value` is the lowest and `high` the highest.
    """

    value: Decimal
    unit: str = ""
    comparator: str = ""
    high: Decimal | None = None


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One coded statement in a journal. `patient` and values stay out of its repr, and so out of logs.

    What it says is its `quantity`, its `value_codes` (yes and no are `boolean:true` and `boolean:false`) or, where the
    answer is itself a date, its `value_time`. `rank` is its place among the diagnoses of its stay, 1 the main one and 0
    not said. A stay has its class and the `organisation` that is responsible for it.
    """

    source: str
    kind: Kind
    patient: str
    codes: tuple[Code, ...] = ()
    start: When | None = None
    end: When | None = None
    recorded: When | None = None
    stay: str | None = None
    rank: int = 0
    standing: Standing = Standing.COUNTS
    quantity: Quantity | None = None
    value_codes: tuple[Code, ...] = ()
    value_time: When | None = None
    site_codes: tuple[Code, ...] = ()
    stay_class: str = ""
    organisation: str = ""
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
