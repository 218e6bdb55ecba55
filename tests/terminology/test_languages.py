"""Which term is shown: by language reference set, the first of the languages asked for that has one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rf2_editing import ACCEPTABLE, FSN, INSENSITIVE, NORWAY, PREFERRED, PRIMITIVE, SYNONYM, VERSION, Edit

from fixtures.snomed.make_release import sctid_of
from terminology.snomed.release import Release

STROKE, HEADACHE = 230690007, 25064002
NB, NN, US, GB = 61000202103, 91000202106, 900000000000509007, 900000000000508004
TAGS = ("nb", "nn", "en", "en-US", "en-GB", f"nb-x-{NB}", str(NN), "x-y-x-sctlang-90000000-00005080-04", "123456")


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    return Edit(tmp_path)


def _naive(release: Release, sctid: int, languages: tuple[str, ...]) -> str | None:
    """The rule, read from the descriptions themselves."""
    refsets = {"nb": [NB], "nn": [NN], "en": [US, GB], "en-US": [US], "en-GB": [GB]}
    for language in languages:
        digits = language.rpartition("-x-")[2].replace("sctlang-", "").replace("-", "")
        for refset in refsets.get(language) or [int(digits)]:
            for one in release.descriptions(sctid):
                if one.active and one.type == "synonym" and refset in one.preferred_in:
                    return one.term
    return None


@given(st.lists(st.sampled_from(TAGS)).map(tuple))
def test_terms_one_by_one_and_all_at_once_are_by_the_rule(release: Release, languages: tuple[str, ...]) -> None:
    expected = [_naive(release, sctid, languages) for sctid in release.ids.tolist()]
    assert [release.preferred_term(sctid, languages) for sctid in release.ids.tolist()] == expected
    shown = release.preferred_terms(np.arange(len(release.ids)), languages)
    assert shown == [term or release.fsn(sctid) for term, sctid in zip(expected, release.ids.tolist(), strict=True)]


def test_terms_of_no_concepts_are_none(release: Release) -> None:
    assert release.preferred_terms(np.empty(0, dtype=np.int64)) == []


@pytest.mark.parametrize("language", ["no", "", "nb-NO", "x-1", "sv-x-abc"])
def test_a_language_without_reference_set_is_an_error(release: Release, language: str) -> None:
    with pytest.raises(ValueError, match="no language reference set"):
        release.preferred_terms(np.arange(3), ("nb", language))


def test_the_release_says_which_reference_sets_stand_for_which_language(release: Release) -> None:
    assert release.info.languages == {"nb": (NB,), "nn": (NN,), "en": (US, GB), "en-US": (US,), "en-GB": (GB,)}


def _swedish(edit: Edit, tmp_path: Path, term: str) -> int:
    """A language of its own, with its reference set, in files of its own."""
    refset = edit.concept(9905, "Swedish", "138875005")
    sctid = sctid_of(96001, "11")
    head = "id\teffectiveTime\tactive\tmoduleId"
    row = (sctid, VERSION, "1", NORWAY, str(STROKE), "sv", SYNONYM, term, INSENSITIVE)
    header = f"{head}\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId"
    path = tmp_path / "rf2" / f"sct2_Description_Snapshot-sv_SE1000052_{VERSION}.txt"
    path.write_text(f"{header}\n" + "\t".join(row) + "\n", "utf-8")
    edit.file("der2_cRefset_SwedishLanguage", "acceptabilityId", [[refset, sctid, PREFERRED]])
    return int(refset)


def test_a_language_that_nobody_configured_is_found_in_the_release(edit: Edit, tmp_path: Path) -> None:
    refset = _swedish(edit, tmp_path, "slaganfall")
    release = edit.imported()
    assert release.info.languages["sv"] == (refset,)
    for tag in ("sv", f"sv-x-{refset}"):
        assert release.preferred_term(STROKE, (tag,)) == "slaganfall"
    assert release.preferred_term(HEADACHE, ("sv", "nb", "nn")) == "hovudverk"


def test_of_two_preferred_terms_that_with_the_lowest_identifier_counts(edit: Edit) -> None:
    edit.describe(str(STROKE), "nb", SYNONYM, "andre", str(NB))
    assert edit.imported().preferred_term(STROKE, ("nb",)) == "hjerneslag"


def test_what_is_inactive_or_acceptable_only_is_not_preferred(edit: Edit) -> None:
    (mine,) = (row for row in edit.rows("Description_Snapshot-nb") if row[7] == "hjerneslag" and row[4] == str(STROKE))
    edit.set("LanguageSnapshot-nb", {5: mine[0]}, {6: ACCEPTABLE})
    release = edit.imported("acceptable")
    assert release.preferred_term(STROKE, ("nb", "nn")) == "hjerneslag", "Nynorsk has the same word"
    assert release.preferred_term(STROKE, ("nb",)) is None
    edit.set("LanguageSnapshot-nb", {5: mine[0]}, {6: PREFERRED})
    edit.set("Description_Snapshot-nb", {0: mine[0]}, {2: "0"})
    assert edit.imported("inactive").preferred_term(STROKE, ("nb",)) is None


def test_a_concept_without_any_term_is_shown_by_its_identifier(edit: Edit) -> None:
    sctid = sctid_of(9906, "10")
    edit.add("Concept_", sctid, VERSION, "1", NORWAY, PRIMITIVE)
    release = edit.imported()
    assert release.preferred_terms(release.ids.searchsorted([int(sctid), STROKE])) == [sctid, "hjerneslag"]
    assert release.fsn(int(sctid)) is None


def test_the_english_full_name_goes_before_others(edit: Edit) -> None:
    edit.describe(str(STROKE), "nb", FSN, "Hjerneslag (tilstand)", str(NB))
    assert edit.imported().fsn(STROKE) == "Cerebrovascular accident (disorder)"
