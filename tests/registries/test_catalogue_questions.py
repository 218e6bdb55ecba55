"""What people ask of the catalogue: where is …, who uses …, what may be the same."""

from __future__ import annotations

import random

import pytest

from registries.catalogue import Catalogue, NormedVariable, load_catalogue
from registries.catalogue.candidates import Candidate, Described, candidates, described, described_fields
from registries.catalogue.search import search
from registries.catalogue.usage import usage
from registries.codebooks import Codebook, openqreg_reading
from registries.definition import Definition, load_definition
from tests.journals import DEFINITIONS
from tests.registries import plans

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("røyking", "smoking"),
        ("RØYK", "smoking"),  # the beginning of a word, in any case
        ("royk", "smoking"),  # without the letter's mark
        ("smoker", "smoking"),  # a value, in English
        ("har sluttet", "smoking"),
        ("hjarteinfarkt", "previous-infarction"),  # nynorsk
        ("hjerteinfarkt", "previous-infarction"),
        ("infarction previous", "previous-infarction"),  # in any order
        ("nihss-total", "nihss-total"),  # its name
        ("mekanisk", "thrombectomy"),  # a word of the definition
    ],
)
def test_a_variable_is_found_by_words(text: str, first: str) -> None:
    assert search(CATALOGUE, text)[0].name == first


@pytest.mark.parametrize("text", ["", " ", "-", "røyking fisk", "xyzzy"])
def test_what_is_not_there_is_not_found(text: str) -> None:
    assert search(CATALOGUE, text) == ()


def test_a_label_goes_before_a_definition() -> None:
    names = [one.name for one in search(CATALOGUE, "trombolyse")]
    assert names[0] == "thrombolysis"
    assert {"thrombolysis-time", "thrombolysis-place"} <= set(names)


def test_usage_names_registry_variable_and_code_list() -> None:
    definitions = [load_definition(DEFINITIONS / slug / f"{slug}.yaml") for slug in ("hjerneslag", "noric")]
    stroke, heart = usage(CATALOGUE, definitions, "smoking")
    assert (stroke.registry, stroke.variable, stroke.version) == ("hjerneslag", "RoykerPre", 1)
    assert (heart.registry, heart.variable) == ("noric", "REGANGIO_SMOKING_STATUS")
    assert (stroke.codes["1"], heart.codes["1"]) == ("current", "former")
    assert len(usage(CATALOGUE, definitions)) == sum(len(one.variables) for one in definitions)
    assert usage(CATALOGUE, definitions, "smoking@1") == (stroke, heart)
    assert usage(CATALOGUE, definitions, "nothing") == ()


def test_usage_of_what_the_catalogue_lacks_has_no_version() -> None:
    definition = Definition.model_validate(plans.data())
    (use, *_) = usage(Catalogue({}, {}, {}), [definition])
    assert use.version is None


# Candidates for merging: label of one, label of the other, …


def one(name: str, label: str, kind: str = "integer", unit: str = "", values: str = "", source: str = "a") -> Described:
    lists = (frozenset(values.split()),) if values else ()
    return Described(source, "", name, (label,), kind, unit, lists)


YES_NO = "ja nei"


