"""One registry's definition, readable."""

from __future__ import annotations

from dataclasses import dataclass

from registries.definition import Definition, Variable
from reporting.meanings import meanings_of
from reporting.texts import Text, text
from reporting.web.rules import case_texts, variable_texts, when_texts
from reporting.web.views.overview import RegistryCard, registry_card


@dataclass(frozen=True, slots=True)
class VariableRow:
    """One variable as the definition has it."""

    name: str
    variable: Variable
    codes: tuple[tuple[int, Text], ...]
    ranges: tuple[Text, ...]
    rules: tuple[Text, ...]
    asked: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class RegistryPage:
    """All of a registry's page."""

    definition: Definition
    card: RegistryCard
    case: tuple[Text, ...]
    variables: tuple[VariableRow, ...]


def registry_page(definition: Definition) -> RegistryPage:
    """What a registry's page shows."""
    return RegistryPage(
        definition=definition,
        card=registry_card(definition),
        case=case_texts(definition.case),
        variables=tuple(_row(name, definition) for name in definition.variables),
    )


def _row(name: str, definition: Definition) -> VariableRow:
    variable = definition.variables[name]
    return VariableRow(
        name=name,
        variable=variable,
        codes=tuple((code, meanings_of(variable)(means)) for code, means in (variable.codes or {}).items()),
        ranges=_ranges(variable),
        rules=variable_texts(variable),
        asked=when_texts(variable, definition.variables),
    )


def _ranges(variable: Variable) -> tuple[Text, ...]:
    if variable.range is None:
        return ()
    limits = {"page.hard_range": variable.range.hard, "page.plausible_range": variable.range.plausible}
    return tuple(text(key, low=f"{both[0]:g}", high=f"{both[1]:g}") for key, both in limits.items() if both)
