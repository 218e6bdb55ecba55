"""Reads expression constraints by recursive descent (ECL 2.2, chapter 5.3; the brief syntax).

One level of an expression holds one kind of junction: mixed ones need brackets, as the standard asks.
"""

from __future__ import annotations

from typing import Final, Literal, cast

from terminology.snomed.ecl.ast import (
    Any,
    Attribute,
    Comparison,
    Expression,
    Group,
    Joined,
    JoinedRefinement,
    Junction,
    MemberOf,
    Minus,
    Reference,
    Refined,
    Refinement,
    Related,
    Relation,
)
from terminology.snomed.ecl.lexer import EclError, Token, tokens
from terminology.snomed.sctid import Kind, check, kind

#: Brackets deeper than this are no expression that a person wrote.
_DEEPEST: Final = 60
_CONCEPT: Final = "a concept"
_JUNCTIONS: Final[dict[str, Literal["AND", "OR", "MINUS"]]] = {
    ",": "AND",
    "AND": "AND",
    "OR": "OR",
    "MINUS": "MINUS",
}
#: Words of the long syntax and of concrete values, in lower case.
_UNSUPPORTED_WORDS: Final = frozenset(
    {"memberof", "any", "true", "false", "reverseof"}
    | {f"{step}{end}" for step in ("descendant", "child", "ancestor", "parent") for end in ("of", "orselfof")}
)


def parse(text: str) -> Expression:
    """The meaning of an expression constraint.

    Raises EclError, which names the column and what was expected there, for text that is no expression, for
    malformed concept identifiers and for what ECL 2.2 has and this reader has not.
    """
    reader = _Reader(tokens(text))
    found = reader.expression()
    reader.expect("end", "", "the end, or AND, OR, MINUS")
    return found


class _Reader:
    def __init__(self, pieces: tuple[Token, ...]) -> None:
        self._tokens = pieces
        self._at = 0
        self._depth = 0

    def expression(self) -> Expression:
        """An operand, refined or joined with others."""
        first = self._operand()
        if self._take(":"):
            return Refined(first, self._refinement())
        junction = self._junction()
        if junction is None:
            return first
        if junction == "MINUS":
            return self._single(Minus(first, self._operand()))
        operands = [first, self._operand()]
        while self._same_junction(junction):
            operands.append(self._operand())
        return self._single(Joined(junction, tuple(operands)))

    def expect(self, kind: str, text: str, name: str) -> Token:
        """The next token, which must be this one."""
        token = self._tokens[self._at]
        if token.kind != kind or token.text != text:
            raise self._unexpected(name)
        self._at += token.kind != "end"
        return token

    def _single(self, found: Expression) -> Expression:
        if self._peek_junction() is not None:
            raise EclError("brackets are needed to mix AND, OR and MINUS", self._next.column)
        if self._sees(":"):
            raise EclError("brackets are needed to refine more than one operand", self._next.column)
        return found

    def _operand(self) -> Expression:
        token = self._next
        if token.kind == "relation":
            self._at += 1
            return Related(cast(Relation, token.text), self._focus())
        return self._focus()

    def _focus(self) -> Expression:
        if self._take("^"):
            return MemberOf(self._plain_focus())
        return self._plain_focus()

    def _plain_focus(self) -> Expression:
        if self._take("*"):
            self._term()
            return Any()
        if self._sees("("):
            self._open()
            inner = self.expression()
            self._close(")")
            return inner
        return self._reference()

    def _reference(self) -> Reference:
        token = self._next
        if token.kind != "id":
            raise self._unexpected(_CONCEPT)
        if not check(token.text) or kind(token.text) is not Kind.CONCEPT:
            raise EclError(f"{token.text} is no concept identifier", token.column)
        self._at += 1
        return Reference(int(token.text), self._term())

    def _term(self) -> str | None:
        token = self._next
        if token.kind != "term":
            return None
        self._at += 1
        return token.text or None

    def _refinement(self, in_group: bool = False) -> Refinement:
        first = self._part(in_group)
        junction = self._refinement_junction()
        if junction is None:
            return first
        operands = [first, self._part(in_group)]
        while self._same_junction(junction):
            operands.append(self._part(in_group))
        if self._peek_junction() is not None:
            raise EclError("brackets are needed to mix AND and OR", self._next.column)
        return JoinedRefinement(junction, tuple(operands))

    def _refinement_junction(self) -> Junction | None:
        column = self._next.column
        junction = self._junction()
        if junction == "MINUS":
            raise EclError("MINUS joins expressions, not attributes; expected AND or OR", column)
        return junction

    def _part(self, in_group: bool) -> Refinement:
        if self._sees("{"):
            return self._group(in_group)
        if self._sees("(") and not self._brackets_a_name():
            self._open()
            inner = self._refinement(in_group)
            self._close(")")
            return inner
        return self._attribute()

    def _group(self, in_group: bool) -> Refinement:
        if in_group:
            raise self._unexpected("an attribute, as groups hold no groups")
        self._open()
        inner = self._refinement(in_group=True)
        self._close("}")
        return Group(inner)

    def _attribute(self) -> Attribute:
        if self._next.kind == "word" and self._next.text.upper() == "R":
            raise EclError("not supported yet: reverse attributes (R)", self._next.column)
        name = self._operand()
        if self._next.kind != "comparison":
            raise self._unexpected("= or !=")
        comparison = cast(Comparison, self._next.text)
        self._at += 1
        return Attribute(name, comparison, self._operand())

    def _brackets_a_name(self) -> bool:
        """Whether the bracket that opens here closes before = or !=: then it holds the name of an attribute."""
        depth = 0
        for at in range(self._at, len(self._tokens)):
            text = self._tokens[at].text if self._tokens[at].kind == "symbol" else ""
            depth += {"(": 1, ")": -1}.get(text, 0)
            if depth == 0:
                return self._tokens[at + 1].kind == "comparison"
        return False

    def _open(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise EclError(f"more than {_DEEPEST} brackets inside each other", self._next.column)
        self._at += 1

    def _close(self, bracket: str) -> None:
        self.expect("symbol", bracket, f"{bracket}, or AND, OR, MINUS")
        self._depth -= 1

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _sees(self, symbol: str) -> bool:
        return self._next.kind == "symbol" and self._next.text == symbol

    def _take(self, symbol: str) -> bool:
        found = self._sees(symbol)
        self._at += found
        return found

    def _peek_junction(self) -> Literal["AND", "OR", "MINUS"] | None:
        token = self._next
        return _JUNCTIONS.get(token.text.upper()) if token.kind in ("word", "symbol") else None

    def _same_junction(self, junction: str) -> bool:
        same = self._peek_junction() == junction
        self._at += same
        return same

    def _junction(self) -> Literal["AND", "OR", "MINUS"] | None:
        found = self._peek_junction()
        self._at += found is not None
        return found

    def _unexpected(self, name: str) -> EclError:
        token = self._next
        if token.kind == "word" and token.text.lower() in _UNSUPPORTED_WORDS:
            return EclError(f"not supported yet: the word {token.text}", token.column)
        seen = "the end" if token.kind == "end" else repr(token.text)
        return EclError(f"expected {name}, found {seen}", token.column)
