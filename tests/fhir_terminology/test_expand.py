"""ValueSet/$expand: implicit value sets, compose, paging, languages, and what is told of the expansion."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from reporting.fhir_terminology.library import Engines
from terminology.snomed.release import import_release
from terminology.store import Systems, open_systems
from tests.fhir_terminology.conftest import (
    LIST,
    SCT,
    VERSION,
    Api,
    code_of,
    filtered,
    issue_types,
    listed,
    named,
    params,
    value_set,
)

UNCLOSED = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("isa/{carditis}", ["carditis", "valvitis"]),
        ("ecl/%3C%20{carditis}", ["valvitis"]),
        ("ecl/< {disease} : {site} = {lung}", ["cold", "twofold", "wide"]),
        ("ecl/^ {same_as}", ["old_cold", "old_chain"]),
        ("refset/{problems}", ["carditis", "cold", "old_cold"]),
        ("refset/{other}", ["lung", "cold"]),
    ],
)
def test_implicit_value_sets(api: Api, query: str, names: list[str]) -> None:
    for edition in ("", "/51000202101", "/51000202101/version/20260415"):
        url = f"{SCT}{edition}?fhir_vs={named(query)}"
        assert sorted(api.codes(*params(url=url))) == sorted(names)


def test_everything_and_the_list_of_reference_sets(api: Api) -> None:
    whole = api.expand(*params(url=f"{SCT}?fhir_vs", count=0))
    assert "contains" not in whole
    assert whole["total"] > 60
    assert whole["extension"] == [{"url": UNCLOSED, "valueBoolean": True}]
    assert {"problems", "other", "same_as"} <= set(api.codes(*params(url=f"{SCT}?fhir_vs=refset")))


@pytest.mark.parametrize("query", ["isa/999999", "isa/x", "refset/{heart}", "refset/999999", "ecl/", "nonsense", "isa"])
def test_urls_that_stand_for_no_value_set(api: Api, query: str) -> None:
    url = f"{SCT}?fhir_vs={named(query)}"
    outcome = api.post("ValueSet/$expand", *params(url=url), status=404)
    assert issue_types(outcome) == [("error", "not-found", "not-found")]
    assert url in outcome["issue"][0]["details"]["text"]


@pytest.mark.parametrize(
    ("ecl", "why"),
    [
        ("<< abc", "column 4"),
        ("<<", "column 3"),
        ("<< {cold} <<", "column"),
        ("< {cold} OR < {carditis} AND < {disease}", "column"),
        ("< 99999999", "99999999"),
    ],
)
def test_constraints_that_cannot_be_answered_name_what_is_wrong(api: Api, ecl: str, why: str) -> None:
    asked = value_set(filtered("constraint", "=", ecl))
    outcome = api.post("ValueSet/$expand", *params(valueSet=asked), status=400)
    assert issue_types(outcome) == [("error", "invalid", "vs-invalid")]
    text = outcome["issue"][0]["details"]["text"]
    assert f"'{named(ecl)}'" in text
    assert why in text


@pytest.mark.parametrize(
    ("include", "names"),
    [
        (filtered("concept", "is-a", "{carditis}"), ["carditis", "valvitis"]),
        (filtered("concept", "descendent-of", "{carditis}"), ["valvitis"]),
        (filtered("concept", "descendant-of", "{carditis}"), ["valvitis"]),
        (filtered("concept", "child-of", "{finding}"), ["disease", "heart_finding"]),
        (filtered("concept", "generalizes", "{disease}"), ["disease", "finding", "root"]),
        (filtered("concept", "=", "{cold}"), ["cold"]),
        (filtered("concept", "in", "{other}"), ["cold", "lung"]),
        (filtered("concept", "in", "{cold}, {heart}"), ["cold", "heart"]),
        (filtered("constraint", "=", "<! {shape}"), ["scar", "swelling"]),
        (filtered("constraint", "=", "{cold} |whatever|"), ["cold"]),
        (filtered("{site}", "=", "{lung}"), ["cold", "twofold", "wide"]),
        (filtered("moduleId", "=", "{ext}"), ["cold", "old_lost", "syrup", "valvitis"]),
        (listed(code_of("cold"), "999999", code_of("old_cold")), ["cold", "old_cold"]),
    ],
)
def test_what_an_include_holds(api: Api, include: dict[str, Any], names: list[str]) -> None:
    assert sorted(api.codes(*params(valueSet=value_set(include)))) == names


def test_filters_on_one_include_must_all_hold(api: Api) -> None:
    both = {"system": SCT, "filter": [*filtered("concept", "is-a", "{disease}")["filter"]]}
    both["filter"] += filtered("constraint", "=", "* : {site} = {lung}")["filter"]
    both["filter"] += filtered("inactive", "=", "false")["filter"]
    assert sorted(api.codes(*params(valueSet=value_set(both)))) == ["cold", "twofold", "wide"]


def test_is_not_a_and_inactive(api: Api) -> None:
    inactive = api.codes(*params(valueSet=value_set(filtered("inactive", "=", "true"))))
    assert set(inactive) >= {"old_cold", "old_lost"}
    assert "cold" not in inactive
    others = api.codes(*params(valueSet=value_set(filtered("concept", "is-not-a", "{disease}")), count=500))
    assert "finding" in others
    assert "disease" not in others
    assert "cold" not in others


def test_includes_are_joined_and_excludes_taken_away(api: Api) -> None:
    asked = value_set(
        listed(code_of("heart"), code_of("cold")),
        filtered("concept", "is-a", "{carditis}"),
        listed("R1", "B", system=LIST),
        exclude=[listed(code_of("valvitis")), listed("B", system=LIST)],
    )
    expansion = api.expand(*params(valueSet=asked))
    assert [each["code"] for each in expansion["contains"]] == [*map(code_of, ("heart", "cold", "carditis")), "R1"]
    assert expansion["total"] == 4
    used = [each["valueUri"] for each in expansion["parameter"] if each["name"] == "used-codesystem"]
    assert used == [f"{SCT}|{VERSION}", f"{LIST}|2"]


def test_a_code_that_is_in_two_includes_comes_once(api: Api) -> None:
    asked = value_set(listed(code_of("cold")), filtered("concept", "is-a", "{disease}"))
    codes = api.codes(*params(valueSet=asked))
    assert len(codes) == len(set(codes)) == api.expand(*params(valueSet=asked))["total"]


def test_value_sets_import_one_another(api: Api) -> None:
    inner = value_set(filtered("concept", "is-a", "{disease}"), url="http://example.org/inner")
    other = value_set(filtered("constraint", "=", "* : {site} = {lung}"), url="http://example.org/other")
    both = {"valueSet": ["http://example.org/inner", "http://example.org/other"]}
    narrowed = filtered("concept", "is-a", "{cold}") | {"valueSet": ["http://example.org/inner|1"]}
    given = params(tx_resource=[inner, other])
    assert sorted(api.codes(*given, *params(valueSet=value_set(both)))) == ["cold", "twofold", "wide"]
    assert api.codes(*given, *params(valueSet=value_set(narrowed))) == ["cold"]
    implicit = {"valueSet": [f"{SCT}?fhir_vs=isa/{code_of('carditis')}"]}
    assert api.codes(*params(valueSet=value_set(implicit))) == ["carditis", "valvitis"]
    told = api.expand(*given, *params(url="http://example.org/inner", count=1))["parameter"]
    assert {"name": "count", "valueInteger": 1} in told


def test_imports_that_go_round_are_refused(api: Api) -> None:
    one = value_set({"valueSet": ["http://example.org/b"]}, url="http://example.org/a")
    two = value_set({"valueSet": ["http://example.org/a"]}, url="http://example.org/b")
    outcome = api.post("ValueSet/$expand", *params(url="http://example.org/a", tx_resource=[one, two]), status=422)
    assert issue_types(outcome) == [("error", "processing", "vs-invalid")]


def test_value_sets_that_are_imported_over_and_over_are_read_once(api: Api) -> None:
    ends = [value_set(filtered("concept", "is-a", "{carditis}"), url="http://example.org/0")]
    for number in range(1, 18):
        again = {"valueSet": [f"http://example.org/{number - 1}"] * 3}
        ends.append(value_set(again, url=f"http://example.org/{number}"))
    assert sorted(api.codes(*params(url="http://example.org/17", tx_resource=ends))) == ["carditis", "valvitis"]


def test_value_sets_of_too_many_parts_are_refused(api: Api) -> None:
    many = value_set(*[filtered("concept", "is-a", "{cold}")] * 201)
    assert issue_types(api.post("ValueSet/$expand", *params(valueSet=many), status=422)) == [
        ("error", "too-costly", "too-costly")
    ]
    double = {"valueSet": ["http://example.org/inner"]}
    inner = value_set(*[filtered("concept", "is-a", "{cold}")] * 60, url="http://example.org/inner")
    asked = params(valueSet=value_set(double, double, double), tx_resource=[inner])
    api.post("ValueSet/$expand", *asked, status=422)


def test_expansions_are_read_as_lists(api: Api) -> None:
    inner = {"system": SCT, "code": code_of("valvitis")}
    contains = [{"system": SCT, "code": code_of("carditis"), "contains": [inner]}, {"system": SCT, "code": "x"}]
    listing = {"resourceType": "ValueSet", "status": "active", "expansion": {"contains": contains}}
    assert api.codes(*params(valueSet=listing)) == ["carditis", "valvitis"]


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        (params(), 400, "invalid-data"),
        (params(url="http://example.org/nobody"), 404, "not-found"),
        (params(valueSet={"resourceType": "CodeSystem"}), 400, "invalid-data"),
        (params(valueSet=value_set({"system": "http://example.org/nobody"})), 404, "not-found"),
        (params(valueSet=value_set({"system": SCT, "version": "http://snomed.info/sct/5"})), 404, "not-found"),
        (params(valueSet=value_set({})), 422, "vs-invalid"),
        (params(valueSet=value_set(filtered("colour", "=", "red"))), 422, "vs-invalid"),
        (params(valueSet=value_set(filtered("concept", "near", "{cold}"))), 422, "vs-invalid"),
        (params(valueSet=value_set(filtered("concept", "is-a", "999999"))), 422, "vs-invalid"),
        (
            params(valueSet=value_set({"system": SCT, "filter": [{"property": "concept", "op": "is-a"}]})),
            422,
            "vs-invalid",
        ),
        (params(valueSet=value_set(filtered("concept", "is-a", "x", LIST))), 422, "vs-invalid"),
        (params(valueSet=value_set(filtered("code", "regex", "(a+)+", LIST))), 422, "vs-invalid"),
        (params(valueSet=value_set(filtered("code", "regex", "(", LIST))), 422, "vs-invalid"),
        (params(url=f"{SCT}?fhir_vs", count="many"), 400, "invalid-data"),
        (params(url=f"{SCT}?fhir_vs", activeOnly="perhaps"), 400, "invalid-data"),
    ],
)
def test_what_cannot_be_expanded_says_why(api: Api, asked: list[dict[str, Any]], status: int, kind: str) -> None:
    outcome = api.post("ValueSet/$expand", *asked, status=status)
    assert issue_types(outcome)[0][2] == kind


def test_unknown_versions_list_the_known_ones(api: Api) -> None:
    asked = value_set({"system": SCT, "version": f"{SCT}/900000000000207008/version/20200131"})
    outcome = api.post("ValueSet/$expand", *params(valueSet=asked), status=404)
    assert VERSION in outcome["issue"][0]["details"]["text"]


@pytest.mark.parametrize("version", [VERSION, f"{SCT}/51000202101", VERSION.replace("/sct/", "/xsct/"), ""])
def test_versions_are_pinned(api: Api, version: str) -> None:
    include = filtered("concept", "is-a", "{carditis}")
    assert api.expand(*params(valueSet=value_set(include | {"version": version})))["total"] == 2
    pins = {"system-version", "force-system-version", "check-system-version"} if version else set[str]()
    for name in pins:
        asked = [{"name": name, "valueUri": f"{SCT}|{version}"}]
        told = api.expand(*asked, *params(valueSet=value_set(include)))["parameter"]
        assert asked[0] in told


@pytest.mark.parametrize("date", ["20260415", "20250814"])
def test_an_unpublished_version_is_answered_by_its_date_or_the_only_release_and_in_its_words(
    api: Api, date: str
) -> None:
    version = f"http://snomed.info/xsct/900000000000207008/version/{date}"
    asked = value_set(filtered("concept", "is-a", "{carditis}") | {"version": version})
    told = api.expand(*params(valueSet=asked))["parameter"]
    assert {"name": "used-codesystem", "valueUri": f"{SCT}|{version}"} in told


def test_no_more_unpublished_versions_are_kept_than_anybody_needs(systems: Systems) -> None:
    engines = Engines(systems)
    named_ = [f"http://snomed.info/xsct/{module}/version/20260415" for module in range(1, 40)]
    answered = [version for version in named_ if engines.of(SCT, version) is not None]
    assert answered == named_[: len(answered)]
    assert 1 < len(answered) < len(named_)
    assert engines.of(SCT, named_[0]) is engines.of(SCT, named_[0])
    assert engines.of(SCT, VERSION) is not None


def test_an_unpublished_version_is_no_guess_between_releases(store: Path, example: Path, tmp_path: Path) -> None:
    two = tmp_path / "two"
    shutil.copytree(store, two)
    import_release([example], two, "other", version=f"{SCT}/51000202101/version/20250415")
    engines = Engines(open_systems(two))
    assert engines.of(SCT, "http://snomed.info/xsct/1/version/20250415") is not None
    assert engines.of(SCT, "http://snomed.info/xsct/1/version/20250814") is None


def test_a_checked_version_that_is_not_met(api: Api) -> None:
    colours = {"system": LIST}
    pinned = [{"name": "check-system-version", "valueUri": f"{LIST}|1"}]
    api.post("ValueSet/$expand", *pinned, *params(valueSet=value_set(colours)), status=404)
    outcome = api.post("ValueSet/$expand", *pinned, *params(valueSet=value_set(colours | {"version": "2"})), status=422)
    assert issue_types(outcome) == [("error", "exception", "version-error")]


def test_pages_follow_one_another_and_the_total_is_exact(api: Api) -> None:
    asked = value_set(filtered("concept", "is-a", "{finding}"), listed("R", "R1", "B", system=LIST))
    whole = api.expand(*params(valueSet=asked))
    codes = [each["code"] for each in whole["contains"]]
    assert whole["total"] == len(codes)
    paged: list[str] = []
    for offset in range(0, len(codes) + 4, 4):
        page = api.expand(*params(valueSet=asked, offset=offset, count=4))
        assert page["total"] == len(codes)
        assert page.get("offset", 0) == offset
        paged += [each["code"] for each in page.get("contains", [])]
    assert paged == codes


def test_too_many_codes_without_a_count_are_refused(api: Api) -> None:
    outcome = api.post("ValueSet/$expand", *params(url=f"{SCT}?fhir_vs", limit=10), status=422)
    assert issue_types(outcome) == [("error", "too-costly", "too-costly")]
    assert outcome["issue"][0]["details"]["text"].endswith("has too many codes to produce (>10)")


def test_active_only_and_the_status_of_inactive_codes(api: Api) -> None:
    asked = value_set(listed(code_of("cold"), code_of("old_cold")))
    expansion = api.expand(*params(valueSet=asked))
    old = expansion["contains"][1]
    assert old["inactive"] is True
    prefix = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion"
    inner = [{"url": "code", "valueCode": "status"}, {"url": "value", "valueCode": "inactive"}]
    assert old["extension"] == [{"extension": inner, "url": f"{prefix}.contains.property"}]
    uri = "http://hl7.org/fhir/concept-properties#status"
    declared = [{"url": "uri", "valueUri": uri}, {"url": "code", "valueCode": "status"}]
    assert expansion["extension"] == [{"extension": declared, "url": f"{prefix}.property"}]
    active = api.expand(*params(valueSet=asked, activeOnly=True))
    assert [each["code"] for each in active["contains"]] == [code_of("cold")]
    assert {"name": "activeOnly", "valueBoolean": True} in active["parameter"]
    asked["compose"]["inactive"] = False
    assert api.codes(*params(valueSet=asked)) == ["cold"]


@pytest.mark.parametrize(
    ("language", "display"),
    [
        ("nb", "hjertebetennelse"),
        ("no", "hjertebetennelse"),
        ("en", "Carditis"),
        ("en-GB", "Inflammation of heart"),
        ("en-US", "Carditis"),
        ("de, en;q=0.5", "Carditis"),
        ("nb-x-sctlang-61000202-103", "hjertebetennelse"),
    ],
)
def test_displays_are_in_the_wanted_language(api: Api, language: str, display: str) -> None:
    asked = params(valueSet=value_set(listed(code_of("carditis"))))
    by_parameter = api.expand(*asked, *params(displayLanguage=language))["contains"][0]
    body = {"resourceType": "Parameters", "parameter": asked}
    by_header = api.ask("POST", "ValueSet/$expand", json=body, headers={"Accept-Language": language}).json()
    assert by_parameter["display"] == by_header["expansion"]["contains"][0]["display"] == display


def test_designations_are_the_full_name_and_the_preferred_terms(api: Api) -> None:
    asked = value_set(listed(code_of("carditis")))
    (entry,) = api.expand(*params(valueSet=asked, includeDesignations=True))["contains"]
    said = [(each["language"], each["use"]["code"], each["value"]) for each in entry["designation"]]
    fsn, synonym = "900000000000003001", "900000000000013009"
    assert said[0] == ("en", fsn, "Carditis (disorder)")
    assert set(said[1:]) >= {("en", synonym, "Carditis"), ("nb", synonym, "hjertebetennelse")}
    assert "Old name of carditis" not in {text for _, _, text in said}


def test_properties_are_declared_and_carried_as_r4_does(api: Api) -> None:
    asked = value_set(listed(code_of("carditis")))
    expansion = api.expand(*params(valueSet=asked, property=["parent", code_of("site")]))
    values = [
        {part["url"]: next(value for key, value in part.items() if key != "url") for part in each["extension"]}
        for each in expansion["contains"][0]["extension"]
    ]
    assert {"code": "parent", "value": code_of("disease")} in values
    assert {"code": code_of("site"), "value": code_of("heart")} in values
    assert len(expansion["extension"]) == 2


def test_a_filter_finds_words_and_ranks_the_closest_first(api: Api) -> None:
    asked = value_set(filtered("concept", "is-a", "{finding}"), listed("R", "R1", "B", system=LIST))
    assert api.codes(*params(valueSet=asked, filter="infl hea"))[:2] == ["carditis", "valvitis"]
    found = api.expand(*params(valueSet=asked, filter="red"))
    assert [each["code"] for each in found["contains"]] == ["R", "R1"]
    assert found["total"] == 2
    assert api.codes(*params(valueSet=asked, filter="zebra")) == []


def test_enumerated_expressions_are_listed_with_their_terms(api: Api) -> None:
    written = named("{carditis}:{{{site}={valve}}}")
    asked = value_set(listed(code_of("carditis"), written, named("{carditis}:{{{site}={scar}}}")))
    expansion = api.expand(*params(valueSet=asked, displayLanguage="en"))
    assert [each["code"] for each in expansion["contains"]] == [code_of("carditis"), written]
    assert expansion["contains"][1]["display"].startswith(f"{code_of('carditis')}|Carditis|:{{")
    assert "extension" not in expansion


def test_a_grammar_leaves_an_expansion_open_unless_expressions_are_ruled_out(api: Api) -> None:
    include = filtered("concept", "is-a", "{carditis}")
    assert api.expand(*params(valueSet=value_set(include)))["extension"][0]["url"] == UNCLOSED
    include["filter"].append({"property": "expressions", "op": "=", "value": "false"})
    assert "extension" not in api.expand(*params(valueSet=value_set(include)))


def test_the_head_of_the_value_set_is_kept_and_its_definition_is_not(api: Api) -> None:
    asked = value_set(listed(code_of("cold")), title="Colds", name="Colds", publisher="Nobody", id="x")
    answer = api.post("ValueSet/$expand", *params(valueSet=asked))
    kept = {"resourceType", "url", "version", "status", "title", "name", "expansion"}
    assert set(answer) == kept
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", answer["expansion"]["identifier"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", answer["expansion"]["timestamp"])


def test_an_expansion_without_a_definition_is_an_enumeration(api: Api) -> None:
    given = {"resourceType": "ValueSet", "url": "http://example.org/old", "status": "active"}
    inner = {"system": LIST, "code": "R1"}
    given["expansion"] = {"contains": [{"system": LIST, "code": "R", "contains": [inner]}]}  # type: ignore[assignment]
    assert [each["code"] for each in api.expand(*params(valueSet=given))["contains"]] == ["R", "R1"]


def test_supplements_are_refused_and_not_ignored(api: Api) -> None:
    url = "http://hl7.org/fhir/StructureDefinition/valueset-supplement"
    asked = value_set(listed("R", system=LIST), extension=[{"url": url, "valueCanonical": "http://example.org/s"}])
    outcome = api.post("ValueSet/$expand", *params(valueSet=asked), status=422)
    assert issue_types(outcome) == [("error", "not-found", "not-found")]
