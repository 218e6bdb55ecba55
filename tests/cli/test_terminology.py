"""`terminology`, `registry` and `synth`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fixtures.snomed import make_release
from tests.cli.conftest import Run


@pytest.fixture
def empty(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home without a release."""
    monkeypatch.setenv("REGISTERBRO_HOME", str(home.parent / "empty"))


@pytest.mark.usefixtures("empty")
def test_a_release_is_imported_listed_and_looked_up(run: Run, example: Path) -> None:
    assert run("terminology", "list", "--json")[:2] == (0, "[]\n")
    imported = run("terminology", "import", example, "--json")
    assert imported.code == 0
    report = json.loads(imported.out)
    assert (report["name"], report["problems"]) == ("51000202101-20260415", [])
    (listed,) = json.loads(run("terminology", "list", "--json").out)
    assert {key: listed[key] for key in ("name", "edition", "version")} == {
        key: report[key] for key in ("name", "edition", "version")
    }
    assert (listed["system"], listed["kind"]) == ("http://snomed.info/sct", "snomed")
    assert run("terminology", "list").out.startswith("51000202101-20260415\t")
    assert run("terminology", "import", example).out.endswith("; it was there already\n")
    again = run("terminology", "import", example, "--name", "other")
    assert (again.code, len(json.loads(run("terminology", "list", "--json").out))) == (0, 2)
    only = run("terminology", "list", "--release", "other", "--json")
    assert [one["name"] for one in json.loads(only.out)] == ["other"]
    assert run("terminology", "list", "--release", "third").word == "registerbro: there is no release called 'third'"


