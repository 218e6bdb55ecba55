"""Reads what stands between double braces: filters and history supplements (ECL 2.2, 6.8 to 6.11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Literal, TypeVar

from terminology.snomed.ecl.ast import (
    ActiveFilter,
    ConceptFilter,
    ConceptFilters,
    DefinitionStatusFilter,
    DefinitionStatusIdFilter,
    DescriptionFilter,
    DescriptionFilters,
    DescriptionIdFilter,
    Dialect,
    DialectFilter,
    EffectiveTimeFilter,
    Expression,
    Joined,
    LanguageFilter,
    MemberFieldFilter,
    MemberFilter,
    MemberFilters,
    ModuleFilter,
    Profile,
    Reference,
    TermFilter,
    TypeFilter,
    TypeIdFilter,
)
from terminology.snomed.ecl.cursor import Cursor
from terminology.snomed.ecl.lexer import EclError, Token
from terminology.snomed.ecl.values import Operand, comparison, equality, field_value, search_terms, times
from terminology.snomed.sctid import Kind

T = TypeVar("T")
Reader = Callable[[Cursor, Operand], T]
_TYPES: Final[dict[str, Literal["syn", "fsn", "def"]]] = {
    "syn": "syn",
    "synonym": "syn",
    "fsn": "fsn",
    "fullyspecifiedname": "fsn",
    "def": "def",
    "definition": "def",
}
_STATUSES: Final[dict[str, Literal["primitive", "defined"]]] = {"primitive": "primitive", "defined": "defined"}
_ACCEPTABILITIES: Final[dict[str, Literal["preferred", "acceptable"]]] = {
    "prefer": "preferred",
    "preferred": "preferred",
    "accept": "acceptable",
    "acceptable": "acceptable",
}
_PROFILES: Final[dict[str, Profile]] = {
    "history": "",
    "history-min": "MIN",
    "history_min": "MIN",
    "history-mod": "MOD",
    "history_mod": "MOD",
    "history-max": "MAX",
    "history_max": "MAX",
}
_TRUTH: Final = {"1": True, "true": True, "0": False, "false": False}


def kind(cursor: Cursor) -> str:
    """What the double braces that open here hold: C, D, M or + (history)."""
    first, second = cursor.after(), cursor.after(2)
    if first.text == "+":
        return "+"
    word = first.text.upper()
    if word in ("C", "D", "M") and second.kind == "word":
        return word
    if first.kind != "word" or word.lower() in _DESCRIPTION:
        return "D"
    # The letter may touch the first filter: {{Cactive=1}}.
    rest = word[1:].lower()
    return "C" if word[0] == "C" and rest in _CONCEPT else "M" if word[0] == "M" else "D"


def block(cursor: Cursor, operand: Operand) -> DescriptionFilters | ConceptFilters:
    """A block of description or concept filters."""
    if kind(cursor) == "C":
        return ConceptFilters(_block(cursor, "C", partial(_keyword, _CONCEPT, "a concept filter"), operand))
    return DescriptionFilters(_block(cursor, "D", partial(_keyword, _DESCRIPTION, "a description filter"), operand))


def members(cursor: Cursor, operand: Operand) -> MemberFilters:
    """A block of member filters."""
    return MemberFilters(_block(cursor, "M", _member_filter, operand))


def field(cursor: Cursor) -> str:
    """The name of a reference set field: letters only."""
    token = cursor.next
    if token.kind not in ("word", "flag") or not token.text.isalpha():
        raise cursor.unexpected("the name of a field")
    cursor.at += 1
    return token.text


def supplement(cursor: Cursor, expression: Callable[[Cursor], Expression]) -> tuple[Profile, Expression | None]:
    """A history supplement: its profile, or the expression for its reference sets."""
    cursor.expect("{{")
    cursor.expect("+")
    profile = cursor.one_of(_PROFILES, "HISTORY, HISTORY-MIN, HISTORY-MOD or HISTORY-MAX")
    subset = None
    if profile == "" and cursor.sees("("):
        cursor.deeper()
        cursor.at += 1
        subset = expression(cursor)
        cursor.expect(")", "), or AND, OR, MINUS")
        cursor.higher()
    cursor.expect("}}")
    return profile, subset


def _block(cursor: Cursor, letter: str, one: Reader[T], operand: Operand) -> tuple[T, ...]:
    cursor.deeper()
    cursor.expect("{{")
    _step_over_letter(cursor, letter)
    found = [one(cursor, operand)]
    while cursor.take(","):
        found.append(one(cursor, operand))
    cursor.expect("}}", ", or }}")
    cursor.higher()
    return tuple(found)


def _step_over_letter(cursor: Cursor, letter: str) -> None:
    token = cursor.next
    if token.text.upper() == letter and cursor.after().kind == "word":
        cursor.at += 1
    elif token.kind == "word" and token.text[0].upper() == letter and token.text.lower() not in _DESCRIPTION:
        rest = Token("word", token.text[1:], token.column + 1)
        cursor.tokens = (*cursor.tokens[: cursor.at], rest, *cursor.tokens[cursor.at + 1 :])


def _keyword(known: Mapping[str, Reader[T]], name: str, cursor: Cursor, operand: Operand) -> T:
    return cursor.one_of(known, name)(cursor, operand)


def _member_filter(cursor: Cursor, operand: Operand) -> MemberFilter:
    """The words that every member has come first; any other word is the name of a field."""
    if cursor.sees_word(*_MEMBER):
        return _keyword(_MEMBER, "a member filter", cursor, operand)
    name = field(cursor)
    order = comparison(cursor)
    return MemberFieldFilter(name, order, field_value(cursor, order, operand))


def _references(cursor: Cursor, operand: Operand) -> Expression:
    """An operand, or concepts between brackets without a word between them: any of these (eclConceptReferenceSet)."""
    if not cursor.sees("(") or not _is_set(cursor):
        return operand(cursor)
    found = cursor.several(lambda: Reference(cursor.sctid(Kind.CONCEPT), cursor.term()))
    return Joined("OR", found)


def _is_set(cursor: Cursor) -> bool:
    """Whether behind the opening bracket stands a concept and then, without a word between, another or its bracket."""
    behind = cursor.after(3 if cursor.after(2).kind == "term" else 2)
    return cursor.after().kind == "digits" and (behind.kind == "digits" or behind.text == "(")


def _term(cursor: Cursor, _: Operand) -> TermFilter:
    return TermFilter(equality(cursor), search_terms(cursor))


def _language(cursor: Cursor, _: Operand) -> LanguageFilter:
    return LanguageFilter(equality(cursor), cursor.one_or_several(lambda: _language_code(cursor)))


def _language_code(cursor: Cursor) -> str:
    token = cursor.next
    if token.kind != "word" or len(token.text) != 2 or not token.text.isalpha():
        raise cursor.unexpected("a language code of two letters")
    cursor.at += 1
    return token.text.lower()


def _type(cursor: Cursor, _: Operand) -> TypeFilter:
    return TypeFilter(equality(cursor), cursor.one_or_several(lambda: cursor.one_of(_TYPES, "syn, fsn or def")))


def _type_id(cursor: Cursor, operand: Operand) -> TypeIdFilter:
    return TypeIdFilter(equality(cursor), _references(cursor, operand))


def _dialect(cursor: Cursor, _: Operand) -> DialectFilter:
    order = equality(cursor)
    found = cursor.one_or_several(lambda: _with_acceptability(cursor, _alias(cursor)))
    return DialectFilter(order, _all_with_acceptability(cursor, found))


def _dialect_id(cursor: Cursor, operand: Operand) -> DialectFilter:
    order = equality(cursor)
    if cursor.sees("(") and _is_set(cursor):
        found = cursor.several(
            lambda: _with_acceptability(cursor, Reference(cursor.sctid(Kind.CONCEPT), cursor.term()))
        )
    else:
        found = (Dialect(operand(cursor)),)
    return DialectFilter(order, _all_with_acceptability(cursor, found))


def _alias(cursor: Cursor) -> str:
    return cursor.take_kind("word", "the alias of a dialect").text.lower()


def _with_acceptability(cursor: Cursor, refset: str | Expression) -> Dialect:
    return Dialect(refset, _acceptabilities(cursor) if cursor.sees("(") else ())


def _all_with_acceptability(cursor: Cursor, found: tuple[Dialect, ...]) -> tuple[Dialect, ...]:
    """What stands behind the whole set holds for each of it that says nothing itself (6.8, acceptability filter)."""
    if not cursor.sees("("):
        return found
    common = _acceptabilities(cursor)
    return tuple(Dialect(one.refset, one.acceptability or common) for one in found)


def _acceptabilities(cursor: Cursor) -> tuple[Literal["preferred", "acceptable"] | Reference, ...]:
    if cursor.after().kind == "digits":
        return cursor.several(lambda: Reference(cursor.sctid(Kind.CONCEPT), cursor.term()))
    return cursor.several(lambda: cursor.one_of(_ACCEPTABILITIES, "prefer, accept or a concept"))


def _description_id(cursor: Cursor, _: Operand) -> DescriptionIdFilter:
    return DescriptionIdFilter(equality(cursor), cursor.one_or_several(lambda: cursor.sctid(Kind.DESCRIPTION)))


def _status(cursor: Cursor, _: Operand) -> DefinitionStatusFilter:
    order = equality(cursor)
    return DefinitionStatusFilter(
        order, cursor.one_or_several(lambda: cursor.one_of(_STATUSES, "primitive or defined"))
    )


def _status_id(cursor: Cursor, operand: Operand) -> DefinitionStatusIdFilter:
    return DefinitionStatusIdFilter(equality(cursor), _references(cursor, operand))


def _module(cursor: Cursor, operand: Operand) -> ModuleFilter:
    return ModuleFilter(equality(cursor), _references(cursor, operand))


def _effective_time(cursor: Cursor, _: Operand) -> EffectiveTimeFilter:
    return EffectiveTimeFilter(comparison(cursor), times(cursor))


def _active(cursor: Cursor, _: Operand) -> ActiveFilter:
    order, token = equality(cursor), cursor.next
    if token.kind not in ("word", "digits") or token.text.lower() not in _TRUTH:
        raise EclError(f"expected 1, 0, true or false, found {token.text!r}", token.column)
    cursor.at += 1
    return ActiveFilter(_TRUTH[token.text.lower()] == (order == "="))


_COMMON: Final[dict[str, Reader[ModuleFilter | EffectiveTimeFilter | ActiveFilter]]] = {
    "moduleid": _module,
    "effectivetime": _effective_time,
    "active": _active,
}
_DESCRIPTION: Final[dict[str, Reader[DescriptionFilter]]] = {
    "term": _term,
    "language": _language,
    "type": _type,
    "typeid": _type_id,
    "dialect": _dialect,
    "dialectid": _dialect_id,
    "id": _description_id,
    **_COMMON,
}
_CONCEPT: Final[dict[str, Reader[ConceptFilter]]] = {
    "definitionstatus": _status,
    "definitionstatusid": _status_id,
    **_COMMON,
}
_MEMBER: Final[dict[str, Reader[MemberFilter]]] = {**_COMMON}
