"""What each mistake is called, whether it holds the report back, and the attribute's name in the annotations."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from registries.npr.checks import check
from registries.npr.conditions import CONDITIONS
from registries.npr.model import CodeEntry, Part, Unit
from registries.npr.tables import rules
from registries.record import Finding
from reporting.texts import catalogue
from tests.npr.examples import CONTACT, HEADING, INSTITUTION, PERIOD, REPORT, STAY, UNITS, at

REFERRAL = PERIOD.referrals[0]
KODE = CodeEntry(number=1, system="D", version="2025", value="I639")


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{one.severity} {one.rule} {one.variable} ({one.clause})" for one in findings]


def but(part: Part, **changed: Any) -> Part:
    return msgspec.structs.replace(part, **changed)


@pytest.mark.parametrize("part", [HEADING, INSTITUTION, REPORT], ids=repr)
def test_nothing_is_said_of_a_report_in_order(part: Part) -> None:
    missing = ["note npr_missing_none Enhet.isfRefusjon (ISF refusjon)"] if part is INSTITUTION else []
    assert told(check(part)) == missing


@pytest.mark.parametrize(
    ("part", "finding"),
    [
        # A type: marked message, marked row, emptied though required, emptied, zero, nothing.
        (but(HEADING, from_=date(1850, 1, 1)), "error npr_type_mark_message Melding.fraDatoPeriode (FraDato)"),
        (but(STAY, id="x" * 101), "warning npr_type_mark_row Episode.episodeID (EpisodeID)"),
        (but(STAY, period="x" * 101), "warning npr_type_set_null Episode.henvisningsperiodeID (HenvisningsperiodeID)"),
        (but(STAY, series="x" * 101), "note npr_type_set_null Episode.serieID (Serie identifikator)"),
        (but(INSTITUTION.units[0], org_number="12a"), "note npr_type_set_unknown Enhet.orgNr (Organisasjonsnummer)"),
        (but(KODE, number=12345), "warning npr_type_set_zero Kode.kodeNr (Rekkefølge for kode)"),
        (but(HEADING.contacts[0], phone="1"), "note npr_type_none Kontaktperson.meldTelefon (Telefon)"),
        # A missing value: the schema refuses it, or the receiver does nothing.
        (but(STAY, urgency=""), "error npr_required Episode.innmateHast (Innmåte hastegrad)"),
        (but(KODE, value=""), "error npr_required Kode.kodeVerdi (Kodeverdi)"),
        (Unit(id="3", resh="1"), "note npr_missing_none Enhet.isfRefusjon (ISF refusjon)"),
        # A code outside its list.
        (but(HEADING, kind="X"), "error npr_code_mark_message Melding.meldingstype (Meldingstype)"),
        (but(STAY, urgency="2"), "warning npr_code_mark_row Episode.innmateHast (Innmåte hastegrad)"),
        (but(STAY, debtor="7"), "warning npr_code_mark_row Episode.debitor (Debitor)"),
        (but(KODE, system="Z"), "warning npr_code_mark_row Kode.Kodeverk (Kodeverkstilhørighet)"),
        (but(REPORT.patient, sex="3"), "warning npr_code_set_unknown Pasient.kjonn (Kjønn)"),
        (but(STAY, state_in="4"), "note npr_code_set_unknown Episode.inntilstand (Inntilstand)"),
        (but(STAY, municipal_service="8"), "note npr_code_none Episode.kommTjeneste"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_the_receiver_does(part: Part, finding: str) -> None:
    (found,) = told(check(part))
    assert found.startswith(finding)


_UNITS = UNITS[:2]


@pytest.mark.parametrize(
    ("part", "finding"),
    [
        (but(REPORT, episodes=(but(STAY, debtor="11"),)), "warning npr_country Henvisningsperiode.trygdenasjon"),
        (but(REPORT, patient=but(REPORT.patient, birth_year="2025")), "warning npr_age Episode.alderIDager"),
        (but(REPORT, episodes=(but(STAY, age_in_days=99),)), "note npr_birth_weight Pasient.fodselsvekt"),
        (but(REFERRAL, units=_UNITS), "error npr_units RefEnhet.typeEnhet"),
        (but(REFERRAL, waiting_ended_why=""), "warning npr_waiting Henvisning.ventetidSluttKode"),
        (but(STAY, end=at("2025-03-02T14:09:59")), "error npr_order Episode.utDatoTid"),
        (but(STAY, from_place="3"), "warning npr_from_institution Episode.fraInstitusjonID"),
        (but(STAY, to_place="3"), "warning npr_to_institution Episode.tilInstitusjonID"),
        (but(STAY, state_out=""), "warning npr_state_out Episode.utTilstand"),
        (
            but(CONTACT, from_place="1", content=but(CONTACT.content, kind="5")),
            "warning npr_indirect Episode.fraSted",
        ),
        (but(STAY, level="3"), "warning npr_level Episode.omsorgsniva"),
        (but(CONTACT, level="1"), "warning npr_level Episode.omsorgsniva"),
        (but(STAY, units=_UNITS), "error npr_units RefEnhet.typeEnhet"),
        (but(STAY, diagnoses=STAY.diagnoses[::-1]), "error npr_main_first Tilstand.tilstNr"),
        (but(STAY, age_in_days=400), "warning npr_under_one Episode.alderIDager"),
    ],
)
def test_a_condition_that_does_not_hold_is_told(part: Part, finding: str) -> None:
    (found,) = told(check(part))
    assert found.startswith(finding)


@pytest.mark.parametrize(
    "part",
    [
        but(REPORT, episodes=(but(STAY, age_in_days=100),)),
        but(
            REPORT,
            episodes=(but(STAY, age_in_days=1),),
            patient=but(REPORT.patient, birth_year="2025", birth_weight=3500),
        ),
        but(REPORT, episodes=(but(STAY, debtor="11"),), periods=(but(PERIOD, insured_in="SE"),)),
        but(STAY, from_place="3", from_institution="900000002"),
        but(STAY, end=STAY.start),
        but(STAY, end=None, state_out=""),
        but(REFERRAL, waiting_ended=None, waiting_ended_why=""),
        but(CONTACT, content=but(CONTACT.content, kind="5")),
    ],
)
def test_a_condition_that_holds_is_not_told(part: Part) -> None:
    assert told(check(part)) == []


def test_every_condition_has_a_row_here_and_an_attribute() -> None:
    for condition in CONDITIONS:
        element, attribute = condition.place.split(".")
        assert rules()[element][attribute]


def test_every_finding_has_its_texts() -> None:
    actions = {
        f"npr_{kind}_{action}"
        for row in rules().values()
        for rule in row.values()
        for kind, action in (("type", rule.on_type), ("code", rule.on_code), ("missing", rule.on_missing))
        if action and not (kind == "missing" and rule.required)
    }
    wanted = {"npr_required", *actions, *(f"npr_{condition.key}" for condition in CONDITIONS)}
    assert sorted(key for key in wanted if f"finding.{key}" not in catalogue()) == []
