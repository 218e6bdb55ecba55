"""A definition's rules in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from registries.definition import Band, CaseRule, Closest, CodeSpec, Rule, Variable, Window
from reporting.meanings import Meanings, meanings_of
from reporting.texts import Text, joined, same, text

_MOMENT: Final = re.compile(r"^case\.(\w+)(?: ([+-]) (\d+)([hdy]))?$")


def rule_text(rule: Rule, called: Meanings) -> Text:
    """One rule as one line; `called` names the values of its variable."""
    parts = _selection(rule, called) + _pick(rule) + _result(rule, called)
    return joined(parts, ", ")


def case_texts(rule: CaseRule) -> tuple[Text, ...]:
    """What makes a case, as a few lines."""
    selects = [text(f"kind.{rule.select}")]
    if rule.codes is not None:
        selects.append(text("rule.codes", codes=codes_text(rule.codes)))
    if rule.stay_class:
        selects.append(text("rule.stay_class", classes=", ".join(rule.stay_class)))
    start = text(f"rule.start_{rule.start}")
    return joined(selects), start, text("rule.same_case", time=_span(rule.same_case_within))


def variable_texts(variable: Variable) -> tuple[Text, ...]:
    """How a variable is found, one line per rule; none for one that a person fills in."""
    called = meanings_of(variable)
    lines = [rule_text(rule, called) for rule in variable.from_]
    if variable.absent:
        kinds = joined([text(f"kind.{kind}") for kind in variable.absent.given], ", ")
        lines.append(text("rule.absent", value=called(str(variable.absent.is_)), kinds=kinds))
    return tuple(lines)


def when_texts(variable: Variable, others: Mapping[str, Variable]) -> tuple[Text, ...]:
    """When a variable is asked at all; `others` are all variables of the definition by name."""
    asked = (variable.when or {}).items()
    return tuple(
        text("rule.when", variable=name, values=joined([meanings_of(others[name])(value) for value in values], ", "))
        for name, values in asked
    )


def codes_text(codes: CodeSpec) -> str:
    """Codes by system, or the name of a set."""
    if isinstance(codes, str):
        return codes
    listed = ((system, [wanted] if isinstance(wanted, str) else wanted) for system, wanted in codes.items())
    return "; ".join(f"{system} {', '.join(wanted)}" for system, wanted in listed)


def moment_text(moment: str) -> Text:
    """`case.start - 2h` as `2 hours before case start`."""
    found = _MOMENT.match(moment)
    if found is None:
        return same(moment)
    name, sign, count, unit = found.groups()
    base = text(f"moment.{name}")
    if sign is None:
        return base
    return text("moment.before" if sign == "-" else "moment.after", time=_span(f"{count}{unit}"), moment=base)


def _span(span: str) -> Text:
    count, unit = int(span[:-1]), span[-1]
    return text(f"moment.one_{unit}") if count == 1 else text(f"moment.{unit}", number=count)


def _selection(rule: Rule, called: Meanings) -> list[Text]:
    if rule.all_ is not None:
        inner = joined([rule_text(one, called) for one in rule.all_], " + ")
        return [text("rule.all", rules=inner)]
    if rule.between is not None:
        return [text("rule.between", first=rule.between[0], then=rule.between[1])]
    if rule.duration is not None:
        ends = moment_text(rule.duration.from_), moment_text(rule.duration.to)
        return [text("rule.duration", unit=text(f"rule.unit_{rule.duration.unit}"), first=ends[0], then=ends[1])]
    if rule.expression is not None:
        return [text("rule.expression", expression=rule.expression)]
    parts = [text(f"kind.{rule.select}")]
    if rule.codes is not None:
        parts = [joined([*parts, text("rule.codes", codes=codes_text(rule.codes))])]
    if rule.same_stay:
        parts.append(text("rule.same_stay"))
    return parts + _window(rule.window)


def _window(window: Window | None) -> list[Text]:
    if window is None:
        return []
    bounds = {"from": window.from_, "to": window.to, "before": window.before, "covers": window.covers}
    return [text(f"rule.{name}", moment=moment_text(moment)) for name, moment in bounds.items() if moment]


def _pick(rule: Rule) -> list[Text]:
    if isinstance(rule.pick, Closest):
        return [text("rule.pick_closest", moment=moment_text(rule.pick.closest))]
    # Any of them is how a fact is found ("is there a diagnosis"); saying so would only confuse.
    picked = [] if rule.pick == "any" else [text(f"rule.pick_{rule.pick}")]
    return picked + ([text("rule.several_max")] if rule.several == "max" else [])


def _result(rule: Rule, called: Meanings) -> list[Text]:
    parts = [text(f"rule.value_{rule.value}")] if rule.value and rule.is_ is None else []
    if rule.age_at is not None:
        parts.append(text("rule.age_at", moment=moment_text(rule.age_at)))
    if rule.comparator is not None:
        parts.append(text(f"rule.comparator_{rule.comparator}"))
    if rule.map:
        parts.append(text("rule.map", map=rule.map))
    if rule.is_ is not None:
        parts.append(text("rule.is", value=called(str(rule.is_))))
    if rule.combine:
        parts.append(text("rule.combine", pairs="; ".join(f"{key} → {made}" for key, made in rule.combine.items())))
    return parts + [_band(band, called(band.is_)) for band in rule.bands or []]


def _band(band: Band, value: Text) -> Text:
    low, below = (None if limit is None else f"{limit:g}" for limit in (band.from_, band.below))
    if below is None:
        return text("rule.band_rest", value=value) if low is None else text("rule.band_from_on", low=low, value=value)
    if low is None:
        return text("rule.band_below", below=below, value=value)
    return text("rule.band_from", low=low, below=below, value=value)
