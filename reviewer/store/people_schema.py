"""The tables of people: accounts, roles, sign-ins, tokens, assignments, candidates' names.

Invariant: passwords are kept as argon2 hashes, sign-ins and tokens as SHA-256 of a random secret:
nothing that is read here lets anybody in.
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
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


class AccountColumns(TypedColumns):
    """A person; never removed, since ratings name it, but disabled."""

    id: Named[str] = Column(String(16), primary_key=True)
    name: Named[str] = Column(String(80), doc="what one signs in with")
    password: Named[str | None] = Column(Text, doc="argon2id hash; null: cannot sign in by one")
    created_at: Named[datetime] = Column(Moment)
    disabled_at: Named[datetime | None] = Column(Moment)


class RoleGrantColumns(TypedColumns):
    """A role of an account, for one credential or for all (``*``)."""

    account: Named[str] = Column(String(16), ForeignKey("account.id"), primary_key=True)
    role: Named[str] = Column(String(16), primary_key=True)
    credential: Named[str] = Column(String(80), primary_key=True)


class SignInColumns(TypedColumns):
    """A browser that is signed in."""

    secret_sha256: Named[str] = Column(String(64), primary_key=True)
    account: Named[str] = Column(String(16), ForeignKey("account.id"))
    created_at: Named[datetime] = Column(Moment)
    expires_at: Named[datetime] = Column(Moment)


class SignInAttemptColumns(TypedColumns):
    """A failed attempt to sign in, for as long as it counts."""

    id: Named[int] = Column(Integer, primary_key=True)
    name: Named[str] = Column(String(80))
    at: Named[datetime] = Column(Moment)


class ApiTokenColumns(TypedColumns):
    """What a person's program signs its calls with."""

    id: Named[str] = Column(String(16), primary_key=True)
    account: Named[str] = Column(String(16), ForeignKey("account.id"))
    label: Named[str] = Column(Text)
    secret_sha256: Named[str] = Column(String(64))
    created_at: Named[datetime] = Column(Moment)
    revoked_at: Named[datetime | None] = Column(Moment)


class AssignmentColumns(TypedColumns):
    """A submission that somebody is to review, as what and what for."""

    submission: Named[str] = Column(String(16), ForeignKey("submission.id"), primary_key=True)
    account: Named[str] = Column(String(16), ForeignKey("account.id"), primary_key=True)
    kind: Named[str] = Column(String(16), doc="first, second, adjudication, training")
    purpose: Named[str] = Column(String(16), doc="what for; all but ordinary forbid every aid")
    created_at: Named[datetime] = Column(Moment)
    finished_at: Named[datetime | None] = Column(Moment, doc="all it asks for was in, first")


class CandidateNameColumns(TypedColumns):
    """Who is behind a pseudonym; read for issuers alone."""

    candidate: Named[str] = Column(String(80), primary_key=True)
    name: Named[str] = Column(Text)


account = Table("account", metadata, AccountColumns, UniqueConstraint("name"))
role_grant = Table(
    "role_grant",
    metadata,
    RoleGrantColumns,
    CheckConstraint(
        "role IN ('evaluator', 'issuer', 'trainer', 'trainee', 'adjudicator', 'administrator')",
        name="role",
    ),
)
sign_in = Table("sign_in", metadata, SignInColumns)
sign_in_attempt = Table("sign_in_attempt", metadata, SignInAttemptColumns, Index(None, "name"))
api_token = Table("api_token", metadata, ApiTokenColumns, UniqueConstraint("secret_sha256"))
assignment = Table(
    "assignment",
    metadata,
    AssignmentColumns,
    CheckConstraint(
        "purpose IN ('ordinary', 'double', 'adjudication', 'validity', 'training')",
        name="purpose",
    ),
    CheckConstraint("kind = 'first' OR purpose <> 'ordinary'", name="independent"),
    Index(None, "account"),
)
candidate_name = Table("candidate_name", metadata, CandidateNameColumns)
