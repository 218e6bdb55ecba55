"""Reading and searching resources: the code systems of the store as CodeSystem resources without their content."""

from __future__ import annotations

import re

from reporting.fhir_terminology.library import SystemInfo, Systems
from reporting.fhir_terminology.outcome import Resource, refused
from terminology.codes import canonical_system
from terminology.snomed.system import version_uri


def search(kind: str, systems: Systems, base: str, url: str, version: str) -> Resource:
    """A searchset Bundle. Value sets and concept maps are all implicit or given in requests, so none is found."""
    found = [info for info in systems.all() if kind == "CodeSystem" and _fits(info, url, version)]
    entries = [{"fullUrl": f"{base}/CodeSystem/{id_of(info)}", "resource": code_system(info)} for info in found]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return bundle | ({"entry": entries} if entries else {})


def read(kind: str, systems: Systems, wanted: str) -> Resource:
    """The resource with this id. Raises Refused when there is none."""
    for info in systems.all():
        if kind == "CodeSystem" and id_of(info) == wanted:
            return code_system(info)
    raise refused(404, "not-found", "not-found", f"There is no {kind} with the id {wanted[:64]}")


def code_system(info: SystemInfo) -> Resource:
    """A code system as a resource; its codes are asked for by the operations."""
    said = {"url": info.uri, "version": version_uri(info.version), "title": info.title}
    return {
        "resourceType": "CodeSystem",
        "id": id_of(info),
        **{name: value for name, value in said.items() if value},
        "name": re.sub(r"[^A-Za-z0-9]", "_", info.title) or "CodeSystem",
        "status": "active",
        "content": "not-present",
    }


def id_of(info: SystemInfo) -> str:
    """The name in the store as a FHIR id (up to 64 letters, digits, hyphens and dots)."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", info.name)[:64]


def _fits(info: SystemInfo, url: str, version: str) -> bool:
    asked, _, pinned = url.partition("|")
    version = version or pinned
    return (not url or info.uri in (asked, canonical_system(asked))) and (
        not version or version_uri(info.version) == version_uri(version)
    )
