"""Training: sets, works, sittings, ratings, tags, attempts, qualifications, the issuer's rule."""

import sqlalchemy as sa
from alembic import op

from reviewer.store.dialects import append_only

revision = "0005"
down_revision = "0004"

APPENDED = (
    "training_set",
    "training_rules",
    "training_work",
    "training_attempt",
    "training_sitting",
    "training_rating",
    "training_tag",
    "training_handed_in",
    "qualification",
    "qualification_rule",
)


def upgrade() -> None:
    """Make the tables of training; the rows of all of them are only appended."""
    _sets()
    _sittings()
    _answers()
    _qualifications()
    for table in APPENDED:
        for statement in append_only(table, op.get_context().dialect.name):
            op.execute(statement)


def _at() -> "sa.Column[object]":
    return sa.Column("at", sa.DateTime(timezone=True), nullable=False)


def _number() -> "sa.Column[int]":
    return sa.Column("id", sa.Integer, primary_key=True)


def _set(*, primary_key: bool = False) -> "sa.Column[str]":
    return sa.Column(
        "set",
        sa.String(40),
        sa.ForeignKey("training_set.id"),
        primary_key=primary_key,
        nullable=False,
    )


def _account() -> "sa.Column[str]":
    return sa.Column("account", sa.String(16), sa.ForeignKey("account.id"), nullable=False)


def _sitting(*, primary_key: bool = False) -> "sa.Column[int]":
    return sa.Column(
        "sitting",
        sa.Integer,
        sa.ForeignKey("training_sitting.id"),
        primary_key=primary_key,
        nullable=False,
    )


def _sets() -> None:
    op.create_table(
        "training_set",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("credential_id", sa.String(80), nullable=False),
        sa.Column("rubric_hash", sa.String(64), nullable=False),
        sa.Column("credential", sa.Text, nullable=False),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        _at(),
    )
    op.create_table(
        "training_rules", _number(), _set(), sa.Column("policy", sa.Text, nullable=False), _at()
    )
    op.create_index(None, "training_rules", ["set"])
    op.create_table(
        "training_work",
        _set(primary_key=True),
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("part", sa.String(16), nullable=False),
        sa.Column("artifacts", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("source", sa.String(16)),
        _at(),
        sa.CheckConstraint("part IN ('practice', 'a', 'b')", name="part"),
    )


def _sittings() -> None:
    op.create_table("training_attempt", _number(), _set(), _account(), _at())
    op.create_index(None, "training_attempt", ["account", "set"])
    op.create_table(
        "training_sitting",
        _number(),
        sa.Column("set", sa.String(40), nullable=False),
        sa.Column("work", sa.String(16), nullable=False),
        _account(),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer, sa.ForeignKey("training_attempt.id")),
        _at(),
        sa.ForeignKeyConstraint(
            ["set", "work"],
            ["training_work.set", "training_work.id"],
            name="fk_training_sitting_work",
        ),
        sa.CheckConstraint("purpose IN ('practice', 'qualification', 'panel')", name="purpose"),
        sa.CheckConstraint("(purpose = 'qualification') = (attempt IS NOT NULL)", name="attempt"),
    )
    op.create_index(None, "training_sitting", ["set", "account"])


def _answers() -> None:
    op.create_table(
        "training_rating",
        _number(),
        _sitting(),
        sa.Column("element", sa.String(80), nullable=False),
        sa.Column("rater_type", sa.String(16), nullable=False),
        sa.Column("level", sa.Float),
        sa.Column("rationale", sa.Text, nullable=False),
        _at(),
        sa.CheckConstraint("rater_type IN ('trainee', 'expert')", name="rater_type"),
    )
    op.create_index(None, "training_rating", ["sitting"])
    op.create_table(
        "training_tag",
        _number(),
        _sitting(),
        sa.Column("element", sa.String(80), nullable=False),
        sa.Column("artifact", sa.String(16), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("stands", sa.Boolean, nullable=False),
        _at(),
        sa.CheckConstraint('0 <= start AND start < "end"', name="span"),
    )
    op.create_index(None, "training_tag", ["sitting"])
    op.create_table("training_handed_in", _sitting(primary_key=True), _at())


def _qualifications() -> None:
    op.create_table(
        "qualification",
        sa.Column("attempt", sa.Integer, sa.ForeignKey("training_attempt.id"), primary_key=True),
        _set(),
        _account(),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        _at(),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "verdict IN ('qualified', 'not_qualified', 'insufficient_data')", name="verdict"
        ),
        sa.CheckConstraint("(verdict = 'qualified') = (expires_at IS NOT NULL)", name="expires"),
    )
    op.create_index(None, "qualification", ["account"])
    op.create_table(
        "qualification_rule",
        _number(),
        sa.Column("credential", sa.String(80), nullable=False),
        sa.Column("asked_for", sa.Boolean, nullable=False),
        _account(),
        _at(),
    )
    op.create_index(None, "qualification_rule", ["credential"])
