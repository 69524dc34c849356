"""The tables, typed; the migrations in `migrations/versions` make exactly these.

Invariant: nothing here is of one database alone. Moments are UTC; hashes are lower-case hex
SHA-256; documents of several fields (a credential, a finding list) are canonical JSON text.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Named,
    String,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
)

# The tables of people, programs, reviews and training belong to the same metadata.
from reviewer.store import people_schema as people_schema
from reviewer.store import program_schema as program_schema
from reviewer.store import review_schema as review_schema
from reviewer.store import training_schema as training_schema
from reviewer.store.base import Moment, metadata

__all__ = [
    "artifact",
    "audit_event",
    "embedding",
    "metadata",
    "stage",
    "stage_result",
    "submission",
]


class SubmissionColumns(TypedColumns):
    """One attempt of a candidate, pinned to one rubric version."""

    id: Named[str] = Column(String(16), primary_key=True)
    credential_id: Named[str] = Column(String(80))
    rubric_hash: Named[str] = Column(String(64))
    credential: Named[str] = Column(Text, doc="the whole credential as it was then, JSON")
    candidate: Named[str] = Column(Text)
    attempt: Named[int]
    consent: Named[bool | None]
    messages: Named[str] = Column(Text, doc="JSON list of sentences")
    created_at: Named[datetime] = Column(Moment)
    held: Named[str | None] = Column(String(8), doc="paused or canceled: its stages are not begun")
    erased_at: Named[datetime | None] = Column(Moment, doc="null: its work is here")


class ArtifactColumns(TypedColumns):
    """One submitted file, in the order of the package; usable ones lie in the file store."""

    submission: Named[str] = Column(String(16), ForeignKey("submission.id"), primary_key=True)
    position: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    artifact: Named[str] = Column(String(16), doc="first hex digits of sha256")
    name: Named[str] = Column(Text)
    sha256: Named[str] = Column(String(64))
    size: Named[int] = Column(BigInteger, doc="bytes")
    duration_s: Named[float | None] = Column(Float)
    slot: Named[str | None] = Column(String(80))
    kind: Named[str | None] = Column(String(16))
    content: Named[str | None] = Column(String(16), doc="file format by content")
    captions: Named[str | None] = Column(Text, doc="name of its caption file")
    captions_sha256: Named[str | None] = Column(String(64))
    problem: Named[str | None] = Column(Text, doc="class in reviewer.errors")
    problem_message: Named[str | None] = Column(Text)


class StageColumns(TypedColumns):
    """The ledger: where each stage of each submission stands.

    `input_hash` is null until the stages before it are finished. `artifact` is empty where the
    stage is about the whole submission.
    """

    id: Named[int] = Column(Integer, primary_key=True)
    submission: Named[str] = Column(String(16), ForeignKey("submission.id"))
    stage: Named[str] = Column(String(32))
    artifact: Named[str] = Column(String(16))
    position: Named[int] = Column(Integer, doc="order of the work")
    input_hash: Named[str | None] = Column(String(64))
    state: Named[str] = Column(String(8))
    attempts: Named[int]
    fraction: Named[float] = Column(Float)
    worker: Named[str | None] = Column(Text)
    lease_expires: Named[datetime | None] = Column(Moment)
    error: Named[str | None] = Column(Text)
    started_at: Named[datetime | None] = Column(Moment)
    finished_at: Named[datetime | None] = Column(Moment)


class StageResultColumns(TypedColumns):
    """What a stage made of an input, whichever submission asked first."""

    stage: Named[str] = Column(String(32), primary_key=True)
    input_hash: Named[str] = Column(String(64), primary_key=True)
    value: Named[bytes] = Column(LargeBinary)
    sha256: Named[str] = Column(String(64), doc="of the value")
    created_at: Named[datetime] = Column(Moment)


class EmbeddingColumns(TypedColumns):
    """One vector (float32, little-endian) per model and text."""

    model_sha256: Named[str] = Column(String(64), primary_key=True)
    text_sha256: Named[str] = Column(String(64), primary_key=True)
    vector: Named[bytes] = Column(LargeBinary)


class AuditEventColumns(TypedColumns):
    """The record of events: each row's hash covers the row before it. Rows are only appended."""

    number: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    at: Named[str] = Column(String(32), doc="UTC, ISO 8601")
    actor: Named[str] = Column(Text)
    event: Named[str] = Column(String(40))
    details: Named[str] = Column(Text, doc="canonical JSON")
    previous: Named[str] = Column(String(64))
    hash: Named[str] = Column(String(64))


class VerdictColumns(TypedColumns):
    """Verdicts of the fitness gate; of one key the row with the highest number holds."""

    number: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    credential: Named[str] = Column(String(80))
    rubric_hash: Named[str] = Column(String(64))
    element: Named[str] = Column(String(80))
    engine_version: Named[str] = Column(Text)
    fitness: Named[str] = Column(String(10))
    reason: Named[str] = Column(Text)
    checks: Named[str] = Column(Text, doc="canonical JSON")
    report_sha256: Named[str] = Column(String(64))
    given_at: Named[datetime] = Column(Moment)


submission = Table(
    "submission",
    metadata,
    SubmissionColumns,
    Index(None, "candidate", "credential_id"),
    Index(None, "created_at"),  # the newest, without reading all of them
    Index(None, "credential_id"),
)
artifact = Table("artifact", metadata, ArtifactColumns, UniqueConstraint("submission", "artifact"))
stage = Table(
    "stage",
    metadata,
    StageColumns,
    UniqueConstraint("submission", "stage", "artifact"),
    Index(None, "stage", "input_hash"),
    # With the submission: whoever asks where one stands would go through all that stand there.
    Index(None, "state", "submission"),
)
stage_result = Table("stage_result", metadata, StageResultColumns)
embedding = Table("embedding", metadata, EmbeddingColumns)
audit_event = Table("audit_event", metadata, AuditEventColumns)
verdict = Table("verdict", metadata, VerdictColumns, Index(None, "credential", "rubric_hash"))
