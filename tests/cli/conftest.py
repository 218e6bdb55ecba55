"""Runs the program as its entry point does, in this process, with a home of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flows.cli import main
from registries.definition import load_definition
from reporting.receiver import create_receiver
from reporting.serving import running
from tests.journals import DEFINITIONS, NOW


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def word(self) -> str:
        """The one line in which a known mistake is told."""
        (line,) = self.err.splitlines()
        assert line.startswith("registerbro: ")
        return line


Run = Callable[..., Ended]


@pytest.fixture
def home(tmp_path: Path, releases: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that has the example release."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "releases").symlink_to(releases)
    monkeypatch.setenv("REGISTERBRO_HOME", str(folder))
    for name in ("REGISTERBRO_MODE", "REGISTERBRO_KEY", "REGISTERBRO_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    # Nobody listens on the port that the kernel keeps for itself.
    monkeypatch.setenv("REGISTERBRO_ENDPOINT_HJERNESLAG", "http://127.0.0.1:1/messages")
    return folder


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command, somewhere else than in the checkout."""
    monkeypatch.chdir(home)

    def ended(*args: Any) -> Ended:
        monkeypatch.setattr(sys, "argv", ["registerbro", *map(str, args)])
        capsys.readouterr()
        try:
            main()
            code: Any = 0
        except SystemExit as end:
            code = end.code or 0
        return Ended(code, *capsys.readouterr())

    return ended


@pytest.fixture
def receiver(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The receiver, where the program finds it."""
    definitions = [load_definition(DEFINITIONS / name / f"{name}.yaml") for name in ("hjerneslag", "noric")]
    with running(create_receiver(home / "received.sqlite", definitions, lambda: NOW)) as url:
        for one in definitions:
            monkeypatch.setenv(f"REGISTERBRO_ENDPOINT_{one.registry.upper()}", f"{url}/messages")
        yield url
