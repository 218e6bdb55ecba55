"""What a value is explained from, beside the value itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from registries.anchors import case_of, read
from registries.definition import Definition, Rule, Text, Variable
from registries.entry import When
from registries.moments import OPEN_END, Span, parse_moment
from registries.record import Case, Evidence, RegistryRecord, Value

#: The preferred term of a code written as in `Evidence.code` (`icd10:I639`); None when no terminology at hand has it.
NameOf = Callable[[str], Text | None]

_VERSION: Final = re.compile(r"^[a-z0-9-]+@(\d+)\+")


def no_name(_code: str) -> Text | None:
    """Names no code: there is no terminology at hand."""
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """The record's definition, its other values by variable, its times and the names of codes.

    `case` holds times only (see `registries.anchors`); None when they are not known.
    """

    definition: Definition | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    case: Case | None = None
    name_of: NameOf = no_name

    def rules(self, variable: Variable | None) -> tuple[Rule, ...]:
        """The rules that the record was made with, as far as they are known."""
        return tuple(variable.from_) if variable else ()

    def rule(self, name: str, variable: Variable | None) -> Rule | None:
        """The rule of this name: `NAME/2` is the variable's second, `NAME/2.1` the first part of that."""
        rules: Sequence[Rule] = self.rules(variable)
        found = None
        for number in name.rpartition("/")[2].split("."):
            if not number.isdecimal() or not 0 < int(number) <= len(rules):
                return None
            found = rules[int(number) - 1]
            rules = found.all_ or ()
        return found

    def variable(self, name: str) -> Variable | None:
        """A variable of the definition."""
        return self.definition.variables.get(name) if self.definition else None

    def time_of(self, name: str) -> When | None:
        """The time that another variable was given, as exactly as its entry says it."""
        value = self.values.get(name)
        return time_of(value) if value else None

    def anchor(self, name: str) -> When | None:
        """When `case.start`, `variable.Onset` … was; None when it is not known, or has not come."""
        whose, _, what = name.partition(".")
        if whose == "variable":
            return self.time_of(what)
        found: When | None = getattr(self.case, what, None)
        return None if found == OPEN_END else found

    def moment(self, text: str) -> Span | None:
        """What a moment of a rule comes to in this record, UTC; None when its anchor is not known."""
        moment = parse_moment(text)
        if self.case is None or self.anchor(moment.anchor) is None:
            return None
        times = {name: at for name, value in self.values.items() if (at := time_of(value))}
        return moment.of(self.case, times)


def context_of(record: RegistryRecord, definition: Definition | None, name_of: NameOf = no_name) -> Context:
    """The context of a record's values. A definition of another version than the record's explains nothing of it but
    what its variables are called and what their codes mean."""
    anchors = record.anchors if record.anchors.start else replace(record.anchors, start=record.start)
    return Context(
        definition=_without_rules(record, definition),
        values={value.variable: value for value in record.values},
        case=case_of(anchors),
        name_of=name_of,
    )


def time_of(value: Value) -> When | None:
    """The time that a value is. 00:00 is how registries write an unknown clock: the entry behind it tells."""
    if not isinstance(value.value, str):
        return None
    entry = entry_time(value.evidence[0]) if value.evidence else None
    if entry is not None and not entry.clock and value.value[: len(str(entry))] == str(entry):
        return entry
    return read(value.value, value.fold)


def entry_time(evidence: Evidence) -> When | None:
    """The time that an entry speaks of."""
    return read(evidence.at, evidence.fold)


def _without_rules(record: RegistryRecord, definition: Definition | None) -> Definition | None:
    made_with = _VERSION.match(record.release)
    if definition is None or made_with is None or int(made_with[1]) == definition.version:
        return definition
    variables = {
        name: one.model_copy(update={"from_": [], "absent": None}) for name, one in definition.variables.items()
    }
    return definition.model_copy(update={"variables": variables})
