"""The truth: every variable of the guides for every case, legal codes only, and no rows for look-alikes."""

import re
from collections import Counter
from pathlib import Path

import pytest

MINUTE = r"\d{4}-\d\d-\d\dT\d\d:\d\d"
DAY = r"\d{4}-\d\d-\d\d"
YN9 = "1|2|9"
OO9 = "0|1|9"
FOCAL = ("Dysartri", "Ataksi", "Sensibilitetsutfall", "Neglekt", "Dobbeltsyn", "Synsfeltutfall", "Vertigo")
LEGAL = {
    "hjerneslag": {
        "Slagdiagnose": "1|2|3",
        "Innleggelsestidspunkt": MINUTE,
        "Symptomdebut": f"|{MINUTE}",
        "VaaknetMedSymptom": YN9,
        "MindreEnn4tSymptInnlegg": "|1|2|9",
        "Transportmetode": "[1-4]",
        "BevissthetsgradInnleggelse": "[0-3]|9",
        "NIHSSinnkomst": r"|\d|[1-3]\d|4[0-2]",
        "NIHSSikkeUtfort": "0|1",
        "Facialisparese": YN9,
        "Armparese": YN9,
        "Beinparese": YN9,
        "Spraakproblem": YN9,
        "AndreFokaleSympt": YN9,
        **dict.fromkeys(FOCAL, "0|1"),
        "MRSPre": "|[0-5]",
        "MRS3mnd": "|[0-6]",
        "BoligforholdPre": "[1-4]|9",
        "SivilstatusPre": "[1-3]|9",
        "RoykerPre": "[0-2]|9",
        "Atrieflimmer": YN9,
        "PreDiabetes": YN9,
        "TidlHjerneslag": YN9,
        "TidlTIA": YN9,
        "TidlHjerteinfarkt": YN9,
        "PreASA": YN9,
        "PreKlopidogrel": YN9,
        "PreDipyridamol": YN9,
        "PreWarfarin": YN9,
        "PreAndreEnnWarfarin": YN9,
        "PreStatinerLipid": YN9,
        "BildediagnostikkHjerne": "[1-5]|9",
        "RegistreringHjerterytme": "[1-5]|9",
        "Trombolyse": YN9,
        "TrombolyseStarttid": f"|{MINUTE}",
        "Trombektomi": YN9,
        "SvelgtestUtfort": YN9,
        "AvdForstInnlagt": "|1",
        "AvdForstInnlagtHvilken": "-1|[1-6]",
        "UtskrTil": r"[1-9]|1[0-2]",
    },
    "noric": {
        "PATIENT_GENDER": "1|2",
        "PATIENT_DECEASED": "0|1",
        "REGANGIO_INTERDAT": DAY,
        "REGANGIO_REGTYP": "[1-3]",
        "REGANGIO_HEIGHT": r"|1\d\d",
        "REGANGIO_WEIGHT": r"|\d{2,3}",
        "REGANGIO_SKREATININ": r"|\d{2,3}",
        "REGANGIO_TIDPCI": OO9,
        "REGANGIO_TIDCABG": OO9,
        "REGANGIO_DIABETES": OO9,
        "REGANGIO_DIABETESINSULIN": "|0|1|9",
        "REGANGIO_PREVIOUS_STROKE": OO9,
        "REGANGIO_PERIPHERAL_VASCULAR_DISEASE": OO9,
        "REGANGIO_SMOKING_STATUS": "[0-2]|9",
        "REGANGIO_HYPERTON": OO9,
        "REGANGIO_STATINS": OO9,
        "REGANGIO_TIDINF": OO9,
        "REGANGIO_HISTORY_OF_CHF": "0|[2-5]|9",
        "REGANGIO_INDIKATION": r"[1-9]|1\d|2[0-2]|99",
        "REGANGIO_REPERTREATMENT": "[0-4]|9",
        "REGANGIO_TYPE_THROMB_THERAPY_ADM": "|[1-4]|9",
        "REGANGIO_THROMB_GIVEN_DATE": f"|{MINUTE}",
        "REGANGIO_KILLIPKLASS": "[1-4]|9",
        "REGANGIO_SYMPTOM_ONSET_DATE": f"|{MINUTE}",
        "REGANGIO_PREHOSPITAL_ECG_DATE": f"|{MINUTE}",
        "REGANGIO_CSS": "[0-4]|9",
        "REGANGIO_NYHA": "[1-4]|9",
        "REGANGIO_CARD": OO9,
        "REGANGIO_MYOKARD": OO9,
        "REGANGIO_ADMISSION_ER": MINUTE,
        "REGANGIO_PUNKT": r"[1-9]|1[01]|88",
        "REGANGIO_FYND": "[0-8]",
    },
}
STROKE_SNOMED = {"230690007", "422504002", "371040005", "371041009", "274100004", "195165005"}
HEART = {"33367005", "415070008", "11101003", "FNG02", "FNG05"}


@pytest.mark.parametrize("registry", LEGAL)
def test_the_table_names_the_variables_of_the_guide(registry):
    guide = Path("registries/definitions") / registry / "README.md"
    rows = re.findall(r"^\| ([A-Z]\w+(?:, \w+)*) \|", guide.read_text(encoding="utf-8"), re.M)
    assert {name for row in rows for name in row.split(", ")} == set(LEGAL[registry])


