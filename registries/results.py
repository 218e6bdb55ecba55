"""What one rule gives for one case: a meaning with its entries, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from registries.definition import Band
from registries.entry import JournalEntry, Quantity, When
from registries.plan import RulePlan
from registries.record import Reason
from terminology.codes import Code
from terminology.maps import Translation, translate

#: What a rule gives before it is written the registry's way: a normed meaning, a number or a time.
Meaning = str | Decimal | int | When

#: How many entries are kept as evidence of one value.
SHOWN = 3

_DIGITS = 15  # before the decimal point of a measured value


class Found(msgspec.Struct, frozen=True, gc=False):
    """What a rule gave, from which entries (`cited`: the code of each that matched), and among how many it chose."""

    meaning: Meaning
    entries: tuple[JournalEntry, ...]
    considered: int
    rule: str
    translation: Translation | None = None
    map: str = ""
    cited: tuple[Code | None, ...] = ()


class Empty(msgspec.Struct, frozen=True, gc=False):
    """Why a rule gave nothing, and which entries it looked at."""

    reason: Reason
    entries: tuple[JournalEntry, ...] = ()
    cited: tuple[Code | None, ...] = ()


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
        target = plan.rule.combine.get(target, "")
    elif len(targets) > 1:
        target = ""
    cited = {entry.source: found.code for entry, found in reversed(translations)}
    kept = tuple(entry for entry in picked if entry.source in cited)
    codes = tuple(cited[entry.source] for entry in kept)
    if not target:
        return Empty(Reason.DISAGREE if len(targets) > 1 else Reason.UNMAPPED_CODE, kept, codes)
    return Found(target, kept, considered, plan.name, translations[0][1], plan.map.source.cited, codes)


def number_of(plan: RulePlan, picked: list[JournalEntry], considered: int) -> Found | Empty:
    """The one number that the picked entries measured, in the variable's unit, or the band it is in."""
    entries = tuple(picked)
    if any(entry.quantity is None or not _is_number(entry.quantity) for entry in picked):
        return Empty(Reason.NOT_A_NUMBER, entries)
    numbers = {_converted(plan.units, entry.quantity) for entry in picked if entry.quantity is not None}
    if None in numbers:
        return Empty(Reason.WRONG_UNIT, entries)
    known = {number for number in numbers if number is not None}
    if len(known) > 1 and plan.rule.several == "disagree":
        return Empty(Reason.DISAGREE, entries)
    number = max(known)
    meaning = band(plan.rule.bands, number) if plan.rule.bands else number
    return Found(meaning, entries, considered, plan.name) if meaning != "" else Empty(Reason.NOT_A_NUMBER, entries)


def _is_number(quantity: Quantity) -> bool:
    # FHIR's decimals may be of any size; nothing that was measured has this many digits.
    return not quantity.comparator and quantity.value.is_finite() and quantity.value.adjusted() < _DIGITS


def _converted(units: Mapping[str, Decimal], quantity: Quantity) -> Decimal | None:
    factor = units.get(quantity.unit)
    return None if factor is None else quantity.value * factor


def band(bands: Sequence[Band], number: Decimal) -> str:
    """The meaning of the first band that the number is under; "" when it is in none."""
    for one in bands:
        if one.below is None or number < Decimal(str(one.below)):
            return one.is_
    return ""


def matched(plan: RulePlan, entry: JournalEntry) -> Code | None:
    """The code for which a rule looks at an entry; of codes that nobody asked for the first."""
    first = next(iter(entry.codes), None)
    return first if plan.codes is None else next((code for code in entry.codes if code in plan.codes), first)
