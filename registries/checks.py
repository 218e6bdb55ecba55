"""Checks of a record against its definition. Findings name rule and variable, never a patient's value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from registries.definition import DateOrder, Definition, Variable
from registries.derived import written_terms
from registries.entry import LOCAL
from registries.record import Finding, Reason, RegistryValue, Severity, Value


def check(values: tuple[Value, ...], definition: Definition) -> tuple[Finding, ...]:
    """All findings on a record's values, in the definition's order.

    A value that is present is checked against its type, code list and ranges; an obligatory one that is empty is noted
    (a person gives it); dates must be in order; the definition's own checks must hold. A check that needs a value which
    is empty finds nothing.
    """
    findings = [finding for value in values for finding in _variable(value, definition.variables[value.variable])]
    given = {value.variable: value for value in values if value.value is not None}
    findings += [finding for order in definition.orders if (finding := _order(order, given))]
    return tuple(findings + (_checked(given, definition) if definition.checks else []))


def _checked(given: Mapping[str, Value], definition: Definition) -> list[Finding]:
    terms = written_terms(given, definition.variables)
    return [
        _finding(f"check.{check.name}", Severity(check.severity), name, check.clause)
        for check, rule in zip(definition.checks, definition.check_rules, strict=True)
        if rule.of(terms) is False
        for name in check.about
    ]


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


def _order(order: DateOrder, given: Mapping[str, Value]) -> Finding | None:
    if order.first not in given or order.then not in given:
        return None
    first, then = given[order.first], given[order.then]
    days = _day_only(first.value) or _day_only(then.value)
    early, late = _moment(first, days), _moment(then, days)
    if early is None or late is None or early <= late:
        return None
    return _finding("dates_out_of_order", Severity(order.severity), order.first, order.clause)


def _day_only(value: RegistryValue | None) -> bool:
    """Whether only the date is known: 00:00 is how an unknown clock is written."""
    return isinstance(value, str) and (len(value) == 10 or value.endswith("T00:00"))


def _moment(value: Value, day: bool) -> float | None:
    """The moment that a time speaks of, or the local midnight of its day, in seconds; None for what is no time."""
    if not isinstance(value.value, str) or not _is_time(value.value):
        return None
    at = datetime.fromisoformat(value.value[: 10 if day else None])
    return at.replace(tzinfo=LOCAL, fold=value.fold).timestamp()


def _finding(rule: str, severity: Severity, variable: str, clause: str) -> Finding:
    return Finding(rule=rule, severity=severity, variable=variable, clause=clause)
