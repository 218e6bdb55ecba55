"""A home of its own for each test, its store, and registries that answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Response

from reporting.adapters.db.migrate import upgrade
from reporting.adapters.db.store import SqlStore
from reporting.adapters.http_transport import HttpTransport
from reporting.home import Home
from reporting.opening import open_store
from reporting.serving import running


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated SQLite file, made once."""
    path = tmp_path_factory.mktemp("empty") / "store.sqlite"
    upgrade(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture
def home(tmp_path: Path, empty_store: bytes, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An installation that nobody else uses."""
    for name in ("REGISTERBRO_DATABASE", "REGISTERBRO_KEY", "REGISTERBRO_MODE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "registerbro.sqlite").write_bytes(empty_store)
    return Home(folder, "development", "Testsykehuset HF", "8000100")


@pytest.fixture
def store(home: Home) -> Iterator[SqlStore]:
    with open_store(home) as opened:
        yield opened


@pytest.fixture
def answering() -> Iterator[Callable[..., HttpTransport]]:
    """Makes a transport to a registry that answers each message as told; all are closed in the end."""
    closing: list[Callable[[], object]] = []

    def serve(content: bytes, status: int = 200) -> HttpTransport:
        app = FastAPI()

        @app.post("/messages")
        def answer() -> Response:
            return Response(content, status_code=status, media_type="application/xml")

        server = running(app)
        transport = HttpTransport(f"{server.__enter__()}/messages")
        closing.extend((transport.close, lambda: server.__exit__(None, None, None)))
        return transport

    yield serve
    for close in closing:
        close()
