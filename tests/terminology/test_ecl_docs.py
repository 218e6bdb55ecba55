"""The table of features in docs/terminology/ecl.md says what the tests show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_ecl_features import CASES

from terminology.snomed.ecl import evaluate, parse, rows
from terminology.snomed.ecl.ast import AlternateId, MemberOf
from terminology.snomed.release import Release

PAGE = Path(__file__).parents[2] / "docs" / "terminology" / "ecl.md"
_ROW = re.compile(r"\| (?P<feature>[^|`]+) \| `(?P<example>.+)` \| `(?P<test>[a-z-]+)` \|")
TABLE = [found.groupdict() for line in PAGE.read_text(encoding="utf-8").splitlines() if (found := _ROW.fullmatch(line))]


def test_every_feature_is_in_the_table_with_its_test() -> None:
    assert [row["test"] for row in TABLE] == list(dict.fromkeys(feature for feature, _, _ in CASES))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["test"])
def test_the_example_of_each_feature_has_an_answer(release: Release, row: dict[str, str]) -> None:
    expression = parse(row["example"].replace(r"\|", "|"))
    if isinstance(expression, AlternateId):
        return  # the example release has none
    if isinstance(expression, MemberOf) and expression.fields:
        assert rows(release, expression)
    assert evaluate(release, expression) <= frozenset(release.ids.tolist())
