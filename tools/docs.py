"""Writes the pages of `docs/` that are made from code and data; with `--check`, names those that are out of date."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from registries.catalogue import load_catalogue
from registries.definition import Definition, load_definition
from tools import language_page, registry_page

ROOT = Path(__file__).resolve().parents[1]


def pages() -> dict[str, str]:
    """Every generated page, by its path under `docs/`."""
    catalogue = load_catalogue()
    found = sorted((ROOT / "registries" / "definitions").glob("*/*.yaml"))
    definitions = {path.parent.name: load_definition(path) for path in found}
    return {
        "definition-language.md": language_page.page(),
        "definition.schema.json": schema(),
        **{f"registries/{slug}.md": registry_page.page(one, catalogue) for slug, one in definitions.items()},
    }


def schema() -> str:
    """The JSON Schema of a definition file, for editors."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Definition.model_json_schema(by_alias=True)}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def out_of_date(docs: Path, made: Mapping[str, str]) -> list[str]:
    """Pages that are missing, differ, or have no source any more."""
    differ = [name for name, text in made.items() if not _same(docs / name, text)]
    left = (path.relative_to(docs).as_posix() for path in docs.glob("registries/*.md"))
    return sorted({*differ, *(name for name in left if name not in made)})


def write(docs: Path, made: Mapping[str, str]) -> None:
    """Write what differs, and remove what has no source any more."""
    for name in out_of_date(docs, made):
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in made:
            path.write_text(made[name], encoding="utf-8")
        else:
            path.unlink()


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """Write or check; the exit code."""
    docs, made = ROOT / "docs", pages()
    if arguments != ["--check"]:
        write(docs, made)
        return 0
    late = out_of_date(docs, made)
    for name in late:
        print(f"docs/{name} is out of date: run `python -m tools.docs`", file=sys.stderr)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
