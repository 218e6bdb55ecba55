"""What one request can name: code systems of the store, and resources that came with the request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from reporting.fhir_terminology.codes_engine import CodesEngine
from reporting.fhir_terminology.engines import Engine
from reporting.fhir_terminology.inline_system import InlineSystem
from reporting.fhir_terminology.jsonvalues import text
from reporting.fhir_terminology.outcome import Issue, Refused, Resource, bad_request, refused
from reporting.fhir_terminology.parameters import Parameters
from reporting.fhir_terminology.snomed_engine import SnomedEngine
from terminology.codes import SNOMED
from terminology.snomed.system import SnomedSystem, version_uri
from terminology.systems import CodeSystem

_UNPUBLISHED: Final = re.compile(r"http://snomed\.info/xsct/[0-9]+/version/([0-9]{8})")
#: How many of them are answered: each keeps answers of its own, and anybody can name another.
_MOST_UNPUBLISHED: Final = 20


class SystemInfo(Protocol):
    """What a store says of a code system without opening it."""

    @property
    def name(self) -> str: ...
    @property
    def uri(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def title(self) -> str: ...


class Systems(Protocol):
    """The code systems of a store (see `terminology.store`)."""

    def all(self) -> tuple[SystemInfo, ...]:
        """All of them."""

    def of(self, uri_or_alias: str, version: str | None = None) -> CodeSystem | None:
        """The newest of this system, or the one of this version."""


class Engines:
    """The engines of a store's code systems, each made once."""

    def __init__(self, systems: Systems) -> None:
        self.systems = systems
        self._made: dict[tuple[str, str], Engine] = {}

    def of(self, uri: str, version: str | None) -> Engine | None:
        """The engine of a code system; None when the store has not this system and version."""
        system = self.systems.of(uri) if version is None else self._of_version(uri, version)
        if system is None:
            return None
        return self._made.setdefault((system.uri, system.version), _engine(system))

    def versions(self, uri: str) -> list[str]:
        """The versions of a system that the store has."""
        newest = self.systems.of(uri)
        canonical = newest.uri if newest else uri
        return sorted({version_uri(info.version) for info in self.systems.all() if info.uri == canonical})

    def _of_version(self, uri: str, wanted: str) -> CodeSystem | None:
        known = self.versions(uri)
        if wanted not in known and (unpublished := _UNPUBLISHED.fullmatch(wanted)):
            return self._unpublished(wanted, unpublished[1])
        version = matching(wanted, known)
        return None if version is None else self.systems.of(uri, version.replace("/xsct/", "/sct/"))

    def _unpublished(self, wanted: str, date: str) -> CodeSystem | None:
        """The release for an xsct version URI: that of its date, else the only one of SNOMED CT that there is.

        Nobody published it, so that its module is no known edition, and its date often only a wish of those who ask.
        """
        made = {version for uri, version in self._made if uri == SNOMED and _UNPUBLISHED.fullmatch(version)}
        if wanted not in made and len(made) >= _MOST_UNPUBLISHED:
            return None
        found = self.systems.of(SNOMED, date)
        if found is None and len(self.versions(SNOMED)) == 1:
            found = self.systems.of(SNOMED)
        return SnomedSystem(found.release, found.name, wanted) if isinstance(found, SnomedSystem) else None


@dataclass(frozen=True, slots=True)
class Pins:
    """Versions that a request states for code systems: by default, forced, and checked."""

    default: dict[str, str]
    force: dict[str, str]
    check: dict[str, str]


