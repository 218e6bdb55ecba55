"""From charts to episodes: what is reported, what is held back, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from lxml import etree

from registries.chart import chart_of
from registries.entry import JournalEntry, Kind, Precision, Standing
from registries.npr.coding import Coder
from registries.npr.draft import Given
from registries.npr.episodes import Outcome, report
from registries.npr.facts import PersonFacts
from registries.npr.message import encode_ide, encode_ord
from registries.npr.model import Episode, Person
from registries.npr.walk import attributes, parts
from reporting.texts import catalogue
from terminology.codes import NCRP, SEX, SNOMED, Code
from terminology.maps import MapRow, MapSet, compile_map
from terminology.snomed.bound import BoundRelease
from terminology.snomed.map_shown import find_map
from tests.codecs.examples import synthetic
from tests.npr.examples import ENVELOPE, HEADING, INSTITUTION, at, official
from tests.npr.journals import (
    ASSUMED,
    DIABETES,
    HEART,
    INFARCT,
    LYSIS,
    PATIENT,
    SHE,
    STAY,
    chart,
    condition,
    entry,
    facts,
    given,
    icd10,
    local,
    procedure,
    stay,
)


def only(outcome: Outcome) -> Episode:
    assert outcome.report is not None, said(outcome)
    (episode,) = outcome.report.episodes
    return episode


def said(outcome: Outcome) -> list[str]:
    return [f"{one.severity} {one.rule} {one.variable}" for told in outcome.told for one in told.findings]


def of(*entries: JournalEntry, made_with: Given | None = None, **more: Any) -> Outcome:
    outcome = report(chart(*entries, **more), made_with or given())
    assert all(f"finding.{one.rule}" in catalogue() for told in outcome.told for one in told.findings)
    return outcome


def codes(episode: Episode) -> list[str]:
    return [" ".join(code.system + code.value for code in one.codes) for one in episode.diagnoses]


def test_a_stay_with_a_diagnosis_is_an_episode() -> None:
    outcome = of(stay(), INFARCT, LYSIS)
    episode = only(outcome)
    said_by_it = {name: value for name, value in attributes(episode) if value not in ("", None)}
    assert said_by_it == {
        "episodeID": given().serial("episode", STAY),
        "henvisningsperiodeID": outcome.report and outcome.report.periods[0].id,
        "innDatoTid": at("2025-03-02T14:10:00"),
        "debitor": "1",
        "komNrHjem": "0301",
        "innmateHast": "1",
        "omsorgsniva": "1",
        "utTilstand": "1",
        "utDatoTid": at("2025-03-09T12:00:00"),
    }
    assert codes(episode) == ["DI639"]
    assert [(one.unit, one.kind) for one in episode.units] == [("1", "1"), ("2", "2"), ("1", "7")]
    assert said(outcome) == []
    assert outcome.told[0].reported


@pytest.mark.shared
def test_the_report_of_a_journal_follows_the_official_schemas(shared: Path) -> None:
    outcome = of(stay(), INFARCT, DIABETES, LYSIS, HEART, made_with=given(facts(diagnoses=("Condition/c2",))))
    assert outcome.report is not None
    (message,) = encode_ord(HEADING, INSTITUTION, [outcome.report], ENVELOPE)
    official(shared, "ord").assertValid(etree.fromstring(message.payload))


@pytest.mark.parametrize(
    ("changed", "findings"),
    [
        ({"start": None}, ["error npr_no_start Episode.innDatoTid"]),
        ({"start": local("2025-03-02")}, ["error npr_no_start Episode.innDatoTid"]),
        ({"end": local("2025-03-09")}, ["error npr_no_end Episode.utDatoTid"]),
        ({"stay_class": "OBSENC"}, ["error npr_required Episode.omsorgsniva"]),
        ({"end": local("2025-03-01T12:00")}, ["error npr_order Episode.utDatoTid"]),
        (
            {"organisation": "Organization/o2"},
            ["error npr_no_unit RefEnhet.enhetID", "error npr_units RefEnhet.typeEnhet"],
        ),
    ],
)
def test_what_a_stay_lacks_holds_it_back(changed: dict[str, Any], findings: list[str]) -> None:
    outcome = of(stay(**changed), INFARCT)
    assert outcome.report is None
    assert said(outcome) == findings
    assert not outcome.told[0].reported


@pytest.mark.parametrize(
    ("made_with", "findings"),
    [
        (given(facts(urgency="")), ["error npr_required Episode.innmateHast"]),
        (given(facts(debtor="")), ["error npr_required Episode.debitor"]),
        (given(facts(debtor="7")), ["warning npr_code_mark_row Episode.debitor"]),
        (given(facts(from_place="3")), ["warning npr_from_institution Episode.fraInstitusjonID"]),
        (given(facts(urgency="4"), period=None), ["error npr_no_referral Henvisning.mottaksDato"]),
        (given(facts(level="3")), [f"error npr_required Kontakt.{name}" for name in ("kontaktType", "stedAktivitet")]),
        (given(facts(diagnoses=("Condition/c9",))), ["error npr_main_gone Tilstand.tilstNr"]),
    ],
)
def test_what_the_administration_does_not_say_holds_it_back(made_with: Given, findings: list[str]) -> None:
    outcome = of(stay(), INFARCT, made_with=made_with)
    assert outcome.report is None
    assert said(outcome) == findings


def test_what_the_hospital_has_set_up_fills_in_and_is_told() -> None:
    outcome = of(stay(stay_class="AMB"), INFARCT, made_with=given(facts(debtor=""), defaults=ASSUMED))
    episode = only(outcome)
    filled = {**dict(attributes(episode)), **dict(attributes(episode.content))}
    wanted = {"debitor": "1", "kontaktType": "2", "stedAktivitet": "1", "omsorgsniva": "3"}
    assert {name: filled[name] for name in wanted} == wanted
    assert said(outcome) == ["note npr_default Episode.debitor", "note npr_default Kontakt.kontaktType"]


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.COUNTS])
def test_a_stay_that_does_not_count_is_not_reported(standing: Standing) -> None:
    assert of(stay(standing=standing), INFARCT) == Outcome(None, ())


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        ("2024-12-30T10:00", "2024-12-31T23:59", False),
        ("2024-12-30T10:00", "2025-01-01T00:00", True),
        ("2025-04-30T23:59", None, True),
        ("2025-05-01T00:00", None, False),
    ],
)
def test_stays_of_the_period_are_reported(start: str, end: str | None, inside: bool) -> None:
    outcome = of(stay(start=local(start), end=local(end) if end else None), INFARCT)
    assert bool(outcome.report) is inside
    assert len(outcome.told) == inside


def test_the_main_diagnosis_is_the_one_the_source_ranks_first() -> None:
    ranked = facts(diagnoses=("Condition/c2", "Condition/c1"))
    assert codes(only(of(stay(), INFARCT, DIABETES, made_with=given(ranked)))) == ["DE119", "DI639"]


def test_of_several_diagnoses_without_rank_none_is_taken_for_the_main_one() -> None:
    outcome = of(stay(), INFARCT, DIABETES)
    assert outcome.report is None
    assert said(outcome) == ["error npr_main_unknown Tilstand.tilstNr"]


def test_codes_of_one_condition_describe_it_together() -> None:
    eye = condition("Condition/c1", icd10("E113"), icd10("H360"))
    assert codes(only(of(stay(), eye))) == ["DE113 DH360"]


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.COUNTS])
def test_a_condition_or_procedure_that_does_not_count_is_not_reported(standing: Standing) -> None:
    refuted = condition("Condition/c2", icd10("E119"), standing=standing)
    planned = procedure("Procedure/q1", *HEART.codes, standing=standing)
    episode = only(of(stay(), INFARCT, refuted, planned))
    assert codes(episode) == ["DI639"]
    assert episode.services == ()


def test_a_main_diagnosis_that_does_not_count_is_not_replaced_by_another() -> None:
    refuted = condition("Condition/c1", icd10("I639"), standing=Standing.REFUTED)
    outcome = of(stay(), refuted, DIABETES, made_with=given(facts(diagnoses=("Condition/c1", "Condition/c2"))))
    assert outcome.report is None
    assert said(outcome) == ["error npr_main_gone Tilstand.tilstNr"]


def test_where_conditions_cannot_be_read_the_one_that_can_is_not_taken_for_the_main_one() -> None:
    outcome = of(stay(), INFARCT, unreadable=1)
    assert outcome.report is None
    assert said(outcome) == ["warning npr_unreadable Tilstand.tilstNr"]
    uncoded = condition("Condition/c2", stay="Encounter/e2")
    assert codes(only(of(stay(), INFARCT, uncoded, unreadable=1))) == ["DI639"]


def test_a_stay_without_diagnosis_is_reported_with_a_note() -> None:
    outcome = of(stay())
    assert only(outcome).diagnoses == ()
    assert said(outcome) == ["note npr_no_diagnosis Tilstand.tilstNr"]


def test_procedures_done_together_are_one_service_and_imaging_a_measure_of_its_own() -> None:
    image = procedure("Procedure/q3", Code(NCRP, "SAA0AK"))
    episode = only(of(stay(), INFARCT, HEART, LYSIS, image))
    told = [
        (str(service.start), str(service.end), measure.kind, [one.codes[0].value for one in measure.procedures])
        for service in episode.services
        for measure in service.measures
    ]
    assert told == [
        ("2025-03-03 09:30:00", "None", "1", ["FNG05"]),
        ("2025-03-03 09:30:00", "None", "2", ["SAA0AK"]),
        ("2025-03-03 09:30:00", "2025-03-03 10:30:00", "1", ["WFGX10"]),
    ]


def test_procedures_that_cannot_be_reported_are_left_out_and_told() -> None:
    uncoded = procedure("Procedure/q3", Code(SNOMED, "399261000"))
    some_day = procedure("Procedure/q4", *HEART.codes, start=local("2025-03-03"))
    outcome = of(stay(), INFARCT, uncoded, some_day)
    assert only(outcome).services == ()
    assert said(outcome) == ["note npr_no_clock Tjeneste.startDatoTid", "note npr_procedure_unmapped Prosedyre.prosNr"]


def test_times_are_those_of_the_hospitals_clock_in_winter_and_summer() -> None:
    episode = only(of(stay(start=local("2025-03-29T23:30"), end=local("2025-03-30T03:30")), INFARCT))
    assert (episode.start, episode.end) == (datetime(2025, 3, 29, 23, 30), datetime(2025, 3, 30, 3, 30))  # noqa: DTZ001


_UNCLEAR = ["warning npr_death_unclear Episode.utTilstand", "warning npr_state_out Episode.utTilstand"]
#: Born some time in 2025.
_SOME_DAY = msgspec.structs.replace(local("2025-01-01"), precision=Precision.YEAR)


@pytest.mark.parametrize(
    ("dead", "state", "findings"),
    [
        ("2025-05-01", "1", []),
        ("2025-03-10", "1", []),
        ("2025-03-09T12:30", "1", []),
        ("2025-03-09", None, _UNCLEAR),
        (None, None, _UNCLEAR),
    ],
)
def test_who_is_discharged_is_alive_unless_a_death_may_be_before(
    dead: str | None, state: str | None, findings: list[str]
) -> None:
    death = entry(Kind.DEATH, f"{PATIENT}#death", start=local(dead) if dead else None)
    outcome = of(stay(), INFARCT, death)
    assert said(outcome) == findings
    assert (only(outcome).state_out if outcome.report else None) == state


def test_the_state_the_source_gives_counts() -> None:
    assert only(of(stay(), INFARCT, made_with=given(facts(state_out="2")))).state_out == "2"


def test_an_emergency_without_referral_gets_one_made_here() -> None:
    outcome = of(stay(), INFARCT, made_with=given(period=None))
    assert outcome.report is not None
    (period,) = outcome.report.periods
    assert (period.referrals[0].received, period.referrals[0].assessment) == (date(2025, 3, 2), "4")


def test_stays_of_one_referral_share_its_period() -> None:
    made_with = given()
    stays = {STAY: facts(), "Encounter/e2": facts()}
    both = msgspec.structs.replace(made_with.administration, stays=stays)
    again = stay(source="Encounter/e2", start=local("2025-04-01T08:00"), end=local("2025-04-02T08:00"))
    outcome = of(stay(), again, INFARCT, made_with=replace(made_with, administration=both))
    assert outcome.report is not None
    assert len(outcome.report.episodes) == 2
    assert len(outcome.report.periods) == 1


@pytest.mark.parametrize(
    ("person", "facts_", "findings"),
    [
        (SHE[:1], PersonFacts(municipality="0301"), ["error npr_required Pasient.fodselsar"]),
        (SHE, PersonFacts(), ["note npr_no_municipality Episode.komNrHjem"]),
        (
            (SHE[0], entry(Kind.BIRTH, f"{PATIENT}#birth", start=local("2025-02-20"))),
            PersonFacts(municipality="0301"),
            ["note npr_birth_weight Pasient.fodselsvekt"],
        ),
        (
            (SHE[0], msgspec.structs.replace(SHE[1], start=_SOME_DAY)),
            PersonFacts(municipality="0301"),
            ["warning npr_age Episode.alderIDager"],
        ),
    ],
)
def test_what_is_not_known_of_the_patient_is_told(
    person: tuple[JournalEntry, ...], facts_: PersonFacts, findings: list[str]
) -> None:
    outcome = of(stay(), INFARCT, made_with=given(person=facts_), person=person)
    assert said(outcome) == findings
    assert (outcome.report is None) == any(not one.startswith("note") for one in findings)


@pytest.mark.parametrize(("word", "sex"), [("male", "1"), ("female", "2"), ("other", "9"), ("unknown", "0")])
def test_sex_is_told_as_the_list_has_it(word: str, sex: str) -> None:
    outcome = of(stay(), INFARCT, person=(entry(Kind.SEX, "s", Code(SEX, word)), SHE[1]))
    assert outcome.report is not None
    assert outcome.report.patient.sex == sex


def snomed_coder(bound: BoundRelease) -> Coder:
    return Coder(bound.release, find_map(bound.release, "extended"))


@pytest.mark.parametrize(
    ("concept", "expected", "findings"),
    [
        ("38341003", ["DI10"], []),
        ("4855003", ["DE143 DH360"], []),
        ("22298006", None, ["error npr_undecided Tilstand.tilstNr"]),
        ("138875005", None, ["error npr_unmapped Tilstand.tilstNr"]),
    ],
)
def test_snomed_ct_is_mapped_to_icd_10_or_holds_the_stay_as_main_diagnosis(
    bound: BoundRelease, concept: str, expected: list[str] | None, findings: list[str]
) -> None:
    outcome = of(stay(), condition("Condition/c1", Code(SNOMED, concept)), made_with=given(coder=snomed_coder(bound)))
    assert said(outcome) == findings
    assert (codes(only(outcome)) if outcome.report else None) == expected


def test_a_further_diagnosis_that_the_map_leaves_open_is_left_out_and_told(bound: BoundRelease) -> None:
    unclear = condition("Condition/c2", Code(SNOMED, "22298006"))
    ranked = given(facts(diagnoses=("Condition/c1", "Condition/c2")), coder=snomed_coder(bound))
    outcome = of(stay(), INFARCT, unclear, made_with=ranked)
    assert codes(only(outcome)) == ["DI639"]
    assert said(outcome) == ["note npr_undecided Tilstand.tilstNr"]


def test_a_row_that_people_approved_goes_before_the_release(bound: BoundRelease) -> None:
    row = MapRow(1, {"snomed": "38341003"}, "icd10:I15.0", "equivalent", "approved")
    reviewed = compile_map(MapSet("npr", 1, (row,)), bound)
    coder = Coder(bound.release, find_map(bound.release, "extended"), reviewed)
    pressure = condition("Condition/c1", Code(SNOMED, "38341003"))
    assert codes(only(of(stay(), pressure, made_with=given(coder=coder)))) == ["DI150"]


def test_a_code_of_the_classification_goes_before_one_of_snomed_ct(bound: BoundRelease) -> None:
    both = condition("Condition/c1", Code(SNOMED, "38341003"), icd10("I639"))
    assert codes(only(of(stay(), both, made_with=given(coder=snomed_coder(bound))))) == ["DI639"]


def test_a_code_that_is_none_is_not_sent() -> None:
    assert said(of(stay(), condition("Condition/c1", icd10("I63*")))) == ["error npr_bad_code Tilstand.tilstNr"]
    picky = given(coder=Coder(valid=lambda code: code.value != "I639"))
    assert said(of(stay(), INFARCT, made_with=picky)) == ["error npr_bad_code Tilstand.tilstNr"]


@forall(st.permutations([*SHE, stay(), INFARCT, DIABETES, HEART, LYSIS]))
def test_the_order_of_reading_never_matters(entries: list[JournalEntry]) -> None:
    made_with = given(facts(diagnoses=("Condition/c1", "Condition/c2")))
    first = report(chart(stay(), INFARCT, DIABETES, HEART, LYSIS), made_with)
    assert report(chart_of(PATIENT, entries, {}, {}), made_with) == first


@forall(st.integers(0, 99_999).map(synthetic), st.sampled_from(["{}", "Patient/{}", "urn:uuid:{}-1"]))
def test_the_identity_number_is_never_in_the_report_even_where_the_source_uses_it_as_its_key(
    number: str, form: str
) -> None:
    key = form.format(number)
    entries = [msgspec.structs.replace(one, patient=key) for one in (*SHE, stay(source=key), INFARCT)]
    entries[-1] = msgspec.structs.replace(INFARCT, patient=key, stay=key)
    base = given()
    own = msgspec.structs.replace(
        base.administration, persons={key: PersonFacts(municipality="0301")}, stays={key: facts(period=key)}
    )
    made_with = replace(base, administration=msgspec.structs.replace(own, periods={key: _period()}))
    outcome = report(chart_of(key, entries, {}, {}), made_with)
    assert outcome.report is not None
    (message,) = encode_ord(HEADING, INSTITUTION, [outcome.report], ENVELOPE)
    assert number.encode() not in message.payload
    (who,) = encode_ide(
        HEADING, INSTITUTION, [Person(patient=outcome.report.number, number=number, kind="1")], ENVELOPE
    )
    assert number.encode() in who.payload
    assert all(number not in repr(part) for part in parts(outcome.report))


def _period() -> Any:
    return next(iter(given().administration.periods.values()))


def test_serial_numbers_last_and_differ_between_institutions_and_keys() -> None:
    base = given()
    other = given(institution="900000009")
    key = replace(base, key=bytes([1] * 32))
    numbers = {one.serial("patient", PATIENT) for one in (base, other, key)}
    assert len(numbers) == 3
    assert base.serial("patient", PATIENT) == given().serial("patient", PATIENT)
    assert base.serial("episode", PATIENT) != base.serial("patient", PATIENT)
