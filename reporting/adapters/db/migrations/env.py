"""Alembic runs this: migrations on the connection that `reporting.adapters.db.migrate` opened."""

from __future__ import annotations

from alembic import context

from reporting.adapters.db.rows import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, compare_type=True)
context.run_migrations()
