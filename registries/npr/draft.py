"""One stay or contact on its way to an episode of the report.

What the receiver cannot do without is never made up: an episode that lacks it is held back, with findings that say what
is missing. Findings name elements and attributes, never a value.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from registries.chart import Chart
from registries.entry import JournalEntry, Kind, Standing, When
from registries.npr.checks import check
from registries.npr.coding import Coded, Coder, Known, days_old, entries, under_one
from registries.npr.facts import Administration, PeriodFacts, PersonFacts, StayFacts
from registries.npr.model import (
    Contact,
    Diagnosis,
    Episode,
    Measure,
    Procedure,
    Referral,
    ReferralPeriod,
    Service,
    UnitReference,
    WardStay,
)
from registries.npr.setup import Setup
from registries.record import Finding, Severity
from terminology.codes import NCRP

#: The level of care (list 8406) of a FHIR encounter class (HL7 v3 ActCode) that leaves no doubt.
LEVELS: Final = {"IMP": "1", "ACUTE": "1", "NONAC": "1", "AMB": "3", "HH": "3"}
#: Where the patient is seen (list 8434) when the class says it.
_PLACES: Final = {"AMB": "1", "HH": "4"}
_STAY, _EMERGENCY, _DEAD, _ALIVE = "1", "1", "2", "1"
#: List 8485: a referral that the institution made for an emergency patient.
_MADE_HERE: Final = "4"
#: Where the patient is registered is not known (the annotations of Episode.komNrHjem).
_NOWHERE, _UNKNOWN = "9999", "9"
_NOBODY, _NOTHING = PersonFacts(), StayFacts()


@dataclass(frozen=True, slots=True)
class Given:
    """What reports are made with: `key` is the secret behind serial numbers, `from_` and `to` are dates."""

    administration: Administration
    setup: Setup
    coder: Coder
    key: bytes
    from_: date
    to: date

    def serial(self, what: str, source: str) -> str:
        """A lasting number for something of the journal, which tells nothing about it to who has not the key."""
        text = "\x1f".join(("npr", self.setup.institution, what, source))
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Made:
    """An episode with its referral period, or why there is none."""

    stay: JournalEntry
    episode: Episode | None
    period: ReferralPeriod | None
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        return self.episode is not None and not any(map(holds, self.findings))


class Draft:
    """One stay on its way to an episode; findings gather as it goes."""

    def __init__(self, given: Given, chart: Chart, known: Known, stay: JournalEntry) -> None:
        self.given = given
        self.known = known
        self.person = given.administration.persons.get(chart.patient, _NOBODY)
        self.stay = stay
        self.facts = given.administration.stays.get(stay.source, _NOTHING)
        self.own = [one for one in chart.entries if one.stay == stay.source and one.standing is Standing.COUNTS]
        self.chart = chart
        self.findings: list[Finding] = []

    def made(self) -> Made:
        start = self._clock(self.stay.start, "npr_no_start", "Episode.innDatoTid")
        end = self._clock(self.stay.end, "npr_no_end", "Episode.utDatoTid") if self.stay.end else None
        if start is None or self.stay.start is None:
            return Made(self.stay, None, None, tuple(self.findings))
        episode = self._episode(start, end, self.stay.start)
        period = self._period(episode)
        checked = (*check(episode), *(check(period) if period is not None else ()))
        findings = tuple(dict.fromkeys((*self.findings, *checked)))
        return Made(self.stay, episode, period, findings)

    def _episode(self, start: datetime, end: datetime | None, begun: When) -> Episode:
        facts = self.facts
        level = facts.level or LEVELS.get(self.stay.stay_class, "")
        age = days_old(self.known.born, begun) if under_one(self.known.born, begun) else None
        return Episode(
            id=self.given.serial("episode", self.stay.source),
            period=self._period_id(),
            start=start,
            from_place=facts.from_place,
            from_institution=facts.from_institution,
            debtor=self._default(facts.debtor, self.given.setup.defaults.debtor, "Episode.debitor"),
            specialty=facts.specialty,
            municipality=self._municipality(),
            district=self.person.district,
            state_in=facts.state_in,
            urgency=facts.urgency,
            age_in_days=age,
            level=level,
            state_out=self._state_out() if end is not None else "",
            to_place=facts.to_place,
            to_institution=facts.to_institution,
            end=end,
            content=WardStay() if level in ("", _STAY) else self._contact(),
            units=self._units(),
            diagnoses=self._diagnoses(begun),
            services=self._services(begun),
        )

    def _contact(self) -> Contact:
        facts, defaults = self.facts, self.given.setup.defaults
        place = facts.contact_place or _PLACES.get(self.stay.stay_class, "")
        return Contact(
            kind=self._default(facts.contact, defaults.contact, "Kontakt.kontaktType"),
            place=self._default(place, defaults.contact_place, "Kontakt.stedAktivitet"),
        )

    def _units(self) -> tuple[UnitReference, ...]:
        ward = self.given.setup.ward(self.stay.organisation)
        if ward is None:
            self._tell("npr_no_unit", Severity.ERROR, "RefEnhet.enhetID")
            return ()
        return ward.references

    def _municipality(self) -> str:
        if not self.person.municipality:
            self._tell("npr_no_municipality", Severity.NOTE, "Episode.komNrHjem")
        return self.person.municipality or _NOWHERE

    def _state_out(self) -> str:
        """Someone who was discharged is alive, unless a death is recorded that may not be after it."""
        deaths = [one for one in self.chart.entries if one.kind is Kind.DEATH]
        if self.facts.state_out or not deaths:
            return self.facts.state_out or _ALIVE
        end = self.stay.end
        if end is not None and all(one.start and one.start.moment > end.latest for one in deaths):
            return _ALIVE
        self._tell("npr_death_unclear", Severity.WARNING, "Episode.utTilstand")
        return ""

    def _diagnoses(self, at: When) -> tuple[Diagnosis, ...]:
        conditions = self._ranked([one for one in self.own if one.kind is Kind.CONDITION])
        if not conditions:
            self._tell("npr_no_diagnosis", Severity.NOTE, "Tilstand.tilstNr")
        coded = [self.given.coder.diagnosis(one, self.known, at) for one in conditions]
        for place, one in enumerate(coded):
            if one.why_not:
                # Without the main diagnosis another one would pass for it.
                self._tell(one.why_not, Severity.NOTE if place else Severity.ERROR, "Tilstand.tilstNr")
        told = dict.fromkeys(one.codes for one in coded if one.codes)
        year = at.local.year
        return tuple(Diagnosis(number=n, codes=entries(codes, year)) for n, codes in enumerate(told, start=1))

    def _ranked(self, conditions: list[JournalEntry]) -> list[JournalEntry]:
        """The main diagnosis first, as the source ranks them; several without a rank leave it open."""
        ranks = {source: place for place, source in enumerate(self.facts.diagnoses)}
        ordered = sorted(conditions, key=lambda one: (ranks.get(one.source, len(ranks)), one.order))
        if ranks:
            if not ordered or ordered[0].source != self.facts.diagnoses[0]:
                self._tell("npr_main_gone", Severity.ERROR, "Tilstand.tilstNr")
            if not {one.source for one in self.chart.entries} >= set(self.facts.diagnoses[1:]):
                self._tell("npr_unmapped", Severity.NOTE, "Tilstand.tilstNr")
        elif len(ordered) > 1:
            self._tell("npr_main_unknown", Severity.ERROR, "Tilstand.tilstNr")
        elif self._lost():
            # What was lost may have been the main diagnosis.
            self._tell("npr_unreadable", Severity.WARNING, "Tilstand.tilstNr")
        return ordered

    def _lost(self) -> bool:
        """Whether some of the patient's conditions were not kept; those kept without a known code are no riddle."""
        kept = sum(one.kind is Kind.CONDITION and not one.codes for one in self.chart.entries)
        return self.chart.unreadable.get(Kind.CONDITION, 0) > kept

    def _services(self, begun: When) -> tuple[Service, ...]:
        """Procedures by when they were done: what began together is one service."""
        timed: list[tuple[datetime, datetime | None, Coded, JournalEntry]] = []
        for one in self.own:
            if one.kind is not Kind.PROCEDURE:
                continue
            coded = self.given.coder.procedure(one)
            if coded.why_not:
                self._tell(coded.why_not, Severity.NOTE, "Prosedyre.prosNr")
            elif one.start is None or not one.start.clock:
                self._tell("npr_no_clock", Severity.NOTE, "Tjeneste.startDatoTid")
            else:
                timed.append((_local(one.start), _end(one), coded, one))
        timed.sort(key=lambda each: (each[0], each[1] or each[0], each[3].source))
        year = begun.local.year
        return tuple(
            Service(start=start, end=end, measures=_measures([each[2] for each in group], start, end, year))
            for (start, end), group in groupby(timed, key=lambda each: each[:2])
        )

    def _period_id(self) -> str:
        if self.facts.period in self.given.administration.periods:
            return self.given.serial("period", self.facts.period)
        return self.given.serial("own period", self.stay.source)

    def _period(self, episode: Episode) -> ReferralPeriod | None:
        known = self.given.administration.periods.get(self.facts.period)
        if known is None:
            if episode.urgency != _EMERGENCY:
                self._tell("npr_no_referral", Severity.ERROR, "Henvisning.mottaksDato")
                return None
            known = PeriodFacts(received=episode.start.date(), assessment=_MADE_HERE)
        choice = self.given.setup.defaults.free_choice or _UNKNOWN
        referral = Referral(
            id=self.given.serial("referral", episode.period),
            received=known.received,
            kind=known.kind,
            assessment=known.assessment,
            free_choice=known.free_choice or choice,
            municipality=episode.municipality,
            district=episode.district,
            right_to_care=known.right_to_care,
            units=episode.units,
        )
        return ReferralPeriod(
            id=episode.period,
            from_service=known.from_service,
            insured_in=known.insured_in,
            ended=known.ended,
            referrals=(referral,),
        )

    def _clock(self, at: When | None, rule: str, place: str) -> datetime | None:
        if at is not None and at.clock:
            return _local(at)
        self._tell(rule, Severity.ERROR, place)
        return None

    def _default(self, known: str, assumed: str, place: str) -> str:
        if not known and assumed:
            self._tell("npr_default", Severity.NOTE, place)
        return known or assumed

    def _tell(self, rule: str, severity: Severity, place: str) -> None:
        self.findings.append(Finding(rule=rule, severity=severity, variable=place))


def _measures(coded: Sequence[Coded], start: datetime, end: datetime | None, year: int) -> tuple[Measure, ...]:
    """Medical and surgical measures, then imaging (list 8465), each with its procedures in order."""
    imaging = [all(code.system == NCRP for code in one.codes) for one in coded]
    found = []
    for kind, wanted in (("1", False), ("2", True)):
        own = [one for one, is_image in zip(coded, imaging, strict=True) if is_image is wanted]
        procedures = tuple(Procedure(number=n, codes=entries(one.codes, year)) for n, one in enumerate(own, start=1))
        if procedures:
            found.append(Measure(kind=kind, start=start, end=end, procedures=procedures))
    return tuple(found)


def holds(finding: Finding) -> bool:
    """Whether a finding holds an episode back: an error, or a warning that waits for a person's word."""
    return finding.severity is not Severity.NOTE


def _local(at: When) -> datetime:
    return at.local.replace(tzinfo=None)


def _end(entry: JournalEntry) -> datetime | None:
    return _local(entry.end) if entry.end is not None and entry.end.clock else None
