"""Whether a release allows an expression: its concepts, then the concept model (MRCM specification 1.2)."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import Final

from terminology.snomed.ecl.lexer import EclError
from terminology.snomed.ecl.parser import parse as parse_ecl
from terminology.snomed.expressions.matching import satisfies
from terminology.snomed.expressions.model import ConceptModel, DomainRule
from terminology.snomed.expressions.values import Concept, Expression, ExpressionError, Refinement, Text
from terminology.snomed.view import Release

_ATTRIBUTE: Final = 410662002
_REFUSES: Final = "The SNOMED CT concept model does not allow"
_NUMBERS: Final = re.compile(r"\+?(dec|int|str)\((.*)\)", re.DOTALL)
_BOUNDS: Final = re.compile(r"(>?)#(-?[0-9.]*[0-9])?\.\.(<?)#?(-?[0-9.]*[0-9])?")


def check(release: Release, model: ConceptModel, expression: Expression) -> None:
    """Raises ExpressionError, naming the first thing that is wrong, for an expression that may not be written."""
    for concept in expression.focus:
        _known(release, concept)
    for refinement in expression.refinements:
        _check_names(release, model, refinement)
    if model:
        _Checker(release, model, expression).check()


def _check_names(release: Release, model: ConceptModel, refinement: Refinement) -> None:
    name = refinement.name
    _known(release, name)
    if not release.subsumes(_ATTRIBUTE, name.sctid):
        raise ExpressionError(f"Concept {name.sctid} is not valid in this context (must be a {_ATTRIBUTE})")
    if isinstance(refinement.value, Expression):
        check(release, model, refinement.value)


def _known(release: Release, concept: Concept) -> None:
    if not release.has(concept.sctid):
        raise ExpressionError(f"Concept {concept.sctid} not found")


class _Checker:
    """The rules for one expression; its values have been checked before."""

    def __init__(self, release: Release, model: ConceptModel, expression: Expression) -> None:
        self._release = release
        self._model = model
        self._expression = expression

    def check(self) -> None:
        for refinement in self._expression.ungrouped:
            self._one(refinement, grouped=False)
        for group in self._expression.groups:
            for refinement in group:
                self._one(refinement, grouped=True)
            self._count(group, "in_group")
        self._count(tuple(self._expression.refinements), "cardinality")

    def _one(self, refinement: Refinement, grouped: bool) -> None:
        rules = self._rules(refinement.name.sctid)
        self._in_range(refinement)
        if rules and not any(rule.grouped == grouped for rule in rules):
            name = self._named(refinement.name.sctid)
            raise ExpressionError(
                f"The SNOMED CT concept model requires the attribute {name} to be "
                + ("outside of relationship groups" if grouped else f"in a relationship group: {{{name} = ...}}")
            )

    def _rules(self, attribute: int) -> tuple[DomainRule, ...]:
        """The rules that hold for the attribute here. Mandatory rules are alternatives; optional ones restrict them."""
        rules = self._model.domains.get(attribute, ())
        alternatives = tuple(rule for rule in rules if rule.mandatory) or rules
        restrictions = tuple(rule for rule in rules if rule not in alternatives)
        matched = tuple(rule for rule in alternatives if self._applies(rule))
        broken = tuple(rule for rule in restrictions if not self._applies(rule))
        if rules and (not matched or broken):
            parts = [] if matched else [", or ".join(map(self._where, alternatives))]
            where = ", and ".join((*parts, *map(self._where, broken)))
            focus = " + ".join(self._named(concept.sctid) for concept in self._expression.focus)
            raise ExpressionError(
                f"{_REFUSES} the attribute {self._named(attribute)} on {focus} (the attribute is only valid {where})"
            )
        return matched + restrictions

    def _applies(self, rule: DomainRule) -> bool:
        members = self._release.members(rule.domain)
        return any(
            concept.sctid in members or self._release.subsumes(rule.domain, concept.sctid)
            for concept in self._expression.focus
        )

    def _where(self, rule: DomainRule) -> str:
        kind = "for concepts in" if self._release.members(rule.domain) else "in the domain"
        return f"{kind} {self._named(rule.domain)}"

    def _in_range(self, refinement: Refinement) -> None:
        rules = self._model.ranges.get(refinement.name.sctid, ())
        if rules and not any(self._allowed(rule.constraint, refinement.value) for rule in rules):
            wanted = " OR ".join(rule.constraint for rule in rules)
            name = self._named(refinement.name.sctid)
            raise ExpressionError(f"{_REFUSES} this value of the attribute {name} (it must be in {wanted})")

    def _allowed(self, constraint: str, value: Expression | Decimal | Text | bool) -> bool:
        numbers = _NUMBERS.fullmatch(constraint.strip())
        if numbers:
            return _in_numbers(numbers[1], numbers[2], value)
        if not isinstance(value, Expression):
            return False
        try:
            return satisfies(self._release, value, parse_ecl(constraint))
        except EclError:
            return True  # a rule that cannot be read refuses nothing

    def _count(self, refinements: tuple[Refinement, ...], which: str) -> None:
        for attribute, times in Counter(refinement.name.sctid for refinement in refinements).items():
            limits = [getattr(rule, which) for rule in self._rules(attribute)]
            if limits and all(_exceeds(times, limit) for limit in limits):
                place = "in one group " if which == "in_group" else ""
                raise ExpressionError(
                    f"{_REFUSES} the attribute {self._named(attribute)} {times} times {place}({limits[0]} is allowed)"
                )

    def _named(self, sctid: int) -> str:
        term = self._release.preferred_term(sctid, ("en",)) or self._release.fsn(sctid)
        return f"{sctid} |{term}|" if term else str(sctid)


def _exceeds(times: int, limit: str) -> bool:
    most = limit.rpartition("..")[2]
    return most.isdigit() and times > int(most)


def _in_numbers(kind: str, bounds: str, value: Expression | Decimal | Text | bool) -> bool:
    if kind == "str":
        return isinstance(value, Text)
    if not isinstance(value, Decimal) or (kind == "int" and value != value.to_integral_value()):
        return False
    if ".." not in bounds:
        return any(value == Decimal(each) for each in re.findall(r"#(-?[0-9.]+)", bounds)) or not bounds.strip()
    limits = _BOUNDS.search(bounds)
    if limits is None:
        return True
    above, low, below, high = limits.groups()
    over = low is None or (value > Decimal(low) if above else value >= Decimal(low))
    return over and (high is None or (value < Decimal(high) if below else value <= Decimal(high)))
