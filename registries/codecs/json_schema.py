"""The JSON Schema (2020-12) of what is said to a registry about one case, generated from its definition.

It says what the XML schema says of `Registrering`, and also that each variable has either a value or a reason.
"""

from __future__ import annotations

import math
from typing import Any, Final

from registries.codecs.content import WAITING, namespace
from registries.definition import Definition, Variable
from registries.record import Reason

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_DATE: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
#: Local clock times carry no zone.
_MINUTE: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"
_START: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$"


def record_schema(definition: Definition) -> dict[str, Any]:
    """The schema of a `Registration` as JSON: `case`, `release`, `start`, `complete`, `values` and `missing`."""
    reasons = {"enum": [*(reason.value for reason in Reason), WAITING]}
    text = {"type": "string", "minLength": 1}
    return {
        "$schema": _DIALECT,
        "$id": namespace(definition),
        "title": definition.title.nb,
        "description": definition.title.en,
        "type": "object",
        "additionalProperties": False,
        "required": ["case", "release", "start", "complete", "values", "missing"],
        "properties": {
            "case": text,
            "release": text,
            "start": {"type": "string", "pattern": _START},
            "complete": {"type": "boolean"},
            "values": _object({name: _value(one) for name, one in definition.variables.items()}),
            "missing": _object(dict.fromkeys(definition.variables, reasons)),
        },
        "allOf": [_either(name) for name in definition.variables],
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _either(name: str) -> dict[str, Any]:
    """A variable has a value or a reason, and never both."""
    told = [{"properties": {where: {"required": [name]}}} for where in ("values", "missing")]
    return {"oneOf": told}


def _value(variable: Variable) -> dict[str, Any]:
    told = {"title": variable.label.nb, "description": f"{variable.label.en}{_unit(variable)}"}
    match variable.type:
        case "code":
            codes = [{"const": code, "title": meaning} for code, meaning in (variable.codes or {}).items()]
            return told | {"type": "integer", "oneOf": codes}
        case "integer" | "decimal":
            return told | {"type": "integer" if variable.type == "integer" else "number"} | _limits(variable)
        case _:
            return told | {"type": "string", "pattern": _DATE if variable.type == "date" else _MINUTE}


def _limits(variable: Variable) -> dict[str, float]:
    if variable.range is None or variable.range.hard is None:
        return {}
    low, high = variable.range.hard
    return {name: limit for name, limit in (("minimum", low), ("maximum", high)) if math.isfinite(limit)}


def _unit(variable: Variable) -> str:
    return f" [{variable.unit}]" if variable.unit else ""
