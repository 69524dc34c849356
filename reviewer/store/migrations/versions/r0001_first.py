"""Submissions, artifacts, the ledger of stages and its results, embeddings, the audit chain."""

import sqlalchemy as sa
from alembic import op

from reviewer.store.dialects import append_only

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    _work()
    _stages()
    op.create_table(
        "embedding",
        sa.Column("model_sha256", sa.String(64), primary_key=True),
        sa.Column("text_sha256", sa.String(64), primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "audit_event",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for statement in append_only("audit_event", op.get_context().dialect.name):
        op.execute(statement)


def _work() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("credential_id", sa.String(80), nullable=False),
        sa.Column("rubric_hash", sa.String(64), nullable=False),
        sa.Column("credential", sa.Text, nullable=False),
        sa.Column("candidate", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("consent", sa.Boolean),
        sa.Column("messages", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "artifact",
        sa.Column("submission", sa.String(16), sa.ForeignKey("submission.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("artifact", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("duration_s", sa.Float),
        sa.Column("slot", sa.String(80)),
        sa.Column("kind", sa.String(16)),
        sa.Column("content", sa.String(16)),
        sa.Column("captions", sa.Text),
        sa.Column("captions_sha256", sa.String(64)),
        sa.Column("problem", sa.Text),
        sa.Column("problem_message", sa.Text),
        sa.UniqueConstraint("submission", "artifact"),
    )


def _stages() -> None:
    op.create_table(
        "stage",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission", sa.String(16), sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("artifact", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("input_hash", sa.String(64)),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("fraction", sa.Float, nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("lease_expires", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("submission", "stage", "artifact"),
    )
    op.create_index(None, "stage", ["stage", "input_hash"])
    op.create_index(None, "stage", ["state"])
    op.create_table(
        "stage_result",
        sa.Column("stage", sa.String(32), primary_key=True),
        sa.Column("input_hash", sa.String(64), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
