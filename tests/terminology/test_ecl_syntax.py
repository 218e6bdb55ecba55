"""ECL read and written: every kind of value, every official example, both syntaxes, and what is said of mistakes."""

from __future__ import annotations

import dataclasses
import inspect
from pathlib import Path

import pytest
from ecl_strategies import EXPRESSIONS, KINDS
from hypothesis import given, settings
from hypothesis import strategies as st

from terminology.snomed.ecl import ast, parse, write
from terminology.snomed.ecl.lexer import Token, tokens

EXAMPLES = Path("data", "snomed", "ecl-examples", "examples")


def test_every_class_of_the_tree_is_drawn() -> None:
    classes = {one for _, one in inspect.getmembers(ast, dataclasses.is_dataclass)}
    assert set(KINDS) == classes


@settings(max_examples=300)
@given(EXPRESSIONS)
def test_what_is_written_reads_back(expression: ast.Expression) -> None:
    assert parse(write(expression)) == expression


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(st.data())
@settings(max_examples=30)
def test_every_class_reads_back_within_an_expression(kind: type, data: st.DataObject) -> None:
    one = data.draw(KINDS[kind](st.just(ast.Any())))
    wrapped = _within_an_expression(one)
    assert parse(write(wrapped)) == wrapped


@given(EXPRESSIONS, st.sampled_from([" ", "\n\t", ' /* or | " here */ ', "/**/ /* * / */\r\n"]))
def test_white_space_and_comments_between_tokens_mean_nothing(expression: ast.Expression, between: str) -> None:
    text = between.join(_as_written(token) for token in tokens(write(expression)))
    assert parse(between + text + between) == expression


