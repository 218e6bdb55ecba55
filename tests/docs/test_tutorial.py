"""The tutorial says what is so: its files are written and its commands are run as they stand in the page."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

from tests.cli.conftest import Run

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"\(ends with code (\d)\)\n")


def _write(home: Path, text: str) -> None:
    """A file, an addition to one, or a new end of one; the first line says which."""
    first, _, rest = text.partition("\n")
    path = home / first.split()[-1]
    if first.startswith("# file: "):
        path.write_text(rest, encoding="utf-8")
    elif first.startswith("# add to: "):
        path.write_text(path.read_text(encoding="utf-8") + rest, encoding="utf-8")
    else:
        assert first.startswith("# replace from variables: in ")
        head, _, _ = path.read_text(encoding="utf-8").partition("variables:\n")
        path.write_text(head + rest, encoding="utf-8")


def _shown(told: str) -> re.Pattern[str]:
    """What the page shows of an output, as a pattern: `…` is anything, also several lines."""
    return re.compile(".*".join(re.escape(part.strip("\n")) for part in told.split("…")), re.DOTALL)


def _console(text: str, run: Run, home: Path) -> int:
    steps = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    for step in steps:
        command, _, told = step.partition("\n")
        code = int(found[1]) if (found := _CODE.search(told)) else 0
        told = _CODE.sub("", told)
        if not command.startswith("registerbro "):
            subprocess.run(["bash", "-c", command], cwd=home, check=True)
            continue
        ended = run(*shlex.split(command)[1:])
        assert ended.code == code, f"{command}: {ended}"
        assert _shown(told).search(ended.out + ended.err), f"{command}:\n{ended.out}{ended.err}"
    return len(steps)


def test_the_tutorial_is_true(run: Run, home: Path) -> None:
    blocks = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    commands = 0
    for kind, text in blocks:
        if kind == "yaml":
            _write(home, text)
        elif kind == "console":
            commands += _console(text, run, home)
        else:
            assert (kind, text) == ("sh", "export REGISTERBRO_HOME=$PWD\n")
    assert commands >= 18
    assert sum(kind == "yaml" for kind, _ in blocks) == 3
