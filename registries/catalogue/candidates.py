"""Finds variables that may mean the same under another name. People merge; this only shows where to look, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz, process

from registries.catalogue.content import Catalogue
from registries.codebooks import Codebook, Field
from registries.codebooks.units import unit_told
from terminology.fold import words

#: Labels that are less alike than this (0 to 100) are not looked at.
_ALIKE: Final = 86
#: Words that say nothing of what a variable is. Labels that differ in any other word are not the same.
_LIGHT: Final = frozenset(words("av i for på ved og med er var the of at in and a an"))
_UNKNOWN: Final = frozenset({"ukjent", "unknown"})
#: Labels of one such word are those of a box beside another field: they say nothing of what is asked.
_BESIDE: Final = _UNKNOWN | frozenset(words("annet andre annen spesifiser kommentar merknad other specify comment"))
_TYPES: Final = {
    **{"choice": "code", "open-choice": "code", "boolean": "code", "quantity": "decimal"},
    **{"text": "string", "url": "string"},
}
#: Types between which a value can move without losing what it means.
_NEAR: Final = (frozenset({"integer", "decimal"}), frozenset({"date", "datetime"}))

Kind = Literal["same_label", "like_label", "same_values", "values_but_unknown", "more_values", "same_unit", "no_unit"]


@dataclass(frozen=True, slots=True)
class Described:
    """What is compared: where a variable stands (`source` is the catalogue or a codebook, `place` the form in it), and
    how it is described. `values` are folded labels per language."""

    source: str
    place: str
    name: str
    labels: tuple[str, ...]
    type: str
    unit: str = ""
    values: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two variables may be the same; `detail` are the words that it is about."""

    kind: Kind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two variables that may be one, with a score from 0 to 100 and the reasons for it."""

    one: Described
    other: Described
    score: int
    reasons: tuple[Reason, ...]


def described(catalogue: Catalogue) -> tuple[Described, ...]:
    """The catalogue's variables, as they are compared."""
    return tuple(
        Described(
            source="catalogue",
            place="",
            name=name,
            labels=variable.label.all,
            type=variable.type,
            unit=variable.unit,
            values=_languages([value.all for value in variable.values.values()]),
        )
        for name, variable in catalogue.variables.items()
    )


def described_fields(codebook: Codebook) -> tuple[Described, ...]:
    """A codebook's fields, as they are compared; what asks for nothing is left out."""
    return tuple(
        _described(codebook, form.name, field)
        for form in codebook.forms
        for field in form.walk()
        if field.label and field.type not in ("group", "display", "hidden", "status", "dynamic", "attachment")
    )


def _described(codebook: Codebook, form: str, field: Field) -> Described:
    labels = [(choice.label or choice.code,) for choice in field.choices]
    if field.type == "boolean":
        labels = [("Ja",), ("Nei",)]
    kind = _TYPES.get(field.type, field.type)
    label, unit = (
        unit_told(field.label) if kind in ("integer", "decimal") and not field.unit else (field.label, field.unit)
    )
    return Described(codebook.title, form, field.id, (label,), kind, unit, _languages(labels))


def _languages(values: Sequence[Sequence[str]]) -> tuple[frozenset[str], ...]:
    """The set of value labels in each language that all values have."""
    if not values:
        return ()
    languages = min(len(one) for one in values)
    ends = [[" ".join(words(one[place])) for one in values] for place in (*range(languages - 1), -1)]
    return tuple(dict.fromkeys(frozenset(one) for one in ends))


def candidates(variables: Sequence[Described], least: int = 70, across: bool = False) -> tuple[Candidate, ...]:
    """Pairs whose labels are alike, whose types and units fit, and whose value lists are the same or nearly so.

    The order of the variables does not matter. The best pairs come first; pairs under `least` are left out, and with
    `across` also pairs of one source.
    """
    ordered = sorted(variables, key=_stands)
    found = (_compared(ordered[first], ordered[second]) for first, second in _alike(ordered))
    kept = {
        (one.one, one.other): one
        for one in found
        if one and one.score >= least and not (across and one.one.source == one.other.source)
    }
    return tuple(sorted(kept.values(), key=lambda one: (-one.score, _stands(one.one), _stands(one.other))))


