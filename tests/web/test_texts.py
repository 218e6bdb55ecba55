"""The catalogue has all words, in both languages; the templates have none of their own."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest

import reporting.web
from registries.definition import Definition, Variable
from registries.entry import Kind
from registries.record import Reason, Severity, Tier
from reporting.submission import Action, RunState, State
from reporting.texts import Text, catalogue, joined, named, same, text

FINDINGS = [
    "type_wrong",
    "not_in_code_list",
    "hard_range",
    "plausible_range",
    "obligatory_missing",
    "waits_for_person",
    "dates_out_of_order",
    "no_identity",
    "identity_invalid",
    "identity_not_allowed",
]
CLOSED: dict[str, type[StrEnum]] = {
    "tier": Tier,
    "reason": Reason,
    "severity": Severity,
    "kind": Kind,
    "action": Action,
    "state": State,
    "run_state": RunState,
}
TEMPLATES = sorted((Path(reporting.web.__file__).parent / "templates").glob("*.html"))
KEY = re.compile(r"\b(?:t|nb|named)\(\s*'([^']*)'\s*(~)?")
#: Attributes whose text people see or hear.
SPOKEN = re.compile(r"""(?:aria-label|title|alt|placeholder|summary)="([^"]*)\"""")


@pytest.mark.parametrize("group", CLOSED)
def test_every_member_of_a_closed_set_has_a_text(group: str) -> None:
    assert [name for name in CLOSED[group] if f"{group}.{name}" not in catalogue()] == []


@pytest.mark.parametrize(
    ("group", "wanted"),
    [
        ("finding", FINDINGS),
        ("note", ["absence", "absence_unreadable"]),
        ("status", Definition.model_fields["status"].annotation.__args__),  # type: ignore[union-attr]
        ("type", Variable.model_fields["type"].annotation.__args__),  # type: ignore[union-attr]
    ],
)
def test_every_agreed_name_has_a_text(group: str, wanted: list[str]) -> None:
    assert [name for name in wanted if f"{group}.{name}" not in catalogue()] == []


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_a_text_is_whole_in_both_languages(key: str) -> None:
    words = catalogue()[key]
    assert words.nb.strip() and words.en.strip()
    assert _places(words.nb) == _places(words.en)


def test_a_text_is_filled_in_by_language() -> None:
    filled = text("explain.head", label=Text(nb="Høyde", en="Height"), value=text("reason.no_time"))
    assert filled.nb == "Høyde: Oppføringen har ikke noe tidspunkt"
    assert filled.en == "Height: The entry has no time"


def test_an_unknown_key_or_a_missing_parameter_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("reason.none_such")
    with pytest.raises(KeyError):
        text("trace.rule", map="m")


def test_a_name_that_is_gone_stands_for_itself() -> None:
    assert named("finding", "hard_range") == named("finding", "finding.hard_range") == text("finding.hard_range")
    assert named("finding", "of_yesterday") == same("of_yesterday")


def test_texts_are_joined_by_language() -> None:
    assert joined([Text(nb="a", en="b"), same("c")], "; ") == Text(nb="a; c", en="b; c")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_uses_known_keys_only(template: Path) -> None:
    unknown = []
    for key, goes_on in KEY.findall(template.read_text(encoding="utf-8")):
        starts = any(known.startswith(key) for known in catalogue())
        if not (starts if goes_on else key in catalogue() or any(k.startswith(f"{key}.") for k in catalogue())):
            unknown.append(key)
    assert unknown == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_has_no_words_of_its_own(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    markup = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    spoken = SPOKEN.findall(markup)
    visible = re.sub(r"<[^>]*>", "", markup, flags=re.DOTALL)
    assert [words for words in [*spoken, visible] if re.search(r"[^\W\d_]", words)] == []


def test_every_text_of_the_pages_is_used() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path(reporting.web.__file__).parent.rglob("*.*ml"))
    code += "".join(path.read_text(encoding="utf-8") for path in Path(reporting.web.__file__).parent.rglob("*.py"))
    page_keys = (key for key in catalogue() if key.startswith("page."))
    problems = {"page.not_found", "page.wrong_request", "page.failed"}
    expected = (key for key in page_keys if key.removesuffix("_text") not in problems)
    assert [key for key in expected if f"'{key}'" not in code and f'"{key}"' not in code] == []


def _places(words: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}
