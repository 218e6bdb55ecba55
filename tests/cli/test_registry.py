"""`registry`: check a definition, begin one, and take its versions from draft to retirement."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from registries.definition import DefinitionError
from reporting.home import Home, home_from_environment
from reporting.library import definition_of, definitions, today, version_of
from tests.cli.conftest import Run
from tests.journals import DEFINITIONS, stroke, write

YEAR = timedelta(days=365)


@pytest.fixture
def file(home: Path) -> Path:
    """The file of a registry that the tests make, when it has been begun."""
    return home / "definitions" / "tia" / "tia.yaml"


@pytest.fixture
def begun(run: Run, file: Path) -> Path:
    assert run("registry", "new", "tia").code == 0
    return file


@pytest.fixture
def active(run: Run, begun: Path) -> Path:
    assert run("registry", "approve", "tia", "1", "--by", "Kari").code == 0
    assert run("registry", "activate", "tia", "1", "--by", "Per").code == 0
    return begun


def _home() -> Home:
    return home_from_environment()


def _next(file: Path, number: int, **changes: object) -> Path:
    content = yaml.safe_load(file.read_text(encoding="utf-8")) | {"version": number} | changes
    path = file.with_name(f"tia.v{number}.yaml")
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


# check


def test_a_check_tells_all_mistakes_and_ends_with_2(run: Run, begun: Path) -> None:
    assert run("registry", "check", "tia").out == f"{begun}: no mistakes\n"
    text = (
        begun.read_text(encoding="utf-8").replace("normed: sex", "normed: sexx").replace("status: draft", "status: d")
    )
    begun.write_text(text, encoding="utf-8")
    ended = run("registry", "check", "tia")
    assert ended.code == 2
    told = ended.out.splitlines()
    assert told[0].startswith(f"{begun}:6: status: 'd' is not one of")
    assert told[1].endswith(": variables.Kjonn.normed: the catalogue has no variable 'sexx'; did you mean `sex`?")
    assert told[2] == f"{begun}: 2 mistakes"
    as_json = run("registry", "check", begun, "--json")
    first = json.loads(as_json.out)[0]
    assert (as_json.code, first["line"]) == (2, 6)
    assert set(first) == {"file", "line", "place", "cause", "suggestion"}


@pytest.mark.parametrize("slug", ["hjerneslag", "noric"])
def test_what_ships_has_no_mistakes(run: Run, slug: str) -> None:
    assert run("registry", "check", slug).code == 0
    assert run("registry", "check", slug, "--json").out == "[]\n"


def test_reporting_with_a_wrong_definition_tells_all_mistakes_too(run: Run, begun: Path, tmp_path: Path) -> None:
    text = begun.read_text(encoding="utf-8").replace("normed: sex", "normed: sexx").replace("map: sex", "map: sexx")
    begun.write_text(text, encoding="utf-8")
    journals = write(tmp_path / "a.ndjson", stroke("1"))
    ended = run("report", "tia", journals, "--dry-run")
    assert (ended.code, len(ended.err.splitlines())) == (2, 2)
    assert ended.err.count(f"{begun}:") == 2


# new


def test_a_new_registry_is_a_draft_that_can_be_tried_at_once(run: Run, home: Path, begun: Path) -> None:
    assert definition_of(_home(), "tia").status == "draft"
    schema = begun.parent / begun.read_text(encoding="utf-8").splitlines()[0].split("$schema=")[1]
    assert json.loads(schema.read_text(encoding="utf-8"))["title"] == "Definition"
    again = run("registry", "new", "tia")
    assert (again.code, "already" in again.word) == (2, True)
    assert run("registry", "new", "hjerneslag").code == 2
    assert run("registry", "new", "../elsewhere").code == 2
    assert not (home / "elsewhere").exists()


@pytest.mark.parametrize("slug", ["hjerneslag", "noric"])
def test_editors_find_the_schema_of_what_ships(slug: str) -> None:
    path = DEFINITIONS / slug / f"{slug}.yaml"
    first = path.read_text(encoding="utf-8").splitlines()[0]
    schema = json.loads((path.parent / first.split("$schema=")[1]).read_text(encoding="utf-8"))
    assert schema["title"] == "Definition"


# from draft to retirement


def test_only_an_active_version_is_reported_and_a_draft_can_be_tried(run: Run, begun: Path, tmp_path: Path) -> None:
    journals = write(tmp_path / "a.ndjson", stroke("1"))
    for registry in ("tia", begun):
        refused = run("report", registry, journals)
        assert (refused.code, "only active versions are reported" in refused.word) == (2, True)
        assert run("report", registry, journals, "--dry-run").code == 0
    assert run("registry", "approve", "tia", "1", "--by", "Kari").code == 0
    assert run("report", "tia", journals).code == 2
    assert run("registry", "activate", "tia", "1", "--by", "Kari").code == 0
    assert run("report", "tia", journals).code == 0
    assert run("registry", "retire", "tia", "1", "--by", "Kari").code == 0
    assert "has no version that is active" in run("report", "tia", journals, "--dry-run").word
    assert run("report", "tia", journals, "--version", "1", "--dry-run").code == 0
    assert run("report", "tia", journals, "--version", "1").code == 2


def test_the_author_cannot_approve_and_a_draft_cannot_be_activated(run: Run, begun: Path) -> None:
    assert "second person" in run("registry", "approve", "tia", "1", "--by", "Ola Nordmann").word
    assert "is a draft" in run("registry", "activate", "tia", "1", "--by", "Kari").word
    assert "no version 7" in run("registry", "approve", "tia", "7", "--by", "Kari").word
    assert not (begun.parent / "versions.yaml").exists()


def test_what_has_mistakes_is_not_approved(run: Run, begun: Path) -> None:
    begun.write_text(begun.read_text(encoding="utf-8").replace("normed: sex", "normed: sexx"), encoding="utf-8")
    assert "did you mean `sex`?" in run("registry", "approve", "tia", "1", "--by", "Kari").word


def test_the_ledger_says_who_when_and_what(run: Run, active: Path) -> None:
    (told,) = json.loads(run("registry", "versions", "tia", "--json").out)
    assert (told["version"], told["stage"], told["changed"]) == (1, "active", False)
    assert [(one["what"], one["by"]) for one in told["decisions"]] == [("approve", "Kari"), ("activate", "Per")]
    kept = yaml.safe_load((active.parent / "versions.yaml").read_text(encoding="utf-8"))
    assert [set(one) >= {"version", "what", "by", "at", "digest"} for one in kept["events"]] == [True, True]


def test_an_active_version_that_was_changed_is_refused(run: Run, active: Path, tmp_path: Path) -> None:
    text = active.read_text(encoding="utf-8")
    active.write_text(f"{text}# a comment changes nothing\n", encoding="utf-8")
    assert run("registry", "versions", "tia").code == 0
    active.write_text(text.replace("same_case_within: 28d", "same_case_within: 30d"), encoding="utf-8")
    journals = write(tmp_path / "a.ndjson", stroke("1"))
    refused = run("report", "tia", journals, "--dry-run")
    assert (refused.code, "was changed after Per activated it" in refused.word) == (2, True)
    assert "changed since" in run("registry", "versions", "tia").out
    assert "was changed after" in run("registry", "retire", "tia", "1", "--by", "Kari").word
    active.write_text(text, encoding="utf-8")
    assert run("report", "tia", journals, "--dry-run").code == 0


def test_a_ledger_that_cannot_be_read_is_told(run: Run, active: Path) -> None:
    ledger = active.parent / "versions.yaml"
    ledger.write_text(ledger.read_text(encoding="utf-8").replace("what: approve", "what: aprove"), encoding="utf-8")
    assert "did you mean `approve`?" in run("registry", "versions", "tia").word


# several versions


def test_the_newest_active_version_counts_from_its_date(run: Run, active: Path) -> None:
    _next(active, 2)
    assert run("registry", "approve", "tia", "2", "--by", "Kari").code == 0
    later = today() + YEAR
    assert run("registry", "activate", "tia", "2", "--by", "Kari", "--from", str(later)).code == 0
    _next(active, 3)
    assert definition_of(_home(), "tia").version == 1
    assert definition_of(_home(), "tia", at=later - timedelta(days=1)).version == 1
    assert definition_of(_home(), "tia", at=later).version == 2
    assert definition_of(_home(), "tia", "draft").version == 3
    assert definition_of(_home(), "tia", 2).version == 2
    with pytest.raises(DefinitionError, match=r"there is 1 \(active\), 2 \(approved\), 3 \(draft\)"):
        definition_of(_home(), "tia", 9)
    with pytest.raises(DefinitionError, match="hjerneslag has no draft"):
        definition_of(_home(), "hjerneslag", "draft")


def test_a_draft_with_mistakes_stops_nobody_but_an_active_file_with_mistakes_does(active: Path) -> None:
    path = _next(active, 2, status="draft", legal_basis=None)
    assert definition_of(_home(), "tia").version == 1
    assert [str(path) in str(error) for error in definitions(_home())[1]] == [True]
    with pytest.raises(DefinitionError, match="legal_basis"):
        definition_of(_home(), "tia", "draft")
    with pytest.raises(DefinitionError, match="legal_basis"):
        definition_of(_home(), "tia", 2)
    path.unlink()
    active.write_text("registry: tia\nversion: 1\nstatus: draft\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="`title` is missing"):
        definition_of(_home(), "tia")


def test_a_number_that_stands_in_two_files_is_refused(active: Path) -> None:
    _next(active, 1)
    with pytest.raises(DefinitionError, match=r"version 1 stands in tia.v1.yaml too"):
        definition_of(_home(), "tia")


def test_an_own_draft_leaves_the_shipped_version_active(home: Path) -> None:
    shipped = yaml.safe_load((DEFINITIONS / "noric" / "noric.yaml").read_text(encoding="utf-8"))
    path = home / "definitions" / "noric" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(shipped | {"version": 9, "status": "draft"}, sort_keys=False), encoding="utf-8")
    assert definition_of(_home(), "noric").version == shipped["version"]
    assert definition_of(_home(), "noric", "draft").version == 9


def test_in_production_a_file_cannot_call_itself_active(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = yaml.safe_load((DEFINITIONS / "noric" / "noric.yaml").read_text(encoding="utf-8"))
    path = home / "definitions" / "noric" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(shipped | {"version": 9, "status": "active"}, sort_keys=False), encoding="utf-8")
    assert version_of(_home(), "noric").number == 9
    monkeypatch.setenv("REGISTERBRO_MODE", "production")
    assert version_of(_home(), "noric").number == shipped["version"]
    assert version_of(_home(), "noric", 9).stage == "draft"
    assert version_of(_home(), "noric", at=date(2020, 1, 1)).number == shipped["version"]


@pytest.mark.parametrize("args", [["versions", "gone"], ["check", "gone"], ["approve", "gone", "1", "--by", "x"]])
def test_a_registry_that_is_not_there_is_told(args: list[str], run: Run) -> None:
    ended = run("registry", *args)
    assert (ended.code, "no registry called 'gone'" in ended.word) == (2, True)


def test_a_version_is_a_number_or_draft(run: Run) -> None:
    assert "write a number, or draft" in run("registry", "schema", "noric", "--version", "newest").word
