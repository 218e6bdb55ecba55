"""Each row of the tables: a journal, and what a registrar would have written of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from registries.plan import Plan
from reporting.submission import Decision
from tests.journals import Resource, decided, write
from tests.journals_by_hand.rows import in_a_bundle, resources, with_addresses

HERE = Path(__file__).parent
PLANS = {"stroke": "stroke_plan", "heart": "heart_plan"}


class _Plain(yaml.SafeLoader):
    """YAML whose times are text, as they are in a journal."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _stories() -> list[Any]:
    """Each story with its frame's rows before its own; a row for the patient replaces the frame's."""
    told = []
    for path in sorted(HERE.glob("*.yaml")):
        read = yaml.load(path.read_text(encoding="utf-8"), _Plain)  # noqa: S506 (it is the safe loader)
        for story in read["stories"]:
            rows = [*read["frames"][story.get("frame", "none")], *story.get("journal", [])]
            patients = [row for row in rows if "patient" in row]
            story["journal"] = [*patients[-1:], *(row for row in rows if "patient" not in row)]
            told.append(pytest.param(PLANS[path.stem], story, id=f"{path.stem}: {story['story']}"))
    return told


STORIES = _stories()


@pytest.mark.parametrize(("plan_name", "story"), STORIES)
def test_a_registrar_would_have_written_this(
    plan_name: str, story: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    plan: Plan = request.getfixturevalue(plan_name)
    made = _decided(plan, write(tmp_path / "journal.ndjson", resources(story["journal"])))
    assert len(made) == len(story["cases"]), [one.record.start for one in made]
    wrong = [
        f"case {number}: {name} is {told}, not {wanted}"
        for number, (decision, case) in enumerate(zip(made, story["cases"], strict=True), 1)
        for name, wanted in case.items()
        if not _agrees(told := _told(decision, name), wanted)
    ]
    assert wrong == []


@pytest.mark.parametrize("way", [in_a_bundle, with_addresses])
@pytest.mark.parametrize(("plan_name", "story"), STORIES)
def test_it_does_not_matter_how_it_is_packed(
    plan_name: str,
    story: dict[str, Any],
    way: Callable[[list[Resource]], list[Resource]],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    plan: Plan = request.getfixturevalue(plan_name)
    plain = _decided(plan, write(tmp_path / "plain.ndjson", resources(story["journal"])))
    packed = _decided(plan, write(tmp_path / "packed.ndjson", way(resources(story["journal"]))))
    assert [_values(one) for one in packed] == [_values(one) for one in plain]


def _decided(plan: Plan, path: Path) -> list[Decision]:
    made, summary = decided(plan, path)
    assert summary.account.problems == []
    return sorted(made, key=lambda decision: decision.record.start)


def _values(decision: Decision) -> list[tuple[object, ...]]:
    return [(one.variable, one.value, one.reason, one.tier) for one in decision.record.values]


def _told(decision: Decision, name: str) -> Any:
    """A value as text, with `?` when a person has to confirm it; what is done; or the findings that are no notes."""
    if name == "action":
        return str(decision.action)
    if name == "findings":
        told = {f"{one.severity} {one.rule} {one.variable}" for one in decision.record.findings}
        return sorted(one for one in told if not one.startswith("note"))
    value = next(one for one in decision.record.values if one.variable == name)
    return f"empty: {value.reason}" if value.value is None else f"{value.value}{'?' * (value.tier == 'proposed')}"


def _agrees(told: Any, wanted: Any) -> bool:
    """`empty` is empty for any reason, `not 1` anything else; without `?` it does not matter who answers for it."""
    if isinstance(wanted, list):
        return bool(told == wanted)
    wanted = str(wanted)
    if wanted == "empty":
        return bool(told.startswith("empty"))
    if wanted.startswith("not "):
        return bool(told.removesuffix("?") != wanted.removeprefix("not "))
    return wanted in (told, told.removesuffix("?"))
