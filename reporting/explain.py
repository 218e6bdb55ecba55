"""Why a variable has its value, or none: a sentence for clinicians, then how it came about for specialists."""

from __future__ import annotations

from dataclasses import dataclass

from registries.definition import Variable
from registries.record import Value
from reporting.explaining.context import Context, NameOf, context_of, no_name
from reporting.explaining.given import given
from reporting.explaining.missing import missing
from reporting.explaining.numbers import unit
from reporting.explaining.trace import trace
from reporting.meanings import meaning_of
from reporting.texts import Text, joined, same

__all__ = [
    "Context",
    "Explanation",
    "NameOf",
    "context_of",
    "explain",
    "label",
    "meaning",
    "no_name",
    "plain",
    "shown",
    "why",
]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a value is what it is. `sentence` is for clinicians: one to four short sentences; `trace` names the rule, the
    map row and the entries, and may be empty."""

    sentence: Text
    trace: Text


def explain(value: Value, variable: Variable | None = None, context: Context | None = None) -> Explanation:
    """One value of a record, explained.

    Args:
        value: the value, or the reason why there is none.
        variable: its definition; None for a value whose variable the definition no longer has.
        context: what is around it (see `context_of`); without it, no time is counted from anything.
    """
    around = context or Context()
    told = given(value, variable, around) if value.reason is None else missing(value, variable, around)
    return Explanation(joined(told), trace(value, variable))


def why(value: Value, variable: Variable | None = None, context: Context | None = None) -> Text:
    """All of an explanation as one text."""
    explained = explain(value, variable, context)
    return joined([part for part in (explained.sentence, explained.trace) if part.nb])


def shown(value: Value, variable: Variable | None = None) -> Text:
    """The value as the registry has it: number and unit, time, or code and meaning; empty text for none."""
    bare = plain(value, variable)
    if means := meaning(value, variable):
        return Text(nb=f"{bare} ({means.nb})", en=f"{bare} ({means.en})")
    return same(bare)


def plain(value: Value, variable: Variable | None = None) -> str:
    """The value without its meaning: a code, number and unit, or a time; empty for none."""
    if value.value is None:
        return ""
    words = str(value.value)
    if variable is not None and variable.type == "datetime":
        words = words.replace("T", " ")
    measured_in = unit(variable.unit).nb if variable is not None and variable.type != "code" else ""
    return f"{words} {measured_in}".strip()


def meaning(value: Value, variable: Variable | None = None) -> Text | None:
    """What a code means, from the registry's code list or the national meaning; None for what is no code."""
    return meaning_of(value, variable)


def label(value: Value, variable: Variable | None = None) -> Text:
    """What the variable is called."""
    return variable.label if variable else same(value.variable)
