"""What one rule gives for one case: a meaning with its entries, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import zip_longest

import msgspec

from registries.entry import JournalEntry, When
from registries.numbers import Limits, band, exactly, measured
from registries.numbers import extreme as outermost
from registries.plan import RulePlan
from registries.record import Reason
from terminology.codes import Code
from terminology.maps import Translation, translate

#: What a rule gives before it is written the registry's way: a normed meaning, a number or a time.
Meaning = str | Decimal | int | When

#: How many entries are kept as evidence of one value.
SHOWN = 3


class Found(msgspec.Struct, frozen=True, gc=False):
    """What a rule gave, from which entries (`cited`: the code of each that matched), and among how many it chose;
    `passed` is how many others with such a code did not count or fell outside its time. `note` is a key in the
    catalogue of texts that tells more."""

    meaning: Meaning
    entries: tuple[JournalEntry, ...]
    considered: int
    rule: str
    translation: Translation | None = None
    map: str = ""
    cited: tuple[Code | None, ...] = ()
    passed: int = 0
    note: str = ""


class Empty(msgspec.Struct, frozen=True, gc=False):
    """Why a rule gave nothing, which entries it looked at, and which rule it was."""

    reason: Reason
    entries: tuple[JournalEntry, ...] = ()
    cited: tuple[Code | None, ...] = ()
    rule: str = ""


class Given:
    """What the variables of a case were given so far: each one's meaning, and what gave it."""

    def __init__(self) -> None:
        self.meanings: dict[str, Meaning] = {}
        self._found: dict[str, Found] = {}

    def add(self, name: str, found: Found) -> None:
        """Remember what a variable was given."""
        self.meanings[name] = found.meaning
        self._found[name] = found

    def of(self, name: str) -> Found | None:
        """What gave a variable its meaning; None for an empty one."""
        return self._found.get(name)

    def found(self, names: Iterable[str]) -> list[Found]:
        """What gave these variables; the empty ones are left out."""
        return [self._found[name] for name in names if name in self._found]


def together(results: Sequence[Found], each: int = SHOWN) -> tuple[tuple[JournalEntry, ...], tuple[Code | None, ...]]:
    """The entries behind several results and the code of each that matched; of every result the first one first, so
    that none is left out where only a few are shown."""
    behind = [zip_longest(result.entries[:each], result.cited[:each]) for result in results]
    pairs = [pair for round_ in zip_longest(*behind) for pair in round_ if pair is not None]
    unique: dict[str, tuple[JournalEntry, Code | None]] = {}
    for entry, code in pairs:
        unique.setdefault(entry.source, (entry, code))
    return tuple(entry for entry, _ in unique.values()), tuple(code for _, code in unique.values())


def translated(plan: RulePlan, entry: JournalEntry) -> tuple[Translation, ...]:
    """The normed values an entry's codes (or answer, or site) stand for under the rule's map."""
    if plan.map is None:
        return ()
    codes = {"answer": entry.value_codes, "site": entry.site_codes}.get(plan.rule.value or "", entry.codes)
    return translate(plan.map, codes)


def coded(plan: RulePlan, picked: list[JournalEntry], considered: int) -> Found | Empty:
    """The one meaning that the picked entries have under the rule's map; several disagree unless they combine."""
    translations = [(entry, found) for entry in picked for found in translated(plan, entry)]
    if not translations or plan.map is None:
        return Empty(Reason.UNMAPPED_CODE, tuple(picked))
    targets = {found.row.target for _, found in translations}
    target = "+".join(sorted(targets))
    if plan.rule.combine is not None:
        # A meaning that stands alone means itself, unless the rule says otherwise.
        target = plan.rule.combine.get(target, target if len(targets) == 1 else "")
    elif len(targets) > 1:
        target = ""
    cited = {entry.source: found.code for entry, found in reversed(translations)}
    kept = tuple(entry for entry in picked if entry.source in cited)
    codes = tuple(cited[entry.source] for entry in kept)
    if not target:
        return Empty(Reason.DISAGREE if len(targets) > 1 else Reason.UNMAPPED_CODE, kept, codes)
    return Found(target, kept, considered, plan.name, translations[0][1], plan.map.source.cited, codes)


