"""A codebook as a FHIR R4 Questionnaire (http://hl7.org/fhir/R4/questionnaire.html): one top-level group per form.

What FHIR has a place for stands there, with HL7's own extensions (unit, least and greatest value, decimals); the rest
stands in the product's extensions, so that nothing is lost on the way back (`questionnaire_reading`). The invariants
que-1 to que-13 hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from registries.codebooks import Choice, Codebook, Coding, Condition, Field, Form, day, number
from registries.codebooks.fhir import (
    ANSWERS,
    CHOICE,
    CHOICE_VALUES,
    DECIMAL_PLACES,
    DESIGN_NOTE,
    FIELD,
    HIDDEN,
    ITEM_CONTROL,
    ITEM_CONTROLS,
    ITEM_TYPES,
    MAX_VALUE,
    MIN_VALUE,
    UCUM,
    UNIT,
    UNIT_OPTION,
    WITH_LENGTH,
)

_Json = dict[str, Any]
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_MOST: Final = 2**31


def write(codebook: Codebook) -> bytes:
    """The codebook as a Questionnaire in JSON, indented."""
    return msgspec.json.format(_ENCODER.encode(resource(codebook)), indent=2) + b"\n"


def resource(codebook: Codebook) -> _Json:
    """The codebook as a Questionnaire, plain data; numbers with decimals are Decimals."""
    names = _Names(codebook)
    whole = {
        "resourceType": "Questionnaire",
        "url": codebook.url,
        "version": codebook.version,
        "title": codebook.title,
        "status": codebook.status,
        "subjectType": ["Patient"],
        "item": list(_top(codebook, names)),
    }
    return _filled(whole)


def plain(field: Field) -> bool:
    """Whether a field is a group and nothing more, as forms are at the top of a Questionnaire."""
    return field == Field(field.id, field.label, "group", fields=field.fields)


def _top(codebook: Codebook, names: _Names) -> Iterator[_Json]:
    """A group for each form. A sole form that is named as the whole stands without one, if nobody can mistake it."""
    forms = codebook.forms
    if len(forms) == 1 and forms[0].name == codebook.title and not all(plain(one) for one in forms[0].fields):
        yield from (_item(one, forms[0], names) for one in forms[0].fields)
        return
    for place, form in enumerate(forms, start=1):
        items = [_item(one, form, names) for one in form.fields]
        yield {"linkId": names.free(f"form-{place}"), "text": form.name, "type": "group", "item": items}


class _Names:
    """linkIds, each once in the whole Questionnaire (que-2); a field's own name where it is free."""

    def __init__(self, codebook: Codebook) -> None:
        self._used: set[str] = set()
        self._given: dict[tuple[int, str], list[str]] = {}
        self._written: dict[tuple[int, str], int] = {}
        taken = {field.id for form in codebook.forms for field in form.walk()}
        for form in codebook.forms:
            for field in form.walk():
                name = field.id if field.id not in self._used else self._fresh(field.id, taken)
                self._used.add(name)
                self._given.setdefault((id(form), field.id), []).append(name)
        self._used |= taken

    def of(self, form: Form, name: str) -> str:
        """The linkId of a form's next field of that name."""
        key = (id(form), name)
        place = self._written.get(key, 0)
        self._written[key] = place + 1
        return self._given[key][place]

    def question(self, form: Form, name: str) -> str:
        """The linkId that a condition means: the field of the same form, else the first of that name."""
        return self._given.get((id(form), name), [name])[0]

    def free(self, wish: str) -> str:
        """A linkId that nothing else has."""
        name = wish if wish not in self._used else self._fresh(wish, self._used)
        self._used.add(name)
        return name

    def _fresh(self, wish: str, taken: set[str]) -> str:
        return next(
            name
            for place in range(2, len(taken) + len(self._used) + 3)
            if (name := f"{wish}#{place}") not in taken and name not in self._used
        )


def _item(field: Field, form: Form, names: _Names) -> _Json:
    link = names.of(form, field.id)
    kind = ITEM_TYPES[field.type]
    below = [_help(field, link, names)] if field.help else []
    return _filled(
        {
            "extension": list(_extensions(field, link)),
            "linkId": link,
            "code": [_coding(one) for one in field.codes],
            "text": field.label,
            "type": kind,
            "enableWhen": [_condition(one, form, names) for one in field.when],
            "enableBehavior": ("any" if field.when_any else "all") if len(field.when) > 1 else "",
            "required": field.required or None,
            "repeats": field.repeats or None,
            "maxLength": field.length if kind in WITH_LENGTH else None,
            "answerValueSet": field.value_set if not field.choices else "",
            "answerOption": [_option(one) for one in field.choices],
            "item": [*below, *(_item(one, form, names) for one in field.fields)],
        }
    )


