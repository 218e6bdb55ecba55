"""A value that is given: what was found, when, and why that one."""

from __future__ import annotations

from registries.definition import Closest, Rule, Variable
from registries.entry import Kind
from registries.moments import parse_moment
from registries.record import Evidence, Tier, Value
from reporting.explaining.context import Context, entry_time, time_of
from reporting.explaining.entries import (
    STATES,
    away,
    clock,
    code_and_name,
    entries,
    happened,
    listed,
    lowered,
    named_code,
    noun,
    time_words,
    unique,
)
from reporting.explaining.missing import passed_over, where
from reporting.explaining.moments import anchor_of, anchor_words, moment_words, quoted, window_words
from reporting.explaining.numbers import converted, measured, number, said_words
from reporting.explaining.spans import between, distance
from reporting.meanings import meaning_of, meanings_of
from reporting.texts import Text, catalogue, joined, same, text

_TIMES = ("start", "end", "answer_time")


def given(value: Value, variable: Variable | None, context: Context) -> list[Text]:
    """Short sentences on a value, the first of which holds what a clinician asks."""
    if value.note:
        told = _absence(value, variable, context)
    else:
        rule = context.rule(value.rule, variable)
        told = [_finding(value, variable, rule, context), *_meant(value, variable, rule, context)]
    return told + _unconfirmed(value)


def head(value: Value, variable: Variable | None) -> Text:
    """What it is about, and the value: `NIHSS 7`, `Smoking: former smoker`."""
    label = variable.label if variable else same(value.variable)
    numeric = variable is not None and variable.type in ("integer", "decimal")
    key = "explain.number" if numeric and " " not in label.nb + label.en else "explain.head"
    return text(key, label=label, value=value_words(value, variable))


def value_words(value: Value, variable: Variable | None) -> Text:
    """A value as people say it: a number with its unit, a time, or what a code means."""
    means = meaning_of(value, variable)
    if means is not None:
        return lowered(means)
    if variable is not None and variable.type in ("date", "datetime"):
        at = time_of(value)
        short = at is not None and not at.clock and variable.type == "datetime"
        return text("explain.no_clock", date=str(at)) if short else time_words(at, str(value.value))
    if variable is None or variable.type == "code":
        return same(str(value.value))
    return measured(str(value.value), variable.unit)


def _finding(value: Value, variable: Variable | None, rule: Rule | None, context: Context) -> Text:
    opening = head(value, variable)
    if rule is None:
        return _sentence(opening, [_entry(value, None, context)] if value.evidence else [])
    if rule.all_ is not None:
        return _sentence(opening, [_all_of(value, rule, context)])
    if rule.select is None:
        return _sentence(opening, [_derived(rule, context)])
    if rule.value == "count":
        return _sentence(opening, [_counted(value, rule, context)])
    if rule.value in _TIMES:
        return _sentence(opening, _time(value, rule, context), _source(value, variable, rule, context))
    return _sentence(
        _with_conversion(opening, value, variable),
        [_entry(value, rule, context)],
        _picked(value, variable, rule, context),
    )


def _sentence(opening: Text, clauses: list[Text | None], last: Text | None = None) -> Text:
    told = joined([opening, *(clause for clause in clauses if clause is not None and clause.nb)], ", ")
    return joined([joined([told, last], "; ") if last is not None else told, same(".")], "")


def _entry(value: Value, rule: Rule | None, context: Context) -> Text | None:
    """What happened when, how long from the anchor, and the name of the code where the rule asks for a code."""
    if not value.evidence:
        return None
    first = value.evidence[0]
    sort = noun(rule, [first], context)
    told = _in_use(first, sort, rule, context) or _once(first, sort, rule, value, context)
    name = named_code(first.code, context.name_of) if _names(rule, sort) else same("")
    return text("entry.named", entry=told, name=name) if name.nb else told


def _once(first: Evidence, sort: str, rule: Rule | None, value: Value, context: Context) -> Text:
    numbers = unique(value.evidence, lambda one: said_words(one.said)) if rule is not None and rule.bands else []
    done = happened(first, sort, listed(numbers) if numbers else None)
    if sort in STATES or (rule is not None and rule.select == "index" and _same_moment(first, rule, context)):
        return done
    from_ = away(first, anchor_of(rule), context)
    return joined([done, from_], ", ") if from_ is not None else done


def _same_moment(first: Evidence, rule: Rule, context: Context) -> bool:
    """Whether an index entry is what the case starts with: how far it is from that need not be said."""
    return entry_time(first) == context.anchor(anchor_of(rule))


