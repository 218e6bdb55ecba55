"""Whether a definition's sets of codes can be read, and its variables mean what the catalogue says that they do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from registries.problems import Place, Problem, did_you_mean
from terminology.codes import PREFIX_SYSTEMS, SYSTEMS, normalised
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
    return list(_strange(system, wanted, place, snomed))


def strange_codes(spec: Mapping[str, str | Sequence[str]], snomed: Snomed) -> Iterator[Problem]:
    """Codes of a set that can be compiled, but that their system cannot have by their form, and concepts that the
    release does not have: such a set would never be met, and nobody would be told."""
    for system, wanted in spec.items():
        if isinstance(wanted, str):
            yield from _strange(system, wanted, (system,), snomed)
        else:
            for number, one in enumerate(wanted):
                yield from _strange(system, one, (system, number), snomed)


def _strange(system: str, wanted: str, place: Place, snomed: Snomed) -> Iterator[Problem]:
    if system == "snomed":
        for concept in dict.fromkeys(_CONCEPT.findall(_TEXTS.sub("", wanted))):
            if not snomed.has(int(concept)):
                cause = f"the terminology release has no concept {concept}"
                yield Problem(place, cause, f"see `registerbro terminology lookup {concept}`, or import a release")
        return
    ends = wanted.split("-") if SYSTEMS[system] in PREFIX_SYSTEMS else [wanted]
    for code in ends:
        if system in _FORMS and not _FORMS[system].fullmatch(normalised(SYSTEMS[system], code)):
            yield Problem(place, f"{code!r} has not the form of a code in {system}", _code_form(system))


#: Terms and texts in an expression; digits in them are no concepts.
_TEXTS: Final = re.compile(r'\|[^|]*\||"(?:\\.|[^"\\])*"|/\*.*?\*/', re.DOTALL)
_CONCEPT: Final = re.compile(r"\b\d{6,18}\b")
#: The forms of codes, and of their beginnings in systems whose codes carry their hierarchy.
_FORMS: Final = {
    system: re.compile(form)
    for system, form in {
        "icd10": r"[A-Z](\d(\d[0-9A-Z]{0,4})?)?",
        "atc": r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?",
        "icpc2": r"[A-Z](\d\d?)?",
        "loinc": r"(L[ALP])?\d{1,7}-\d",
        "nlk": r"[A-Z]{3}\d{5}",
    }.items()
}


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
    yield from _wider(variable, normed)
    for number, rule in enumerate(variable.from_):
        yield from (one.under(("from", number)) for one in _map_problems(rule, variable.normed, normed, catalogue))


def _wider(variable: Variable, normed: NormedVariable) -> Iterator[Problem]:
    """Numbers that the registry takes for possible, and the normed variable does not."""
    ours, theirs = (one.range.hard if one.range else None for one in (variable, normed))
    if ours and theirs and variable.unit == normed.unit and not (theirs[0] <= ours[0] and ours[1] <= theirs[1]):
        limits = f"[{theirs[0]:g}, {theirs[1]:g}]"
        yield Problem(("range", "hard"), f"{variable.normed} is possible within {limits} only", f"write {limits}")


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
