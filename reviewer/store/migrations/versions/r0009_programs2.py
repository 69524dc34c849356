"""Waivers of second scores; which recordings of its source an anchor may play."""

import sqlalchemy as sa
from alembic import op

from reviewer.store.dialects import append_only

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table and the column; no anchor that is there plays a recording."""
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission", sa.String(16), sa.ForeignKey("routing.submission"), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("account", sa.String(16), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("submission"),
    )
    for statement in append_only("waiver", op.get_context().dialect.name):
        op.execute(statement)
    op.add_column("training_work", sa.Column("recordings", sa.Text, nullable=True))
