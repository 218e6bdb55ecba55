"""The reference of the definition language, from the tables that test it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import dedent, indent

import yaml

from tests.spec.language import STROKE, STROKE_CASE, CaseSpec, Journal, Section, Spec, table
from tests.spec.tables import SECTIONS
from tools.markdown import fenced, grid, made

_TEXTS = Path(__file__).resolve().parents[1] / "reporting" / "texts.yaml"
_INTRODUCTION = """
# The definition language

A registry definition is a YAML file that says which journal entries make a case and how each variable of the registry
is found in the journal. This page shows every word of the language with examples. Each example is also a test: what
stands under *gives* is what the program gives.

Read the journals like this: `code` is the system and the code, times are local, and an entry's `id` is only there so
that a result can say which entries it came `from`. A result is a meaning (with the registry's own code after `=`) or,
in *italics*, the reason why the variable is empty. What may follow tells more: who answers for the value, the entries
and the map row behind it, notes and findings.

An example leaves out what it is not about: the variable's `normed` meaning and its `label`, `automation: automatic`,
and, where it says no `type`, `type: code` with `codes: {1: "yes", 2: "no", 9: unknown}`.

Unless an example brings its own, its entries stand in the journal of a patient with one stay for a stroke:
"""


def page() -> str:
    """The whole page."""
    chapters = "\n\n".join(_chapter(section) for section in SECTIONS)
    standard = f"{_INTRODUCTION.strip()}\n\n{_plain(STROKE)}\n\nwhich this rule makes a case:\n\n{_case(STROKE_CASE)}"
    return f"{made('`tests/spec/tables`')}\n\n{standard}\n\n{chapters}\n\n{_reasons()}\n"


def _chapter(section: Section) -> str:
    return "\n\n".join([f"## {section.title}", section.text, *map(_example, section.specs)])


def _example(spec: Spec | CaseSpec) -> str:
    parts = [f"### {spec.word}", spec.says]
    if isinstance(spec, CaseSpec):
        return "\n\n".join([*parts, _case(spec.case), _journals(spec.table)])
    parts.append(fenced(_written(spec)))
    if spec.frame != STROKE:
        parts += ["In this journal:", _plain(spec.frame)]
    if spec.case != STROKE_CASE:
        parts += ["with the case", _case(spec.case)]
    return "\n\n".join([*parts, _journals(spec.table)])


def _case(text: str) -> str:
    return fenced("case:\n" + indent(dedent(text).strip(), "  "))


def _written(spec: Spec) -> str:
    variables = f"{dedent(spec.earlier).strip()}\nExample:\n{indent(dedent(spec.variable).strip(), '  ')}".strip()
    text = "variables:\n" + indent(variables, "  ")
    lists = {"orders": spec.orders, "checks": spec.checks}
    return text + "".join(f"\n{name}:\n{indent(dedent(one).strip(), '  ')}" for name, one in lists.items() if one)


def _plain(text: str) -> str:
    written = table(text.rstrip() + " =>")
    columns = written.columns
    return grid(columns, [[row.get(name, "") for name in columns] for row in written.journals[0].rows])


def _journals(text: str) -> str:
    written = table(text)
    columns = ["id", *(name for name in written.columns if name != "id")]
    lines = [line for number, journal in enumerate(written.journals, 1) for line in _lines(number, journal, columns)]
    return grid(["journal", *columns, "gives"], lines)


def _lines(number: int, journal: Journal, columns: list[str]) -> list[list[str]]:
    if not journal.rows:
        return [[str(number), "(nothing more)", *[""] * (len(columns) - 1), _result(journal.gives)]]
    lines = [["", *(row.get(name, "") for name in columns), ""] for row in journal.rows]
    lines[0][0] = str(number)
    lines[-1][-1] = _result(journal.gives)
    return lines


def _result(gives: str) -> str:
    first, *more = [part.strip() for part in gives.split(";")]
    shown = f"*{first}*" if first in _reason_texts() else f"**{first}**"
    return "<br>".join([shown, *more])


def _reasons() -> str:
    rows = [[f"`{name}`", text["en"], text["nb"]] for name, text in _reason_texts().items()]
    return "## Why a variable is empty\n\n" + grid(["reason", "English", "norsk"], rows)


@cache
def _reason_texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(_TEXTS.read_text("utf-8"))
    return texts["reason"]