def _in_use(first: Evidence, sort: str, rule: Rule | None, context: Context) -> Text | None:
    """A period that covers a moment: `in use from 2024-01-01 and still at admission`."""
    if rule is None or rule.window is None or rule.window.covers is None or not first.at:
        return None
    moment = moment_words(rule.window.covers, context)
    key = "entry.covers_until" if first.end else "entry.covers"
    return text(key, verb=text(f"verb.{sort}"), time=clock(first.at), end=clock(first.end), moment=moment)


def _names(rule: Rule | None, sort: str) -> bool:
    """Whether the code says more than the variable does: not for measurements, nor where a map tells of it."""
    return sort not in ("measurement", Kind.STAY, *STATES, Kind.BIRTH, Kind.DEATH) and (
        rule is None or rule.map is None
    )


def _with_conversion(opening: Text, value: Value, variable: Variable | None) -> Text:
    """`Creatinine: 0.9 mg/dL = 80 µmol/L`: what was measured, where that was in another unit."""
    said = {one.said for one in value.evidence}
    if variable is None or variable.type == "code" or len(said) != 1:
        return opening
    (only,) = said
    if not converted(only, variable.unit):
        return opening
    whole = text("explain.converted", measured=said_words(only), value=value_words(value, variable))
    return text("explain.head", label=variable.label, value=whole)


def _picked(value: Value, variable: Variable | None, rule: Rule, context: Context) -> Text | None:
    """Why this entry and no other: `closest to admission of 3 measurements`."""
    sort = noun(rule, value.evidence[:1], context)
    if value.considered <= 1:
        asked = rule.value in ("quantity", "answer", "code") and sort not in STATES
        return text(f"noun.{sort}.only") if asked and value.considered == 1 else None
    told = _way(rule, value, variable, context)
    if len(value.evidence) > 1 and rule.several in ("max", "min", "worst") and rule.value == "quantity":
        return joined([told, text(f"pick.several.{rule.several}")], ", ")
    return told


def _way(rule: Rule, value: Value, variable: Variable | None, context: Context) -> Text:
    among = entries(noun(rule, value.evidence[:1], context), value.considered)
    if isinstance(rule.pick, Closest):
        key = "pick.closest" if rule.pick.side == "either" else f"pick.closest_{rule.pick.side}"
        return text(key, moment=moment_words(rule.pick.closest, context), entries=among)
    bound = rule.window.before if rule.window and rule.pick == "last" else None
    if bound and parse_moment(bound).amount == 0:
        return text("pick.last_before", moment=moment_words(bound, context), entries=among)
    if rule.combine is not None and len(value.evidence) > 1:
        return text("pick.together", entries=among)
    worse = rule.worse or (variable.worse if variable else None)
    return text(f"pick.worst_{worse}" if rule.pick == "worst" and worse else f"pick.{rule.pick}", entries=among)


def _time(value: Value, rule: Rule, context: Context) -> list[Text | None]:
    """How far a time is from the case's start, unless it is that."""
    anchor = anchor_of(rule)
    at, from_ = time_of(value), context.anchor(anchor)
    if at is None or from_ is None or at == from_:
        return []
    if rule.select == "index" and not at.clock and str(from_).startswith(str(at)):
        return []  # the date of the event that the case starts with
    return [distance(at, from_, anchor_words(anchor, context))]


def _source(value: Value, variable: Variable | None, rule: Rule, context: Context) -> Text | None:
    if not value.evidence:
        return None
    sort = noun(rule, value.evidence[:1], context)
    name = named_code(value.evidence[0].code, context.name_of) if _names(rule, sort) else same("")
    the = text(f"noun.{sort}.the")
    told = text("explain.according_to", entry=text("entry.named", entry=the, name=name) if name.nb else the)
    return joined([told, _way(rule, value, variable, context)], ", ") if value.considered > 1 else told


def _all_of(value: Value, rule: Rule, context: Context) -> Text:
    parts = rule.all_ or []
    told = []
    for n, one in enumerate(value.evidence):
        part = parts[n] if len(parts) == len(value.evidence) else None
        sort = noun(part, [one], context)
        done = _in_use(one, sort, part, context) or _once(one, sort, part, value, context)
        name = named_code(one.code, context.name_of) if _names(part, sort) else same("")
        told.append(text("entry.named", entry=done, name=name) if name.nb else done)
    return text("explain.because_all", entries=listed(told, "list.and_also"))


