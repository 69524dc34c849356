"""People (accounts, roles, sign-ins, tokens, assignments) and reviews (ratings to outcomes)."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from reviewer.store.dialects import append_only

revision = "0002"
down_revision = "0001"

APPENDED = ("sight", "rating", "decision", "remark", "active_time", "outcome")


def upgrade() -> None:
    """Make the tables of people and of reviews; attempts of one candidate are looked up now."""
    op.create_index(None, "submission", ["candidate", "credential_id"])
    _accounts()
    _entries()
    _ratings()
    _decisions()
    _remarks()
    for table in APPENDED:
        for statement in append_only(table, op.get_context().dialect.name):
            op.execute(statement)


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _account(name: str, *, primary_key: bool = False) -> "sa.Column[str]":
    return sa.Column(
        name,
        sa.String(16),
        sa.ForeignKey("account.id"),
        primary_key=primary_key,
        nullable=False,
    )


def _about() -> tuple["sa.Column[Any]", ...]:
    """The columns that say who did something to what."""
    return (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission", sa.String(16), sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("element", sa.String(80), nullable=False),
        _account("rater"),
    )


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("password", sa.Text),
        _moment("created_at"),
        _moment("disabled_at", nullable=True),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "role_grant",
        _account("account", primary_key=True),
        sa.Column("role", sa.String(16), primary_key=True),
        sa.Column("credential", sa.String(80), primary_key=True),
        sa.CheckConstraint(
            "role IN ('evaluator', 'issuer', 'trainer', 'trainee', 'adjudicator', 'administrator')",
            name="role",
        ),
    )
    op.create_table(
        "assignment",
        sa.Column("submission", sa.String(16), sa.ForeignKey("submission.id"), primary_key=True),
        _account("account", primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        _moment("created_at"),
    )
    op.create_index(None, "assignment", ["account"])
    op.create_table(
        "candidate_name",
        sa.Column("candidate", sa.String(80), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )


def _entries() -> None:
    op.create_table(
        "sign_in",
        sa.Column("secret_sha256", sa.String(64), primary_key=True),
        _account("account"),
        _moment("created_at"),
        _moment("expires_at"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        _moment("at"),
    )
    op.create_index(None, "sign_in_attempt", ["name"])
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(16), primary_key=True),
        _account("account"),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("secret_sha256", sa.String(64), nullable=False),
        _moment("created_at"),
        _moment("revoked_at", nullable=True),
        sa.UniqueConstraint("secret_sha256"),
    )


def _ratings() -> None:
    op.create_table(
        "sight",
        *_about(),
        sa.Column("sight", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        _moment("at"),
        sa.CheckConstraint("sight IN ('work', 'excerpts', 'draft', 'citation')", name="sight"),
    )
    op.create_index(None, "sight", ["submission", "rater"])
    op.create_table(
        "rating",
        *_about(),
        sa.Column("rater_type", sa.String(16), nullable=False),
        sa.Column("level", sa.Float),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("aid", sa.String(16), nullable=False),
        _moment("at"),
        sa.CheckConstraint(
            "rater_type IN ('evaluator', 'expert', 'consensus', 'adjudicator', 'trainee')",
            name="rater_type",
        ),
        sa.CheckConstraint("phase IN ('blind', 'revealed', 'final')", name="phase"),
        sa.CheckConstraint("aid IN ('none', 'excerpts', 'draft')", name="aid"),
        sa.UniqueConstraint(
            "id",
            "submission",
            "element",
            "rater",
            "rater_type",
            "phase",
            name="uq_rating_identity",
        ),
    )
    op.create_index(None, "rating", ["submission", "rater"])


def _decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("rating", sa.Integer, nullable=False),
        sa.Column("submission", sa.String(16), nullable=False),
        sa.Column("element", sa.String(80), nullable=False),
        _account("rater"),
        sa.Column("rater_type", sa.String(16), nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("draft_level", sa.Float),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["rating", "submission", "element", "rater", "rater_type", "phase"],
            [
                "rating.id",
                "rating.submission",
                "rating.element",
                "rating.rater",
                "rating.rater_type",
                "rating.phase",
            ],
            name="fk_decision_rating",
        ),
        sa.CheckConstraint("rater_type IN ('evaluator', 'adjudicator')", name="rater_type"),
        sa.CheckConstraint("phase = 'final'", name="phase"),
        sa.CheckConstraint("kind IN ('confirm', 'override', 'scored', 'adjudicate')", name="kind"),
        sa.CheckConstraint("(kind = 'override') = (reason IS NOT NULL)", name="reason"),
        sa.CheckConstraint("kind <> 'confirm' OR draft_level IS NOT NULL", name="draft"),
        sa.UniqueConstraint("rating"),
    )
    op.create_index(None, "decision", ["submission"])
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission", sa.String(16), sa.ForeignKey("submission.id"), nullable=False),
        _account("rater"),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("levels", sa.Text, nullable=False),
        _moment("at"),
    )
    op.create_index(None, "outcome", ["submission"])


def _remarks() -> None:
    op.create_table(
        "remark",
        *_about(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        _moment("at"),
        sa.CheckConstraint("kind IN ('note', 'feedback')", name="kind"),
    )
    op.create_index(None, "remark", ["submission", "rater"])
    op.create_table(
        "evidence_mark",
        *_about(),
        sa.Column("artifact", sa.String(16), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        _moment("at"),
        _moment("removed_at", nullable=True),
        sa.CheckConstraint('0 <= start AND start < "end"', name="span"),
    )
    op.create_index(None, "evidence_mark", ["submission", "rater"])
    op.create_table(
        "active_time",
        *_about(),
        sa.Column("aid", sa.String(16), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        _moment("at"),
        sa.CheckConstraint("seconds > 0", name="seconds"),
    )
    op.create_index(None, "active_time", ["submission", "rater"])
