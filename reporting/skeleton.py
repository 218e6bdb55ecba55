"""The skeleton that a new registry begins with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import registries
from registries.definition import Definition, DefinitionError
from reporting.home import Home

_SKELETON = Path(registries.__file__).parent / "definitions" / "skeleton.yaml"
_SLUG = re.compile(r"[a-z][a-z0-9-]*")
SCHEMA = "definition.schema.json"


def write_new(home: Home, slug: str) -> Path:
    """Write the draft of a new registry, and beside the folder the JSON Schema that editors check it with.

    Raises:
        DefinitionError: the name is not one that a registry can have.
    """
    if not _SLUG.fullmatch(slug):
        raise DefinitionError(f"{slug!r} is no name for a registry; write small letters, digits and -")
    path = home.definitions / slug / f"{slug}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = json.dumps(Definition.model_json_schema(by_alias=True), indent=2, ensure_ascii=False)
    (home.definitions / SCHEMA).write_text(schema + "\n", encoding="utf-8")
    text = _SKELETON.read_text(encoding="utf-8").replace("new-registry", slug)
    path.write_text(text.replace("NEW_REGISTRY", slug.upper().replace("-", "_")), encoding="utf-8")
    return path
