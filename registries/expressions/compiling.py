"""From the tree of an expression to something that runs, checked against what the variables are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from registries.expressions import literals
from registries.expressions.nodes import (
    AnyMoment,
    Choice,
    Compare,
    CompareInexact,
    Comparison,
    Count,
    CountInexact,
    Either,
    Has,
    Known,
    Named,
    Node,
    Not,
    OneOf,
)
from registries.expressions.problems import left_out
from registries.expressions.syntax import Syntax, names_in, parse
from registries.expressions.types import ExpressionError, Operand, Type, Value
from registries.problems import did_you_mean
from registries.record import Reason

_DIGITS: Final = 15
_COMPARISONS: Final[dict[str, Comparison]] = {
    "relation_eq": "==",
    "relation_ne": "!=",
    "relation_lt": "<",
    "relation_le": "<=",
    "relation_gt": ">",
    "relation_ge": ">=",
}
_SIGNS: Final = {
    "addition_add": "+",
    "addition_sub": "-",
    "multiplication_mul": "*",
    "multiplication_div": "/",
}
_RECKONED: Final = {
    ("-", Type.TIME, Type.TIME): Type.LENGTH,
    ("+", Type.TIME, Type.LENGTH): Type.TIME,
    ("-", Type.TIME, Type.LENGTH): Type.TIME,
    ("+", Type.LENGTH, Type.LENGTH): Type.LENGTH,
    ("-", Type.LENGTH, Type.LENGTH): Type.LENGTH,
}
_INEXACT: Final = frozenset({Type.TIME, Type.LENGTH})
_TRUTH: Final = Operand(Type.TRUTH)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression ready to run: what it gives, and the variables it speaks of."""

    text: str
    gives: Operand
    names: frozenset[str]
    node: Node

    def of(self, inputs: Mapping[str, Value]) -> Value:
        """Its value, given those of the variables that have one, or the reason why there is none. Raises nothing."""
        value = self.node.of(inputs)
        if isinstance(value, Decimal) and value and not -_DIGITS <= value.adjusted() < _DIGITS:
            return Reason.NOT_A_NUMBER
        return value


def compile_expression(text: str, scope: Mapping[str, Operand]) -> Expression:
    """An expression over the variables in `scope`.

    Raises:
        ExpressionError: it is no CEL, uses a part of CEL that is left out here, names a variable or a meaning that does
            not exist, or combines what cannot be combined.
    """
    made = _part(parse(text), scope)
    return Expression(text, made.operand, names_in(text), made.node)


class _Part(NamedTuple):
    node: Node
    operand: Operand
    #: Where it begins, for what is said of it.
    column: int


def _part(syntax: Syntax, scope: Mapping[str, Operand]) -> _Part:
    rule, column = syntax.rule, syntax.column
    if rule == "name":
        return _Part(Named(syntax.text), _variable(syntax, scope), column)
    if rule.endswith("_LIT"):
        value, operand = literals.read(rule, syntax.text, column)
        return _Part(Known(value), operand, column)
    if rule == "call":
        return _call(syntax, scope)
    if rule == "relation_in":
        return _one_of(syntax, scope)
    parts = [_part(one, scope) for one in syntax.parts]
    if rule in ("conditionalor", "conditionaland"):
        _expect(Type.TRUTH, *parts)
        return _Part(Either(parts[0].node, parts[1].node, rule == "conditionalor"), _TRUTH, column)
    if rule in _COMPARISONS:
        return _compared(_COMPARISONS[rule], *parts)
    if rule in _SIGNS:
        return _counted(_SIGNS[rule], *parts)
    if rule == "expr":
        return _choice(*parts)
    if rule == "unary_not":
        _expect(Type.TRUTH, *parts)
        return _Part(Not(parts[0].node), _TRUTH, column)
    if rule == "unary_neg":
        _expect(Type.NUMBER, *parts)
        return _Part(Count("-", Known(Decimal(0)), parts[0].node), parts[0].operand, column)
    raise ExpressionError(f"{left_out(rule)}, at character {column}")


def _variable(syntax: Syntax, scope: Mapping[str, Operand]) -> Operand:
    name = syntax.text
    if name not in scope:
        raise ExpressionError(f"no variable called {name}, at character {syntax.column}", did_you_mean(name, scope))
    return scope[name]


