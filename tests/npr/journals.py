"""Charts and administrative facts for tests, as sources would give them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from registries.chart import Chart, chart_of
from registries.entry import LOCAL, JournalEntry, Kind, Precision, When
from registries.npr.coding import Coder
from registries.npr.draft import Given
from registries.npr.facts import Administration, PeriodFacts, PersonFacts, StayFacts
from registries.npr.message import Party
from registries.npr.setup import Defaults, Setup, System, Ward
from terminology.codes import ICD10, NCMP, NCSP, SEX, Code
from tests.npr.examples import HEADING, INSTITUTION

PATIENT, STAY, PERIOD = "Patient/p1", "Encounter/e1", "EpisodeOfCare/h1"
WARD = Ward(place="1", specialty="2", department="1")
SETUP = Setup(
    institution=INSTITUTION.id,
    contacts=HEADING.contacts,
    units=INSTITUTION.units,
    wards={"Organization/o1": WARD},
    system=System(vendor="Prøve", name="Prøve-EPJ", version="1"),
    receiver=(Party(name="Helsedirektoratet", her_id="2397"),),
)
FACTS = StayFacts(urgency="1", debtor="1", period=PERIOD)
PERSON = PersonFacts(municipality="0301")
REFERRED = PeriodFacts(received=date(2025, 2, 1), assessment="2")


def local(text: str) -> When:
    """A time of the hospital's clock, or a date, as journals have it."""
    moment = datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(UTC)
    return When(moment, Precision.DAY if len(text) == 10 else Precision.CLOCK)


def entry(kind: Kind, source: str, *codes: Code, **more: Any) -> JournalEntry:
    standard = {"patient": PATIENT, "stay": None if kind is Kind.STAY else STAY, "selectors": (0,)}
    return JournalEntry(source=source, kind=kind, codes=codes, **(standard | more))


def stay(**more: Any) -> JournalEntry:
    """A week in a ward."""
    week = {
        "start": local("2025-03-02T14:10"),
        "end": local("2025-03-09T12:00"),
        "stay_class": "IMP",
        "organisation": "Organization/o1",
    }
    return entry(Kind.STAY, more.pop("source", STAY), **(week | more))


def condition(source: str, *codes: Code, **more: Any) -> JournalEntry:
    return entry(Kind.CONDITION, source, *codes, **more)


def procedure(source: str, *codes: Code, **more: Any) -> JournalEntry:
    return entry(Kind.PROCEDURE, source, *codes, **({"start": local("2025-03-03T09:30")} | more))


def icd10(value: str) -> Code:
    return Code(ICD10, value)


INFARCT = condition("Condition/c1", icd10("I639"))
DIABETES = condition("Condition/c2", icd10("E119"))
HEART = procedure("Procedure/q1", Code(NCSP, "FNG05"))
LYSIS = procedure("Procedure/q2", Code(NCMP, "WFGX10"), end=local("2025-03-03T10:30"))
SHE = (
    entry(Kind.SEX, f"{PATIENT}#sex", Code(SEX, "female")),
    entry(Kind.BIRTH, f"{PATIENT}#birth", start=local("1950-06-01")),
)


def chart(*entries: JournalEntry, person: tuple[JournalEntry, ...] = SHE, unreadable: int = 0) -> Chart:
    return chart_of(PATIENT, [*person, *entries], {}, {Kind.CONDITION: unreadable})


def given(
    facts: StayFacts = FACTS,
    coder: Coder | None = None,
    person: PersonFacts = PERSON,
    period: PeriodFacts | None = REFERRED,
    **setup: Any,
) -> Given:
    """What a report of one stay is made with; `setup` replaces fields of the hospital's setup."""
    return Given(
        administration=Administration(
            persons={PATIENT: person}, stays={STAY: facts}, periods={PERIOD: period} if period else {}
        ),
        setup=msgspec.structs.replace(SETUP, **setup),
        coder=coder or Coder(),
        key=bytes(32),
        from_=date(2025, 1, 1),
        to=date(2025, 4, 30),
    )


def facts(**changed: Any) -> StayFacts:
    return msgspec.structs.replace(FACTS, **changed)


ASSUMED = Defaults(debtor="1", contact="2", contact_place="1", free_choice="2")
