"""Expressions of a definition: what its variables are to them, and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from registries.durations import span_of
from registries.entry import LOCAL, Precision, When
from registries.expressions import Expression, ExpressionError, Operand, Type, compile_expression, names_in
from registries.expressions.types import Value as Term
from registries.expressions.types import every_moment
from registries.moments import Span
from registries.problems import Place, Problem
from registries.record import Reason, Value

if TYPE_CHECKING:
    from registries.definition import Definition, Rule, Variable
    from registries.value_words import Check

_TYPES: Final = {
    "code": Type.CODE,
    "integer": Type.NUMBER,
    "decimal": Type.NUMBER,
    "date": Type.DAY,
    "datetime": Type.TIME,
}
_MOMENTS: Final = (Type.DAY, Type.TIME)
#: What a true or false expression means.
_YES_NO: Final = {True: "yes", False: "no"}


def scope_of(variables: Mapping[str, Variable]) -> dict[str, Operand]:
    """What variables are to an expression: codes by their meanings, numbers, times. One without a type is left out."""
    return {
        name: Operand(_TYPES[one.type], frozenset((one.codes or {}).values()))
        for name, one in variables.items()
        if hasattr(one, "type")
    }


def compile_rule(rule: Rule, variable: Variable, scope: Mapping[str, Operand]) -> Expression | None:
    """The expression of a rule, for the variable it is to fill; None when the rule has none.

    Raises:
        ExpressionError: it is wrong in itself, or gives what the variable cannot hold.
    """
    if rule.expression is None:
        return None
    made = compile_expression(rule.expression, scope)
    gives, wanted = made.gives.type, Type.NUMBER if rule.bands else _TYPES[variable.type]
    if gives is not wanted and not (gives in _MOMENTS and wanted in _MOMENTS):
        if (gives, wanted) != (Type.TRUTH, Type.CODE):
            raise ExpressionError(f"it gives {gives}, and {wanted} is wanted")
        made_of = frozenset(_YES_NO.values())
    else:
        made_of = made.gives.meanings if wanted is Type.CODE else frozenset()
    if unknown := made_of - set((variable.codes or {}).values()):
        told = ", ".join(sorted(unknown))
        raise ExpressionError(f"it may give {told}, of which `codes` says nothing", "add it to `codes`")
    return made


def compile_check(check: Check, scope: Mapping[str, Operand]) -> Expression:
    """The rule of a check.

    Raises:
        ExpressionError: it is wrong in itself, or is not true or false.
    """
    made = compile_expression(check.rule, scope)
    if made.gives.type is not Type.TRUTH:
        raise ExpressionError(f"it gives {made.gives.type}, and {Type.TRUTH} is wanted")
    return made


def expression_problems(definition: Definition) -> Iterator[Problem]:
    """What is wrong with a definition's expressions, apart from names of variables that are not there."""
    scope = scope_of(definition.variables)
    for name, variable in definition.variables.items():
        for number, rule in enumerate(variable.from_):
            if names_in(rule.expression or "0") <= scope.keys():
                place: Place = ("variables", name, "from", number, "expression")
                yield from _refused(place, partial(compile_rule, rule, variable, scope))
    for number, check in enumerate(definition.checks):
        if hasattr(check, "rule") and names_in(check.rule) <= scope.keys():
            yield from _refused(("checks", number, "rule"), partial(compile_check, check, scope))


def _refused(place: Place, compiles: Callable[[], object]) -> Iterator[Problem]:
    try:
        compiles()
    except ExpressionError as error:
        yield error.problem().under(place)


def terms(meanings: Mapping[str, object], names: Iterable[str], days: frozenset[str]) -> dict[str, Term]:
    """The variables that have a value, as an expression takes them. `days` are those of type date."""
    return {name: _term(meanings[name], name in days) for name in names if name in meanings}


def _term(meaning: object, day: bool) -> Term:
    if isinstance(meaning, When):
        return meaning.local.date() if day else span_of(meaning)
    return meaning if isinstance(meaning, str | Decimal) else Decimal(str(meaning))


def meaning_of(term: Term) -> str | Decimal | When | Reason:
    """What an expression gave, as a rule gives it."""
    match term:
        case bool():
            return _YES_NO[term]
        case Reason() | Decimal() | str():
            return term
        case Span():
            return _when(term)
        case date():
            return _when(every_moment(term))
    raise TypeError("no variable holds a length of time: such an expression is refused")


def _when(span: Span) -> When | Reason:
    if span.first == span.last:
        return When(span.first)
    day = When(span.first, Precision.DAY)
    return day if span_of(day) == span else Reason.INEXACT_TIME


def written_terms(values: Mapping[str, Value], variables: Mapping[str, Variable]) -> dict[str, Term]:
    """The values of a record as an expression takes them; what is not of its variable's type is left out."""
    found = ((name, _written(value, variables[name])) for name, value in values.items())
    return {name: term for name, term in found if term is not None}


def _written(value: Value, variable: Variable) -> Term | None:
    given = value.value
    if variable.type == "code":
        return (variable.codes or {}).get(given) if isinstance(given, int) else None
    if isinstance(given, str):
        return _moment(given, value.fold, variable) if variable.type in ("date", "datetime") else None
    return Decimal(given) if given is not None and variable.type in ("integer", "decimal") else None


def _moment(text: str, fold: bool, variable: Variable) -> Term | None:
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=LOCAL, fold=fold)
    except ValueError:
        return None
    if variable.type == "date":
        return at.date()
    # 00:00 is how an unknown clock is written.
    unknown = len(text) == 10 or text.endswith("T00:00")
    return every_moment(at.date()) if unknown else span_of(When(at.astimezone(UTC)))
