"""$validate-code of CodeSystem and ValueSet: result, display, version, message and issues."""

from __future__ import annotations

from typing import Any

import pytest

from terminology.store import Systems
from tests.fhir_terminology.conftest import (
    LIST,
    SCT,
    VERSION,
    Api,
    code_of,
    filtered,
    found,
    issue_types,
    listed,
    named,
    params,
    value_set,
)

IN_SYSTEM, IN_SET = "CodeSystem/$validate-code", "ValueSet/$validate-code"
DISEASES = value_set(filtered("concept", "is-a", "{disease}"))


def _names(answer: dict[str, Any]) -> list[str]:
    return sorted(each["name"] for each in answer["parameter"])


def test_a_code_that_is_in_the_value_set(api: Api) -> None:
    answer = api.post(IN_SET, *params(system=SCT, code=code_of("cold"), display="Coryza", valueSet=DISEASES))
    assert _names(answer) == ["code", "display", "result", "system", "version"]
    assert found(answer, "result") is True
    assert found(answer, "version") == VERSION
    assert found(answer, "code") == code_of("cold")


def test_a_code_that_is_not_in_the_value_set(api: Api) -> None:
    asked = params(system=SCT, code=code_of("heart"), valueSet=DISEASES)
    answer = api.post(IN_SET, *asked)
    assert found(answer, "result") is False
    assert issue_types(found(answer, "issues")) == [("error", "code-invalid", "not-in-vs")]
    text = f"The provided code '{SCT}#{code_of('heart')}' was not found in the value set 'http://example.org/vs|1'"
    assert found(answer, "message") == text
    assert found(answer, "issues")["issue"][0]["expression"] == ["code"]


@pytest.mark.parametrize(
    ("display", "result", "types"),
    [
        ("Carditis", True, []),
        ("carditis", True, []),
        ("Inflammation  of heart", True, []),
        ("Carditis (disorder)", True, []),
        ("hjertebetennelse", True, []),
        ("Old name of carditis", True, [("warning", "invalid", "display-comment")]),
        ("Cold", False, [("error", "invalid", "invalid-display")]),
    ],
)
def test_displays(api: Api, display: str, result: bool, types: list[tuple[str, str, str]]) -> None:
    answer = api.post(IN_SYSTEM, *params(url=SCT, code=code_of("carditis"), display=display, displayLanguage="en"))
    assert found(answer, "result") is result
    assert found(answer, "display") == "Carditis"
    issues = found(answer, "issues")
    assert (issue_types(issues) if issues else []) == types
    if issues:
        assert issues["issue"][0]["expression"] == ["display"]
        assert "Carditis" in issues["issue"][0]["details"]["text"]


def test_a_wrong_display_may_be_only_a_warning(api: Api) -> None:
    asked = params(url=SCT, code=code_of("cold"), display="Flu", lenient_display_validation=True)
    answer = api.post(IN_SYSTEM, *asked)
    assert found(answer, "result") is True
    assert issue_types(found(answer, "issues")) == [("warning", "invalid", "invalid-display")]


@pytest.mark.parametrize(("lenient", "severity"), [(True, "warning"), (False, "error")])
def test_an_old_display_is_an_error_only_for_those_who_ask_for_strictness(
    api: Api, lenient: bool, severity: str
) -> None:
    asked = params(url=SCT, code=code_of("carditis"), display="Old name of carditis")
    answer = api.post(IN_SYSTEM, *asked, *params(lenient_display_validation=lenient))
    assert found(answer, "result") is lenient
    assert issue_types(found(answer, "issues")) == [(severity, "invalid", "display-comment")]
    assert (found(answer, "message") is None) is lenient


def test_an_inactive_code_is_valid_and_told_of(api: Api) -> None:
    held = value_set(filtered("constraint", "=", "^ {same_as}"))
    answer = api.post(IN_SET, *params(system=SCT, code=code_of("old_cold"), valueSet=held))
    assert found(answer, "result") is True
    assert found(answer, "inactive") is True
    assert issue_types(found(answer, "issues")) == [("warning", "business-rule", "code-comment")]
    assert "status of inactive" in found(answer, "message")


@pytest.mark.parametrize("code", ["999999", "abc", ""])
def test_an_unknown_code(api: Api, code: str) -> None:
    if not code:
        api.post(IN_SYSTEM, *params(url=SCT, code=code), status=400)
        return
    answer = api.post(IN_SYSTEM, *params(url=SCT, code=code))
    assert found(answer, "result") is False
    assert issue_types(found(answer, "issues"))[0] == ("error", "code-invalid", "invalid-code")
    assert f"Unknown code '{code}' in the CodeSystem '{SCT}' version '{VERSION}'" in found(answer, "message")


