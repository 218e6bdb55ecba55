"""What the schemas accept, and how problems are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from registries.codecs.content import Registration
from registries.codecs.msghead import Envelope, encode
from registries.codecs.schema import content_schema
from registries.codecs.validation import validator
from registries.definition import Definition, DefinitionError
from tests.codecs.examples import DEFINITION, ENVELOPE, REGISTRATION, define, envelopes, registrations

XS = "{http://www.w3.org/2001/XMLSchema}"
PROBLEMS = validator(DEFINITION)
MESSAGE = encode(DEFINITION, REGISTRATION, ENVELOPE)
OFFICIAL = Path(__file__).resolve().parents[3] / "shared/data/norway/msghead-apprec/xsd/MsgHead-v1_2_rev.xsd"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("<Poeng>17", "<Poeng>4711", "element Poeng: above the highest permitted value"),
        ("<Poeng>17", "<Poeng>-4711", "element Poeng: below the lowest permitted value"),
        ("<Poeng>17", "<Poeng>17.5", "element Poeng: not a value of the type it should have"),
        ("<Vekt>71.5", "<Vekt>71.55", "element Vekt: too many decimals"),
        ("<Vekt>71.5", "<Vekt>0.4", "element Vekt: below the lowest permitted value"),
        ("<Diagnose>2", "<Diagnose>4711", "element Diagnose: not one of the permitted values"),
        ("<Dato>2025-03-02", "<Dato>2025-02-30", "element Dato: not a value of the type it should have"),
        ("<Dato>2025-03-02", "<Dato>2025-03-02Z", "element Dato: not written the way it should be"),
        ("T14:10:00</Innlagt", "T14:10:00+01:00</Innlagt", "element Innlagt: not written the way it should be"),
        ("T14:10:00</Innlagt", "T14:10</Innlagt", "element Innlagt: not a value of the type it should have"),
        ("<Diagnose>2</Diagnose>", "", "element Diagnose: it needs either a value or a reason why it has none"),
        ('"Antall"', '"Poeng"', "element Poeng: it needs either a value or a reason why it has none"),
        ('"Antall"', '"Royker"', "element Mangler: a variable is reported missing twice"),
        ('grunn="venter"', 'grunn="secret"', "element Mangler: attribute grunn: not one of the permitted values"),
        ("<Dato>2025-03-02</Dato>", "<Secret/>", "element (unknown): it does not belong here"),
        (' komplett="false"', "", "element Registrering: the attribute komplett is missing"),
        ("<CaseNo>", '<CaseNo secret="secret">', "element CaseNo: an attribute that does not belong here"),
        ("<CaseNo>", "<CaseNo>secret", "element CaseNo: it differs from the case of the registration"),
        (ENVELOPE.identity, "secret", "element Id: not written the way it should be"),
        ("v1.2 2006-05-24", "secret", "element MIGversion: not the fixed value it should have"),
        ("proving:1", "secret:1", "element Registrering: not an element of this message"),
        ("<MsgId>message-1", "<MsgId>", "element MsgId: empty"),
    ],
)
def test_a_problem_names_line_and_element_and_repeats_no_value(old: str, new: str, problem: str) -> None:
    changed = MESSAGE.decode().replace(old, new, 1)
    assert changed != MESSAGE.decode()
    found = PROBLEMS(changed.encode())
    assert f"line 2: {problem}" in found
    told = " ".join(found)
    assert not [word for word in ("4711", "secret", "Secret", ENVELOPE.identity, "71.55") if word in told]


def test_one_wrong_value_is_one_problem() -> None:
    assert len(PROBLEMS(MESSAGE.replace(b"<Poeng>17", b"<Poeng>99"))) == 1


def test_two_wrong_attributes_of_one_element_are_two_problems() -> None:
    wrong = MESSAGE.replace(b'variabel="Royker" grunn="venter"', b'variabel="x" grunn="y"')
    assert PROBLEMS(wrong) == (
        "line 2: element Mangler: attribute variabel: not one of the permitted values",
        "line 2: element Mangler: attribute grunn: not one of the permitted values",
    )


def test_a_document_that_cannot_be_read_is_a_problem_not_an_error() -> None:
    (problem,) = PROBLEMS(MESSAGE[:-40])
    assert problem.startswith("line 2, column ")
    assert problem.endswith(": the document is not well-formed XML")


def test_another_version_of_the_registry_has_another_namespace() -> None:
    newer = encode(define(version=2), REGISTRATION, ENVELOPE)
    assert PROBLEMS(newer) == ("line 2: element Registrering: not an element of this message",)


def test_one_validator_serves_many_threads() -> None:
    wrong = MESSAGE.replace(b"<Poeng>17", b"<Poeng>99")
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(PROBLEMS, [MESSAGE, wrong] * 100))
    assert told == [(), ("line 2: element Poeng: above the highest permitted value",)] * 100


def test_the_schema_documents_codes_and_units() -> None:
    schema = etree.fromstring(content_schema(DEFINITION))
    meanings = {
        found.get("value"): found.findtext(f"{XS}annotation/{XS}documentation")
        for found in schema.iterfind(f".//{XS}element[@name='Diagnose']//{XS}enumeration")
    }
    assert meanings == {"1": "blødning", "2": "infarkt"}
    weight = schema.find(f".//{XS}element[@name='Vekt']")
    assert weight is not None
    assert weight.findtext(f"{XS}annotation/{XS}documentation") == "Vekt. Vekt. [kg]"


@pytest.mark.parametrize("name", ["Mangler", "1st", "with space", "pre:fix", ""])
def test_a_name_that_no_element_can_have_is_a_mistake_in_the_definition(name: str) -> None:
    variables = {name: DEFINITION.variables["Antall"]}
    with pytest.raises(DefinitionError, match="proving: variables"):
        content_schema(DEFINITION.model_copy(update={"variables": variables}))


@pytest.mark.parametrize(
    ("type_", "limits", "facets"),
    [
        ("integer", (0.5, 41.5), {"minInclusive": "1", "maxInclusive": "41"}),
        ("integer", (0, 1e6), {"minInclusive": "0", "maxInclusive": "1000000"}),
        ("decimal", (1e-7, float("inf")), {"fractionDigits": "1", "minInclusive": "0.0000001"}),
    ],
)
def test_limits_are_written_as_xsd_numbers(type_: str, limits: tuple[float, float], facets: dict[str, str]) -> None:
    plain = DEFINITION.variables["Vekt"].model_dump(by_alias=True)
    variable = plain | {"type": type_, "range": {"hard": limits}}
    data = DEFINITION.model_dump(by_alias=True) | {"variables": {"Vekt": variable}}
    schema = etree.fromstring(content_schema(Definition.model_validate(data)))
    restriction = schema.find(f".//{XS}element[@name='Vekt']//{XS}restriction")
    assert restriction is not None
    assert {etree.QName(facet).localname: facet.get("value") for facet in restriction} == facets


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """The official MsgHead schema and the generated content schema, together."""
    folder = tmp_path_factory.mktemp("official")
    (folder / "content.xsd").write_bytes(content_schema(DEFINITION))
    driver = f"""<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:driver">
      <import namespace="http://www.kith.no/xmlstds/msghead/2006-05-24" schemaLocation="{OFFICIAL.as_uri()}"/>
      <import namespace="urn:registerbro:proving:1" schemaLocation="content.xsd"/></schema>"""
    (folder / "driver.xsd").write_text(driver, encoding="utf-8")
    return etree.XMLSchema(etree.parse(folder / "driver.xsd"))


@pytest.mark.shared
@given(registrations(), envelopes())
def test_the_official_schema_accepts_our_messages(
    official: etree.XMLSchema, registration: Registration, envelope: Envelope
) -> None:
    message = etree.fromstring(encode(DEFINITION, registration, envelope))
    assert official.validate(message), official.error_log


@pytest.mark.shared
def test_the_official_schema_is_strict_about_content(official: etree.XMLSchema) -> None:
    assert not official.validate(etree.fromstring(MESSAGE.replace(b"<Poeng>17", b"<Poeng>99")))
