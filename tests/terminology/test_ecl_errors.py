"""What is said of expressions that cannot be read: the column, and what was expected there."""

from __future__ import annotations

import pytest

from terminology.snomed.ecl import EclError, ast, parse


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", 1, "expected a concept, found the end"),
        ("<<", 3, "expected a concept, found the end"),
        ("<< abc", 4, "expected a concept, found 'abc'"),
        ("<< 22298006 <<", 13, "expected the end, or AND, OR, MINUS, found '<<'"),
        ("<< 230690008", 4, "230690008 is no concept identifier"),
        ("<< 670169018", 4, "670169018 is no concept identifier"),
        ("<< 5", 4, "5 is no concept identifier"),
        ("0230690007", 1, "0230690007 is no concept identifier"),
        ("22298006 1755008", 10, "expected the end, or AND, OR, MINUS, found '1755008'"),
        ("(22298006", 10, "expected ), or AND, OR, MINUS, found the end"),
        ("22298006)", 9, "expected the end, or AND, OR, MINUS, found ')'"),
        ("22298006 |Heart", 10, "the term has no closing |"),
        ("22298006 /* old", 10, "the comment has no closing */"),
        ('* {{ term = "heart', 13, 'the text has no closing "'),
        ("22298006 ? 1755008", 10, "unexpected character '?'"),
        ("22298006 AND 1755008 OR 57054005", 22, "brackets are needed to mix AND, OR and MINUS"),
        ("22298006 MINUS 1755008 MINUS 57054005", 24, "brackets are needed to mix AND, OR and MINUS"),
        ("22298006 OR 1755008: 363698007 = *", 20, "brackets are needed to refine more than one operand"),
        ("22298006 . 363698007 AND 1755008", 22, "brackets are needed to mix attributes of a set with others"),
        ("1755008 AND 22298006 . 363698007", 22, "brackets are needed to ask more than one operand for attributes"),
        ("22298006 . 363698007: 116676008 = *", 21, "brackets are needed to refine more than one operand"),
        ("*: 363698007", 13, "expected = or !=, found the end"),
        ("*: 363698007 not 22298006", 14, "expected = or !=, found 'not'"),
        ("*: 363698007 = * OR 116676008 = *, 42752001 = *", 34, "brackets are needed to mix AND and OR"),
        ("*: 363698007 = * MINUS 116676008 = *", 18, "MINUS joins expressions, not attributes; expected AND or OR"),
        ("*: { { 363698007 = * } }", 6, "expected an attribute, as groups hold no groups, found '{'"),
        ("*: { [1..2] { 363698007 = * } }", 6, "expected an attribute, as groups hold no groups, found '{'"),
        ("*: { 363698007 = *", 19, "expected }, or AND, OR, found the end"),
        ("*: (363698007 = *", 18, "expected ), or AND, OR, found the end"),
        ("|(| 22298006)", 1, "expected a concept, found '|(|'"),
        ("(" * 61 + "*" + ")" * 61, 61, "more than 60 levels inside each other"),
        ("*" + " . *" * 200, 1, "more than 150 levels inside each other"),
        # Cardinalities.
        ("*: [2..1] 363698007 = *", 5, "nothing is at least 2 and at most 1"),
        ("*: [1] 363698007 = *", 6, "expected .. or to, found ']'"),
        ("*: [*..1] 363698007 = *", 5, "expected a number, found '*'"),
        ("*: [01..2] 363698007 = *", 5, "expected a number, found '01'"),
        ("*: [1..few] 363698007 = *", 8, "expected a number, found 'few'"),
        # Values.
        ("*: 363698007 >= 22298006", 17, "expected # and a number, found '22298006'"),
        ('*: 363698007 < "x"', 16, "expected # and a number, found '\"x\"'"),
        ("*: 363698007 = #", 16, "expected a number after #"),
        ("*: 363698007 = #05", 18, "expected the end, or AND, OR, MINUS, found '5'"),
        ("*: 363698007 = sant", 16, "expected a concept, found 'sant'"),
        ('*: 363698007 = ""', 16, "expected a text to search for, found nothing between the quotes"),
        (r'*: 363698007 = "a\b"', 18, r"expected \" or \\, found '\\b'"),
        # Filters.
        ('* {{ title = "x" }}', 6, "expected a description filter, found 'title'"),
        ("* {{ C term = 1 }}", 8, "expected a concept filter, found 'term'"),
        ("* {{ term = }}", 13, "expected a quoted text, found '}}'"),
        ('* {{ term > "x" }}', 11, "expected = or !=, found '>'"),
        ('* {{ term = "x" ; }}', 17, "unexpected character ';'"),
        ('* {{ term = "x" ', 17, "expected , or }}, found the end"),
        ('* {{ term = starts:"x" }}', 13, "expected a quoted text, match: or wild:, found 'starts'"),
        ("* {{ language = nor }}", 17, "expected a language code of two letters, found 'nor'"),
        ("* {{ type = full }}", 13, "expected syn, fsn or def, found 'full'"),
        ("* {{ id = 22298006 }}", 11, "22298006 is no description identifier"),
        ("* {{ id = x }}", 11, "expected a description identifier, found 'x'"),
        ("* {{ dialect = nb (best) }}", 20, "expected prefer, accept or a concept, found 'best'"),
        ("* {{ C active = 2 }}", 17, "expected 1, 0, true or false, found '2'"),
        ('* {{ C effectiveTime = "2021" }}', 24, "expected a date as \"YYYYMMDD\", or \"\", found '\"2021\"'"),
        ('* {{ C effectiveTime = "20211301" }}', 24, "expected a date as \"YYYYMMDD\", or \"\", found '\"20211301\"'"),
        ("* {{ C definitionStatus = both }}", 27, "expected primitive or defined, found 'both'"),
        ("* {{ M active = 1 }}", 3, "member filters need ^"),
        (
            "^ * {{ C active = 1 }} {{ M active = 1 }}",
            24,
            "member filters stand directly behind the reference set of ^",
        ),
        ("^ * {{ M map2 = 1 }}", 10, "expected the name of a field, found 'map2'"),
        (
            "^ * {{ M mapTarget < 22298006 }}",
            22,
            "expected # and a number, or a date as \"YYYYMMDD\", found '22298006'",
        ),
        ("^ [a b] *", 6, "expected , or ], found 'b'"),
        ("^ [] *", 4, "expected the name of a field, found ']'"),
        ("* {{ + HISTORY-ALL }}", 8, "expected HISTORY, HISTORY-MIN, HISTORY-MOD or HISTORY-MAX, found 'HISTORY-ALL'"),
        ("* {{ + HISTORY }} {{ C active = 1 }}", 19, "expected the end, or AND, OR, MINUS, found '{{'"),
    ],
)  # fmt: skip
def test_errors_name_the_column_and_what_was_expected(text: str, column: int, said: str) -> None:
    with pytest.raises(EclError) as caught:
        parse(text)
    assert (str(caught.value), caught.value.column) == (f"{said} at column {column}", column)


def test_the_placeholder_of_the_standard_is_a_concept_and_nothing_else_like_it() -> None:
    assert parse("111115") == ast.Reference(111115)
    with pytest.raises(EclError, match="111116 is no concept identifier"):
        parse("111116")


@pytest.mark.parametrize(
    "opening", ["(", "*: * = (", "*: { * = (", "*: (", "< (", "^ (", "* {{ C moduleId = (", "* {{ + HISTORY ("]
)
def test_depth_is_refused_and_not_run_out_of(opening: str) -> None:
    with pytest.raises(EclError):
        parse(opening * 50_000)
