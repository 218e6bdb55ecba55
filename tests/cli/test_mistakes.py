"""Known mistakes: one line that says what and where, code 2, and no traceback."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.journals import DEFINITIONS, stroke, write

SHIPPED = DEFINITIONS / "hjerneslag" / "hjerneslag.yaml"
ROOT = DEFINITIONS.parent.parent

#: What is mistyped, what it becomes, and the words that name the place.
TYPOS = {
    "key": ("    obligatory: true", "    obligatry: true", "variables.Slagdiagnose.obligatry"),
    "value": ("automation: automatic", "automation: automatik", "variables.Slagdiagnose.automation"),
    "kind": ("select: condition", "select: conditon", "case.select"),
    "moment": ("to: case.start + 24h", "to: case.begin + 24h", "variables.BevissthetsgradInnleggelse.from.0.window.to"),
    "set": (
        "codes: acute-stroke",
        "codes: acute-strok",
        "case.codes: the catalogue has no set of codes called 'acute-strok'; did you mean `acute-stroke`?",
    ),
    "map": (
        "map: stroke-type-specific",
        "map: stroke-tipe",
        "Slagdiagnose.from.0.map: the catalogue has no map 'stroke-tipe'",
    ),
    "normed": ("normed: nihss-total", "normed: nihs", "variables.NIHSSinnkomst.normed"),
    "order": ("then: TrombolyseStarttid", "then: Trombolyse2", "no variable called Trombolyse2"),
    "yaml": ("variables:", "variables: [", "line "),
    "character": ("title:", "\x01title:", "special characters are not allowed"),
}


@pytest.fixture
def journals(tmp_path: Path) -> Path:
    return write(tmp_path / "journals" / "a.ndjson", stroke("1"))


def mistyped(path: Path, typo: str) -> Path:
    before, after, _ = TYPOS[typo]
    text = SHIPPED.read_text(encoding="utf-8")
    assert before in text
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("typo", TYPOS)
def test_a_typo_in_a_definition_file_is_told_with_file_and_place(
    typo: str, run: Run, journals: Path, tmp_path: Path
) -> None:
    path = mistyped(tmp_path / "mine.yaml", typo)
    ended = run("report", path, journals, "--dry-run")
    assert (ended.code, ended.out) == (2, "")
    assert TYPOS[typo][2] in ended.word
    assert str(path) in ended.word or "definition hjerneslag" in ended.word


@pytest.mark.parametrize("typo", TYPOS)
def test_a_typo_in_an_installed_definition_never_falls_back_to_the_shipped_one(
    typo: str, run: Run, home: Path, journals: Path
) -> None:
    mistyped(home / "definitions" / "hjerneslag" / "hjerneslag.yaml", typo)
    ended = run("report", "hjerneslag", journals, "--dry-run")
    assert (ended.code, ended.out) == (2, "")
    assert TYPOS[typo][2] in ended.word


def test_a_broken_definition_is_named_in_the_list_and_the_others_are_shown(run: Run, home: Path) -> None:
    path = mistyped(home / "definitions" / "hjerneslag" / "hjerneslag.yaml", "key")
    ended = run("registry", "list")
    assert ended.code == 2
    assert [line.split("\t")[0] for line in ended.out.splitlines()] == ["noric"]
    assert all(line.startswith(f"{path}:") for line in ended.err.splitlines())


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["report", "hjerneslagg", "."], "no registry called 'hjerneslagg'; known are hjerneslag, noric"),
        (["report", "gone.yaml", "."], "gone.yaml: cannot be read"),
        (["registry", "schema", "gone"], "no registry called 'gone'"),
        (["send", "gone"], "no registry called 'gone'"),
        (["terminology", "lookup", "5"], "'5' is not a concept"),
        (["terminology", "lookup", "230690008"], "'230690008' is not a concept"),
        (["terminology", "lookup", "stroke"], "'stroke' is not a concept"),
        (["terminology", "lookup", "230690007", "--release", "gone"], "no release called 'gone'"),
        (["terminology", "ecl", "<< 230690007 AND"], "column 17"),
        (["terminology", "ecl", "<<< 230690007"], "column"),
        (["terminology", "ecl", ""], "column 1"),
        (["terminology", "ecl", "<< 230690007", "--release", "gone"], "no release called 'gone'"),
        (["terminology", "import", "gone"], "gone: no such file or folder"),
        (["terminology", "import", __file__], "no column is known to hold the code"),
        (["synth", "--patients", "3", "--out", f"{__file__}/inside"], "Not a directory"),
    ],
)
def test_what_is_not_there_or_not_right_is_one_line(args: list[str], says: str, run: Run) -> None:
    ended = run(*args)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.word


def test_an_archive_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "release.zip"
    path.write_bytes(b"PK\x03\x04 and then nothing")
    ended = run("terminology", "import", path)
    assert (ended.code, str(path) in ended.word) == (2, True)


def test_a_release_name_that_is_a_path_is_refused(run: Run, example: Path) -> None:
    ended = run("terminology", "import", example, "--name", "../../elsewhere")
    assert (ended.code, "letters, digits" in ended.err.splitlines()[-1]) == (2, True)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("REGISTERBRO_MODE", "test", "REGISTERBRO_MODE"),
        ("REGISTERBRO_KEY", "1234", "64 digits"),
        ("REGISTERBRO_ENDPOINT_HJERNESLAG", "ftp://registry.example/", "the endpoint of hjerneslag"),
        ("REGISTERBRO_ENDPOINT_HJERNESLAG", "http://registry.example:port/", "the endpoint of hjerneslag"),
        ("REGISTERBRO_DATABASE", "registerbro.sqlite", "REGISTERBRO_DATABASE"),
        ("REGISTERBRO_DATABASE", f"sqlite:///{__file__}", "the database cannot be used"),
        ("REGISTERBRO_HOME", f"{__file__}/inside", "Not a directory"),
    ],
)
def test_a_wrong_environment_is_one_line(
    name: str, value: str, says: str, run: Run, journals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    ended = run("report", "hjerneslag", journals)
    assert ended.code == 2
    assert says in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("command", [["terminology", "ecl", "*"], ["report", "hjerneslag", "."]])
def test_production_never_works_with_the_example_release(
    command: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTERBRO_HOME", str(tmp_path / "new"))
    monkeypatch.setenv("REGISTERBRO_MODE", "production")
    ended = run(*command)
    assert (ended.code, ended.out) == (2, "")
    assert "registerbro terminology import" in ended.word


def test_production_needs_a_key_and_serves_no_pages(run: Run, journals: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTERBRO_MODE", "production")
    report = run("report", "hjerneslag", journals, "--dry-run")
    assert (report.code, "REGISTERBRO_KEY is not set" in report.word) == (2, True)
    serve = run("serve")
    assert (serve.code, "no login yet" in serve.word) == (2, True)


@pytest.mark.parametrize("args", [["frobnicate"], ["report"], ["synth"], ["demo", "--patients", "x"], ["--gone"]])
def test_a_command_that_does_not_exist_is_code_2(args: list[str], run: Run) -> None:
    ended = run(*args)
    assert ended.code == 2
    assert "Usage" in ended.err


@pytest.mark.usefixtures("home")
def test_the_program_as_a_process_ends_the_same_way() -> None:
    program = [sys.executable, "-c", "from flows.cli import main; main()"]
    bad = subprocess.run([*program, "terminology", "ecl", "<<"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (bad.returncode, bad.stdout, len(bad.stderr.splitlines())) == (2, "", 1)
    cut = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$@" | head -c 1', "-", *program, "terminology", "ecl", "*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("Traceback" in cut.stderr, "Exception ignored" in cut.stderr) == (False, False)


def test_copies_of_the_shipped_definition_work_from_anywhere(run: Run, journals: Path, tmp_path: Path) -> None:
    copy = shutil.copy(SHIPPED, tmp_path / "mine.yaml")
    assert run("report", copy, journals, "--dry-run").code == 0
