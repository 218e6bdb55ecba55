"""Prefect's temporary server, once for all flow tests, quiet, with its files in a folder of the session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.quiet import prepare
from reporting.home import Home


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A temporary Prefect server and database. Prefect reads its settings when it is first imported."""
    before = dict(os.environ)
    prepare(Home(tmp_path_factory.mktemp("prefect"), "development", "Testsykehuset HF", "8000100"))
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415

    with prefect_test_harness(server_startup_timeout=90):
        yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def home(tmp_path: Path, releases: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An installation that the flow finds in the environment."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "releases").symlink_to(releases)
    monkeypatch.setenv("REGISTERBRO_HOME", str(folder))
    for name in ("REGISTERBRO_MODE", "REGISTERBRO_KEY", "REGISTERBRO_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    return Home(folder, "development", "Testsykehuset HF", "8000100")
