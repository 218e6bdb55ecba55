"""`catalogue`: list, show, search, usage, candidates, import, export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registries.catalogue import load_catalogue
from tests.cli.conftest import Ended, Run

BOOK = """skjemanavn;ledetekst;type;listeverdier;listetekst;desimaler;variabel_id
Innkomst;Røyking;Listevariabel;1;Aldri røykt;;ROYK
Innkomst;Røyking;Listevariabel;2;Har sluttet;;ROYK
Innkomst;Røyking;Listevariabel;3;Røyker;;ROYK
Innkomst;Høyde (cm);Tallvariabel;;;0;HOYDE
Utskrivelse;Høyde (cm);Tallvariabel;;;0;HOYDE_UT
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A small codebook."""
    path = tmp_path / "bok.csv"
    path.write_text(BOOK, encoding="utf-8")
    return path


def test_variables_are_listed_as_they_are_valid(run: Run) -> None:
    ended = run("catalogue", "list")
    assert (ended.code, len(ended.out.splitlines())) == (0, len(load_catalogue().variables))
    assert "smoking@1\tcode\tRøyking / Smoking" in ended.out.splitlines()
    assert "weight@1\tdecimal kg\tVekt / Weight" in ended.out.splitlines()
    assert run("catalogue", "list", "--at", "2020-01-01").out == ended.out
    assert {one["name"] for one in json.loads(run("catalogue", "list", "--json").out)} == set(
        load_catalogue().variables
    )


def test_a_variable_is_shown_with_everything_and_everyone(run: Run) -> None:
    ended = run("catalogue", "show", "smoking")
    lines = ended.out.splitlines()
    assert (ended.code, lines[0]) == (0, "smoking@1")
    assert "  Normeringsnivå / Norming level: veileder / guide" in lines
    assert "    former\tHar sluttet / Former smoker" in lines
    assert "    noric@2\tREGANGIO_SMOKING_STATUS\tcode\t0=never, 1=former, 2=current, 9=unknown" in lines
    assert "    male [1]\tMann / Male" in run("catalogue", "show", "sex").out.splitlines()
    told = json.loads(run("catalogue", "show", "smoking@1", "--json").out)
    assert (told["name"], told["version"], told["versions"], told["norming"]) == ("smoking", 1, [1], "guide")
    assert [use["registry"] for use in told["used_by"]] == ["hjerneslag", "noric"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("smoking@2", "the catalogue has no 'smoking@2'; smoking has version 1"),
        ("diabet", "the catalogue has no variable 'diabet'; did you mean `diabetes`?"),
        ("xyzzy", "the catalogue has no variable 'xyzzy'"),
    ],
)
def test_a_variable_that_is_not_there_is_refused_with_what_was_meant(run: Run, name: str, told: str) -> None:
    for command in ("show", "usage"):
        ended = run("catalogue", command, name)
        assert (ended.code, ended.word) == (2, f"registerbro: {told}")


def test_words_find_variables(run: Run) -> None:
    assert run("catalogue", "search", "royk").out == "smoking@1\tcode\tRøyking / Smoking\n"
    assert json.loads(run("catalogue", "search", "royk", "--json").out)[0]["name"] == "smoking"
    assert run("catalogue", "search", "xyzzy")[:2] == (0, "")


def test_usage_is_told_of_one_variable_and_of_all(run: Run) -> None:
    lines = run("catalogue", "usage", "diabetes").out.splitlines()
    assert lines == [
        "diabetes@1\thjerneslag@2\tPreDiabetes\tcode\t1=yes, 2=no, 9=unknown",
        "diabetes@1\tnoric@2\tREGANGIO_DIABETES\tcode\t0=no, 1=yes, 9=unknown",
    ]
    every = json.loads(run("catalogue", "usage", "--json").out)
    assert {use["registry"] for use in every} >= {"hjerneslag", "noric"}


def test_candidates_are_told_with_their_reasons(run: Run, book: Path) -> None:
    assert run("catalogue", "candidates")[:2] == (0, "")
    ended = run("catalogue", "candidates", book)
    lines = ended.out.splitlines()
    assert "95\tsmoking (catalogue)\tROYK (bok: Innkomst)" in lines
    assert "  samme etikett: Røyking / same label: Røyking" in lines
    assert "  samme enhet: cm / same unit: cm" in lines
    assert "HOYDE_UT (bok: Utskrivelse)" in ended.out
    pairs = json.loads(run("catalogue", "candidates", book, "--json", "--within").out)
    assert {(pair["one"]["name"], pair["other"]["name"]) for pair in pairs} == {
        ("smoking", "ROYK"),
        ("height", "HOYDE"),
        ("height", "HOYDE_UT"),
        ("HOYDE", "HOYDE_UT"),
    }
    few = run("catalogue", "candidates", book, "--limit", "1")
    assert few.err == "2 more pairs: --limit shows them\n"


def test_a_codebook_becomes_a_folder_of_drafts_that_loads(run: Run, book: Path, tmp_path: Path) -> None:
    out = tmp_path / "drafts"
    ended = run("catalogue", "import", book, "--out", out)
    assert (ended.code, ended.out) == (0, "bok: 2 forms, 3 fields, 3 values, 0 remarks\n")
    drafts = load_catalogue(out)
    assert list(drafts.variables) == ["royk", "hoyde", "hoyde-ut"]
    assert {one.status for one in drafts.variables.values()} == {"draft"}
    assert sorted(path.name for path in (out / "definitions").iterdir()) == ["innkomst.yaml", "utskrivelse.yaml"]
    again = run("catalogue", "import", book, "--out", out)
    assert (again.code, again.word) == (2, f"registerbro: {out} is not empty: nothing was written")


def test_a_broken_row_is_code_3_and_the_rest_is_told(run: Run, book: Path) -> None:
    book.write_text(BOOK + "Innkomst;x;Tekst;;;;X\n", encoding="utf-8")
    ended = run("catalogue", "import", book, "--json")
    assert ended.code == 3
    told = json.loads(ended.out)
    assert (told["forms"], told["fields"], told["values"], told["drafts"]) == (2, 3, 3, 3)
    assert [problem["place"] for problem in told["problems"]] == ["7: type"]
    assert ended.err.startswith("bok.csv:7: type: there is no type 'Tekst'")


def test_what_is_no_codebook_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a;b\n", encoding="utf-8")
    for command in ("import", "candidates"):
        ended = run("catalogue", command, path)
        assert (ended.code, "no OpenQReg codebook" in ended.word) == (2, True)


@pytest.mark.parametrize("form", ["csv", "questionnaire", "json"])
def test_what_is_exported_can_be_imported(run: Run, form: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("catalogue", "export", "noric", "--format", form, "--out", out)[:2] == (0, "")
    told = json.loads(run("catalogue", "import", out, "--json").out)
    assert (told["forms"], told["fields"], told["problems"]) == (1, 32, [])
    printed = run("catalogue", "export", "noric", "--format", form)
    assert (printed.code, printed.out) == (0, out.read_text(encoding="utf-8"))


def test_all_registries_are_exported_together(run: Run) -> None:
    csv = run("catalogue", "export", "--format", "csv").out
    assert {line.split('"')[1] for line in csv.splitlines()[1:] if line.startswith('"')} >= {
        "Norsk hjerneslagregister",
        "Norsk register for invasiv kardiologi",
    }
    every = json.loads(run("catalogue", "export", "--format", "json").out)
    assert len(every) == len(load_catalogue().variables)
    whole = json.loads(run("catalogue", "export", "--format", "dcat").out)
    datasets = [node["dct:identifier"] for node in whole["@graph"] if node["@type"] == "dcat:Dataset"]
    assert set(datasets) >= {"urn:registerbro:hjerneslag", "urn:registerbro:noric"}
    one = json.loads(run("catalogue", "export", "noric", "--format", "dcat").out)
    assert [node["@id"] for node in one["@graph"] if node["@type"] == "dcat:Dataset"] == ["urn:registerbro:noric"]


def test_a_registry_that_is_not_there_is_refused(run: Run) -> None:
    ended = run("catalogue", "export", "nothing", "--format", "csv")
    assert (ended.code, "there is no registry called 'nothing'" in ended.word) == (2, True)


def test_a_place_that_cannot_be_written_is_refused(run: Run, book: Path, tmp_path: Path) -> None:
    missing = tmp_path / "no" / "such" / "file"
    assert run("catalogue", "export", "noric", "--format", "csv", "--out", missing).code == 2
    assert run("catalogue", "import", book, "--out", book).code == 2


EDITED = """\
weekday:
  status: draft
  label: {nb: Ukedag, en: Weekday}
  definition: {nb: Dagen i uken., en: The day of the week.}
  type: integer
  range: {hard: [1, 7]}
