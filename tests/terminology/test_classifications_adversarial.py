"""Files that are broken, or made to do harm."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from terminology.classifications import ImportRefused, Wanted, load
from terminology.classifications import sources as files
from terminology.snomed.problems import MOST_PROBLEMS
from tests.terminology.classifications import FIXTURES, said, tree

HEAD = '<ClaML version="2.0.0"><Title name="ICD-10" version="1"/>'
CLASS = '<Class code="A00"><Rubric kind="preferred"><Label>{}</Label></Rubric></Class>'


@pytest.mark.parametrize(
    ("document", "match"),
    [
        ('<!DOCTYPE ClaML [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + HEAD + CLASS.format("&x;"), "declares"),
        ('<!DOCTYPE ClaML [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + HEAD + CLASS.format("&b;"), "declares"),
        ('<!DOCTYPE ClaML SYSTEM "x.dtd" [<!ELEMENT ClaML ANY>]>' + HEAD, "declares"),
        ("<!DOCTYPE ClaML [ ]>" + HEAD, "declares"),
        ("<!doctype ClaML\n[\n<!entity x 'y'>]>" + HEAD, "declares"),
        (HEAD + "<Class code='A00'>", "not well-formed"),
        (HEAD + "<Class" + " " * 100, "not well-formed"),
        (HEAD + CLASS.format("<Fragment>" * 1000 + "</Fragment>" * 1000) + "</ClaML>", "not well-formed"),
        ('<?xml version="1.0" encoding="UTF-7"?>' + HEAD, "encoding"),
        ('<?xml version="1.0" encoding="EBCDIC-CP-NO"?>' + HEAD, "encoding"),
    ],
)
def test_xml_that_declares_nests_or_breaks_is_refused(tmp_path: Path, document: str, match: str) -> None:
    (tmp_path / "x.xml").write_text(document + ("" if "</ClaML>" in document else "</ClaML>"))
    with pytest.raises(ImportRefused, match=match):
        load(tmp_path / "x.xml")


def test_utf16_cannot_hide_a_declaration(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes((HEAD + "</ClaML>").encode("utf-16"))
    with pytest.raises(ImportRefused, match="neither text, XML nor JSON"):
        load(tmp_path / "x.xml")


@pytest.mark.parametrize("place", [500_000, 999_996, 1_000_000, 1_500_000])
def test_a_declaration_deep_in_the_file_is_seen(tmp_path: Path, place: int) -> None:
    start = (HEAD + CLASS).partition("{")[0]
    (tmp_path / "x.xml").write_text(start + "a" * (place - len(start)) + "<!ENTITY x 'y'>")
    with pytest.raises(ImportRefused, match="declares"):
        load(tmp_path / "x.xml")


def test_the_grammar_that_a_document_names_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "ClaML.dtd").write_text('<!ENTITY x "from the grammar">')
    (tmp_path / "x.xml").write_text('<!DOCTYPE ClaML SYSTEM "ClaML.dtd">' + HEAD + CLASS.format("a &x; b") + "</ClaML>")
    (found,) = load(tmp_path / "x.xml").classifications
    code = found.entry("A00", ())
    assert code is not None
    assert "grammar" not in code.display


def test_refusals_say_the_place_and_no_content(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(HEAD + "\n<Class code='A00'><hemmelig></Class></ClaML>")
    with pytest.raises(ImportRefused, match=r"x\.xml:2:\d+") as refused:
        load(tmp_path / "x.xml")
    assert "hemmelig" not in str(refused.value)
    assert refused.value.__cause__ is None


def _code_system(**more: object) -> str:
    return json.dumps({"resourceType": "CodeSystem", "url": "http://x.org/y", "content": "complete"} | more)


def test_json_nested_without_end_is_refused(tmp_path: Path) -> None:
    deep = '{"code":"a","concept":[' * 50_000 + "]}" * 50_000
    text = _code_system(concept=[]).replace("[]", f"[{deep}]")
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(ImportRefused, match=r"x\.json"):
        load(tmp_path / "x.json")


def test_json_nested_deep_is_read(tmp_path: Path) -> None:
    concept: dict[str, object] = {"code": "c300", "display": "x"}
    for depth in range(299, -1, -1):
        concept = {"code": f"c{depth}", "display": "x", "concept": [concept]}
    (tmp_path / "x.json").write_text(_code_system(concept=[concept]))
    (found,) = load(tmp_path / "x.json").classifications
    assert len(found.ancestors("c300")) == 300


@pytest.mark.parametrize(
    ("concepts", "codes", "told"),
    [
        ([{"code": "a", "display": "x"}, {"code": 5}], ["a"], "Expected `str`, got `int` - at `$.code`"),
        ([{"code": "a", "display": "x"}, "b"], ["a"], "Expected `object`, got `str`"),
        ([{"code": "a", "display": ["x"]}, {"code": "b", "display": "y"}], ["b"], "Expected `str`, got `array`"),
        (
            [{"code": "a", "display": "x", "property": [{"code": "effectiveDate", "valueDateTime": "2020-13-01"}]}],
            ["a"],
            "is not a date",
        ),
        ([{"code": "a", "display": "x", "concept": [{"code": "a", "display": "x"}]}], ["a"], "its own ancestor"),
        (
            [{"code": "a", "display": "x", "property": [{"code": "parent", "valueCode": "b"}]}],
            ["a"],
            "parent of a is not",
        ),
    ],
)
def test_a_broken_concept_is_told_by_its_place(
    tmp_path: Path, concepts: list[object], codes: list[str], told: str
) -> None:
    (tmp_path / "x.json").write_text(_code_system(concept=concepts))
    (found,) = load(tmp_path / "x.json").classifications
    assert list(found.codes()) == codes
    (problem,) = said(tmp_path / "x.json")
    assert told in problem
    assert "concept[" in problem


@pytest.mark.parametrize(
    ("text", "codes", "told"),
    [
        ("Kode;Tekst\r\nA;en\r\nB;to\r\n", ["A", "B"], []),
        ("\ufeffKode;Tekst\nA;en\nB;to", ["A", "B"], []),
        ("Kode;Tekst\nA;en\n\n;;\nB;to\n", ["A", "B"], ["x.csv:4: row: 3 cells under 2 headers"]),
        ("Kode;Tekst\nA;en;mer\nB;to\n", ["B"], ["x.csv:2: row: 3 cells under 2 headers"]),
        ("Kode;Tekst\nA\nB;to\n", ["A", "B"], ["x.csv:2: row: A has no text"]),
        ("Kode;Tekst\n;en\nB;to\n", ["B"], ["x.csv:2: row: there is no code"]),
        (
            'Kode;Tekst\nA;"en\nog to"\nB;tre\nB;fire\n',
            ["A", "B"],
            ["x.csv:5: row: B stands here again (first at 4): the longest valid counts"],
        ),
        (
            "Kode;Tekst;Gyldig fra\nA;en;31.02.2020\nB;to;x\nC;tre;9999-12-31\n",
            ["A", "B", "C"],
            ["x.csv:2: from: not a date", "x.csv:3: from: not a date"],
        ),
        (
            "Kode;Tekst;Forelder\nA;en;B\nB;to;C\nC;tre;A\n",
            ["A", "B", "C"],
            ["x.csv:4: row: A above C makes C its own ancestor"],
        ),
    ],
)
def test_broken_rows_are_told_with_their_line(tmp_path: Path, text: str, codes: list[str], told: list[str]) -> None:
    (tmp_path / "x.csv").write_text(text, encoding="utf-8", newline="")
    loaded = load(tmp_path / "x.csv", Wanted("1.2.3"))
    assert list(loaded.classifications[0].codes()) == codes
    assert [str(problem) for problem in loaded.problems] == told


def test_a_quotation_mark_that_is_never_closed_is_told_and_reading_goes_on(tmp_path: Path) -> None:
    rows = "".join(f"C{number};{'x' * 100}\n" for number in range(3000))
    (tmp_path / "x.csv").write_text('Kode;Tekst\nA;en\nB;"to\n' + rows)
    loaded = load(tmp_path / "x.csv", Wanted("1.2.3"))
    codes = list(loaded.classifications[0].codes())
    assert codes[0] == "A"
    assert "C2999" in codes
    assert "x.csv:3: row: the row cannot be read" in str(loaded.problems[0])


def test_a_very_long_text_is_kept(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(_code_system(concept=[{"code": "a", "display": ("x" * 49 + " ") * 200_000}]))
    (found,) = load(tmp_path / "x.json").classifications
    code = found.entry("a", ())
    assert code is not None
    assert len(code.display) == 9_999_999


def test_a_file_that_is_wrong_all_over_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Kode;Tekst\n" + ";x\n" * (MOST_PROBLEMS + 1))
    with pytest.raises(ImportRefused, match=f"more than {MOST_PROBLEMS}"):
        load(tmp_path / "x.csv", Wanted("1.2.3"))


def test_an_archive_is_read_and_what_lies_beside_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "icd.zip", "w") as archive:
        archive.write(FIXTURES / "icd10.claml.xml", "en/icd10.xml")
        archive.writestr("en/ClaML.dtd", "<!ELEMENT ClaML ANY>")
    loaded = load(tmp_path / "icd.zip")
    (found,) = loaded.classifications
    assert tree(found)["I63.9"] == ("I63",)
    assert [problem.file for problem in loaded.problems] == ["ClaML.dtd"]


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LIMIT", 1_000)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.json", " " * 1_001)
    with pytest.raises(ImportRefused, match="larger than 1000 bytes"):
        load(tmp_path / "x.zip")


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as archive:
        archive.writestr("x.json", "{}")
    (tmp_path / "x.zip").write_bytes((tmp_path / "whole.zip").read_bytes()[20:])
    with pytest.raises(ImportRefused):
        load(tmp_path / "x.zip")
