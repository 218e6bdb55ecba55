"""Cuts an expression constraint into tokens with their columns; drops white space and comments (ECL 2.2, 5.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


class EclError(ValueError):
    """The expression cannot be read. `column` counts characters from 1, over all lines."""

    def __init__(self, text: str, column: int) -> None:
        super().__init__(f"{text} at column {column}")
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression: an id, a term, a word, a symbol or the end."""

    kind: str
    text: str
    column: int


#: What ECL 2.2 has and this reader has not, by the token that starts it.
_UNSUPPORTED: Final = {
    "!!>": "top of set (!!>)",
    "!!<": "bottom of set (!!<)",
    "{{": "filters and history supplements ({{ }})",
    "}}": "filters and history supplements ({{ }})",
    "<=": "numeric comparison (<=)",
    ">=": "numeric comparison (>=)",
    "[": "cardinality and member fields ([ ])",
    ".": "dotted attributes (.)",
    "#": "concrete values and alternate identifiers (#)",
    '"': "concrete text values",
}
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|/\*.*?\*/)
    |\|(?P<term>[^|]*)\|
    |(?P<unsupported>!!>|!!<|\{\{|\}\}|<=|>=|[\[.\#"])
    |(?P<relation><<!|>>!|<<|>>|<!(?!=)|>!(?!=)|<|>)
    |(?P<comparison>!=|=)
    |(?P<symbol>[\^*(){}:,])
    |(?P<id>[0-9]+)
    |(?P<word>[A-Za-z][A-Za-z0-9-]*)""",
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, ending with one of kind `end`. Raises EclError for characters that start none."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise EclError(_no_token(text[at:]), at + 1)
        kind = match.lastgroup or ""
        if kind == "unsupported":
            raise EclError(f"not supported yet: {_UNSUPPORTED[match[kind]]}", at + 1)
        if kind != "space":
            found.append(Token(kind, match[kind].strip(), at + 1))
        at = match.end()
    return (*found, Token("end", "", len(text) + 1))


def _no_token(rest: str) -> str:
    if rest.startswith("|"):
        return "the term has no closing |"
    if rest.startswith("/*"):
        return "the comment has no closing */"
    return f"unexpected character {rest[0]!r}"