def test_an_unknown_system_is_named(api: Api) -> None:
    uri = "http://example.org/nobody"
    answer = api.post(IN_SYSTEM, *params(coding={"system": uri, "code": "1"}))
    assert found(answer, "result") is False
    assert found(answer, "x-caused-by-unknown-system") == uri
    assert issue_types(found(answer, "issues")) == [("error", "not-found", "not-found")]


def test_an_unknown_version_lists_the_known_ones(api: Api) -> None:
    version = f"{SCT}/51000202101/version/20200131"
    answer = api.post(IN_SYSTEM, *params(url=SCT, code=code_of("cold"), version=version))
    assert found(answer, "result") is False
    assert VERSION in found(answer, "message")
    assert found(answer, "x-caused-by-unknown-system") == f"{SCT}|{version}"


def test_a_concept_with_several_codings_is_valid_when_one_is(api: Api) -> None:
    codings = [{"system": LIST, "code": "R"}, {"system": SCT, "code": code_of("cold")}]
    answer = api.post(IN_SET, *params(codeableConcept={"coding": codings}, valueSet=DISEASES))
    assert found(answer, "result") is True
    assert found(answer, "code") == code_of("cold")
    assert found(answer, "codeableConcept") == {"coding": codings}
    (issue,) = found(answer, "issues")["issue"]
    assert issue["expression"] == ["CodeableConcept.coding[0].code"]
    neither = api.post(IN_SET, *params(codeableConcept={"coding": codings[:1]}, valueSet=DISEASES))
    assert found(neither, "result") is False
    assert ("error", "code-invalid", "not-in-vs") in issue_types(found(neither, "issues"))


def test_beside_a_valid_coding_one_of_an_unknown_system_is_a_warning(api: Api) -> None:
    unknown = {"system": "http://example.org/nowhere", "code": "1"}
    codings = [unknown, {"system": SCT, "code": code_of("cold")}]
    answer = api.post(IN_SET, *params(codeableConcept={"coding": codings}, valueSet=DISEASES))
    assert found(answer, "result") is True
    assert issue_types(found(answer, "issues")) == [("warning", "not-found", "not-found")]
    alone = api.post(IN_SET, *params(coding=unknown, valueSet=DISEASES))
    assert ("error", "not-found", "not-found") in issue_types(found(alone, "issues"))


def test_a_coding_without_a_system_is_a_warning_and_not_valid(api: Api) -> None:
    answer = api.post(IN_SET, *params(coding={"code": "1"}, valueSet=DISEASES))
    assert found(answer, "result") is False
    assert issue_types(found(answer, "issues")) == [("warning", "invalid", "invalid-data")]


def test_the_system_is_inferred_where_only_one_has_the_code(api: Api) -> None:
    mixed = value_set(filtered("concept", "is-a", "{disease}"), listed("R", system=LIST))
    answer = api.post(IN_SET, *params(code="R", inferSystem=True, valueSet=mixed))
    assert (found(answer, "result"), found(answer, "system")) == (True, LIST)
    api.post(IN_SET, *params(code="R", valueSet=mixed), status=400)


WRITTEN = "{disease}:{{{site}={lung}}}"


@pytest.mark.parametrize(
    ("include", "code", "result"),
    [
        (filtered("concept", "is-a", "{disease}"), WRITTEN, True),
        (filtered("concept", "descendent-of", "{disease}"), WRITTEN, True),
        (filtered("concept", "is-a", "{cold}"), WRITTEN, False),
        (filtered("constraint", "=", "< {finding} : {site} = *"), WRITTEN, True),
        (filtered("constraint", "=", "< {finding} : {morph} = *"), WRITTEN, False),
        (filtered("constraint", "=", "*"), WRITTEN, True),
        (filtered("constraint", "=", "^ {problems}"), WRITTEN, False),
        (listed(code_of("disease")), WRITTEN, False),
        (listed(named("{disease}:{{{site}={lung}}}")), "{disease} |x| : {{ {site} = {lung} }}", True),
        ({"system": SCT}, WRITTEN, True),
    ],
)
def test_expressions_are_members_of_value_sets(api: Api, include: dict[str, Any], code: str, result: bool) -> None:
    answer = api.post(IN_SET, *params(system=SCT, code=named(code), valueSet=value_set(include)))
    assert found(answer, "result") is result
    assert found(answer, "display").startswith(code_of("disease"))
    if not result:
        assert issue_types(found(answer, "issues")) == [("error", "code-invalid", "not-in-vs")]


