"""What people find in the example release, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from search_material import Made, Term, answers

from fixtures.snomed.make_release import sctid_of
from terminology.snomed import ids
from terminology.snomed.ecl import evaluate
from terminology.snomed.release import Release
from terminology.snomed.search import SearchOptions, search, words_matching

STROKE, ISCHEMIC, HISTORY_OF_STROKE, TIA = 230690007, 422504002, 275526006, 266257000
MI, ACUTE_MI, STEMI, NSTEMI, OLD_MI, HEART = 22298006, 57054005, 401303003, 401314000, 1755008, 80891009
DIABETES_2, DIABETES_2_OBESE, BLEEDING, SPRAIN, SMOKER = 44054006, 81531005, 50960005, 44465007, 77176002
HEADACHE, ANGIO_CT, INFARCT, FIBRILLATION, COLONOSCOPY, AF = 25064002, 419545005, 55641003, 71908006, 73761001, 49436004
APOPLEXY, APOPLEXY_OLD = int(sctid_of(9011, "10")), int(sctid_of(9012, "10"))


@dataclass(frozen=True)
class Case:
    """A query, how it is asked, the first concepts in order, concepts that may not be found, and how many are."""

    query: str
    first: tuple[int, ...]
    options: dict[str, Any] = field(default_factory=dict)
    without: frozenset[int] = frozenset()
    total: int | None = None


EXACT = {"fuzzy": False}
CASES = (
    # the obvious answer first
    Case("hjerneslag", (STROKE, ISCHEMIC, HISTORY_OF_STROKE), EXACT, total=4),
    Case("HJERNESLAG", (STROKE, ISCHEMIC, HISTORY_OF_STROKE), EXACT, total=4),
    Case("hjerteinfarkt", (MI, ACUTE_MI)),
    Case("akutt hjerteinfarkt", (ACUTE_MI, STEMI)),
    Case("infarkt", (INFARCT,), total=5, without=frozenset({MI})),
    Case("hjerte", (HEART,)),
    Case("slag", (STROKE,)),
    Case("TIA", (TIA,)),
    Case("nstemi", (NSTEMI,), total=1),
    Case("heart att", (MI,), total=1),
    Case("Stroke", (STROKE,)),
    # beginnings of words in any order
    Case("akutt hj", (ACUTE_MI, STEMI, NSTEMI), total=3),
    Case("hj ak", (ACUTE_MI, STEMI, NSTEMI), total=3),
    Case("diab mel 2", (DIABETES_2, DIABETES_2_OBESE), total=2),
    Case("type 2", (DIABETES_2, DIABETES_2_OBESE), total=2),
    Case("2 type", (DIABETES_2, DIABETES_2_OBESE), total=2),
    # compounds: the beginning, or what follows a hyphen
    Case("farkt", (), EXACT, total=0),
    Case("angiografi", (77343006, 33367005, ANGIO_CT), total=3),
    Case("CT-ang", (ANGIO_CT,), total=1),
    Case("ang ct", (ANGIO_CT,), total=1),
    Case("elevasjon", (STEMI, NSTEMI), total=2),
    Case("1-9", (160603005,), total=1),
    # æ, ø and å
    Case("blødning", (BLEEDING,), EXACT, total=4),
    Case("blodning", (), EXACT, total=0),
    Case("blodning", (BLEEDING,), {"fold": True, "fuzzy": False}, total=4),
    Case("blødning", (BLEEDING,), {"fold": True, "fuzzy": False}, total=4),
    Case("blödning", (BLEEDING,), {"fold": True, "fuzzy": False}, total=4),
    Case("blödning", (), EXACT, total=0),
    Case("bløt", (), EXACT, without=frozenset({STROKE})),
    Case("overtrå", (SPRAIN,), {"languages": ("nb",)}, total=1),
    Case("overtra", (), {"languages": ("nb",), "fuzzy": False}, total=0),
    Case("overtra", (SPRAIN,), {"languages": ("nb",), "fuzzy": False, "fold": True}, total=1),
    Case("BLØDNING I BASALGANGLIENE", (195165005,), EXACT, total=1),
    Case("blo\u0308dning blødning", (), EXACT, total=0),
    # languages
    Case("røykjar", (SMOKER,)),
    Case("røykjar", (SMOKER,), {"languages": ("nn",)}, total=3),
    Case("røykjar", (), {"languages": ("nb", "en"), "fuzzy": False}, total=0),
    Case("hovudverk", (HEADACHE,), {"languages": ("nn",)}, total=1),
    Case("headache", (HEADACHE,), {"languages": ("en-GB",)}, total=1),
    Case("headache", (), {"languages": ("nb", "nn")}, total=0),
    Case("hjarteinfarkt", (MI, ACUTE_MI, OLD_MI), EXACT, total=3),
    # misspelt, and perhaps not finished
    Case("hjerneslg", (STROKE, ISCHEMIC)),
    Case("hjertinfarkt", (MI, ACUTE_MI)),
    Case("hjerteinfrakt", (MI, ACUTE_MI)),
    Case("hjerteinfarktt", (MI, ACUTE_MI)),
    Case("jherteinfarkt", (MI, ACUTE_MI)),
    Case("erteinfarkt", (MI, ACUTE_MI)),
    Case("hjretesv", (84114007,)),
    Case("hjerteinfrakt akutt", (ACUTE_MI, STEMI)),
    Case("akut hjertinfarkt", (ACUTE_MI, STEMI)),
    Case("fibrilation ventriclar", (FIBRILLATION,)),
    Case("blodning", (BLEEDING,)),
    Case("hjerneslg", (), EXACT, total=0),
    Case("hjrneslag", (STROKE, ISCHEMIC)),
    Case("xyz", (), total=0),
    Case("lungekreft", (), total=0),
    # compounds written apart
    Case("hjerte infarkt", (MI, ACUTE_MI)),
    Case("akutt hjerte infarkt", (ACUTE_MI, STEMI)),
    Case("over trakk", (SPRAIN,), {"fold": True}, total=1),
    Case("hjerte infarkt", (), EXACT, total=0),
    # an exact word is not corrected
    Case("NSTEMI", (NSTEMI,), without=frozenset({STEMI})),
    Case("koloskopi", (COLONOSCOPY,), total=1),
    # semantic tags and expressions
    Case("hjerte", (HEART,), {"semantic_tags": ("body structure",)}, total=4),
    Case("hjerte", (), {"semantic_tags": ("body",)}, total=0),
    Case("hjerte", (HEART,), {"semantic_tags": ("body structure", "disorder")}, without=frozenset({118797008})),
    Case("infarkt", (230698000,), {"semantic_tags": ("disorder",)}),
    # active or not
    Case("apopleksi", (STROKE,), total=1),
    Case("apopleksi", (STROKE, APOPLEXY, APOPLEXY_OLD), {"active": False}, total=3),
    Case("utgått", (), EXACT, total=0),
    # queries that are none
    Case("", (), total=0),
    Case("   ", (), total=0),
    Case("'\"%_*/\\()[]{}|<>&;:-–", (), total=0),
    Case("\x00\ud800\ufffe\u0301", (), total=0),
    Case("'hjerneslag\"/*", (STROKE,), EXACT),
    Case("hjerneslag OR 1=1", (), EXACT, total=0),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.query}-{case.options}"[:60])
def test_search(release: Release, case: Case) -> None:
    result = release.search(case.query, SearchOptions(**{"limit": 1000} | case.options))
    found = [hit.concept for hit in result.hits]
    assert tuple(found[: len(case.first)]) == case.first
    assert not case.without & set(found)
    assert result.total == len(found) == len(set(found))
    if case.total is not None:
        assert result.total == case.total


def test_a_concept_is_found_by_each_of_its_active_terms(release: Release) -> None:
    for concept in release.ids[release.active].tolist():
        for description in release.descriptions(concept):
            if description.active and description.type != "definition":
                result = release.search(description.term, SearchOptions(limit=10))
                assert any(hit.concept == concept for hit in result.hits), description.term


def test_an_expression_restricts(release: Release) -> None:
    below = evaluate(release, "<< 22298006")
    everywhere = release.search("akutt", SearchOptions(limit=1000))
    inside = release.search("akutt", SearchOptions(limit=1000, within=below))
    assert inside.hits == tuple(hit for hit in everywhere.hits if hit.concept in below)
    assert 0 < inside.total < everywhere.total
    assert release.search("akutt", SearchOptions(limit=1000, within=np.isin(release.ids, list(below)))) == inside
    assert release.search("akutt", SearchOptions(within=frozenset())).total == 0
    assert release.search("akutt", SearchOptions(within=frozenset({1}))).total == 0


def test_a_hit_says_what_it_is(release: Release) -> None:
    hit = release.search("heart att").hits[0]
    (description,) = (one for one in release.descriptions(MI) if one.term == "Heart attack")
    assert (hit.concept, hit.description, hit.term) == (MI, description.id, "Heart attack")
    assert (hit.preferred, hit.fsn) == ("hjerteinfarkt", "Myocardial infarction (disorder)")


def test_pages_follow_one_another(release: Release) -> None:
    whole = release.search("hjerte", SearchOptions(limit=1000))
    pages = [release.search("hjerte", SearchOptions(limit=7, offset=offset)) for offset in range(0, whole.total + 7, 7)]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {page.total for page in pages} == {whole.total}
    assert release.search("hjerte", SearchOptions(limit=0)).hits == ()


def test_a_negative_page_is_an_error() -> None:
    with pytest.raises(ValueError, match="not negative"):
        SearchOptions(offset=-1)


def test_an_unknown_language_is_an_error(release: Release) -> None:
    with pytest.raises(ValueError, match="'tlh'"):
        release.search("hjerte", SearchOptions(languages=("tlh",)))


@pytest.mark.parametrize(
    "query", ["hjerte " * 2000, "h" * 10_000, "a" * 10_001, " ".join(f"ord{n}" for n in range(1500))]
)
def test_a_long_query_is_answered(release: Release, query: str) -> None:
    result = release.search(query, SearchOptions(limit=5))
    assert len(result.hits) <= 5
    assert result.total == (
        release.search("hjerte").total if query.startswith("hjerte") and len(query) <= 10_000 else 0
    )


@pytest.mark.parametrize(
    ("term", "query", "marked"),
    [
        ("hjerneslag", "hjerne", "[hjerne]slag"),
        ("akutt hjerteinfarkt med ST-elevasjon", "st hjerte", "akutt [hjerte]infarkt med [ST]-elevasjon"),
        ("Straße nach Aussen", "strass", "[Straß]e nach Aussen"),
        ("ﬁbrose", "f", "[ﬁ]brose"),
        ("Sjo\u0308gren", "sjö", "[Sjo\u0308]gren"),
        ("a\u030are", "å", "[a\u030a]re"),
        ("Ménière", "meni", "[Méni]ère"),
        ("hjerne\u00adslag", "hjernes", "[hjerne\u00ads]lag"),
        ("hjerte og hjerne", "hj", "[hj]erte og [hj]erne"),
        ("hjerte", "h hj hje", "[hje]rte"),
        ("5½ år", "1 2", "5[½] år"),
        ("blødning", "blodnign", "[blødning]"),
        ("trombolysebehandling", "tromoblyse", "[trombolyse]behandling"),
    ],
)
def test_marks(term: str, query: str, marked: str) -> None:
    (hit,) = search(Made([Term(0, term)]), query).hits
    ends = [0, *(place for span in hit.marks for place in span), len(term)]
    parts = [term[first:last] for first, last in pairwise(ends)]
    assert "".join(f"[{part}]" if number % 2 else part for number, part in enumerate(parts)) == marked


NB, NN, US = ids.LANGUAGES["nb"][0], ids.LANGUAGES["nn"][0], ids.LANGUAGES["en-US"][0]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (Term(1, "kne"), Term(0, "kneet")),
        (Term(1, "kne", language="en", refsets=((US, False),)), Term(0, "kneet")),
        (Term(1, "kne", refsets=((NB, False),)), Term(0, "kneskade")),
        (Term(1, "kneskade"), Term(0, "knesår", refsets=((NB, False),))),
        (Term(1, "knesmerte", refsets=((NB, True),)), Term(0, "kneskade", refsets=((NN, True),))),
        (Term(1, "knesmerte", refsets=((NN, True),)), Term(0, "knee", language="en", refsets=((US, True),))),
        (Term(1, "kneskade venstre"), Term(0, "kneskade i benet")),
        (Term(1, "kne venstre side"), Term(0, "kneledd i benet")),
        (Term(1, "kneskade nå"), Term(0, "en kneskade")),
        (Term(1, "kneleddssmerte", active=True), Term(0, "knesmerte", active=False)),
        (Term(1, "knesmerte uklar"), Term(0, "Kneskade (ny)", type="fsn")),
        (Term(1, "knesår"), Term(0, "kneskade")),
        (Term(1, "knesår"), Term(0, "knetåa")),
        (Term(1, "kneæøå"), Term(0, "kneåøæ")),
        (Term(0, "knesår"), Term(1, "knesår")),
    ],
)
def test_the_better_term_comes_first(better: Term, worse: Term) -> None:
    result = search(Made([better, worse]), "kne", SearchOptions(active=False))
    assert [hit.concept - 1000 for hit in result.hits] == [better.concept, worse.concept]


def test_words_in_the_order_asked_come_first() -> None:
    made = Made([Term(0, "kne med skade venstre"), Term(1, "kne venstre med skaden")])
    assert [hit.concept for hit in search(made, "kne ven skad").hits] == [1001, 1000]


def test_a_word_is_whole_when_only_its_marks_are_missing() -> None:
    made = Made([Term(0, "hest pann"), Term(1, "venstre på")])
    assert [hit.concept for hit in search(made, "pa", SearchOptions(fold=True)).hits] == [1001, 1000]
    assert search(Made([Term(0, "hånd"), Term(1, "hane")]), "hand", SearchOptions(fold=True)).total == 1


def test_a_concept_with_very_many_terms_hides_no_other() -> None:
    made = Made([*(Term(0, f"kne {number}") for number in range(300)), Term(1, "kneskade med veldig mange ord i seg")])
    assert [hit.concept for hit in search(made, "kne", SearchOptions(limit=2)).hits] == [1000, 1001]


@pytest.mark.parametrize(
    ("terms", "query", "found"),
    [
        (("NSTEMI", "STEMI"), "nstemi", {0}),
        (("kneskade a", "kneskader b", "kneskadet c", "kneskode"), "kneskad", {0, 1, 2}),
        (("kneskade a", "kneskader b", "kneskode"), "kneskad", {0, 1, 2}),
        (("stor fest i dag", "liten hest"), "stor hest", {0}),
        (("stor fest i dag", "liten hest"), "hest", {1}),
        (("hjerteinfarkt", "hjerte med infarkt"), "hjerte infarkt", {1}),
    ],
)
def test_other_words_are_tried_only_when_needed(terms: tuple[str, ...], query: str, found: set[int]) -> None:
    result = search(Made([Term(number, term) for number, term in enumerate(terms)]), query)
    assert {hit.concept - 1000 for hit in result.hits} == found


def test_no_more_than_fifty_other_words_are_tried() -> None:
    made = Made(
        [
            Term(number, f"kneskade{first}{second}")
            for number, (first, second) in enumerate(product("abcdefgh", repeat=2))
        ]
    )
    assert search(made, "kneskida").total == 50


def test_of_equal_terms_the_disorder_comes_before_the_morphology() -> None:
    terms = [
        Term(concept, text, kind)
        for concept, tag in enumerate(("morphologic abnormality", "disorder"))
        for text, kind in (("Bleeding", "synonym"), (f"Bleeding ({tag})", "fsn"))
    ]
    assert [hit.concept for hit in search(Made(terms), "bleeding").hits] == [1001, 1000]


def test_a_concept_is_shown_once_by_its_best_term() -> None:
    terms = [
        Term(0, "Knesmerte (funn)", "fsn"),
        Term(0, "knesmerte"),
        Term(0, "smerte i kne"),
        Term(1, "kneproblem, smerte og uro"),
    ]
    result = search(Made(terms), "kne smerte")
    assert [hit.term for hit in result.hits] == ["smerte i kne", "kneproblem, smerte og uro"]
    assert result.total == 2


def test_definitions_are_not_searched_but_have_their_words() -> None:
    made = Made([Term(0, "kne"), Term(0, "Leddet mellom lår og legg.", "definition")])
    assert search(made, "leddet").total == 0
    assert words_matching(made, ("ledd", "lår")).tolist() == [False, True]


@pytest.mark.parametrize(
    ("language", "asked", "found"),
    [
        ("nb", "nb", 1),
        ("no", "nb", 1),
        ("no", "nn", 1),
        ("en", "en-GB", 1),
        ("nb", "nn", 0),
        ("sv", "nb", 0),
        ("no", "en", 0),
    ],
)
def test_without_reference_sets_a_term_is_in_the_language_it_is_written_in(
    language: str, asked: str, found: int
) -> None:
    made = Made([Term(0, "kne", language=language, refsets=())])
    assert search(made, "kne", SearchOptions(languages=(asked,))).total == found


def test_a_term_of_another_dialect_is_not_found() -> None:
    made = Made([Term(0, "Leucocyte", language="en", refsets=((ids.LANGUAGES["en-GB"][0], True),))])
    assert search(made, "leucocyte", SearchOptions(languages=("en-US",))).total == 0
    assert search(made, "leucocyte", SearchOptions(languages=("en",))).total == 1


@pytest.mark.parametrize(
    ("names", "tags", "total"),
    [
        ([("Knee (body structure)", "en", True)], ("body structure",), 1),
        ([("Knee (left) (body structure)", "en", True)], ("body structure",), 1),
        ([("Knee (left) (body structure)", "en", True)], ("left",), 0),
        ([("Kne (kroppsdel)", "nb", True), ("Knee (body structure)", "en", True)], ("body structure",), 1),
        ([("Kne (kroppsdel)", "nb", True), ("Knee (body structure)", "en", True)], ("kroppsdel",), 0),
        ([("Knee (finding)", "en", False), ("Knee (body structure)", "en", True)], ("finding",), 0),
        ([("Knee (finding)", "en", False)], ("finding",), 1),
        ([("Knee", "en", True)], ("",), 1),
        ([("Knee )", "en", True), ("", "nb", True)], ("",), 1),
        ([("Knee ()", "en", True)], ("",), 1),
        ([], ("",), 1),
    ],
)
def test_semantic_tags(names: list[tuple[str, str, bool]], tags: tuple[str, ...], total: int) -> None:
    terms = [Term(0, text, "fsn", language, active) for text, language, active in names]
    made = Made([*terms, Term(0, "Kneet"), Term(1, "Annet"), Term(1, "Other (event)", "fsn")])
    assert search(made, "kneet", SearchOptions(semantic_tags=tags)).total == total


def test_nothing_is_found_in_nothing() -> None:
    made = Made([])
    assert search(made, "kne").total == 0
    assert words_matching(made, ("kne",)).tolist() == []


@pytest.mark.parametrize(
    "terms",
    [[""], ["-"], ["-", "kne"], ["", "kne", ""], ["x" * 10_000_000], ["kne " * 70_000, "x"], ["éx" * 1_000_000]],
)
def test_odd_terms_are_indexed(terms: list[str]) -> None:
    made = Made([Term(number, term) for number, term in enumerate(terms)])
    for word in ("kne", "x"):
        assert search(made, word).total == sum(answers(term[:9], word) for term in terms)


def test_a_term_is_read_as_far_as_rf2_lets_terms_be() -> None:
    made = Made([Term(0, "é" * 2000 + " " + "æ" * 48 + " kne"), Term(1, "y" * 4092 + " kne")])
    assert search(made, "kne").total == 1
    assert search(made, "æ" * 47, SearchOptions(fuzzy=False)).total == 1
    assert search(made, "æ" * 48, SearchOptions(fuzzy=False)).total == 0
