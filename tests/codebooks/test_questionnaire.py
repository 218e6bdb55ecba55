"""FHIR Questionnaires as others write them, and what is told of those that are broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from registries.codebooks import (
    Choice,
    CodebookError,
    Coding,
    Condition,
    Field,
    Form,
    Interval,
    Read,
    questionnaire,
    questionnaire_reading,
)
from registries.codebooks.reading import read_codebook

CORE = "http://hl7.org/fhir/StructureDefinition/"
HELP = {"coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "help"}]}
LOINC = "http://loinc.org"
#: As a vendor's form builder might write it: none of the product's own extensions.
STROKE: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "url": "http://example.org/Questionnaire/slag",
    "version": "2.1",
    "name": "Slag",
    "title": "Slagskjema",
    "status": "active",
    "contained": [
        {
            "resourceType": "ValueSet",
            "id": "ja-nei",
            "compose": {"include": [{"system": "urn:a", "concept": [{"code": "1", "display": "Ja"}, {"code": "2"}]}]},
        },
        {"resourceType": "ValueSet", "id": "ut", "expansion": {"contains": [{"system": "urn:b", "code": "x"}]}},
        {"resourceType": "Organization", "id": "hf"},
    ],
    "item": [
        {
            "linkId": "1",
            "text": "Innkomst",
            "type": "group",
            "item": [
                {
                    "linkId": "1.1",
                    "text": "NIHSS",
                    "type": "integer",
                    "required": True,
                    "code": [{"system": LOINC, "code": "70182-1", "display": "NIHSS"}],
                    "extension": [
                        {"url": f"{CORE}minValue", "valueInteger": 0},
                        {"url": f"{CORE}maxValue", "valueInteger": 42},
                        {"url": f"{CORE}questionnaire-unit", "valueCoding": {"code": "{score}"}},
                    ],
                    "item": [
                        {
                            "linkId": "1.1h",
                            "type": "display",
                            "text": "Samlet skår",
                            "extension": [{"url": f"{CORE}questionnaire-itemControl", "valueCodeableConcept": HELP}],
                        }
                    ],
                },
                {"linkId": "1.2", "text": "Trombolyse", "type": "choice", "answerValueSet": "#ja-nei"},
                {
                    "linkId": "1.3",
                    "text": "Tidspunkt",
                    "type": "dateTime",
                    "enableWhen": [
                        {"question": "1.2", "operator": "=", "answerCoding": {"system": "urn:a", "code": "1"}},
                        {"question": "1.1", "operator": ">", "answerInteger": 3},
                    ],
                    "enableBehavior": "any",
                },
            ],
        },
        {
            "linkId": "2",
            "text": "Utskrivelse",
            "type": "group",
            "item": [
                {"linkId": "2.1", "text": "Les dette", "type": "display"},
                {"linkId": "2.2", "type": "open-choice", "answerOption": [{"valueString": "Hjem"}], "repeats": True},
                {"linkId": "2.3", "text": "Til", "type": "choice", "answerValueSet": "http://example.org/vs"},
                {"linkId": "2.4", "text": "Merknad", "type": "string", "maxLength": 200},
                {
                    "linkId": "2.5",
                    "text": "Vekt",
                    "type": "decimal",
                    "extension": [
                        {"url": f"{CORE}maxDecimalPlaces", "valueInteger": 1},
                        {"url": f"{CORE}minValue", "valueDecimal": 0.5},
                    ],
                },
                {"linkId": "2.6", "text": "Kode", "type": "choice", "answerValueSet": "#ut"},
            ],
        },
    ],
}


def read(whole: dict[str, Any]) -> Read:
    return questionnaire_reading.read(json.dumps(whole).encode(), "q.json")


def items(*given: Any) -> Read:
    return read({"resourceType": "Questionnaire", "status": "draft", "title": "T", "item": list(given)})


def told(found: Read) -> list[str]:
    return [str(problem).removeprefix("q.json:") for problem in found.problems]


def test_a_vendors_questionnaire_is_read_whole() -> None:
    found = read(STROKE)
    assert found.problems == ()
    book = found.codebook
    assert (book.title, book.version, book.url, book.status) == (
        "Slagskjema",
        "2.1",
        "http://example.org/Questionnaire/slag",
        "active",
    )
    assert [form.name for form in book.forms] == ["Innkomst", "Utskrivelse"]
    nihss, lysis, time = book.forms[0].fields
    assert nihss == Field(
        "1.1",
        "NIHSS",
        "integer",
        required=True,
        help="Samlet skår",
        codes=(Coding("70182-1", "NIHSS", LOINC),),
        unit="{score}",
        limits=Interval("0", "42"),
    )
    assert lysis.choices == (Choice("1", "Ja", "urn:a"), Choice("2", "", "urn:a"))
    assert time.type == "datetime"
    assert time.when == (Condition("1.2", "=", "coding", "1", "urn:a"), Condition("1.1", ">", "integer", "3"))
    assert time.when_any
    display, home, out, note, weight, code = book.forms[1].fields
    assert (display.type, home.choices, home.repeats) == ("display", (Choice("Hjem", kind="string"),), True)
    assert (out.value_set, note.length) == ("http://example.org/vs", 200)
    assert (weight.decimals, weight.limits) == (1, Interval("0.5", ""))
    assert code.choices == (Choice("x", "", "urn:b"),)


def test_a_vendors_questionnaire_is_the_same_after_a_round_trip() -> None:
    first = read(STROKE).codebook
    assert questionnaire_reading.read(questionnaire.write(first), "q.json").codebook == first


def test_questions_outside_groups_make_one_form() -> None:
    found = items(
        {"linkId": "a", "type": "date"}, {"linkId": "g", "type": "group", "item": [{"linkId": "b", "type": "time"}]}
    )
    (form,) = found.codebook.forms
    assert form.name == "T"
    assert [field.id for field in form.walk()] == ["a", "g", "b"]


def test_a_group_that_is_asked_for_only_sometimes_is_no_form() -> None:
    when = [{"question": "a", "operator": "exists", "answerBoolean": True}]
    group = {"linkId": "g", "type": "group", "enableWhen": when, "item": [{"linkId": "b", "type": "time"}]}
    found = items({"linkId": "f", "type": "group", "item": [{"linkId": "a", "type": "date"}]}, group)
    assert [form.name for form in found.codebook.forms] == ["T"]
    assert questionnaire_reading.read(questionnaire.write(found.codebook), "q.json").codebook == found.codebook


GOOD = {"linkId": "good", "type": "date"}


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("text", "item[0]: is not an object"),
        ({"type": "date"}, "item[0]: linkId is missing"),
        ({"linkId": 7, "type": "date"}, "item[0]: linkId is not a text"),
        ({"linkId": "a"}, "item[0] (a): there is no item type ''"),
        ({"linkId": "a", "type": "question"}, "item[0] (a): there is no item type 'question'"),
        ({"linkId": "a", "type": "group"}, "item[0] (a): a group without items"),
        ({"linkId": "a", "type": "date", "required": "yes"}, "item[0] (a): required is not true or false"),
        ({"linkId": "a", "type": "string", "maxLength": True}, "item[0] (a): maxLength is not a whole number"),
        ({"linkId": "a", "type": "string", "maxLength": 1.5}, "item[0] (a): maxLength is not a whole number"),
        ({"linkId": "a", "type": "date", "item": {}}, "item[0] (a): item is not a list"),
        ({"linkId": "a", "type": "choice", "answerOption": [{}]}, "item[0] (a): an answer is neither a code"),
        ({"linkId": "a", "type": "choice", "answerOption": [{"valueCoding": {}}]}, "item[0] (a): a code is missing"),
        ({"linkId": "a", "type": "choice", "answerOption": ["x"]}, "item[0] (a): answerOption holds something that"),
        ({"linkId": "a", "type": "date", "extension": 1}, "item[0] (a): extension is not a list"),
        (
            {"linkId": "a", "type": "display", "item": [{"linkId": "b", "type": "date"}]},
            "item[0] (a): a display with items below it",
        ),
    ],
)
def test_a_broken_item_is_told_and_the_rest_goes_on(item: Any, problem: str) -> None:
    found = items(item, GOOD)
    assert [text[: len(problem)] for text in told(found)] == [problem]
    assert [field.id for form in found.codebook.forms for field in form.walk()] == ["good"]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"enableWhen": [{"question": "x", "operator": "=", "answerInteger": 1}]}, "a: a condition names 'x'"),
        ({"enableWhen": [{"question": "good", "operator": "~"}]}, "item[0] (a): a condition is not read"),
        ({"enableWhen": [{"question": "good", "operator": "="}]}, "item[0] (a): a condition is not read"),
        (
            {"enableWhen": [{"question": "good", "operator": "exists", "answerInteger": 1}]},
            "item[0] (a): a condition is not read",
        ),
        (
            {"enableWhen": [{"question": "good", "operator": "=", "answerInteger": "1"}]},
            "item[0] (a): a condition is not read",
        ),
        (
            {"enableWhen": [{"question": "good", "operator": "=", "answerQuantity": {"value": 1}}]},
            "item[0] (a): a condition is not read",
        ),
        ({"answerValueSet": "#nowhere"}, "item[0] (a): its value set '#nowhere' is not contained"),
    ],
)
def test_what_is_doubtful_is_told_and_the_item_kept(more: dict[str, Any], problem: str) -> None:
    found = items({"linkId": "a", "type": "choice"} | more, GOOD)
    assert [text[: len(problem)] for text in told(found)] == [problem]
    assert not found.problems[0].left_out
    first = found.codebook.forms[0].fields[0]
    assert (first.id, first.when, first.choices) == ("a", (), ())


def test_a_link_that_stands_twice_is_told_and_can_be_written_again() -> None:
    found = items(GOOD, GOOD)
    assert told(found) == ["item[1] (good): another item has this linkId"]
    again = questionnaire_reading.read(questionnaire.write(found.codebook), "q.json")
    assert (again.codebook, again.problems) == (found.codebook, ())


def test_items_that_go_on_for_ever_are_told() -> None:
    deepest: dict[str, Any] = GOOD
    for number in range(60):
        deepest = {"linkId": f"g{number}", "type": "group", "item": [deepest]}
    found = items(deepest, {"linkId": "other", "type": "date"})
    assert any("more than 40 items within each other" in text for text in told(found))
    assert [field.id for form in found.codebook.forms for field in form.walk()] == ["other"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"null",
        b'{"resourceType": "Patient"}',
        b'{"resourceType": "Questionnaire", "item": {}}',
        b'{"resourceType": "Questionnaire", "title": 1}',
        b'{"resourceType": "Questionnaire", "title": "\xff"}',
        b"[" * 100_000,
        b'{"resourceType": "Questionnaire", "title": "\\ud800"}',
    ],
)
def test_what_is_no_questionnaire_is_refused(content: bytes) -> None:
    with pytest.raises(CodebookError, match=r"q\.json: "):
        questionnaire_reading.read(content, "q.json")


def test_an_empty_questionnaire_has_no_forms() -> None:
    assert items().codebook.forms == ()


def test_numbers_keep_their_exact_value() -> None:
    found = items({"linkId": "a", "type": "decimal", "extension": [{"url": f"{CORE}maxValue", "valueDecimal": 0.1}]})
    field = found.codebook.forms[0].fields[0]
    assert field.limits == Interval("", "0.1")
    assert b'"valueDecimal": 0.1' in questionnaire.write(found.codebook)


def test_forms_of_the_same_field_get_links_of_their_own() -> None:
    book = items(GOOD).codebook
    when = (Condition("good", "=", "date", "2026-01-01"),)
    field = Field("good", "", "date", when=when)
    twice = type(book)("T", (Form("A", (field,)), Form("B", (field,))))
    whole = questionnaire.resource(twice)
    first, second = (form["item"][0] for form in whole["item"])
    assert (first["linkId"], second["linkId"]) == ("good", "good#2")
    assert second["enableWhen"][0]["question"] == "good#2"  # the field of the same form
    assert read(json.loads(questionnaire.write(twice))).codebook == twice


@pytest.mark.shared
def test_the_whole_codebook_of_noric_goes_through_a_questionnaire(shared: Path) -> None:

    found = read_codebook(shared / "data" / "norway" / "codebooks" / "NORIC_klokeboken_18.03.2025.csv").codebook
    again = questionnaire_reading.read(questionnaire.write(found), "q.json")
    assert (again.codebook, again.problems) == (found, ())
