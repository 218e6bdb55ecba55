"""Versions of normed variables that are edited in the service: drafts change, what is published never does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Table, insert, inspect, select

from registries.catalogue import NormedVariable
from reporting.adapters.db import rows
from reporting.adapters.db.engine import WRITES, engine_for
from reporting.adapters.db.upsert import put

VARIABLE: Final[Table] = rows.CatalogueVariableRow.metadata.tables["catalogue_variable"]

CHANGE: Final[Table] = rows.CatalogueChangeRow.metadata.tables["catalogue_change"]


@dataclass(frozen=True, slots=True)
class Change:
    """That `by` kept a version with this status at a moment (UTC)."""

    version: int
    status: str
    by: str
    at: datetime


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

    def keep(self, edited: Mapping[str, Sequence[NormedVariable]], by: str, at: datetime) -> tuple[str, ...]:
        """Keep versions, all or none: new ones, or another content of drafts; the `name@version` of those that changed.

        Values of a named list are kept as they are now, so that a version means the same when the list changes.

        Raises:
            PublishedError: a version is published, and says something else.
        """
        with self._writer.begin() as db:
            every = [(name, one) for name, several in edited.items() for one in several]
            return tuple(f"{name}@{one.version}" for name, one in every if self._kept(db, name, one, by, at))

    def changes(self, name: str) -> tuple[Change, ...]:
        """Who kept which version of a variable when, the first change first."""
        columns = (CHANGE.c.version, CHANGE.c.status, CHANGE.c.by, CHANGE.c.at)
        with self._reader.begin() as db:
            if not inspect(db).has_table(CHANGE.name):
                return ()
            found = db.execute(select(*columns).where(CHANGE.c.name == name).order_by(CHANGE.c.id))
            return tuple(Change(*row) for row in found)

    @staticmethod
    def _kept(db: Connection, name: str, variable: NormedVariable, by: str, at: datetime) -> bool:
        data = variable.model_copy(update={"list": None}).model_dump_json(by_alias=True)
        key = (VARIABLE.c.name == name) & (VARIABLE.c.version == variable.version)
        row = {"name": name, "version": variable.version, "status": variable.status, "at": at, "data": data}
        before = db.execute(select(VARIABLE.c.status, VARIABLE.c.data).where(key)).one_or_none()
        if before is not None and before.data == data:
            return False
        if before is not None and before.status == "published":
            raise PublishedError(f"version {variable.version} of {name} is published: write a new version")
        put(db, VARIABLE, [row])
        db.execute(insert(CHANGE), [row | {"by": by}])
        return True

    def versions(self) -> dict[str, tuple[NormedVariable, ...]]:
        """All versions that are kept, by name, the first one first; none in a database of before there were any."""
        with self._reader.begin() as db:
            if not inspect(db).has_table(VARIABLE.name):
                return {}
            found = db.execute(select(VARIABLE.c.name, VARIABLE.c.data).order_by(VARIABLE.c.name, VARIABLE.c.version))
            kept: dict[str, list[NormedVariable]] = {}
            for name, data in found:
                kept.setdefault(name, []).append(NormedVariable.model_validate_json(data))
        return {name: tuple(several) for name, several in kept.items()}
