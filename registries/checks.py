"""Checks of a record against its definition. Findings name rule and variable, never a patient's value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from registries.definition import DateOrder, Definition, Variable
from registries.record import Finding, Reason, RegistryValue, Severity, Value


def check(values: tuple[Value, ...], definition: Definition) -> tuple[Finding, ...]:
    """All findings on a record's values, in the definition's order.

    A value that is present is checked against its type, code list and ranges; an obligatory one that is empty is noted
    (a person gives it); dates must be in order.
    """
    findings = [finding for value in values for finding in _variable(value, definition.variables[value.variable])]
    given = {value.variable: value.value for value in values if value.value is not None}
    findings += [finding for order in definition.orders if (finding := _order(order, given))]
    return tuple(findings)


def _variable(value: Value, variable: Variable) -> list[Finding]:
    if value.value is None:
        if variable.obligatory and value.reason is not Reason.NOT_APPLICABLE:
            return [_finding("obligatory_missing", Severity.NOTE, value.variable, variable.clause)]
        return []
    if not _typed(value.value, variable):
        return [_finding("type_wrong", Severity.ERROR, value.variable, variable.clause)]
    if variable.codes is not None and value.value not in variable.codes:
        return [_finding("not_in_code_list", Severity.ERROR, value.variable, variable.clause)]
    return _ranges(value.value, value.variable, variable)


def _typed(value: RegistryValue, variable: Variable) -> bool:
    match variable.type:
        case "code" | "integer":
            return isinstance(value, int)
        case "decimal":
            return isinstance(value, Decimal)
        case _:
            return isinstance(value, str) and _is_time(value)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _ranges(value: RegistryValue, name: str, variable: Variable) -> list[Finding]:
    if variable.range is None or isinstance(value, str):
        return []
    for limits, rule, severity in (
        (variable.range.hard, "hard_range", Severity.ERROR),
        (variable.range.plausible, "plausible_range", Severity.WARNING),
    ):
        if limits is not None and not limits[0] <= value <= limits[1]:
            return [_finding(rule, severity, name, variable.clause)]
    return []


def _order(order: DateOrder, given: Mapping[str, RegistryValue]) -> Finding | None:
    first, then = given.get(order.first), given.get(order.then)
    if not isinstance(first, str) or not isinstance(then, str):
        return None
    # A date, or 00:00 for an unknown clock, is compared by its date.
    days = len(first) == 10 or len(then) == 10 or first.endswith("T00:00") or then.endswith("T00:00")
    late = first[:10] > then[:10] if days else first > then
    return _finding("dates_out_of_order", Severity(order.severity), order.first, order.clause) if late else None


def _finding(rule: str, severity: Severity, variable: str, clause: str) -> Finding:
    return Finding(rule=rule, severity=severity, variable=variable, clause=clause)
