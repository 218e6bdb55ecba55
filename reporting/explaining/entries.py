"""Journal entries in words: what sort they are, what happened when, and what their codes are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from registries.definition import Rule
from registries.entry import Kind, Standing, When
from registries.record import Evidence
from reporting.explaining.context import Context, NameOf, entry_time
from reporting.explaining.moments import anchor_words
from reporting.explaining.numbers import split
from reporting.explaining.spans import distance
from reporting.texts import Text, catalogue, joined, same, text
from terminology.codes import SYSTEMS, shown

#: What patients are, and not what happened to them: nobody asks when it was written.
STATES: Final = (Kind.SEX, Kind.MARITAL)
_UNDONE: Final = (Standing.PLANNED, Standing.NOT_DONE)


def noun(rule: Rule | None, evidence: Sequence[Evidence], context: Context) -> str:
    """The name in the texts of the sort of entries that a rule looks for: `condition`, `measurement` …"""
    kind = _kind(rule, evidence, context)
    if kind != Kind.OBSERVATION:
        return kind
    numbers = any(split(one.said) for one in evidence) or (rule is not None and rule.value == "quantity")
    return "measurement" if numbers else kind


def entries(sort: str, number: int) -> Text:
    """So many entries of a sort: `1 measurement`, `3 measurements`."""
    return text(f"noun.{sort}.{'one' if number == 1 else 'many'}", number=number)


def happened(evidence: Evidence, sort: str, result: Text | None = None) -> Text:
    """What happened, with what result, and when: `measured as 38 % 2026-03-02 14:10`."""
    timed = bool(evidence.at) and sort not in STATES
    verb = _verb(evidence.standing, sort, timed)
    told = text("entry.result", verb=verb, result=result) if result is not None else verb
    return text("entry.at", verb=told, time=time_words(entry_time(evidence), evidence.at)) if timed else told


def away(evidence: Evidence, anchor: str, context: Context) -> Text | None:
    """How far an entry is from an anchor; None when one of them has no time, or there is none to speak of."""
    at, from_ = entry_time(evidence), context.anchor(anchor)
    return distance(at, from_, anchor_words(anchor, context)) if at is not None and from_ is not None else None


def clock(written: str) -> str:
    """A local time as people read it."""
    return written[:16].replace("T", " ")


def named_code(code: str, name_of: NameOf) -> Text:
    """A code with its name, for brackets: `atrial fibrillation, ICD-10 I48.0`; empty for none, and for one whose system
    people do not know, such as the number of a question."""
    name = name_of(code) if code else None
    if name is not None:
        return joined([lowered(name), code_words(code)], ", ")
    return code_words(code) if f"system.{code.partition(':')[0]}" in catalogue() else same("")


def time_words(at: When | None, written: str) -> Text:
    """A local time as people read it; in the hour that autumn has twice, with which of the two it is."""
    if at is None or not at.clock:
        return same(clock(written))
    first, second = (at.local.replace(fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        return same(clock(written))
    return text("entry.second_hour" if at.local.fold else "entry.first_hour", time=clock(written))


def code_and_name(code: str, name_of: NameOf) -> Text:
    """A code with its name, for sentences: `ICD-10 I48.0 (atrial fibrillation)`; empty for none."""
    name = name_of(code) if code else None
    return text("entry.named", entry=code_words(code), name=lowered(name)) if name is not None else code_words(code)


def code_words(code: str) -> Text:
    """A code as people write it, with its system where people name that: `ICD-10 I48.0`."""
    system, _, value = code.partition(":")
    if system not in SYSTEMS:
        return same(code)
    written = same(shown(SYSTEMS[system], value))
    return joined([text(f"system.{system}"), written]) if f"system.{system}" in catalogue() else written


def standings(evidence: Sequence[Evidence]) -> Text:
    """Why entries do not count: `refuted`, `1 refuted and 2 planned`."""
    found = [one.standing for one in evidence if one.standing is not Standing.COUNTS]
    kinds = list(dict.fromkeys(found))
    if len(kinds) < 2:
        return listed([text(f"standing.{kind}") for kind in kinds])
    return listed([joined([same(str(found.count(kind))), text(f"standing.{kind}")]) for kind in kinds])


def listed(parts: Sequence[Text], word: str = "list.and") -> Text:
    """`a, b and c`."""
    if len(parts) < 2:
        return joined(list(parts))
    return text(word, first=joined(list(parts[:-1]), ", "), last=parts[-1])


def lowered(words: Text) -> Text:
    """A name inside a sentence: `Har sluttet` becomes `har sluttet`, `CT` and `NSTEMI` stay."""
    return Text(nb=_lowered(words.nb), en=_lowered(words.en))


def raised(words: Text) -> Text:
    """The first letter as sentences begin."""
    return Text(nb=words.nb[:1].upper() + words.nb[1:], en=words.en[:1].upper() + words.en[1:])


def unique(evidence: Sequence[Evidence], words: Callable[[Evidence], Text]) -> list[Text]:
    """What entries say, each once, empty texts left out."""
    told = {(one.nb, one.en): one for one in map(words, evidence) if one.nb}
    return list(told.values())


def _verb(standing: Standing, sort: str, timed: bool) -> Text:
    """What happened; of what did not happen, or not for certain, that it did not."""
    if standing in _UNDONE:
        return text(f"standing.{standing}")
    untimed = f"verb_untimed.{sort}"
    verb = text(f"verb.{sort}") if timed or untimed not in catalogue() else text(untimed)
    return verb if standing is Standing.COUNTS else text("entry.named", entry=verb, name=text(f"standing.{standing}"))


def _kind(rule: Rule | None, evidence: Sequence[Evidence], context: Context) -> str:
    kinds = {one.kind for one in evidence}
    if len(kinds) == 1 and (kind := kinds.pop()) is not None:
        return kind
    if rule is None or rule.select is None:
        return "entry"
    if rule.select != "index":
        return rule.select
    return context.definition.case.select if context.definition else "entry"


def _lowered(words: str) -> str:
    first = words.split(" ", 1)[0]
    plain = len(first) > 1 and first[1:].islower() and first.strip(",.") not in _PROPER
    return words[:1].lower() + words[1:] if plain else words


#: Names of people in the names of values.
_PROPER: Final = frozenset({"Holter", "Rankin", "Killip", "Canadian"})
