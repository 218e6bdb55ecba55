"""The example release as RF2 files, as a store with the imported release, and opened."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import ecl_release
import pytest

from fixtures.snomed import make_release
from terminology.snomed.release import ImportReport, Release, import_release, open_release

EXAMPLE = make_release.HERE / make_release.NAME


@pytest.fixture(scope="session")
def example() -> Path:
    """The committed RF2 folder. Only read it."""
    return EXAMPLE


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ImportReport]:
    """A store that holds the example release, and the report of its import."""
    store = tmp_path_factory.mktemp("store")
    return store, import_release([EXAMPLE], store)


@pytest.fixture(scope="session")
def release(imported: tuple[Path, ImportReport]) -> Release:
    store, report = imported
    return open_release(store / report.name)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, Callable[[bytes], bytes]], Path]:
    """Copies the example and changes the bytes of its one file with this word in the name."""

    def edit(word: str, change: Callable[[bytes], bytes]) -> Path:
        copy = tmp_path / "rf2"
        if not copy.exists():
            shutil.copytree(EXAMPLE, copy)
        (file,) = copy.rglob(f"*{word}*")
        file.write_bytes(change(file.read_bytes()))
        return copy

    return edit


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The small release that has something for every feature of ECL."""
    folder = tmp_path_factory.mktemp("small")
    report = import_release([ecl_release.write_rf2(folder)], folder / "store")
    assert not report.problems
    return open_release(folder / "store" / report.name)
