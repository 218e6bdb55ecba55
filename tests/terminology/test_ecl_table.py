"""The table of expressions and answers, read by the oracle and by the engine: both must give what the hand wrote."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from ecl_table import CHAPTERS, NO_SUCH_FIELD, REFUSED, ROWS, answer, written
from oracle import Oracle
from small_release import NAMES, write_release

from terminology.snomed.ecl import EclError, ast, evaluate, parse, rows
from terminology.snomed.release import Release, import_release, open_release

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


@pytest.fixture(scope="module")
def engine(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    store = tmp_path_factory.mktemp("store")
    return open_release(store / import_release([folder], store).name)


def test_the_release_is_read_whole(folder: Path, tmp_path: Path) -> None:
    assert import_release([folder], tmp_path).problems == ()


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS)
def test_both_give_the_answer(oracle: Oracle, engine: Release, text: str, expected: str) -> None:
    expression = parse(written(text))
    assert names(oracle.evaluate(expression)) == answer(expected), "the oracle"
    assert names(evaluate(engine, expression)) == answer(expected), "the engine"


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_both_give_the_rows(oracle: Oracle, engine: Release, text: str, expected: list[dict[str, str]]) -> None:
    expression = member_of(text)
    assert in_order(oracle.rows(expression)) == in_order(identified(expected)), "the oracle"
    assert in_order(rows(engine, expression)) == in_order(identified(expected)), "the engine"


@pytest.mark.parametrize("text", NO_SUCH_FIELD)
def test_both_refuse_fields_that_are_not_there(oracle: Oracle, engine: Release, text: str) -> None:
    with pytest.raises(ValueError, match="no reference set has a chosen field"):
        oracle.rows(member_of(text))
    with pytest.raises(EclError):
        rows(engine, member_of(text))


@pytest.mark.parametrize("text", REFUSED)
def test_both_refuse_what_names_no_concepts(oracle: Oracle, engine: Release, text: str) -> None:
    expression = parse(written(text))
    with pytest.raises(ValueError, match=r"several fields|no identifiers of this scheme|no language reference set"):
        oracle.evaluate(expression)
    with pytest.raises(EclError):
        evaluate(engine, expression)


def names(found: frozenset[int]) -> frozenset[str]:
    return frozenset(NAMES[sctid] for sctid in found)


def member_of(text: str) -> ast.MemberOf:
    expression = parse(written(text))
    assert isinstance(expression, ast.MemberOf)
    return expression


def identified(expected: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{field: written(text) for field, text in row.items()} for row in expected]


def in_order(found: Iterable[dict[str, str]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted(row.items()) for row in found)
