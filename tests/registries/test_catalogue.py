"""Versions of normed variables: which one a name means, on which day, and what took its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from registries.catalogue import Catalogue, load_catalogue
from registries.definition import Definition, DefinitionError
from registries.plan import compile_plan
from tests.registries import plans

TEXT = {"nb": "x", "en": "x"}
LISTS = "yes-no:\n  'yes': {nb: Ja, en: 'Yes'}\n  'no': {nb: Nei, en: 'No'}\n"


def catalogue(folder: Path, variables: str, **files: str) -> Catalogue:
    """A catalogue of a file; `label`, `definition` and `type` are filled in where they are left out."""
    written = yaml.safe_load(variables)
    for given in written.values():
        for one in given if isinstance(given, list) else [given]:
            one.update({"label": TEXT, "definition": TEXT, "type": "integer"} | dict(one))
    return load(folder, yaml.safe_dump(written, sort_keys=False), **files)


def load(folder: Path, variables: str, **files: str) -> Catalogue:
    texts = {"variables": variables, "lists": LISTS, "sets": "{}"} | files
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_catalogue(folder)


THREE = """
smoking:
  - {version: 1, valid_to: 2019-12-31}
  - {version: 2, valid_from: 2020-01-01, valid_to: 2024-12-31}
  - {version: 3, valid_from: 2025-02-01}
  - {version: 4, status: draft}
