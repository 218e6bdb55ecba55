"""Variables that refer to others: these must be there, stand before them, and be of the right kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from registries.entry import Kind
from registries.expressions import names_in
from registries.problems import Place, Problem, did_you_mean

if TYPE_CHECKING:
    from registries.definition import Definition, Rule, Variable

_UNKNOWN = "describe it under `variables`, or name one that stands there"
_ORDER = ("first", "then")
_TIMED = ("date", "datetime")
_BOUNDS = {"from_": "from", "after": "after", "to": "to", "before": "before", "covers": "covers"}


def reference_problems(definition: Definition) -> Iterator[Problem]:
    """What is wrong with the references between variables, and from `orders` to variables."""
    names = list(definition.variables)
    needs = {name: {wanted for _, wanted in _needed(one)} for name, one in definition.variables.items()}
    for number, (name, variable) in enumerate(definition.variables.items()):
        place: Place = ("variables", name)
        for where, wanted in _needed(variable):
            if wanted not in names[:number]:
                yield _not_before(wanted, name, names, needs).under((*place, *where))
        yield from (one.under(place) for one in _conditions(variable, definition.variables))
        yield from (one.under(place) for one in _times(variable, definition))
    for asked, wanted in _of_lists(definition):
        if wanted not in names:
            yield Problem(asked, f"no variable called {wanted}", did_you_mean(wanted, names, _UNKNOWN))
    yield from _orders(definition)


def _of_lists(definition: Definition) -> Iterator[tuple[Place, str]]:
    """The variables that `orders` and `checks` name, with where. Words that are missing have been told already."""
    for number, order in enumerate(definition.orders):
        yield from ((("orders", number, word), getattr(order, word)) for word in _ORDER if hasattr(order, word))
    for number, check in enumerate(definition.checks):
        yield from ((("checks", number, "rule"), name) for name in sorted(names_in(getattr(check, "rule", "true"))))
        yield from ((("checks", number, "variables", n), name) for n, name in enumerate(check.variables or ()))


def _orders(definition: Definition) -> Iterator[Problem]:
    """Orders of what is no time, or of one time and itself."""
    for number, order in enumerate(definition.orders):
        named = [getattr(order, word, "") for word in _ORDER]
        for word, name in zip(_ORDER, named, strict=True):
            held = getattr(definition.variables.get(name), "type", "date")
            if held not in _TIMED:
                cause = f"{name} is of type {held}, and has no order in time"
                yield Problem(("orders", number, word), cause, "name a variable of type date or datetime")
        if named[0] == named[1] != "":
            yield Problem(("orders", number, "then"), f"{named[0]} is compared with itself", "name another variable")


def _needed(variable: Variable) -> list[tuple[Place, str]]:
    """The variables that must be known before this one, with where they are named."""
    found: list[tuple[Place, str]] = [(("when", name), name) for name in variable.when or ()]
    for number, rule in enumerate(variable.from_):
        found += [((*place, word), name) for place, word, name in _of_rule(rule, ("from", number))]
    return found


def _of_rule(rule: Rule, place: Place) -> Iterator[tuple[Place, str | int, str]]:
    for number, name in enumerate(rule.between or ()):
        yield (*place, "between"), number, name
    for name in sorted(names_in(rule.expression or "0")):
        yield place, "expression", name
    for where, moment in _moments(rule):
        if moment.startswith("variable."):
            yield (*place, *where[:-1]), where[-1], moment.split(" ")[0].removeprefix("variable.")
    for number, part in enumerate(rule.all_ or ()):
        yield from _of_rule(part, (*place, "all", number))


def _moments(rule: Rule) -> Iterator[tuple[Place, str]]:
    """The moments that a rule itself names, with where."""
    for name, word in _BOUNDS.items():
        moment = getattr(rule.window, name, None)
        if moment is not None:
            yield ("window", word), moment
    closest = getattr(rule.pick, "closest", None)
    if closest is not None:
        yield ("pick", "closest"), closest
    if rule.age_at is not None:
        yield ("age_at",), rule.age_at
    if rule.duration is not None:
        yield from ((("duration", word), end) for word, end in zip(("from", "to"), rule.duration.moments, strict=True))


def _not_before(wanted: str, name: str, names: list[str], needs: Mapping[str, set[str]]) -> Problem:
    if wanted not in names:
        return Problem((), f"no variable called {wanted}", did_you_mean(wanted, names, _UNKNOWN))
    if way := _way(wanted, name, needs):
        return Problem((), f"cyclic: {' → '.join((name, *way))}", "remove one of these references")
    return Problem((), f"{wanted} must be a variable that stands before it", f"move `{wanted}` above `{name}`")


def _way(start: str, goal: str, needs: Mapping[str, set[str]]) -> tuple[str, ...]:
    """The references that lead from one variable to another; () where none do."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == goal:
            return way
        further = sorted(needs.get(way[-1], set()) - seen)
        seen.update(further)
        ways += [(*way, name) for name in further]
    return ()


def _conditions(variable: Variable, variables: Mapping[str, Variable]) -> Iterator[Problem]:
    """Meanings in `when` that the other variable cannot have."""
    for other, meanings in (variable.when or {}).items():
        known = set((variables[other].codes or {}).values()) if other in variables else set(meanings)
        for meaning in sorted(set(meanings) - known):
            yield Problem(("when", other), f"{other} has no meaning {meaning}", did_you_mean(meaning, known))


def _times(variable: Variable, definition: Definition) -> Iterator[Problem]:
    """Moments that are none in this registry."""
    procedures = getattr(getattr(definition, "case", None), "select", Kind.PROCEDURE) is Kind.PROCEDURE
    for number, rule in enumerate(variable.from_):
        for place, moment in _all_moments(rule, ("from", number)):
            anchor = moment.split(" ")[0]
            other = definition.variables.get(anchor.removeprefix("variable."))
            if other is not None and getattr(other, "type", "date") not in _TIMED:
                yield Problem(place, f"{anchor} is no time to count from", "name a variable of type date or datetime")
            if anchor == "case.procedure" and not procedures:
                yield Problem(place, "case.procedure is for cases that procedures make", "did you mean `case.start`?")


def _all_moments(rule: Rule, place: Place) -> Iterator[tuple[Place, str]]:
    yield from ((place + where, moment) for where, moment in _moments(rule))
    for number, part in enumerate(rule.all_ or ()):
        yield from _all_moments(part, (*place, "all", number))
