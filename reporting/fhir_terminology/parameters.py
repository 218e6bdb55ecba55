"""The parameters of an operation, from a Parameters resource or from the query of a GET (FHIR R4 2.40, 3.3.0)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from reporting.fhir_terminology.jsonvalues import text, things, value_of
from reporting.fhir_terminology.outcome import Refused, Resource, bad_request

_TRUTHS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Coding:
    """A code with its system. Empty texts are what was not said."""

    system: str = ""
    version: str = ""
    code: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: a value, a resource or parts."""

    name: str
    value: object = None
    resource: Resource | None = None
    parts: tuple[Parameter, ...] = ()


class Parameters:
    """All parameters, in order. Names may repeat; where one value is asked for, the first counts."""

    def __init__(self, parameters: Iterable[Parameter]) -> None:
        self._all = tuple(parameters)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._all)

    def named(self, name: str) -> list[Parameter]:
        """All parameters of this name."""
        return [each for each in self._all if each.name == name]

    def text(self, *names: str) -> str:
        """The text under the first of `names` that has one; empty when none has."""
        for name in names:
            for each in self.named(name):
                if isinstance(each.value, str):
                    return each.value.strip()
        return ""

    def texts(self, name: str) -> list[str]:
        """All texts of this name."""
        return [each.value for each in self.named(name) if isinstance(each.value, str)]

    def truth(self, name: str) -> bool | None:
        """A boolean; None when it is not given. Raises Refused for something else."""
        for each in self.named(name):
            value = _TRUTHS.get(each.value) if isinstance(each.value, str) else each.value
            if not isinstance(value, bool):
                raise bad_request(f"the parameter {name} must be true or false")
            return value
        return None

    def number(self, name: str) -> int | None:
        """A whole number from 0; None when it is not given. Raises Refused for something else."""
        for each in self.named(name):
            value = each.value
            if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
                value = int(value)
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 2**31:
                raise bad_request(f"the parameter {name} must be a whole number from 0")
            return value
        return None

    def coding(self, name: str) -> Coding | None:
        """A Coding, in a query as `system|code`; None when it is not given."""
        for each in self.named(name):
            if isinstance(each.value, dict):
                return coding_of(each.value)
            if isinstance(each.value, str):
                system, _, code = each.value.rpartition("|")
                return Coding(system=system, code=code)
        return None

    def codings(self, name: str) -> list[Coding] | None:
        """The codings of a CodeableConcept; None when it is not given."""
        for each in self.named(name):
            if isinstance(each.value, dict):
                return [coding_of(coding) for coding in things(each.value, "coding")]
        return None

    def resources(self, name: str) -> list[Resource]:
        """All resources of this name."""
        return [each.resource for each in self.named(name) if each.resource is not None]

    def resource(self, name: str, kind: str) -> Resource | None:
        """The resource of this name; None when it is not given. Raises Refused when it is not of this kind."""
        found = self.resources(name)
        if found and found[0].get("resourceType") != kind:
            raise bad_request(f"the parameter {name} must be a {kind} resource")
        return found[0] if found else None

    def with_others(self, others: Iterable[Parameter]) -> Parameters:
        """These, and those of `others` whose names are not among these (tx-resource: those too)."""
        mine = {each.name for each in self._all} - {"tx-resource"}
        return Parameters((*self._all, *(each for each in others if each.name not in mine)))


def coding_of(value: Resource) -> Coding:
    """A Coding as written in JSON."""
    return Coding(text(value, "system"), text(value, "version"), text(value, "code"), text(value, "display"))


def from_resource(resource: object) -> Parameters:
    """The parameters of a Parameters resource. Raises Refused for anything else."""
    if not isinstance(resource, dict) or resource.get("resourceType") != "Parameters":
        raise bad_request("the body must be a Parameters resource in JSON")
    return Parameters(_parameter(each) for each in things(resource, "parameter"))


def from_body(operation: str, body: object) -> Parameters:
    """The parameters of an operation from what was posted: a Parameters resource, or the value set itself where the
    operation has no other resource as parameter (FHIR R4 3.2.0.2). Raises Refused for anything else.
    """
    if operation.startswith("ValueSet/") and isinstance(body, dict) and body.get("resourceType") == "ValueSet":
        return Parameters([Parameter("valueSet", resource=body)])
    return from_resource(body)


def from_query(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """The parameters of a query; `_format` and its like are no parameters."""
    return Parameters(Parameter(name, value) for name, value in pairs if not name.startswith("_"))


def _parameter(said: Resource) -> Parameter:
    name, resource = text(said, "name"), said.get("resource")
    if not name:
        raise bad_request("a parameter has no name")
    parts = tuple(_parameter(each) for each in things(said, "part"))
    return Parameter(name, value_of(said), resource if isinstance(resource, dict) else None, parts)


__all__ = ["Coding", "Parameter", "Parameters", "Refused", "coding_of", "from_body", "from_query", "from_resource"]
