"""Which target a map gives for a concept and a patient, group by group, and why.

A concept has one target for each group of its rows. In a group the rows are tried by priority, and the first whose
rule holds gives the target (RF2 specification 5.2.3.3). Blocks, where a map has them, are alternatives of which a
person chooses one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from terminology.snomed.map_rules import Always, Rule, Unreadable, Unwritten, parse_rule
from terminology.snomed.map_tables import MapRow
from terminology.snomed.map_truth import Judged, Need, Patient, Truth

Outcome = Literal["target", "no_target", "undecided", "no_row"]


@dataclass(frozen=True, slots=True)
class Considered:
    """One row of a group and what came of its rule. `reached` is False for rows after the one that decided."""

    row: MapRow
    rule: Rule
    truth: Truth
    needs: tuple[Need, ...]
    reached: bool = True


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What one group gives.

    `target`: the target of `row`. `no_target`: `row` counts and says that there is none; its category and advice say
    why. `undecided`: `needs` would decide, and `otherwise` is the row that counts when no condition holds. `no_row`:
    no rule of the group holds.
    """

    block: int
    group: int
    outcome: Outcome
    row: MapRow | None
    considered: tuple[Considered, ...]
    needs: tuple[Need, ...] = ()
    otherwise: MapRow | None = None


@dataclass(frozen=True, slots=True)
class MapResult:
    """What a map gives for a concept; no groups when the map has no row for it."""

    refset: int
    concept: int
    groups: tuple[GroupResult, ...]

    @property
    def decided(self) -> bool:
        """Whether every group is decided and there is one block only, so that `targets` is the whole answer."""
        blocks = {group.block for group in self.groups}
        return len(blocks) <= 1 and all(group.outcome != "undecided" for group in self.groups)

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets of the groups that have one, in the order of groups, each once."""
        rows = (group.row for group in self.groups if group.outcome == "target")
        return tuple(dict.fromkeys(row.target for row in rows if row is not None))


def evaluate_groups(rows: Sequence[MapRow], patient: Patient) -> tuple[GroupResult, ...]:
    """The result of each group of one concept's rows, by block and group."""
    ordered = sorted(rows, key=lambda row: (row.block, row.group, row.priority, row.target))
    groups = groupby(ordered, key=lambda row: (row.block, row.group))
    return tuple(_group(block, group, tuple(members), patient) for (block, group), members in groups)


def _group(block: int, group: int, rows: tuple[MapRow, ...], patient: Patient) -> GroupResult:
    judged = tuple(_judged(row, len(rows) == 1, patient) for row in rows)
    considered = _until_decided(judged)
    possible = tuple(one for one in considered if one.reached and one.truth is not False)
    if not possible:
        return GroupResult(block, group, "no_row", None, considered)
    if _agree(possible):
        row = next(one.row for one in possible if one.truth)
        return GroupResult(block, group, "target" if row.has_target else "no_target", row, considered)
    # Rows that hold alike but lead apart leave nothing that could be asked: a person must choose.
    needs = tuple(dict.fromkeys(need for one in possible for need in one.needs)) or (Need("person"),)
    otherwise = next((one.row for one in judged if isinstance(one.rule, Always)), None)
    return GroupResult(block, group, "undecided", None, considered, needs, otherwise)


def _judged(row: MapRow, alone: bool, patient: Patient) -> Considered:
    rule = parse_rule(row.rule)
    judged = Judged(True) if alone and isinstance(rule, Unwritten) else patient.judge(rule)
    return Considered(row, rule, judged.truth, judged.needs)


def _until_decided(rows: tuple[Considered, ...]) -> tuple[Considered, ...]:
    """The rows, with those marked that come after the priority at which a rule holds."""
    first = next((one.row.priority for one in rows if one.truth), None)
    if first is None:
        return rows
    return tuple(one if one.row.priority <= first else replace(one, reached=False) for one in rows)


def _agree(possible: tuple[Considered, ...]) -> bool:
    """Whether one row holds, and none that may hold before it, or beside it, leads elsewhere."""
    readable = not any(isinstance(one.rule, Unreadable) for one in possible)
    return readable and any(one.truth for one in possible) and len({one.row.goes_to for one in possible}) == 1
