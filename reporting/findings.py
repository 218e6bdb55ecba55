"""What a finding says to people: the catalogue's words, or those of the check in the definition."""

from __future__ import annotations

from registries.definition import Definition
from reporting.texts import Text, named

_CHECK = "check."


def finding_text(rule: str, definition: Definition | None) -> Text:
    """The text of a finding's rule; the rule itself when nobody knows it any more. No value of a patient is in it."""
    checks = {f"{_CHECK}{check.name}": check.text for check in definition.checks} if definition else {}
    return checks.get(rule) or named("finding", rule)