def _stands(one: Described) -> tuple[bool, str, str, str]:
    """The order in which variables are told: those of the catalogue first."""
    return one.source != "catalogue", one.source, one.place, one.name


def _alike(variables: Sequence[Described]) -> Iterator[tuple[int, int]]:
    """Places of variables that have a label in common, or nearly."""
    labels = [(place, _key(label)) for place, one in enumerate(variables) for label in one.labels]
    labels = [(place, label) for place, label in dict.fromkeys(labels) if label]
    texts = [label for _, label in labels]
    for row, (place, label) in enumerate(labels):
        for _, _, after in process.extract(
            label, texts[row + 1 :], scorer=fuzz.ratio, processor=None, score_cutoff=_ALIKE, limit=None
        ):
            other = labels[row + 1 + after][0]
            if other != place:
                yield min(place, other), max(place, other)


def _key(label: str) -> str:
    """A label as it is compared: its words that say something, in order of the alphabet."""
    heavy = [word for word in words(label) if word not in _LIGHT]
    return "" if set(heavy) <= _BESIDE else " ".join(sorted(heavy))


def _compared(one: Described, other: Described) -> Candidate | None:
    label = max((_labels(a, b) for a in one.labels for b in other.labels), key=lambda both: both[0])
    if label[0] == 0 or not _types_fit(one.type, other.type):
        return None
    values = _values(one, other)
    unit = _units(one, other)
    if values is None or unit is None:
        return None
    near = 0 if one.type == other.type else 5
    score = round(0.6 * label[0] + values[0] + unit[0] - near)
    return Candidate(one, other, score, (label[1], *values[1], *unit[1]))


def _labels(one: str, other: str) -> tuple[float, Reason]:
    """How alike two labels are. Numbers must be the same, and every other word needs one like it: `tidligere PCI` is
    not `tidligere TIA`."""
    a, b = _key(one), _key(other)
    if a == b:
        return 100, Reason("same_label", one)
    if _numbers(a) != _numbers(b) or not (_covered(a, b) and _covered(b, a)):
        return 0, Reason("like_label")
    return fuzz.ratio(a, b), Reason("like_label", f"{one} – {other}")


def _numbers(key: str) -> list[str]:
    return [word for word in key.split() if any(letter.isdigit() for letter in word)]


def _covered(key: str, other: str) -> bool:
    return all(max((fuzz.ratio(word, one) for one in other.split()), default=0) >= _ALIKE for word in key.split())


def _types_fit(one: str, other: str) -> bool:
    return one == other or any({one, other} <= near for near in _NEAR)


def _values(one: Described, other: Described) -> tuple[float, tuple[Reason, ...]] | None:
    """What the value lists add to the score; None when they cannot be the same list."""
    if not one.values and not other.values:
        return 30, ()
    best: tuple[float, tuple[Reason, ...]] | None = None
    for a in one.values:
        for b in other.values:
            found = _lists(a, b)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
    return best


def _lists(a: frozenset[str], b: frozenset[str]) -> tuple[float, tuple[Reason, ...]] | None:
    if a == b:
        return 30, (Reason("same_values", ", ".join(sorted(a))),)
    if a - _UNKNOWN == b - _UNKNOWN:
        return 25, (Reason("values_but_unknown", ", ".join(sorted(a ^ b))),)
    if len(a & b) >= 2 and (a < b or b < a):
        return 15, (Reason("more_values", ", ".join(sorted(a ^ b))),)
    return None


def _units(one: Described, other: Described) -> tuple[float, tuple[Reason, ...]] | None:
    if one.unit == other.unit:
        return 10, ((Reason("same_unit", one.unit),) if one.unit else ())
    if not one.unit or not other.unit:
        return 5, (Reason("no_unit", one.unit or other.unit),)
    return None
