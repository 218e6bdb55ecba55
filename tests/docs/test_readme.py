"""The README names every command there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from flows.cli import cli

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("command", list(_commands(cli)), ids=" ".join)
def test_the_readme_names_the_command(command: tuple[str, ...]) -> None:
    rows = [row.split(" | ")[0] for row in README.splitlines() if row.startswith("| `") and f"`{command[0]}" in row]
    assert any(re.search(rf"[` ]{re.escape(command[-1])}[` ]", row) for row in rows)
