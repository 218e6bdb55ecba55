"""ConceptMap/$translate both ways, and $closure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.fhir_terminology.closure import CODES
from terminology.store import Systems
from tests.fhir_terminology.conftest import LIST, SCT, Api, code_of, found, issue_types, params

TRANSLATE, CLOSURE = "ConceptMap/$translate", "ConceptMap/$closure"
MAP = "http://example.org/cm"


def concept_map(*pairs: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """A map from colours to concepts: code, equivalence, target."""
    elements = [{"code": a, "target": [{"code": b, "equivalence": how}]} for a, how, b in pairs]
    group = {"source": LIST, "target": SCT, "element": elements} | more
    return {"resourceType": "ConceptMap", "url": MAP, "version": "3", "status": "active", "group": [group]}


def matches(answer: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Equivalence and target of each match."""
    said = [each["part"] for each in answer["parameter"] if each["name"] == "match"]
    return [
        (
            next(part["valueCode"] for part in parts if part["name"] == "equivalence"),
            next((part["valueCoding"]["code"] for part in parts if part["name"] == "concept"), None),
        )
        for parts in said
    ]


@pytest.mark.parametrize(
    ("refset", "code", "expected"),
    [
        ("same_as", "old_cold", [("equal", "cold")]),
        ("replaced_by", "old_carditis", [("equivalent", "carditis")]),
        ("possibly", "old_maybe", [("inexact", "carditis"), ("inexact", "cold")]),
        ("same_as", "cold", []),
    ],
)
def test_historical_associations_are_maps(api: Api, refset: str, code: str, expected: list[tuple[str, str]]) -> None:
    url = f"{SCT}?fhir_cm={code_of(refset)}"
    answer = api.post(TRANSLATE, *params(url=url, system=SCT, code=code_of(code)))
    assert sorted(matches(answer)) == sorted((how, code_of(target)) for how, target in expected)
    assert found(answer, "result") is bool(expected)
    if not expected:
        assert found(answer, "message")


def test_maps_to_other_systems_both_ways(api: Api) -> None:
    url = f"{SCT}?fhir_cm={code_of('codes')}"
    forwards = api.post(TRANSLATE, *params(url=url, system=SCT, code=code_of("carditis")))
    assert matches(forwards) == [("relatedto", "I51.8")]
    asked = params(url=url, coding={"system": "http://hl7.org/fhir/sid/icd-10", "code": "I51.8"}, reverse=True)
    assert matches(api.post(TRANSLATE, *asked)) == [("relatedto", code_of("carditis"))]


def test_extended_maps_tell_their_advice(api: Api) -> None:
    url = f"{SCT}?fhir_cm=447562003"
    answer = api.post(TRANSLATE, *params(url=url, system=SCT, code=code_of("carditis")))
    assert [target for _, target in matches(answer)] == ["I51.8", "I51.9", "B33.2"]
    comments = [
        part["valueString"]
        for each in answer["parameter"]
        if each["name"] == "match"
        for part in each["part"]
        if part["name"] == "comment"
    ]
    assert comments[0] == "ALWAYS I51"


def test_without_a_url_the_maps_of_the_request_and_of_the_release_are_looked_through(api: Api) -> None:
    given_map = concept_map(("R", "equivalent", code_of("heart")))
    asked = params(system=LIST, code="R", tx_resource=given_map)
    assert matches(api.post(TRANSLATE, *asked)) == [("equivalent", code_of("heart"))]
    asked = params(system=SCT, code=code_of("cold"), targetsystem="http://hl7.org/fhir/sid/icd-10")
    assert matches(api.post(TRANSLATE, *asked)) == [("relatedto", "J00")]


def test_uploaded_maps_by_url_concept_map_and_codings(api: Api) -> None:
    given_map = concept_map(("R", "wider", code_of("heart")), ("R", "unmatched", ""))
    coding = {"system": LIST, "code": "R"}
    for asked in (
        params(url=f"{MAP}|3", coding=coding, tx_resource=given_map),
        params(codeableConcept={"coding": [coding]}, conceptMap=given_map),
    ):
        answer = api.post(TRANSLATE, *asked)
        assert matches(answer) == [("wider", code_of("heart")), ("unmatched", None)]
        assert found(answer, "result") is True
    back = params(system=SCT, code=code_of("heart"), reverse=True, conceptMap=given_map)
    assert matches(api.post(TRANSLATE, *back)) == [("narrower", "R")]


