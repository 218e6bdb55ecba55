"""What must hold between attributes. Source: the notes on use in the annotations of NPR message 53.1.3.

Each condition is one function of one element, and true when there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from registries.npr.model import Contact, Episode, Part, PatientReport, Referral, WardStay
from registries.npr.tables import rules
from registries.record import Finding, Severity

#: List 8408: the patient comes from, or goes to, another institution, which is then named.
_INSTITUTION: Final = "3"
#: List 8432: a contact where the patient is not present.
_INDIRECT: Final = "5"
#: List 8426: emergency care of a patient from a country with a convention, which is then named.
_CONVENTION: Final = "11"
#: Kinds of unit that every episode and referral names (list 8476).
_UNITS: Final = frozenset({"1", "2", "7"})
#: Days: in the first year the age is given, in the first hundred also the weight at birth.
_YEAR, _NEWBORN = 366, 100


class Condition(NamedTuple):
    """A condition: its key in the texts, the element it looks at, the attribute it is about, and what holds."""

    key: str
    element: type[Part]
    place: str
    severity: Severity
    holds: Callable[[Any], bool]


def conditions(part: Part) -> Iterator[Finding]:
    """Findings on one element."""
    for one in CONDITIONS:
        if isinstance(part, one.element) and not one.holds(part):
            element, attribute = one.place.split(".")
            name = rules()[element][attribute].name
            yield Finding(rule=f"npr_{one.key}", severity=one.severity, variable=one.place, clause=name)


def _names_country(report: PatientReport) -> bool:
    insured = {period.id for period in report.periods if period.insured_in}
    return all(one.period in insured for one in report.episodes if one.debtor == _CONVENTION)


def _gives_age(report: PatientReport) -> bool:
    # Born the year of an episode is younger than one year at its start.
    born = report.patient.birth_year
    return all(one.age_in_days is not None for one in report.episodes if str(one.start.year) == born)


def _gives_birth_weight(report: PatientReport) -> bool:
    young = any(one.age_in_days is not None and one.age_in_days < _NEWBORN for one in report.episodes)
    return not young or report.patient.birth_weight is not None


def _names_units(part: Episode | Referral) -> bool:
    return {unit.kind for unit in part.units} >= _UNITS


def _says_why_waiting_ended(referral: Referral) -> bool:
    return referral.waiting_ended is None or bool(referral.waiting_ended_why)


def _in_order(episode: Episode) -> bool:
    return episode.end is None or episode.start <= episode.end


def _comes_from(episode: Episode) -> bool:
    return episode.from_place != _INSTITUTION or bool(episode.from_institution)


def _goes_to(episode: Episode) -> bool:
    return episode.to_place != _INSTITUTION or bool(episode.to_institution)


def _says_how_it_ended(episode: Episode) -> bool:
    return episode.end is None or bool(episode.state_out)


def _present(episode: Episode) -> bool:
    indirect = isinstance(episode.content, Contact) and episode.content.kind == _INDIRECT
    return not (indirect and episode.from_place)


def _stay_or_contact(episode: Episode) -> bool:
    return not episode.level or isinstance(episode.content, WardStay) == (episode.level == "1")


def _main_first(episode: Episode) -> bool:
    return [one.number for one in episode.diagnoses] == list(range(1, len(episode.diagnoses) + 1))


def _is_under_one(episode: Episode) -> bool:
    return episode.age_in_days is None or 0 <= episode.age_in_days <= _YEAR


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

#: All conditions, in the order of the message.
CONDITIONS: Final = (
    Condition("country", PatientReport, "Henvisningsperiode.trygdenasjon", _WARNING, _names_country),
    Condition("age", PatientReport, "Episode.alderIDager", _WARNING, _gives_age),
    Condition("birth_weight", PatientReport, "Pasient.fodselsvekt", _NOTE, _gives_birth_weight),
    Condition("units", Referral, "RefEnhet.typeEnhet", _ERROR, _names_units),
    Condition("waiting", Referral, "Henvisning.ventetidSluttKode", _WARNING, _says_why_waiting_ended),
    Condition("order", Episode, "Episode.utDatoTid", _ERROR, _in_order),
    Condition("from_institution", Episode, "Episode.fraInstitusjonID", _WARNING, _comes_from),
    Condition("to_institution", Episode, "Episode.tilInstitusjonID", _WARNING, _goes_to),
    Condition("state_out", Episode, "Episode.utTilstand", _WARNING, _says_how_it_ended),
    Condition("indirect", Episode, "Episode.fraSted", _WARNING, _present),
    Condition("level", Episode, "Episode.omsorgsniva", _WARNING, _stay_or_contact),
    Condition("units", Episode, "RefEnhet.typeEnhet", _ERROR, _names_units),
    Condition("main_first", Episode, "Tilstand.tilstNr", _ERROR, _main_first),
    Condition("under_one", Episode, "Episode.alderIDager", _WARNING, _is_under_one),
)