def _help(field: Field, link: str, names: _Names) -> _Json:
    control = {"coding": [{"system": ITEM_CONTROLS, "code": "help"}]}
    return {
        "extension": [{"url": ITEM_CONTROL, "valueCodeableConcept": control}],
        "linkId": names.free(f"{link}-help"),
        "text": field.help,
        "type": "display",
    }


def _extensions(field: Field, link: str) -> Iterator[_Json]:
    if field.unit:
        coding = {"system": UCUM, "code": field.unit}
        if field.type in ("integer", "decimal", "quantity"):
            yield {"url": UNIT_OPTION if field.type == "quantity" else UNIT, "valueCoding": coding}
    own = _own(field, link)
    for url, low in ((MIN_VALUE, True), (MAX_VALUE, False)):
        if (limit := _limit(field, low)) is not None:
            yield {"url": url, **limit}
    if field.decimals is not None:
        yield {"url": DECIMAL_PLACES, "valueInteger": field.decimals}
    if field.type == "hidden":
        yield {"url": HIDDEN, "valueBoolean": True}
    if field.comment:
        yield {"url": DESIGN_NOTE, "valueMarkdown": field.comment}
    if parts := [
        _part(name, value) for name, value in own.items() if not (value is None or value is False or value == "")
    ]:
        yield {"url": FIELD, "extension": parts}


def _limit(field: Field, low: bool) -> _Json | None:
    """The least or greatest value as HL7's extensions have it; None when there is none, or it is not a plain value."""
    numbers = field.limits.low if low else field.limits.high
    dates = field.limit_dates.low if low else field.limit_dates.high
    if field.type in ("integer", "decimal", "quantity") and number(numbers) == numbers:
        value = Decimal(numbers)
        whole = field.type == "integer" and value == int(value) and abs(value) < _MOST
        return {"valueInteger": int(value)} if whole else {"valueDecimal": value}
    if field.type == "date" and day(dates):
        return {"valueDate": dates}
    return None


def _own(field: Field, link: str) -> Mapping[str, str | bool | int | date | None]:
    """What only the product's extension can say."""
    numeric = field.type in ("integer", "decimal", "quantity")
    said = {low: _limit(field, low) or {} for low in (True, False)}
    as_number = {low: not {"valueInteger", "valueDecimal"}.isdisjoint(one) for low, one in said.items()}
    return {
        "id": field.id if field.id != link else "",
        "type": field.type if field.type in ("status", "hidden", "dynamic") else "",
        "table": field.table,
        "column": field.column,
        "reportName": field.report_name,
        "characters": field.characters,
        "unit": "" if numeric else field.unit,
        "length": None if ITEM_TYPES[field.type] in WITH_LENGTH else field.length,
        "limitLow": "" if as_number[True] else field.limits.low,
        "limitHigh": "" if as_number[False] else field.limits.high,
        "limitDateLow": "" if "valueDate" in said[True] else field.limit_dates.low,
        "limitDateHigh": "" if "valueDate" in said[False] else field.limit_dates.high,
        "normalLow": field.normal.low,
        "normalHigh": field.normal.high,
        "normalDateLow": field.normal_dates.low,
        "normalDateHigh": field.normal_dates.high,
        "activates": field.activates,
        "activated": field.activated,
        "introduced": field.introduced,
        "phasedOut": field.phased_out,
    }


def _part(name: str, value: str | bool | int | date | None) -> _Json:
    kinds = {bool: "valueBoolean", int: "valueInteger", str: "valueString"}
    return {"url": name, kinds.get(type(value), "valueDate"): value}


def _coding(coding: Coding) -> _Json:
    return _filled({"system": coding.system, "code": coding.code, "display": coding.label})


def _option(choice: Choice) -> _Json:
    days = {"introduced": choice.introduced, "phasedOut": choice.phased_out}
    parts = [{"url": name, "valueDate": given} for name, given in days.items() if given]
    value: object = choice.code
    if choice.kind == "coding":
        value = _coding(Coding(choice.code, choice.label, choice.system))
    elif choice.kind == "integer":
        value = int(choice.code)
    return _filled(
        {"extension": [{"url": CHOICE, "extension": parts}] if parts else [], CHOICE_VALUES[choice.kind]: value}
    )


def _condition(condition: Condition, form: Form, names: _Names) -> _Json:
    value: object = condition.answer
    if condition.kind == "coding":
        value = _coding(Coding(condition.answer, system=condition.system))
    elif condition.kind == "boolean":
        value = condition.answer == "true"
    elif condition.kind in ("integer", "decimal"):
        value = Decimal(condition.answer) if condition.kind == "decimal" else int(condition.answer)
    return {
        "question": names.question(form, condition.question),
        "operator": condition.operator,
        ANSWERS[condition.kind]: value,
    }


def _filled(whole: _Json) -> _Json:
    """Without what is empty: FHIR knows neither empty texts nor empty lists."""
    return {name: value for name, value in whole.items() if value not in ("", None, [])}
