"""Reads a FHIR R4 Questionnaire into a codebook: items, answers, contained value sets, conditions, limits, units.

An item that is wrong is told by its path and left out with all below it; the rest goes on. Not read: initial values,
answers that are references, profiles of referenced resources, and extensions other than those in `fhir`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

import msgspec

from registries.codebooks import (
    Codebook,
    CodebookError,
    Field,
    FieldType,
    Form,
    Interval,
    Read,
    day,
    number,
)
from registries.codebooks.fhir import (
    DECIMAL_PLACES,
    DESIGN_NOTE,
    FIELD,
    FIELD_TYPES,
    ITEM_CONTROL,
    MAX_VALUE,
    MIN_VALUE,
    UNIT,
    UNIT_OPTION,
)
from registries.codebooks.fhir_json import Broken, Json, coding_of, extensions, get, objects, value_of
from registries.codebooks.questionnaire import plain
from registries.codebooks.questionnaire_answers import Reading, choices_of, conditions, value_set, value_sets

_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)

_STATUSES: Final = ("draft", "active", "retired", "unknown")

_DEEPEST: Final = 40

_OWN_TYPES: Final[Mapping[str, FieldType]] = {"status": "status", "hidden": "hidden", "dynamic": "dynamic"}


def read(content: bytes, file: str) -> Read:
    """A Questionnaire in JSON.

    Raises:
        CodebookError: it is not JSON, or not a Questionnaire.
    """
    whole = _resource(content, file)
    reading = Reading(file)
    try:
        contained = get(whole, "contained", list)
        items = get(whole, "item", list)
        named = [get(whole, name, str) for name in ("title", "name", "id")]
        version, url, status = (get(whole, name, str) for name in ("version", "url", "status"))
    except Broken as broken:
        raise CodebookError(f"{file}: {broken}") from broken
    reading.value_sets = dict(value_sets(contained, reading))
    fields = _items(items, "item", 0, reading)
    title = next(filter(None, named), file.removesuffix(".json"))
    there = {below.id for one in fields for below in one.walk() if below.type not in ("group", "display")}
    reading.ids = {link: name for link, name in reading.ids.items() if name in there}
    forms = _forms(title, tuple(_conditions_bound(one, reading) for one in fields))
    kept = status if status in _STATUSES else "unknown"
    return Read(Codebook(title, forms, version, url, kept), tuple(reading.problems))  # type: ignore[arg-type]


def _resource(content: bytes, file: str) -> Json:
    try:
        whole = _DECODER.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CodebookError(f"{file}: not JSON: {error}") from error
    if not isinstance(whole, dict) or whole.get("resourceType") != "Questionnaire":
        raise CodebookError(f"{file}: no FHIR Questionnaire")
    return whole


def _forms(title: str, fields: tuple[Field, ...]) -> tuple[Form, ...]:
    """Groups at the top are forms; where anything else stands there, the whole Questionnaire is one form."""
    if fields and all(plain(one) for one in fields):
        return tuple(Form(one.label or one.id, one.fields) for one in fields)
    return (Form(title, fields),) if fields else ()


def _items(items: Sequence[object], path: str, depth: int, reading: Reading) -> tuple[Field, ...]:
    made = []
    for number_, item in enumerate(items):
        place = f"{path}[{number_}]"
        try:
            if depth > _DEEPEST:
                raise Broken(f"more than {_DEEPEST} items within each other")
            if not isinstance(item, dict):
                raise Broken("is not an object")
            made.append(_field(item, place, depth, reading))
        except Broken as broken:
            link = item.get("linkId") if isinstance(item, dict) else None
            reading.tell(f"{place} ({link})" if isinstance(link, str) else place, str(broken))
    return tuple(made)


def _field(item: Json, place: str, depth: int, reading: Reading) -> Field:
    link, written = get(item, "linkId", str), get(item, "type", str)
    kind = FIELD_TYPES.get(written)
    if not link:
        raise Broken("linkId is missing")
    if kind is None:
        raise Broken(f"there is no item type {written!r}")
    below = get(item, "item", list)
    helps = [one for one in below if _is_help(one)]
    own = _own(item)
    name = _own_text(own, "id") or link
    if reading.ids.setdefault(link, name) is not name:
        reading.tell(f"{place} ({link})", "another item has this linkId", left_out=False)
    made = _limited(
        Field(
            id=name,
            label=get(item, "text", str),
            type=_OWN_TYPES.get(_own_text(own, "type"), kind),
            required=get(item, "required", bool),
            repeats=get(item, "repeats", bool),
            help="\n".join(get(one, "text", str) for one in helps),
            choices=choices_of(item, reading, f"{place} ({link})"),
            value_set=value_set(item),
            codes=tuple(coding_of(one) for one in objects(item, "code")),
            when=tuple(conditions(item, f"{place} ({link})", reading)),
            when_any=get(item, "enableBehavior", str) == "any",
            fields=_items([one for one in below if not _is_help(one)], f"{place}.item", depth + 1, reading),
        ),
        item,
        own,
    )
    if kind == "group" and not made.fields:
        raise Broken("a group without items")
    if kind == "display" and made.fields:
        raise Broken("a display with items below it")
    return made


def _is_help(item: object) -> bool:
    """Whether an item is the help of the one above it: a display whose control says so."""
    if not isinstance(item, dict) or item.get("type") != "display":
        return False
    controls = [one.get("valueCodeableConcept") for one in extensions(item, ITEM_CONTROL)]
    codings = [coding for one in controls if isinstance(one, dict) for coding in objects(one, "coding")]
    return any(coding.get("code") == "help" for coding in codings)


def _own(item: Json) -> Json:
    """What the product's own extension says, by name."""
    parts = [part for one in extensions(item, FIELD) for part in objects(one, "extension")]
    return {str(part.get("url")): value for part in parts for name, value in part.items() if name.startswith("value")}


