"""What is particular to the SQL store: its schema, what it tells, and the other database."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Table, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.exc import StatementError
from sqlalchemy.schema import CreateTable

from reporting.adapters.db import store as sql
from reporting.adapters.db.engine import engine_for
from reporting.adapters.db.migrate import upgrade
from reporting.adapters.db.rows import metadata
from reporting.adapters.db.store import SqlStore
from reporting.adapters.db.upsert import add_statement, put_statement
from tests.store.examples import a_decision, a_run, at, decide

POSTGRESQL = PGDialect()
TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)


def test_the_migrated_schema_is_that_of_the_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    upgrade(url)
    with engine_for(url).begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_upgrading_again_keeps_what_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    upgrade(url)
    store = SqlStore(url)
    store.start_run(a_run())
    store.close()
    upgrade(url)
    assert SqlStore(url).run("run1") == a_run()


def test_sqlite_guards_what_refers_and_lets_readers_go_on(sql_store: SqlStore) -> None:
    with sql_store._reader.begin() as connection:
        pragmas = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("foreign_keys", "journal_mode")}
    assert pragmas == {"foreign_keys": 1, "journal_mode": "wal"}


def test_writers_in_two_threads_wait_for_each_other(sql_store: SqlStore) -> None:
    sql_store.start_run(a_run())
    made: list[str] = []

    def many(first: int) -> None:
        for n in range(first, first + 20):
            made.extend(decide(sql_store, "run1", [a_decision(f"{n:06x}")], at(n)))

    threads = [threading.Thread(target=many, args=(first,)) for first in (0, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(set(made)) == 30


def test_a_moment_without_a_zone_is_refused(sql_store: SqlStore) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        sql_store.start_run(a_run(started=at(0).replace(tzinfo=None)))


def test_errors_hold_no_patient_data(sql_store: SqlStore) -> None:
    sql_store.start_run(a_run())
    decision = a_decision()
    with pytest.raises(StatementError) as caught:
        decide(sql_store, "run1", [decision], at(0).replace(tzinfo=None))
    assert decision.record.patient not in str(caught.value)
    assert decision.record.case not in str(caught.value)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_postgresql_has_words_for_every_table(table: Table) -> None:
    statement = str(CreateTable(table).compile(dialect=POSTGRESQL))
    assert f"CREATE TABLE {table.name}" in statement


@pytest.mark.parametrize(
    "statement", [put_statement("postgresql", sql.RECORD), add_statement("postgresql", sql.RECEIPT)]
)
def test_postgresql_has_words_for_what_may_be_there_already(statement: postgresql.Insert) -> None:
    assert "ON CONFLICT" in str(statement.compile(dialect=POSTGRESQL))
