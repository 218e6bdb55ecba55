"""Cuts an expression constraint into tokens with their columns, without white space and comments (ECL 2.2, 5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


class EclError(ValueError):
    """The expression cannot be read or, without a column, not be answered from this release.

    `column` counts characters from 1, over all lines.
    """

    def __init__(self, text: str, column: int | None = None) -> None:
        super().__init__(text if column is None else f"{text} at column {column}")
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression: its kind (see `_TOKEN`; `end` at the end), its text as written, and its place.

    Of a term the text between the bars, of a quoted text what stands between the quotes, escapes untouched.
    """

    kind: str
    text: str
    column: int


# The order decides: longer symbols before their beginnings. `flag` is a word that digits may follow without a space.
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|/\*.*?\*/)
    |\|(?P<term>[^|]*)\|
    |"(?P<text>(?:[^"\\]|\\.)*)"
    |(?P<alternate>[A-Za-z][A-Za-z0-9-]*\#(?:[A-Za-z0-9._-]+|"[^"\\]+"))
    |(?P<number>\#[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)
    |(?P<flag>(?:R|(?i:reverseOf|memberOf))(?=[0-9]))
    |(?P<word>[A-Za-z][A-Za-z0-9_-]*)
    |(?P<digits>[0-9]+)
    |(?P<comparison><>|!=|<=|>=|=)
    |(?P<relation>!!>|!!<|<<!|>>!|<<|>>|<!|>!|<|>)
    |(?P<symbol>\{\{|\}\}|\.\.|[\^*(){}\[\]:,.+])""",
    re.VERBOSE | re.DOTALL,
)
#: Beginnings that have no end, and what is said of them.
_OPEN: Final = {
    "|": "the term has no closing |",
    "/*": "the comment has no closing */",
    '"': 'the text has no closing "',
    "#": "expected a number after #",
}


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, ending with one of kind `end`. Raises EclError for characters that start none."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise EclError(_no_token(text[at : at + 2]), at + 1)
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Token(kind, match[kind], at + 1))
        at = match.end()
    return (*found, Token("end", "", len(text) + 1))


def _no_token(beginning: str) -> str:
    return next((said for start, said in _OPEN.items() if beginning.startswith(start)), None) or (
        f"unexpected character {beginning[0]!r}"
    )
