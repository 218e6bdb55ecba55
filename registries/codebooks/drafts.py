"""Drafts made from a codebook: normed variables for the catalogue, and each form as the variables of a definition.

A draft says only what the codebook says. English texts and definitions are empty until somebody writes them, and a
variable that still has empty texts cannot be published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from registries.catalogue import NormedVariable
from registries.codebooks import Codebook, Field, Form, Interval, Problem, number
from registries.codebooks.units import unit_told
from terminology.fold import loose, words

_Draft = dict[str, Any]
#: Lists whose labels are among these are the catalogue's list `yes-no`.
_YES_NO: Final = {"ja": "yes", "nei": "no", "ukjent": "unknown", "yes": "yes", "no": "no", "unknown": "unknown"}
_UNKNOWN: Final = ("ukjent", "unknown")
_TIME: Final = r"^([01]\d|2[0-3]):[0-5]\d$"
_SKIPPED: Final = ("group", "display", "status", "hidden", "attachment", "reference")


@dataclass(frozen=True, slots=True)
class Drafts:
    """Plain data, as it stands in YAML files: normed variables by name, and variables of a definition by form."""

    variables: Mapping[str, _Draft]
    forms: Mapping[str, Mapping[str, _Draft]]
    problems: tuple[Problem, ...]


def drafts_of(codebook: Codebook, taken: Iterable[str] = ()) -> Drafts:
    """Drafts of every field that asks for something. `taken` are names that the catalogue has already."""
    used = set(taken)
    variables: dict[str, _Draft] = {}
    forms: dict[str, Mapping[str, _Draft]] = {}
    problems: list[Problem] = []
    for form in codebook.forms:
        wanted: dict[str, _Draft] = {}
        for field in form.walk():
            if field.type in _SKIPPED:
                continue
            name = _free(slug(field.id), used)
            draft, codes = _draft(codebook, form, field)
            problems += [Problem(codebook.title, field.id, text, left_out=False) for text in _made_sound(draft)]
            variables[name] = draft
            if (lacking := _not_in_a_definition(draft, codes)) is not None:
                problems.append(Problem(codebook.title, field.id, lacking, left_out=False))
            else:
                wanted[field.id] = _wanted(name, field, draft, codes)
        forms[form.name] = wanted
    return Drafts(variables, forms, tuple(problems))


def slug(text: str) -> str:
    """A name for files and keys: lower case letters without marks, digits, hyphens."""
    plain = "-".join(loose(word) for word in words(text.replace("_", " ")))
    return "".join(letter for letter in plain if letter.isascii()) or "x"


def _free(wish: str, used: set[str]) -> str:
    name = next(one for one in (wish, *(f"{wish}-{n}" for n in range(2, len(used) + 3))) if one not in used)
    used.add(name)
    return name


def _draft(codebook: Codebook, form: Form, field: Field) -> tuple[_Draft, dict[str, str]]:
    """The normed variable, and the registry's codes with the meaning of each."""
    draft: _Draft = {
        "status": "draft",
        "label": {"nb": field.label, "en": ""},
        "definition": {"nb": "", "en": ""},
    }
    if field.help:
        draft["help"] = {"nb": field.help, "en": ""}
    codes: dict[str, str] = {}
    if field.type == "boolean":
        draft |= {"type": "code", "list": "yes-no"}
        codes = {"0": "no", "1": "yes"}
    elif field.choices:
        draft["type"] = "code"
        codes = _meanings(field)
        draft |= _list(field, codes)
    else:
        draft |= _plain(field)
    draft["origin"] = f"{codebook.title}: {form.name}: {field.id}"
    return draft, codes


def _meanings(field: Field) -> dict[str, str]:
    """Each code's meaning by name; yes, no and unknown have the catalogue's names where there is nothing else."""
    labels = {choice.code: choice.label or choice.code for choice in field.choices}
    known = {code: _YES_NO.get(label.strip().lower()) for code, label in labels.items()}
    if len(set(known.values())) == len(known) and all(known.values()):
        return {code: meaning for code, meaning in known.items() if meaning}
    used: set[str] = set()
    return {code: _free(slug(label), used) for code, label in labels.items()}


def _list(field: Field, codes: Mapping[str, str]) -> _Draft:
    labels = {choice.code: choice.label or choice.code for choice in field.choices}
    made: _Draft = {"values": {meaning: {"nb": labels[code], "en": ""} for code, meaning in codes.items()}}
    if set(codes.values()) <= set(_YES_NO.values()):
        made = {"list": "yes-no"}
    unknown = [meaning for code, meaning in codes.items() if labels[code].strip().lower() in _UNKNOWN]
    return made | ({"missing": {"unknown": unknown[0]}} if len(unknown) == 1 else {})


def _plain(field: Field) -> _Draft:
    """Type, unit, decimals, length, pattern and limits of a field without a list."""
    if field.type in ("integer", "decimal", "quantity"):
        made: _Draft = {"type": "integer" if field.type == "integer" else "decimal"}
        unit = field.unit or unit_told(field.label)[1]
        made |= {"unit": unit} if unit else {}
        made |= {"decimals": field.decimals} if field.decimals and field.type == "decimal" else {}
        limits = {"hard": _limits(field.limits), "plausible": _limits(field.normal)}
        limits = {name: both for name, both in limits.items() if both}
        return made | ({"range": limits} if limits else {})
    if field.type in ("date", "datetime"):
        return {"type": field.type}
    if field.type == "time":
        return {"type": "string", "pattern": _TIME}
    return {"type": "string"} | ({"length": field.length} if field.length else {})


def _limits(interval: Interval) -> list[float] | None:
    """Both limits as numbers; None where one is missing or is no number."""
    low, high = number(interval.low), number(interval.high)
    return None if low is None or high is None else [_shortest(low), _shortest(high)]


def _shortest(text: str) -> float:
    return int(text) if "." not in text else float(text)


def _made_sound(draft: _Draft) -> Iterator[str]:
    """Leave out what the catalogue would refuse, and say why."""
    for word in ("plausible", "range", "unit"):
        try:
            NormedVariable.model_validate(draft)
            return
        except ValidationError as error:
            place = draft.get("range", {}) if word == "plausible" else draft
            if place.pop(word, None) is not None:
                yield f"{word} is left out: {error.errors()[0]['msg']}"


def _not_in_a_definition(draft: _Draft, codes: Mapping[str, str]) -> str | None:
    """Why a variable cannot stand in a definition yet; None when it can."""
    if draft["type"] == "string":
        return "free text has no place in a definition: it is only in the catalogue's drafts"
    if any(not _whole(code) for code in codes):
        return "its codes are not numbers: it is only in the catalogue's drafts"
    return None


def _whole(code: str) -> bool:
    return code.removeprefix("-").isascii() and code.removeprefix("-").isdigit()


def _wanted(name: str, field: Field, draft: _Draft, codes: Mapping[str, str]) -> _Draft:
    """The field as a variable of a definition: manual, until somebody writes how it is found."""
    made: _Draft = {"normed": name, "label": draft["label"], "type": draft["type"]}
    if codes:
        made["codes"] = {int(code): meaning for code, meaning in codes.items()}
    made |= {word: draft[word] for word in ("unit", "decimals", "range") if word in draft}
    if draft["type"] == "decimal" and "decimals" not in made:
        made["decimals"] = 1
    return made | {"obligatory": field.required, "automation": "manual"}