@pytest.mark.usefixtures("empty")
def test_a_preview_is_imported_under_the_version_that_is_stated(run: Run, example: Path) -> None:
    stated = "http://snomed.info/xsct/900000000000207008/version/20250814"
    report = json.loads(run("terminology", "import", example, "--version", stated, "--json").out)
    assert (report["name"], report["new"]) == ("900000000000207008-20250814", True)
    assert (report["edition"], report["version"]) == ("http://snomed.info/sct/900000000000207008", "20250814")
    wrong = run("terminology", "import", example, "--version", "2025")
    assert wrong.code == 2
    assert "http://snomed.info/sct/MODULE/version/YYYYMMDD" in wrong.word


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_what_is_no_port_is_refused(run: Run, port: str) -> None:
    ended = run("terminology", "serve", "--port", port)
    assert (ended.code, "--port" in ended.err) == (2, True)


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 cut short"])
def test_what_is_no_zip_archive_is_called_that(run: Run, tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "SnomedCT.zip"
    archive.write_bytes(content)
    ended = run("terminology", "import", archive)
    assert (ended.code, "SnomedCT.zip is no zip archive, or only the beginning of one" in ended.word) == (2, True)


@pytest.mark.usefixtures("empty")
def test_a_broken_row_is_code_3_with_file_and_line_and_the_rest_is_imported(
    run: Run, example: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "rf2"
    shutil.copytree(example, copy)
    (file,) = copy.rglob("sct2_Concept_*")
    lines = file.read_bytes().split(b"\r\n")
    lines[5] = lines[5].rsplit(b"\t", 1)[0]
    file.write_bytes(b"\r\n".join(lines))
    ended = run("terminology", "import", copy, "--json")
    assert ended.code == 3
    report = json.loads(ended.out)
    assert len(report["problems"]) >= 1
    assert report["problems"][0].startswith(f"{file.name}:6: ")
    assert any(line.startswith(f"{file.name}:6: ") for line in ended.err.splitlines())
    assert json.loads(run("terminology", "list", "--json").out) != []


@pytest.mark.usefixtures("empty")
def test_development_begins_with_the_example_release_and_says_so(run: Run) -> None:
    ended = run("terminology", "ecl", "<< 230690007", "--count")
    assert (ended.code, int(ended.out) > 3, "example release" in ended.err) == (0, True, True)
    assert run("terminology", "ecl", "<< 230690007", "--count").err == ""


def test_a_concept_is_shown_with_terms_parents_and_history(run: Run) -> None:
    shown = json.loads(run("terminology", "lookup", "230690007", "--json").out)
    assert (shown["code"], shown["active"], shown["display"]) == ("230690007", True, "hjerneslag")
    assert {"language": "en", "use": "synonym", "active": True, "term": "Stroke"} in shown["descriptions"]
    assert shown["version"] == "http://snomed.info/sct/51000202101/version/20260415"
    assert list(shown["parents"]) == ["62914000"]
    text = run("terminology", "lookup", "230690007").out.splitlines()
    assert text[0] == "230690007  hjerneslag"
    assert "  is a  62914000  cerebrovaskulær sykdom" in text
    retired = json.loads(run("terminology", "lookup", "90111000202104", "--json").out)
    assert (retired["active"], [h["target"] for h in retired["history"]]) == (False, ["230690007"])
    assert retired["replaced_by"] == "230690007"


def test_an_expression_selects_in_order(run: Run) -> None:
    told = json.loads(run("terminology", "ecl", "< 422504002", "--json").out)
    codes = [int(concept["code"]) for concept in told["concepts"]]
    assert (told["total"], codes) == (len(codes), sorted(codes))
    assert 432504007 in codes
    lines = run("terminology", "ecl", "< 422504002").out.splitlines()
    assert [int(line.split("\t")[0]) for line in lines] == codes
    assert run("terminology", "ecl", "< 422504002", "--count").out == f"{len(codes)}\n"


def test_registries_are_listed_with_who_fills_what(run: Run) -> None:
    told = {one["registry"]: one for one in json.loads(run("registry", "list", "--json").out)}
    assert list(told) == ["hjerneslag", "noric"]
    assert told["hjerneslag"]["variables"]["NIHSSinnkomst"] == "automatic"
    text = run("registry", "list").out.splitlines()
    assert text[0].startswith("hjerneslag\tv2 active\tNorsk hjerneslagregister\t")


def test_schemas_are_printed(run: Run) -> None:
    assert run("registry", "schema", "noric").out.startswith("<?xml")
    assert json.loads(run("registry", "json-schema").out)["title"] == "Definition"


def test_the_same_seed_writes_the_same_hospital(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        ended = run("synth", "--patients", 5, "--seed", 3, "--out", tmp_path / name, "--json")
        assert (ended.code, json.loads(ended.out)["patients"]) == (0, 5)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert {"Patient.ndjson", "truth.csv"} <= one.keys()
    assert "5 patients" in run("synth", "--patients", 5, "--out", tmp_path / "three").out


def test_terms_are_found_by_beginnings_of_words_and_in_spite_of_mistakes(run: Run) -> None:
    for asked in ("hjerneslag", "hjerneslg", "okkl hjerneslag", "HJERNESL"):
        first = run("terminology", "search", asked).out.splitlines()
        assert any("hjerneslag" in line for line in first), asked
    assert run("terminology", "search", "HJERNESL").out.startswith("230690007\thjerneslag")
    found = json.loads(run("terminology", "search", "hjerneslag", "--json", "--ecl", "< 230690007").out)
    assert found["total"] == len(found["hits"]) > 0
    assert "230690007" not in [hit["code"] for hit in found["hits"]]
    assert run("terminology", "search", "stroke", "--lang", "en").out.startswith("230690007\tStroke")
    assert run("terminology", "search", "hjerneslag", "--ecl", "<").code == 2


def test_files_of_expressions_are_printed_in_one_form_and_errors_name_the_column(run: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ecl", tmp_path / "bad.ecl"
    good.write_text('descendantorselfof 73211009|diabetes| and ^ 447562003 {{m mapTarget="E1"}}', encoding="utf-8")
    bad.write_text("<< 73211009 OR", encoding="utf-8")
    ended = run("terminology", "ecl", "--parse", good, bad)
    assert ended.code == 2
    assert ended.out == 'good.ecl\t<< 73211009 |diabetes| AND ^ 447562003 {{ M mapTarget = "E1" }}\n'
    assert ended.err.startswith("bad.ecl: ")
    assert "at column 15" in ended.err


def test_member_fields_are_rows(run: Run) -> None:
    told = json.loads(run("terminology", "ecl", "^ [mapTarget] 447562003", "--json").out)
    assert told["total"] == len(told["rows"]) == 9
    assert set(told["rows"][0]) == {"mapTarget"}


def test_maps_are_evaluated_and_turned_round(run: Run) -> None:
    shown = json.loads(run("terminology", "map", "447562003", "4855003", "--json").out)
    assert (shown["status"], shown["targets"]) == ("target", ["E14.3", "H36.0"])
    asked = ("terminology", "map", "extended", "73211009")
    assert json.loads(run(*asked, "--json").out)["status"] == "undecided"
    known = json.loads(run(*asked, "--finding", "44054006", "--age", "50", "--sex", "F", "--json").out)
    assert known["targets"] == ["E11.9"]
    back = json.loads(run("terminology", "map", "447562003", "E119", "--reverse", "--json").out)
    assert [one["concept"] for one in back["concepts"]] == ["73211009"]
    assert run("terminology", "map", "447562003", "230690007", "--sex", "x").code == 2
    assert run("terminology", "map", "no such map", "230690007").err.count("names 0 maps") == 1


@pytest.mark.usefixtures("empty")
def test_a_release_does_not_differ_from_itself(run: Run, example: Path) -> None:
    run("terminology", "import", example, "--name", "a")
    run("terminology", "import", example, "--name", "b")
    told = json.loads(run("terminology", "diff", "a", "b", "--json").out)
    assert set(told["counts"].values()) == {0}


@pytest.mark.usefixtures("empty")
def test_a_classification_lies_beside_the_releases(run: Run, example: Path) -> None:
    table = Path(make_release.HERE).parent / "classifications" / "icd10.claml.xml"
    imported = json.loads(run("terminology", "import", table, "--json").out)
    (system,) = imported["systems"]
    listed = json.loads(run("terminology", "list", "--json").out)
    assert [(one["name"], one["kind"]) for one in listed] == [(system["name"], "classification")]
    (hit, *_) = json.loads(run("terminology", "search", "hjern", "--release", system["name"], "--json").out)["hits"]
    shown = json.loads(
        run("terminology", "lookup", hit["code"].replace(".", ""), "--release", system["name"], "--json").out
    )
    assert (shown["code"], shown["system"]) == (hit["code"], system["uri"])
    assert run("terminology", "import", table, example).code == 2
