"""A receiver on a loopback port, served by uvicorn as in production."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from reporting.receiver import create_receiver
from tests.codecs.examples import DEFINITION, WIDE, define

NOW = datetime(2025, 3, 3, 7, 0, tzinfo=UTC)


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of a running server. The port listens before the server runs: callers simply wait for an answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none"))
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where the receiver keeps its messages."""
    return tmp_path / "receiver.sqlite"


@pytest.fixture
def client(store: Path) -> Iterator[httpx.Client]:
    """A client of a running receiver that knows three registries."""
    app = create_receiver(store, [DEFINITION, WIDE, define("another")], lambda: NOW)
    headers = {"content-type": "application/xml"}
    with serving(app) as url, httpx.Client(base_url=url, headers=headers, trust_env=False) as found:
        yield found
