"""Reads YAML that people write as plain data: what YAML itself lets pass without a word is told here."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

import yaml


class DefinitionError(Exception):
    """A definition, catalogue or map file that cannot be used. The text names the file and the place in it."""


class _Loader(yaml.SafeLoader):
    """The safe loader, and a name written twice is an error: the first would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen = set[object]()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a word cannot be a list or a part", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} stands here twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _time(loader: _Loader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:  # 30 February
        raise yaml.MarkedYAMLError(
            problem=f"{node.value!r} is no day: {error}", problem_mark=node.start_mark
        ) from error


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _time)


def load_yaml(path: Path) -> object:
    """A YAML file as plain data.

    Raises:
        DefinitionError: it cannot be read or is not YAML; the text names file, line and column.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path}: cannot be read: {error}") from error
    return yaml_data(text, path)


def yaml_data(text: str, path: Path | str) -> object:
    """A YAML text as plain data; `path` is what it is called.

    Raises:
        DefinitionError: it is not YAML; the message names line and column.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506 (it is the safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "unknown place"
        raise DefinitionError(f"{path}: {place}: {error.problem}") from error
    except RecursionError as error:
        raise DefinitionError(f"{path}: not YAML that can be read: parts stand inside each other too deep") from error
    except (yaml.YAMLError, ValueError) as error:  # a character YAML forbids
        raise DefinitionError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
