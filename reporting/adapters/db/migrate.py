"""Brings a database to the present schema. Migrations are package data; there is no ini file."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from reporting.adapters.db.engine import WRITES, engine_for


def upgrade(url: str, revision: str = "head") -> None:
    """Make an empty or older database new, in one transaction.

    Args:
        url: an SQLAlchemy database URL.
        revision: where to stop; the newest when not given.
    """
    engine = engine_for(url)
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            command.upgrade(config(connection), revision)
    finally:
        engine.dispose()


def config(connection: Connection) -> Config:
    """Alembic's configuration for an open connection."""
    made = Config()
    made.set_main_option("script_location", "reporting.adapters.db:migrations")
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made
