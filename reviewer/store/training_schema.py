"""The tables of training: sets, works, sittings, ratings, tags, attempts, qualifications.

Invariant: rows are appended; the database refuses to change or remove them. A tag that is taken
back is one more row. No table of live work refers to these, so practice is never mixed with it.
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Named,
    String,
    Table,
    Text,
    TypedColumns,
)

from reviewer.store.base import Moment, metadata


class TrainingSetColumns(TypedColumns):
    """A set of works for one version of a credential."""

    id: Named[str] = Column(String(40), primary_key=True)
    title: Named[str] = Column(Text)
    credential_id: Named[str] = Column(String(80))
    rubric_hash: Named[str] = Column(String(64))
    credential: Named[str] = Column(Text, doc="the credential as it was then, as JSON")
    synthetic: Named[bool] = Column(doc="levels are intended, no panel agreed on them")
    at: Named[datetime] = Column(Moment)


class TrainingRulesColumns(TypedColumns):
    """The rules of a set; the latest count."""

    id: Named[int] = Column(Integer, primary_key=True)
    set: Named[str] = Column(String(40), ForeignKey("training_set.id"))
    policy: Named[str] = Column(Text, doc="JSON")
    at: Named[datetime] = Column(Moment)


class TrainingWorkColumns(TypedColumns):
    """One work of a set, without a name of anybody."""

    set: Named[str] = Column(String(40), ForeignKey("training_set.id"), primary_key=True)
    id: Named[str] = Column(String(16), primary_key=True)
    position: Named[int]
    part: Named[str] = Column(String(16), doc="practice, a, b")
    artifacts: Named[str] = Column(Text, doc="JSON")
    key: Named[str | None] = Column(Text, doc="JSON; null: what a panel agrees on")
    source: Named[str | None] = Column(
        String(16), doc="the submission it was made of, which may be erased since"
    )
    recordings: Named[str | None] = Column(
        Text, doc="JSON: id of a recording here -> its id in the source; null: none may be played"
    )
    at: Named[datetime] = Column(Moment)


class TrainingAttemptColumns(TypedColumns):
    """Somebody begins to qualify on a set."""

    id: Named[int] = Column(Integer, primary_key=True)
    set: Named[str] = Column(String(40), ForeignKey("training_set.id"))
    account: Named[str] = Column(String(16), ForeignKey("account.id"))
    at: Named[datetime] = Column(Moment)


class TrainingSittingColumns(TypedColumns):
    """One person before one work, once."""

    id: Named[int] = Column(Integer, primary_key=True)
    set: Named[str] = Column(String(40))
    work: Named[str] = Column(String(16))
    account: Named[str] = Column(String(16), ForeignKey("account.id"))
    purpose: Named[str] = Column(String(16), doc="practice, qualification, panel")
    attempt: Named[int | None] = Column(Integer, ForeignKey("training_attempt.id"))
    at: Named[datetime] = Column(Moment)


class TrainingRatingColumns(TypedColumns):
    """A level for one element in one sitting; the latest counts. Always blind, without any aid."""

    id: Named[int] = Column(Integer, primary_key=True)
    sitting: Named[int] = Column(Integer, ForeignKey("training_sitting.id"))
    element: Named[str] = Column(String(80))
    rater_type: Named[str] = Column(String(16), doc="trainee; expert in a panel")
    level: Named[float | None] = Column(Float, doc="null: not observable")
    rationale: Named[str] = Column(Text, doc="an expert's reason")
    at: Named[datetime] = Column(Moment)


class TrainingTagColumns(TypedColumns):
    """A span made evidence for an element, or taken back; the latest row of a span counts."""

    id: Named[int] = Column(Integer, primary_key=True)
    sitting: Named[int] = Column(Integer, ForeignKey("training_sitting.id"))
    element: Named[str] = Column(String(80))
    artifact: Named[str] = Column(String(16))
    start: Named[int]
    end: Named[int]
    stands: Named[bool]
    at: Named[datetime] = Column(Moment)


class TrainingHandedInColumns(TypedColumns):
    """A sitting is over; nothing is added to it any more."""

    sitting: Named[int] = Column(Integer, ForeignKey("training_sitting.id"), primary_key=True)
    at: Named[datetime] = Column(Moment)


class QualificationColumns(TypedColumns):
    """What an attempt ended in; `expires_at` is null where nobody qualified."""

    attempt: Named[int] = Column(Integer, ForeignKey("training_attempt.id"), primary_key=True)
    set: Named[str] = Column(String(40), ForeignKey("training_set.id"))
    account: Named[str] = Column(String(16), ForeignKey("account.id"))
    verdict: Named[str] = Column(String(20))
    result: Named[str] = Column(Text, doc="JSON")
    at: Named[datetime] = Column(Moment)
    expires_at: Named[datetime | None] = Column(Moment)


class QualificationRuleColumns(TypedColumns):
    """Whether live work of a credential asks for a qualification; the latest word counts."""

    id: Named[int] = Column(Integer, primary_key=True)
    credential: Named[str] = Column(String(80))
    asked_for: Named[bool]
    account: Named[str] = Column(String(16), ForeignKey("account.id"))
    at: Named[datetime] = Column(Moment)


training_set = Table("training_set", metadata, TrainingSetColumns)
training_rules = Table("training_rules", metadata, TrainingRulesColumns, Index(None, "set"))
training_work = Table(
    "training_work",
    metadata,
    TrainingWorkColumns,
    CheckConstraint("part IN ('practice', 'a', 'b')", name="part"),
)
training_attempt = Table(
    "training_attempt", metadata, TrainingAttemptColumns, Index(None, "account", "set")
)
training_sitting = Table(
    "training_sitting",
    metadata,
    TrainingSittingColumns,
    ForeignKeyConstraint(
        ("set", "work"), ("training_work.set", "training_work.id"), name="fk_training_sitting_work"
    ),
    CheckConstraint("purpose IN ('practice', 'qualification', 'panel')", name="purpose"),
    CheckConstraint("(purpose = 'qualification') = (attempt IS NOT NULL)", name="attempt"),
    Index(None, "set", "account"),
)
training_rating = Table(
    "training_rating",
    metadata,
    TrainingRatingColumns,
    CheckConstraint("rater_type IN ('trainee', 'expert')", name="rater_type"),
    Index(None, "sitting"),
)
training_tag = Table(
    "training_tag",
    metadata,
    TrainingTagColumns,
    CheckConstraint('0 <= start AND start < "end"', name="span"),
    Index(None, "sitting"),
)
training_handed_in = Table("training_handed_in", metadata, TrainingHandedInColumns)
qualification = Table(
    "qualification",
    metadata,
    QualificationColumns,
    CheckConstraint(
        "verdict IN ('qualified', 'not_qualified', 'insufficient_data')", name="verdict"
    ),
    CheckConstraint("(verdict = 'qualified') = (expires_at IS NOT NULL)", name="expires"),
    Index(None, "account"),
)
qualification_rule = Table(
    "qualification_rule", metadata, QualificationRuleColumns, Index(None, "credential")
)
