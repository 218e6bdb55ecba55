"""How normed variables, their uses and candidates for merging are told to people: bokmål, with English beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registries.catalogue import Catalogue, NormedVariable, Words
from registries.catalogue.candidates import Candidate, Described
from registries.catalogue.usage import Use
from registries.codebooks import Codebook, Read
from reporting.texts import Text, named, text

#: The parts of a description that are one word or one text, in the order in which they are told.
_SIMPLE: Final = ("unit", "decimals", "length", "pattern", "automation", "valid_from", "valid_to", "legal_basis")
_LAST: Final = ("reservation", "owner", "steward", "origin")
_NAMED: Final = {"norming": "norming", "sensitivity": "sensitivity", "automation": "tier"}


def listed(name: str, variable: NormedVariable) -> str:
    """A variable in one line: name and version, type and unit, label."""
    kind = f"{variable.type} {variable.unit}".strip()
    return f"{name}@{variable.version}\t{kind}\t{both(variable.label)}"


def both(words: Text) -> str:
    """A text in bokmål, and in English where that reads otherwise."""
    return " / ".join(dict.fromkeys(one for one in (words.nb, words.en) if one))


def lines(name: str, variable: NormedVariable, catalogue: Catalogue, uses: tuple[Use, ...]) -> Iterator[str]:
    """All that is known about a version of a variable, and who uses it."""
    yield f"{name}@{variable.version}"
    told = {"label": all_languages(variable.label), "definition": all_languages(variable.definition)}
    told["help"] = all_languages(variable.help) if variable.help else ""
    told["status"] = both(named("status", variable.status))
    told["type"] = both(named("type", variable.type))
    told |= {part: _simple(variable, part) for part in _SIMPLE}
    told |= dict(_limits(variable))
    told["missing"] = _missing(variable)
    told["temporality"] = _temporality(variable)
    told["population"] = both(variable.population) if variable.population else ""
    told["mapping"] = _mapping(variable)
    told |= {part: _simple(variable, part) for part in ("norming", "sensitivity", *_LAST)}
    told["replaced_by"] = " → ".join(catalogue.successors(f"{name}@{variable.version}"))
    for part, value in told.items():
        if value:
            yield f"  {both(text(f'normed.{part}'))}: {value}"
    yield from _values(variable)
    yield f"  {both(text('normed.used' if uses else 'normed.unused'))}"
    yield from (f"    {use_line(use)}" for use in uses)


def all_languages(words: Words) -> str:
    """A text in bokmål, nynorsk and English, each said once."""
    return " / ".join(dict.fromkeys(words.all))


def _simple(variable: NormedVariable, part: str) -> str:
    value = getattr(variable, part)
    if value is None:
        return ""
    return both(named(_NAMED[part], str(value))) if part in _NAMED else str(value)


def _limits(variable: NormedVariable) -> Iterator[tuple[str, str]]:
    if variable.range is None:
        return
    given = {"hard": variable.range.hard, "plausible": variable.range.plausible}
    parts = [
        f"{limits[0]:g}–{limits[1]:g} ({both(text(f'normed.{name}'))})" for name, limits in given.items() if limits
    ]
    yield "range", ", ".join(parts)


def _missing(variable: NormedVariable) -> str:
    if variable.missing is None:
        return ""
    convention = both(variable.missing.convention) if variable.missing.convention else ""
    return ", ".join(part for part in (variable.missing.unknown or "", convention) if part)


def _temporality(variable: NormedVariable) -> str:
    when = variable.temporality
    if when is None:
        return ""
    window = f" ({when.from_ or ''}..{when.to or ''})" if when.from_ or when.to else ""
    return both(text(f"temporality.{when.relation}")) + window


def _mapping(variable: NormedVariable) -> str:
    review = variable.mapping
    if review is None:
        return ""
    who = [part for part in (review.reviewer, review.reviewed and review.reviewed.isoformat()) if part]
    return ", ".join([both(named("status", review.status)), *who])


def _values(variable: NormedVariable) -> Iterator[str]:
    if not variable.values:
        return
    listed_in = variable.value_list
    yield f"  {both(text('normed.values'))}:"
    for meaning, label in variable.values.items():
        code = f" [{listed_in.codes[meaning]}]" if listed_in and meaning in listed_in.codes else ""
        yield f"    {meaning}{code}\t{all_languages(label)}"
    if listed_in:
        yield f"  {both(text('normed.value_list'))}: {listed_in.oid} {listed_in.name}".rstrip()


def use_line(use: Use) -> str:
    """One use of a variable: registry and version, the registry's variable, its type and its code list."""
    codes = ", ".join(f"{code}={meaning}" for code, meaning in use.codes.items())
    kind = f"{use.type} {use.unit}".strip()
    return "\t".join(part for part in (f"{use.registry}@{use.registry_version}", use.variable, kind, codes) if part)


def candidate_lines(candidate: Candidate) -> Iterator[str]:
    """Two variables that may be one: the score and where they stand, then each reason."""
    yield f"{candidate.score}\t{_place(candidate.one)}\t{_place(candidate.other)}"
    for reason in candidate.reasons:
        yield f"  {both(text(f'candidate.{reason.kind}', detail=reason.detail))}"


def _place(one: Described) -> str:
    return f"{one.name} ({': '.join(part for part in (one.source, one.place) if part)})"


def read_line(found: Read) -> str:
    """What was read of a codebook, in one line."""
    forms, fields, choices = counted(found.codebook)
    return f"{found.codebook.title}: {forms} forms, {fields} fields, {choices} values, {len(found.problems)} remarks"


def counted(codebook: Codebook) -> tuple[int, int, int]:
    """How many forms, fields (groups and displays left out) and values a codebook has."""
    fields = [one for form in codebook.forms for one in form.walk() if one.type not in ("group", "display")]
    return len(codebook.forms), len(fields), sum(len(one.choices) for one in fields)
