"""Which registries use which normed variable, and with which code list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from registries.catalogue.content import Catalogue
from registries.definition import Definition, Variable
from registries.record import Tier


@dataclass(frozen=True, slots=True)
class Use:
    """How a registry uses a normed variable. `codes` is its code list: its own code → the normed meaning."""

    normed: str
    version: int | None
    registry: str
    registry_version: int
    variable: str
    label: str
    type: str
    unit: str
    codes: Mapping[str, str]
    obligatory: bool
    automation: Tier


def usage(catalogue: Catalogue, definitions: Iterable[Definition], name: str | None = None) -> tuple[Use, ...]:
    """Every use of the variable of that name, or of all; by variable, then by registry. `version` is None for a
    variable that the catalogue does not have."""
    uses = [use for definition in definitions for use in _uses(catalogue, definition)]
    wanted = [use for use in uses if name is None or use.normed == name.partition("@")[0]]
    return tuple(sorted(wanted, key=lambda use: (use.normed, use.registry, use.variable)))


def _uses(catalogue: Catalogue, definition: Definition) -> Iterator[Use]:
    for name, variable in definition.variables.items():
        yield _use(catalogue, definition, name, variable)


def _use(catalogue: Catalogue, definition: Definition, name: str, variable: Variable) -> Use:
    found = catalogue.find(variable.normed)
    return Use(
        normed=variable.normed.partition("@")[0],
        version=found.version if found else None,
        registry=definition.registry,
        registry_version=definition.version,
        variable=name,
        label=variable.label.nb,
        type=variable.type,
        unit=variable.unit,
        codes={str(code): meaning for code, meaning in (variable.codes or {}).items()},
        obligatory=variable.obligatory,
        automation=variable.automation,
    )
