"""Reads postcoordinated expressions by recursive descent (compositional grammar 2.5, chapter 5.1)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from terminology.snomed.expressions.values import Concept, Expression, ExpressionError, Refinement, Text

#: Nested deeper than this, an expression was not written by a person.
_DEEPEST: Final = 20
_LONGEST: Final = 10_000
_TOKEN: Final = re.compile(
    r"""\s*(?:
     \|(?P<term>[^|]*)\|
    |"(?P<text>(?:[^"\\]|\\["\\])*)"
    |\#(?P<number>[+-]?[0-9]+(?:\.[0-9]+)?)
    |(?P<id>[0-9]+)
    |(?P<word>(?i:true|false))
    |(?P<status>===|<<<)
    |(?P<symbol>[+:,={}()])
    |(?P<end>$)
    )""",
    re.VERBOSE,
)


def parse(text: str) -> Expression:
    """The expression that `text` writes; a definition status in front of it is read and dropped.

    Identifiers are only digits here: whether they name concepts is for `check` to say.
    Raises ExpressionError with the column of what was not expected.
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"the expression is longer than {_LONGEST} characters")
    reader = _Reader(text)
    reader.take("status")
    found = reader.expression(0)
    reader.need("end", "the end")
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._kind, self._value, self._next = "", "", 0
        self._step()

    def expression(self, depth: int) -> Expression:
        """Focus concepts, and the refinement after a colon."""
        if depth > _DEEPEST:
            raise ExpressionError(f"brackets nest deeper than {_DEEPEST} levels")
        focus = [self._concept()]
        while self._symbol("+"):
            focus.append(self._concept())
        if not self._symbol(":"):
            return Expression(tuple(focus))
        ungrouped = () if self._at_symbol("{") else self._attributes(depth)
        return Expression(tuple(focus), ungrouped, self._groups(depth))

    def take(self, kind: str) -> str | None:
        """The next token's text if it is of this kind."""
        if self._kind != kind:
            return None
        value = self._value
        self._step()
        return value

    def need(self, kind: str, what: str) -> str:
        """The next token's text, which must be of this kind."""
        value = self.take(kind)
        if value is None:
            raise self._unexpected(what)
        return value

    def _groups(self, depth: int) -> tuple[tuple[Refinement, ...], ...]:
        found = []
        going = self._symbol("{")
        while going:
            found.append(self._attributes(depth))
            self._close("}")
            comma = self._symbol(",")
            going = self._symbol("{")
            if comma and not going:
                raise self._unexpected("'{'")
        return tuple(found)

    def _attributes(self, depth: int) -> tuple[Refinement, ...]:
        """Attributes with commas between; a comma before a group ends them, and is optional there."""
        found = [self._attribute(depth)]
        while self._symbol(","):
            if self._at_symbol("{"):
                break
            found.append(self._attribute(depth))
        return tuple(found)

    def _attribute(self, depth: int) -> Refinement:
        name = self._concept()
        if not self._symbol("="):
            raise self._unexpected("'='")
        return Refinement(name, self._attribute_value(depth))

    def _attribute_value(self, depth: int) -> Expression | Decimal | Text | bool:
        if (number := self.take("number")) is not None:
            return Decimal(number)
        if (text := self.take("text")) is not None:
            return Text(re.sub(r"\\(.)", r"\1", text))
        if (word := self.take("word")) is not None:
            return word.lower() == "true"
        if self._symbol("("):
            inner = self.expression(depth + 1)
            self._close(")")
            return inner
        return Expression((self._concept(),))

    def _concept(self) -> Concept:
        sctid = self.need("id", "a concept")
        if len(sctid) > 18:
            raise ExpressionError(f"{sctid[:18]}… is longer than an identifier can be")
        term = self.take("term")
        return Concept(int(sctid), term.strip() if term is not None else None)

    def _at_symbol(self, symbol: str) -> bool:
        return self._kind == "symbol" and self._value == symbol

    def _symbol(self, symbol: str) -> bool:
        here = self._at_symbol(symbol)
        if here:
            self._step()
        return here

    def _close(self, symbol: str) -> None:
        if not self._symbol(symbol):
            raise self._unexpected(repr(symbol))

    def _step(self) -> None:
        self._at = self._next
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            rest = self._text[self._at :].lstrip()
            raise ExpressionError(f"unexpected {rest[:1]!r} at column {len(self._text) - len(rest) + 1}")
        self._kind = match.lastgroup or "end"
        self._value = match[self._kind]
        self._at, self._next = match.start(self._kind), match.end()

    def _unexpected(self, wanted: str) -> ExpressionError:
        return ExpressionError(f"expected {wanted} at column {self._at + 1}")
