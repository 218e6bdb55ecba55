"""Why a variable has its value, or none, in words that a clinician understands."""

from __future__ import annotations

from registries.definition import Variable
from registries.record import Evidence, Reason, Value
from reporting.meanings import meanings_of
from reporting.texts import Text, catalogue, joined, same, text

#: Entries told in a sentence; the page lists the others.
_TOLD = 3


def why(value: Value, variable: Variable | None = None) -> Text:
    """A few short sentences on one value of a record.

    Args:
        value: the value, or the reason why there is none.
        variable: its definition; None for a value whose variable the definition no longer has.
    """
    sentences = _given(value, variable) if value.reason is None else _empty(value, variable)
    return joined([sentence for sentence in sentences if sentence.nb])


def shown(value: Value, variable: Variable | None = None) -> Text:
    """The value as people read it: number and unit, time, or code and meaning; empty text for none."""
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
        words = _time(words)
    measured = variable is not None and variable.type != "code" and variable.unit != "1"
    return f"{words} {variable.unit}".strip() if variable and measured else words


def meaning(value: Value, variable: Variable | None = None) -> Text | None:
    """What a code means, from the registry's code list or the national meaning; None for what is no code."""
    if variable is None or variable.codes is None or value.value is None:
        return None
    name = variable.codes.get(int(value.value)) if str(value.value).lstrip("-").isdigit() else None
    return meanings_of(variable)(name or value.normed) if name or value.normed else None


def label(value: Value, variable: Variable | None = None) -> Text:
    """What the variable is called."""
    return variable.label if variable else same(value.variable)


def _given(value: Value, variable: Variable | None) -> list[Text]:
    means = meaning(value, variable) or shown(value, variable)
    return [
        text("why.value", label=label(value, variable), value=shown(value, variable)),
        _note(value, variable, means),
        _passed_over(value) if value.note else _origin(value),
        _map(value),
        text("why.rule", rule=value.rule) if value.rule else same(""),
    ]


def _empty(value: Value, variable: Variable | None) -> list[Text]:
    reason = text(f"reason.{value.reason}")
    return [
        text("why.empty", label=label(value, variable), reason=reason),
        _note(value, variable, same("")),
        _considered(value),
        _origin(value) if value.evidence else same(""),
        text("why.rule", rule=value.rule) if value.rule and value.reason is not Reason.MANUAL else same(""),
    ]


def _note(value: Value, variable: Variable | None, means: Text) -> Text:
    if not value.note:
        return same("")
    key = value.note if value.note.startswith("note.") else f"note.{value.note}"
    if key not in catalogue():
        return same(value.note)
    return text(key, kinds=_kinds(variable), value=means)


def _kinds(variable: Variable | None) -> Text:
    if variable is None or variable.absent is None:
        return text("why.entries_absent")
    return joined([text(f"kind.{kind}") for kind in variable.absent.given], ", ")


def _origin(value: Value) -> Text:
    if not value.evidence:
        return same("")
    entries = _entries(value.evidence)
    if value.reason is not None or value.considered == 0:
        return text("why.from", entries=entries)
    if value.considered == 1:
        return text("why.from_only", entries=entries)
    return text("why.from_among", entries=entries, number=value.considered)


def _passed_over(value: Value) -> Text:
    """Entries that were found and do not count: they explain an absence, they did not give the value."""
    return (
        text("why.passed_over", number=value.considered, entries=_entries(value.evidence))
        if value.evidence
        else same("")
    )


def _entries(evidence: tuple[Evidence, ...]) -> Text:
    told = [same(_entry(one)) for one in evidence[:_TOLD]]
    if more := len(evidence) - _TOLD:
        told += [text("why.more", number=more)] if more > 0 else []
    return joined(told, "; ")


def _entry(evidence: Evidence) -> str:
    code = f" ({evidence.code})" if evidence.code else ""
    at = f", {_time(evidence.at)}" if evidence.at else ""
    return f"{evidence.source}{code}{at}"


def _time(written: str) -> str:
    return written.replace("T", " ")


def _map(value: Value) -> Text:
    return text("why.map", map=value.map.map, row=value.map.row) if value.map else same("")


def _considered(value: Value) -> Text:
    if value.considered == 0:
        return same("")
    if value.considered == 1:
        return text("why.considered_one")
    return text("why.considered", number=value.considered)