def _derived(rule: Rule, context: Context) -> Text:
    """From which variables a value was made, and what lay between them."""
    inputs = list(rule.between or sorted(rule.inputs))
    names = [_input(name, context) for name in inputs]
    told = text("explain.derived", inputs=listed(names))
    times = [context.time_of(name) for name in inputs]
    if rule.between is None or None in times:
        return told
    first, then = (at for at in times if at is not None)
    if not (first.clock and then.clock):
        return joined([told, text("explain.between_no_clock")], ", ") if rule.no_clock else told
    return joined([told, text("explain.between", span=between(first, then))], ", ")


def _input(name: str, context: Context) -> Text:
    value = context.values.get(name)
    called = quoted(name, context)
    if value is None or value.value is None:
        return called
    at = time_of(value)
    words = same(clock(str(at))) if at is not None else value_words(value, context.variable(name))
    return text("entry.named", entry=called, name=words)


def _counted(value: Value, rule: Rule, context: Context) -> Text:
    sort = noun(rule, value.evidence, context)
    number_of = entries(sort, value.considered)
    if rule.window is None:
        return number_of
    return joined([number_of, window_words(rule, context)])


def _meant(value: Value, variable: Variable | None, rule: Rule | None, context: Context) -> list[Text]:
    """How a code or a number came to mean this, and which entries did not count."""
    told = []
    if value.map is not None:
        told.append(_translated(value, variable, context))
    if rule is not None and rule.bands and variable is not None and value.normed:
        told += _band(rule, value, variable)
    if value.passed and rule is not None and rule.select not in (None, Kind.STAY):
        told.append(_passed(value, rule, context))
    return told


def _translated(value: Value, variable: Variable | None, context: Context) -> Text:
    codes = unique(value.evidence, lambda one: code_and_name(one.code, context.name_of))
    map_ = value.map.map if value.map else ""
    key = f"explain.translated.{('none', 'one', 'many')[min(len(codes), 2)]}"
    return text(key, codes=listed(codes), meaning=value_words(value, variable), map=map_)


def _band(rule: Rule, value: Value, variable: Variable) -> list[Text]:
    """The band that the number is in: `From 30 % to under 40 % means …`."""
    bands = rule.bands or []
    at = next((n for n, band in enumerate(bands) if band.is_ == value.normed), None)
    if at is None:
        return []
    unit = "h" if rule.between else "" if rule.value == "count" else variable.unit
    low, high = (bands[at - 1].below if at else None), bands[at].below
    means = lowered(meanings_of(variable)(value.normed))
    return [_limits(low, high, unit, means)]


def _limits(low: float | None, high: float | None, unit: str, means: Text) -> Text:
    under = _limit(high, unit)
    least = _limit(low, unit)
    if low is None:
        return text("band.under", limit=under, meaning=means)
    if high is None:
        return text("band.from", limit=least, meaning=means)
    return text("band.between", low=number(f"{low:g}"), high=under, meaning=means)


def _limit(limit: float | None, unit: str) -> Text:
    return measured(f"{limit:g}", unit) if limit is not None else same("")


def _passed(value: Value, rule: Rule, context: Context) -> Text:
    sort = noun(rule, value.evidence[:1], context)
    others = text(f"noun.{sort}.other_{'one' if value.passed == 1 else 'many'}", number=value.passed)
    key = "one" if value.passed == 1 else "many"
    wanted = where(rule, context)
    if not wanted:
        return text(f"explain.passed.{key}", entries=others)
    return text(f"explain.passed_outside.{key}", entries=others, where=listed(wanted))


def _absence(value: Value, variable: Variable | None, context: Context) -> list[Text]:
    key = value.note if value.note.startswith("note.") else f"note.{value.note}"
    if key not in catalogue():
        return [_sentence(head(value, variable), []), same(f"{value.note}.")]
    kinds = variable.absent.given if variable and variable.absent else []
    held = listed([text(f"kind.{kind}") for kind in kinds]) if kinds else None
    journal = text("explain.journal_with", kinds=held) if held else text("explain.journal")
    means = value_words(value, variable)
    none = text("explain.none_counts" if value.evidence else "explain.none")
    told = [_sentence(head(value, variable), [], text(key, none=none, journal=journal, value=means))]
    if value.evidence:
        told.append(passed_over(value, variable, context))
    return told


def _unconfirmed(value: Value) -> list[Text]:
    return [text("explain.confirm")] if value.tier is Tier.PROPOSED else []
