"""Where the program keeps what is its own: one folder, from `REGISTERBRO_HOME` or the user's data directory."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Mode = Literal["development", "production"]


class HomeError(Exception):
    """The environment or the folder cannot be used; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder and what the environment says. Files are made when they are first needed."""

    folder: Path
    mode: Mode
    sender: str
    sender_her_id: str

    @property
    def releases(self) -> Path:
        """Imported terminology releases, one folder each."""
        return self.folder / "releases"

    @property
    def definitions(self) -> Path:
        """Registry definitions of this installation; they go before those that ship with the program."""
        return self.folder / "definitions"

    @property
    def database(self) -> str:
        """The URL of the store."""
        return os.environ.get("REGISTERBRO_DATABASE") or f"sqlite:///{self.folder / 'registerbro.sqlite'}"

    @property
    def received(self) -> Path:
        """What the registry receiver that ships with the program has got."""
        return self.folder / "receiver.sqlite"

    def prepare(self) -> None:
        """Make the folder. What it holds is about patients: nobody but its owner may look into it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def key(self) -> bytes:
        """The secret that case keys are made with: `REGISTERBRO_KEY` (hex), in development else a file of this home.

        Raises:
            HomeError: no key in production, or one that is not 32 bytes in hexadecimal.
        """
        given = os.environ.get("REGISTERBRO_KEY", "")
        if given:
            return _key(given)
        if self.mode == "production":
            raise HomeError("REGISTERBRO_KEY is not set: give 32 random bytes in hexadecimal")
        path = self.folder / "development.key"
        if not path.exists():
            self.prepare()
            _write_once(path, secrets.token_hex(32))
        return _key(path.read_text(encoding="ascii").strip())

    def endpoint(self, registry: str) -> str:
        """Where messages of a registry go: `REGISTERBRO_ENDPOINT_<REGISTRY>`, else the receiver on this machine."""
        name = f"REGISTERBRO_ENDPOINT_{registry.upper().replace('-', '_')}"
        return os.environ.get(name) or "http://127.0.0.1:8765/messages"


def home_from_environment() -> Home:
    """The home that the environment names.

    Raises:
        HomeError: `REGISTERBRO_MODE` is neither development nor production.
    """
    mode = os.environ.get("REGISTERBRO_MODE", "development")
    if mode not in ("development", "production"):
        raise HomeError("REGISTERBRO_MODE is neither development nor production")
    given = os.environ.get("REGISTERBRO_HOME")
    data = os.environ.get("XDG_DATA_HOME")
    folder = Path(given) if given else Path(data or Path.home() / ".local" / "share") / "registerbro"
    return Home(
        folder=folder.expanduser().absolute(),
        mode="production" if mode == "production" else "development",
        sender=os.environ.get("REGISTERBRO_SENDER", "Testsykehuset HF"),
        sender_her_id=os.environ.get("REGISTERBRO_SENDER_HER_ID", "8000100"),
    )


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise HomeError("the key is not 32 bytes in hexadecimal (64 digits)")
    return key


def _write_once(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
