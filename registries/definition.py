"""Registry definitions: data that a registry owner writes, validated by pydantic.

The reference for people is `docs/definition-language.md`; the JSON Schema for editors is made from these classes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from registries.case_rule import CaseRule, Episode, Period
from registries.derived import compile_check, expression_problems, scope_of
from registries.entry import Kind, Standing
from registries.expressions import Expression, names_in
from registries.giving import giving_problems
from registries.numbers import band_problems
from registries.problems import Problem, Refused, Written, did_you_mean, said, told
from registries.reading import read
from registries.reading_yaml import DefinitionError, load_yaml
from registries.record import Tier
from registries.references import reference_problems
from registries.value_words import Band, Check, Expressed, Length
from registries.words import (
    Closest,
    CodeSpec,
    Moment,
    PickWord,
    Several,
    Text,
    Window,
    Worse,
    WrittenWindow,
    empty_texts,
)

__all__ = [
    "Band",
    "CaseRule",
    "Check",
    "Closest",
    "CodeSpec",
    "DefinitionError",
    "Episode",
    "Moment",
    "Period",
    "Text",
    "Window",
    "load_yaml",
]

#: A variable's name is also the name of its element in messages.
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$")]


def _a_number(limit: float) -> float:
    if math.isnan(limit):
        raise Refused([said("is no number", "write a number, or .inf where there is no limit")])
    return limit


#: A limit; infinity where there is none on that side.
Limit = Annotated[float, AfterValidator(_a_number)]
#: By what a number of one unit becomes one of another.
Factor = Annotated[float, Field(gt=0, allow_inf_nan=False)]


#: Words for the one of several entries whose number says that it is meant.
_BY_NUMBER = ("min", "max", "worst")


def no_boolean(given: object) -> object:
    """Refuse what YAML read as true or false: it would pass as the numbers 1 and 0."""
    if isinstance(given, bool):
        raise Refused([said("YAML reads this word as true or false", 'write "yes" and "no" in quotes')])
    return given


#: What to do where `codes` are missing, and where they are too many; by whether the variable is a code.
_CODES = {True: 'write `codes: {1: "yes", 2: "no"}`', False: "remove `codes`, or write `type: code`"}
_ABSENT = "write `is: 0` for a number, `is: unknown` for a code; dates have no `absent`"


class Rule(Written):
    """One way to find a value. Rules of a variable are tried in order; the first that gives a value wins."""

    select: Kind | Literal["index"] | None = None
    codes: CodeSpec | None = None
    answers: CodeSpec | None = None
    standing: list[Standing] = Field([Standing.COUNTS], min_length=1)
    same_stay: bool = False
    window: WrittenWindow | None = None
    pick: PickWord | Closest = "any"
    several: Several = "disagree"
    worse: Worse | None = None
    value: Literal["code", "answer", "answer_time", "site", "quantity", "count", "start", "end"] | None = None
    map: str | None = None
    combine: dict[str, str] | None = None
    bands: list[Band] | None = None
    comparator: Literal["bound"] | None = None
    age_at: Moment | None = None
    is_: str | int | None = Field(None, alias="is")
    all_: list[Rule] | None = Field(None, alias="all")
    between: tuple[str, str] | None = None
    no_clock: str | None = None
    duration: Length | None = None
    expression: Expressed | None = None

    @field_validator("is_", mode="before")
    @classmethod
    def _quoted(cls, given: object) -> object:
        return no_boolean(given)

    def problems(self) -> Iterator[Problem]:
        """What cannot stand together in a rule."""
        yield from self._one_way_to_a_value()
        yield from self._numbers_to_choose_by()
        yield from self._numbers_as_asked_for()
        yield from band_problems(self.bands or ())

    def _one_way_to_a_value(self) -> Iterator[Problem]:
        ways = (self.select, self.all_, self.between, self.duration, self.expression)
        if sum(way is not None for way in ways) != 1:
            told = "a rule has exactly one of `select`, `all`, `between`, `duration` and `expression`"
            yield said(told, "begin with `select: KIND_OF_ENTRY`")
            return
        if self.all_ is not None and (not self.all_ or self.is_ is None):
            yield said("`all` needs at least one part, and says what it gives: `is`", "write `all: [RULE, …]` and `is`")
        if self.select == "index" and (self.codes is not None or self.standing != [Standing.COUNTS]):
            yield said(
                "`select: index` takes the case's own events; it has no `codes` and no `standing`", "remove them"
            )
        gives = sum(way is not None for way in (self.value, self.age_at, self.is_))
        if gives > 1:
            yield said("a rule gives one of `value`, `age_at` and `is`", "remove one of them")
        if self.select is not None and not gives:
            yield said("a rule that selects says what it gives: `value` or `is`", 'write `is: "yes"` or `value: …`')
        if self.value in ("code", "answer", "site") and self.map is None:
            yield said(f"`value: {self.value}` needs a `map`", "write `map: NAME`, a map of the catalogue")
        if self.between is not None and self.bands is None:
            yield said("`between` needs `bands` (in hours)", 'write `bands: [{below: 4, is: "yes"}, {is: "no"}]`')

    def _numbers_as_asked_for(self) -> Iterator[Problem]:
        if self.comparator is not None and (self.value != "quantity" or self.bands is not None):
            told = "`comparator` is for `value: quantity` without `bands`, which decide by themselves"
            yield said(told, "remove it", "comparator")
        if self.age_at is not None and self.select is not Kind.BIRTH:
            yield said("an age is counted from a birth", "write `select: birth`", "age_at")
        if (self.duration or self.expression) and (self.value or self.is_ is not None):
            yield said("`duration` and `expression` are themselves what a rule gives", "remove `value` and `is`")
        if any(part.expression is not None for part in self.all_ or ()):
            yield said("an `expression` is no part of `all`", "make a variable of it, or say `all` with `&&`", "all")

    def _numbers_to_choose_by(self) -> Iterator[Problem]:
        if self.pick in _BY_NUMBER and self.value != "quantity":
            yield said(
                f"`pick: {self.pick}` chooses among numbers", "write `value: quantity`, or `pick: first`", "pick"
            )
        if self.select is not None and self.several in _BY_NUMBER and self.value != "quantity":
            yield said(f"`several: {self.several}` chooses among numbers", "write `value: quantity`", "several")
        if self.pick in _BY_NUMBER and self.several != "disagree":
            yield said(
                f"`pick: {self.pick}` leaves one number; there is nothing for `several` to settle",
                "remove `several`",
                "several",
            )
        if self.value == "count" and (self.pick != "any" or self.several != "disagree"):
            yield said("`value: count` counts all entries; there is nothing to `pick`", "remove `pick` and `several`")

    @property
    def own_moments(self) -> set[str]:
        """The moments that the rule itself refers to."""
        found = {*(self.window.moments if self.window else ()), *(self.duration.moments if self.duration else ())}
        alone = (self.pick.closest if isinstance(self.pick, Closest) else None, self.age_at)
        return found | {moment for moment in alone if moment is not None}

    @property
    def moments(self) -> set[str]:
        """The moments that the rule and its parts refer to."""
        return self.own_moments.union(*(part.moments for part in self.all_ or ()))

    @property
    def anchors(self) -> set[str]:
        """The variables whose times the rule and its parts are anchored to."""
        wanted = (moment.split(" ")[0].split(".", 1) for moment in self.moments)
        return {name for whose, name in wanted if whose == "variable"}

    @property
    def meanings(self) -> set[str]:
        """The meanings that the rule itself names."""
        named = {band.is_ for band in self.bands or ()} | set((self.combine or {}).values())
        return named | {word for word in (self.is_, self.no_clock) if isinstance(word, str)}

    @property
    def inputs(self) -> set[str]:
        """The variables that the rule and its parts refer to."""
        own = {*(self.between or ()), *self.anchors, *names_in(self.expression or "0")}
        return own.union(*(part.inputs for part in self.all_ or ()))


class Absent(Written):
    """What it means that no entry was found, and which kinds of entry the journal must hold for that to be so."""

    is_: str | int = Field(alias="is")
    given: list[Kind]

    @field_validator("is_", mode="before")
    @classmethod
    def _quoted(cls, given: object) -> object:
        return no_boolean(given)


def _limits(low: float, high: float) -> str:
    return f"[{low:g}, {high:g}]"


def _inside(inner: tuple[float, float], outer: tuple[float, float]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


class Range(Written):
    """Limits: outside `hard` is an error, outside `plausible` a warning."""

    hard: tuple[Limit, Limit] | None = None
    plausible: tuple[Limit, Limit] | None = None

    def problems(self) -> Iterator[Problem]:
        """Limits that no number is between, or that contradict each other."""
        for word, limits in (("hard", self.hard), ("plausible", self.plausible)):
            if limits is not None and limits[0] > limits[1]:
                yield said("the first limit is above the second", f"write {_limits(limits[1], limits[0])}", word)
                return
        if self.hard and self.plausible and not _inside(self.plausible, self.hard):
            inner = (max(self.hard[0], self.plausible[0]), min(self.hard[1], self.plausible[1]))
            narrower = f"write {_limits(*inner)}, or widen `hard`" if inner[0] <= inner[1] else "widen `hard`"
            yield said("`plausible` reaches outside `hard`", narrower, "plausible")


class Variable(Written):
    """One variable as one registry wants it; its meaning is the normed variable's."""

    normed: str
    label: Text
    type: Literal["code", "integer", "decimal", "date", "datetime"]
    unit: str = ""
    units: dict[str, Factor] | None = None
    substance: str | None = None
    decimals: int = 0
    worse: Worse | None = None
    codes: dict[int, str] | None = None
    range: Range | None = None
    obligatory: bool = False
    when: dict[str, list[str]] | None = None
    automation: Tier
    from_: list[Rule] = Field(default_factory=list, alias="from")
    absent: Absent | None = None
    clause: str = ""

    def problems(self) -> Iterator[Problem]:
        """What cannot stand together in a variable."""
        yield from self._consistent()
        yield from self._unknown_meanings()
        yield from self._said_what_is_worse()
        yield from empty_texts(self.label, "label")

    def _consistent(self) -> Iterator[Problem]:
        if (self.type == "code") != (self.codes is not None):
            yield said("`codes` belong to variables of type code, and to these only", _CODES[self.type == "code"])
        if self.type == "decimal" and self.decimals == 0:
            yield said("a decimal variable says how many `decimals` it has", "write `decimals: 1`")
        if self.automation is Tier.MANUAL and (self.from_ or self.absent):
            yield said("a manual variable has no rules", "remove `from` and `absent`, or write `automation: proposed`")
        if self.automation is not Tier.MANUAL and not self.from_:
            yield said("a variable that is not manual needs rules under `from`", "write rules, or `automation: manual`")

    def _unknown_meanings(self) -> Iterator[Problem]:
        known = set((self.codes or {}).values())
        named: list[tuple[tuple[str | int, ...], str]] = [
            (("from", n), word) for n, rule in enumerate(self.from_) for word in sorted(rule.meanings)
        ]
        if self.absent and isinstance(self.absent.is_, str):
            named.append((("absent", "is"), self.absent.is_))
        for place, word in named if self.type == "code" else ():
            if word not in known:
                yield said(f"`codes` has no meaning {word}", did_you_mean(word, known, "add it to `codes`"), *place)

    def _said_what_is_worse(self) -> Iterator[Problem]:
        rules = [part for rule in self.from_ for part in (rule, *(rule.all_ or ()))]
        if self.worse is None and any("worst" in (one.pick, one.several) and one.worse is None for one in rules):
            yield said("`worst` needs to know which numbers are worse", "write `worse: higher` or `worse: lower`")
        wanted = {"code": str, "integer": int, "decimal": int}.get(self.type)
        if self.absent is not None and (wanted is None or not isinstance(self.absent.is_, wanted)):
            yield said(
                "`absent` means a number where the variable is one, and a meaning where it is a code", _ABSENT, "absent"
            )