def test_what_a_map_says_of_codes_it_does_not_list(api: Api) -> None:
    coding = {"system": LIST, "code": "B"}
    fixed = concept_map(("R", "equal", "1"), unmapped={"mode": "fixed", "code": code_of("lung")})
    assert matches(api.post(TRANSLATE, *params(coding=coding, conceptMap=fixed))) == [("relatedto", code_of("lung"))]
    other = concept_map(("B", "equal", code_of("valve"))) | {"url": "http://example.org/other"}
    deferring = concept_map(("R", "equal", "1"), unmapped={"mode": "other-map", "url": "http://example.org/other"})
    asked = params(url=MAP, coding=coding, tx_resource=[deferring, other])
    assert matches(api.post(TRANSLATE, *asked)) == [("equal", code_of("valve"))]
    circle = concept_map(("R", "equal", "1"), unmapped={"mode": "other-map", "url": MAP})
    api.post(TRANSLATE, *params(coding=coding, tx_resource=circle), status=422)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (params(url="http://example.org/nobody", system=LIST, code="R"), 404),
        (params(url=f"{SCT}?fhir_cm=999999", system=SCT, code="1"), 404),
        (params(system=LIST), 400),
        (params(system=LIST, code="R", reverse="maybe"), 400),
    ],
)
def test_what_cannot_be_translated(api: Api, asked: list[dict[str, Any]], status: int) -> None:
    api.post(TRANSLATE, *asked, status=status)


_PAIRS = st.lists(
    st.tuples(
        st.sampled_from("ABCD"),
        st.sampled_from(["equal", "equivalent", "wider", "narrower", "inexact", "relatedto"]),
        st.sampled_from(["1", "2", "3"]),
    ),
    min_size=1,
    max_size=8,
    unique=True,
)


@given(_PAIRS)
@settings(max_examples=25, deadline=None)
def test_reverse_is_the_inverse_relation(api: Api, pairs: list[tuple[str, str, str]]) -> None:
    turned = {"wider": "narrower", "narrower": "wider"}
    given_map = concept_map(*pairs)
    forwards, backwards = set(), set()
    for code in "ABCD":
        answer = api.post(TRANSLATE, *params(system=LIST, code=code, conceptMap=given_map))
        forwards |= {(code, how, target) for how, target in matches(answer)}
    for code in "123":
        answer = api.post(TRANSLATE, *params(system=SCT, code=code, reverse=True, conceptMap=given_map))
        backwards |= {(source, turned.get(how, how), code) for how, source in matches(answer)}
    assert forwards == backwards == set(pairs)


def _rows(answer: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (element["code"], target["code"])
        for group in answer.get("group", [])
        for element in group["element"]
        for target in element["target"]
    }


def _codings(*names: str) -> list[dict[str, str]]:
    return [{"system": SCT, "code": code_of(name)} for name in names]


def test_a_closure_table_grows_by_what_is_new(systems: Systems) -> None:
    api = Api(systems)
    assert api.post(CLOSURE, *params(name="mine"))["version"] == "0"
    first = api.post(CLOSURE, *params(name="mine", concept=_codings("disease", "cold")))
    assert (first["version"], _rows(first)) == ("1", {(code_of("cold"), code_of("disease"))})
    second = api.post(CLOSURE, *params(name="mine", concept=_codings("finding", "cold", "heart")))
    expected = {(code_of("cold"), code_of("finding")), (code_of("disease"), code_of("finding"))}
    assert (second["version"], _rows(second)) == ("2", expected)
    again = api.post("$closure", *params(name="mine", version="1"))
    assert _rows(again) == expected
    assert _rows(api.post(CLOSURE, *params(name="mine", version="0"))) == expected | _rows(first)
    assert _rows(api.post(CLOSURE, *params(name="mine"))) == set()


def test_a_closure_table_takes_all_codes_or_none(systems: Systems) -> None:
    api = Api(systems)
    api.post(CLOSURE, *params(name="mine"))
    api.post(CLOSURE, *params(name="mine", concept=[*_codings("disease"), {"system": SCT, "code": "9"}]), status=404)
    assert _rows(api.post(CLOSURE, *params(name="mine", concept=_codings("cold")))) == set()
    many = _codings("disease") * (CODES + 1)
    api.post(CLOSURE, *params(name="mine", concept=many), status=422)


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        (params(), 400, "invalid-data"),
        (params(name="nobody", version="1"), 404, "not-found"),
        (params(name="known", version="x"), 400, "invalid-data"),
        (params(name="known", concept=[{"system": SCT, "code": "999999"}]), 404, "invalid-code"),
    ],
)
def test_what_a_closure_table_refuses(api: Api, asked: list[dict[str, Any]], status: int, kind: str) -> None:
    api.post(CLOSURE, *params(name="known"))
    assert issue_types(api.post(CLOSURE, *asked, status=status))[0][2] == kind
