"""CodeSystem/$lookup and $subsumes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir_terminology.conftest import LIST, SCT, VERSION, Api, code_of, found, issue_types, named, params

LOOKUP, SUBSUMES = "CodeSystem/$lookup", "CodeSystem/$subsumes"


def _parts(parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        each["name"]: next(value for key, value in each.items() if key.startswith("value"))
        for each in parameter["part"]
    }


def _all(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [_parts(each) for each in answer["parameter"] if each["name"] == name]


def test_what_is_said_of_a_concept(api: Api) -> None:
    answer = api.post(LOOKUP, *params(system=SCT, code=code_of("carditis"), displayLanguage="nb"))
    assert found(answer, "name") == f"{SCT}|{VERSION}"
    assert found(answer, "version") == VERSION
    assert found(answer, "system") == SCT
    assert found(answer, "code") == code_of("carditis")
    assert found(answer, "display") == "hjertebetennelse"
    assert found(answer, "abstract") is False
    texts = [each["value"] for each in _all(answer, "designation")]
    assert {"Carditis (disorder)", "Inflammation of the muscle of the heart", "hjertebetennelse"} <= set(texts)
    assert "Old name of carditis" not in texts
    properties = _all(answer, "property")
    assert {"code": "inactive", "value": False} in properties
    assert {"code": "effectiveTime", "value": "2020-07-31"} in properties
    assert {"parent", "child", "module"} <= {each["code"] for each in properties}
    site = next(each for each in properties if each["code"] == code_of("site"))
    assert site == {
        "code": code_of("site"),
        "value": code_of("heart"),
        "description": code_of("heart"),
        "code-display": code_of("site"),
    }


def test_only_the_wanted_properties(api: Api) -> None:
    asked = params(system=SCT, code=code_of("cold"), property=["parent", code_of("cause")])
    properties = _all(api.post(LOOKUP, *asked), "property")
    assert [(each["code"], each["value"]) for each in properties] == [
        ("parent", code_of("disease")),
        (code_of("cause"), code_of("virus")),
    ]


def test_properties_that_are_only_told_when_asked_for(api: Api) -> None:
    names = ["sufficientlyDefined", "moduleId", "normalFormTerse", "normalForm"]
    unasked = _all(api.post(LOOKUP, *params(system=SCT, code=code_of("cold"))), "property")
    assert not {each["code"] for each in unasked} & set(names)
    told = {}
    for concept in ("carditis", "cold"):
        answer = api.post(LOOKUP, *params(system=SCT, code=code_of(concept), property=names, displayLanguage="en"))
        told[concept] = {each["code"]: each["value"] for each in _all(answer, "property")}
        assert sorted(told[concept]) == sorted(names)
    assert told["carditis"]["sufficientlyDefined"] is True
    assert told["carditis"]["moduleId"] == code_of("core")
    parents = "+".join(sorted((code_of("disease"), code_of("heart_finding")), key=int))
    assert told["carditis"]["normalFormTerse"] == named(
        f"=== {parents}:{{{{{{morph}}={{swelling}},{{site}}={{heart}}}}}}"
    )
    assert told["cold"]["sufficientlyDefined"] is False
    assert told["cold"]["normalFormTerse"].startswith(f"<<< {code_of('disease')}:")
    asked = params(system=SCT, code=code_of("valvitis"), property="normalForm", displayLanguage="nb")
    (form,) = _all(api.post(LOOKUP, *asked), "property")
    assert form["value"].startswith(f"=== {code_of('carditis')}|hjertebetennelse|:{{")
    every = _all(api.post(LOOKUP, *params(system=SCT, code=code_of("cold"), property="*")), "property")
    assert {*names, "parent", "inactive"} <= {each["code"] for each in every}


def test_an_expression_has_its_own_text_and_attributes(api: Api) -> None:
    written = named("{disease}:{{{site}={valve}}}")
    answer = api.post(LOOKUP, *params(system=SCT, code=written, displayLanguage="en"))
    assert found(answer, "code") == written
    assert found(answer, "display").startswith(f"{code_of('disease')}|")
    (designation,) = _all(answer, "designation")
    assert designation["use"]["code"] == "preferredForLanguage"
    assert (code_of("site"), code_of("valve")) in [(e["code"], e["value"]) for e in _all(answer, "property")]


@pytest.mark.parametrize("as_get", [True, False])
def test_get_and_post_answer_alike(api: Api, as_get: bool) -> None:
    said = {"system": SCT, "code": code_of("cold"), "displayLanguage": "nb"}
    if as_get:
        answer = api.ask("GET", LOOKUP, params=said).json()
    else:
        answer = api.post(LOOKUP, *params(coding={"system": SCT, "code": code_of("cold")}, displayLanguage="nb"))
    assert found(answer, "display") == "forkjølelse"


def test_a_code_of_a_classification(api: Api) -> None:
    answer = api.post(LOOKUP, *params(system=LIST, code="R1"))
    assert found(answer, "display") == "dark red"
    assert found(answer, "name") == "Colours"
    assert {"code": "parent", "value": "R", "description": "red"} in _all(answer, "property")


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        (params(system=SCT, code="999999"), 404, "invalid-code"),
        (params(system=SCT, code="abc"), 404, "invalid-code"),
        (params(system=SCT, code=named("{disease}:{{{site}={scar}}}")), 404, "invalid-code"),
        (params(system=LIST, code="1:2=3"), 404, "invalid-code"),
        (params(system="http://example.org/nobody", code="1"), 404, "not-found"),
        (params(system=SCT, code="1", version=f"{SCT}/1/version/20200101"), 404, "not-found"),
        (params(system=SCT), 400, "invalid-data"),
        (params(code="1"), 400, "invalid-data"),
    ],
)
def test_what_cannot_be_looked_up(api: Api, asked: list[dict[str, Any]], status: int, kind: str) -> None:
    assert issue_types(api.post(LOOKUP, *asked, status=status))[0][2] == kind


def test_the_text_of_a_broken_expression_names_it_and_says_why(api: Api) -> None:
    written = named("{disease}:{site}={heart}")
    outcome = api.post(LOOKUP, *params(system=SCT, code=written), status=404)
    text = outcome["issue"][0]["details"]["text"]
    assert f"Unknown code '{written}'" in text
    assert "relationship group" in text


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        ("{disease}", "{valvitis}", "subsumes"),
        ("{valvitis}", "{disease}", "subsumed-by"),
        ("{cold}", "{cold}", "equivalent"),
        ("{cold}", "{carditis}", "not-subsumed"),
        ("{disease}", "{disease}:{{{site}={lung}}}", "subsumes"),
        ("{disease}:{{{site}={heart},{morph}={swelling}}}", "{carditis}", "equivalent"),
        ("{carditis} |Carditis|", "{carditis}", "equivalent"),
    ],
)
def test_how_two_codes_stand(api: Api, a: str, b: str, outcome: str) -> None:
    asked = params(system=SCT, codeA=named(a), codeB=named(b))
    assert found(api.post(SUBSUMES, *asked), "outcome") == outcome
    codings = [{"system": SCT, "code": named(each)} for each in (a, b)]
    assert found(api.post(SUBSUMES, *params(codingA=codings[0], codingB=codings[1])), "outcome") == outcome


def test_classifications_have_a_hierarchy_too(api: Api) -> None:
    assert found(api.post(SUBSUMES, *params(system=LIST, codeA="R", codeB="R1")), "outcome") == "subsumes"


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        (params(system=SCT, codeA="999999", codeB=code_of("cold")), 404, "invalid-code"),
        (params(system=SCT, codeA=code_of("cold"), codeB="abc"), 404, "invalid-code"),
        (params(codeA="1", codeB="2"), 400, "invalid-data"),
        (params(system=SCT, codeA=code_of("cold")), 400, "invalid-data"),
        (params(system=SCT, version="http://snomed.info/sct/9", codeA="1", codeB="2"), 404, "not-found"),
        (params(codingA={"system": SCT, "code": "1"}, codingB={"system": LIST, "code": "R"}), 400, "invalid-data"),
        (
            params(
                system=SCT,
                codeA=named("{disease}:{{{site}={lung}}}"),
                codeB=named("{disease}:{{{site}={heart}}}"),
            ),
            422,
            "cannot-determine",
        ),
    ],
)
def test_what_cannot_be_compared(api: Api, asked: list[dict[str, Any]], status: int, kind: str) -> None:
    assert issue_types(api.post(SUBSUMES, *asked, status=status))[0][2] == kind
