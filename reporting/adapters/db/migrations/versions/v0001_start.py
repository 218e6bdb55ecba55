"""The first schema: runs, records, submissions with their history, receipts."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None

# The schema as it was then: a migration does not follow the classes of today.
_TIME: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; those that others refer to come first."""
    _run()
    _record()
    _run_record()
    _submission()
    _event()
    _attempt()
    _receipt()


def downgrade() -> None:
    """Not offered: it would throw receipts away.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("the first schema has nothing before it")


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("registry_slug", sa.String(), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("started", _TIME, nullable=False),
        sa.Column("finished", _TIME, nullable=True),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_started"), "run", ["started"], unique=False)


def _record() -> None:
    op.create_table(
        "record",
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("registry_slug", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("start", sa.String(), nullable=False),
        sa.Column("made", _TIME, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_record_run")),
        sa.PrimaryKeyConstraint("case_key", "registry_slug", name=op.f("pk_record")),
    )


def _run_record() -> None:
    op.create_table(
        "run_record",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("registry_slug", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_run_record_run")),
        sa.PrimaryKeyConstraint("run", "case_key", "registry_slug", name=op.f("pk_run_record")),
    )


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("registry_slug", sa.String(), nullable=False),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("created", _TIME, nullable=False),
        sa.Column("corrects", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_submission_run")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_submission")),
        sa.UniqueConstraint("id", name=op.f("uq_submission_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_submission_message_id")),
    )
    op.create_index(op.f("ix_submission_case_key"), "submission", ["case_key"], unique=False)
    op.create_index(
        op.f("ix_submission_registry_slug_case_key"), "submission", ["registry_slug", "case_key"], unique=False
    )
    op.create_index(op.f("ix_submission_registry_slug_state"), "submission", ["registry_slug", "state"], unique=False)
    op.create_index(op.f("ix_submission_run"), "submission", ["run"], unique=False)


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission", sa.String(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["submission"], ["submission.id"], name=op.f("fk_event_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_submission"), "event", ["submission"], unique=False)


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["event.id"], name=op.f("fk_attempt_event")),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_attempt")),
    )


def _receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("errors", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("received", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_receipt")),
        sa.UniqueConstraint("id", name=op.f("uq_receipt_id")),
    )
    op.create_index(op.f("ix_receipt_message_id"), "receipt", ["message_id"], unique=False)
