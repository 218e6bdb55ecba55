"""A store with a small release that has a concept model, a code list, and a client of the API over it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from reporting.fhir_terminology.app import create_terminology_app
from terminology.classifications.imports import import_classification
from terminology.snomed.release import Release, import_release, open_release
from terminology.store import Systems, open_systems
from tests.terminology import small_release
from tests.terminology.small_release import IDS

SCT = "http://snomed.info/sct"
VERSION = f"{SCT}/51000202101/version/20260415"
LIST = "http://example.org/colours"

_RULES = {"723597001": "mandatory", "723598006": "optional", "723596005": "all content", "723561005": "domains"}
_RULES |= {"723562003": "ranges"}
#: attribute, domain, grouped, cardinality, in group, strength
_DOMAINS = """
site finding 1 0..* 0..1 723597001
morph finding 1 0..* 0..1 723597001
due finding 1 0..* 0..1 723597001
due drug 1 0..* 0..1 723597001
cause disease 0 0..1 0..0 723597001
label body 0 0..1 0..0 723597001
label other 0 0..1 0..0 723598006
strength drug 1 0..* 0..1 723597001
"""
_RANGES = """
site;<< {body}
morph;<< {shape}
strength;dec(>#0..)
cause;<< {substance}
"""


def code_of(name: str) -> str:
    """The identifier of a concept of the small release."""
    return str(IDS[name])


def named(text: str) -> str:
    """`text` with the identifiers of the concepts named in braces."""
    return text.format(**IDS)


def _member(refset: str, component: str, *own: str) -> list[str]:
    key = uuid.uuid5(uuid.NAMESPACE_OID, "/".join([refset, component, *own]))
    return [str(key), "20190131", "1", code_of("core"), refset, component, *own]


def _rows(file: Path, header: str, rows: list[list[str]]) -> None:
    lines = [header.split(), *rows]
    file.write_text("".join("\t".join(row) + "\r\n" for row in lines), encoding="utf-8", newline="")


def _write_model(folder: Path) -> None:
    (concepts,) = folder.rglob("sct2_Concept_*")
    state = ["20190131", "1", code_of("core"), code_of("primitive")]
    with concepts.open("a", encoding="utf-8", newline="") as out:
        out.writelines("\t".join([sctid, *state]) + "\r\n" for sctid in _RULES)
    head = "id effectiveTime active moduleId refsetId referencedComponentId"
    domains = []
    for line in _DOMAINS.strip().split("\n"):
        attribute, domain, grouped, times, inside, strength = line.split()
        own = (code_of(domain), grouped, times, inside, strength, "723596005")
        domains.append(_member("723561005", code_of(attribute), *own))
    ranges = []
    for line in _RANGES.strip().split("\n"):
        attribute, constraint = line.split(";")
        own = (named(constraint), "", "723597001", "723596005")
        ranges.append(_member("723562003", code_of(attribute), *own))
    place = folder / "Snapshot" / "Refset"
    fields = "domainId grouped attributeCardinality attributeInGroupCardinality ruleStrengthId contentTypeId"
    name = "der2_cissccRefset_MRCMAttributeDomainSnapshot_NO1000202_20260415.txt"
    _rows(place / name, f"{head} {fields}", domains)
    name = "der2_ssccRefset_MRCMAttributeRangeSnapshot_NO1000202_20260415.txt"
    _rows(place / name, f"{head} rangeConstraint attributeRule ruleStrengthId contentTypeId", ranges)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store: the small release with a concept model, without one, and a list of colours."""
    folder = tmp_path_factory.mktemp("fhir")
    plain = small_release.write_release(folder / "plain")
    with_model = small_release.write_release(folder / "model")
    _write_model(with_model)
    import_release([with_model], folder / "store", "model")
    import_release([plain], folder / "other", "plain")
    colours = folder / "colours.json"
    colours.write_text(json.dumps(COLOURS), encoding="utf-8")
    import_classification([colours], folder / "store", "colours")
    return folder / "store"


COLOURS = {
    "resourceType": "CodeSystem",
    "url": LIST,
    "version": "2",
    "name": "Colours",
    "title": "Colours",
    "status": "active",
    "content": "complete",
    "concept": [
        {"code": "R", "display": "red", "concept": [{"code": "R1", "display": "dark red"}]},
        {"code": "B", "display": "blue"},
    ],
}


@pytest.fixture(scope="session")
def systems(store: Path) -> Systems:
    return open_systems(store)


@pytest.fixture(scope="session")
def release(store: Path) -> Release:
    return open_release(store / "model")


@pytest.fixture(scope="session")
def plain_systems(store: Path) -> Systems:
    """The release without a concept model."""
    return open_systems(store.parent / "other")


class Api:
    """Asks the application, in this process; answers are read as JSON."""

    def __init__(self, systems: Systems) -> None:
        self._app = create_terminology_app(systems)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request to a path below /fhir."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, f"/fhir/{path}".rstrip("/"), **more)

        return anyio.run(send)

    def post(self, path: str, *parameters: dict[str, Any], status: int = 200) -> dict[str, Any]:
        """The answer to parameters; its status is the expected one."""
        body = {"resourceType": "Parameters", "parameter": list(parameters)}
        response = self.ask("POST", path, json=body)
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/fhir+json"
        answer: dict[str, Any] = response.json()
        return answer

    def expand(self, *parameters: dict[str, Any]) -> dict[str, Any]:
        """The expansion of $expand."""
        expansion: dict[str, Any] = self.post("ValueSet/$expand", *parameters)["expansion"]
        return expansion

    def codes(self, *parameters: dict[str, Any]) -> list[str]:
        """The codes of an expansion, concepts of the small release by name."""
        names = {str(sctid): name for name, sctid in IDS.items()}
        return [names.get(each["code"], each["code"]) for each in self.expand(*parameters).get("contains", [])]


@pytest.fixture(scope="session")
def api(systems: Systems) -> Iterator[Api]:
    yield Api(systems)


def param(name: str, value: object) -> dict[str, Any]:
    """A parameter: texts, booleans, numbers, resources and codings by what they are."""
    match value:
        case bool():
            return {"name": name, "valueBoolean": value}
        case int():
            return {"name": name, "valueInteger": value}
        case {"resourceType": _}:
            return {"name": name, "resource": value}
        case {"coding": _}:
            return {"name": name, "valueCodeableConcept": value}
        case dict():
            return {"name": name, "valueCoding": value}
    return {"name": name, "valueString": value}


def params(**said: object) -> list[dict[str, Any]]:
    """Parameters; an underscore in a name stands for a hyphen, a list for a parameter that repeats."""
    pairs = [(name.replace("_", "-"), value) for name, value in said.items()]
    return [param(name, each) for name, value in pairs for each in (value if isinstance(value, list) else [value])]


def value_set(*include: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A value set that includes these; `exclude` is a list of its own."""
    compose = {"include": list(include)} | ({"exclude": more.pop("exclude")} if "exclude" in more else {})
    head = {"resourceType": "ValueSet", "url": "http://example.org/vs", "version": "1", "status": "active"}
    return head | more | {"compose": compose}


def filtered(property_: str, op: str, value: str, system: str = SCT) -> dict[str, Any]:
    """An include with one filter; concepts of the small release are named in braces."""
    return {"system": system, "filter": [{"property": named(property_), "op": op, "value": named(value)}]}


def listed(*codes: str, system: str = SCT) -> dict[str, Any]:
    """An include that lists codes."""
    return {"system": system, "concept": [{"code": code} for code in codes]}


def found(answer: dict[str, Any], name: str) -> Any:
    """The value of the first parameter of this name; None when there is none."""
    for each in answer["parameter"]:
        if each["name"] == name:
            return each.get("resource") or next(value for key, value in each.items() if key.startswith("value"))
    return None


def issue_types(outcome: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Severity, code and tx-issue-type of each issue."""
    return [(each["severity"], each["code"], each["details"]["coding"][0]["code"]) for each in outcome["issue"]]


Ask = Callable[..., dict[str, Any]]
