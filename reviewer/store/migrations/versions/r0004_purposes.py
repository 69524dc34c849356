"""What an assignment is for (all but `ordinary` forbids every aid), evidence by time, an index."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

PURPOSES = ("ordinary", "double", "adjudication", "validity", "training")


def upgrade() -> None:
    """Give every assignment a purpose, and let a time span of a recording be evidence.

    Issuers' lists begin with the newest submissions, which are found by an index from now on.
    """
    _purposes()
    _times()
    op.create_index(None, "submission", ["created_at"])


def _purposes() -> None:
    """The purpose that each kind has had so far; then one is demanded."""
    op.add_column("assignment", sa.Column("purpose", sa.String(16)))
    op.execute(
        "UPDATE assignment SET purpose = CASE kind WHEN 'first' THEN 'ordinary' "
        "WHEN 'second' THEN 'double' ELSE kind END"
    )
    with op.batch_alter_table("assignment") as table:
        table.alter_column("purpose", existing_type=sa.String(16), nullable=False)
        table.create_check_constraint(
            "purpose", f"purpose IN ({', '.join(repr(one) for one in PURPOSES)})"
        )
        table.create_check_constraint("independent", "kind = 'first' OR purpose <> 'ordinary'")


def _times() -> None:
    with op.batch_alter_table("evidence_mark") as table:
        table.add_column(sa.Column("start_s", sa.Float))
        table.add_column(sa.Column("end_s", sa.Float))
        table.drop_constraint(op.f("ck_evidence_mark_span"), type_="check")
        table.create_check_constraint(
            "span",
            '0 <= start AND start <= "end" AND (start < "end" OR start_s IS NOT NULL)',
        )
        table.create_check_constraint(
            "times",
            "(start_s IS NULL) = (end_s IS NULL) "
            "AND (start_s IS NULL OR (0 <= start_s AND start_s < end_s))",
        )
