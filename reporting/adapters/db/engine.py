"""Connections: what SQLite needs to be safe with several readers and one writer; nothing for others."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event

#: How long a writer waits for another one. A run decides in one transaction, which is the longest there is.
BUSY_MILLISECONDS: Final = 60_000
#: Execution option of a transaction that will write: SQLite then takes the write lock at once, since a reader that
#: turns writer cannot wait for its turn (it would see SQLITE_BUSY without any timeout).
WRITES: Final = "registerbro_writes"


def engine_for(url: str) -> Engine:
    """An engine for a database URL. Errors and logs of it hold no parameters: they are patient data."""
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transactions skip DDL and SELECT, so that a migration would not be one; ours begin below.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
