"""The XML schema of a registry's content, generated from its definition, for the registry to build against.

XSD 1.0 states types, code lists, hard limits, order and that no variable is reported missing twice. It cannot state
that a variable has *either* an element *or* a `Mangler` (elements of one name have one type within a content model,
clause 3.8.6, so `Mangler` cannot be tied to a variable): `validation.validator` checks that beside the schema.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from lxml import etree

from registries.codecs.content import MISSING, ROOT, WAITING, namespace
from registries.definition import Definition, DefinitionError, Variable
from registries.record import Reason

XS: Final = "http://www.w3.org/2001/XMLSchema"
_BASES: Final = {"code": "token", "integer": "integer", "decimal": "decimal", "date": "date", "datetime": "dateTime"}
#: Local clock times carry no zone.
_PATTERNS: Final = {
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "datetime": "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}",
}
_NAME = re.compile(r"[^\W\d][\w.-]*")
_NOTE: Final = (
    " XSD 1.0 cannot say that each variable has either its element or a Mangler: the receiver checks that as well. "
)


def content_schema(definition: Definition) -> bytes:
    """The schema of `Registrering` for one definition, as an XSD 1.0 document in UTF-8.

    Raises:
        DefinitionError: a variable's name cannot be an XML element name, or is the word `Mangler`.
    """
    _names_are_elements(definition)
    space = namespace(definition)
    root = etree.Element(
        f"{{{XS}}}schema",
        {"targetNamespace": space, "elementFormDefault": "qualified", "version": str(definition.version)},
        {"xs": XS, "r": space},
    )
    _document(root, f"{definition.title.en}. {definition.title.nb}.")
    root.append(etree.Comment(_NOTE))
    element = _sub(root, "element", name=ROOT)
    body = _sub(element, "complexType")
    sequence = _sub(body, "sequence")
    for name, variable in definition.variables.items():
        _variable(sequence, name, variable)
    _missing(sequence, definition)
    _attributes(body, definition)
    _named_once(element)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _names_are_elements(definition: Definition) -> None:
    for name in definition.variables:
        if not _NAME.fullmatch(name) or name == MISSING:
            raise DefinitionError(f"{definition.registry}: variables.{name}: the name cannot be an XML element")


def _variable(sequence: etree._Element, name: str, variable: Variable) -> None:
    element = _sub(sequence, "element", name=name, minOccurs="0")
    _document(element, f"{variable.label.en}. {variable.label.nb}.{_unit(variable)}")
    restriction = _sub(_sub(element, "simpleType"), "restriction", base=f"xs:{_BASES[variable.type]}")
    for code, meaning in (variable.codes or {}).items():
        _document(_sub(restriction, "enumeration", value=str(code)), meaning)
    if variable.type in _PATTERNS:
        _sub(restriction, "pattern", value=_PATTERNS[variable.type])
    for facet, limit in _facets(variable).items():
        _sub(restriction, facet, value=limit)


def _facets(variable: Variable) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if variable.type == "decimal":
        found["fractionDigits"] = str(variable.decimals)
    if variable.type in ("integer", "decimal") and variable.range and variable.range.hard:
        low, high = variable.range.hard
        whole = variable.type == "integer"
        found |= {"minInclusive": _limit(low, whole, ROUND_CEILING)} if math.isfinite(low) else {}
        found |= {"maxInclusive": _limit(high, whole, ROUND_FLOOR)} if math.isfinite(high) else {}
    return found


def _limit(limit: float, whole: bool, rounding: str) -> str:
    exact = Decimal(repr(limit))
    return f"{exact.to_integral_value(rounding) if whole or exact == exact.to_integral_value() else exact:f}"


def _missing(sequence: etree._Element, definition: Definition) -> None:
    element = _sub(sequence, "element", name=MISSING, minOccurs="0", maxOccurs="unbounded")
    _document(element, "A variable without a value, and why. En variabel uten verdi, og hvorfor.")
    kind = _sub(element, "complexType")
    _listed(kind, "variabel", definition.variables)
    _listed(kind, "grunn", [*(reason.value for reason in Reason), WAITING])


def _listed(parent: etree._Element, name: str, permitted: Mapping[str, object] | list[str]) -> None:
    attribute = _sub(parent, "attribute", name=name, use="required")
    restriction = _sub(_sub(attribute, "simpleType"), "restriction", base="xs:token")
    for value in permitted:
        _sub(restriction, "enumeration", value=value)


def _attributes(body: etree._Element, definition: Definition) -> None:
    _sub(body, "attribute", name="register", type="xs:token", use="required", fixed=definition.registry)
    _sub(body, "attribute", name="versjon", type="xs:integer", use="required", fixed=str(definition.version))
    for name, use in (("utgave", "required"), ("sak", "required"), ("korrigerer", "optional")):
        attribute = _sub(body, "attribute", name=name, use=use)
        restriction = _sub(_sub(attribute, "simpleType"), "restriction", base="xs:string")
        _sub(restriction, "minLength", value="1")
    start = _sub(body, "attribute", name="hendelse", use="required")
    _sub(_sub(start, "simpleType"), "union", memberTypes="xs:dateTime xs:date")
    _sub(body, "attribute", name="komplett", type="xs:boolean", use="required")


def _named_once(element: etree._Element) -> None:
    unique = _sub(element, "unique", name="manglerEnGang")
    _sub(unique, "selector", xpath=f"r:{MISSING}")
    _sub(unique, "field", xpath="@variabel")


def _document(parent: etree._Element, text: str) -> None:
    _sub(_sub(parent, "annotation"), "documentation").text = text


def _unit(variable: Variable) -> str:
    return f" [{variable.unit}]" if variable.unit else ""


def _sub(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{XS}}}{tag}", attributes)
