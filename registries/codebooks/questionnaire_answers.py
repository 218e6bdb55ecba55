"""Reads what a Questionnaire says of answers: choices, contained value sets, and the conditions that depend on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from registries.codebooks import AnswerKind, Choice, Condition, Problem, day, number
from registries.codebooks.fhir import ANSWERS, CHOICE, CHOICE_VALUES
from registries.codebooks.fhir_json import Broken, Json, code_of, coding_of, extensions, get, objects

_OPERATORS: Final = ("=", "!=", ">", "<", ">=", "<=", "exists")

_ANSWER_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "boolean": (bool,),
    "integer": (int,),
    "decimal": (int, Decimal),
}


@dataclass
class Reading:
    """One Questionnaire being read: what was said about it, its contained value sets, and its fields by linkId."""

    file: str
    value_sets: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def tell(self, place: str, text: str, left_out: bool = True) -> None:
        """Note a problem at a place of the file."""
        self.problems.append(Problem(self.file, place, text, left_out))


def value_sets(contained: Sequence[object], reading: Reading) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    """The contained value sets by id, those that list their codes."""
    for place, one in enumerate(contained):
        if not isinstance(one, dict) or one.get("resourceType") != "ValueSet":
            continue
        try:
            compose, expansion = get(one, "compose", dict), get(one, "expansion", dict)
            includes = objects(compose, "include")
            listed = [(get(part, "system", str), concept) for part in includes for concept in objects(part, "concept")]
            listed = listed or [(get(part, "system", str), part) for part in objects(expansion, "contains")]
            choices = tuple(Choice(code_of(part), get(part, "display", str), system) for system, part in listed)
            if not listed or any(not part.get("concept") for part in includes):
                reading.tell(f"contained[{place}]", "the value set is not listed code by code", left_out=not listed)
            yield get(one, "id", str), choices
        except Broken as broken:
            reading.tell(f"contained[{place}]", str(broken))


def choices_of(item: Json, reading: Reading, place: str) -> tuple[Choice, ...]:
    """What an item lets one choose among: its own options, or the codes of a contained value set."""
    canonical = get(item, "answerValueSet", str)
    if not canonical.startswith("#"):
        return tuple(_choice(one) for one in objects(item, "answerOption"))
    if canonical[1:] not in reading.value_sets:
        reading.tell(place, f"its value set {canonical!r} is not contained, or cannot be read", left_out=False)
    return reading.value_sets.get(canonical[1:], ())


def value_set(item: Json) -> str:
    """The canonical URL of an item's value set; empty when it has none, or has it contained."""
    canonical = get(item, "answerValueSet", str)
    return "" if canonical.startswith("#") else canonical


def _choice(option: Json) -> Choice:
    own = {str(part.get("url")): part for one in extensions(option, CHOICE) for part in objects(one, "extension")}
    days = {name: day(get(part, "valueDate", str)) for name, part in own.items()}
    introduced, phased_out = days.get("introduced"), days.get("phasedOut")
    for kind, name in CHOICE_VALUES.items():
        if name not in option:
            continue
        if kind == "coding":
            one = coding_of(get(option, name, dict))
            return Choice(one.code, one.label, one.system, introduced=introduced, phased_out=phased_out)
        if not (code := str(get(option, name, int)) if kind == "integer" else get(option, name, str)):
            raise Broken("an answer is empty")
        return Choice(code, kind=kind, introduced=introduced, phased_out=phased_out)
    raise Broken("an answer is neither a code, a text, a number, a date nor a time")


def conditions(item: Json, place: str, reading: Reading) -> Iterator[Condition]:
    """When an item is asked for. Questions are named by linkId."""
    for one in objects(item, "enableWhen"):
        try:
            yield _condition(one)
        except Broken as broken:
            reading.tell(
                place, f"a condition is not read, so the field is asked for more often: {broken}", left_out=False
            )


def _condition(written: Json) -> Condition:
    question, operator = get(written, "question", str), get(written, "operator", str)
    if operator not in _OPERATORS:
        raise Broken(f"there is no operator {operator!r}")
    for kind, name in ANSWERS.items():
        if name not in written:
            continue
        if operator == "exists" and kind != "boolean":  # invariant que-7
            raise Broken("`exists` asks for true or false")
        if kind == "coding":
            one = coding_of(get(written, name, dict))
            return Condition(question, operator, kind, one.code, one.system)  # type: ignore[arg-type]
        return Condition(question, operator, kind, _answer(written[name], kind))  # type: ignore[arg-type]
    raise Broken("its answer is a quantity or a reference, or missing")


def _answer(value: object, kind: AnswerKind) -> str:
    if type(value) not in _ANSWER_TYPES.get(kind, (str,)):
        raise Broken(f"its answer is no {kind}")
    if isinstance(value, bool):
        return "true" if value else "false"
    return number(str(value)) or str(value) if kind == "decimal" else str(value)
