"""Search over a classification: word prefixes in any order, folded as Norwegians expect, the obvious answer first."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.classifications import Wanted, load, search
from terminology.classifications.model import Classification
from terminology.fold import words
from tests.terminology.classifications import entry, example

ROWS = """Kode;Tekst;Tekst nynorsk;Inklusjon;Gyldig til
A;Hjerteinfarkt;Hjarteinfarkt;propp i kransåre;
B;Hjertet, sykdom i;;;
C;Hjerte;;;
D;Hjertesvikt;;;31.12.2001
E;Årebetennelse i beinet;Årebetennelse;;
F;Arebetennelse;;;
G;Crohns sykdom, éntarm;;;
H;Øyebetennelse;;;
I;Meget sjelden sykdom i øyet som bare finnes her;;;
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Classification:
    file = tmp_path_factory.mktemp("search") / "x.csv"
    file.write_text(ROWS, encoding="utf-8")
    columns = {
        "code": ("Kode",),
        "display": ("Tekst",),
        "display@nn": ("Tekst nynorsk",),
        "inclusion": ("Inklusjon",),
        "to": ("Gyldig til",),
    }
    (one,) = load(file, Wanted("1.2.3", "1", columns)).classifications
    return one


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("hjerte", "CAB" + "D"),
        ("HJERTEINF", "A"),
        ("sykdom hjertet", "B"),
        ("i syk", "BI"),
        ("hjarte", "A"),
        ("propp kransåre", "A"),
        ("åre", "E"),
        ("are", "F"),
        ("øye", "HI"),
        ("oye", ""),
        ("entarm", "G"),
        ("éntarm", "G"),
        ("syk", "BGI"),
        ("", ""),
        (" - ", ""),
        ("hjerte finnesikke", ""),
        ("x" * 40, ""),
    ],
)
def test_codes_are_found_by_the_beginnings_of_words(found: Classification, text: str, codes: str) -> None:
    result = search(found, text)
    assert ("".join(one.code for one in result.entries), result.total) == (codes, len(codes))


def test_the_best_come_first_and_all_are_counted(found: Classification) -> None:
    result = search(found, "hjerte", limit=1)
    assert ([one.display for one in result.entries], result.total) == (["Hjerte"], 4)


def test_the_display_is_in_the_readers_language(found: Classification) -> None:
    assert search(found, "hjarte", languages=("nn", "nb")).entries[0].display == "Hjarteinfarkt"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("I63", ["I63", "I63.9", "I63.0", "I63.01", "I63.02"]),
        ("i63.9", ["I63.9"]),
        ("I639", ["I63.9"]),
        ("I63.0 venstre", ["I63.02"]),
        ("I60-I69", ["I60-I69"]),
        ("IX", ["IX"]),
        ("propp hjernearterie", ["I63"]),
        ("følger", []),
        ("clot", ["I63.0"]),
    ],
)
def test_icd10_is_found_by_code_and_inclusion_not_by_exclusion(text: str, codes: list[str]) -> None:
    assert [one.code for one in search(example("icd10.claml.xml"), text).entries] == codes


@given(st.data())
def test_every_word_of_every_name_finds_its_code(data: st.DataObject) -> None:
    one = example("list.codesystem.json")
    code = data.draw(st.sampled_from(list(one.codes())))
    named = [text.term for text in entry(one, code).designations if text.use != "definition"]
    word = data.draw(st.sampled_from(words(" ".join(named))))
    begin = word[: data.draw(st.integers(1, len(word)))]
    assert code in {each.code for each in search(one, begin.upper(), limit=100).entries}


def test_a_word_longer_than_any_kept_is_found_by_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Kode;Tekst\nA;" + "lang" * 20 + "\nB;" + "lang" * 8 + "\nC;kort\n")
    (one,) = load(tmp_path / "x.csv", Wanted("1.2.3")).classifications
    assert {each.code for each in search(one, "lang" * 10).entries} == {"A", "B"}
    assert {each.code for each in search(one, "lang" * 8).entries} == {"A", "B"}
    assert {each.code for each in search(one, "lang" * 7).entries} == {"A", "B"}
    assert search(one, "lang" * 7 + "x").total == 0
