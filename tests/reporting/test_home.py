"""The home: who may look into it, and the key that case keys are made with."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from reporting.home import Home, HomeError
from reporting.opening import open_store


def _home(folder: Path, mode: str = "development") -> Home:
    return Home(folder, "production" if mode == "production" else "development", "Testsykehuset HF", "8000100")


def test_nobody_but_its_owner_may_look_into_a_home(tmp_path: Path) -> None:
    home = _home(tmp_path / "new" / "home")
    with open_store(home):
        assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700


def test_the_development_key_is_made_once_and_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGISTERBRO_KEY", raising=False)
    home = _home(tmp_path / "home")
    assert home.key() == home.key()
    assert len(home.key()) == 32
    assert stat.S_IMODE((home.folder / "development.key").stat().st_mode) == 0o600


def test_production_takes_its_key_from_the_environment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _home(tmp_path / "home", "production")
    monkeypatch.delenv("REGISTERBRO_KEY", raising=False)
    with pytest.raises(HomeError, match="REGISTERBRO_KEY is not set"):
        home.key()
    monkeypatch.setenv("REGISTERBRO_KEY", "ab" * 32)
    assert home.key() == bytes.fromhex("ab" * 32)
    assert not home.folder.exists()


@pytest.mark.parametrize("key", ["ab", "x" * 64, "ab" * 33])
def test_a_key_of_another_form_is_refused_and_not_repeated(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTERBRO_KEY", key)
    with pytest.raises(HomeError, match="32 bytes") as raised:
        _home(tmp_path).key()
    assert key not in str(raised.value)
