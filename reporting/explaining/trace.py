"""How a value came about, for those who look after rules and maps: rule, map row, entries by their reference."""

from __future__ import annotations

from registries.definition import Variable
from registries.record import Evidence, Value
from reporting.explaining.entries import clock
from reporting.texts import Text, joined, same, text

#: Entries told in a sentence; the page lists the others.
_TOLD = 3


def trace(value: Value, variable: Variable | None) -> Text:
    """The rule, the registry's own code, the map row and the entries, as short sentences; empty when there is none."""
    sentences = [
        text("trace.rule", rule=value.rule) if value.rule else same(""),
        _code(value, variable),
        text("trace.map", map=value.map.map, row=value.map.row) if value.map else same(""),
        _from(value),
        _considered(value.considered),
    ]
    return joined([sentence for sentence in sentences if sentence.nb])


def _code(value: Value, variable: Variable | None) -> Text:
    coded = variable is not None and variable.type == "code" and value.value is not None
    return text("trace.code", code=str(value.value)) if coded else same("")


def _from(value: Value) -> Text:
    if not value.evidence:
        return same("")
    told = [same(_entry(one)) for one in value.evidence[:_TOLD]]
    if more := len(value.evidence) - _TOLD:
        told += [text("trace.more", number=more)] if more > 0 else []
    return text("trace.from", entries=joined(told, "; "))


def _entry(evidence: Evidence) -> str:
    code = f" ({evidence.code})" if evidence.code else ""
    at = f", {clock(evidence.at)}" if evidence.at else ""
    return f"{evidence.source}{code}{at}"


def _considered(number: int) -> Text:
    if number == 0:
        return same("")
    return text("trace.considered.one" if number == 1 else "trace.considered.many", number=number)
