"""What comes out: a case's record, each value with its evidence or the reason why it is empty."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from registries.entry import JournalEntry, Kind, Standing, When

#: A value in the registry's own terms: a code, a number, or a local date or date-time as text.
RegistryValue = int | Decimal | str


class Tier(StrEnum):
    """Who answers for a value: the rules, a person who confirms it, or a person who fills it in."""

    AUTOMATIC = "automatic"
    PROPOSED = "proposed"
    MANUAL = "manual"


class Reason(StrEnum):
    """Why a variable is empty: a closed set, so that each can be explained, counted and acted on."""

    NO_ENTRY = "no_entry"
    NO_SOURCE = "no_source"
    OUTSIDE_WINDOW = "outside_window"
    DOES_NOT_COUNT = "does_not_count"
    UNMAPPED_CODE = "unmapped_code"
    WRONG_UNIT = "wrong_unit"
    NOT_A_NUMBER = "not_a_number"
    NO_TIME = "no_time"
    INEXACT_TIME = "inexact_time"
    DISAGREE = "disagree"
    NOT_APPLICABLE = "not_applicable"
    INPUT_EMPTY = "input_empty"
    MANUAL = "manual"


class Severity(StrEnum):
    """What a finding does: an error holds the record, a warning holds back the value, a note travels along."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Evidence(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """The journal entry behind a value: its reference, the code that matched and its time (local, as text).

    The rest is what it takes to tell people of it: what kind of entry it is and whether it counts, when it ended, and
    what it `said`: a number with its comparator and unit, or the code of an answer, as the journal has them. `fold`
    tells the two hours apart that have the same local time in autumn: it is true of a time in the second.
    """

    source: str
    code: str = ""
    at: str = ""
    end: str = ""
    fold: bool = False
    kind: Kind | None = None
    standing: Standing = Standing.COUNTS
    said: str = ""


class MapUse(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The map row that translated a code: `map@version` and the row's own name."""

    map: str
    row: str


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One variable of one record.

    Either `value` is given, with `normed` (its national meaning), `tier`, `rule` and `evidence`; or `reason` says why
    it is empty. `considered` counts the journal entries the rule chose among, `passed` those with the right code that
    did not count or fell outside its time; `tried` is the rule that met the evidence of a reason or of an absence.
    `note` is a key in the catalogue of texts that tells more (for instance that absence was read as "no"). `fold` tells
    the two hours apart that have the same local time in autumn: it is true of times in the second.
    """

    variable: str
    tier: Tier
    value: RegistryValue | None = None
    normed: str = ""
    rule: str = ""
    evidence: tuple[Evidence, ...] = ()
    map: MapUse | None = None
    reason: Reason | None = None
    considered: int = 0
    passed: int = 0
    tried: str = ""
    note: str = ""
    fold: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a check found. `rule` is a key in the catalogue of texts; no patient value stands here."""

    rule: str
    severity: Severity
    variable: str = ""
    clause: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An index event of one patient with the entries that make it, and the times rules refer to.

    `onset` is the earliest time any index entry speaks of; `admission` and `discharge` are those of its stays;
    `procedure` is the start of the first procedure among the index entries, if there is one.
    """

    key: str
    patient: str
    index: tuple[JournalEntry, ...]
    stays: tuple[JournalEntry, ...]
    start: When
    end: When
    onset: When
    admission: When
    discharge: When
    procedure: When | None = None

    def __repr__(self) -> str:
        return f"Case({self.key})"


class Anchors(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """The times of a case that rules refer to, as local text with the offset from UTC where the clock time is known;
    empty for one that is not known, such as the end of a stay that goes on."""

    start: str = ""
    end: str = ""
    onset: str = ""
    admission: str = ""
    discharge: str = ""
    procedure: str = ""


class RegistryRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A case as one registry wants it.

    `release` names the definition, maps and terminology that made it; `start` is the case start as local text,
    `anchors` all times of the case; `patient` the source's own id. The national identity number is never part of a
    record: it is added to the message alone.
    """

    case: str
    registry: str
    release: str
    start: str
    patient: str
    values: tuple[Value, ...] = ()
    findings: tuple[Finding, ...] = ()
    anchors: Anchors = Anchors()

    def __repr__(self) -> str:
        return f"RegistryRecord({self.registry}, {self.case})"
