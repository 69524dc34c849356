"""Stages are found by their state within a submission, not among all that stand there."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the index of states tell submissions apart; the rows stay as they are."""
    op.create_index(None, "stage", ["state", "submission"])
    op.drop_index("ix_stage_state", "stage")
