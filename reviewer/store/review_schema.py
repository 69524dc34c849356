"""The tables of reviews: sights, ratings, decisions, remarks, marks, time, outcomes.

Invariant: rows are appended; the database refuses to change or remove them (but a mark may be
taken back). A decision cannot be kept without an account, and only about a rating that this very
account gave to this element of this submission as its final one: a confirmed score without a
person is impossible in SQL too. No rating can be an engine's.
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
    UniqueConstraint,
)

from reviewer.store.base import Moment, metadata


class SightColumns(TypedColumns):
    """Something put before a rater's eyes, before it was shown."""

    id: Named[int] = Column(Integer, primary_key=True)
    submission: Named[str] = Column(String(16), ForeignKey("submission.id"))
    element: Named[str] = Column(String(80))
    rater: Named[str] = Column(String(16), ForeignKey("account.id"))
    sight: Named[str] = Column(String(16), doc="work (of the whole), excerpts, draft, citation")
    detail: Named[str] = Column(Text, doc="engine of a draft, number of a citation")
    at: Named[datetime] = Column(Moment)


class RatingColumns(TypedColumns):
    """One person's level for one element; `level` is null for not observable."""

    id: Named[int] = Column(Integer, primary_key=True)
    submission: Named[str] = Column(String(16), ForeignKey("submission.id"))
    element: Named[str] = Column(String(80))
    rater: Named[str] = Column(String(16), ForeignKey("account.id"))
    rater_type: Named[str] = Column(String(16))
    level: Named[float | None] = Column(Float)
    phase: Named[str] = Column(String(16))
    aid: Named[str] = Column(String(16))
    at: Named[datetime] = Column(Moment)


class DecisionColumns(TypedColumns):
    """A person makes their own final rating the score of record."""

    id: Named[int] = Column(Integer, primary_key=True)
    rating: Named[int] = Column(Integer)
    submission: Named[str] = Column(String(16))
    element: Named[str] = Column(String(80))
    rater: Named[str] = Column(String(16), ForeignKey("account.id"))
    rater_type: Named[str] = Column(String(16))
    phase: Named[str] = Column(String(16), doc="final, always: part of the foreign key")
    kind: Named[str] = Column(String(16))
    reason: Named[str | None] = Column(String(32))
    words: Named[str] = Column(Text)
    draft_level: Named[float | None] = Column(Float)
    at: Named[datetime] = Column(Moment)


class RemarkColumns(TypedColumns):
    """A note, or a paragraph of feedback; the latest of its kind counts, no earlier one is lost."""

    id: Named[int] = Column(Integer, primary_key=True)
    submission: Named[str] = Column(String(16), ForeignKey("submission.id"))
    element: Named[str] = Column(String(80))
    rater: Named[str] = Column(String(16), ForeignKey("account.id"))
    kind: Named[str] = Column(String(16), doc="note, feedback")
    words: Named[str] = Column(Text)
    at: Named[datetime] = Column(Moment)


class EvidenceMarkColumns(TypedColumns):
    """A span that a rater made evidence for an element: characters of an artifact's text.

    Or a time span of a recording in seconds; the characters are then what is said in it, none
    (`start` equals `end`) where nothing is.
    """

    id: Named[int] = Column(Integer, primary_key=True)
    submission: Named[str] = Column(String(16), ForeignKey("submission.id"))
    element: Named[str] = Column(String(80))
    rater: Named[str] = Column(String(16), ForeignKey("account.id"))
    artifact: Named[str] = Column(String(16))
    start: Named[int]
    end: Named[int]
    start_s: Named[float | None] = Column(Float)
    end_s: Named[float | None] = Column(Float)
    at: Named[datetime] = Column(Moment)
    removed_at: Named[datetime | None] = Column(Moment)


class ActiveTimeColumns(TypedColumns):
    """Seconds in which an element was visible and its rater not idle, by what they had seen."""

    id: Named[int] = Column(Integer, primary_key=True)
    submission: Named[str] = Column(String(16), ForeignKey("submission.id"))
    element: Named[str] = Column(String(80))
    rater: Named[str] = Column(String(16), ForeignKey("account.id"))
    aid: Named[str] = Column(String(16))
    seconds: Named[float] = Column(Float)
    at: Named[datetime] = Column(Moment)


class OutcomeColumns(TypedColumns):
    """What a person finalized; the latest counts."""

    id: Named[int] = Column(Integer, primary_key=True)
    submission: Named[str] = Column(String(16), ForeignKey("submission.id"))
    rater: Named[str] = Column(String(16), ForeignKey("account.id"))
    outcome: Named[str] = Column(String(32))
    levels: Named[str] = Column(Text, doc="canonical JSON: element -> level or null")
    at: Named[datetime] = Column(Moment)


IDENTITY = ("id", "submission", "element", "rater", "rater_type", "phase")
"""What a decision must share with the rating that it is about."""

sight = Table(
    "sight",
    metadata,
    SightColumns,
    CheckConstraint("sight IN ('work', 'excerpts', 'draft', 'citation')", name="sight"),
    Index(None, "submission", "rater"),
)
rating = Table(
    "rating",
    metadata,
    RatingColumns,
    CheckConstraint(
        "rater_type IN ('evaluator', 'expert', 'consensus', 'adjudicator', 'trainee')",
        name="rater_type",
    ),
    CheckConstraint("phase IN ('blind', 'revealed', 'final')", name="phase"),
    CheckConstraint("aid IN ('none', 'excerpts', 'draft')", name="aid"),
    UniqueConstraint(*IDENTITY, name="uq_rating_identity"),
    Index(None, "submission", "rater"),
)
decision = Table(
    "decision",
    metadata,
    DecisionColumns,
    ForeignKeyConstraint(
        ("rating", *IDENTITY[1:]),
        [f"rating.{column}" for column in IDENTITY],
        name="fk_decision_rating",
    ),
    CheckConstraint("rater_type IN ('evaluator', 'adjudicator')", name="rater_type"),
    CheckConstraint("phase = 'final'", name="phase"),
    CheckConstraint("kind IN ('confirm', 'override', 'scored', 'adjudicate')", name="kind"),
    CheckConstraint("(kind = 'override') = (reason IS NOT NULL)", name="reason"),
    CheckConstraint("kind <> 'confirm' OR draft_level IS NOT NULL", name="draft"),
    UniqueConstraint("rating"),
    Index(None, "submission"),
)
remark = Table(
    "remark",
    metadata,
    RemarkColumns,
    CheckConstraint("kind IN ('note', 'feedback')", name="kind"),
    Index(None, "submission", "rater"),
)
evidence_mark = Table(
    "evidence_mark",
    metadata,
    EvidenceMarkColumns,
    CheckConstraint(
        '0 <= start AND start <= "end" AND (start < "end" OR start_s IS NOT NULL)', name="span"
    ),
    CheckConstraint(
        "(start_s IS NULL) = (end_s IS NULL) "
        "AND (start_s IS NULL OR (0 <= start_s AND start_s < end_s))",
        name="times",
    ),
    Index(None, "submission", "rater"),
)
active_time = Table(
    "active_time",
    metadata,
    ActiveTimeColumns,
    CheckConstraint("seconds > 0", name="seconds"),
    Index(None, "submission", "rater"),
)
outcome = Table("outcome", metadata, OutcomeColumns, Index(None, "submission"))
