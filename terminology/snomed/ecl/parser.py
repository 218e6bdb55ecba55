"""Reads expression constraints by recursive descent (ECL 2.2, 5.1 brief and 5.2 long syntax).

One level of an expression holds one kind of junction: mixed ones need brackets (5.4, 6.4). The same holds for
refinements, although their grammar alone would let attribute sets and groups be joined differently.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from terminology.snomed.ecl import filters
from terminology.snomed.ecl.ast import (
    AlternateId,
    Any,
    Attribute,
    Cardinality,
    ConceptFilters,
    DescriptionFilters,
    Dotted,
    Expression,
    Filtered,
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
    Supplemented,
)
from terminology.snomed.ecl.cursor import Cursor
from terminology.snomed.ecl.lexer import EclError, tokens
from terminology.snomed.ecl.tree import levels
from terminology.snomed.ecl.values import alternate, comparison, value
from terminology.snomed.sctid import Kind

_CONCEPT: Final = "a concept"
#: What is read has at most so many levels (values, and the tuples that hold several), so that whoever walks over it
#: may call itself.
_HIGHEST: Final = 150
_RELATIONS: Final[dict[str, Relation]] = {
    "descendantof": "<",
    "descendantorselfof": "<<",
    "childof": "<!",
    "childorselfof": "<<!",
    "ancestorof": ">",
    "ancestororselfof": ">>",
    "parentof": ">!",
    "parentorselfof": ">>!",
    "top": "!!>",
    "bottom": "!!<",
}


def parse(text: str) -> Expression:
    """The meaning of an expression constraint.

    Raises EclError, which names the column and what was expected there, for text that is no expression, for
    malformed identifiers and for cardinalities that nothing satisfies.
    """
    cursor = Cursor(tokens(text))
    found = _expression(cursor)
    if cursor.next.kind != "end":
        raise cursor.unexpected("the end, or AND, OR, MINUS")
    _refuse_heights(found)
    return found


def _expression(cursor: Cursor) -> Expression:
    """An operand, refined, dotted or joined with others."""
    first = _operand(cursor)
    if cursor.take(":"):
        return Refined(first, _refinement(cursor, in_group=False))
    if cursor.sees("."):
        return _single(cursor, _dotted(cursor, first))
    junction = cursor.junction()
    if junction is None:
        return first
    operands = [first]
    while cursor.junction() == junction and not (junction == "MINUS" and len(operands) == 2):
        cursor.at += 1
        operands.append(_operand(cursor))
    return _single(cursor, Minus(*operands) if junction == "MINUS" else Joined(junction, tuple(operands)))


def _dotted(cursor: Cursor, found: Expression) -> Expression:
    """Attributes of attributes of …: from left to right (6.2, dotted attributes)."""
    while cursor.take("."):
        found = Dotted(found, _operand(cursor))
    return found


def _single(cursor: Cursor, found: Expression) -> Expression:
    """Refuses what may only follow behind brackets."""
    column = cursor.next.column
    if cursor.junction() is not None:
        joined = "attributes of a set with others" if isinstance(found, Dotted) else "AND, OR and MINUS"
        raise EclError(f"brackets are needed to mix {joined}", column)
    if cursor.sees(":"):
        raise EclError("brackets are needed to refine more than one operand", column)
    if cursor.sees("."):
        raise EclError("brackets are needed to ask more than one operand for attributes", column)
    return found


def _operand(cursor: Cursor) -> Expression:
    """A concept or an expression in brackets, with what stands before and behind it (5.1, subExpressionConstraint)."""
    relation = _relation(cursor)
    inner = _focus(cursor)
    found = inner if relation is None else Related(relation, inner)
    blocks: list[DescriptionFilters | ConceptFilters] = []
    while cursor.sees("{{") and filters.kind(cursor) in "CD":
        blocks.append(filters.block(cursor, _operand))
    if blocks:
        found = Filtered(found, tuple(blocks))
    if not cursor.sees("{{"):
        return found
    if filters.kind(cursor) == "M":
        raise EclError("member filters stand directly behind the reference set of ^", cursor.next.column)
    profile, subset = filters.supplement(cursor, _expression)
    return Supplemented(found, profile, subset)


def _relation(cursor: Cursor) -> Relation | None:
    token = cursor.next
    if token.kind != "relation" and not cursor.sees_word(*_RELATIONS):
        return None
    cursor.at += 1
    return cast(Relation, token.text) if token.kind == "relation" else _RELATIONS[token.text.lower()]


def _focus(cursor: Cursor) -> Expression:
    found = _member_of(cursor)
    while cursor.sees("{{") and filters.kind(cursor) == "M":
        if not isinstance(found, MemberOf):
            raise EclError("member filters need ^", cursor.next.column)
        found = replace(found, filters=(*found.filters, filters.members(cursor, _operand)))
    return found


def _member_of(cursor: Cursor) -> Expression:
    if not cursor.sees("^") and not cursor.sees_word("memberof"):
        return _plain(cursor)
    cursor.at += 1
    names = _fields(cursor) if cursor.take("[") else ()
    return MemberOf(_plain(cursor), names)


def _fields(cursor: Cursor) -> tuple[str, ...]:
    if cursor.take("*") or cursor.sees_word("any"):
        cursor.at += cursor.sees_word("any")
        cursor.expect("]")
        return ("*",)
    names = [filters.field(cursor)]
    while cursor.take(","):
        names.append(filters.field(cursor))
    cursor.expect("]", ", or ]")
    return tuple(names)


def _plain(cursor: Cursor) -> Expression:
    if cursor.take("*") or cursor.sees_word("any"):
        cursor.at += cursor.sees_word("any")
        cursor.term()
        return Any()
    if cursor.sees("("):
        return _bracketed(cursor)
    if (code := alternate(cursor.next)) is not None:
        cursor.at += 1
        return AlternateId(*code, cursor.term())
    if cursor.next.kind != "digits":
        raise cursor.unexpected(_CONCEPT)
    return Reference(cursor.sctid(Kind.CONCEPT), cursor.term())


def _bracketed(cursor: Cursor) -> Expression:
    cursor.deeper()
    cursor.at += 1
    inner = _expression(cursor)
    cursor.expect(")", "), or AND, OR, MINUS")
    cursor.higher()
    return inner


def _refinement(cursor: Cursor, in_group: bool) -> Refinement:
    first = _part(cursor, in_group)
    junction = _refinement_junction(cursor)
    if junction is None:
        return first
    operands = [first]
    while cursor.junction() == junction:
        cursor.at += 1
        operands.append(_part(cursor, in_group))
    if cursor.junction() is not None:
        raise EclError("brackets are needed to mix AND and OR", cursor.next.column)
    return JoinedRefinement(junction, tuple(operands))


def _refinement_junction(cursor: Cursor) -> Junction | None:
    junction = cursor.junction()
    if junction == "MINUS":
        raise EclError("MINUS joins expressions, not attributes; expected AND or OR", cursor.next.column)
    return junction


def _part(cursor: Cursor, in_group: bool) -> Refinement:
    if cursor.sees("(") and not _brackets_a_name(cursor):
        cursor.deeper()
        cursor.at += 1
        inner = _refinement(cursor, in_group)
        cursor.expect(")", "), or AND, OR")
        cursor.higher()
        return inner
    column = cursor.next.column
    cardinality = _cardinality(cursor) if cursor.take("[") else None
    if not cursor.sees("{"):
        return _attribute(cursor, cardinality)
    if in_group:
        raise EclError("expected an attribute, as groups hold no groups, found '{'", column)
    return _group(cursor, cardinality)


def _brackets_a_name(cursor: Cursor) -> bool:
    """Whether the brackets that open here hold the name of an attribute: then a comparison or filters follow them."""
    behind = cursor.behind_bracket()
    return (
        behind.kind in ("comparison", "relation")
        or (behind.kind == "word" and behind.text.lower() == "not")
        or (behind.kind == "symbol" and behind.text == "{{")
    )


def _group(cursor: Cursor, cardinality: Cardinality | None) -> Group:
    cursor.deeper()
    cursor.at += 1
    inner = _refinement(cursor, in_group=True)
    cursor.expect("}", "}, or AND, OR")
    cursor.higher()
    return Group(inner, cardinality)


def _cardinality(cursor: Cursor) -> Cardinality:
    column = cursor.next.column
    least = _count(cursor)
    if not cursor.take(".."):
        cursor.one_of({"to": None}, ".. or to")
    if cursor.take("*") or cursor.sees_word("many"):
        cursor.at += cursor.sees_word("many")
        most = None
    else:
        most = _count(cursor)
    if most is not None and least > most:
        raise EclError(f"nothing is at least {least} and at most {most}", column)
    cursor.expect("]")
    return Cardinality(least, most)


def _count(cursor: Cursor) -> int:
    token = cursor.next
    if token.kind != "digits" or (token.text.startswith("0") and token.text != "0") or len(token.text) > 9:
        raise cursor.unexpected("a number")
    cursor.at += 1
    return int(token.text)


def _attribute(cursor: Cursor, cardinality: Cardinality | None) -> Attribute:
    reverse = (cursor.next.kind in ("word", "flag") and cursor.next.text == "R") or cursor.sees_word("reverseof")
    cursor.at += reverse
    name = _operand(cursor)
    order = comparison(cursor)
    return Attribute(name, order, value(cursor, order, _operand), cardinality, reverse)


def _refuse_heights(tree: Expression) -> None:
    """Walks level by level, as calling itself is what it wants to make safe."""
    if any(number > _HIGHEST for number, _ in enumerate(levels(tree))):
        raise EclError(f"more than {_HIGHEST} levels inside each other", 1)
