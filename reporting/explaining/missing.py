"""A variable without a value: what was looked for, and what was found instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from registries.definition import Closest, Rule, Variable, Window
from registries.entry import Precision, Standing
from registries.moments import Moment, parse_moment
from registries.record import Evidence, Reason, Value
from reporting.explaining.context import Context, entry_time, time_of
from reporting.explaining.entries import (
    away,
    clock,
    code_and_name,
    entries,
    listed,
    lowered,
    noun,
    raised,
    standings,
    time_words,
    unique,
)
from reporting.explaining.moments import anchor_of, anchor_words, moment_words, quoted, window_words
from reporting.explaining.numbers import said_words, split, unit
from reporting.explaining.spans import between, length
from reporting.meanings import meaning_of, meanings_of
from reporting.texts import Text, joined, named, same, text

_ENDS: Final = ("case.end", "case.discharge")
_VAGUE: Final = (Precision.MONTH, Precision.YEAR)
_Teller = Callable[[Value, Variable | None, Rule | None, Context], Text]


def missing(value: Value, variable: Variable | None, context: Context) -> list[Text]:
    """Short sentences on an empty variable: that it is empty, and why in the words of its own rules."""
    label = variable.label if variable else same(value.variable)
    rule = looked_for(value, variable, context)
    teller = _TELLERS.get(value.reason) if value.reason else None
    told = teller(value, variable, rule, context) if teller else _plain(value)
    return [text("explain.empty", label=label), told]


def looked_for(value: Value, variable: Variable | None, context: Context) -> Rule | None:
    """The rule that met the evidence, or the only one that there is; None when nobody can tell."""
    if value.tried:
        return context.rule(value.tried, variable)
    parts = [part for rule in context.rules(variable) for part in (rule.all_ or [rule])]
    return parts[0] if len(parts) == 1 else None


def passed_over(value: Value, variable: Variable | None, context: Context) -> Text:
    """Entries that were found and do not count: they explain an absence, they did not give the value."""
    rule = looked_for(value, variable, context)
    if all(one.standing is not Standing.COUNTS for one in value.evidence):
        return _does_not_count(value, None, rule, context)
    return _outside(value, None, rule, context)


def _plain(value: Value) -> Text:
    return joined([named("reason", str(value.reason)), same(".")], "")


def _found(value: Value, rule: Rule | None, context: Context) -> Text:
    return entries(noun(rule, value.evidence, context), max(value.considered, len(value.evidence), 1))


def _no_entry(value: Value, variable: Variable | None, rule: Rule | None, context: Context) -> Text:
    if value.evidence:
        return text("missing.other_answer", entries=_found(value, rule, context))
    wanted = _wanted(context.rules(variable) if variable else (), context)
    return text("missing.no_entry", wanted=wanted) if wanted is not None else _plain(value)


def _wanted(rules: tuple[Rule, ...], context: Context) -> Text | None:
    """What rules look for: `measurements from 2 hours before to 24 hours after admission`; None for nothing."""
    parts = [part for rule in rules for part in (rule.all_ or [rule]) if part.select is not None]
    told = [_one_wanted(part, context) for part in parts]
    return listed(list({(one.nb, one.en): one for one in told}.values()), "list.or") if told else None


def _one_wanted(rule: Rule, context: Context) -> Text:
    return joined([text(f"noun.{noun(rule, (), context)}.some"), *where(rule, context)])


def where(rule: Rule, context: Context) -> list[Text]:
    """Where the entries must lie that a rule looks for."""
    told = [text("rule.same_stay")] if rule.same_stay else []
    if rule.window is not None:
        told.append(window_words(rule, context))
    elif isinstance(rule.pick, Closest) and rule.pick.side != "either":
        told.append(text(f"window.{rule.pick.side}", moment=moment_words(rule.pick.closest, context)))
    return told


def _no_source(value: Value, variable: Variable | None, _rule: Rule | None, _context: Context) -> Text:
    kinds = variable.absent.given if variable and variable.absent else []
    return (
        text("missing.no_source", kinds=listed([text(f"kind.{kind}") for kind in kinds], "list.or"))
        if kinds
        else _plain(value)
    )


def _outside(value: Value, _variable: Variable | None, rule: Rule | None, context: Context) -> Text:
    found = _found(value, rule, context)
    if rule is None or not where(rule, context):
        return text("missing.outside", entries=found)
    if value.considered == 1 and len(value.evidence) == 1:
        return _one_outside(value.evidence[0], found, rule, context)
    side = _all_outside(value, rule, context)
    if side is None:
        return text("missing.none_inside", entries=found, where=joined(where(rule, context), ", "))
    return text("missing.both" if value.considered == 2 else "missing.all", entries=found, where=side)


def _one_outside(one: Evidence, found: Text, rule: Rule, context: Context) -> Text:
    at = time_words(entry_time(one), one.at) if one.at else None
    if one.end and rule.window and rule.window.covers:
        when = text("missing.period", start=clock(one.at), end=clock(one.end))
    else:
        from_ = away(one, anchor_of(rule), context)
        when = joined([part for part in (at, from_) if part is not None], ", ")
    return text(
        "missing.one_outside",
        entry=joined([found, when], ", ") if when.nb else found,
        wanted=_one_wanted(rule, context),
    )


def _all_outside(value: Value, rule: Rule, context: Context) -> Text | None:
    """On which side of the window all entries are, `more than 24 hours after admission`; None when on both, or when
    it is not known of all."""
    if len(value.evidence) != value.considered or rule.window is None:
        return None
    sides = [_side(one, rule.window, context) for one in value.evidence]
    if None in sides or len(set(sides)) != 1:
        return None
    return _beyond(rule.window, sides[0] == "late", context)


def _side(one: Evidence, window: Window, context: Context) -> str | None:
    """`early` or `late`: which bound an entry outside is nearer to."""
    at = entry_time(one)
    early, late = window.from_ or window.after, window.to or window.before
    if at is None or window.covers:
        return None
    if early is None or late is None:
        return "late" if late else "early"
    first, last = context.moment(early), context.moment(late)
    if first is None or last is None:
        return None
    return "early" if abs(at.moment - first.first) < abs(at.moment - last.last) else "late"


def _beyond(window: Window, late: bool, context: Context) -> Text:
    written = (window.to or window.before) if late else (window.from_ or window.after)
    moment = parse_moment(written or "")
    name = anchor_words(moment.anchor, context)
    if moment.amount == 0:
        key = "beyond.not_before" if late and window.before else "beyond.after" if late else "beyond.before"
        return text(key, anchor=name)
    if (moment.amount > 0) == late:
        return _more_than(moment, name)
    return text("beyond.later" if late else "beyond.earlier", moment=moment_words(written or "", context))


def _more_than(moment: Moment, name: Text) -> Text:
    span = text("span.more_than", span=length(moment.amount, moment.unit))
    return text("distance.after" if moment.amount > 0 else "distance.before", span=span, anchor=name)


def _does_not_count(value: Value, _variable: Variable | None, rule: Rule | None, context: Context) -> Text:
    found = _found(value, rule, context)
    if rule is not None and rule.standing != [Standing.COUNTS]:
        asked = listed([text(f"standing.{one}") for one in rule.standing], "list.or")
        return text("missing.other_standing", entries=found, asked=asked)
    why = standings(value.evidence)
    key = "one" if value.considered <= 1 else "many"
    return text(f"missing.not_counting.{key}", entries=found, why=why) if why.nb else _plain(value)


def _unmapped(value: Value, _variable: Variable | None, rule: Rule | None, context: Context) -> Text:
    found = _found(value, rule, context)
    answers = rule is not None and (rule.value == "answer" or rule.answers is not None)
    said = [one for one in value.evidence if not answers or one.said]
    codes = unique(said, lambda one: code_and_name(one.said if answers else one.code, context.name_of))
    if not codes:
        return text("missing.no_code", entries=found)
    key = "one" if len(codes) == 1 else "many"
    return text(f"missing.unmapped.{key}", entries=found, codes=listed(codes))


def _wrong_unit(value: Value, variable: Variable | None, rule: Rule | None, context: Context) -> Text:
    wanted = unit(variable.unit) if variable else same("")
    said = unique(value.evidence, lambda one: said_words(one.said))
    if not said:
        return _plain(value)
    found = _found(value, rule, context)
    if not wanted.nb:
        return text("missing.no_unit_wanted", entries=found, said=listed(said))
    return text("missing.wrong_unit", entries=found, said=listed(said), unit=wanted)


def _not_a_number(value: Value, variable: Variable | None, rule: Rule | None, context: Context) -> Text:
    found = _found(value, rule, context)
    said = unique(value.evidence, lambda one: said_words(one.said))
    if not said:
        return text("missing.no_number", entries=found)
    exact = all((parts := split(one.said)) is not None and not parts[0] for one in value.evidence)
    if not exact:
        return text("missing.not_exact", entries=found, said=listed(said))
    whole = variable is not None and variable.type == "integer"
    return text("missing.not_whole" if whole else "missing.no_band", entries=found, said=listed(said))


def _no_time(value: Value, _variable: Variable | None, rule: Rule | None, context: Context) -> Text:
    if (nowhere := _unplaced(rule, context)) is not None:
        return text("missing.no_anchor", anchor=nowhere)
    found = _found(value, rule, context)
    if rule is not None and rule.value in ("end", "answer_time"):
        return text(f"missing.no_{rule.value}", entries=found)
    timed = [one for one in value.evidence if one.at]
    if not timed:
        return text("missing.no_time", entries=found)
    vague = all((at := entry_time(one)) is None or at.precision in _VAGUE for one in timed)
    times = listed(unique(timed, lambda one: same(clock(one.at))))
    return text("missing.vague" if vague else "missing.only_recorded", entries=found, times=times)


def _unplaced(rule: Rule | None, context: Context) -> Text | None:
    """What a rule counts from that has no time: a procedure that nobody knows when was; of a length of time also an end
    that has not come."""
    if rule is None or context.case is None:
        return None
    lengths = {*(rule.duration.moments if rule.duration else ()), *([rule.age_at] if rule.age_at else ())}
    counted = {parse_moment(one).anchor for one in rule.own_moments}
    may_miss = {"case.procedure"} | {anchor for one in lengths if (anchor := parse_moment(one).anchor) in _ENDS}
    missing = sorted(anchor for anchor in counted & may_miss if context.anchor(anchor) is None)
    return anchor_words(missing[0], context) if missing else None


def _disagree(value: Value, variable: Variable | None, rule: Rule | None, context: Context) -> Text:
    rules = context.rules(variable)
    pair = next((one.between for one in rules if one.between), None)
    if pair is not None:
        return _out_of_order(pair, context) or _plain(value)
    said = unique(value.evidence, lambda one: _statement(one, rule, context))
    found = _found(value, rule, context)
    return text("missing.disagree", entries=found, said=listed(said, "list.against")) if said else _plain(value)


def _statement(one: Evidence, rule: Rule | None, context: Context) -> Text:
    """What an entry says that another contradicts."""
    if rule is not None and rule.value in ("start", "end", "answer_time"):
        return same(clock(one.at))
    if split(one.said):
        return said_words(one.said)
    return code_and_name(one.code, context.name_of)


def _out_of_order(pair: tuple[str, str], context: Context) -> Text | None:
    first, then = (context.values.get(name) for name in pair)
    if first is None or then is None:
        return None
    times = (time_of(first), time_of(then))
    if times[0] is None or times[1] is None:
        return None
    told = [
        text("entry.named", entry=quoted(name, context), name=clock(str(at)))
        for name, at in zip(pair, times, strict=True)
    ]
    span = between(times[1], times[0])
    return text("missing.out_of_order", first=raised(told[0]), then=told[1], span=span)


def _not_applicable(value: Value, variable: Variable | None, _rule: Rule | None, context: Context) -> Text:
    for name, wanted in (variable.when or {}).items() if variable else ():
        other, asked = context.values.get(name), context.variable(name)
        if other is None or other.normed in wanted:
            continue
        words = listed([_in_quotes(meanings_of(asked)(one)) for one in wanted], "list.or")
        if other.value is None:
            return text("missing.not_asked_either", variable=quoted(name, context), values=words)
        return text("missing.not_asked", variable=quoted(name, context), values=words, is_=_own(other, asked))
    return _plain(value)


def _own(other: Value, asked: Variable | None) -> Text:
    return _in_quotes(meaning_of(other, asked) or same(str(other.value)))


def _in_quotes(words: Text) -> Text:
    return text("list.quoted", words=lowered(words))


def _input_empty(value: Value, variable: Variable | None, _rule: Rule | None, context: Context) -> Text:
    rules = context.rules(variable)
    names = [
        *(variable.when or {} if variable else {}),
        *(name for one in rules for name in one.between or sorted(one.inputs)),
    ]
    empty = [name for name in dict.fromkeys(names) if (known := context.values.get(name)) and known.value is None]
    if not empty:
        return _plain(value)
    key = "one" if len(empty) == 1 else "many"
    return text(f"missing.input_empty.{key}", inputs=listed([quoted(name, context) for name in empty]))


def _inexact(value: Value, _variable: Variable | None, rule: Rule | None, context: Context) -> Text:
    """Which times leave it open: those of the variables that the rule counts from, else of the entries themselves."""
    names = [] if rule is None else list(rule.between or sorted(rule.inputs))
    known = [(name, at) for name in names if (one := context.values.get(name)) and (at := time_of(one)) is not None]
    told = [text("entry.named", entry=quoted(name, context), name=clock(str(at))) for name, at in known]
    told = told or unique([one for one in value.evidence if one.at], lambda one: same(clock(one.at)))
    if not told:
        return _plain(value)
    return text(f"missing.inexact.{'one' if len(told) == 1 else 'many'}", times=raised(listed(told)))


def _manual(_value: Value, _variable: Variable | None, _rule: Rule | None, _context: Context) -> Text:
    return text("missing.manual")


#: One for each reason: a test holds this against the closed set.
_TELLERS: Final[Mapping[Reason, _Teller]] = MappingProxyType(
    {
        Reason.NO_ENTRY: _no_entry,
        Reason.NO_SOURCE: _no_source,
        Reason.OUTSIDE_WINDOW: _outside,
        Reason.DOES_NOT_COUNT: _does_not_count,
        Reason.UNMAPPED_CODE: _unmapped,
        Reason.WRONG_UNIT: _wrong_unit,
        Reason.NOT_A_NUMBER: _not_a_number,
        Reason.NO_TIME: _no_time,
        Reason.INEXACT_TIME: _inexact,
        Reason.DISAGREE: _disagree,
        Reason.NOT_APPLICABLE: _not_applicable,
        Reason.INPUT_EMPTY: _input_empty,
        Reason.MANUAL: _manual,
    }
)