def _call(syntax: Syntax, scope: Mapping[str, Operand]) -> _Part:
    name, given, column = syntax.text, syntax.parts, syntax.column
    if name == "has":
        if [one.rule for one in given] != ["name"]:
            raise ExpressionError(f"`has` asks for one variable, at character {column}")
        _variable(given[0], scope)
        return _Part(Has(given[0].text), _TRUTH, column)
    if name not in literals.FUNCTIONS:
        known = ["has", *literals.FUNCTIONS]
        raise ExpressionError(f"no function called {name}, at character {column}", did_you_mean(name, known))
    if [one.rule for one in given] != ["STRING_LIT"]:
        raise ExpressionError(f"`{name}` is written with one text in quotes, at character {column}")
    text, _ = literals.text(given[0].text, column)
    value, operand = literals.FUNCTIONS[name](text, column)
    return _Part(Known(value), operand, column)


def _one_of(syntax: Syntax, scope: Mapping[str, Operand]) -> _Part:
    item, listed = syntax.parts
    first = _part(item, scope)
    if listed.rule != "list":
        raise ExpressionError(f"`in` is followed by a list in square brackets, at character {listed.column}")
    parts = [_part(one, scope) for one in listed.parts]
    for one in parts:
        _compared("==", first, one)
    known = [one.node.value for one in parts if isinstance(one.node, Known)]
    if len(known) < len(parts) or first.operand.type in _INEXACT:
        raise ExpressionError(f"the list after `in` holds codes, numbers or dates, at character {listed.column}")
    return _Part(OneOf(first.node, frozenset(known)), _TRUTH, first.column)


def _choice(condition: _Part, then: _Part, otherwise: _Part) -> _Part:
    _expect(Type.TRUTH, condition)
    then, otherwise = _alike(then, otherwise)
    one, other = then.operand, otherwise.operand
    if one.type is not other.type:
        raise ExpressionError(f"one way gives {one.type}, the other {other.type}, at character {then.column}")
    node = Choice(condition.node, then.node, otherwise.node)
    return _Part(node, Operand(one.type, one.meanings | other.meanings), condition.column)


def _compared(sign: Comparison, first: _Part, second: _Part) -> _Part:
    first, second = _alike(first, second)
    one, other, at = first.operand, second.operand, f"at character {first.column}"
    if one.type is not other.type:
        raise ExpressionError(f"{one.type} is compared with {other.type}, {at}", _meanings(first, second))
    if one.type is Type.CODE and not one.meanings & other.meanings:
        raise _no_such_meaning(first, second)
    if one.type in (Type.CODE, Type.TRUTH) and sign not in ("==", "!="):
        raise ExpressionError(f"{one.type} is not more or less than another, {at}")
    node = CompareInexact if one.type in _INEXACT else Compare
    return _Part(node(sign, first.node, second.node), _TRUTH, first.column)


def _no_such_meaning(first: _Part, second: _Part) -> ExpressionError:
    here, there = (second, first) if isinstance(second.node, Known) else (first, second)
    said, known = min(here.operand.meanings), sorted(there.operand.meanings)
    return ExpressionError(
        f"{said!r} is none of the meanings, at character {here.column}", did_you_mean(said, known, ", ".join(known))
    )


def _meanings(*parts: _Part) -> str:
    """Of a code that is compared with something else, what it may be compared with."""
    for one in parts:
        if one.operand.type is Type.CODE and not isinstance(one.node, Known):
            return f"its meanings are {', '.join(repr(name) for name in sorted(one.operand.meanings))}"
    return ""


def _counted(sign: str, first: _Part, second: _Part) -> _Part:
    if first.operand.type is second.operand.type is Type.NUMBER:
        return _Part(Count(sign, first.node, second.node), Operand(Type.NUMBER), first.column)
    one, other = _moments(first), _moments(second)
    if sign == "+" and one.operand.type is Type.LENGTH and other.operand.type is Type.TIME:
        one, other = other, one
    gives = _RECKONED.get((sign, one.operand.type, other.operand.type))
    if gives is None:
        told = f"{first.operand.type} {sign} {second.operand.type}"
        raise ExpressionError(f"{told} is nothing, at character {first.column}")
    return _Part(CountInexact(sign, one.node, other.node), Operand(gives), first.column)


def _expect(kind: Type, *parts: _Part) -> None:
    for one in parts:
        if one.operand.type is not kind:
            raise ExpressionError(f"{one.operand.type} stands where {kind} is asked for, at character {one.column}")


def _alike(first: _Part, second: _Part) -> tuple[_Part, _Part]:
    """A date that meets a time is any moment of it; two dates are compared as dates."""
    if {first.operand.type, second.operand.type} == {Type.TIME, Type.DAY}:
        return _moments(first), _moments(second)
    return first, second


def _moments(part: _Part) -> _Part:
    if part.operand.type is not Type.DAY:
        return part
    return _Part(AnyMoment(part.node), Operand(Type.TIME), part.column)
