"""What a draft of a definition would change: two versions over the same journals, case by case. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from registries.record import RegistryRecord, Value
from reporting.agreement import written

#: Examples of each sort of change that are kept for each variable.
EXAMPLES = 3


class Change(StrEnum):
    """What becomes of a value under the draft."""

    SAME = "same"
    APPEARS = "appears"
    VANISHES = "vanishes"
    CHANGES = "changes"
    #: The same value, but somebody else answers for it.
    TIER = "tier"
    #: Empty before and after, for another reason.
    REASON = "reason"


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One case in which a variable changes. `before` and `after` are values, or the reasons why there is none."""

    case: str
    change: Change
    before: str
    after: str
    rule: str


class VariableReplay(msgspec.Struct, frozen=True, kw_only=True):
    """One variable: how many of its values change in which way, with examples. `new` and `gone` are whole variables."""

    variable: str
    new: bool
    gone: bool
    counts: dict[Change, int]
    examples: tuple[Example, ...]


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """Two releases of a registry over the same journals."""

    before: str
    after: str
    cases: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    variables: tuple[VariableReplay, ...]
    findings: dict[str, tuple[int, int]]

    @property
    def changed(self) -> int:
        """How many values are not the same."""
        return sum(n for variable in self.variables for change, n in variable.counts.items() if change != Change.SAME)


def replay(before: Iterable[RegistryRecord], after: Iterable[RegistryRecord]) -> Replay:
    """Compare the records that two versions make of the same journals; the order of records never matters."""
    old, new = ({record.case: record for record in records} for records in (before, after))
    both = sorted(old.keys() & new.keys())
    pairs = [(old[case], new[case]) for case in both]
    return Replay(
        before=_release(old.values()),
        after=_release(new.values()),
        cases=len(both),
        only_before=tuple(sorted(old.keys() - new.keys())),
        only_after=tuple(sorted(new.keys() - old.keys())),
        variables=tuple(_variable(name, pairs) for name in _names(pairs)),
        findings=_findings(pairs),
    )


def change_of(before: Value | None, after: Value | None) -> Change:
    """What becomes of one value; None is a variable that the version does not have."""
    mine, its = _given(before), _given(after)
    if mine != its:
        if not mine:
            return Change.APPEARS
        return Change.CHANGES if its else Change.VANISHES
    if before is None or after is None:
        return Change.SAME
    if not mine:
        return Change.SAME if before.reason == after.reason else Change.REASON
    return Change.SAME if before.tier == after.tier else Change.TIER


_Pair = tuple[RegistryRecord, RegistryRecord]


def _release(records: Iterable[RegistryRecord]) -> str:
    return next((record.release for record in records), "")


def _names(pairs: list[_Pair]) -> list[str]:
    """The variables of the draft in its order, then those it no longer has."""
    if not pairs:
        return []
    names = [value.variable for record in reversed(pairs[0]) for value in record.values]
    return list(dict.fromkeys(names))


def _variable(name: str, pairs: list[_Pair]) -> VariableReplay:
    values = [(new.case, _value(old, name), _value(new, name)) for old, new in pairs]
    counts: Counter[Change] = Counter(change_of(before, after) for _, before, after in values)
    _, first, then = values[0]
    return VariableReplay(
        variable=name,
        new=first is None,
        gone=then is None,
        counts={change: counts[change] for change in Change},
        examples=tuple(_examples(values)),
    )


def _examples(values: list[tuple[str, Value | None, Value | None]]) -> Iterator[Example]:
    told: Counter[Change] = Counter()
    for case, before, after in values:
        change = change_of(before, after)
        told[change] += 1
        if change != Change.SAME and told[change] <= EXAMPLES:
            rule = (after and after.rule) or (before and before.rule) or ""
            yield Example(case=case, change=change, before=_shown(before), after=_shown(after), rule=rule)


def _value(record: RegistryRecord, name: str) -> Value | None:
    return next((value for value in record.values if value.variable == name), None)


def _given(value: Value | None) -> str:
    return "" if value is None else written(value.value)


def _shown(value: Value | None) -> str:
    if value is None:
        return ""
    return _given(value) or str(value.reason)


def _findings(pairs: list[_Pair]) -> dict[str, tuple[int, int]]:
    """How often each check speaks before and after, where that differs."""
    counts = [Counter(finding.rule for pair in pairs for finding in pair[side].findings) for side in (0, 1)]
    rules = sorted(counts[0].keys() | counts[1].keys())
    return {rule: (counts[0][rule], counts[1][rule]) for rule in rules if counts[0][rule] != counts[1][rule]}
