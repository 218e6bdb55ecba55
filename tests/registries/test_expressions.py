"""Expressions: what they give, what is refused and how that is told, and that nothing in them goes wrong later."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import celpy
import pytest
from celpy import celtypes
from hypothesis import given
from hypothesis import strategies as st

from registries.expressions import Expression, ExpressionError, Operand, Type, compile_expression, names_in
from registries.expressions.types import Lengths, Value
from registries.moments import Span
from registries.record import Reason

ANSWER: Final = Operand(Type.CODE, frozenset({"yes", "no", "unknown"}))
SCOPE: Final = {
    "A": ANSWER,
    "B": ANSWER,
    "N": Operand(Type.NUMBER),
    "M": Operand(Type.NUMBER),
    "T": Operand(Type.TIME),
    "U": Operand(Type.TIME),
    "D": Operand(Type.DAY),
    "E": Operand(Type.DAY),
    "a.b": Operand(Type.NUMBER),
}
TEN: Final = datetime(2026, 3, 1, 9, tzinfo=UTC)  # ten o'clock in Oslo
GIVEN: Final[Mapping[str, Value]] = {
    "A": "yes",
    "N": Decimal("4"),
    "T": Span(TEN, TEN),
    "D": date(2026, 3, 1),
    "a.b": Decimal("0.1"),
}


def result(text: str, given_: Mapping[str, Value] = GIVEN) -> Value:
    """What an expression gives."""
    return compile_expression(text, SCOPE).of(given_)


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("A == 'yes'", True),
        ("A != 'yes'", False),
        ('A == "no"', False),
        ("A in ['no', 'yes']", True),
        ("A in []", False),
        ("N in [1, 4.0]", True),
        ("N > 3 && N < 4.5", True),
        ("N >= 4", True),
        ("N <= 3.99", False),
        ("!(N == 4)", False),
        ("N + 1 == 5", True),
        ("N-1", Decimal(3)),
        ("N - -1", Decimal(5)),
        ("-N * 2", Decimal(-8)),
        ("1 + 2 * 3", Decimal(7)),
        ("(1 + 2) * 3", Decimal(9)),
        ("N / 8", Decimal("0.5")),  # not CEL's whole division
        ("0.1 + 0.2 == 0.3", True),  # nor its binary fractions
        ("a.b * 3 == 0.3", True),
        ("A == 'yes' ? 'no' : 'unknown'", "no"),
        ("N > 4 ? 1 : N > 3 ? 2 : 3", Decimal(2)),
        ("true || A == 'no'", True),
        ("T < timestamp('2026-03-01T10:00:00+01:00')", False),
        ("T <= timestamp('2026-03-01T10:00')", True),
        ("T == timestamp('2026-03-01T09:00:00Z')", True),
        ("T != timestamp('2026-03-01T09:00:00Z')", False),
        ("T - timestamp('2026-02-28T10:00') == duration('24h')", True),
        ("T + duration('1h30m') > T", True),
        ("duration('1d') + T > T", True),
        ("duration('1h') + duration('30m') < duration('5400001ms')", True),
        ("D == timestamp('2026-03-01')", True),
        ("D in [timestamp('2026-03-01')]", True),
        ("D - timestamp('2026-02-01') > duration('20d')", True),
        ("A == 'yes' // the usual answer", True),
    ],
)
def test_an_expression_gives(text: str, gives: Value) -> None:
    assert result(text) == gives


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("B == 'yes'", Reason.INPUT_EMPTY),
        ("M + 1", Reason.INPUT_EMPTY),
        ("1 - M", Reason.INPUT_EMPTY),
        ("-M", Reason.INPUT_EMPTY),
        ("!(M > 1)", Reason.INPUT_EMPTY),
        ("M in [1]", Reason.INPUT_EMPTY),
        ("U < T", Reason.INPUT_EMPTY),
        ("T - U < duration('1h')", Reason.INPUT_EMPTY),
        ("B == 'yes' ? 1 : 1", Reason.INPUT_EMPTY),
        ("E < T", Reason.INPUT_EMPTY),
        ("has(M)", False),
        ("has(N)", True),
        ("has(M) && M > 1", False),
        ("M > 1 && has(M)", False),
        ("has(M) ? M : N", Decimal(4)),
        ("M > 1 || A == 'yes'", True),  # whatever M is
        ("A == 'yes' || M > 1", True),
        ("M > 1 || A == 'no'", Reason.INPUT_EMPTY),
        ("A == 'no' && M > 1", False),
        ("M > 1 && A == 'no'", False),
        ("M > 1 && A == 'yes'", Reason.INPUT_EMPTY),
        ("N / 0 > 1", Reason.NOT_A_NUMBER),
        ("N / 0 > 1 || A == 'yes'", True),
        ("0 / 0", Reason.NOT_A_NUMBER),
        ("N * 900000000000000", Reason.NOT_A_NUMBER),  # nothing measured has so many digits
        ("T - timestamp('0001-01-02T00:00') < duration('1d') ? 1 : 2", Decimal(2)),
        ("timestamp('0001-01-02T00:00') - duration('9000d') < T", Reason.NO_TIME),
        ("T < timestamp('2026-03-01')", Reason.INEXACT_TIME),
        ("D < T", Reason.INEXACT_TIME),
        ("D == T", Reason.INEXACT_TIME),
        ("D != T", Reason.INEXACT_TIME),
        ("D < T || A == 'yes'", True),
        ("D - duration('1d') < T", True),
        ("D - duration('25h') < T", True),
        ("timestamp('2026-02-01') != T", True),
        ("T - D < duration('1d')", True),
        ("T - D < duration('1h')", Reason.INEXACT_TIME),
    ],
)
def test_what_is_not_known_has_a_reason_unless_the_rest_settles_it(text: str, gives: Value) -> None:
    assert result(text) == gives


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "cannot be read from character 1 on"),
        ("A = 'yes'", "cannot be read from character 3 on; did you mean `==`?"),
        ("A == 'yes' and N > 3", "cannot be read from character 12 on; did you mean `&&`?"),
        ("A == 'yes' eller N > 3", "did you mean `||`?"),
        ("N <> 3", "cannot be read from character 4 on"),
        ("N > 3 | N < 1", "cannot be read from character 7 on; did you mean `||`?"),
        ("NN > 3", "no variable called NN, at character 1"),
        ("has(NN)", "no variable called NN, at character 5"),
        ("a.c > 1", "no variable called a.c, at character 1; did you mean `a.b`?"),
        ("A == 'yess'", "'yess' is none of the meanings, at character 6; did you mean `yes`?"),
        ("'yess' == A", "'yess' is none of the meanings, at character 1; did you mean `yes`?"),
        ("A in ['yes', 'nei']", "'nei' is none of the meanings, at character 14; there is `no`, `unknown`, `yes`"),
        ("A == 3", "a code is compared with a number, at character 1; its meanings are 'no', 'unknown', 'yes'"),
        ("N == 'yes'", "a number is compared with a code, at character 1"),
        ("T == 'yes'", "a time is compared with a code"),
        ("A > 'no'", "a code is not more or less than another, at character 1"),
        ("A && N > 3", "a code stands where true or false is asked for, at character 1"),
        ("!N", "a number stands where true or false is asked for, at character 2"),
        ("-A", "a code stands where a number is asked for, at character 2"),
        ("N ? 1 : 2", "a number stands where true or false is asked for"),
        ("N > 3 ? 'yes' : 1", "one way gives a code, the other a number, at character 9"),
        ("N + A", "a number + a code is nothing, at character 1"),
        ("T + T", "a time + a time is nothing"),
        ("T * 2", "a time * a number is nothing"),
        ("N % 2", "a remainder is not part of the language, at character 1"),
        ("A.size()", "a method is not part of the language"),
        ("A[0]", "a place in a list is not part of the language"),
        ("[1, 2]", "a list that does not follow `in` is not part of the language"),
        ("{'a': 1}", "a map is not part of the language"),
        (".A", "a name that begins with a dot is not part of the language"),
        ("A == null", "`null` is not part of the language, at character 6; ask `has(…)`"),
        ("A == b'yes'", "b'yes' is not part of the language, at character 6"),
        ("3u > N", "3u is not part of the language"),
        ("1e99 > N", "1e99 is not part of the language"),
        ("A == r'yes'", "a text is written in plain quotes, at character 6"),
        (r"A == 'y\'s'", "a text is written in plain quotes"),
        ("A in N", "`in` is followed by a list in square brackets, at character 6"),
        ("N in [M]", "the list after `in` holds codes, numbers or dates, at character 6"),
        ("T in [timestamp('2026-01-01T10:00')]", "the list after `in` holds codes, numbers or dates"),
        ("hass(A)", "no function called hass, at character 1; did you mean `has`?"),
        ("eval(A)", "no function called eval"),
        ("has(3)", "`has` asks for one variable, at character 1"),
        ("has(A, B)", "`has` asks for one variable"),
        ("timestamp(A) < T", "`timestamp` is written with one text in quotes, at character 1"),
        ("timestamp('1.3.2026') < T", "'1.3.2026' is no time such as 2026-03-01T10:00, at character 1"),
        ("timestamp('2026-02-30') < T", "'2026-02-30' is no time"),
        ("T - U < duration('3 days')", "'3 days' is no length of time such as 90m or 28d"),
        ("!" * 300 + "(N > 3)", "more than 100 parts stand inside each other"),
        ("N" + " + N" * 150, "more than 100 parts stand inside each other"),
        ("N > 3 " * 400, "an expression has at most 2000 characters"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, problem: str) -> None:
    with pytest.raises(ExpressionError) as told:
        compile_expression(text, SCOPE)
    assert problem in str(told.value)


def test_the_meanings_of_a_choice_are_those_of_both_ways() -> None:
    assert compile_expression("N > 3 ? A : 'perhaps'", SCOPE).gives == Operand(Type.CODE, ANSWER.meanings | {"perhaps"})


def test_names_are_those_of_variables() -> None:
    assert names_in("has(A) && a.b > timestamp('x') || A in ['B']") == {"A", "a.b"}


def test_an_expression_travels_between_processes() -> None:
    sent: Expression = pickle.loads(pickle.dumps(compile_expression("N > 3 || T < U", SCOPE)))  # noqa: S301
    assert sent.of(GIVEN) is True


# Whatever is written and whatever is given, there is a value or a reason.

_NAMES: Final = {kind: [name for name, one in SCOPE.items() if one.type is kind] for kind in Type}
numbers = st.deferred(
    lambda: st.one_of(
        st.sampled_from(_NAMES[Type.NUMBER]),
        st.integers(0, 9).map(str),
        st.builds("({} {} {})".format, numbers, st.sampled_from("+-*/"), numbers),
        st.builds("({} ? {} : {})".format, truths, numbers, numbers),
    )
)
lengths = st.sampled_from(["duration('1h')", "duration('40d')", "(T - U)", "(U - D)"])
moments = st.one_of(
    st.sampled_from(
        [*_NAMES[Type.TIME], *_NAMES[Type.DAY], "timestamp('2026-03-01')", "timestamp('2026-03-01T10:00')"]
    ),
    st.builds("({} {} {})".format, st.sampled_from("TUD"), st.sampled_from("+-"), lengths),
)
_signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
truths: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["true", "A == 'yes'", "A != B", "has(N)", "has(B)", "B in ['no', 'unknown']"]),
        st.builds("({} {} {})".format, numbers, _signs, numbers),
        st.builds("({} {} {})".format, moments, _signs, moments),
        st.builds("({} {} {})".format, truths, st.sampled_from(["&&", "||"]), truths),
        st.builds("!{}".format, truths.map("({})".format)),
    )
)
_times = st.integers(0, 10**6).map(lambda minute: TEN + timedelta(minutes=minute))
_VALUES: Final[dict[Type, st.SearchStrategy[Value]]] = {
    Type.CODE: st.sampled_from(sorted(ANSWER.meanings)),
    Type.NUMBER: st.decimals(-(10**15), 10**15, places=3),
    Type.TIME: st.builds(lambda at, wide: Span(at, at + timedelta(hours=wide)), _times, st.sampled_from([0, 0, 24])),
    Type.DAY: st.dates(date(2026, 1, 1), date(2027, 12, 31)),
}
inputs = st.fixed_dictionaries({}, optional={name: _VALUES[one.type] for name, one in SCOPE.items()})


def _short(text: str) -> bool:
    return len(text) < 2_000  # what is longer is refused


@given(st.one_of(truths, numbers).filter(_short), inputs)
def test_an_expression_is_total_and_pure(text: str, given_: dict[str, Value]) -> None:
    expression, before = compile_expression(text, SCOPE), dict(given_)
    value = expression.of(given_)
    wanted = bool if expression.gives.type is Type.TRUTH else Decimal
    assert isinstance(value, wanted | Reason)
    assert expression.of(given_) == value
    assert given_ == before


@given(truths.filter(_short), inputs, st.sampled_from(sorted(SCOPE)), st.data())
def test_what_was_settled_stays_when_more_is_known(
    text: str, given_: dict[str, Value], name: str, data: st.DataObject
) -> None:
    """`has` apart: it is there to tell the difference."""
    expression = compile_expression(text.replace("has(N)", "N > 1").replace("has(B)", "B == 'no'"), SCOPE)
    more = {name: data.draw(_VALUES[SCOPE[name].type])} | given_
    before = expression.of(given_)
    assert isinstance(before, Reason) or expression.of(more) == before


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_a_told_mistake(text: str) -> None:
    try:
        compile_expression(text, SCOPE)
    except ExpressionError as error:
        assert str(error)


# CEL itself says the same, where the two are meant to agree: whole numbers, exact times, nothing missing.

_CEL = celpy.Environment()
exact_numbers = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["N", "M"]),
        st.integers(0, 9).map(str),
        st.builds("({} {} {})".format, exact_numbers, st.sampled_from("+-*"), exact_numbers),
    )
)
exact_moments = st.one_of(
    st.sampled_from(["T", "U", "timestamp('2026-03-01T10:00:00Z')"]),
    st.builds("({} {} {})".format, st.sampled_from("TU"), st.sampled_from("+-"), st.just("duration('90m')")),
)
exact: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["true", "false", "A == 'yes'", "A != B", "B in ['no', 'unknown']", "N in [1, 2]"]),
        st.builds("({} {} {})".format, exact_numbers, _signs, exact_numbers),
        st.builds("({} {} {})".format, exact_moments, _signs, exact_moments),
        st.builds("(({} - {}) {} duration('1h'))".format, exact_moments, exact_moments, _signs),
        st.builds("({} {} {})".format, exact, st.sampled_from(["&&", "||"]), exact),
        st.builds("({} ? {} : {})".format, exact, exact, exact),
        st.builds("!({})".format, exact),
    )
)


@given(
    exact.filter(_short),
    st.tuples(*[_VALUES[Type.CODE]] * 2),
    st.tuples(*[st.integers(-9, 9)] * 2),
    st.tuples(*[_times] * 2),
)
def test_cel_itself_agrees(
    text: str, codes: tuple[str, str], whole: tuple[int, int], at: tuple[datetime, datetime]
) -> None:
    ours: dict[str, Value] = dict(zip("AB", codes, strict=True))
    ours |= dict(zip("NM", map(Decimal, whole), strict=True)) | {
        name: Span(one, one) for name, one in zip("TU", at, strict=True)
    }
    theirs: dict[str, Any] = {name: celtypes.StringType(one) for name, one in zip("AB", codes, strict=True)}
    theirs |= {name: celtypes.IntType(one) for name, one in zip("NM", whole, strict=True)}
    theirs |= {name: celtypes.TimestampType(one) for name, one in zip("TU", at, strict=True)}
    program = _CEL.program(_CEL.compile(text))
    assert bool(program.evaluate(theirs)) is compile_expression(text, SCOPE).of(ours)


def test_limits_of_lengths_are_kept_in_order() -> None:
    day = Span(TEN, TEN + timedelta(hours=23))
    found = compile_expression("T - U", SCOPE).of({"T": Span(TEN, TEN), "U": day})
    assert found == Lengths(timedelta(hours=-23), timedelta(0))
