"""Codebooks: which fields a registry's forms have, as values that every format is read into and written from.

Formats: OpenQReg's klokebok (`openqreg`), FHIR R4 Questionnaire (`questionnaire`), plain JSON (`plain`) and, to be
found in data catalogues, DCAT (`dcat`). A registry definition becomes a codebook in `definitions`; a codebook becomes
drafts of normed variables in `drafts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

#: Types of fields: those of a FHIR R4 item, and OpenQReg's own: `status` (-1 made, 0 saved, 1 finished), `hidden`, and
#: `dynamic`, a list that the registry's server fills.
FieldType = Literal[
    "choice",
    "open-choice",
    "boolean",
    "integer",
    "decimal",
    "quantity",
    "date",
    "datetime",
    "time",
    "string",
    "text",
    "url",
    "attachment",
    "reference",
    "status",
    "hidden",
    "dynamic",
    "group",
    "display",
]
ChoiceKind = Literal["coding", "string", "integer", "date", "time"]
AnswerKind = Literal["coding", "string", "integer", "decimal", "date", "time", "datetime", "boolean"]
Operator = Literal["=", "!=", ">", "<", ">=", "<=", "exists"]


@dataclass(frozen=True, slots=True)
class Coding:
    """A code, its system (a URI, empty for the registry's own list) and what people read."""

    code: str
    label: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list. Its days are given only where they differ from those of other values of the field."""

    code: str
    label: str = ""
    system: str = ""
    kind: ChoiceKind = "coding"
    introduced: date | None = None
    phased_out: date | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """Two limits, either of which may be empty: a number, an ISO date, `today`, `today + 30d`, or the name of another
    field or of a rule in the registry's own system."""

    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A field is asked for when another has (or has not) an answer. `exists` compares with true or false."""

    question: str
    operator: Operator
    kind: AnswerKind
    answer: str
    system: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, or a group of fields.

    `required` holds when the field is asked for at all. `normal` intervals are told, `limits` are not passed; the
    numbers stand apart from the dates. `activates` and `activated` are OpenQReg's: whether the answer opens other
    questions, and whether the field is such a question. `length` counts characters. `unit` is UCUM.
    """

    id: str
    label: str
    type: FieldType
    required: bool = False
    help: str = ""
    comment: str = ""
    table: str = ""
    column: str = ""
    report_name: str = ""
    choices: tuple[Choice, ...] = ()
    value_set: str = ""
    codes: tuple[Coding, ...] = ()
    unit: str = ""
    normal: Interval = Interval()
    limits: Interval = Interval()
    normal_dates: Interval = Interval()
    limit_dates: Interval = Interval()
    length: int | None = None
    characters: str = ""
    decimals: int | None = None
    activates: bool = False
    activated: bool = False
    when: tuple[Condition, ...] = ()
    when_any: bool = False
    repeats: bool = False
    introduced: date | None = None
    phased_out: date | None = None
    fields: tuple[Field, ...] = ()

    def walk(self) -> Iterator[Field]:
        """The field and all below it, each before those below it."""
        yield self
        for below in self.fields:
            yield from below.walk()


@dataclass(frozen=True, slots=True)
class Form:
    """A form and its fields in order."""

    name: str
    fields: tuple[Field, ...]

    def walk(self) -> Iterator[Field]:
        """All fields of the form, also those within groups and below other fields."""
        for one in self.fields:
            yield from one.walk()


@dataclass(frozen=True, slots=True)
class Codebook:
    """The forms of a registry. `url` and `version` name it where it is published."""

    title: str
    forms: tuple[Form, ...]
    version: str = ""
    url: str = ""
    status: Literal["draft", "active", "retired", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a codebook that could not be read, or is doubtful; with `left_out`, that place was not read.

    `place` is a line of a table (and its column), or the path of an item in a Questionnaire.
    """

    file: str
    place: str
    text: str
    left_out: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a file, and what was not."""

    codebook: Codebook
    problems: tuple[Problem, ...]


class CodebookError(Exception):
    """A file that is no codebook at all; the text says why."""


def number(text: str) -> str | None:
    """A number in its plainest spelling (`1.00` is `1`, a decimal comma is a point); None when it is none."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if "_" in text or not value.is_finite() or abs(value.adjusted()) > 30:
        return None  # Python's own spellings are no numbers here
    plain = format(value.normalize(), "f")
    return "0" if plain == "-0" else plain


def day(text: str) -> date | None:
    """An ISO 8601 calendar date; None when it is none."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
