"""Walks over the tokens of an expression: looks, takes, and says what was expected where it does not fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

from terminology.snomed.ecl.lexer import EclError, Token
from terminology.snomed.sctid import Kind, check, kind

T = TypeVar("T")
#: Things deeper inside each other than this are no expression that a person wrote.
DEEPEST: Final = 60
_JUNCTIONS: Final[dict[str, Literal["AND", "OR", "MINUS"]]] = {
    ",": "AND",
    "AND": "AND",
    "OR": "OR",
    "MINUS": "MINUS",
}
#: Stands for any concept in the examples of the standard (appendix A), though its partition is that of a description.
_PLACEHOLDER: Final = "111115"


@dataclass(slots=True)
class Cursor:
    """A place among tokens, of which the last is the end; it moves forward only."""

    tokens: tuple[Token, ...]
    at: int = 0
    depth: int = 0
    partners: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.partners = _partners(self.tokens)

    @property
    def next(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    def after(self, steps: int = 1) -> Token:
        """The token `steps` after the next one; the end, if there is none."""
        return self.tokens[min(self.at + steps, len(self.tokens) - 1)]

    def sees(self, symbol: str) -> bool:
        """Whether this symbol comes next."""
        return self.next.kind == "symbol" and self.next.text == symbol

    def sees_word(self, *words: str) -> bool:
        """Whether one of these words (in lower case) comes next."""
        return self.next.kind in ("word", "flag") and self.next.text.lower() in words

    def take(self, symbol: str) -> bool:
        """Steps over this symbol, if it comes next; says whether."""
        found = self.sees(symbol)
        self.at += found
        return found

    def take_kind(self, kind: str, name: str) -> Token:
        """The next token, which must be of this kind; `name` is what was expected."""
        token = self.next
        if token.kind != kind:
            raise self.unexpected(name)
        self.at += 1
        return token

    def expect(self, symbol: str, name: str | None = None) -> None:
        """Steps over this symbol, which must come next."""
        if not self.take(symbol):
            raise self.unexpected(name or symbol)

    def one_of(self, words: Mapping[str, T], name: str) -> T:
        """What the next word, in lower case, stands for."""
        if self.next.kind != "word" or self.next.text.lower() not in words:
            raise self.unexpected(name)
        found = words[self.next.text.lower()]
        self.at += 1
        return found

    def several(self, one: Callable[[], T], close: str = ")") -> tuple[T, ...]:
        """Things between brackets, at least one, without separators."""
        self.at += 1
        found = [one()]
        while not self.take(close):
            found.append(one())
        return tuple(found)

    def one_or_several(self, one: Callable[[], T]) -> tuple[T, ...]:
        """One thing, or several between brackets."""
        return self.several(one) if self.sees("(") else (one(),)

    def junction(self) -> Literal["AND", "OR", "MINUS"] | None:
        """The word that joins, if one comes next; stays before it."""
        return _JUNCTIONS.get(self.next.text.upper()) if self.next.kind in ("word", "symbol") else None

    def deeper(self) -> None:
        """Goes one level down. Raises EclError when that is too deep."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise EclError(f"more than {DEEPEST} levels inside each other", self.next.column)

    def higher(self) -> None:
        """Comes back up."""
        self.depth -= 1

    def behind_bracket(self) -> Token:
        """The token behind the bracket that closes the one that comes next."""
        return self.tokens[min(self.partners.get(self.at, len(self.tokens)) + 1, len(self.tokens) - 1)]

    def sctid(self, wanted: Kind) -> int:
        """The identifier that comes next, which must be well-formed and of this kind (RF2 specification, 5.1)."""
        token, name = self.next, wanted.name.lower()
        if token.kind != "digits":
            raise self.unexpected(f"a {name}" if wanted is Kind.CONCEPT else f"a {name} identifier")
        placeholder = wanted is Kind.CONCEPT and token.text == _PLACEHOLDER
        if not placeholder and (not check(token.text) or kind(token.text) is not wanted):
            raise EclError(f"{token.text} is no {name} identifier", token.column)
        self.at += 1
        return int(token.text)

    def term(self) -> str | None:
        """The term between bars, if one comes next."""
        token = self.next
        if token.kind != "term":
            return None
        self.at += 1
        return token.text.strip() or None

    def unexpected(self, name: str) -> EclError:
        """The error for what comes next instead of `name`."""
        token = self.next
        seen = {"end": "the end", "term": f"'|{token.text}|'", "text": f"'\"{token.text}\"'"}.get(token.kind)
        return EclError(f"expected {name}, found {seen or repr(token.text)}", token.column)


def _partners(tokens: tuple[Token, ...]) -> dict[int, int]:
    """The place of the closing bracket for each opening round one that has one."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind == "symbol" and token.text == "(":
            opened.append(place)
        elif token.kind == "symbol" and token.text == ")" and opened:
            found[opened.pop()] = place
    return found
