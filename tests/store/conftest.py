"""The stores that keep the contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reporting.adapters.db.migrate import upgrade
from reporting.adapters.db.store import SqlStore
from reporting.ports import Store
from tests.store.memory import MemoryStore


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated SQLite file, made once."""
    path = tmp_path_factory.mktemp("empty") / "store.sqlite"
    upgrade(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture
def sql_store(empty_database: bytes, tmp_path: Path) -> Iterator[SqlStore]:
    path = tmp_path / "store.sqlite"
    path.write_bytes(empty_database)
    store = SqlStore(f"sqlite:///{path}")
    yield store
    store.close()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    made: SqlStore = request.getfixturevalue("sql_store")
    return made
