"""Markdown as the generated pages need it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import yaml


def made(source: str) -> str:
    """The first line of a generated page."""
    return f"<!-- Made by `python -m tools.docs` from {source}: change that, not this page. -->"


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def fenced(text: str) -> str:
    """YAML as written."""
    return f"```yaml\n{text.strip()}\n```"


def flow(value: object) -> str:
    """A small value as YAML on one line."""
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False).strip()
