"""The table of expressions and answers, read by the oracle and by the engine: both must give what the hand wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from ecl_table import CHAPTERS, ERRONEOUS, ROWS, SEVERAL_FIELDS, answer, written
from oracle import Oracle
from small_release import NAMES, write_release

from terminology.snomed.ecl import ast, parse

Evaluate = Callable[[ast.Expression], frozenset[int]]
EXPRESSIONS = [
    pytest.param(text, expected, id=f"{chapter}: {text}")
    for chapter, rows in CHAPTERS.items()
    for text, expected in rows
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def oracle(folder: Path) -> Oracle:
    return Oracle(folder)


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS)
def test_the_oracle_gives_the_answer(oracle: Oracle, text: str, expected: str) -> None:
    assert names(oracle.evaluate(parse(written(text)))) == answer(expected)


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_the_oracle_gives_the_rows(oracle: Oracle, text: str, expected: list[dict[str, str]]) -> None:
    assert in_order(oracle.rows(member_of(text))) == in_order(identified(expected))


@pytest.mark.parametrize("text", ERRONEOUS)
def test_the_oracle_refuses_fields_that_are_not_there(oracle: Oracle, text: str) -> None:
    with pytest.raises(ValueError, match="no reference set has a chosen field"):
        oracle.rows(member_of(text))


@pytest.mark.parametrize("text", SEVERAL_FIELDS)
def test_the_oracle_refuses_several_fields_inside(oracle: Oracle, text: str) -> None:
    with pytest.raises(ValueError, match="several fields"):
        oracle.evaluate(parse(written(text)))


def test_the_oracle_refuses_identifiers_of_an_unknown_scheme(oracle: Oracle) -> None:
    with pytest.raises(ValueError, match="no identifiers of this scheme"):
        oracle.evaluate(parse("LOINC#54486-6"))


def names(found: frozenset[int]) -> frozenset[str]:
    return frozenset(NAMES[sctid] for sctid in found)


def member_of(text: str) -> ast.MemberOf:
    expression = parse(written(text))
    assert isinstance(expression, ast.MemberOf)
    return expression


def identified(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{field: written(text) for field, text in row.items()} for row in rows]


def in_order(rows: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted(row.items()) for row in rows)
