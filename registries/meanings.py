"""Whether a definition's sets of codes can be read, and its variables mean what the catalogue says that they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from registries.problems import Place, Problem, did_you_mean
from terminology.codes import SYSTEMS
from terminology.snomed.ecl import EclError
from terminology.valuesets import Snomed, ValueSetError, compile_codes

if TYPE_CHECKING:
    from registries.catalogue import Catalogue, NormedVariable
    from registries.definition import Rule, Variable

IN_CATALOGUE: Final = "see the catalogue for what there is"
_TIMES: Final = {"date", "datetime"}
_NUMBERS: Final = {"integer", "decimal"}


def code_problems(spec: Mapping[str, str | Sequence[str]], snomed: Snomed) -> list[Problem]:
    """Each part of a written set of codes that cannot be compiled."""
    found = []
    for system, wanted in spec.items():
        if system not in SYSTEMS:
            known = did_you_mean(system, SYSTEMS, f"known are {', '.join(SYSTEMS)}")
            found.append(Problem((system,), f"unknown code system {system!r}", known))
        elif isinstance(wanted, str):
            found += _of_part(system, wanted, (system,), snomed)
        else:
            for number, one in enumerate(wanted):
                found += _of_part(system, one, (system, number), snomed)
    return found


def _of_part(system: str, wanted: str, place: Place, snomed: Snomed) -> list[Problem]:
    try:
        compile_codes({system: wanted}, snomed)
    except EclError as error:
        return [Problem(place, str(error), _where(wanted, error.column))]
    except ValueSetError as error:
        form = "write a range under one letter, such as E10-E14" if "range" in str(error) else _code_form(system)
        return [Problem(place, str(error), form)]
    return []


def _where(ecl: str, column: int | None) -> str:
    if column is None:
        return "see docs/terminology/ecl.md"
    before = ecl[: column - 1].rstrip()
    read = f"it can be read up to `{'…' if len(before) > 40 else ''}{before[-40:]}`" if before else "it cannot be read"
    return f"{read}; try it with `registerbro terminology ecl`"


def _code_form(system: str) -> str:
    return f"look it up with `registerbro terminology search`, or move it from {system} to its own system"


def meaning_problems(variable: Variable, catalogue: Catalogue) -> Iterator[Problem]:
    """Where a variable and the normed variable that it claims to be do not fit each other."""
    normed = catalogue.find(variable.normed)
    if normed is None:
        meant = did_you_mean(variable.normed, catalogue.variables, IN_CATALOGUE)
        yield Problem(("normed",), f"the catalogue has no variable {variable.normed!r}", meant)
        return
    for code, meaning in (variable.codes or {}).items():
        if meaning not in normed.values:
            meant = did_you_mean(meaning, normed.values, IN_CATALOGUE)
            yield Problem(("codes", code), f"{variable.normed} has no value {meaning!r}", meant)
    if not _same_type(variable.type, normed.type):
        yield Problem(("type",), f"{variable.normed} is of type {normed.type}", f"did you mean `type: {normed.type}`?")
    for number, rule in enumerate(variable.from_):
        yield from (one.under(("from", number)) for one in _map_problems(rule, variable.normed, normed, catalogue))


def _same_type(ours: str, theirs: str) -> bool:
    return ours == theirs or {ours, theirs} in (_TIMES, _NUMBERS)


def _map_problems(rule: Rule, name: str, normed: NormedVariable, catalogue: Catalogue) -> Iterator[Problem]:
    source = catalogue.maps.get(rule.map) if rule.map else None
    if source is not None:
        targets = {row.target for row in source.rows}
        strange = sorted(targets - set(normed.values) - set(rule.combine or ()))
        if strange:
            fitting = [one.name for one in catalogue.maps.values() if _fits(one.name, normed, catalogue)]
            cause = f"map {rule.map} gives {', '.join(strange)}, which {name} does not have"
            yield Problem(("map",), cause, did_you_mean(source.name, fitting, "choose a map for this variable"))
        for sum_ in rule.combine or ():
            for part in sorted(set(sum_.split("+")) - targets):
                yield Problem(("combine",), f"map {rule.map} never gives {part!r}", did_you_mean(part, targets))
    for number, part_ in enumerate(rule.all_ or ()):
        yield from (one.under(("all", number)) for one in _map_problems(part_, name, normed, catalogue))


def _fits(name: str, normed: NormedVariable, catalogue: Catalogue) -> bool:
    return {row.target for row in catalogue.maps[name].rows} <= set(normed.values)
