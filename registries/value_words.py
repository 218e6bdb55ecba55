"""The words that say how a number is read, made from others, and checked against others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from registries.durations import LengthUnit
from registries.expressions import ExpressionError, names_in
from registries.problems import Problem, Refused, Written, said
from registries.words import MOMENT, Text, empty_texts

_MOMENT: Final = re.compile(MOMENT)


def _readable(expression: str) -> str:
    try:
        names_in(expression)
    except ExpressionError as error:
        raise Refused([error.problem()]) from None
    return expression


def _a_time(written: str) -> str:
    if written.startswith(("case.", "variable.")) and not _MOMENT.match(written):
        raise Refused([Problem((), f"{written!r} cannot be read", "write a moment, such as `case.admission + 2h`")])
    return written


#: An expression in the language of `registries.expressions`.
Expressed = Annotated[str, AfterValidator(_readable)]
#: The name of a variable, or a moment.
Time = Annotated[str, AfterValidator(_a_time)]


class Band(Written):
    """A number under `below` (and not in an earlier band) means `is`; the last band may leave `below` out. `from` is
    where a band begins, if anywhere else than at the end of the band before it."""

    from_: float | None = Field(None, alias="from")
    below: float | None = None
    is_: str = Field(alias="is")


class Length(Written):
    """How long it is from one time to another: each a variable that stands before this one, or a moment of the case."""

    from_: Time = Field(alias="from")
    to: Time
    unit: LengthUnit

    @property
    def moments(self) -> tuple[str, str]:
        """Its two ends, each as a moment."""
        return _moment(self.from_), _moment(self.to)


def _moment(time: str) -> str:
    return time if _MOMENT.match(time) else f"variable.{time}"


class Check(Written):
    """What must be so between variables: a finding is made when `rule` is false, none when an input is empty.

    The finding is about `variables`, else about all that the rule names: an error holds the record, a warning holds
    back their values, a note travels along.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    rule: Expressed
    severity: Literal["error", "warning", "note"]
    text: Text
    variables: list[str] | None = Field(None, min_length=1)
    clause: str = ""

    def problems(self) -> Iterator[Problem]:
        """A text that tells nobody anything; a rule that is about nothing."""
        if hasattr(self, "text"):
            yield from empty_texts(self.text, "text")
        if hasattr(self, "rule") and not names_in(self.rule):
            yield said("it names no variable", "compare variables, such as `Start <= Stop`", "rule")

    @property
    def about(self) -> list[str]:
        """The variables that a finding is about."""
        return self.variables or sorted(names_in(self.rule))
