"""Insert what may be there already. SQLite and PostgreSQL say it alike; SQLAlchemy has it once for each."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_INSERTS: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def put(db: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows; one whose primary key exists is replaced. No key may come twice."""
    if rows:
        db.execute(put_statement(db.dialect.name, table), rows)


def add_new(db: Connection, table: Table, rows: list[dict[str, Any]]) -> list[str]:
    """Insert the rows whose `id` is new; these ids in the order given.

    Raises:
        sqlalchemy.exc.IntegrityError: another constraint than that of `id` is broken.
    """
    if not rows:
        return []
    made = set(db.execute(add_statement(db.dialect.name, table), rows).scalars())
    return [row["id"] for row in rows if row["id"] in made]


def put_statement(dialect: str, table: Table) -> Any:
    """INSERT … ON CONFLICT (primary key) DO UPDATE all other columns."""
    statement = _INSERTS[dialect](table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)


def add_statement(dialect: str, table: Table) -> Any:
    """INSERT … ON CONFLICT (id) DO NOTHING RETURNING id."""
    statement = _INSERTS[dialect](table)
    return statement.on_conflict_do_nothing(index_elements=["id"]).returning(table.c.id)
