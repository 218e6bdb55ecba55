"""OpenQReg's klokebok: what is in it, and what is told of one that is broken."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from registries.codebooks import Choice, CodebookError, Field, Interval, Read, openqreg, openqreg_reading

HEADER = "skjemanavn;ledetekst;type;listeverdier;listetekst;innfoert_dato;utfaset_dato;variabel_id"


def read(*rows: str, header: str = HEADER) -> Read:
    return openqreg_reading.read("\n".join((header, *rows)).encode(), "bok.csv")


def row(**cells: str) -> Read:
    """A table of one field with these cells."""
    given = {"skjemanavn": "S", "ledetekst": "L", "type": "Tekstvariabel", "variabel_id": "V"} | cells
    return read(";".join(given.values()), header=";".join(given))


def field(found: Read) -> Field:
    (form,) = found.codebook.forms
    (made,) = form.fields
    return made


def told(found: Read) -> list[str]:
    return [str(problem).removeprefix("bok.csv:") for problem in found.problems]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Listevariabel", "choice"),
        ("Dynamisk Listevariabel", "dynamic"),
        ("Tallvariabel", "decimal"),
        ("Avkrysningsboks", "boolean"),
        ("Datovariabel", "date"),
        ("Tidsvariabel", "time"),
        ("TIMESTAMP", "datetime"),
        ("Tekstvariabel", "string"),
        ("Stor tekstvariabel", "text"),
        ("Statusvariabel", "status"),
        ("Skjult variabel", "hidden"),
    ],
)
def test_every_type_is_known(written: str, kind: str) -> None:
    assert field(row(type=written)).type == kind


NUMBER = {"type": "Tallvariabel"}


@pytest.mark.parametrize(
    ("cells", "part", "value"),
    [
        ({"obligatorisk": "Ja"}, "required", True),
        ({"obligatorisk": "nei"}, "required", False),
        ({"aktiveringsspoersmaal": "JA"}, "activates", True),
        ({"underspoersmaal": "Ja"}, "activated", True),
        ({"navn_i_rapporteket": "nullMangler"}, "report_name", ""),
        ({"hjelpetekst": " Les nøye "}, "help", "Les nøye"),
        ({"antall_tegn": "120"}, "length", 120),
        ({"lovlige_tegn": " +-"}, "characters", " +-"),
        (NUMBER | {"desimaler": "0"}, "type", "integer"),
        (NUMBER | {"desimaler": "2"}, "decimals", 2),
        (
            NUMBER | {"maksintervall_start_numerisk": "0.0", "maksintervall_slutt_numerisk": "1.50"},
            "limits",
            Interval("0", "1.5"),
        ),
        (NUMBER | {"normalintervall_start_numerisk": "0,5"}, "normal", Interval("0.5", "")),
        (NUMBER | {"maksintervall_slutt_numerisk": "todayYear"}, "limits", Interval("", "todayYear")),
        (
            {"maksintervall_start_dato": "'1980-01-01'", "maksintervall_slutt_dato": "toDay"},
            "limit_dates",
            Interval("1980-01-01", "today"),
        ),
        ({"normalintervall_slutt_dato": "toDayPlus30Days"}, "normal_dates", Interval("", "today + 30d")),
        ({"maksintervall_start_dato": "regDate"}, "limit_dates", Interval("regDate", "")),
        ({"innfoert_dato": "2006-01-01"}, "introduced", date(2006, 1, 1)),
    ],
)
def test_a_cell_becomes_a_value(cells: dict[str, str], part: str, value: object) -> None:
    found = row(**cells)
    assert found.problems == ()
    assert getattr(field(found), part) == value


def test_rows_of_a_list_become_one_field_with_the_days_that_differ() -> None:
    found = read(
        "S;L;Listevariabel;1;Ja;2000-01-01;;V",
        "S;L;Listevariabel;2;Nei;2000-01-01;2020-01-01;V",
        "S;M;Datovariabel;;;;;W",
        "S;L;Listevariabel;9;Ukjent;2000-01-01;;V",
    )
    assert found.problems == ()
    first, second = found.codebook.forms[0].fields
    assert (first.id, second.id, first.introduced, first.phased_out) == ("V", "W", date(2000, 1, 1), None)
    assert first.choices == (Choice("1", "Ja"), Choice("2", "Nei", phased_out=date(2020, 1, 1)), Choice("9", "Ukjent"))


GOOD = "S;L;Tekstvariabel;;;;;GOOD"


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["S;L;Tekstvariabel;;;;;V;more"], "2: 9 cells where the header has 8"),
        (["S;L"], "2: 2 cells where the header has 8"),
        ([";L;Tekstvariabel;;;;;V"], "2: skjemanavn: is empty"),
        (["S;L;Tekstvariabel;;;;; "], "2: variabel_id: is empty"),
        (["S;L;Tekst;;;;;V"], "2: type: there is no type 'Tekst'; known are Listevariabel"),
        (["S;L;Tekstvariabel;1;x;;;V"], "2: listeverdier: a Tekstvariabel has no list of values"),
        (["S;L;Listevariabel;;x;;;V"], "2: listeverdier: the value 'x' has no code"),
        (["S;L;Tekstvariabel;;;2020-02-30;;V"], "2: innfoert_dato: '2020-02-30' is not a date"),
        (["S;L;Tekstvariabel;;;;01.02.2020;V"], "2: utfaset_dato: '01.02.2020' is not a date"),
        (["S;L;Tekstvariabel;;;20200101;;V"], "2: innfoert_dato: '20200101' is not a date"),
        (["S;L;Tekstvariabel;;;;;V", "S;L;Tekstvariabel;;;;;V"], "2: V has several rows, and this one has no value"),
        (["S;L;Listevariabel;1;a;;;V", "S;L;Listevariabel;1;a;;;V"], "3: listeverdier: '1' stands in V already"),
        (['S;"L;Tekstvariabel;;;;;V'], "2: not a row of a table"),
        (['S;"L"x;Tekstvariabel;;;;;V'], "2: not a row of a table"),
    ],
)
def test_a_broken_row_is_told_by_line_and_the_rest_goes_on(rows: list[str], problem: str) -> None:
    found = read(*rows, GOOD)
    assert any(text.startswith(problem) for text in told(found))
    assert any(one.left_out for one in found.problems)
    assert [one.id for form in found.codebook.forms for one in form.fields][-1] == "GOOD"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"obligatorisk": "kanskje"}, "2: obligatorisk: 'kanskje' is neither Ja nor Nei"),
        ({"antall_tegn": "-1"}, "2: antall_tegn: '-1' is not a whole number"),
        ({"antall_tegn": "٣"}, "2: antall_tegn: '٣' is not a whole number"),
        ({"desimaler": "1"}, "2: desimaler: a Tekstvariabel has no decimals"),
        (NUMBER | {"maksintervall_start_numerisk": "<5"}, "2: maksintervall_start_numerisk: '<5' is neither a number"),
        (
            NUMBER | {"maksintervall_start_numerisk": "9", "maksintervall_slutt_numerisk": "1"},
            "2: maksintervall_slutt_numerisk: the interval ends before it begins",
        ),
        ({"maksintervall_start_dato": "'1980-13-01'"}, "2: maksintervall_start_dato: \"'1980-13-01'\" is neither"),
    ],
)
def test_a_broken_cell_is_told_by_line_and_column(cells: dict[str, str], problem: str) -> None:
    found = row(**cells)
    assert [text[: len(problem)] for text in told(found)] == [problem]
    assert found.codebook.forms == ()


def test_what_is_doubtful_is_told_and_kept() -> None:
    found = read("S;L;Listevariabel;3;a;;;V", "S;M;Listevariabel;4;c;;;V", "S;L;Listevariabel;3;b;;;V")
    assert told(found) == [
        "3: says something else about V than line 2, which counts",
        "4: listeverdier: '3' already means 'a' in V",
    ]
    assert not any(problem.left_out for problem in found.problems)
    assert [choice.label for choice in field(found).choices] == ["a", "c", "b"]


def test_lines_are_counted_where_cells_hold_several() -> None:
    found = read('S;"first\nsecond\r\nthird\u2028.";Tekstvariabel;;;;;V', "broken")
    assert told(found) == ["5: 1 cells where the header has 8"]
    assert field(found).label == "first\nsecond\r\nthird\u2028."


def test_a_quote_that_nothing_closes_spoils_one_line() -> None:
    rows = [GOOD.replace("GOOD", f"V{number}") for number in range(50)]
    found = read(*rows[:10], 'S;"open;Tekstvariabel;;;;;X', *rows[10:])
    assert [text.split(":")[0] for text in told(found)] == ["12"]
    assert len(found.codebook.forms[0].fields) == 50


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "1: no OpenQReg codebook: there is no column skjemanavn, ledetekst"),
        (b"a;b\n1;2\n", "1: no OpenQReg codebook"),
        (b"skjemanavn,ledetekst,type,variabel_id\n", "1: no OpenQReg codebook"),
        (HEADER.encode() + b"\nS;L\xf8;Tekstvariabel;;;;;V\n", "2: not UTF-8"),
        ((HEADER + ";ledetekst").encode(), "1: a column stands there twice"),
    ],
)
def test_what_is_no_codebook_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(CodebookError, match=f"bok.csv:{problem}"):
        openqreg_reading.read(content, "bok.csv")


def test_a_column_that_nobody_knows_is_told_once() -> None:
    found = read(GOOD + ";x", header=HEADER + ";farge")
    assert told(found) == ["1: columns that are not read: farge"]


def test_the_columns_may_stand_in_any_order_with_a_byte_order_mark() -> None:
    header, cells = HEADER.split(";"), GOOD.split(";")
    turned = ";".join(reversed(header)) + "\n" + ";".join(reversed(cells))
    assert field(openqreg_reading.read(b"\xef\xbb\xbf" + turned.encode(), "bok.csv")).id == "GOOD"


@pytest.mark.shared
def test_the_whole_codebook_of_noric_is_read(shared: Path) -> None:
    path = shared / "data" / "norway" / "codebooks" / "NORIC_klokeboken_18.03.2025.csv"
    found = openqreg_reading.read(path.read_bytes(), path.name)
    fields = [one for form in found.codebook.forms for one in form.fields]
    assert (len(found.codebook.forms), len(fields)) == (15, 871)
    assert sum(max(1, len(one.choices)) for one in fields) == 2514
    # One value of one list has two labels in the codebook itself; both are kept.
    (doubtful,) = found.problems
    assert (doubtful.place, doubtful.left_out) == ("1101: listeverdier", False)
    kinds = {kind: sum(one.type == kind for one in fields) for kind in {one.type for one in fields}}
    assert kinds == {
        "choice": 542,
        "integer": 95,
        "boolean": 81,
        "decimal": 48,
        "date": 35,
        "string": 22,
        "text": 21,
        "status": 12,
        "dynamic": 11,
        "hidden": 4,
    }
    by_id = {one.id: one for one in fields}
    assert by_id["REGANGIO_HEIGHT"].limits == Interval("20", "250")
    assert by_id["PATIENT_BIRTH_DATE"].limit_dates == Interval("1900-01-01", "today")
    assert [choice.label for choice in by_id["PATIENT_GENDER"].choices] == ["Mann", "Kvinne"]
    again = openqreg_reading.read(openqreg.write(found.codebook), path.name)
    assert again.codebook == found.codebook
