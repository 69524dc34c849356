"""Verdicts of the fitness gate: appended by `reviewer gate`, obeyed by every first pass."""

import sqlalchemy as sa
from alembic import op

from reviewer.store.dialects import append_only

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of verdicts; its rows are only appended."""
    op.create_table(
        "verdict",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("credential", sa.String(80), nullable=False),
        sa.Column("rubric_hash", sa.String(64), nullable=False),
        sa.Column("element", sa.String(80), nullable=False),
        sa.Column("engine_version", sa.Text, nullable=False),
        sa.Column("fitness", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("checks", sa.Text, nullable=False),
        sa.Column("report_sha256", sa.String(64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(None, "verdict", ["credential", "rubric_hash"])
    for statement in append_only("verdict", op.get_context().dialect.name):
        op.execute(statement)