def number_of(plan: RulePlan, picked: list[JournalEntry], considered: int) -> Found | Empty:
    """The one number that the picked entries measured, in the variable's unit, or the band that holds it."""
    entries = tuple(picked)
    told = {measured(entry.quantity, plan.units) for entry in picked}
    for reason in (Reason.NOT_A_NUMBER, Reason.WRONG_UNIT):
        if reason in told:
            return Empty(reason, entries)
    known = {limits for limits in told if isinstance(limits, Limits)}
    if len(known) > 1 and plan.pick.several not in ("min", "max"):
        return Empty(Reason.DISAGREE, entries)
    limits = outermost(known, min if plan.pick.several == "min" else max)
    meaning, note = _number(plan, limits)
    if meaning is None:
        return Empty(Reason.NOT_A_NUMBER, entries)
    return Found(meaning, entries, considered, plan.name, note=note)


def _number(plan: RulePlan, limits: Limits) -> tuple[Meaning | None, str]:
    """What limits mean to a rule, and what is to be noted of it; None when they leave it open."""
    if plan.rule.bands:
        return band(plan.rule.bands, limits) or None, ""
    if limits.number is not None or plan.rule.comparator is None:
        return limits.number, ""
    return limits.bound, "bound"


def between(plan: RulePlan, limits: Limits | None, results: Sequence[Found]) -> Found | Empty:
    """What a length of time means to a rule: a number when it is known exactly, or the band that holds all it can be.

    `limits` are None when the second time comes first; `results` are what the two times were found in.
    """
    entries, cited = together(results)
    if limits is None:
        return Empty(Reason.DISAGREE, entries, cited, plan.name)
    meaning: Meaning | None = band(plan.rule.bands, limits) or None if plan.rule.bands else limits.number
    if meaning is None:
        reason = Reason.NOT_A_NUMBER if limits.number is not None else Reason.INEXACT_TIME
        return Empty(reason, entries, cited, plan.name)
    return Found(meaning, entries, len(entries), plan.name, cited=cited)


def extreme(plan: RulePlan, entries: list[JournalEntry]) -> list[JournalEntry] | Empty:
    """The entries with the lowest or the highest number. One that cannot be compared might be it."""
    told = [(entry, measured(entry.quantity, plan.units)) for entry in entries]
    for reason in (Reason.WRONG_UNIT, Reason.NOT_A_NUMBER):
        if unknown := tuple(entry for entry, one in told if one is reason):
            return Empty(reason, unknown)
    known = [(entry, one) for entry, one in told if isinstance(one, Limits)]
    best = outermost((one for _, one in known), min if plan.pick.way == "min" else max)
    kept = [(entry, one) for entry, one in known if one.low <= best.high and one.high >= best.low]
    if len({one for _, one in kept}) > 1:
        return Empty(Reason.NOT_A_NUMBER, tuple(entry for entry, one in kept if one.number is None))
    return [entry for entry, _ in kept]


def counted(plan: RulePlan, entries: list[JournalEntry]) -> Found | Empty:
    """How many entries there are, or the band that the number is in."""
    found = tuple(entries)
    meaning = band(plan.rule.bands, exactly(Decimal(len(found)))) if plan.rule.bands else len(found)
    return Found(meaning, found, len(found), plan.name) if meaning != "" else Empty(Reason.NOT_A_NUMBER, found)


def matched(plan: RulePlan, entry: JournalEntry) -> Code | None:
    """The code for which a rule looks at an entry; of codes that nobody asked for the first."""
    first = next(iter(entry.codes), None)
    return first if plan.codes is None else next((code for code in entry.codes if code in plan.codes), first)
