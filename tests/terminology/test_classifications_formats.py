"""Each format, on a tiny file: what becomes of its codes, texts, hierarchy, dates and properties."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from terminology.classifications import ImportRefused, Wanted, is_rf2, load, parse_columns
from terminology.codes import ATC, ICD10, ICPC2, LOINC, NCMP, NCRP, NCSP, NLK, VOLVEN
from terminology.systems import Designation
from tests.terminology.classifications import FIXTURES, entry, example, said, tree


def test_claml_texts_are_told_apart_by_rubric_and_language() -> None:
    icd10 = example("icd10.claml.xml")
    assert (icd10.uri, icd10.version, icd10.title) == (ICD10, "2025", "ICD-10, et lite utdrag til prøve")
    assert entry(icd10, "I63").designations == (
        Designation("nb", "Infarkt i hjernen", "preferred"),
        Designation("nb", "propp i en hjernearterie", "inclusion"),
        Designation("nb", "følger av infarkt (I69.3)", "exclusion"),
    )
    assert entry(icd10, "I63.9").designations[1] == Designation("nb", "Infarkt i hjernen: ikke nærmere sagt", "fsn")
    assert entry(icd10, "I63.0", "en").display == "Clot in the neck"
    assert entry(icd10, "I64").display == "Slag2 uten bilde"


def test_claml_properties_are_kind_usage_meta_and_other_rubrics() -> None:
    icd10 = example("icd10.claml.xml")
    assert entry(icd10, "I60-I69").properties == (("kind", "block"), ("note", "Brukes bare i prøver"))
    assert entry(icd10, "I63.0").properties == (("kind", "category"), ("Reported", "yes"))
    assert entry(icd10, "I64").properties == (("kind", "category"), ("usage", "aster"))


def test_claml_hierarchy_is_told_from_either_side_and_modifiers_make_codes() -> None:
    icd10 = example("icd10.claml.xml")
    assert tree(icd10) == {
        "I60-I69": ("IX",),
        "I63": ("I60-I69",),
        "I63.0": ("I63",),
        "I63.01": ("I63.0",),
        "I63.02": ("I63.0",),
        "I63.9": ("I63",),
        "I64": ("I60-I69",),
        "IX": (),
    }
    assert entry(icd10, "I63.02").display == "Propp i halsens årer: venstre side"
    assert entry(icd10, "I63.02").properties == (("modifier", "SIDE_5"),)


_CLAML = """<ClaML version="3.0.0" xmlns="urn:anything"><Title name="icd-10" version="1"/>
<ModifierClass modifier="M" code="0"><Rubric kind="preferred"><Label>null</Label></Rubric></ModifierClass>
{}</ClaML>"""
_CLASS = '<Class code="{}" kind="category">{}<Rubric kind="preferred"><Label>{}</Label></Rubric></Class>'


def _claml(tmp_path: Path, *classes: tuple[str, str]) -> Path:
    file = tmp_path / "some.xml"
    text = "".join(_CLASS.format(code, inside, code.lower()) for code, inside in classes)
    file.write_text(_CLAML.format(text), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("classes", "codes", "told"),
    [
        ([("A00", '<ModifiedBy code="M"/>')], ["A00", "A00.0"], ""),
        ([("A00", '<ModifiedBy code="M"/><ExcludeModifier code="M"/>')], ["A00"], ""),
        ([("A00", '<ModifiedBy code="M"/><ModifiedBy code="N"/>')], ["A00"], "the modifiers of A00 make no codes"),
        (
            [("A00", '<SubClass code="A00.1"/><ModifiedBy code="M"/>'), ("A00.1", "")],
            ["A00", "A00.1"],
            "the modifiers of A00 make no codes",
        ),
        ([("A00", '<SubClass code="A09"/>')], ["A00"], "a subclass of A00 is not in the document"),
        ([("A00", '<SuperClass code="I"/>')], ["A00"], "the parent of A00 is not in the file"),
        ([("A00", ""), ("A00", "")], ["A00"], ""),
        ([("A00", ""), ("", "")], ["A00"], "there is no code"),
    ],
)
def test_claml_3_with_a_namespace(tmp_path: Path, classes: list[tuple[str, str]], codes: list[str], told: str) -> None:
    loaded = load(_claml(tmp_path, *classes))
    assert [list(one.codes()) for one in loaded.classifications] == [codes]
    assert told in " ".join(map(str, loaded.problems))
    assert bool(told) == bool(loaded.problems)


def test_a_claml_document_that_does_not_say_its_system_needs_to_be_told(tmp_path: Path) -> None:
    file = tmp_path / "gm.xml"
    file.write_text('<ClaML><Title name="ICD-10-GM-2025"/>' + _CLASS.format("A00", "", "a") + "</ClaML>")
    with pytest.raises(ImportRefused, match="which code system"):
        load(file)
    (found,) = load(file, Wanted(system="1.2.276.0.76.5.409", version="2025")).classifications
    assert (found.uri, found.version) == ("urn:oid:1.2.276.0.76.5.409", "2025")


def test_the_directorates_json_has_parents_dates_and_short_texts() -> None:
    icd10 = example("icd10.json")
    assert (icd10.uri, icd10.title) == (ICD10, "ICD-10")
    assert tree(icd10)["I63.9"] == ("I63",)
    assert tree(icd10)["I60-I69"] == ("IX",)
    found = entry(icd10, "I639")
    assert (found.code, found.display, found.active) == ("I63.9", "Infarkt i hjernen, ikke nærmere sagt", True)
    assert found.designations[1] == Designation("nb", "Infarkt i hjernen UNS", "synonym")
    assert found.properties == (("Rapporteres_til_NPR", "Ja"),)
    gone = entry(icd10, "I63.7")
    assert (gone.active, gone.valid_from, gone.valid_to) == (False, date(1999, 1, 1), date(2004, 12, 31))


def test_a_system_that_is_not_known_is_told_once_and_left_out() -> None:
    assert tree(example("icpc2.csv")) == {"K": (), "K01": ("K",), "K90": ("K",)}
    assert example("icpc2.csv").uri == ICPC2
    assert said(FIXTURES / "icpc2.csv") == [
        "icpc2.csv:5: row: rows of code system ICPC-2B are left out: it is not known"
    ]


def test_one_file_of_procedures_is_three_code_systems_by_prefix() -> None:
    found = {one.uri: one for one in load(FIXTURES / "procedures_2025.csv").classifications}
    assert list(found) == [NCSP, NCMP, NCRP]
    assert {one.version for one in found.values()} == {"2025"}
    assert tree(found[NCSP]) == {"F": (), "FN": ("F",), "FNQ": ("FN",), "FNQ98": ("FNQ",), "FNQ99": ("FNQ",)}
    assert found[NCSP].descendants("F") == {"FN", "FNQ", "FNQ98", "FNQ99"}
    assert not entry(found[NCSP], "fnq99").active


def test_nlk_keeps_what_an_analysis_is_made_of() -> None:
    nlk = example("nlk_7280.77.csv")
    assert (nlk.uri, nlk.version, nlk.title) == (NLK, "7280.77", "Norsk laboratoriekodeverk")
    assert tree(nlk) == {"NOR99003": (), "NPU99001": (), "NPU99002": ()}
    assert entry(nlk, "NOR99003").display == "B-Annet, til prøve"
    old = entry(nlk, "NPU99002")
    assert old.properties[0] == ("Erstattes av", "NPU99001")
    assert (old.active, old.valid_to) == (False, date(2020, 12, 31))


def test_atc_levels_are_prefixes_and_each_dose_keeps_its_unit() -> None:
    atc = example("atc.csv")
    assert atc.uri == ATC
    assert tree(atc) == {"B": (), "B01": ("B",), "B01A": ("B01",), "B01AC": ("B01A",), "B01AC99": ("B01AC",), "C": ()}
    assert entry(atc, "B01AC99").properties == (
        *(("ddd", "75"), ("uom", "mg"), ("adm_r", "O")),
        *(("ddd", "10"), ("uom", "mg"), ("adm_r", "P")),
    )
    assert said(FIXTURES / "atc.csv") == []


def test_loinc_has_parts_above_its_terms_and_translations() -> None:
    loinc = example("loinc", Wanted(version="2.78"))
    assert (loinc.uri, loinc.version) == (LOINC, "2.78")
    assert tree(loinc) == {
        "99901-1": ("LP99900-0", "LP99901-8"),
        "99902-9": ("LP99901-8",),
        "99903-7": (),
        "LP99900-0": (),
        "LP99901-8": ("LP99900-0",),
    }
    assert loinc.subsumes("LP99900-0", "99902-9")
    assert entry(loinc, "99901-1", "sv").display == "Trialin i blod"
    assert entry(loinc, "99902-9", "sv").display == "Trialin [massa/volym] i urin"
    assert entry(loinc, "99901-1").display == "Trialine [Mass/volume] in Blood"
    assert ("STATUS", "DEPRECATED") in entry(loinc, "99903-7").properties
    assert not entry(loinc, "99903-7").active


def test_loinc_is_also_its_table_alone() -> None:
    loinc = example("loinc/LoincTable/Loinc.csv")
    assert tree(loinc) == {"99901-1": (), "99902-9": (), "99903-7": ()}


def test_fhir_hierarchy_is_nesting_and_properties_in_both_directions() -> None:
    found = example("list.codesystem.json")
    assert (found.uri, found.version) == ("http://example.org/fhir/CodeSystem/stroke-unit", "1.2")
    assert found.head.aliases == ("urn:oid:1.3.6.1.4.1.99999.1",)
    assert tree(found) == {
        "acute": ("unit",),
        "gone": (),
        "late": ("none", "rehab"),
        "none": (),
        "old": (),
        "rehab": ("unit",),
        "rehab-home": ("rehab",),
        "unit": (),
    }
    assert found.descendants("unit") == {"acute", "late", "rehab", "rehab-home"}


def test_fhir_texts_status_and_dates() -> None:
    found = example("list.codesystem.json")
    assert entry(found, "unit").designations == (
        Designation("nb", "Slagenhet", "preferred"),
        Designation("nb", "Et sted med senger og et lag", "definition"),
        Designation("nn", "Slageining", "preferred"),
        Designation("en", "Stroke unit (place)", "fsn"),
        Designation("en", "Stroke ward", "synonym"),
    )
    assert entry(found, "acute").properties == (("beds", "4"),)
    assert entry(found, "acute").valid_from == date(2020, 1, 1)
    assert [code for code in found.codes() if not entry(found, code).active] == ["gone", "late", "old"]


def test_a_bundle_holds_several_and_the_rest_is_told() -> None:
    loaded = load(FIXTURES / "bundle.json")
    assert [one.uri for one in loaded.classifications] == [
        VOLVEN + "1101",
        "http://example.org/fhir/CodeSystem/colour",
    ]
    assert list(loaded.classifications[1].codes()) == ["b", "r"]
    assert [(one.column, one.text) for one in loaded.problems] == [
        ("entry[1].concept[1]", "Object missing required field `code`"),
        (
            "entry[2]",
            "the content of http://example.org/fhir/CodeSystem/more is supplement: only complete ones are read",
        ),
        ("entry[3]", "not a CodeSystem but a ValueSet"),
    ]


def test_an_identifier_that_is_known_decides_over_a_url_that_is_not(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(
        '{"resourceType":"CodeSystem","url":"http://example.org/icd","content":"complete","identifier":'
        '[{"value":"urn:oid:2.16.578.1.12.4.1.1.7110"}],"concept":[{"code":"I63.9"},{"code":"i63"}]}'
    )
    (found,) = load(file).classifications
    assert (found.uri, found.head.aliases) == (ICD10, ("http://example.org/icd",))
    assert tree(found) == {"I63": (), "I63.9": ("I63",)}
    assert [one.text for one in load(file).problems] == ["I639 has no text", "I63 has no text"]


@pytest.mark.shared
def test_the_real_volven_lists_are_code_systems_each(shared: Path) -> None:
    loaded = load(shared / "data" / "norway" / "volven" / "volven_codes_extracted.json")
    assert len(loaded.classifications) == 970
    assert sum(map(len, loaded.classifications)) == 15_574
    by_uri = {one.uri: one for one in loaded.classifications}
    assert entry(by_uri[VOLVEN + "8406"], "1").display == "Døgnopphold"
    assert entry(by_uri[VOLVEN + "3410"], "SS").display == "Sør-Sudan"  # no-break space after it
    assert by_uri[VOLVEN + "8131"].has("1")  # no-break space before it
    assert {problem.text.split(" ", 1)[1] for problem in loaded.problems} == {"has no text"}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("code=Kode", {"code": ("Kode",)}),
        ("code=Nr, display=Navn ,display@nn=Namn", {"code": ("Nr",), "display": ("Navn",), "display@nn": ("Namn",)}),
        ("code=A,code=B", {"code": ("A", "B")}),
    ],
)
def test_columns_are_written_as_field_and_header(text: str, columns: dict[str, tuple[str, ...]]) -> None:
    assert parse_columns(text) == columns


@pytest.mark.parametrize(
    "text", ["", "code", "kode=Kode", "display=Tekst", "code=Kode,parent@nn=X", "code=K,display@=X"]
)
def test_columns_that_are_not_are_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"FIELD=HEADER|no column is the code"):
        parse_columns(text)


def test_columns_say_what_no_layout_knows(tmp_path: Path) -> None:
    file = tmp_path / "lokalt.tsv"
    file.write_bytes("Nr\tNavn\tUnder\tStatus\tFarge\nA1\tæble\t\t\trød\nA2\tpære\tA1\tUtgått\t\n".encode("cp1252"))
    columns = parse_columns("code=Nr,display=Navn,parent=Under,status=status")
    (found,) = load(file, Wanted("1.2.3", "1", columns)).classifications
    assert tree(found) == {"A1": (), "A2": ("A1",)}
    assert (entry(found, "A1").display, entry(found, "A1").properties) == ("æble", (("Farge", "rød"),))
    assert not entry(found, "A2").active


@pytest.mark.parametrize(
    ("name", "text", "wanted", "match"),
    [
        ("x.csv", "Navn;Tekst\na;b\n", Wanted(), "no column is known"),
        ("x.csv", "Kode;Tekst\na;b\n", Wanted(), "which code system"),
        ("x.csv", "Kode;Tekst\na;b\n", Wanted("no system"), "neither the URI"),
        ("x.csv", "Kode;Tekst\n", Wanted("1.2.3"), "there is no classification"),
        ("x.csv", "", Wanted("1.2.3"), "no header line"),
        ("x.csv", "Kode;Tekst\na;b\n", Wanted("1.2.3", None, {"code": ("Nr",)}), "column for the code"),
        ("x.xml", "<CodeSystem/>", Wanted(), "XML of CodeSystem"),
        ("x.json", '{"resourceType":"Patient"}', Wanted(), "not a CodeSystem but a Patient"),
        ("x.json", '{"a":', Wanted(), "not readable"),
        ("x.json", "[1, 2]", Wanted(), "no objects"),
        ("x.bin", "a\0b", Wanted(), "neither text"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, text: str, wanted: Wanted, match: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ImportRefused, match=match):
        load(tmp_path / name, wanted)


@pytest.mark.parametrize(
    ("name", "system"),
    [("icd-10 2025.csv", ICD10), ("ICPC2.csv", ICPC2), ("alle_ncsp.csv", NCSP), ("nlk.txt", NLK)],
)
def test_a_table_may_say_its_system_in_its_name(tmp_path: Path, name: str, system: str) -> None:
    (tmp_path / name).write_text("Kode|Tekst\nA1|noe\n")
    (found,) = load(tmp_path / name).classifications
    assert found.uri == system


@pytest.mark.parametrize("name", ["patches.csv", "icpc2b.csv", "ncsp-ncmp.csv"])
def test_a_name_that_says_no_system_or_several_does_not(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Kode|Tekst\nA1|noe\n")
    with pytest.raises(ImportRefused, match="which code system"):
        load(tmp_path / name)


def test_rf2_is_told_from_classifications(example: Path) -> None:
    assert is_rf2(example)
    assert is_rf2(example.parent)
    assert not is_rf2(FIXTURES)
    assert not is_rf2(FIXTURES / "missing")
