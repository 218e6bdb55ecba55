"""What rules count from, and their windows, in a clinician's words."""

from __future__ import annotations

from registries.definition import CaseRule, Closest, Rule, Text, Window
from registries.entry import Kind
from registries.moments import Moment, parse_moment
from reporting.explaining.context import Context
from reporting.explaining.spans import lately, length
from reporting.texts import joined, same, text


def anchor_words(anchor: str, context: Context) -> Text:
    """`admission`, `the procedure`, `symptom onset` …: what an anchor is in this registry's cases."""
    whose, _, what = anchor.partition(".")
    if whose == "variable":
        return quoted(what, context)
    return text(f"anchor.{_meant(what, context.definition.case if context.definition else None)}")


def quoted(name: str, context: Context) -> Text:
    """What another variable is called, in quotes: it may be any words."""
    variable = context.variable(name)
    label = variable.label if variable else Text(nb=name, en=name)
    return Text(nb=f"«{label.nb}»", en=f"“{label.en}”")


def moment_words(written: str, context: Context) -> Text:
    """`24 hours after admission`."""
    moment = parse_moment(written)
    name = anchor_words(moment.anchor, context)
    if moment.amount == 0:
        return text("window.day", anchor=name) if moment.unit == "cd" else name
    return text(_key(moment), span=length(moment.amount, moment.unit), anchor=name)


def anchor_of(rule: Rule | None) -> str:
    """The anchor that a rule speaks of: where it wants the closest entry, else where its window lies.

    A window up to the end of the case asks what is known by then, which people tell from its start.
    """
    if rule is not None and isinstance(rule.pick, Closest):
        return parse_moment(rule.pick.closest).anchor
    window = rule.window if rule is not None else None
    if window is not None:
        for written in (window.before, window.covers, window.after, window.from_, window.to):
            anchor = parse_moment(written).anchor if written else ""
            if anchor and anchor not in ("case.end", "case.discharge"):
                return anchor
    return "case.start"


def window_words(rule: Rule, context: Context) -> Text:
    """A rule's window: `from 2 hours before to 24 hours after admission`, `in the last 30 days before the procedure`.

    The rule must have one.
    """
    window = rule.window
    if window is None:
        raise ValueError("the rule has no window")
    if window.covers:
        key = "window.in_use" if rule.select == Kind.MEDICATION_STATEMENT else "window.covers"
        return text(key, moment=moment_words(window.covers, context))
    first, last = window.from_ or window.after, window.to or window.before
    if first and last:
        return _closed(parse_moment(first), parse_moment(last), window, context)
    if last:
        return text("window.before" if window.before else "window.to", moment=moment_words(last, context))
    return text("window.after" if window.after else "window.from", moment=moment_words(first or "", context))


def _closed(first: Moment, last: Moment, window: Window, context: Context) -> Text:
    name = anchor_words(first.anchor, context)
    if first.anchor == last.anchor and first.amount < 0 and last.amount == 0 and first.unit != "cd":
        return lately(first.amount, first.unit, name)
    whole = (window.from_ or window.after or "", window.to or window.before or "")
    begins, ends = (moment_words(one, context) for one in whole)
    if first == last:
        return text("window.on", moment=begins)
    if first == Moment(last.anchor) and last.amount > 0:
        return text("window.since", anchor=name, span=length(last.amount, last.unit))
    if first.anchor == last.anchor and first.amount and last.amount:
        return text("window.around", first=_side(first, last), last=_side(last), anchor=name)
    return text("window.until" if window.before else "window.between", first=begins, last=ends)


def _side(moment: Moment, other: Moment | None = None) -> Text:
    """A moment without its anchor: `2 hours before`; of two on the same side the first one does not say which."""
    span = length(moment.amount, moment.unit)
    if other is not None and (moment.amount < 0) == (other.amount < 0):
        return same(str(abs(moment.amount))) if moment.unit == other.unit else span
    return joined([span, text("window.side_before" if moment.amount < 0 else "window.side_after")])


def _key(moment: Moment) -> str:
    return "distance.before" if moment.amount < 0 else "distance.after"


def _meant(what: str, case: CaseRule | None) -> str:
    if case is None or what in ("admission", "discharge", "procedure"):
        return what
    if case.start == "stay":
        return {"start": "admission", "end": "discharge"}.get(what) or _onset(case)
    if case.select is Kind.PROCEDURE:
        return {"end": "procedure_end"}.get(what, "procedure")
    return what


def _onset(case: CaseRule) -> str:
    return "onset" if case.select is Kind.CONDITION else "admission"