def test_expressions_can_be_ruled_out_and_excluded(api: Api) -> None:
    include = filtered("concept", "is-a", "{disease}")
    closed = {"system": SCT, "filter": [*include["filter"], *filtered("expressions", "=", "false")["filter"]]}
    less = value_set(include, exclude=[filtered("constraint", "=", "* : {site} = {lung}")])
    for held in (value_set(closed), less):
        answer = api.post(IN_SET, *params(system=SCT, code=named(WRITTEN), valueSet=held))
        assert found(answer, "result") is False


def test_an_expression_that_breaks_the_model_is_no_code(api: Api) -> None:
    code = named("{disease}:{{{site}={scar}}}")
    answer = api.post(IN_SYSTEM, *params(url=SCT, code=code))
    assert found(answer, "result") is False
    types = issue_types(found(answer, "issues"))
    assert types == [("error", "code-invalid", "invalid-code"), ("information", "code-invalid", "invalid-code")]
    assert found(answer, "issues")["issue"][1]["details"]["text"].startswith("Not a valid expression: ")


def test_without_a_model_an_expression_is_said_to_be_unchecked(plain_systems: Systems, api: Api) -> None:
    code = named("{disease}:{{{site}={scar}}}")
    answer = Api(plain_systems).post(IN_SYSTEM, *params(url=SCT, code=code))
    assert found(answer, "result") is True
    assert issue_types(found(answer, "issues")) == [("information", "informational", "process-note")]
    checked = api.post(IN_SYSTEM, *params(url=SCT, code=named(WRITTEN)))
    assert found(checked, "issues") is None


def test_code_systems_can_come_with_the_request(api: Api) -> None:
    uri = "http://example.org/sizes"
    system = {
        "resourceType": "CodeSystem",
        "url": uri,
        "version": "1",
        "status": "active",
        "content": "complete",
        "caseSensitive": False,
        "property": [{"code": "st", "uri": "http://hl7.org/fhir/concept-properties#status", "type": "code"}],
        "concept": [
            {"code": "L", "display": "large", "property": [{"code": "st", "valueCode": "retired"}]},
            {"code": "S", "display": "small", "property": [{"code": "parent", "valueCode": "L"}]},
            {"code": "a", "display": "any", "property": [{"code": "notSelectable", "valueBoolean": True}]},
        ],
    }
    given = params(tx_resource=system)
    assert found(api.post(IN_SYSTEM, *given, *params(url=uri, code="s")), "display") == "small"
    retired = api.post(IN_SYSTEM, *given, *params(url=uri, code="L"))
    assert "status of retired" in found(retired, "message")
    below = value_set(filtered("concept", "descendent-of", "L", uri))
    assert found(api.post(IN_SET, *given, *params(system=uri, code="S", valueSet=below)), "result") is True
    abstract = api.post(IN_SYSTEM, *given, *params(url=uri, code="a", abstract=False))
    assert issue_types(found(abstract, "issues")) == [("error", "business-rule", "code-rule")]


def test_a_code_that_a_fragment_lacks_may_still_be_right(api: Api) -> None:
    fragment = {"resourceType": "CodeSystem", "url": "http://example.org/f", "content": "fragment"}
    fragment["concept"] = [{"code": "1"}]  # type: ignore[assignment]
    answer = api.post(IN_SYSTEM, *params(url="http://example.org/f", code="2", tx_resource=fragment))
    assert found(answer, "result") is True
    assert issue_types(found(answer, "issues")) == [("warning", "code-invalid", "invalid-code")]


def test_many_validations_in_one_request(api: Api) -> None:
    one = {"resourceType": "Parameters", "parameter": params(coding={"system": SCT, "code": code_of("cold")})}
    other = {"resourceType": "Parameters", "parameter": params(coding={"system": SCT, "code": code_of("heart")})}
    broken = {"resourceType": "Parameters", "parameter": params(url="http://example.org/nobody", code="1")}
    broken["parameter"] += params(system=SCT)
    asked = params(validation=[one, other, broken], url="http://example.org/vs", tx_resource=DISEASES)
    answers = [each["resource"] for each in api.post("ValueSet/$batch-validate-code", *asked)["parameter"]]
    assert [found(each, "result") for each in answers[:2]] == [True, False]
    assert answers[2]["resourceType"] == "OperationOutcome"
