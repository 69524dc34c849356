"""First passes that a person paused or canceled: no stage of theirs is begun."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column; what is there already is held by nobody."""
    op.add_column("submission", sa.Column("held", sa.String(8), nullable=True))
