"""Registry definitions: data that a registry owner writes, validated by pydantic.

The reference for people is `docs/definition-language.md`; the JSON Schema for editors is made from these classes.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from registries.entry import Kind
from registries.problems import explain
from registries.record import Tier

_CONFIG = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

#: Codes by system: `{snomed: "<< 73211009", icd10: [E10-E14]}`, or the name of a set in the catalogue.
CodeSpec = dict[str, str | list[str]] | str
#: A moment such as `case.start`, `case.end - 28d`; units h, d, y.
Moment = Annotated[str, Field(pattern=r"^case\.(start|end|onset|admission|discharge)( [+-] (\d{1,5}[hd]|\d{1,3}y))?$")]


#: A variable's name is also the name of its element in messages.
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$")]


class DefinitionError(Exception):
    """A definition, catalogue or map file that cannot be used. The text names the file and the place in it."""


class Text(BaseModel):
    """What people read, in Norwegian (bokmål) and English."""

    model_config = _CONFIG
    nb: str
    en: str


class Window(BaseModel):
    """When an entry must have happened. `from`/`to` include the bound, `before` does not; `covers` asks for entries
    whose own period includes the moment (a medicine in use)."""

    model_config = _CONFIG
    from_: Moment | None = Field(None, alias="from")
    to: Moment | None = None
    before: Moment | None = None
    covers: Moment | None = None

    @model_validator(mode="after")
    def _covers_alone(self) -> Window:
        if self.covers is not None and (self.from_ or self.to or self.before):
            raise ValueError("`covers` stands alone in a window")
        return self


class Closest(BaseModel):
    """Take the entry closest to a moment; of two equally close, the later."""

    model_config = _CONFIG
    closest: Moment


class Band(BaseModel):
    """A number under `below` (and not in an earlier band) means `is`; the last band may leave `below` out."""

    model_config = _CONFIG
    below: float | None = None
    is_: str = Field(alias="is")


class Rule(BaseModel):
    """One way to find a value. Rules of a variable are tried in order; the first that gives a value wins."""

    model_config = _CONFIG
    select: Kind | Literal["index"] | None = None
    codes: CodeSpec | None = None
    same_stay: bool = False
    window: Window | None = None
    pick: Literal["first", "last", "last_recorded", "any"] | Closest = "any"
    several: Literal["disagree", "max"] = "disagree"
    value: Literal["code", "answer", "site", "quantity", "start"] | None = None
    map: str | None = None
    combine: dict[str, str] | None = None
    bands: list[Band] | None = None
    is_: str | int | None = Field(None, alias="is")
    all_: list[Rule] | None = Field(None, alias="all")
    between: tuple[str, str] | None = None
    no_clock: str | None = None

    @field_validator("is_", mode="before")
    @classmethod
    def _a_word(cls, given: object) -> object:
        if isinstance(given, bool):  # YAML reads a bare yes as true, which would pass as the number 1
            raise ValueError('write "yes" and "no" in quotes')
        return given

    @model_validator(mode="after")
    def _one_way_to_a_value(self) -> Rule:
        if (self.select is not None) + (self.all_ is not None) + (self.between is not None) != 1:
            raise ValueError("a rule has exactly one of `select`, `all` or `between`")
        if self.all_ is not None and (not self.all_ or self.is_ is None):
            raise ValueError("`all` needs at least one part, and says what it gives: `is`")
        if self.select == "index" and self.codes is not None:
            raise ValueError("`select: index` takes the case's own events; it has no `codes`")
        if self.is_ is not None and self.value is not None:
            raise ValueError("a rule gives either `value` or `is`")
        if self.select is not None and self.value is None and self.is_ is None:
            raise ValueError("a rule that selects says what it gives: `value` or `is`")
        if self.value in ("code", "answer", "site") and self.map is None:
            raise ValueError(f"`value: {self.value}` needs a `map`")
        if self.between is not None and self.bands is None:
            raise ValueError("`between` needs `bands` (in hours)")
        limits = [math.inf if band.below is None else band.below for band in self.bands or ()]
        if limits != sorted(set(limits)):
            raise ValueError("`bands` go upwards, and only the last may leave `below` out")
        return self

    @property
    def meanings(self) -> set[str]:
        """The meanings that the rule itself names."""
        named = {band.is_ for band in self.bands or ()} | set((self.combine or {}).values())
        return named | {word for word in (self.is_, self.no_clock) if isinstance(word, str)}

    @property
    def inputs(self) -> set[str]:
        """The variables that the rule and its parts refer to."""
        return {*(self.between or ())}.union(*(part.inputs for part in self.all_ or ()))


class Absent(BaseModel):
    """What it means that no entry was found, and which kinds of entry the journal must hold for that to be so."""

    model_config = _CONFIG
    is_: str = Field(alias="is")
    given: list[Kind]


class Range(BaseModel):
    """Limits: outside `hard` is an error, outside `plausible` a warning."""

    model_config = _CONFIG
    hard: tuple[float, float] | None = None
    plausible: tuple[float, float] | None = None


class Variable(BaseModel):
    """One variable as one registry wants it; its meaning is the normed variable's."""

    model_config = _CONFIG
    normed: str
    label: Text
    type: Literal["code", "integer", "decimal", "date", "datetime"]
    unit: str = ""
    units: dict[str, float] | None = None
    decimals: int = 0
    codes: dict[int, str] | None = None
    range: Range | None = None
    obligatory: bool = False
    when: dict[str, list[str]] | None = None
    automation: Tier
    from_: list[Rule] = Field(default_factory=list, alias="from")
    absent: Absent | None = None
    clause: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Variable:
        if (self.type == "code") != (self.codes is not None):
            raise ValueError("`codes` belong to variables of type code, and to these only")
        if self.type == "decimal" and self.decimals == 0:
            raise ValueError("a decimal variable says how many `decimals` it has")
        if self.automation is Tier.MANUAL and (self.from_ or self.absent):
            raise ValueError("a manual variable has no rules")
        if self.automation is not Tier.MANUAL and not self.from_:
            raise ValueError("a variable that is not manual needs rules under `from`")
        named = {self.absent.is_} if self.absent else set[str]()
        if unknown := named.union(*(rule.meanings for rule in self.from_)) - set((self.codes or {}).values()):
            raise ValueError(f"`codes` has no meaning {', '.join(sorted(unknown))}")
        return self


