"""Our tables say what the official schema and its annotations say."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from registries.npr import model
from registries.npr.model import Part
from registries.npr.tables import AttributeRule, code_lists, rules
from registries.npr.types import TYPES, fits
from registries.npr.walk import attributes, parts
from tests.npr.examples import HEADING, INSTITUTION, REPORT

ROWS = [(element, name) for element, attributes_ in rules().items() for name in attributes_]
PARTS = [
    kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, Part) and kind is not Part
]
_ACTIONS = {
    "Slettemerk melding": "mark_message",
    "Slettemerk rad med underelementer": "mark_row",
    "Sett verdi til -1": "set_unknown",
    "Sett verdi til 0": "set_zero",
    "Sett verdi til NULL": "set_null",
    "Ingen handling": "none",
}
_CHECKS = {"handlingTypeID": "on_type", "handlingObligatID": "on_missing", "handlingKodeverkID": "on_code"}
#: Our words for the data types of the annotations, by their number there.
_TYPES = {
    **{"101": "digits1", "102": "digits2", "103": "digits3", "104": "digits4", "199": "digits"},
    **{"152": "digits1-2", "153": "digits1-3", "154": "digits1-4", "155": "digits1-5"},
    **{"159": "digits1-9", "160": "digits1-10", "302": "alphanumeric1-2", "305": "alphanumeric1-5"},
    **{"401": "capital", "601": "year", "602": "date", "604": "time", "606": "time", "801": "phone", "802": "email"},
    **{"1020": "text20", "1100": "text100", "1999": "text"},
}


@cache
def annotated(shared: Path) -> dict[tuple[str, str], dict[str, str]]:
    """What the annotations say of each attribute; the word for each action stands in the comment after its number."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    tree = etree.parse(str(shared / "data" / "norway" / "npr" / "53.1.3" / "XPR(ord)_Annotations.xsd"))
    for info in tree.iter("{*}appinfo"):
        said: dict[str, str] = {}
        last = ""
        for one in info:
            if isinstance(one.tag, str):
                last = one.get("name", "")
                said[last] = " ".join((one.get("value") or one.text or "").split())
            elif told := re.search(r'Handling: ="(.*)"', one.text or ""):
                said[_CHECKS[last]] = _ACTIONS[told.group(1)]
        found[said["classShortName"], said["attributeShortName"]] = said
    return found


@cache
def required(shared: Path) -> dict[tuple[str, str], bool]:
    root = etree.parse(str(shared / "data" / "norway" / "npr" / "53.1.3" / "XPR(ord).xsd")).getroot()
    return {
        (element.get("name", ""), one.get("name", "")): one.get("use") == "required"
        for element in root.findall("{*}element")
        for one in element.iter("{http://www.w3.org/2001/XMLSchema}attribute")
    }


def names(kind: type[Part]) -> list[str]:
    """The attributes that a class writes."""
    example = {type(part): part for whole in (HEADING, INSTITUTION, REPORT) for part in parts(whole)}[kind]
    return [name for name, _ in attributes(example)]


@pytest.mark.parametrize("kind", PARTS, ids=lambda kind: kind.element)
def test_every_attribute_that_is_written_has_its_rule(kind: type[Part]) -> None:
    if kind is model.Person:
        return  # the module ide has no annotations
    assert list(rules()[kind.element]) == names(kind)


@pytest.mark.shared
@pytest.mark.parametrize(("element", "name"), ROWS)
def test_a_rule_says_what_the_annotations_say(element: str, name: str, shared: Path) -> None:
    said = annotated(shared)[element, name]
    assert rules()[element][name] == AttributeRule(
        name=said["attributeName"],
        type=_TYPES[said["datatypeID"]],
        list=int(said["codeOID"]) if said["codeOID"] else None,
        required=required(shared)[element, name],
        on_type=said.get("on_type"),  # type: ignore[arg-type]
        on_missing=said.get("on_missing"),  # type: ignore[arg-type]
        on_code=said.get("on_code"),  # type: ignore[arg-type]
    )


@pytest.mark.shared
def test_code_lists_are_the_official_ones(shared: Path) -> None:
    path = shared / "data" / "norway" / "derived" / "npr_53_1_3_ord_codes.json"
    official = json.loads(path.read_text(encoding="utf-8"))
    assert {number: set(official[str(number)]["codes"]) for number in code_lists()} == code_lists()


def test_every_list_and_type_that_a_rule_names_is_there() -> None:
    all_rules = [rule for attributes_ in rules().values() for rule in attributes_.values()]
    assert {rule.list for rule in all_rules if rule.list} == set(code_lists())
    assert {rule.type for rule in all_rules} <= TYPES


_SAMPLES: tuple[str, ...] = (
    "",
    "1",
    "12",
    "123",
    "1234",
    "12345",
    "1234567890",
    "12345678901",
    "A",
    "AB",
    "ab1de",
    "a b",
    "1950",
    "1850",
)
_SAMPLES += ("2025-03-02", "2025-13-02", "2025-03-02T14:10:00", "2025-03-02T24:10:00", "99 99 99 99", "+4799999999")
_SAMPLES += ("kari@example.no", "kari.example.no", "x" * 20, "x" * 21, "x" * 100, "x" * 101)


@pytest.mark.shared
@pytest.mark.parametrize("sample", _SAMPLES)
def test_types_take_what_the_receiver_takes(sample: str, shared: Path) -> None:
    for said in annotated(shared).values():
        if (kind := _TYPES.get(said["datatypeID"])) and said["regex"] and kind != "alphanumeric1-2":
            official = re.fullmatch(said["regex"].removeprefix("^").removesuffix("$"), sample, re.ASCII)
            assert fits(kind, sample) == bool(official), (kind, sample)


def test_elements_stand_in_the_order_of_their_fields() -> None:
    assert [field.encode_name for field in msgspec.structs.fields(model.Unit)] == list(rules()["Enhet"])
