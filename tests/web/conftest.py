"""A client of the pages over the example store."""

from __future__ import annotations

import pytest

from reporting.web.app import create_app
from tests.store.memory import MemoryStore
from tests.web.client import Client
from tests.web.examples import a_definition, fill


@pytest.fixture(scope="session")
def client() -> Client:
    store = MemoryStore()
    fill(store)
    return Client(create_app(store, {"hjerneslag": a_definition()}))
