"""Two releases in a folder, the second with some of everything changed."""

from __future__ import annotations

from pathlib import Path

from fixtures.snomed.make_release import sctid_of
from reporting.releases import FolderReleases
from tests.terminology.rf2_editing import ACCEPTABLE, IS_A, PREFERRED, Edit

STROKE, INFARCTION, HAEMORRHAGE, HEADACHE, MIGRAINE, SITE, HEART = (
    "230690007",
    "432504007",
    "274100004",
    "25064002",
    "37796009",
    "363698007",
    "80891009",
)
#: More new concepts than one page of a list shows.
NEW = 120


def two_releases(folder: Path) -> FolderReleases:
    """The example release as `one`, and as `two` what became of it."""
    edit = Edit(folder)
    one = edit.imported("one")
    edit.concepts([(9300 + number, f"ny diagnose {number} <b>") for number in range(NEW)], STROKE)
    edit.set("Concept_", {0: HEADACHE}, {2: "0"})
    edit.associate(HEADACHE, "900000000000526001", MIGRAINE)
    edit.set("Relationship", {4: INFARCTION, 7: IS_A}, {5: HAEMORRHAGE})
    edit.set("Relationship", {4: INFARCTION, 7: SITE}, {5: HEART})
    for description in one.descriptions(int(STROKE)):
        if description.language == "nb" and description.term in ("slag", "hjerneslag"):
            how = PREFERRED if description.term == "slag" else ACCEPTABLE
            edit.set("LanguageSnapshot-nb", {5: str(description.id)}, {6: how})
    edit.set("SimpleMap", {5: STROKE}, {6: "I64.9"})
    edit.add("SimpleSnapshot", *edit.member(sctid_of(9002, "10"), INFARCTION))
    edit.imported("two")
    return FolderReleases(folder / "store")
