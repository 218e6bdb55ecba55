"""The tables beside this module: what is said of each attribute, and the code lists."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

#: What the receiver does about a mistake in an attribute.
Action = Literal["mark_message", "mark_row", "set_unknown", "set_zero", "set_null", "none"]


class AttributeRule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of `rules.yaml`; see there. An action of None means that the receiver does not look."""

    name: str
    type: str
    list: int | None = None
    required: bool = False
    on_type: Action | None = None
    on_missing: Action | None = None
    on_code: Action | None = None


@cache
def rules() -> dict[str, dict[str, AttributeRule]]:
    """Rules by element and attribute, in the order of the message."""
    return msgspec.convert(_read("rules.yaml"), dict[str, dict[str, AttributeRule]])


@cache
def code_lists() -> dict[int, frozenset[str]]:
    """The codes of each list, by its number under 2.16.578.1.12.4.1.1."""
    lists = msgspec.convert(_read("codes.yaml"), dict[str, list[str]])
    return {int(number): frozenset(codes) for number, codes in lists.items()}


def _read(name: str) -> object:
    return yaml.safe_load(files("registries.npr").joinpath(name).read_text(encoding="utf-8"))
