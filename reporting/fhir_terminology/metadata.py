"""What the service says of itself: CapabilityStatement, TerminologyCapabilities and the versions of FHIR it speaks."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Final

from reporting.fhir_terminology.answer import answer, string
from reporting.fhir_terminology.library import Systems
from reporting.fhir_terminology.outcome import Resource
from terminology.snomed.system import version_uri

FHIR_VERSION: Final = "4.0.1"
#: When this part of the program was last changed in a way that clients notice.
_DATE: Final = "2026-11-20"
_BASE: Final = "http://hl7.org/fhir/OperationDefinition"
_FEATURE: Final = "http://hl7.org/fhir/uv/application-feature/StructureDefinition/feature"
_FEATURES: Final[dict[str, tuple[str, str | bool]]] = {
    "http://hl7.org/fhir/uv/tx-tests/FeatureDefinition/test-version": ("valueCode", "1.9.2"),
    "http://hl7.org/fhir/uv/tx-ecosystem/FeatureDefinition/CodeSystemAsParameter": ("valueBoolean", True),
}
_OPERATIONS: Final = {
    "CodeSystem": ("lookup", "subsumes", "validate-code"),
    "ValueSet": ("expand", "validate-code"),
    "ConceptMap": ("closure", "translate"),
}
#: Sorted, because clients compare.
_EXPANSION_PARAMETERS: Final = (
    "activeOnly",
    "check-system-version",
    "count",
    "default-valueset-version",
    "displayLanguage",
    "excludeNested",
    "filter",
    "force-system-version",
    "includeDefinition",
    "includeDesignations",
    "offset",
    "property",
    "system-version",
    "tx-resource",
)


def capability_statement(base: str) -> Resource:
    """The CapabilityStatement of the service at `base`."""
    return _named("CapabilityStatement", f"{base}/metadata") | {
        "extension": [_feature(definition, *value) for definition, value in _FEATURES.items()],
        "instantiates": ["http://hl7.org/fhir/CapabilityStatement/terminology-server"],
        "software": {"name": "Registerbro", "version": _software(), "releaseDate": _DATE},
        "implementation": {"description": "Registerbro terminology", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["application/fhir+json"],
        "rest": [_rest()],
    }


def terminology_capabilities(base: str, systems: Systems) -> Resource:
    """The TerminologyCapabilities: every code system with its versions."""
    listed: dict[str, set[str]] = {}
    for info in systems.all():
        listed.setdefault(info.uri, set()).add(version_uri(info.version))
    code_systems: list[Resource] = [
        {"uri": uri, "version": [{"code": each} for each in sorted(filter(None, versions))]}
        if any(versions)
        else {"uri": uri}
        for uri, versions in sorted(listed.items())
    ]
    return _named("TerminologyCapabilities", f"{base}/metadata?mode=terminology") | {
        "codeSystem": code_systems,
        "expansion": {
            "hierarchical": False,
            "paging": True,
            "parameter": [{"name": name} for name in _EXPANSION_PARAMETERS],
        },
        "codeSearch": "explicit",
        "validateCode": {"translations": True},
        "translation": {"needsMap": False},
        "closure": {"translation": False},
    }


def versions() -> Resource:
    """The versions of FHIR that the service speaks ($versions)."""
    return answer(string("version", "4.0"), string("default", "4.0"))


def _named(kind: str, url: str) -> Resource:
    return {
        "resourceType": kind,
        "url": url,
        "version": _software(),
        "name": f"Registerbro{kind}",
        "title": "Registerbro terminology",
        "status": "active",
        "date": _DATE,
        "kind": "instance",
    }


def _rest() -> Resource:
    security = {"service": [{"text": "None: the service answers on this machine only"}]}
    resources = [
        {
            "type": kind,
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            "searchParam": [{"name": "url", "type": "uri"}, {"name": "version", "type": "token"}],
            "operation": [{"name": name, "definition": f"{_BASE}/{kind}-{name}"} for name in names],
        }
        for kind, names in _OPERATIONS.items()
    ]
    operation = [{"name": "versions", "definition": f"{_BASE}/CapabilityStatement-versions"}]
    return {
        "mode": "server",
        "security": security,
        "resource": resources,
        "interaction": [{"code": "batch"}],
        "operation": operation,
    }


def _feature(definition: str, kind: str, value: str | bool) -> Resource:
    inner = [{"url": "definition", "valueCanonical": definition}, {"url": "value", kind: value}]
    return {"url": _FEATURE, "extension": inner}


def _software() -> str:
    try:
        return version("registerbro")
    except PackageNotFoundError:
        return "0"
