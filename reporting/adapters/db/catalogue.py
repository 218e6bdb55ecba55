"""Versions of normed variables that are edited in the service: drafts change, what is published never does."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Table, select

from registries.catalogue import NormedVariable
from reporting.adapters.db import rows
from reporting.adapters.db.engine import WRITES, engine_for
from reporting.adapters.db.upsert import put

VARIABLE: Final[Table] = rows.CatalogueVariableRow.metadata.tables["catalogue_variable"]


class PublishedError(Exception):
    """A version that is published cannot be changed; a change is a new version."""


class CatalogueStore:
    """Keeps versions beside those of the catalogue's files; `registries.catalogue.with_edited` joins the two.

    The schema must be there: see `reporting.adapters.db.migrate.upgrade`.
    """

    def __init__(self, url: str) -> None:
        self._reader = engine_for(url)
        self._writer = self._reader.execution_options(**{WRITES: True})

    def close(self) -> None:
        """Close all connections."""
        self._reader.dispose()

    def keep(self, name: str, variable: NormedVariable, at: datetime) -> None:
        """Keep a version: a new one, or another content of a draft. Values of a named list are kept as they are now,
        so that the version means the same when the list changes.

        Raises:
            PublishedError: the version is published, and says something else.
        """
        data = variable.model_copy(update={"list": None}).model_dump_json(by_alias=True)
        key = (VARIABLE.c.name == name) & (VARIABLE.c.version == variable.version)
        row = {"name": name, "version": variable.version, "status": variable.status, "at": at, "data": data}
        with self._writer.begin() as db:
            before = db.execute(select(VARIABLE.c.status, VARIABLE.c.data).where(key)).one_or_none()
            if before is not None and before.status == "published":
                if before.data != data:
                    raise PublishedError(f"version {variable.version} of {name} is published: write a new version")
                return
            put(db, VARIABLE, [row])

    def versions(self) -> dict[str, tuple[NormedVariable, ...]]:
        """All versions that are kept, by name, the first one first."""
        with self._reader.begin() as db:
            found = db.execute(select(VARIABLE.c.name, VARIABLE.c.data).order_by(VARIABLE.c.name, VARIABLE.c.version))
            kept: dict[str, list[NormedVariable]] = {}
            for name, data in found:
                kept.setdefault(name, []).append(NormedVariable.model_validate_json(data))
        return {name: tuple(several) for name, several in kept.items()}
