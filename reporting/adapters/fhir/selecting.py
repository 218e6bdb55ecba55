"""What the codes of entries stand for in each of several plans: looked up once for all of them.

Plans are told apart by bits: `1 << number` for the plan of that number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from registries.entry import Kind
from registries.plan import Plan
from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir.values import Codes, codes_of
from terminology.codes import code_of

#: What the patient resource states; it is read for its identity numbers in any case.
OF_PATIENT: Final = frozenset({Kind.SEX, Kind.BIRTH, Kind.MARITAL, Kind.DEATH})


class Told(NamedTuple):
    """A concept's known codes, the selectors that they satisfy (by the plan's number), and as bits: the plans that keep
    such an entry, those whose rules cannot tell what it means, and those for which it may be an index event."""

    codes: Codes
    selectors: tuple[tuple[int, ...], ...]
    kept: int
    unreadable: int
    events: int


def kinds_of(plan: Plan) -> frozenset[Kind]:
    """The kinds of entries that a plan asks about: to select from, or to know that the journal has any."""
    selected = {selector.kind for selector in plan.selectors}
    given = {kind for v in plan.definition.variables.values() if v.absent for kind in v.absent.given}
    return frozenset(selected | given | OF_PATIENT | {Kind.STAY})


class Lookup:
    """What the codes of one kind of entry stand for in some plans."""

    def __init__(self, plans: Sequence[Plan], kind: Kind) -> None:
        self.plans = plans
        self.kind = kind
        self.asking = [number for number, plan in enumerate(plans) if kind in kinds_of(plan)]
        self.uncoded = self.told((), coded=False)
        self.found: dict[tuple[str, str] | Codes, Told] = {}

    def look_up(self, concept: fhir.CodeableConcept | None) -> Told:
        """What a concept stands for."""
        if concept is None or not concept.coding:
            return self.uncoded
        if len(concept.coding) > 1:
            return self.of_codes(codes_of(concept))
        coding = concept.coding[0]
        told = self.found.get((coding.system, coding.code))
        if told is None:
            code = code_of(coding.system, coding.code)
            told = self.found[(coding.system, coding.code)] = self.told((code,) if code else ())
        return told

    def of_codes(self, codes: Codes) -> Told:
        """What some codings stand for, of which these are known."""
        told = self.found.get(codes)
        if told is None:
            told = self.found[codes] = self.told(codes)
        return told

    def told(self, codes: Codes, coded: bool = True) -> Told:
        """What codes stand for; `coded` says whether there were any, known or not."""
        selectors: list[tuple[int, ...]] = [()] * len(self.plans)
        kept = unreadable = events = 0
        for number in self.asking:
            plan, bit = self.plans[number], 1 << number
            selectors[number] = numbers = plan.select(self.kind, codes)
            readable = self.readable(plan, codes, coded)
            kept |= bit if numbers or not readable or self.kind is Kind.STAY else 0
            unreadable |= 0 if readable else bit
            events |= bit if plan.index in numbers else 0
        return Told(codes, tuple(selectors), kept, unreadable, events)

    def readable(self, plan: Plan, codes: Codes, coded: bool) -> bool:
        """Whether a plan's rules can tell what codes mean.

        Codings of which none is known are not the same as no coding, but neither says anything that a rule can read.
        What patients and stays are needs no code, unless a rule asks for stays of some type.
        """
        if self.kind in OF_PATIENT:
            return True
        if self.kind is Kind.STAY and not (coded and any(s.kind is Kind.STAY and s.codes for s in plan.selectors)):
            return True
        return plan.readable(codes)