def _own_text(own: Json, name: str) -> str:
    return get(own, name, str)


def _limited(made: Field, item: Json, own: Json) -> Field:
    """The field with its limits, unit and everything else that stands in extensions."""
    low, high = (_limit(item, url) for url in (MIN_VALUE, MAX_VALUE))
    unit = value_of(item, UNIT, dict, "valueCoding") or value_of(item, UNIT_OPTION, dict, "valueCoding") or {}
    length = get(item, "maxLength", int) if "maxLength" in item else own.get("length")
    return replace(
        made,
        unit=get(unit, "code", str) or _own_text(own, "unit"),
        limits=Interval(low[0] or _own_text(own, "limitLow"), high[0] or _own_text(own, "limitHigh")),
        limit_dates=Interval(low[1] or _own_text(own, "limitDateLow"), high[1] or _own_text(own, "limitDateHigh")),
        normal=Interval(_own_text(own, "normalLow"), _own_text(own, "normalHigh")),
        normal_dates=Interval(_own_text(own, "normalDateLow"), _own_text(own, "normalDateHigh")),
        decimals=value_of(item, DECIMAL_PLACES, int, "valueInteger"),
        length=length if isinstance(length, int) else None,
        comment=value_of(item, DESIGN_NOTE, str, "valueMarkdown") or "",
        table=_own_text(own, "table"),
        column=_own_text(own, "column"),
        report_name=_own_text(own, "reportName"),
        characters=_own_text(own, "characters"),
        activates=get(own, "activates", bool),
        activated=get(own, "activated", bool),
        introduced=day(_own_text(own, "introduced")),
        phased_out=day(_own_text(own, "phasedOut")),
    )


def _limit(item: Json, url: str) -> tuple[str, str]:
    """A least or greatest value: as a number, and as a date or a time."""
    for one in extensions(item, url):
        for name, value in one.items():
            if name in ("valueInteger", "valueDecimal") and type(value) in (int, Decimal):
                return number(str(value)) or "", ""
            if name in ("valueDate", "valueDateTime", "valueTime") and isinstance(value, str):
                return "", value
    return "", ""


def _conditions_bound(made: Field, reading: Reading) -> Field:
    """The field with conditions that name fields, not linkIds; one that names nothing is told."""
    when = []
    for one in made.when:
        if one.question in reading.ids:
            when.append(replace(one, question=reading.ids[one.question]))
        else:
            reading.tell(made.id, f"a condition names {one.question!r}, which is no question here", left_out=False)
    below = tuple(_conditions_bound(one, reading) for one in made.fields)
    return replace(made, when=tuple(when), when_any=made.when_any and len(when) > 1, fields=below)