tobacco: {replaced_by: smoking}
snuff: {replaced_by: smoking@2}
new: {status: draft}
"""


@pytest.mark.parametrize(
    ("reference", "version"),
    [
        ("smoking", 3),  # the newest that is published
        ("smoking@1", 1),
        ("smoking@4", 4),  # a draft, by its number
        ("new", 1),  # only a draft
        ("smoking@5", None),
        ("smoking@x", None),
        ("smoke", None),
        ("smoking@", 3),
    ],
)
def test_a_reference_means_a_version(reference: str, version: int | None, tmp_path: Path) -> None:
    found = catalogue(tmp_path, THREE).find(reference)
    assert (found.version if found else None) == version


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("1990-01-01", 1),
        ("2019-12-31", 1),
        ("2020-01-01", 2),
        ("2024-12-31", 2),
        ("2025-01-31", None),  # a month in which nothing was valid
        ("2025-02-01", 3),
        ("2099-01-01", 3),
    ],
)
def test_a_day_has_one_version(day: str, version: int | None, tmp_path: Path) -> None:
    then = catalogue(tmp_path, THREE).at(date.fromisoformat(day))
    found = then.find("smoking")
    assert (found.version if found else None) == version
    assert then.find("new") is None  # a draft is valid on no day
    assert then.find("smoking@3") is not None  # but a version is found by its number on every day


@pytest.mark.parametrize(
    ("reference", "chain"),
    [
        ("smoking@1", ("smoking@2", "smoking@3")),
        ("smoking", ()),
        ("tobacco", ("smoking",)),
        ("snuff", ("smoking@2", "smoking@3")),
        ("nothing", ()),
    ],
)
def test_what_took_its_place(reference: str, chain: tuple[str, ...], tmp_path: Path) -> None:
    assert catalogue(tmp_path, THREE).successors(reference) == chain


def test_every_version_counts_in_the_fingerprint(tmp_path: Path) -> None:
    before = catalogue(tmp_path, THREE).fingerprint()
    assert before == catalogue(tmp_path, THREE).fingerprint()
    assert before != catalogue(tmp_path, THREE.replace("valid_to: 2019-12-31", "valid_to: 2019-12-30")).fingerprint()


def test_what_defaults_say_holds_where_nothing_else_is_said(tmp_path: Path) -> None:
    found = catalogue(tmp_path, "a: {}\nb: {owner: B}", defaults="owner: A\nnorming: guide\n")
    assert [(one.owner, one.norming) for one in found.variables.values()] == [("A", "guide"), ("B", "guide")]


def test_a_definition_binds_to_the_version_it_names() -> None:
    old = plans.CATALOGUE.variables["answer"]
    new = old.model_copy(update={"version": 2, "values": {"maybe": old.label}})
    both = Catalogue(
        {**plans.CATALOGUE.variables, "answer": new}, plans.CATALOGUE.sets, plans.CATALOGUE.maps, {"answer": (old, new)}
    )
    written = plans.data()
    with pytest.raises(DefinitionError, match="answer has no value"):
        compile_plan(Definition.model_validate(written), both, plans.OneLine(), "one-line")
    for variable in written["variables"].values():
        variable["normed"] = variable["normed"].replace("answer", "answer@1")
    assert compile_plan(Definition.model_validate(written), both, plans.OneLine(), "one-line")


# What is wrong in a file is told with its line, all of it at once.


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ("a:\n  - {version: 1}\n  - {version: 1, valid_from: 2020-01-01}", r"a\.1\.version: version 1 stands after 1"),
        (
            "a:\n  - {version: 1}\n  - {version: 2}",
            r"a\.1\.valid_from: versions 1 and 2 are valid at the same time; give version 1 a `valid_to`",
        ),
        (
            "a:\n  - {version: 1, valid_to: 2020-01-01}\n  - {version: 2, valid_from: 2020-01-01}",
            r"versions 1 and 2 are valid at the same time",
        ),
        ("a: {replaced_by: b}", r"replaced_by: there is no variable 'b'"),
        ("smoking: {}\na: {replaced_by: smokin}", r"'smokin'; did you mean `smoking`\?"),
        ("a: {replaced_by: a}", r"the replacements go in a circle: a@1 → a;"),
        ("a: {replaced_by: b}\nb: {replaced_by: a@1}", r"a circle: a@1 → b → a@1"),
        ("a: {replaced_by: '@2'}", r"a\.replaced_by"),
        ("a: {valid_from: 2020-02-01, valid_to: 2020-01-01}", r"a\.valid_to: is before `valid_from`"),
        ("a: {range: {hard: [5, 1]}}", r"a\.range\.hard: the first limit is above the second; write \[1, 5\]"),
        (
            "a: {range: {hard: [0, 5], plausible: [1, 9]}}",
            r"a\.range\.plausible: `plausible` reaches outside `hard`; write \[1, 5\]",
        ),
        ("a: {list: yes-no}", r"a\.list: `list` does not belong to type integer"),
        ("a: {type: code, unit: kg, list: yes-no}", r"a\.unit: `unit` does not belong to type code"),
        ("a: {type: string, pattern: '['}", r"a\.pattern: is no regular expression"),
        ("a: {type: string, decimals: 1}", r"a\.decimals: `decimals` does not belong to type string"),
        ("a: {type: code, list: yes-no, missing: {unknown: n}}", r"a\.missing\.unknown: it has no value 'n'"),
        (
            "a: {type: code, list: yes-no, value_list: {oid: 2.16.578, codes: {ys: '1'}}}",
            r"a\.value_list\.codes\.ys: it has no value 'ys'; did you mean `yes`\?",
        ),
        ("a: {type: code, list: yes-no, value_list: {oid: 7.x, codes: {}}}", r"a\.value_list\.oid"),
        ("a: {label: {nb: '', en: x}}", r"a\.label\.nb: is empty; say what the variable is, or write `status: draft`"),
        ("a: {mapping: {status: approved}}", r"a\.mapping: a mapping that is approved says who decided and when"),
        ("a: {norming: law}", r"a\.norming: 'law' is not one of guide, guideline, recommended, mandatory"),
        ("a: {sensitivty: none}", r"a\.sensitivty: there is no such word here; did you mean `sensitivity`\?"),
        ("a: {temporality: {relation: at, from: 5y}}", r"a\.temporality\.from"),
        ("a: {version: 0}", r"a\.version"),
        ("a: {reservation: x}", r"a\.reservation"),
    ],
)
def test_a_wrong_variable_is_told_with_its_line(variables: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=rf"variables\.yaml:\d+: .*{told}"):
        catalogue(tmp_path, variables)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    wrong = "a:\n  label: {nb: a}\n  unitt: kg\nb: text\nc: [1]\nd: []\n"
    with pytest.raises(DefinitionError) as caught:
        load(tmp_path, wrong)
    lines = [line.removeprefix(f"{tmp_path}/variables.yaml:") for line in str(caught.value).splitlines()]
    assert [line.split(": ")[:2] for line in lines if "a." in line] == [
        ["1", "a.definition"],
        ["1", "a.type"],
        ["2", "a.label.en"],
        ["3", "a.unitt"],
    ]
    assert any(line.startswith("4: b") for line in lines)
    assert any(line.startswith("5: c.0") for line in lines)
    assert any(line.startswith("6: d: has no version") for line in lines)


def test_what_ships_says_who_owns_it_and_how_far_it_is_normed() -> None:
    found = load_catalogue()
    assert {(one.version, one.status, one.norming) for one in found.variables.values()} == {(1, "published", "guide")}
    assert all(one.owner and one.label.nn for one in found.variables.values())
    unknown = {name for name, one in found.variables.items() if "unknown" in one.values}
    assert {name for name, one in found.variables.items() if one.missing} == unknown
