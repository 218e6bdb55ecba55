"""What may be said to a registry keeps to the JSON Schema made from its definition, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given

from registries.codecs.json_schema import record_schema
from registries.definition import Definition, load_definition, load_yaml
from tests.codecs.examples import DEFINITION, registrations
from tests.journals import DEFINITIONS

SCHEMA = record_schema(DEFINITION)
PUBLISHED = Path(__file__).parents[2] / "docs" / "definition.schema.json"


def _json(registration: object) -> Any:
    encoded = msgspec.json.Encoder(decimal_format="number").encode(registration)
    return json.loads(encoded)


@given(registrations())
def test_what_may_be_said_keeps_to_the_schema(registration: object) -> None:
    jsonschema.validate(_json(registration), SCHEMA)


def _right() -> dict[str, Any]:
    values = {
        "Diagnose": 1,
        "Royker": 0,
        "Poeng": 42,
        "Vekt": 80.5,
        "Dato": "2026-03-10",
        "Innlagt": "2026-03-10T08:00",
    }
    told = {"case": "a", "release": "r", "start": "2026-03-10", "complete": True}
    return told | {"values": values, "missing": {"Antall": "no_entry"}}


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("values", "Diagnose", 3),
        ("values", "Diagnose", "1"),
        ("values", "Poeng", 43),
        ("values", "Poeng", 1.5),
        ("values", "Vekt", 0.4),
        ("values", "Dato", "10.03.2026"),
        ("values", "Innlagt", "2026-03-10"),
        ("values", "Antall", 5),  # and there is a reason why it is missing
        ("values", "Ukjent", 5),
        ("missing", "Antall", "because"),
        ("missing", "Poeng", "no_entry"),  # and it has a value
    ],
)
def test_what_is_wrong_does_not(part: str, name: str, value: object) -> None:
    jsonschema.validate(_right(), SCHEMA)
    wrong = _right()
    wrong[part][name] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)


def test_a_variable_that_nobody_speaks_of_is_refused() -> None:
    wrong = _right() | {"missing": {}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)


@pytest.mark.parametrize("slug", ["hjerneslag", "noric"])
def test_schemas_of_shipped_definitions_are_json_schemas(slug: str) -> None:
    made = record_schema(load_definition(DEFINITIONS / slug / f"{slug}.yaml"))
    jsonschema.Draft202012Validator.check_schema(made)


@pytest.mark.parametrize("slug", ["hjerneslag", "noric"])
def test_shipped_definitions_keep_to_the_published_schema_for_editors(slug: str) -> None:
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert schema["$defs"] == json.loads(json.dumps(Definition.model_json_schema(by_alias=True)))["$defs"]
    content = json.loads(json.dumps(load_yaml(DEFINITIONS / slug / f"{slug}.yaml"), default=str))
    jsonschema.validate(content, schema)
    for wrong in ({"status": "utkast"}, {"case": {"select": "x"}}, {"variabler": {}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(content | wrong, schema)
