"""A submission may be erased: its row stays for its ratings, under a pseudonym of nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the moment of erasure, null for all that are there."""
    op.add_column("submission", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