@pytest.mark.parametrize(
    ("first", "second", "score", "reasons"),
    [
        (one("x", "Høyde"), one("y", "Høyde"), 100, ["same_label"]),
        (one("x", "Høyde"), one("y", "HØYDE:"), 100, ["same_label"]),  # case and signs do not matter
        (one("x", "Diagnose, hoved"), one("y", "Hoved-diagnose"), 100, ["same_label"]),  # nor does the order of words
        (one("x", "Kreatinin i serum"), one("y", "Kreatinin serum"), 100, ["same_label"]),  # nor do light words
        (one("x", "Trombektomi"), one("y", "Trombectomi"), 95, ["like_label"]),
        (one("x", "Vekt", unit="kg"), one("y", "Vekt", unit="kg"), 100, ["same_label", "same_unit"]),
        (one("x", "Vekt", unit="kg"), one("y", "Vekt"), 95, ["same_label", "no_unit"]),
        (one("x", "Vekt", unit="kg"), one("y", "Vekt", unit="g"), None, []),
        (one("x", "Vekt"), one("y", "Vekt", "decimal"), 95, ["same_label"]),
        (one("x", "Død", "date"), one("y", "Død", "datetime"), 95, ["same_label"]),
        (one("x", "Død", "date"), one("y", "Død", "integer"), None, []),
        (
            one("x", "D", "code", values=YES_NO),
            one("y", "D", "code", values="nei ja"),
            100,
            ["same_label", "same_values"],
        ),
        (
            one("x", "D", "code", values=YES_NO),
            one("y", "D", "code", values="ja nei ukjent"),
            95,
            ["same_label", "values_but_unknown"],
        ),
        (
            one("x", "D", "code", values="a b"),
            one("y", "D", "code", values="a b c"),
            85,
            ["same_label", "more_values"],
        ),
        (one("x", "D", "code", values="a b"), one("y", "D", "code", values="a c"), None, []),
        (one("x", "D", "code", values="a b"), one("y", "D", "code"), None, []),
        (one("x", "Tidligere PCI"), one("y", "Tidligere TIA"), None, []),
        (one("x", "CK-MB før"), one("y", "CK-MB etter"), None, []),
        (one("x", "Stenose 1"), one("y", "Stenose 2"), None, []),
        (one("x", "Bruker warfarin"), one("y", "Bruker statin"), None, []),
        (one("x", "Armparese"), one("y", "Beinparese"), None, []),
        (one("x", "Høyde"), one("y", "Vekt"), None, []),
        (one("x", "-"), one("y", "-"), None, []),  # no words at all
    ],
)
def test_candidates(first: Described, second: Described, score: int | None, reasons: list[str]) -> None:
    found = candidates([first, second])
    assert [(pair.score, [reason.kind for reason in pair.reasons]) for pair in found] == (
        [] if score is None else [(score, reasons)]
    )
    assert candidates([second, first]) == found


def test_labels_are_compared_in_every_language() -> None:
    nb = Described("a", "", "x", ("Høyde", "Height"), "integer")
    en = Described("b", "", "y", ("Body mass", "Height"), "integer")
    assert [pair.score for pair in candidates([nb, en])] == [100]


def test_the_order_of_the_variables_does_not_matter() -> None:
    labels = ["Høyde", "Høyde", "Høyden", "Vekt", "vekt", "Puls", "Alder", "Høyde i cm"]
    every = [one(f"v{number}", label) for number, label in enumerate(labels)]
    found = candidates(every)
    assert len(found) == 4
    for seed in range(5):
        assert candidates(random.Random(seed).sample(every, len(every))) == found


MINI = """skjemanavn;ledetekst;type;listeverdier;listetekst;desimaler;variabel_id
Innkomst;Røyking;Listevariabel;1;Aldri røykt;;ROYK
Innkomst;Røyking;Listevariabel;2;Har sluttet;;ROYK
Innkomst;Røyking;Listevariabel;3;Røyker;;ROYK
Innkomst;Høyde (cm);Tallvariabel;;;0;HOYDE
Innkomst;Vekt (gram);Tallvariabel;;;0;VEKT
Innkomst;Avdød;Avkrysningsboks;;;;DOD
Innkomst;Bevissthetsgrad;Listevariabel;1;Våken;;BEVISST
Innkomst;Bevissthetsgrad;Listevariabel;2;Ikke våken;;BEVISST
Utskrivelse;Høyde (cm);Tallvariabel;;;0;HOYDE_UT
"""


def mini() -> Codebook:
    found = openqreg_reading.read(MINI.encode(), "mini.csv")
    assert found.problems == ()
    return found.codebook


def told(pair: Candidate) -> tuple[str, str, int, list[str]]:
    return pair.one.name, pair.other.name, pair.score, [reason.kind for reason in pair.reasons]


def test_a_codebook_is_compared_with_the_catalogue() -> None:
    found = candidates([*described(CATALOGUE), *described_fields(mini())], across=True)
    assert [told(pair) for pair in found] == [
        ("deceased", "DOD", 95, ["same_label", "values_but_unknown"]),
        ("height", "HOYDE", 95, ["same_label", "same_unit"]),  # a whole number here, a decimal there
        ("height", "HOYDE_UT", 95, ["same_label", "same_unit"]),
        ("smoking", "ROYK", 95, ["same_label", "values_but_unknown"]),
    ]
    within = candidates([*described(CATALOGUE), *described_fields(mini())])
    assert {told(pair)[:2] for pair in within} - {told(pair)[:2] for pair in found} == {("HOYDE", "HOYDE_UT")}


def test_the_catalogue_has_nothing_to_merge() -> None:
    assert candidates(described(CATALOGUE)) == ()


def test_a_draft_is_compared_too() -> None:
    variable = CATALOGUE.variables["smoking"]
    twice = Catalogue({"smoking": variable, "tobacco": NormedVariable.model_validate(variable)}, {}, {})
    assert [told(pair)[:3] for pair in candidates(described(twice))] == [("smoking", "tobacco", 100)]
