"""A registry's own message content: one element a variable that has a value, one `Mangler` a variable that has none.

The registries in question publish no wire format, so this is the project's own, generated from the definition:
namespace `urn:registerbro:<registry>:<version>`, root `Registrering`. The schema is made by `schema.content_schema`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec
from lxml import etree

from registries.definition import Definition, Variable
from registries.record import RegistryValue

ROOT: Final = "Registrering"
MISSING: Final = "Mangler"
#: The reason of a variable whose value waits until a person confirms it; other reasons are those of `record.Reason`.
WAITING: Final = "venter"


class ContentError(ValueError):
    """What was to be written contradicts the definition. The text names variables, never values."""


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """What is said to a registry about one case.

    `values` are those that may leave and `missing` says why each other variable of the definition has none (a
    `record.Reason` or `WAITING`): together they name every variable once. `start` and date-times are local text.
    """

    case: str
    release: str
    start: str
    complete: bool
    values: Mapping[str, RegistryValue]
    missing: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Registration({self.case})"


def namespace(definition: Definition) -> str:
    """The XML namespace of a registry's content."""
    return f"urn:registerbro:{definition.registry}:{definition.version}"


def add_content(
    parent: etree._Element, definition: Definition, registration: Registration, corrects: str = ""
) -> etree._Element:
    """Append `Registrering` to an element. `corrects` is the id of the message that this one replaces.

    Raises:
        ContentError: values and missing do not name every variable exactly once, or a number is not finite.
    """
    _accounted(definition, registration)
    space = namespace(definition)
    root = deepcopy(_every_variable(space, tuple(definition.variables)))
    _fill(root, definition, registration)
    for name, text in _attributes(definition, registration, corrects):
        root.set(name, text)
    prefix, missing = f"{{{space}}}{MISSING}", registration.missing
    for name in definition.variables:
        if name in missing:
            etree.SubElement(root, prefix, {"variabel": name, "grunn": missing[name]})
    parent.append(root)
    return root


@lru_cache(maxsize=64)
def _every_variable(space: str, names: tuple[str, ...]) -> etree._Element:
    # Copying a ready tree and dropping what is empty takes a third of the time of building it element by element.
    root = etree.Element(f"{{{space}}}{ROOT}", nsmap={None: space})  # type: ignore[dict-item]
    for name in names:
        etree.SubElement(root, f"{{{space}}}{name}")
    return root


def _fill(root: etree._Element, definition: Definition, registration: Registration) -> None:
    values = registration.values
    for name, child in zip(definition.variables, list(root), strict=True):
        if name in values:
            child.text = text_of(values[name])
        else:
            root.remove(child)


def read_content(root: etree._Element, definition: Definition) -> Registration:
    """A `Registrering` that the schema accepts, as values of the definition's types.

    Raises:
        KeyError, ValueError, ArithmeticError: it is not what the schema asks for.
    """
    values: dict[str, RegistryValue] = {}
    missing: dict[str, str] = {}
    skip = len(namespace(definition)) + 2
    for child in root:
        name = child.tag[skip:]
        if name == MISSING:
            missing[attribute(child, "variabel")] = attribute(child, "grunn")
        else:
            values[name] = _value(definition.variables[name], child.text or "")
    return Registration(
        case=attribute(root, "sak"),
        release=attribute(root, "utgave"),
        start=_minute(attribute(root, "hendelse")),
        complete=attribute(root, "komplett") in ("true", "1"),
        values=values,
        missing=missing,
    )


def text_of(value: RegistryValue) -> str:
    """A value as the message writes it: numbers without exponent, date-times to the second.

    Raises:
        ContentError: a number that is not finite.
    """
    if isinstance(value, str):
        return _second(value)
    if isinstance(value, int):
        return str(value)
    if not value.is_finite():
        raise ContentError("a number is not finite")
    return f"{value:f}"


def attribute(element: etree._Element, name: str) -> str:
    """An attribute's text. Raises KeyError when there is none."""
    return str(element.attrib[name])


def _attributes(definition: Definition, registration: Registration, corrects: str) -> Iterator[tuple[str, str]]:
    yield "register", definition.registry
    yield "versjon", str(definition.version)
    yield "utgave", registration.release
    yield "sak", registration.case
    yield "hendelse", _second(registration.start)
    yield "komplett", "true" if registration.complete else "false"
    if corrects:
        yield "korrigerer", corrects


def _accounted(definition: Definition, registration: Registration) -> None:
    values, missing, wanted = registration.values.keys(), registration.missing.keys(), definition.variables.keys()
    if len(values) + len(missing) == len(wanted) and values | missing == wanted:
        return
    wrong = sorted((values & missing) | (wanted ^ (values | missing)))
    raise ContentError(f"each variable has either a value or a reason, and these do not: {', '.join(wrong)}")


def _value(variable: Variable, text: str) -> RegistryValue:
    if variable.type in ("code", "integer"):
        return int(text)
    if variable.type == "decimal":
        return Decimal(text)
    return _minute(text)


def _second(text: str) -> str:
    # xs:dateTime has seconds (XML Schema part 2, clause 3.2.7); the hospital's clock is read to the minute.
    return text + ":00" if len(text) == 16 and text[10] == "T" else text


def _minute(text: str) -> str:
    return text[:16] if len(text) == 19 and text.endswith(":00") else text