"""


def _edited(run: Run, folder: Path, text: str, by: str = "Kari Nordmann") -> Ended:
    path = folder / "edited.yaml"
    path.write_text(text, encoding="utf-8")
    return run("catalogue", "edit", path, "--by", by)


def test_a_variable_is_edited_and_then_seen_everywhere(run: Run, tmp_path: Path) -> None:
    assert _edited(run, tmp_path, EDITED).out == "weekday@1: kept\n"
    assert _edited(run, tmp_path, EDITED).out == "nothing differs from what is kept already\n"
    assert _edited(run, tmp_path, EDITED.replace("status: draft", "status: published"), "Ola").code == 0
    assert "weekday@1\tinteger\tUkedag / Weekday" in run("catalogue", "list").out
    assert run("catalogue", "search", "ukedag").out.startswith("weekday@1")
    shown = run("catalogue", "show", "weekday").out.splitlines()
    assert [line.split("\t")[1:] for line in shown[-2:]] == [
        ["weekday@1", "draft", "Kari Nordmann"],
        ["weekday@1", "published", "Ola"],
    ]
    assert [one["by"] for one in json.loads(run("catalogue", "show", "weekday", "--json").out)["changes"]] == [
        "Kari Nordmann",
        "Ola",
    ]


def test_a_definition_can_use_what_was_edited(run: Run, home: Path, tmp_path: Path) -> None:
    assert run("registry", "new", "weekly").code == 0
    path = home / "definitions" / "weekly" / "weekly.yaml"
    more = "  Dag:\n    normed: weekday\n    label: {nb: Dag, en: Day}\n    type: integer\n    automation: manual\n"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert "the catalogue has no variable 'weekday'" in run("registry", "check", "weekly").out
    _edited(run, tmp_path, EDITED)
    assert run("registry", "check", "weekly").code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (EDITED.replace("type: integer", "type: intger"), "edited.yaml:5: weekday.type: 'intger' is not one of"),
        (EDITED.replace("[1, 7]", "[7, 1]"), "edited.yaml:6: weekday.range.hard: the first limit is above the second"),
        (EDITED + "  replaced_by: dag\n", "edited.yaml:1: weekday: there is no variable 'dag'"),
        (EDITED + "\tunit: d\n", "edited.yaml: line 7, column 1"),
        ("- a", "edited.yaml:1: the file: has no variables"),
        (
            EDITED.replace("weekday", "sex"),
            "edited.yaml:1: sex: version 1 is in the catalogue's files",
        ),
    ],
)
def test_what_is_wrong_is_not_kept(text: str, told: str, run: Run, tmp_path: Path) -> None:
    ended = _edited(run, tmp_path, text)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert "weekday" not in run("catalogue", "list").out


def test_what_is_published_is_not_changed(run: Run, tmp_path: Path) -> None:
    published = EDITED.replace("status: draft", "status: published")
    _edited(run, tmp_path, published)
    ended = _edited(run, tmp_path, published.replace("7]", "8]"))
    assert (ended.code, ended.word) == (2, "registerbro: version 1 of weekday is published: write a new version")
    assert _edited(run, tmp_path, published, " ").word == "registerbro: say who edits: --by PERSON"


def test_reading_the_catalogue_makes_no_database(run: Run, home: Path) -> None:
    assert run("catalogue", "list").code == 0
    assert not (home / "registerbro.sqlite").exists()
