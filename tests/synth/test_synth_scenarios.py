"""Hand-checked patients: what is true of them, and what the registrar writes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from fixtures.synth import codes, resources, truth_heart, truth_stroke
from fixtures.synth import heart as heart_story
from fixtures.synth.clock import before, midnight, minute_of, settled, stamp
from fixtures.synth.facts import (
    Deed,
    Dose,
    Drug,
    Facts,
    HeartCase,
    Illness,
    Measure,
    Person,
    Stay,
    StrokeCase,
    When,
)
from fixtures.synth.measures import height, weight
from fixtures.synth.resources import Pen
from fixtures.synth.story import Story

# Oslo is an hour ahead of UTC in March until the 30th: 13:10Z is 14:10.
START = datetime(2025, 3, 2, 13, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PERSON = Person("p", "0", "P1", False, True, date(1950, 5, 1), "W")
ASKED = {"UtskrTil": "3", "VaaknetMedSymptom": "2"}


def stay(start=START, days=4, key="s", level="IMP"):
    return Stay(key, When(start), start + days * DAY, level)


def index(kind="infarct", onset=START - HOUR, recorded=START + HOUR, key="s", exact=True):
    return Illness(kind, None if onset is None else When(onset, exact), recorded, key, index=True)


def facts(
    *, stays=(), illnesses=(), drugs=(), doses=(), measures=(), deeds=(), person=PERSON, listed=True, administered=True
):
    return Facts(
        person,
        tuple(stays),
        tuple(illnesses),
        tuple(drugs),
        tuple(doses),
        tuple(measures),
        tuple(deeds),
        (),
        (),
        False,
        listed,
        administered,
    )


def stroke(*diagnoses, stays=None, **known):
    made = diagnoses or (index(),)
    visits = stays or (stay(),)
    case = StrokeCase(tuple(visits), made, ASKED)
    illnesses = (*made, *known.pop("illnesses", ()))
    return truth_stroke.answers(facts(stays=visits, illnesses=illnesses, **known), case)


def heart(kinds=("angiography", "pci"), visit=None, **known):
    visit = visit or stay(START - 3 * HOUR)
    deeds = tuple(
        Deed(kind, START + n * HOUR / 2, START + n * HOUR / 2 + HOUR / 3, visit.key, index=True)
        for n, kind in enumerate(kinds)
    )
    case = HeartCase(visit, deeds, "radial", {})
    return truth_heart.answers(facts(stays=(visit,), deeds=(*deeds, *known.pop("deeds", ())), **known), case)


def drug(atc, start=START - 400 * DAY, end=None, status="active", asserted=START - 400 * DAY):
    return Drug(atc, start and When(start), end and When(end), status, asserted)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (drug("B01AA03"), "1"),
        (drug("B01AA03", end=START - 10 * DAY, status="stopped"), "2"),
        (drug("B01AA03", end=START + 4 * DAY, status="stopped"), "1"),
        (drug("B01AA03", start=START + DAY), "2"),
        (drug("B01AA03", start=None), "1"),
        (drug("B01AA03", start=None, asserted=START + DAY), "2"),
        (drug("B01AA03", status="not-taken"), "2"),
        (drug("B01AA03", status="on-hold"), "2"),
        (drug("B01AA03", status="intended"), "2"),
        (drug("B01AA03", status="entered-in-error"), "2"),
        (drug("B01AF02"), "2"),
    ],
)
def test_warfarin_counts_when_it_is_taken_at_admission(line, answer):
    assert stroke(drugs=[line])["PreWarfarin"] == answer


def test_a_new_anticoagulant_is_not_warfarin():
    answers = stroke(drugs=[drug("B01AF02"), drug("C10AX09")])
    assert (answers["PreAndreEnnWarfarin"], answers["PreWarfarin"], answers["PreStatinerLipid"]) == ("1", "2", "1")


def test_without_lists_drugs_are_unknown():
    answers = stroke(listed=False, administered=False)
    assert (answers["PreASA"], answers["PreStatinerLipid"], answers["Trombolyse"]) == ("9", "9", "9")
    assert heart(listed=False)["REGANGIO_STATINS"] == "9"


def test_times_are_local():
    answers = stroke(doses=[Dose("B01AD02", START + HOUR, None)])
    assert answers["Innleggelsestidspunkt"] == "2025-03-02T14:10"
    assert answers["Symptomdebut"] == "2025-03-02T13:10"
    assert answers["TrombolyseStarttid"] == "2025-03-02T15:10"


@pytest.mark.parametrize(
    ("diagnosis", "debut", "soon"),
    [
        (index(onset=START - HOUR), "2025-03-02T13:10", "1"),
        (index(onset=START - 5 * HOUR), "2025-03-02T09:10", "2"),
        (index(onset=datetime(2025, 3, 1, 23, tzinfo=UTC), exact=False), "2025-03-02T00:00", "9"),
        (index(onset=None), "", ""),
    ],
)
def test_debut_and_four_hours(diagnosis, debut, soon):
    answers = stroke(diagnosis)
    assert (answers["Symptomdebut"], answers["MindreEnn4tSymptInnlegg"]) == (debut, soon)


@pytest.mark.parametrize(
    ("kinds", "answer"),
    [
        (("stroke", "infarct"), "2"),
        (("infarct", "haemorrhage"), "1"),
        (("haemorrhage", "stroke"), "1"),
        (("stroke",), "3"),
    ],
)
def test_the_ward_corrects_the_emergency_room(kinds, answer):
    made = [index(kind, recorded=START + (n + 1) * HOUR) for n, kind in enumerate(kinds)]
    assert stroke(*made)["Slagdiagnose"] == answer


def test_the_stroke_itself_is_no_earlier_stroke_but_another_is():
    assert stroke()["TidlHjerneslag"] == "2"
    earlier = Illness("infarct", When(START - 300 * DAY), START - 300 * DAY)
    assert stroke(illnesses=[earlier])["TidlHjerneslag"] == "1"
    assert stroke(illnesses=[replace(earlier, standing="refuted")])["TidlHjerneslag"] == "2"
    assert stroke(illnesses=[Illness("infarct", None, START + 90 * DAY)])["TidlHjerneslag"] == "2"
    assert stroke(illnesses=[Illness("subdural", None, START - 90 * DAY)])["TidlHjerneslag"] == "2"
    assert stroke(illnesses=[Illness("sequela", None, START + 2 * DAY)])["TidlHjerneslag"] == "1"


def test_chronic_disease_found_in_the_stay_counts_and_found_later_does_not():
    assert stroke(illnesses=[Illness("af", None, START + DAY, "s")])["Atrieflimmer"] == "1"
    assert stroke(illnesses=[Illness("af", None, START + 40 * DAY)])["Atrieflimmer"] == "2"
    assert stroke(illnesses=[Illness("af", When(START - DAY), START + 40 * DAY)])["Atrieflimmer"] == "1"


def score(kind, hours, value):
    return Measure(kind, When(START + hours * HOUR), value, "{score}", str(value))


def test_nihss_closest_to_admission_counts():
    answers = stroke(measures=[score("nihss", -1, 12), score("nihss", 0.5, 9), score("nihss", 27, 2)])
    assert (answers["NIHSSinnkomst"], answers["NIHSSikkeUtfort"]) == ("9", "0")
    late = stroke(measures=[score("nihss", 27, 2), score("nihss", -3, 5)])
    assert (late["NIHSSinnkomst"], late["NIHSSikkeUtfort"]) == ("", "1")


def test_one_weak_arm_is_a_weak_arm():
    answers = stroke(
        measures=[score("nihss_arm_left", 1, 0), score("nihss_arm_right", 1, 3), score("nihss_face", 1, 0)]
    )
    assert (answers["Armparese"], answers["Facialisparese"], answers["Spraakproblem"]) == ("1", "2", "9")


def test_rankin_before_and_after_three_months():
    ranks = [score("mrs", 5, 1), score("mrs", 80, 4), score("mrs", 66 * 24, 3), score("mrs", 92 * 24, 2)]
    answers = stroke(measures=ranks)
    assert (answers["MRSPre"], answers["MRS3mnd"]) == ("1", "2")
    dead = replace(PERSON, died=When(START + 100 * DAY))
    assert stroke(measures=ranks, person=dead)["MRS3mnd"] == "6"
    assert stroke(person=replace(PERSON, died=When(START + 150 * DAY)))["MRS3mnd"] == ""


def test_death_in_the_stay_is_the_discharge():
    assert stroke()["UtskrTil"] == "3"
    assert stroke(person=replace(PERSON, died=When(START + 2 * DAY)))["UtskrTil"] == "10"
    assert stroke(person=replace(PERSON, died=When(START + 6 * DAY)))["UtskrTil"] == "3"


@pytest.mark.parametrize(
    ("dose", "answer"),
    [
        (Dose("B01AD02", START + HOUR, None), "1"),
        (Dose("B01AD11", START - HOUR, None), "1"),
        (Dose("B01AD02", START - 30 * DAY, None), "2"),
        (Dose("B01AD02", START + HOUR, None, "not-done"), "2"),
        (Dose("B01AB05", START + HOUR, None), "2"),
    ],
)
def test_thrombolysis_is_given_for_this_stroke(dose, answer):
    assert stroke(doses=[dose])["Trombolyse"] == answer


@pytest.mark.parametrize(
    ("deeds", "answer"),
    [
        ((), "1"),
        ((Deed("ct_head", START + HOUR, START + HOUR),), "2"),
        ((Deed("mri_brain", START + DAY, START + DAY),), "3"),
        ((Deed("ct_head", START + HOUR, START + HOUR), Deed("mri_brain", START + DAY, START + DAY)), "4"),
        ((Deed("ct_head", START + HOUR, START + HOUR), Deed("mri_brain", START + 40 * DAY, START + 40 * DAY)), "2"),
        ((Deed("ct_head", START + HOUR, START + HOUR, status="not-done"),), "1"),
    ],
)
def test_pictures_of_the_brain(deeds, answer):
    assert stroke(deeds=deeds)["BildediagnostikkHjerne"] == answer


def tobacco(days, status):
    return Measure("tobacco", When(START + days * DAY), status, "", status)


def test_smoking_has_other_codes_in_the_other_registry():
    told = [tobacco(-900, "smoker"), tobacco(-30, "former")]
    assert stroke(measures=told)["RoykerPre"] == "2"
    assert heart(measures=told)["REGANGIO_SMOKING_STATUS"] == "1"
    assert stroke(measures=[tobacco(-2500, "smoker"), tobacco(30, "never")])["RoykerPre"] == "9"


@pytest.mark.parametrize(("code", "answer"), [("M", "1"), ("T", "1"), ("W", "2"), ("S", "3"), ("D", "3"), (None, "9")])
def test_marital_status(code, answer):
    assert stroke(person=replace(PERSON, marital=code))["SivilstatusPre"] == answer


@pytest.mark.parametrize(("kinds", "answer"), [(("angiography",), "1"), (("pci",), "2"), (("angiography", "pci"), "3")])
def test_angiography_that_goes_on_as_pci_is_one_case_of_both(kinds, answer):
    answers = heart(kinds)
    assert answers["REGANGIO_REGTYP"] == answer
    assert answers["REGANGIO_TIDPCI"] == "0"
    assert answers["REGANGIO_INTERDAT"] == "2025-03-02"
    assert answers["REGANGIO_ADMISSION_ER"] == "2025-03-02T11:10"


def test_an_earlier_pci_counts_a_planned_one_does_not():
    before = Deed("pci", START - 9 * DAY, START - 9 * DAY + HOUR)
    assert heart(deeds=[before])["REGANGIO_TIDPCI"] == "1"
    assert heart(deeds=[replace(before, status="preparation")])["REGANGIO_TIDPCI"] == "0"


def test_bypass_afterwards_is_no_earlier_bypass():
    assert heart(deeds=[Deed("cabg", START + 5 * DAY, START + 5 * DAY)])["REGANGIO_TIDCABG"] == "0"
    assert heart(deeds=[Deed("cabg", START - 900 * DAY, START - 900 * DAY)])["REGANGIO_TIDCABG"] == "1"


def test_the_present_infarction_is_not_the_previous_one():
    now = Illness("stemi", When(START - 5 * HOUR), START - 2 * HOUR, "s")
    answers = heart(illnesses=[now])
    assert (answers["REGANGIO_TIDINF"], answers["REGANGIO_SYMPTOM_ONSET_DATE"]) == ("0", "2025-03-02T09:10")
    old = Illness("mi", When(START - 70 * DAY), START - 70 * DAY)
    assert heart(illnesses=[now, old])["REGANGIO_TIDINF"] == "1"


def test_subdural_bleeding_is_a_previous_stroke_here():
    assert heart(illnesses=[Illness("subdural", None, START - 90 * DAY)])["REGANGIO_PREVIOUS_STROKE"] == "1"
    assert heart(illnesses=[Illness("tia", None, START - 90 * DAY)])["REGANGIO_PREVIOUS_STROKE"] == "0"


def test_insulin_is_asked_of_diabetics():
    diabetes = Illness("diabetes", None, START - 90 * DAY)
    assert heart(drugs=[drug("A10AB05")])["REGANGIO_DIABETESINSULIN"] == ""
    assert heart(illnesses=[diabetes], drugs=[drug("A10AB05")])["REGANGIO_DIABETESINSULIN"] == "1"
    assert heart(illnesses=[diabetes], drugs=[drug("A10BA02")])["REGANGIO_DIABETESINSULIN"] == "0"


def test_hypertension_is_the_disease_and_the_drug():
    pressure = Illness("hypertension", None, START - 90 * DAY)
    assert heart(illnesses=[pressure])["REGANGIO_HYPERTON"] == "0"
    assert heart(drugs=[drug("C09AA05")])["REGANGIO_HYPERTON"] == "0"
    assert heart(illnesses=[pressure], drugs=[drug("C09AA05")])["REGANGIO_HYPERTON"] == "1"


def test_ezetimibe_is_no_statin():
    assert heart(drugs=[drug("C10AX09")])["REGANGIO_STATINS"] == "0"
    assert heart(drugs=[drug("C10AA05")])["REGANGIO_STATINS"] == "1"


def creatinine(days, truth):
    return Measure("creatinine", When(START + days * DAY), 0, "umol/L", truth)


def test_the_last_creatinine_before_counts_and_less_than_is_no_number():
    values = [creatinine(-60, "50"), creatinine(-3, "80"), creatinine(-0.02, "90"), creatinine(1, "140")]
    assert heart(measures=values)["REGANGIO_SKREATININ"] == "90"
    assert heart(measures=[creatinine(-0.02, None), creatinine(1, "140")])["REGANGIO_SKREATININ"] == ""


@pytest.mark.parametrize(("percent", "answer"), [(50, "0"), (49, "2"), (40, "2"), (39, "3"), (30, "3"), (29, "4")])
def test_bands_of_ejection_fraction(percent, answer):
    measured = Measure("ejection", When(START - 20 * DAY), percent, "%", str(percent))
    assert heart(measures=[measured])["REGANGIO_HISTORY_OF_CHF"] == answer


@pytest.mark.parametrize(("atc", "answer"), [("B01AD01", "1"), ("B01AD02", "2"), ("B01AD07", "3"), ("B01AD11", "4")])
def test_thrombolysis_before_the_procedure(atc, answer):
    answers = heart(doses=[Dose(atc, START - 4 * HOUR, None)])
    assert (answers["REGANGIO_REPERTREATMENT"], answers["REGANGIO_TYPE_THROMB_THERAPY_ADM"]) == ("9", answer)
    assert answers["REGANGIO_THROMB_GIVEN_DATE"] == "2025-03-02T10:10"
    assert heart(doses=[Dose(atc, START - 30 * DAY, None)])["REGANGIO_REPERTREATMENT"] == "0"


def test_values_in_other_units_are_the_same_people():
    story = Story(Random(1), PERSON, START, START + DAY)
    units = {}
    for _ in range(300):
        for made in (height(story, When(START), 178), weight(story, When(START), 812)):
            units[made.unit] = (made.value, made.truth)
    assert units == {
        "cm": (178, "178"),
        "m": (1.78, "178"),
        "[in_i]": (70, "177.8"),
        "kg": (81.2, "81.2"),
        "g": (81200, "81.2"),
        "[lb_av]": (179, "81.2"),
    }


def test_the_dead_have_no_later_facts():
    story = Story(Random(1), PERSON, START, START + DAY)
    story.score("mrs", START + 90 * DAY, 3)
    story.score("mrs", START + HOUR, 1)
    story.dies(START + 30 * DAY)
    assert [m.truth for m in story.freeze(True, True).measures] == ["1"]


def test_nothing_happens_at_local_midnight_which_would_mean_unknown():
    winter, summer = datetime(2025, 1, 9, 23, tzinfo=UTC), datetime(2025, 7, 9, 22, tzinfo=UTC)
    for night in (winter, summer):
        assert minute_of(night).endswith("-10T00:00")
        assert minute_of(settled(night)).endswith("-10T00:01")
        assert settled(night + HOUR) == night + HOUR
        assert midnight(night + 5 * HOUR) == night
    assert minute_of(before(Random(1), winter, timedelta(), timedelta())) == "2025-01-10T00:01"


def test_times_are_written_with_the_offset_of_their_season():
    assert stamp(START, False) == "2025-03-02T14:10:00+01:00"
    assert stamp(START + 60 * DAY, False) == "2025-05-01T15:10:00+02:00"
    assert stamp(START, True) == "2025-03-02T13:10:00Z"


def test_the_journal_says_what_the_facts_say():
    """A stopped drug, a refuted disease and a date without a time, as FHIR has them."""
    pen = Pen(Random(1), "p")
    line = resources.statement(pen, drug("B01AA03", end=START - 10 * DAY, status="stopped"))
    assert (line["status"], line["medicationCodeableConcept"]["coding"][0]["code"]) == ("stopped", "B01AA03")
    assert line["effectivePeriod"]["end"][:10] == "2025-02-20"
    doubt = Illness("af", When(midnight(START), exact=False), START, "s", "refuted")
    condition = resources.condition(pen, doubt, codes.DIAGNOSES["af"][0])
    assert condition["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert condition["onsetDateTime"] == "2025-03-02"
    assert condition["encounter"] == {"reference": "Encounter/s"}
    below = resources.observation(pen, Measure("creatinine", When(START), 20, "<umol/L", None))
    assert below["valueQuantity"]["comparator"] == "<"
    assert (below["valueQuantity"]["code"], below["valueQuantity"]["unit"]) == ("umol/L", "µmol/L")


def test_a_pci_that_was_not_finished_does_not_belong_to_the_case():
    unfinished = set()
    for seed in range(200):
        story = Story(Random(seed), PERSON, START, START + DAY)
        visit = stay(START - 3 * HOUR)
        made = heart_story.operate(story, heart_story.Plan("", visit, START, "radial"), ("angiography",))
        assert [deed.kind for deed in made] == ["angiography"]
        unfinished |= {deed.status for deed in story.deeds if deed not in made}
    assert unfinished == {"stopped", "not-done", "preparation", "entered-in-error"}
