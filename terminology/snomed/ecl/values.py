"""Reads what attributes and member fields are compared with (ECL 2.2, 5.1: eclAttribute, memberFieldFilter)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, Literal, cast

from terminology.snomed.ecl.ast import Comparison, Expression, Order, SearchTerm, Times
from terminology.snomed.ecl.cursor import Cursor
from terminology.snomed.ecl.lexer import EclError, Token

Operand = Callable[[Cursor], Expression]
_SEARCHES: Final[dict[str, Literal["match", "wild"]]] = {"match": "match", "wild": "wild"}
_TRUTH: Final = {"true": True, "false": False}
_ALTERNATE: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*#[^\"\\]+")
_TIME: Final = re.compile(r"[1-9][0-9]{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|")


def alternate(token: Token) -> tuple[str, str] | None:
    """The scheme and the code of an alternate identifier, if the token is one: bare, or the whole of it quoted."""
    scheme, _, code = token.text.partition("#")
    if token.kind == "alternate":
        return scheme, code.strip(
            '"'
        )  # quotes round the code only: the spelling of the guide (6.1), not of the grammar
    return (scheme, code) if token.kind == "text" and _ALTERNATE.fullmatch(token.text) else None


def comparison(cursor: Cursor) -> Order:
    """A comparison; of the long syntax also `<>` and `not =`."""
    token = cursor.next
    if token.kind == "comparison" or (token.kind == "relation" and token.text in ("<", ">")):
        cursor.at += 1
        return "!=" if token.text == "<>" else cast(Order, token.text)
    if cursor.sees_word("not") and cursor.after().text == "=":
        cursor.at += 2
        return "!="
    raise cursor.unexpected("= or !=")


def equality(cursor: Cursor) -> Comparison:
    """A comparison that must be = or !=."""
    column = cursor.next.column
    order = comparison(cursor)
    if order not in ("=", "!="):
        raise EclError(f"expected = or !=, found {order!r}", column)
    return order


def value(cursor: Cursor, order: Order, operand: Operand) -> Expression | Decimal | bool | tuple[SearchTerm, ...]:
    """What an attribute is compared with; only numbers are compared by size."""
    token = cursor.next
    if token.kind == "number":
        cursor.at += 1
        return Decimal(token.text[1:])
    if order not in ("=", "!="):
        raise cursor.unexpected("# and a number")
    if cursor.sees_word(*_TRUTH):
        return cursor.one_of(_TRUTH, "true or false")
    return search_terms(cursor) if _starts_search(cursor) else operand(cursor)


def field_value(
    cursor: Cursor, order: Order, operand: Operand
) -> Expression | Decimal | bool | tuple[SearchTerm, ...] | Times:
    """What a member field is compared with: as `value`, and dates.

    A quoted date could be a text as well (the grammar does not tell them apart); it is read as a date.
    """
    if _starts_times(cursor):
        return times(cursor)
    if order not in ("=", "!=") and cursor.next.kind != "number":
        raise cursor.unexpected('# and a number, or a date as "YYYYMMDD"')
    return value(cursor, order, operand)


def times(cursor: Cursor) -> Times:
    """One quoted date or several in brackets; an empty one stands for no time."""
    return Times(cursor.one_or_several(lambda: _time(cursor)))


def search_terms(cursor: Cursor) -> tuple[SearchTerm, ...]:
    """One typed search term or several in brackets."""
    return cursor.one_or_several(lambda: _search_term(cursor))


def _starts_search(cursor: Cursor) -> bool:
    """Whether search terms come next; a quoted alternate identifier is a concept, as the grammar has it first."""
    token, behind = (cursor.after(), cursor.after(2)) if cursor.sees("(") else (cursor.next, cursor.after())
    if token.kind == "text":
        return alternate(token) is None
    return token.kind == "word" and token.text.lower() in _SEARCHES and behind.text == ":"


def _starts_times(cursor: Cursor) -> bool:
    """Whether dates come next and nothing else, up to the closing bracket of a set."""
    if not cursor.sees("("):
        return _is_time(cursor.next)
    ahead = 1
    while _is_time(cursor.after(ahead)):
        ahead += 1
    return ahead > 1 and cursor.after(ahead).text == ")"


def _is_time(token: Token) -> bool:
    return token.kind == "text" and _TIME.fullmatch(token.text) is not None


def _time(cursor: Cursor) -> int | None:
    token = cursor.next
    if not _is_time(token):
        raise cursor.unexpected('a date as "YYYYMMDD", or ""')
    cursor.at += 1
    return int(token.text) if token.text else None


def _search_term(cursor: Cursor) -> SearchTerm:
    kind: Literal["match", "wild"] = "match"
    if cursor.next.kind == "word":
        kind = cursor.one_of(_SEARCHES, "a quoted text, match: or wild:")
        cursor.expect(":")
    token = cursor.take_kind("text", "a quoted text")
    if not (token.text if kind == "wild" else token.text.strip()):
        raise EclError("expected a text to search for, found nothing between the quotes", token.column)
    return SearchTerm(kind, _unescaped(token, "" if kind == "match" else "*\\"))


def _unescaped(token: Token, kept: str) -> str:
    r"""The text without escapes, but for those that a pattern still needs (`\*`, `\\`)."""
    allowed = '"\\*' if kept else '"\\'

    def plain(match: re.Match[str]) -> str:
        if match[1] not in allowed:
            said = " or ".join(f"\\{character}" for character in allowed)
            raise EclError(f"expected {said}, found {match[0]!r}", token.column + 1 + match.start())
        return match[0] if match[1] in kept else match[1]

    return re.sub(r"\\(.)", plain, token.text, flags=re.DOTALL)