class Library:
    """Finds code systems, value sets and concept maps for one request."""

    def __init__(self, engines: Engines, parameters: Parameters) -> None:
        self._engines = engines
        self._inline: list[Engine] = []
        self._value_sets: list[Resource] = []
        self.concept_maps: list[Resource] = []
        for resource in parameters.resources("tx-resource"):
            self.add(resource)
        self.pins = Pins(*(_pins(parameters, f"{kind}system-version") for kind in ("", "force-", "check-")))
        self._default_value_sets = dict(_canonicals(parameters.texts("default-valueset-version")))

    def add(self, resource: Resource) -> None:
        """Takes in a resource that came with the request. Raises Refused for other kinds of resources."""
        match resource.get("resourceType"):
            case "CodeSystem" if text(resource, "content") != "supplement":
                self._inline.append(CodesEngine(InlineSystem(resource)))
            case "CodeSystem":
                pass  # a supplement counts only where a value set asks for it, and there it is refused
            case "ValueSet":
                self._value_sets.append(resource)
            case "ConceptMap":
                self.concept_maps.append(resource)
            case _:
                raise bad_request("a tx-resource must be a CodeSystem, a ValueSet or a ConceptMap")

    def engine(self, uri: str, stated: str = "", purpose: str = "code") -> Engine:
        """The code system of a URI, in the version that the request and its pins ask for.

        Raises Refused when it is not there; the issue lists the versions that are.
        """
        version = self.pins.force.get(uri) or stated or self.pins.default.get(uri) or self.pins.check.get(uri)
        found = self._find(uri, version or None)
        if found is None:
            raise self._unknown(uri, version or "", purpose)
        checked = self.pins.check.get(uri)
        if checked and matching(checked, [found.system.version]) is None:
            text_ = (
                f"The version '{found.system.version}' is not allowed for system '{uri}': "
                f"required to be '{checked}' by a version-check parameter"
            )
            raise refused(422, "exception", "version-error", text_, "VALUESET_VERSION_CHECK")
        return found

    def knows(self, uri: str) -> bool:
        """Whether there is any version of the code system."""
        return self._find(uri, None) is not None

    def value_set(self, canonical: str) -> Resource | None:
        """A value set that came with the request, by URL, with or without a version; the newest one."""
        url, _, version = canonical.partition("|")
        version = version or self._default_value_sets.get(url, "")
        found = [each for each in self._value_sets if text(each, "url") == url]
        if version:
            found = [each for each in found if text(each, "version") == version]
        return max(found, key=lambda each: natural(text(each, "version")), default=None)

    def _find(self, uri: str, version: str | None) -> Engine | None:
        inline = [each for each in self._inline if each.system.uri == uri]
        if inline:
            wanted = version and matching(version, [each.system.version for each in inline])
            inline = [each for each in inline if version is None or each.system.version == wanted]
            return max(inline, key=lambda each: natural(each.system.version), default=None)
        return self._engines.of(uri, version)

    def _unknown(self, uri: str, version: str, purpose: str) -> Refused:
        rest = "so the value set cannot be expanded" if purpose == "expand" else "so the code cannot be validated"
        known = [each.system.version for each in self._inline if each.system.uri == uri] or self._engines.versions(uri)
        if not known:
            text_ = f"A definition for CodeSystem '{uri}' could not be found, {rest}"
            return refused(404, "not-found", "not-found", text_, "UNKNOWN_CODESYSTEM")
        valid = " or ".join(f"'{each}'" for each in known)
        wanted = f"CodeSystem '{uri}' version '{version}'"
        text_ = f"A definition for {wanted} could not be found, {rest}. Valid versions: {valid}"
        return Refused(404, Issue("error", "not-found", "not-found", text_, message_id="UNKNOWN_CODESYSTEM_VERSION"))


def matching(wanted: str, versions: Iterable[str]) -> str | None:
    """The newest of `versions` that is the wanted one; see `_fits`."""
    fitting = [each for each in versions if _fits(wanted, each)]
    return max(fitting, key=natural, default=None)


def natural(version: str) -> tuple[tuple[int, str], ...]:
    """Versions in the order people count: 2 before 10."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", version) if part)


def _fits(wanted: str, version: str) -> bool:
    """Equal; or with `x` or `*` for parts; or a SNOMED CT edition without a date, published or not (sct, xsct)."""
    if wanted == version:
        return True
    if "snomed.info/" in wanted:
        published, found = (each.replace("/xsct/", "/sct/") for each in (wanted, version))
        return found == published or found.startswith(published.rstrip("/") + "/version/")
    parts, found_parts = wanted.split("."), version.split(".")
    open_end = parts[-1] in ("x", "*") and len(parts) <= len(found_parts)
    same_length = len(parts) == len(found_parts)
    return (
        ("x" in parts or "*" in parts)
        and (same_length or open_end)
        and all(a in ("x", "*", b) for a, b in zip(parts, found_parts, strict=False))
    )


def _engine(system: CodeSystem) -> Engine:
    return SnomedEngine(system) if isinstance(system, SnomedSystem) else CodesEngine(system)


def _pins(parameters: Parameters, name: str) -> dict[str, str]:
    return dict(_canonicals(parameters.texts(name)))


def _canonicals(said: Iterable[str]) -> Iterable[tuple[str, str]]:
    for each in said:
        uri, _, version = each.partition("|")
        yield uri, version
