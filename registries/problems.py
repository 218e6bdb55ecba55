"""What is wrong with a file that people wrote: where it stands, and what was probably meant."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails


def explain(path: Path, error: ValidationError, words: Collection[str]) -> str:
    """Pydantic's problems as one line each: file and line, path to the field, what is wrong."""
    root = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
    found = error.errors(include_url=False, include_input=False)
    return "\n".join(f"{path}:{_line(root, problem)}: {_field(problem)}: {_told(problem, words)}" for problem in found)


def _field(problem: ErrorDetails) -> str:
    return ".".join(str(part) for part in problem["loc"]) or "the file"


def _told(problem: ErrorDetails, words: Collection[str]) -> str:
    if problem["type"] != "extra_forbidden":
        return problem["msg"]
    meant = get_close_matches(str(problem["loc"][-1]), words, n=1)
    return "there is no such word here" + (f"; did you mean `{meant[0]}`?" if meant else "")


def _line(root: yaml.Node | None, problem: ErrorDetails) -> int:
    """The line of the deepest part of the path that stands in the file: what is missing is missing there."""
    node, line = root, 1
    for part in problem["loc"]:
        inside = _inside(node, part)
        if inside is None:
            continue  # pydantic names the branch of a union that it tried
        node, line = inside
    return line


def _inside(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None
