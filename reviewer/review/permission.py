"""Who may do what: the one table of roles and acts that every page, file and call asks.

Invariant: `may` is the only answer, and its default is no. Roles are granted for one credential or
for all; nobody has two voices on one submission: who evaluates it never sees what others rated
before the own levels are in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from reviewer.errors import ReviewError

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
    """What can be done: to a submission, but for handing in, programs and users at the end."""

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
    MANAGE_PROGRAM = "manage_program"
    MANAGE_USERS = "manage_users"
    OPERATE = "operate"


class Kind(StrEnum):
    """What somebody does with a submission that is assigned to them (see `_BY_KIND`)."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATION = "adjudication"
    TRAINING = "training"


class Purpose(StrEnum):
    """What an assignment is for; all but `ordinary` stay without any aid, before and after.

    `double`: scored by two people independently; `adjudication`: a discrepancy, or the sample that
    an adjudicator looks at; `validity`: its levels are known already; `training`: for practice.
    """

    ORDINARY = "ordinary"
    DOUBLE = "double"
    ADJUDICATION = "adjudication"
    VALIDITY = "validity"
    TRAINING = "training"


_OWN_PURPOSE = {
    Kind.FIRST: Purpose.ORDINARY,
    Kind.SECOND: Purpose.DOUBLE,
    Kind.ADJUDICATION: Purpose.ADJUDICATION,
    Kind.TRAINING: Purpose.TRAINING,
}


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in one review: what they do, and what for; only a first is ever ordinary."""

    kind: Kind
    purpose: Purpose

    @classmethod
    def of(cls, kind: Kind, purpose: Purpose | None = None) -> "Part":
        """The part of this kind (null: for what its kind is for); raises `ReviewError`."""
        part = cls(kind, purpose or _OWN_PURPOSE[kind])
        if kind is not Kind.FIRST and not part.independent:
            raise ReviewError(
                f"An assignment as {kind} stays without any aid: it cannot be {part.purpose}."
            )
        return part

    @property
    def independent(self) -> bool:
        """Whether ratings must be given without excerpts and draft, and none is shown later."""
        return self.purpose is not Purpose.ORDINARY


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
    assigned: Part | None
    all_scored: bool = False


_BY_KIND: dict[Kind, tuple[Collection[Role], Collection[Act]]] = {
    Kind.FIRST: (
        {Role.EVALUATOR, Role.ISSUER},
        {Act.READ_WORK, Act.RATE, Act.DECIDE, Act.FINALIZE},
    ),
    Kind.SECOND: ({Role.EVALUATOR, Role.ISSUER}, {Act.READ_WORK, Act.RATE}),
    Kind.ADJUDICATION: ({Role.ADJUDICATOR}, {Act.READ_WORK, Act.RATE, Act.DECIDE, Act.FINALIZE}),
    Kind.TRAINING: ({Role.TRAINEE}, {Act.READ_WORK, Act.RATE}),
}
"""Kind -> roles that may hold it, and what it allows."""

_ISSUER = {
    Act.READ_WORK,
    Act.SEE_DRAFT,
    Act.SEE_IDENTITY,
    Act.ASSIGN,
    Act.STEER,
    Act.EXPORT,
    Act.MANAGE_PROGRAM,
}


def roles_for(kind: Kind) -> tuple[Role, ...]:
    """The roles one of which somebody needs to be given a part of this kind."""
    return tuple(sorted(_BY_KIND[kind][0]))


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


def _may_as_assigned(person: Person, act: Act, submission: Object, part: Part) -> bool:
    """An assignment binds: even an issuer who evaluates sees no draft before all is scored."""
    roles, acts = _BY_KIND[part.kind]
    if not any(person.has(role, submission.credential) for role in roles):
        return False
    if act in acts:
        return True
    if act in (Act.SEE_DRAFT, Act.EXPORT):
        return submission.all_scored and not part.independent
    issuer = person.has(Role.ISSUER, submission.credential)
    return issuer and act in _ISSUER
