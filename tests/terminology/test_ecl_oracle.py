"""The engine against the oracle: the same answers to any expression about any release."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import pytest
from ecl_over_release import expressions, kinds, rows_of_members
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import Oracle
from rf2_strategies import RawRelease, releases, write
from small_release import write_release
from vocabularies import DRAWN, SMALL

from terminology.snomed.ecl import ast, evaluate
from terminology.snomed.ecl import rows as engine_rows
from terminology.snomed.ecl import write as written
from terminology.snomed.release import Release, import_release, open_release


@dataclass(frozen=True)
class Both:
    oracle: Oracle
    engine: Release

    def agree(self, expression: ast.Expression) -> None:
        expected, found = self.oracle.evaluate(expression), evaluate(self.engine, expression)
        assert found == expected, (
            f"{written(expression)}\n"
            f"  only the oracle: {sorted(expected - found)}\n  only the engine: {sorted(found - expected)}"
        )

    def agree_on_rows(self, expression: ast.MemberOf) -> None:
        expected, found = (
            _counted(rows) for rows in (self.oracle.rows(expression), engine_rows(self.engine, expression))
        )
        assert found == expected, (
            f"{written(expression)}\n  only the oracle: {expected - found}\n  only the engine: {found - expected}"
        )


def _counted(rows: list[dict[str, str]] | tuple[dict[str, str], ...]) -> Counter[tuple[tuple[str, str], ...]]:
    return Counter(tuple(sorted(row.items())) for row in rows)


def both(rf2: Path, store: Path) -> Both:
    report = import_release([rf2], store)
    return Both(Oracle(rf2), open_release(store / report.name))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return both(write_release(tmp_path_factory.mktemp("small")), tmp_path_factory.mktemp("store"))


def test_every_class_of_the_syntax_tree_is_drawn() -> None:
    drawn = set(kinds(SMALL))
    unions = (ast.Expression, ast.Refinement, ast.DescriptionFilter, ast.ConceptFilter, ast.MemberFilter)
    classes = {one for one in vars(ast).values() if isinstance(one, type) and one.__module__ == ast.__name__}
    assert drawn == classes
    assert {one for union in unions for one in get_args(union)} <= drawn


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(expressions(SMALL))
def test_any_expression_about_a_known_release(small: Both, expression: ast.Expression) -> None:
    small.agree(expression)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(rows_of_members(SMALL))
def test_any_choice_of_fields_of_a_known_release(small: Both, expression: ast.MemberOf) -> None:
    small.agree_on_rows(expression)


# Each example is imported, so a failing one is told as it is found, not made smaller in many minutes.
@settings(
    max_examples=20,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(raw=releases(), asked=st.lists(expressions(DRAWN), min_size=8, max_size=8))
def test_any_expression_about_any_release(raw: RawRelease, asked: list[ast.Expression]) -> None:
    with TemporaryDirectory() as folder:
        sides = both(write(raw, Path(folder) / "rf2"), Path(folder) / "store")
        for expression in asked:
            sides.agree(expression)
