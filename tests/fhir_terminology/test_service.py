"""The API over HTTP: metadata, reading, batches, formats, limits; nothing of a request in errors or logs."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from reporting.fhir_terminology import app as app_module
from reporting.fhir_terminology.metadata import terminology_capabilities
from reporting.fhir_terminology.reading import code_system, search
from reporting.fhir_terminology.service import Terminology
from terminology.snomed.release import import_release
from terminology.store import SystemInfo, open_systems
from tests.fhir_terminology.conftest import (
    LIST,
    SCT,
    VERSION,
    Api,
    code_of,
    filtered,
    found,
    issue_types,
    params,
    value_set,
)
from tests.terminology.small_release import write_extract


def test_the_capability_statement(api: Api) -> None:
    said = api.ask("GET", "metadata").json()
    assert said["resourceType"] == "CapabilityStatement"
    assert said["fhirVersion"] == "4.0.1"
    assert said["url"] == "http://localhost/fhir/metadata"
    assert said["instantiates"] == ["http://hl7.org/fhir/CapabilityStatement/terminology-server"]
    operations = {
        resource["type"]: {each["name"] for each in resource["operation"]} for resource in said["rest"][0]["resource"]
    }
    assert operations["CodeSystem"] == {"lookup", "subsumes", "validate-code"}
    assert operations["ValueSet"] == {"expand", "validate-code"}
    assert operations["ConceptMap"] == {"translate", "closure"}


def test_the_terminology_capabilities_list_every_system(api: Api) -> None:
    said = api.ask("GET", "metadata?mode=terminology").json()
    systems = {each["uri"]: [version["code"] for version in each["version"]] for each in said["codeSystem"]}
    assert systems == {SCT: [VERSION], LIST: ["2"]}
    names = [each["name"] for each in said["expansion"]["parameter"]]
    assert names == sorted(names)
    assert "tx-resource" in names


def test_the_fhir_versions(api: Api) -> None:
    assert found(api.ask("GET", "$versions?_format=json").json(), "default") == "4.0"


def test_code_systems_are_searched_and_read(api: Api) -> None:
    bundle = api.ask("GET", "CodeSystem", params={"url": LIST}).json()
    (entry,) = bundle["entry"]
    assert (bundle["total"], entry["resource"]["url"], entry["resource"]["content"]) == (1, LIST, "not-present")
    path = entry["fullUrl"].removeprefix("http://localhost/fhir/")
    assert api.ask("GET", path).json() == entry["resource"]
    assert api.ask("GET", "CodeSystem").json()["total"] == 2
    assert api.ask("GET", "ValueSet?_summary=true").json()["total"] == 0
    assert api.ask("GET", "CodeSystem/nobody").status_code == 404


def test_a_batch_answers_each_request(api: Api) -> None:
    body = {"resourceType": "Parameters", "parameter": params(system=SCT, code=code_of("cold"))}
    entries = [
        {"request": {"method": "GET", "url": f"CodeSystem/$lookup?system={SCT}&code={code_of('cold')}"}},
        {"request": {"method": "POST", "url": "CodeSystem/$lookup"}, "resource": body},
        {"request": {"method": "GET", "url": "metadata"}},
        {"request": {"method": "POST", "url": "CodeSystem/$lookup"}, "resource": {}},
        {"request": {"method": "DELETE", "url": "CodeSystem/1"}},
    ]
    answer = api.ask("POST", "", json={"resourceType": "Bundle", "type": "batch", "entry": entries}).json()
    assert answer["type"] == "batch-response"
    assert [each["response"]["status"] for each in answer["entry"]] == ["200", "200", "200", "400", "405"]
    assert answer["entry"][0]["resource"] == answer["entry"][1]["resource"]
    transaction = {"resourceType": "Bundle", "type": "transaction", "entry": []}
    assert api.ask("POST", "", json=transaction).status_code == 400


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/fhir+json", 200),
        ("application/json;q=0.9", 200),
        ("*/*", 200),
        ("application/fhir+json; fhirVersion=4.0", 200),
        ("application/fhir+xml", 406),
        ("text/html", 406),
    ],
)
def test_only_json_is_served(api: Api, accept: str, status: int) -> None:
    response = api.ask("GET", "metadata", headers={"Accept": accept})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/fhir+json"
    assert api.ask("GET", "metadata?_format=xml").status_code == 406
    assert api.ask("GET", "metadata?_format=json", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/fhir+json", 400),
        (b"", "application/fhir+json", 400),
        (b"[]", "application/fhir+json", 400),
        (b'{"resourceType":"Parameters","parameter":[{"valueCode":"1"}]}', "application/fhir+json", 400),
        (b'{"resourceType":"Patient"}', "application/fhir+json", 400),
        (b"\xff\xfe", "application/fhir+json", 400),
        (b"[" * 200_000, "application/fhir+json", 400),
        (b'{"resourceType":"Parameters","parameter":[' * 400 + b"]}" * 400, "application/fhir+json", 400),
        (b"<a/>", "application/fhir+xml", 415),
        (b" " * (app_module.LARGEST_BODY + 1), "application/fhir+json", 413),
    ],
    ids=["cut", "empty", "list", "nameless", "other", "bytes", "deep", "nested", "xml", "large"],
)
def test_bodies_that_are_no_request(api: Api, content: bytes, kind: str, status: int) -> None:
    response = api.ask("POST", "CodeSystem/$lookup", content=content, headers={"Content-Type": kind})
    assert response.status_code == status
    assert response.json()["resourceType"] == "OperationOutcome"


def test_deeply_nested_parts_and_value_sets(api: Api) -> None:
    part: dict[str, object] = {"name": "x"}
    for _ in range(300):
        part = {"name": "x", "part": [part]}
    body = {"resourceType": "Parameters", "parameter": [part]}
    assert api.ask("POST", "CodeSystem/$lookup", json=body).status_code == 400


@pytest.mark.parametrize("path", ["CodeSystem/$nothing", "Patient", "Patient/1", "a/b/c", "$validate-code"])
def test_there_is_nothing_else(api: Api, path: str) -> None:
    response = api.ask("GET", path)
    assert response.status_code == 404
    assert issue_types(response.json())[0][0] == "error"
    assert api.ask("DELETE", path).status_code == 405


def test_a_fault_of_ours_tells_and_logs_nothing_of_the_request(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("11223344556")

    monkeypatch.setattr(Terminology, "operate", fail)
    with caplog.at_level(logging.DEBUG):
        response = api.ask("GET", "CodeSystem/$lookup", params={"system": SCT, "code": "11223344556"})
    assert response.status_code == 500
    assert "11223344556" not in response.text
    assert "11223344556" not in "".join(record.getMessage() for record in caplog.records if record.name != "httpx")


def test_other_hosts_are_refused(api: Api) -> None:
    assert api.ask("GET", "metadata", headers={"Host": "example.org"}).status_code == 400


class _Listed(tuple[SystemInfo, ...]):
    """A store that is not opened."""

    __slots__ = ()

    def all(self) -> tuple[SystemInfo, ...]:
        return self

    def of(self, *_: object, **__: object) -> None:
        raise AssertionError


def test_extracts_are_listed_as_nobody_has_published_them() -> None:
    extract = SystemInfo("try", SCT, f"{SCT}/31000003106/version/20250909", "Try", "snomed")
    version = "http://snomed.info/xsct/31000003106/version/20250909"
    assert code_system(extract)["version"] == version
    assert search("CodeSystem", _Listed((extract,)), "http://here", SCT, version)["total"] == 1
    assert search("CodeSystem", _Listed((extract,)), "http://here", SCT, VERSION)["total"] == 0


def test_a_version_that_is_there_under_two_names_is_listed_once() -> None:
    twice = _Listed(SystemInfo(name, SCT, VERSION, name, "snomed") for name in ("one", "two"))
    listed = terminology_capabilities("http://here", twice)["codeSystem"]
    assert listed == [{"uri": SCT, "version": [{"code": VERSION}]}]


def test_the_body_may_be_the_value_set_itself(api: Api) -> None:
    asked = value_set(filtered("concept", "is-a", "{carditis}"))
    response = api.ask("POST", "ValueSet/$expand?count=1", json=asked)
    assert (response.status_code, response.json()["expansion"]["total"]) == (200, 2)
    checked = api.ask("POST", f"ValueSet/$validate-code?system={SCT}&code={code_of('valvitis')}", json=asked).json()
    assert found(checked, "result") is True
    assert api.ask("POST", "CodeSystem/$lookup", json=asked).status_code == 400


def test_an_extract_without_metadata_is_told_of_as_any_release(tmp_path: Path) -> None:
    import_release([write_extract(tmp_path / "rf2")], tmp_path / "store", "extract")
    api = Api(open_systems(tmp_path / "store"))
    told = api.post("CodeSystem/$lookup", *params(system=SCT, code=code_of("carditis"), displayLanguage="nb"))
    assert found(told, "display") == "hjertebetennelse"
    uses = {
        part["valueCoding"]["display"]
        for each in told["parameter"]
        for part in each.get("part", ())
        if part["name"] == "use"
    }
    assert uses == {"Fully specified name", "Synonym", "Definition"}
    properties = {each["part"][0]["valueCode"] for each in told["parameter"] if each["name"] == "property"}
    assert "module" not in properties
    members = api.codes(*params(url=f"{SCT}?fhir_vs=refset/{code_of('problems')}"))
    assert "carditis" in members
    assert api.codes(*params(valueSet=value_set(filtered("concept", "in", "{problems}")))) == members
    assert api.ask("GET", f"ValueSet/$expand?url={SCT}?fhir_vs=refset/{'1' * 5000}").status_code == 404
