"""Rules as maps write them, and a hierarchy of a few infarctions."""

from __future__ import annotations

from terminology.snomed.map_truth import Context

ONSET = "IFA 445518008 | Age at onset of clinical finding (observable entity) |"
NOW = "IFA 424144002 | Current chronological age (observable entity) |"
FEMALE = "IFA 248152002 | Female (finding) |"
MALE = "IFA 248153007 | Male (finding) |"
MI, ACUTE, OLD, STEMI, PAIN = 22298006, 57054005, 1755008, 401303003, 29857009
IF_ACUTE = f"IFA {ACUTE} | Acute myocardial infarction (disorder) |"
IF_OLD = f"IFA {OLD} | Old myocardial infarction (disorder) |"
TEEN = f"{ONSET} >= 12.0 years AND {ONSET} < 19.0 years"
NOBODY = Context()


class Infarctions:
    """STEMI below acute below MI; old below MI."""

    def subsumes(self, a: int, b: int) -> bool:
        above = {STEMI: {STEMI, ACUTE, MI}, ACUTE: {ACUTE, MI}, OLD: {OLD, MI}, MI: {MI}}
        return a in above.get(b, set())
