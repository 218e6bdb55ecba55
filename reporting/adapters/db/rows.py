"""The tables. Rows are not values: `reporting.adapters.db.convert` turns one into the other.

`table=True` classes do not validate, so nothing outside this package meets them. Names of constraints follow one
convention, which makes the migrated schema comparable with these classes on every database.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import DateTime, Dialect, Index, Integer, LargeBinary, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC, aware on both sides; SQLite keeps no zone of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Raises ValueError for a moment without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Row(SQLModel, registry=registry(metadata=metadata)):
    """The base of all tables: their metadata is the service's own, not SQLModel's shared one."""


class RunRow(Row, table=True):
    """One report of one registry. `sources` and `summary` are JSON."""

    __tablename__ = "run"
    id: str = Field(primary_key=True, sa_type=String)
    registry_slug: str = Field(sa_type=String)
    release: str = Field(sa_type=String)
    started: datetime = Field(sa_type=UtcTime, index=True)
    finished: datetime | None = Field(default=None, sa_type=UtcTime)
    sources: str = Field(sa_type=Text)
    state: str = Field(sa_type=String)
    summary: str = Field(sa_type=Text)


class RecordRow(Row, table=True):
    """The latest record of a case in a registry, as JSON in `data`, and the run that made it at `made`."""

    __tablename__ = "record"
    case_key: str = Field(primary_key=True, sa_type=String)
    registry_slug: str = Field(primary_key=True, sa_type=String)
    run: str = Field(foreign_key="run.id", sa_type=String)
    action: str = Field(sa_type=String)
    start: str = Field(sa_type=String)
    made: datetime = Field(sa_type=UtcTime)
    data: str = Field(sa_type=Text)


class RunRecordRow(Row, table=True):
    """That a run met a case, and what was decided then."""

    __tablename__ = "run_record"
    run: str = Field(primary_key=True, foreign_key="run.id", sa_type=String)
    case_key: str = Field(primary_key=True, sa_type=String)
    registry_slug: str = Field(primary_key=True, sa_type=String)
    action: str = Field(sa_type=String)


class SubmissionRow(Row, table=True):
    """One message to a registry, in the order they were made (`seq`)."""

    __tablename__ = "submission"
    __table_args__ = (Index(None, "registry_slug", "state"), Index(None, "registry_slug", "case_key"))
    seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True, sa_type=String)
    registry_slug: str = Field(sa_type=String)
    case_key: str = Field(index=True, sa_type=String)
    run: str = Field(foreign_key="run.id", index=True, sa_type=String)
    message_id: str = Field(unique=True, sa_type=String)
    content: str = Field(sa_type=String)
    state: str = Field(sa_type=String)
    complete: bool
    payload: bytes = Field(sa_type=LargeBinary)
    created: datetime = Field(sa_type=UtcTime)
    corrects: str = Field(sa_type=String)


class EventRow(Row, table=True):
    """What happened to a submission: the state after it, when, and its cause (`run …`, `attempt`, `receipt …`)."""

    __tablename__ = "event"
    id: int | None = Field(default=None, primary_key=True)
    submission: str = Field(foreign_key="submission.id", index=True, sa_type=String)
    at: datetime = Field(sa_type=UtcTime)
    state: str = Field(sa_type=String)
    cause: str = Field(sa_type=String)


class AttemptRow(Row, table=True):
    """How a try at sending went; the event tells whose it was, when, and its place in the order."""

    __tablename__ = "attempt"
    event: int = Field(primary_key=True, foreign_key="event.id")
    outcome: str = Field(sa_type=String)


class ReceiptRow(Row, table=True):
    """A receipt, whole. `message_id` may fit no submission: it is kept all the same."""

    __tablename__ = "receipt"
    seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True, sa_type=String)
    message_id: str = Field(index=True, sa_type=String)
    verdict: str = Field(sa_type=String)
    errors: str = Field(sa_type=Text)
    raw: bytes = Field(sa_type=LargeBinary)
    received: datetime = Field(sa_type=UtcTime)


class CatalogueVariableRow(Row, table=True):
    """One version of a normed variable that was edited in the service, as JSON in `data`, kept at `at`."""

    __tablename__ = "catalogue_variable"
    name: str = Field(primary_key=True, sa_type=String)
    version: int = Field(primary_key=True, sa_type=Integer)
    status: str = Field(sa_type=String)
    at: datetime = Field(sa_type=UtcTime)
    data: str = Field(sa_type=Text)


class CatalogueChangeRow(Row, table=True):
    """That somebody kept a version of a normed variable, and what it then said. Changes are only added."""

    __tablename__ = "catalogue_change"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True, sa_type=String)
    version: int = Field(sa_type=Integer)
    status: str = Field(sa_type=String)
    by: str = Field(sa_type=String)
    at: datetime = Field(sa_type=UtcTime)
    data: str = Field(sa_type=Text)
