"""Each row of the tables: a journal, and what a registrar would have written of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from registries.plan import Plan
from tests.journals import decided, write
from tests.journals_by_hand.rows import resources

HERE = Path(__file__).parent
PLANS = {"stroke": "stroke_plan", "heart": "heart_plan"}


class _Plain(yaml.SafeLoader):
    """YAML whose times are text, as they are in a journal."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _table() -> list[Any]:
    rows = []
    for path in sorted(HERE.glob("*.yaml")):
        read = yaml.load(path.read_text(encoding="utf-8"), _Plain)
        frames = read["frames"]
        for story in read["stories"]:
            story["journal"] = [*frames[story.get("frame", "none")], *story.get("journal", [])]
            rows.append(pytest.param(PLANS[path.stem.split("-")[0]], story, id=f"{path.stem}: {story['story']}"))
    return rows


@pytest.mark.parametrize(("plan_name", "story"), _table())
def test_the_registrar_agrees(
    plan_name: str, story: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    plan: Plan = request.getfixturevalue(plan_name)
    made, summary = decided(plan, write(tmp_path / "journal.ndjson", resources(story["journal"])))
    assert summary.account.problems == []
    expected = story["cases"]
    records = sorted((decision.record for decision in made), key=lambda record: str(record.start))
    assert [str(record.start) for record in records][: len(expected) + 1] is not None
    assert len(records) == len(expected), [str(record.start) for record in records]
    wrong = [
        f"case {number}: {variable} is {told}, expected {wanted}"
        for number, (record, case) in enumerate(zip(records, expected, strict=True), 1)
        for variable, wanted in case.items()
        if (told := _told(record, variable)) != wanted and not _agrees(record, variable, wanted)
    ]
    assert wrong == []


def _told(record: Any, variable: str) -> Any:
    if variable == "start":
        return str(record.start)
    if variable == "findings":
        return sorted({f"{f.severity} {f.rule} {f.variable}".strip() for f in record.findings if f.severity != "note"})
    value = record.value_of(variable) if hasattr(record, "value_of") else _value_of(record, variable)
    return f"empty: {value.reason}" if value.value is None else f"{value.value}{'?' * (value.tier == 'proposed')}"


def _value_of(record: Any, variable: str) -> Any:
    return next(value for value in record.values if value.variable == variable)


def _agrees(record: Any, variable: str, wanted: Any) -> bool:
    """`empty` is empty for any reason; `not 1` is anything else; a number is its text; proposed or not is not asked."""
    told = str(_told(record, variable))
    wanted = str(wanted)
    if wanted == "empty":
        return told.startswith("empty")
    if wanted.startswith("not "):
        return told.removesuffix("?") != wanted[4:]
    return told == wanted or told.removesuffix("?") == wanted
