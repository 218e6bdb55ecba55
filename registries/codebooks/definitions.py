"""A registry definition as a codebook: what the registry's own form would ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from registries.catalogue import Catalogue, NormedVariable
from registries.codebooks import Choice, Codebook, Coding, Condition, Field, FieldType, Form, Interval, number
from registries.definition import Definition, Variable

#: The system in which normed variables are codes (`smoking`, `smoking@2`), as they stand on items of a Questionnaire.
NORMED: Final = "urn:registerbro:catalogue"
_TYPES: Final[dict[str, FieldType]] = {"code": "choice"}
_STATUSES: Final = {"draft": "draft", "approved": "draft", "active": "active", "retired": "retired"}


def codebook_of(definition: Definition, catalogue: Catalogue) -> Codebook:
    """One form with the definition's variables, in bokmål: texts, code list, unit, limits and when each is asked for.

    Where the questions come from (rules, windows, maps) is not a codebook's matter.
    """
    asked = {other for variable in definition.variables.values() for other in variable.when or ()}
    fields = tuple(
        _wrapped(definition, name, _field(definition, name, variable, catalogue.find(variable.normed), name in asked))
        for name, variable in definition.variables.items()
    )
    title = definition.title.nb
    url = f"urn:registerbro:{definition.registry}"
    status = _STATUSES[definition.status]
    return Codebook(title, (Form(title, fields),), str(definition.version), url, status)  # type: ignore[arg-type]


def _field(
    definition: Definition, name: str, variable: Variable, normed: NormedVariable | None, activates: bool
) -> Field:
    limits = variable.range
    return Field(
        id=name,
        label=variable.label.nb,
        type=_TYPES.get(variable.type, variable.type),  # type: ignore[arg-type]
        required=variable.obligatory,
        help=_help(normed),
        comment=variable.clause,
        table=definition.registry,
        column=name,
        choices=tuple(
            Choice(str(code), normed.values[meaning].nb if normed and meaning in normed.values else meaning)
            for code, meaning in (variable.codes or {}).items()
        ),
        codes=(Coding(variable.normed, normed.label.nb if normed else "", NORMED),),
        unit=variable.unit,
        limits=_interval(limits.hard if limits else None),
        normal=_interval(limits.plausible if limits else None),
        decimals=variable.decimals if variable.type == "decimal" else None,
        activates=activates,
        activated=bool(variable.when),
    )


def _help(normed: NormedVariable | None) -> str:
    if normed is None:
        return ""
    return (normed.help or normed.definition).nb


def _interval(limits: tuple[float, float] | None) -> Interval:
    if limits is None:
        return Interval()
    low, high = (number(repr(float(limit))) or "" for limit in limits)
    return Interval(low, high)


def _wrapped(definition: Definition, name: str, field: Field) -> Field:
    """The field with its conditions. A Questionnaire joins all conditions of an item with one word, so each further
    variable that must have one of several values gets a group of its own around the field."""
    made = field
    when = definition.variables[name].when or {}
    for place, (other, meanings) in enumerate(when.items()):
        codes = [code for code, meaning in (definition.variables[other].codes or {}).items() if meaning in meanings]
        conditions = tuple(Condition(other, "=", "coding", str(code)) for code in codes)
        if place:
            made = Field(f"{name}-{place}", "", "group", fields=(made,))
        made = _when(made, conditions)
    return made


def _when(field: Field, conditions: tuple[Condition, ...]) -> Field:
    return replace(field, when=conditions, when_any=len(conditions) > 1)