@pytest.mark.shared
def test_official_examples_are_read_and_stay_as_written(shared: Path) -> None:
    files = sorted((shared / EXAMPLES).rglob("*.txt"))
    for file in files:
        expression = parse(file.read_text(encoding="utf-8"))
        written = write(expression)
        assert parse(written) == expression, file.name
        assert write(parse(written)) == written, file.name
    assert len(files) == 121


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("<<  230690007|Stroke |", "<< 230690007 |Stroke|"),
        ("/* both */ 22298006 , /* old */ 1755008", "22298006 AND 1755008"),
        ("22298006 and 1755008 And 57054005", "22298006 AND 1755008 AND 57054005"),
        ("((<<22298006))", "<< 22298006"),
        ("<<^446609009", "<< ^ 446609009"),
        ("*|any|", "*"),
        ("22298006 | |", "22298006"),
        ("22298006 |Hjerneslag, (NOS) {{ + HISTORY }} å|", "22298006 |Hjerneslag, (NOS) {{ + HISTORY }} å|"),
        (
            "<404684003:363698007=<<80891009,{116676008!=55641003}",
            "< 404684003: 363698007 = << 80891009 AND { 116676008 != 55641003 }",
        ),
        ("*:(363698007 OR 116676008)=*", "*: (363698007 OR 116676008) = *"),
        ("*:((363698007=*))", "*: 363698007 = *"),
        ("(<22298006:363698007=*) MINUS 1755008", "(< 22298006: 363698007 = *) MINUS 1755008"),
        ("*:(363698007=* OR 116676008=*),42752001=*", "*: (363698007 = * OR 116676008 = *) AND 42752001 = *"),
        # The long syntax (5.2).
        ("descendantOf 22298006", "< 22298006"),
        ("DESCENDANTORSELFOF 22298006", "<< 22298006"),
        ("childOf 22298006", "<! 22298006"),
        ("childOrSelfOf 22298006", "<<! 22298006"),
        ("ancestorOf 22298006", "> 22298006"),
        ("ancestorOrSelfOf 22298006", ">> 22298006"),
        ("parentOf 22298006", ">! 22298006"),
        ("parentOrSelfOf 22298006", ">>! 22298006"),
        ("top (22298006 or 1755008)", "!!> (22298006 OR 1755008)"),
        ("bottom (22298006 minus 1755008)", "!!< (22298006 MINUS 1755008)"),
        ("descendantOf memberOf 446609009", "< ^ 446609009"),
        ("memberOf446609009", "^ 446609009"),
        ("memberOf [mapTarget, mapGroup] 447562003", "^ [mapTarget, mapGroup] 447562003"),
        ("memberOf [ANY] 447562003", "^ [*] 447562003"),
        ("any: any = ANY", "*: * = *"),
        ("*: [1 to many] reverseOf 363698007 <> 22298006", "*: [1..*] R 363698007 != 22298006"),
        ("*: R363698007 not = 22298006, reverseOf363698007 NOT= *", "*: R 363698007 != 22298006 AND R 363698007 != *"),
        ("*: [0 To 3] {363698007 = *}", "*: [0..3] { 363698007 = * }"),
        ("* {{ type = (synonym FullySpecifiedName definition) }}", "* {{ D type = (syn fsn def) }}"),
        ("* {{ dialect = EN-GB (preferred acceptable) }}", "* {{ D dialect = en-gb (prefer accept) }}"),
        # Names of attributes, and what stands behind them.
        ("*: (363698007) = *", "*: 363698007 = *"),
        ("*: (363698007 {{ C active = 1 }}) = *", "*: 363698007 {{ C active = 1 }} = *"),
        ("*: (* MINUS 363698007) {{ C active = 1 }} = *", "*: (* MINUS 363698007) {{ C active = 1 }} = *"),
        ("*: (363698007 OR 116676008) not = *", "*: (363698007 OR 116676008) != *"),
        ("*: (363698007 OR 116676008) < #3", "*: (363698007 OR 116676008) < #3"),
        ("*: [0..0] (363698007 OR 116676008) = *", "*: [0..0] (363698007 OR 116676008) = *"),
        ("*:{(363698007=*,116676008=*)or 42752001=*}", "*: { (363698007 = * AND 116676008 = *) OR 42752001 = * }"),
        # Concrete values.
        (
            "*: 363698007>=#-5.50, 116676008<#+5, 1755008<>#0",
            "*: 363698007 >= #-5.50 AND 116676008 < #5 AND 1755008 != #0",
        ),
        ("*: 363698007 = TRUE, 116676008 != False", "*: 363698007 = true AND 116676008 != false"),
        ('*: 363698007 = "PANADOL"', '*: 363698007 = "PANADOL"'),
        (r'*: 363698007 = ("a" match:"b \"c\" \\" wild:"d\*\\*")', r'*: 363698007 = ("a" "b \"c\" \\" wild:"d\*\\*")'),
        # Alternate identifiers.
        ("<< LOINC#54486-6 |Hemoglobin|", "<< LOINC#54486-6 |Hemoglobin|"),
        ('"LOINC#54486 6"', '"LOINC#54486 6"'),
        ('LOINC#"54486-6"', "LOINC#54486-6"),
        ("*: 363698007 = LOINC#54486-6", "*: 363698007 = LOINC#54486-6"),
        ('*: 363698007 = match:"LOINC#54486-6"', '*: 363698007 = match:"LOINC#54486-6"'),
        # Dots go from left to right.
        ("<22298006.363698007.116676008", "< 22298006 . 363698007 . 116676008"),
        ("((22298006).363698007).116676008", "22298006 . 363698007 . 116676008"),
        ("22298006 . (363698007 . 116676008)", "22298006 . (363698007 . 116676008)"),
        # Filters.
        ('*{{term="a"}}', '* {{ D term = "a" }}'),
        ("* {{Cactive=1}}", "* {{ C active = 1 }}"),
        ('* {{d TERM = "a", Type = syn}}', '* {{ D term = "a", type = syn }}'),
        ('* {{dterm = "a"}}', '* {{ D term = "a" }}'),
        ("* {{dialect = nb}}", "* {{ D dialect = nb }}"),
        ("* {{c definitionStatus != (primitive defined)}}", "* {{ C definitionStatus != (primitive defined) }}"),
        ("* {{ C active != true }}", "* {{ C active = 0 }}"),
        ("* {{ C moduleId = (22298006 |a| 1755008) }}", "* {{ C moduleId = (22298006 |a| OR 1755008) }}"),
        ("* {{ C moduleId = (22298006 OR 1755008) }}", "* {{ C moduleId = (22298006 OR 1755008) }}"),
        ("* {{ C moduleId = (22298006) }}", "* {{ C moduleId = 22298006 }}"),
        ('* {{ C effectiveTime >= ("20200131" "") }}', '* {{ C effectiveTime >= ("20200131" "") }}'),
        ("* {{ D id = (670169018) }}", "* {{ D id = 670169018 }}"),
        ("* {{ dialect = (en-gb (prefer) nb) (accept) }}", "* {{ D dialect = (en-gb (prefer) nb (accept)) }}"),
        (
            "* {{ dialectId = (900000000000508004 |GB| (900000000000548007) 61000202103) }}",
            "* {{ D dialectId = (900000000000508004 |GB| (900000000000548007) 61000202103) }}",
        ),
        ("* {{ dialectId = (900000000000508004) (prefer) }}", "* {{ D dialectId = 900000000000508004 (prefer) }}"),
        ("* {{ dialectId = << 22298006 (prefer) }}", "* {{ D dialectId = << 22298006 (prefer) }}"),
        ('(^ 447562003) {{ M mapTarget = "I21" }}', '^ 447562003 {{ M mapTarget = "I21" }}'),
        (
            "^ 447562003 {{m MODULEID=*,Active=0}}{{M mapGroup>=#2}}",
            "^ 447562003 {{ M moduleId = *, active = 0 }} {{ M mapGroup >= #2 }}",
        ),
        ("^ 447562003 {{MmapGroup = #1}}", "^ 447562003 {{ M mapGroup = #1 }}"),
        ('^ 447562003 {{ M from > "20200131" }}', '^ 447562003 {{ M from > "20200131" }}'),
        ('^ 447562003 {{ M from = match:"20200131" }}', '^ 447562003 {{ M from = match:"20200131" }}'),
        ('^ 447562003 {{ M from = ("20200131" "x") }}', '^ 447562003 {{ M from = (match:"20200131" "x") }}'),
        ("^ 447562003 {{ M x = (22298006 OR 1755008) }}", "^ 447562003 {{ M x = (22298006 OR 1755008) }}"),
        ("<< 22298006 {{+history_min}}", "<< 22298006 {{ + HISTORY-MIN }}"),
        ("<< 22298006 {{+HISTORY(*)}}", "<< 22298006 {{ + HISTORY (*) }}"),
        ("<< 22298006 {{ + HISTORY }}", "<< 22298006 {{ + HISTORY }}"),
        (
            "(<< 22298006 {{ + HISTORY }}) {{ D id = 670169018 }}",
            "(<< 22298006 {{ + HISTORY }}) {{ D id = 670169018 }}",
        ),
        ("*: 363698007 = 22298006 {{ + HISTORY-MOD }}", "*: 363698007 = 22298006 {{ + HISTORY-MOD }}"),
    ],
)  # fmt: skip
def test_spellings_of_one_meaning(text: str, same: str) -> None:
    assert write(parse(text)) == same


