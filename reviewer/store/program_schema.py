"""The tables of programs: policies, rubrics, conflicts, routing, waivers, adjudication, anchors.

Invariant: rows are appended and the database refuses to change or remove them; where something can
be taken back (a conflict, a validity work), a later row says so and the latest counts.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
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


class ProgramPolicyColumns(TypedColumns):
    """One version of a credential's policy; the latest counts for works distributed after it."""

    number: Named[int] = Column(Integer, primary_key=True)
    credential: Named[str] = Column(String(80))
    policy: Named[str] = Column(Text, doc="canonical JSON")
    thresholds: Named[str] = Column(Text, doc="canonical JSON: what the machine must reach")
    seed: Named[int] = Column(BigInteger, doc="of the program's draws")
    account: Named[str] = Column(String(16), ForeignKey("account.id"))
    at: Named[datetime] = Column(Moment)


class PublishedRubricColumns(TypedColumns):
    """A version of a credential that works can be handed in for."""

    number: Named[int] = Column(Integer, primary_key=True)
    credential: Named[str] = Column(String(80))
    version: Named[str] = Column(String(40))
    rubric_hash: Named[str] = Column(String(64))
    written: Named[str] = Column(Text, doc="the whole credential, JSON")
    account: Named[str | None] = Column(
        String(16), ForeignKey("account.id"), doc="null: who runs the machine"
    )
    at: Named[datetime] = Column(Moment)


class ConflictColumns(TypedColumns):
    """A conflict of interest that was declared, or (`stands` false) withdrawn."""

    id: Named[int] = Column(Integer, primary_key=True)
    rater: Named[str] = Column(String(16), ForeignKey("account.id"))
    candidate: Named[str] = Column(Text)
    stands: Named[bool] = Column(Boolean)
    account: Named[str] = Column(String(16), ForeignKey("account.id"), doc="who declared it")
    at: Named[datetime] = Column(Moment)


class RoutingColumns(TypedColumns):
    """The draw of one work when it was distributed: `value` in [0, 1) against `share`."""

    submission: Named[str] = Column(String(16), ForeignKey("submission.id"), primary_key=True)
    policy: Named[int] = Column(Integer, ForeignKey("program_policy.number"))
    value: Named[float] = Column(Float)
    share: Named[float] = Column(Float)
    at: Named[datetime] = Column(Moment)


class SecondReasonColumns(TypedColumns):
    """Why a work is scored twice; further reasons are added as they are found."""

    submission: Named[str] = Column(String(16), ForeignKey("routing.submission"), primary_key=True)
    why: Named[str] = Column(String(16), primary_key=True)
    at: Named[datetime] = Column(Moment)


class WaiverColumns(TypedColumns):
    """A second score that nobody could give, and why the work goes on without it."""

    id: Named[int] = Column(Integer, primary_key=True)
    submission: Named[str] = Column(String(16), ForeignKey("routing.submission"))
    words: Named[str] = Column(Text, doc="the issuer's reason")
    account: Named[str] = Column(String(16), ForeignKey("account.id"))
    at: Named[datetime] = Column(Moment)


class AdjudicationColumns(TypedColumns):
    """Two ratings that need a third: whose, and on which elements."""

    submission: Named[str] = Column(String(16), ForeignKey("routing.submission"), primary_key=True)
    one: Named[str] = Column(String(16), ForeignKey("account.id"))
    other: Named[str] = Column(String(16), ForeignKey("account.id"))
    elements: Named[str] = Column(Text, doc="canonical JSON: element -> why")
    at: Named[datetime] = Column(Moment)


class ValidityWorkColumns(TypedColumns):
    """A work whose levels are known, seeded among live ones; `stands` false takes it out."""

    id: Named[int] = Column(Integer, primary_key=True)
    submission: Named[str] = Column(String(16), ForeignKey("submission.id"))
    original: Named[str] = Column(
        String(16), ForeignKey("submission.id"), doc="what it is a copy of"
    )
    levels: Named[str] = Column(Text, doc="canonical JSON: element -> level or null")
    stands: Named[bool] = Column(Boolean)
    account: Named[str] = Column(String(16), ForeignKey("account.id"))
    at: Named[datetime] = Column(Moment)


class MonitoringColumns(TypedColumns):
    """What a dashboard shows: one snapshot of a credential's reviews."""

    number: Named[int] = Column(Integer, primary_key=True)
    credential: Named[str] = Column(String(80))
    snapshot: Named[str] = Column(Text, doc="JSON")
    at: Named[datetime] = Column(Moment)


program_policy = Table("program_policy", metadata, ProgramPolicyColumns, Index(None, "credential"))
published_rubric = Table(
    "published_rubric",
    metadata,
    PublishedRubricColumns,
    UniqueConstraint("credential", "version"),
)
conflict = Table("conflict", metadata, ConflictColumns)
routing = Table("routing", metadata, RoutingColumns)
second_reason = Table("second_reason", metadata, SecondReasonColumns)
waiver = Table("waiver", metadata, WaiverColumns, UniqueConstraint("submission"))
adjudication = Table("adjudication", metadata, AdjudicationColumns)
validity_work = Table("validity_work", metadata, ValidityWorkColumns, Index(None, "submission"))
monitoring = Table("monitoring", metadata, MonitoringColumns, Index(None, "credential"))
