"""Checks of a report before it leaves, each with what the receiver would do about the mistake.

Source: the annotations of NPR message 53.1.3. Findings name element and attribute, never a value. What the receiver
would do decides the severity: it marks the whole message – error; it marks the row and all below it – warning, since
the row is lost; it empties the value – note, or warning where the attribute must have one; nothing – note. What the
schema refuses is an error, because it refuses the whole message with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registries.npr.conditions import conditions
from registries.npr.model import Part
from registries.npr.tables import Action, AttributeRule, code_lists, rules
from registries.npr.types import fits, written
from registries.npr.walk import attributes, parts
from registries.record import Finding, Severity

_SEVERITY: Final[dict[Action, Severity]] = {
    "mark_message": Severity.ERROR,
    "mark_row": Severity.WARNING,
    "set_unknown": Severity.NOTE,
    "set_zero": Severity.NOTE,
    "set_null": Severity.NOTE,
    "none": Severity.NOTE,
}
_EMPTIED: Final = frozenset({"set_unknown", "set_zero", "set_null"})


def check(part: Part) -> tuple[Finding, ...]:
    """All findings on a part of the message and what is below it, in the order of the message."""
    found = [finding for one in parts(part) for finding in (*_attributes(one), *conditions(one))]
    return tuple(dict.fromkeys(found))


def severity_of(action: Action, rule: AttributeRule) -> Severity:
    """What a mistake does that the receiver meets with this action."""
    if action in _EMPTIED and rule.required:
        return Severity.WARNING
    return _SEVERITY[action]


def _attributes(part: Part) -> Iterator[Finding]:
    known = rules().get(part.element, {})
    for name, value in attributes(part):
        if rule := known.get(name):
            yield from _attribute(f"{part.element}.{name}", rule, written(value))


def _attribute(place: str, rule: AttributeRule, text: str) -> Iterator[Finding]:
    if not text:
        if rule.required:
            yield Finding(rule="npr_required", severity=Severity.ERROR, variable=place, clause=rule.name)
        elif rule.on_missing is not None:
            yield _finding("npr_missing", rule.on_missing, place, rule)
        return
    if rule.on_type is not None and not fits(rule.type, text):
        yield _finding("npr_type", rule.on_type, place, rule)
    elif rule.list is not None and rule.on_code is not None and text not in code_lists()[rule.list]:
        yield _finding("npr_code", rule.on_code, place, rule)


def _finding(mistake: str, action: Action, place: str, rule: AttributeRule) -> Finding:
    return Finding(rule=f"{mistake}_{action}", severity=severity_of(action, rule), variable=place, clause=rule.name)
