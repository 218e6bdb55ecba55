"""From a patient's journal to the patient's report: each stay or contact that counts is an episode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registries.chart import Chart
from registries.entry import JournalEntry, Kind, Standing
from registries.npr.checks import check
from registries.npr.coding import Known
from registries.npr.conditions import conditions
from registries.npr.draft import Draft, Given, Made, holds
from registries.npr.model import Patient, PatientReport, ReferralPeriod
from registries.record import Finding

#: Sex as journals code it to list 3101; one that is not coded is not known.
_SEXES: Final = {"male": "1", "female": "2", "other": "9"}
_NOT_KNOWN: Final = "0"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one stay: whether it is in the report, and the findings on it."""

    stay: str
    reported: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a patient's journal. `report` is None when there is nothing that can be reported."""

    report: PatientReport | None
    told: tuple[Told, ...]


def report(chart: Chart, given: Given) -> Outcome:
    """The report on one patient, with findings on every stay of the period.

    An episode with an error or a warning is held back, and all of them when the patient has one.
    """
    known = _known(chart)
    made = [Draft(given, chart, known, stay).made() for stay in chart.entries if _concerns(stay, given)]
    good = [one for one in made if one.good]
    patient = _patient(chart.patient, known, given)
    whole = PatientReport(
        number=patient.number,
        patient=patient,
        periods=_periods(good),
        episodes=tuple(one.episode for one in good if one.episode is not None),
    )
    on_patient = (*check(whole.patient), *conditions(whole))
    reported = bool(good) and not any(map(holds, on_patient))
    told = tuple(Told(one.stay.source, reported and one.good, (*one.findings, *on_patient)) for one in made)
    return Outcome(whole if reported else None, told)


def _concerns(stay: JournalEntry, given: Given) -> bool:
    """Whether it is a stay that took place, in part at least, in the period."""
    if stay.kind is not Kind.STAY or stay.standing is not Standing.COUNTS:
        return False
    if stay.start is not None and stay.start.local.date() > given.to:
        return False
    return stay.end is None or stay.end.local.date() >= given.from_


def _known(chart: Chart) -> Known:
    """Sex and birth as the chart has them."""
    sexes = [code.value for one in chart.entries if one.kind is Kind.SEX for code in one.codes]
    births = [one.start for one in chart.entries if one.kind is Kind.BIRTH]
    return Known(_SEXES.get(sexes[0], _NOT_KNOWN) if sexes else _NOT_KNOWN, births[0] if births else None)


def _patient(source: str, known: Known, given: Given) -> Patient:
    person = given.administration.persons.get(source)
    return Patient(
        number=given.serial("patient", source),
        sex=known.sex,
        birth_year=str(known.born.local.year) if known.born is not None else "",
        birth_weight=person.birth_weight if person is not None else None,
    )


def _periods(made: Sequence[Made]) -> tuple[ReferralPeriod, ...]:
    """The periods of episodes, each once."""
    found: dict[str, ReferralPeriod] = {}
    for one in made:
        if one.period is not None:
            found.setdefault(one.period.id, one.period)
    return tuple(found.values())
