"""The text of an expression as a tree: CEL's grammar, by `cel-python`, without the rules that only pass things on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from registries.expressions.problems import meant
from registries.expressions.types import ExpressionError

if TYPE_CHECKING:
    from lark import Tree

_LONGEST: Final = 2_000
_DEEPEST: Final = 100
_SIGNED: Final = ("relation", "addition", "multiplication", "unary")


class Syntax(NamedTuple):
    """A part of an expression. `rule` is the name of CEL's grammar for it, or for its sign (`relation_eq`); `name`,
    `call` and `list` are shorter here. `text` is what a name, the name of a call or a literal says; `column` counts
    from 1."""

    rule: str
    column: int
    parts: tuple[Syntax, ...] = ()
    text: str = ""


@cache
def parse(text: str) -> Syntax:
    """The tree of an expression.

    Raises:
        ExpressionError: it is no CEL, or far too long.
    """
    # Imported when first needed: few definitions have expressions, and the grammar takes a tenth of a second.
    from celpy.celparser import CELParseError, CELParser  # noqa: PLC0415

    if len(text) > _LONGEST:
        raise ExpressionError(f"an expression has at most {_LONGEST} characters")
    try:
        return _syntax(CELParser().parse(text), 0)
    except CELParseError as error:
        at = error.column or len(text) + 1
        raise ExpressionError(f"cannot be read from character {at} on", meant(text[at - 1 :])) from None


@cache
def names_in(text: str) -> frozenset[str]:
    """The variables that an expression speaks of.

    Raises:
        ExpressionError: it is no CEL, or far too long.
    """
    found, waiting = set[str](), [parse(text)]
    while waiting:
        part = waiting.pop()
        waiting += part.parts
        if part.rule == "name":
            found.add(part.text)
    return frozenset(found)


def _syntax(tree: Tree[Any], depth: int) -> Syntax:
    if depth > _DEEPEST:
        raise ExpressionError(f"more than {_DEEPEST} parts stand inside each other")
    tree = _unwrapped(tree)
    column = (getattr(tree.meta, "start_pos", None) or 0) + 1  # true and false have lost their places
    if name := _name(tree):
        return Syntax("name", column, text=name)
    children: list[Any] = tree.children
    match str(tree.data):
        case "literal":
            return Syntax(children[0].type, column, text=str(children[0]))
        case "ident_arg":
            return Syntax("call", column, _listed(children[1:], depth), str(children[0]))
        case "list_lit":
            return Syntax("list", column, _listed(children, depth))
        case rule if rule in _SIGNED:
            signed, *rest = children
            return Syntax(str(signed.data), column, tuple(_syntax(one, depth + 1) for one in (*signed.children, *rest)))
        case "conditionalor" | "conditionaland" | "expr" as rule:
            return Syntax(rule, column, tuple(_syntax(one, depth + 1) for one in children))
        case other:
            return Syntax(other, column)


def _unwrapped(tree: Any) -> Any:
    while len(tree.children) == 1 and not isinstance(tree.children[0], str) and tree.data != "list_lit":
        tree = tree.children[0]
    return tree


def _listed(lists: list[Any], depth: int) -> tuple[Syntax, ...]:
    return tuple(_syntax(one, depth + 1) for listed in lists for one in listed.children)


def _name(tree: Any) -> str:
    """The variable that a part of the tree names, with its dots; "" when it is something else."""
    if tree.data == "ident":
        return str(tree.children[0])
    if tree.data == "member_dot":
        whole = _name(_unwrapped(tree.children[0]))
        return f"{whole}.{tree.children[1]}" if whole else ""
    return ""