def test_every_case_has_every_variable_with_a_legal_code(export):
    cases = export.cases()
    for (registry, _, start), answers in cases.items():
        assert set(answers) == set(LEGAL[registry])
        assert re.fullmatch(MINUTE, start)
        for variable, value in answers.items():
            assert re.fullmatch(LEGAL[registry][variable], value), (registry, variable, value)
    assert Counter(registry for registry, _, _ in cases) == export.summary.cases


def test_variables_vary(export):
    values = {}
    for row in export.truth:
        values.setdefault((row["registry"], row["variable"]), set()).add(row["value"])
    assert [name for name, seen in values.items() if len(seen) < 2] == []


def test_what_belongs_together_agrees(export):
    for (registry, _, start), a in export.cases().items():
        if registry == "hjerneslag":
            assert a["Innleggelsestidspunkt"] == start
            assert (a["NIHSSinnkomst"] == "") == (a["NIHSSikkeUtfort"] == "1")
            assert (a["Symptomdebut"] == "") == (a["MindreEnn4tSymptInnlegg"] == "")
            assert (a["TrombolyseStarttid"] != "") == (a["Trombolyse"] == "1")
            if a["Symptomdebut"].endswith("T00:00") or start.endswith("T00:00"):
                assert a["MindreEnn4tSymptInnlegg"] in {"9", ""}
        else:
            assert start.startswith(a["REGANGIO_INTERDAT"])
            assert a["REGANGIO_ADMISSION_ER"] < start
            assert (a["REGANGIO_DIABETESINSULIN"] == "") == (a["REGANGIO_DIABETES"] == "0")
            assert (a["REGANGIO_THROMB_GIVEN_DATE"] == "") == (a["REGANGIO_REPERTREATMENT"] == "0")
            assert (a["REGANGIO_TYPE_THROMB_THERAPY_ADM"] == "") == (a["REGANGIO_REPERTREATMENT"] == "0")


def test_several_cases_of_one_patient_lie_apart(export):
    starts = {}
    for registry, patient, start in export.cases():
        starts.setdefault((registry, patient), []).append(start)
    several = {key: sorted(found) for key, found in starts.items() if len(found) > 1}
    assert {registry for registry, _ in several} == {"hjerneslag", "noric"}
    cases = export.cases()
    for (registry, patient), found in several.items():
        later = cases[registry, patient, found[1]]
        if registry == "hjerneslag":
            assert later["TidlHjerneslag"] == "1"
        elif cases[registry, patient, found[0]]["REGANGIO_REGTYP"] != "1":
            assert later["REGANGIO_TIDPCI"] == "1"


def _latest(export, kind):
    kept = {}
    for resource in export.resources(kind):
        known = kept.get(resource["id"])
        if known is None or known["meta"]["lastUpdated"] <= resource["meta"]["lastUpdated"]:
            kept[resource["id"]] = resource
    return kept.values()


def _is_stroke(condition):
    for coding in condition["code"]["coding"]:
        if coding["code"] in STROKE_SNOMED or coding["code"][:3] in {"I61", "I63", "I64"}:
            return True
    return False


def _counts(condition):
    status = condition.get("verificationStatus")
    return status is None or status["coding"][0]["code"] == "confirmed"


def _stroke_patients(export):
    wards = {
        e["id"]
        for e in _latest(export, "Encounter")
        if e["class"]["code"] in {"IMP", "EMER"} and e["status"] in {"finished", "in-progress"}
    }
    for condition in _latest(export, "Condition"):
        stay = condition.get("encounter", {}).get("reference", "").removeprefix("Encounter/")
        if _is_stroke(condition) and _counts(condition) and stay in wards:
            yield condition["subject"]["reference"].removeprefix("Patient/")


def _heart_patients(export):
    for procedure in _latest(export, "Procedure"):
        if procedure["status"] == "completed" and procedure["code"]["coding"][0]["code"] in HEART:
            yield procedure["subject"]["reference"].removeprefix("Patient/")


@pytest.mark.parametrize(("registry", "read"), [("hjerneslag", _stroke_patients), ("noric", _heart_patients)])
def test_patients_with_truth_are_those_whose_journal_shows_a_case(export, registry, read):
    told = {patient for name, patient, _ in export.cases() if name == registry}
    shown = set(read(export))
    assert shown <= told, "a look-alike would be registered"
    assert len(told - shown) <= export.summary.mess["local_code_of_event"]


def test_look_alikes_are_there(export):
    told = {patient for _, patient, _ in export.cases()}
    others = [c for c in _latest(export, "Condition") if c["subject"]["reference"].removeprefix("Patient/") not in told]
    tempting = [c for c in others if _is_stroke(c) and "encounter" in c]
    assert any(not _counts(c) for c in tempting)
    assert any(_counts(c) for c in tempting), "at a visit, or in a stay that never was"
    procedures = _latest(export, "Procedure")
    found = {(p["code"]["coding"][0]["code"], p["status"]) for p in procedures}
    assert {status for code, status in found if code in HEART} >= {"preparation", "not-done", "completed"}
    assert ("419545005", "completed") in found