class CaseRule(BaseModel):
    """Which journal entries are index events, and which of them belong together."""

    model_config = _CONFIG
    select: Literal[Kind.CONDITION, Kind.PROCEDURE]
    codes: CodeSpec
    stay_class: list[str] | None = None
    start: Literal["stay", "entry"]
    same_case_within: Annotated[str, Field(pattern=r"^\d+[hd]$")]


class DateOrder(BaseModel):
    """`first` must not be later than `then`; a breach is an error unless said otherwise."""

    model_config = _CONFIG
    first: str
    then: str
    severity: Literal["error", "warning"] = "error"
    clause: str = ""


class Message(BaseModel):
    """How the registry is addressed: the message type and the receiver's HER-id (Adresseregisteret)."""

    model_config = _CONFIG
    type: str
    receiver: str
    her_id: str


class Definition(BaseModel):
    """A registry definition, whole."""

    model_config = _CONFIG
    registry: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: int
    status: Literal["draft", "approved", "active", "retired"]
    title: Text
    legal_basis: str
    reservation: bool
    case: CaseRule
    message: Message
    variables: dict[VariableName, Variable]
    orders: list[DateOrder] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_exist(self) -> Definition:
        for name, variable in self.variables.items():
            self._earlier(name, set(variable.when or ()).union(*(rule.inputs for rule in variable.from_)))
            for other, meanings in (variable.when or {}).items():
                if unknown := set(meanings) - set((self.variables[other].codes or {}).values()):
                    raise ValueError(f"variables.{name}.when: {other} has no meaning {', '.join(sorted(unknown))}")
        for order in self.orders:
            self._known(f"orders {order.first} → {order.then}", {order.first, order.then})
        return self

    def _known(self, place: str, names: set[str]) -> None:
        if missing := names - set(self.variables):
            raise ValueError(f"{place}: no variable called {', '.join(sorted(missing))}")

    def _earlier(self, name: str, wanted: set[str]) -> None:
        earlier = list(self.variables)[: list(self.variables).index(name)]
        if missing := wanted - set(earlier):
            raise ValueError(f"variables.{name}: {', '.join(sorted(missing))} must be a variable that stands before it")


class _Loader(yaml.SafeLoader):
    """The safe loader, and a name written twice is an error: the first would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen = set[object]()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} stands here twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_yaml(path: Path) -> object:
    """A YAML file as plain data.

    Raises:
        DefinitionError: it cannot be read or is not YAML; the text names file, line and column.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 (it is the safe loader)
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path}: cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "unknown place"
        raise DefinitionError(f"{path}: {place}: {error.problem}") from error
    except (yaml.YAMLError, ValueError) as error:  # a character YAML forbids, a date that does not exist
        raise DefinitionError(f"{path}: not YAML: {' '.join(str(error).split())}") from error


def load_definition(path: Path) -> Definition:
    """A definition file, validated.

    Raises:
        DefinitionError: the file or a field in it is wrong; one line per problem, each naming the place.
    """
    try:
        return Definition.model_validate(load_yaml(path))
    except ValidationError as error:
        raise DefinitionError(explain(path, error, WORDS)) from error


#: Every word of the language, to suggest the one that was meant.
WORDS = frozenset(
    field.alias or name
    for model in (Text, Window, Closest, Band, Rule, Absent, Range, Variable, CaseRule, DateOrder, Message, Definition)
    for name, field in model.model_fields.items()
)
