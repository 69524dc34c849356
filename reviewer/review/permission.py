"""Who may do what: the one table of roles and acts that every page, file and call asks.

Invariant: `may` is the only answer, and its default is no. Roles are granted for one credential or
for all; nobody has two voices on one submission: who evaluates it never sees what others rated
before the own levels are in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

EVERY = "*"
"""A grant's scope: all credentials."""


class Role(StrEnum):
    """What a person is in a program."""

    EVALUATOR = "evaluator"
    ISSUER = "issuer"
    TRAINER = "trainer"
    TRAINEE = "trainee"
    ADJUDICATOR = "adjudicator"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What can be done, each to a submission but the last three."""

    READ_WORK = "read_work"
    RATE = "rate"
    DECIDE = "decide"
    FINALIZE = "finalize"
    SEE_DRAFT = "see_draft"
    SEE_IDENTITY = "see_identity"
    ASSIGN = "assign"
    STEER = "steer"
    EXPORT = "export"
    SUBMIT = "submit"
    MANAGE_USERS = "manage_users"
    OPERATE = "operate"


class Kind(StrEnum):
    """Why a submission is assigned to somebody; all but `first` stay without any aid."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATION = "adjudication"
    TRAINING = "training"

    @property
    def independent(self) -> bool:
        """Whether its ratings must be given without excerpts and draft."""
        return self is not Kind.FIRST


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for one credential, or for `EVERY`."""

    role: Role
    credential: str = EVERY


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    id: str
    name: str
    grants: frozenset[Grant]

    def has(self, role: Role, credential: str | None = None) -> bool:
        """Whether the person has the role for this credential (null: for any at all)."""
        return any(
            one.role is role and (credential is None or one.credential in (credential, EVERY))
            for one in self.grants
        )

    def credentials(self, role: Role) -> frozenset[str] | None:
        """The credentials that the person has the role for; null is every one."""
        scopes = frozenset(one.credential for one in self.grants if one.role is role)
        return None if EVERY in scopes else scopes


@dataclass(frozen=True, slots=True)
class Object:
    """A submission as seen by permissions: its credential, how it is assigned to the person.

    `assigned` is null where it is not; `all_scored` tells whether the person's own levels for
    every open element are stored.
    """

    credential: str
    assigned: Kind | None
    all_scored: bool = False


_BY_ASSIGNMENT: dict[Kind, tuple[Collection[Role], Collection[Act]]] = {
    Kind.FIRST: (
        {Role.EVALUATOR, Role.ISSUER},
        {Act.READ_WORK, Act.RATE, Act.DECIDE, Act.FINALIZE},
    ),
    Kind.SECOND: ({Role.EVALUATOR, Role.ISSUER}, {Act.READ_WORK, Act.RATE}),
    Kind.ADJUDICATION: ({Role.ADJUDICATOR}, {Act.READ_WORK, Act.RATE, Act.DECIDE, Act.FINALIZE}),
    Kind.TRAINING: ({Role.TRAINEE}, {Act.READ_WORK, Act.RATE}),
}
"""Assignment -> roles that may hold it, and what it allows."""

_ISSUER = {
    Act.READ_WORK,
    Act.SEE_DRAFT,
    Act.SEE_IDENTITY,
    Act.ASSIGN,
    Act.STEER,
    Act.EXPORT,
}


def may(person: Person, act: Act, submission: Object | None = None) -> bool:
    """Whether `person` may do `act` (to `submission`, where it is done to one)."""
    if act in (Act.MANAGE_USERS, Act.OPERATE):
        return person.has(Role.ADMINISTRATOR)
    if act is Act.SUBMIT and submission is None:
        return person.has(Role.ISSUER) or person.has(Role.EVALUATOR)
    if submission is None:
        return False
    if submission.assigned is not None:
        return _may_as_assigned(person, act, submission, submission.assigned)
    if person.has(Role.ISSUER, submission.credential):
        return act in _ISSUER
    return False


def _may_as_assigned(person: Person, act: Act, submission: Object, kind: Kind) -> bool:
    """An assignment binds: even an issuer who evaluates sees no draft before all is scored."""
    roles, acts = _BY_ASSIGNMENT[kind]
    if not any(person.has(role, submission.credential) for role in roles):
        return False
    if act in acts:
        return True
    if act in (Act.SEE_DRAFT, Act.EXPORT):
        return submission.all_scored and not kind.independent
    issuer = person.has(Role.ISSUER, submission.credential)
    return issuer and act in _ISSUER