def test_the_deepest_that_is_read_can_be_written_compared_and_hashed() -> None:
    text = "*"
    for _ in range(14):
        text = f"(< (^ [*] ({text}) {{{{ M active = 1 }}}} {{{{ C active = 1 }}}} {{{{ + HISTORY-MIN }}}}) . *)"
    for deep in (text, "*" + " . *" * 148):
        found = parse(deep)
        assert found == parse(write(found))
        assert hash(found) == hash(parse(deep))


def test_long_and_bracketed_expressions_are_read_in_one_go() -> None:
    many = parse(" OR ".join(["22298006"] * 20_000))
    assert isinstance(many, ast.Joined)
    assert len(many.operands) == 20_000
    # Each bracket may hold a name or a refinement: nothing may be tried twice at each level.
    assert parse("*: " + "(" * 30 + "363698007 = *" + ")" * 30) == parse("*: 363698007 = *")
    assert parse("*: " + "(" * 30 + "363698007" + ")" * 30 + " = *") == parse("*: 363698007 = *")


def _as_written(token: Token) -> str:
    return {"term": f"|{token.text}|", "text": f'"{token.text}"'}.get(token.kind, token.text)


def _within_an_expression(one: object) -> ast.Expression:
    """An expression that holds this value where it belongs."""
    match one:
        case ast.Cardinality():
            return ast.Refined(ast.Any(), ast.Attribute(ast.Any(), "=", ast.Any(), one))
        case ast.SearchTerm():
            return ast.Refined(ast.Any(), ast.Attribute(ast.Any(), "=", (one,)))
        case ast.Times():
            return _within_an_expression(ast.EffectiveTimeFilter("=", one))
        case ast.Dialect():
            return _within_an_expression(ast.DialectFilter("=", (one,)))
        case ast.Attribute() | ast.Group() | ast.JoinedRefinement():
            return ast.Refined(ast.Any(), one)
        case ast.DescriptionFilters() | ast.ConceptFilters():
            return ast.Filtered(ast.Any(), (one,))
        case ast.MemberFilters():
            return ast.MemberOf(ast.Any(), (), (one,))
        case ast.DefinitionStatusFilter() | ast.DefinitionStatusIdFilter() | ast.ModuleFilter():
            return _within_an_expression(ast.ConceptFilters((one,)))
        case ast.EffectiveTimeFilter() | ast.ActiveFilter():
            return _within_an_expression(ast.ConceptFilters((one,)))
        case ast.MemberFieldFilter():
            return _within_an_expression(ast.MemberFilters((one,)))
        case _ if isinstance(one, ast.DescriptionFilter):
            return _within_an_expression(ast.DescriptionFilters((one,)))
    assert isinstance(one, ast.Expression)
    return one
