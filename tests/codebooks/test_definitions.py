"""A definition as a codebook, drafts made of codebooks, and registries as datasets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from registries.catalogue import Catalogue, NormedVariable, load_catalogue
from registries.codebooks import (
    Choice,
    Codebook,
    CodebookError,
    Condition,
    Field,
    FieldType,
    Form,
    Interval,
    openqreg,
    openqreg_reading,
    plain,
    questionnaire,
    questionnaire_reading,
)
from registries.codebooks.dcat import CONTEXT, About, graph
from registries.codebooks.definitions import NORMED, codebook_of
from registries.codebooks.drafts import drafts_of, slug
from registries.codebooks.reading import read_codebook
from registries.codebooks.units import unit_told
from registries.definition import Definition, Text, load_definition
from tests.journals import DEFINITIONS
from tests.registries import plans

CATALOGUE = load_catalogue()
SLUGS = ("hjerneslag", "noric")


def shipped(slug: str) -> Definition:
    return load_definition(DEFINITIONS / slug / f"{slug}.yaml")


@pytest.mark.parametrize("name", SLUGS)
def test_a_definition_survives_every_format(name: str) -> None:
    book = codebook_of(shipped(name), CATALOGUE)
    assert questionnaire_reading.read(questionnaire.write(book), "q.json").codebook == book
    assert plain.read(plain.write(book), "b.json").codebook == book
    table = openqreg_reading.read(openqreg.write(book), f"{book.title}.csv")
    assert table.problems == ()
    kept = [
        (one.id, one.label, one.type, one.required, one.limits, one.choices) for one in table.codebook.forms[0].fields
    ]
    fields = [one for one in book.forms[0].walk() if one.type != "group"]
    assert kept == [(one.id, one.label, one.type, one.required, one.limits, one.choices) for one in fields]


def test_a_variable_becomes_a_field_with_its_own_codes_and_the_normed_labels() -> None:
    fields = {one.id: one for one in codebook_of(shipped("hjerneslag"), CATALOGUE).forms[0].walk()}
    smoking = fields["RoykerPre"]
    assert [(choice.code, choice.label) for choice in smoking.choices][:2] == [("0", "Aldri røykt"), ("1", "Røyker")]
    assert [(code.code, code.system) for code in smoking.codes] == [("smoking", NORMED)]
    assert fields["NIHSSinnkomst"].limits == Interval("0", "42")
    given = (Condition("Trombolyse", "=", "coding", "1"), Condition("Trombolyse", "=", "coding", "3"))
    assert fields["TrombolyseStarttid"].when == given
    assert (fields["Trombolyse"].activates, fields["TrombolyseStarttid"].activated) == (True, True)


def test_several_conditions_that_must_all_hold_become_groups() -> None:
    written = plans.data()
    asked = {name: one for name, one in written["variables"].items() if one["type"] == "code"}
    first, second, *_ = asked
    variable = {**asked[first], "automation": "manual", "when": {}}
    variable.pop("from", None), variable.pop("absent", None)
    for name in (first, second):
        variable["when"][name] = list(asked[name]["codes"].values())[:2]
    written["variables"]["Late"] = variable
    book = codebook_of(Definition.model_validate(written), plans.CATALOGUE)
    group = book.forms[0].fields[-1]
    assert (group.id, group.type) == ("Late-1", "group")
    (late,) = group.fields
    assert {one.question for one in group.when} == {second}
    assert {one.question for one in late.when} == {first}
    assert (group.when_any, late.when_any) == (len(group.when) > 1, len(late.when) > 1)
    assert questionnaire_reading.read(questionnaire.write(book), "q.json").codebook == book


# Drafts


def book(*fields: Field, form: str = "Innkomst") -> Codebook:
    return Codebook("Bok", (Form(form, fields),))


def drafted(one: Field) -> dict[str, Any]:
    (draft,) = drafts_of(book(one)).variables.values()
    NormedVariable.model_validate(draft)
    return dict(draft)


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(str(number), label) for number, label in enumerate(labels, start=1))


@pytest.mark.parametrize(
    ("field", "draft"),
    [
        (Field("A", "a", "integer", limits=Interval("0", "42")), {"type": "integer", "range": {"hard": [0, 42]}}),
        (Field("A", "Høyde (cm)", "decimal", decimals=1), {"type": "decimal", "unit": "cm", "decimals": 1}),
        (Field("A", "a", "quantity", unit="kg", normal=Interval("1", "")), {"type": "decimal", "unit": "kg"}),
        (Field("A", "a", "datetime"), {"type": "datetime"}),
        (Field("A", "a", "text", length=200), {"type": "string", "length": 200}),
        (Field("A", "a", "time"), {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}),
        (Field("A", "a", "boolean"), {"type": "code", "list": "yes-no"}),
        (Field("A", "a", "choice", choices=choices("Nei", "Ja")), {"type": "code", "list": "yes-no"}),
        (
            Field("A", "a", "choice", choices=choices("Ja", "Nei", "Ukjent")),
            {"type": "code", "list": "yes-no", "missing": {"unknown": "unknown"}},
        ),
        (
            Field("A", "a", "choice", choices=choices("Ja, før", "Nei", "Ja/før", "Ukjent")),
            {
                "type": "code",
                "values": {
                    "ja-for": {"nb": "Ja, før", "en": ""},
                    "nei": {"nb": "Nei", "en": ""},
                    "ja-for-2": {"nb": "Ja/før", "en": ""},
                    "ukjent": {"nb": "Ukjent", "en": ""},
                },
                "missing": {"unknown": "ukjent"},
            },
        ),
        (Field("A", "a", "choice"), {"type": "string"}),
    ],
)
def test_a_field_becomes_a_draft(field: Field, draft: dict[str, Any]) -> None:
    said = drafted(field)
    assert said.pop("status") == "draft"
    assert said.pop("origin") == "Bok: Innkomst: A"
    assert said.pop("definition") == {"nb": "", "en": ""}
    assert said.pop("label")["nb"] == field.label
    assert said == draft


@pytest.mark.parametrize("kind", ["group", "display", "status", "hidden", "attachment", "reference"])
def test_what_asks_for_nothing_is_no_draft(kind: FieldType) -> None:
    assert drafts_of(book(Field("A", "a", kind))).variables == {}


def test_limits_that_contradict_each_other_are_left_out_and_told() -> None:
    field = Field("A", "a", "integer", limits=Interval("0", "10"), normal=Interval("5", "20"))
    found = drafts_of(book(field))
    assert found.variables["a"]["range"] == {"hard": [0, 10]}
    (problem,) = found.problems
    assert (problem.place, problem.left_out) == ("A", False)
    assert "plausible is left out" in problem.text


def test_a_draft_has_a_name_that_nothing_else_has() -> None:
    found = drafts_of(
        Codebook("B", (Form("F", (Field("RØYK_1", "a", "date"),)), Form("G", (Field("royk-1", "b", "date"),))))
    )
    assert list(found.variables) == ["royk-1", "royk-1-2"]
    assert list(drafts_of(book(Field("sex", "a", "date")), CATALOGUE.names).variables) == ["sex-2"]
    assert slug("---") == "x"


def test_a_form_becomes_manual_variables_of_a_definition() -> None:
    smoking = Field("ROYK", "Røyking", "choice", required=True, choices=choices("Aldri", "Nå"))
    found = drafts_of(
        book(smoking, Field("FRI", "Fritekst", "text"), Field("K", "k", "choice", choices=(Choice("a", "x"),)))
    )
    assert found.forms["Innkomst"] == {
        "ROYK": {
            "normed": "royk",
            "label": {"nb": "Røyking", "en": ""},
            "type": "code",
            "codes": {1: "aldri", 2: "na"},
            "obligatory": True,
            "automation": "manual",
        }
    }
    assert [problem.place for problem in found.problems] == ["FRI", "K"]


@pytest.mark.shared
def test_drafts_of_noric_can_be_published_only_when_somebody_has_written_texts(shared: Path) -> None:
    path = shared / "data" / "norway" / "codebooks" / "NORIC_klokeboken_18.03.2025.csv"
    found = drafts_of(read_codebook(path).codebook, CATALOGUE.names)
    assert len(found.variables) == 855  # the rest are hidden, or the state of a form
    for draft in found.variables.values():
        NormedVariable.model_validate(draft)
        with pytest.raises(ValueError, match="is empty"):
            NormedVariable.model_validate(draft | {"status": "published"})
    written = shipped("noric").model_dump(by_alias=True, mode="json", exclude_none=True)
    form = json.loads(json.dumps(found.forms["Angio+PCI"]))
    with pytest.raises(ValueError, match="`en` is empty"):
        Definition.model_validate(written | {"variables": form, "orders": []})
    for variable in form.values():
        variable["label"] = {"nb": variable["label"]["nb"], "en": "written by somebody"}
    Definition.model_validate(written | {"variables": form, "orders": []})


# Units, formats


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("Høyde (cm)", ("Høyde", "cm")),
        ("Blodtrykk [mmHg] ", ("Blodtrykk", "mm[Hg]")),
        ("S-Kreatinin (mikromol/L)", ("S-Kreatinin", "umol/L")),
        ("Areal (cm²)", ("Areal", "cm2")),
        ("Funn (0-3)", ("Funn (0-3)", "")),
        ("(cm)", ("(cm)", "")),
        ("Høyde", ("Høyde", "")),
    ],
)
def test_a_unit_at_the_end_of_a_label(label: str, told: tuple[str, str]) -> None:
    assert unit_told(label) == told


def test_the_content_of_a_file_decides_its_format(tmp_path: Path) -> None:
    made = book(Field("A", "a", "date"))
    for name, content in (
        ("a.txt", questionnaire.write(made)),
        ("b", b"\xef\xbb\xbf" + questionnaire.write(made)),
        ("c.csv", plain.write(made)),
        ("d.json", openqreg.write(made)),
    ):
        (tmp_path / name).write_bytes(content)
        assert read_codebook(tmp_path / name).codebook.forms == made.forms
    (tmp_path / "e.json").write_text('{"title": 1}')
    for name in ("e.json", "missing.csv"):
        with pytest.raises(CodebookError, match=name):
            read_codebook(tmp_path / name)


# DCAT


ABOUT = About(Text(nb="Registre", en="Registries"), Text(nb="Alle", en="All"), "Testsykehuset HF")
#: What DCAT-AP-NO 3 makes mandatory.
MANDATORY = {
    "dcat:Catalog": ("dct:description", "dct:identifier", "dcat:contactPoint", "dct:title", "dct:publisher"),
    "dcat:Dataset": ("dct:description", "dcat:contactPoint", "dcat:theme", "dct:title", "dct:publisher"),
}


def test_registries_are_datasets_with_what_is_mandatory() -> None:
    whole = graph([shipped(name) for name in SLUGS], CATALOGUE, ABOUT)
    nodes = {node["@id"]: node for node in whole["@graph"]}
    assert len(nodes) == len(whole["@graph"])
    kinds = [node["@type"] for node in whole["@graph"]]
    assert (kinds.count("dcat:Catalog"), kinds.count("dcat:Dataset")) == (1, 2)
    for node in whole["@graph"]:
        assert all(node.get(key) for key in MANDATORY.get(node["@type"], ()))
    stroke = nodes["urn:registerbro:hjerneslag"]
    columns = stroke["csvw:tableSchema"]["csvw:column"]["@list"]
    assert [column["csvw:name"] for column in columns] == list(shipped("hjerneslag").variables)
    concepts = {column["dct:subject"]["@id"] for column in columns}
    assert concepts == {one["@id"] for one in stroke["dct:subject"]} <= nodes.keys()
    assert {one["@id"] for one in nodes["urn:registerbro:registries"]["dcat:dataset"]} <= nodes.keys()
    assert nodes["urn:registerbro:catalogue:smoking:1"]["skos:prefLabel"] == [
        {"@language": "nb", "@value": "Røyking"},
        {"@language": "en", "@value": "Smoking"},
        {"@language": "nn", "@value": "Røyking"},
    ]


def test_every_name_in_the_graph_is_of_a_known_vocabulary() -> None:
    whole = msgspec.to_builtins(graph([shipped(name) for name in SLUGS], CATALOGUE, ABOUT))
    json.dumps(whole)
    used = {name.partition(":")[0] for node in whole["@graph"] for name in _names(node)}
    assert used == CONTEXT.keys() - {"xsd"}


def _names(node: Any) -> Iterator[str]:
    """Keys that are no keywords, and the types."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "@type" and not str(value).startswith("xsd:"):
                yield value
            elif not key.startswith("@"):
                yield key
            yield from _names(value)
    elif isinstance(node, list):
        for one in node:
            yield from _names(one)


def test_a_concept_stands_for_one_version() -> None:
    first = CATALOGUE.variables["sex"].model_copy(update={"valid_to": None})
    second = first.model_copy(update={"version": 2})
    both = Catalogue({**CATALOGUE.variables, "sex": second}, {}, {}, {"sex": (first, second)})
    written = yaml.safe_load((DEFINITIONS / "noric" / "noric.yaml").read_text(encoding="utf-8"))
    written["variables"]["PATIENT_GENDER"]["normed"] = "sex@1"
    nodes = {one["@id"]: one for one in graph([Definition.model_validate(written)], both, ABOUT)["@graph"]}
    assert nodes["urn:registerbro:catalogue:sex:1"]["dct:isReplacedBy"] == {"@id": "urn:registerbro:catalogue:sex:2"}