class DateOrder(Written):
    """`first` must not be later than `then`; a breach is an error unless said otherwise."""

    first: str
    then: str
    severity: Literal["error", "warning"] = "error"
    clause: str = ""


class Message(Written):
    """How the registry is addressed: the message type and the receiver's HER-id (Adresseregisteret)."""

    type: str
    receiver: str
    her_id: str


class Definition(Written):
    """A registry definition, whole."""

    registry: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[int, Field(ge=1)]
    status: Literal["draft", "approved", "active", "retired"]
    authors: list[str] = Field(default_factory=list)
    title: Text
    legal_basis: str
    reservation: bool
    case: CaseRule
    message: Message
    variables: dict[VariableName, Variable]
    orders: list[DateOrder] = Field(default_factory=list)
    checks: list[Check] = Field(default_factory=list)

    def problems(self) -> Iterator[Problem]:
        """Variables that others refer to, but that are not there or not yet known; expressions that cannot be."""
        yield from empty_texts(self.title, "title") if hasattr(self, "title") else ()
        names = [getattr(check, "name", None) for check in self.checks]
        for number, name in enumerate(names):
            if name is not None and name in names[:number]:
                yield said(f"two checks are called {name}", "give each a name of its own", "checks", number, "name")
        if hasattr(self, "variables"):
            yield from reference_problems(self)
            yield from giving_problems(self)
            yield from expression_problems(self)

    @cached_property
    def check_rules(self) -> tuple[Expression, ...]:
        """The rules of the checks, compiled."""
        scope = scope_of(self.variables)
        return tuple(compile_check(check, scope) for check in self.checks)


def load_definition(path: Path) -> Definition:
    """A definition file, validated.

    Raises:
        DefinitionError: the file or a field in it is wrong; one line per problem, each naming the place.
    """
    definition, problems = read(Definition, load_yaml(path))
    if problems:
        raise DefinitionError(told(path, problems))
    return definition


#: Every word of the language, to suggest the one that was meant.
WORDS = frozenset(
    field.alias or name
    for model in (
        *(Text, Window, Closest, Band, Length, Rule, Absent, Range, Variable),
        *(CaseRule, Episode, Period, DateOrder, Check, Message, Definition),
    )
    for name, field in model.model_fields.items()
)
