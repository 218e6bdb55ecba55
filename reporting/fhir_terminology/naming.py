"""How resources and codes are named in texts and parameters."""

from __future__ import annotations

from reporting.fhir_terminology.engines import Engine
from reporting.fhir_terminology.jsonvalues import text
from reporting.fhir_terminology.outcome import Resource
from terminology.snomed.system import SnomedSystem


def canonical(resource: Resource) -> str:
    """URL and version of a resource, `url|version`."""
    return "|".join(filter(None, (text(resource, "url"), text(resource, "version"))))


def versioned(engine: Engine) -> str:
    """URI and version of a code system, `uri|version`."""
    return "|".join(filter(None, (engine.system.uri, engine.system.version)))


def described(engine: Engine) -> str:
    """A code system as texts name it: URI, version and edition."""
    system = engine.system
    edition = f" ({system.edition})" if isinstance(system, SnomedSystem) and system.edition else ""
    version = f" version '{system.version}'" if system.version else ""
    return f"the CodeSystem '{system.uri}'{version}{edition}"
