"""Programs: policies, published rubrics, conflicts, routing, adjudication, anchors, snapshots."""

import sqlalchemy as sa
from alembic import op

from reviewer.store.dialects import append_only

revision = "0006"
down_revision = "0005"

APPENDED = (
    "program_policy",
    "published_rubric",
    "conflict",
    "routing",
    "second_reason",
    "adjudication",
    "validity_work",
    "monitoring",
)


def upgrade() -> None:
    """Make the tables of programs, whose rows are only appended; parts say when they end."""
    _policies()
    _routing()
    op.create_table(
        "monitoring",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("credential", sa.String(80), nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
        _moment(),
    )
    op.create_index(None, "monitoring", ["credential"])
    op.create_index(None, "submission", ["credential_id"])
    op.add_column("assignment", sa.Column("finished_at", sa.DateTime(timezone=True)))
    for table in APPENDED:
        for statement in append_only(table, op.get_context().dialect.name):
            op.execute(statement)


def _moment() -> "sa.Column[object]":
    return sa.Column("at", sa.DateTime(timezone=True), nullable=False)


def _account(name: str = "account", *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(16), sa.ForeignKey("account.id"), nullable=nullable)


def _submission(of: str) -> "sa.Column[str]":
    return sa.Column("submission", sa.String(16), sa.ForeignKey(of), primary_key=True)


def _policies() -> None:
    op.create_table(
        "program_policy",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("credential", sa.String(80), nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("thresholds", sa.Text, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        _account(),
        _moment(),
    )
    op.create_index(None, "program_policy", ["credential"])
    op.create_table(
        "published_rubric",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("credential", sa.String(80), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("rubric_hash", sa.String(64), nullable=False),
        sa.Column("written", sa.Text, nullable=False),
        _account(nullable=True),
        _moment(),
        sa.UniqueConstraint("credential", "version"),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer, primary_key=True),
        _account("rater"),
        sa.Column("candidate", sa.Text, nullable=False),
        sa.Column("stands", sa.Boolean, nullable=False),
        _account(),
        _moment(),
    )


def _routing() -> None:
    op.create_table(
        "routing",
        _submission("submission.id"),
        sa.Column("policy", sa.Integer, sa.ForeignKey("program_policy.number"), nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("share", sa.Float, nullable=False),
        _moment(),
    )
    op.create_table(
        "second_reason",
        _submission("routing.submission"),
        sa.Column("why", sa.String(16), primary_key=True),
        _moment(),
    )
    op.create_table(
        "adjudication",
        _submission("routing.submission"),
        _account("one"),
        _account("other"),
        sa.Column("elements", sa.Text, nullable=False),
        _moment(),
    )
    op.create_table(
        "validity_work",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission", sa.String(16), sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("original", sa.String(16), sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("levels", sa.Text, nullable=False),
        sa.Column("stands", sa.Boolean, nullable=False),
        _account(),
        _moment(),
    )
    op.create_index(None, "validity_work", ["submission"])
