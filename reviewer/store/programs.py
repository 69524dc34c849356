"""What an issuer decided about a program: policies, published rubric versions, conflicts.

Invariant: everything is appended with its entry in the chain of events, and the latest counts. A
published version of a credential never changes: the same version with other content is refused.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from reviewer.calibration.gate import Thresholds
from reviewer.errors import RubricError
from reviewer.review.permission import Person
from reviewer.review.policy import Policy
from reviewer.rubric import Credential
from reviewer.store import audit
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.people_schema import account
from reviewer.store.program_schema import conflict, program_policy, published_rubric, routing


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A policy as it is kept; `seed` is that of the program's draws, `by` who set it."""

    number: int
    credential: str
    policy: Policy
    thresholds: Thresholds
    seed: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """One published version of a credential; `by` is null for who runs the machine."""

    credential: Credential
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict of interest that stands: `rater` (an account's id, its `name`), `candidate`."""

    rater: str
    name: str
    candidate: str


class Programs:
    """Policies, rubric versions and conflicts of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def policy(self, credential: str) -> StoredPolicy | None:
        """The policy that works are distributed under now; null where none was ever set."""
        with self._database.reading() as connection:
            return latest_policy(connection, credential)

    def policy_under(self, submission: str) -> StoredPolicy | None:
        """The policy that a work was distributed under; null where it was assigned by hand."""
        with self._database.reading() as connection:
            return policy_under(connection, submission)

    def set_policy(
        self, credential: str, policy: Policy, thresholds: Thresholds, seed: int, person: Person
    ) -> StoredPolicy:
        """Append a policy; the one that stands already is not appended again.

        `seed` is that of the draws to come, unless there was a policy before, whose seed goes on.
        """
        with self._database.writing() as connection:
            before = latest_policy(connection, credential)
            if before and (before.policy, before.thresholds) == (policy, thresholds):
                return before
            values: audit.Details = {
                "credential": credential,
                "policy": policy.model_dump_json(),
                "thresholds": thresholds.model_dump_json(),
                "seed": before.seed if before else seed,
            }
            connection.execute(
                insert(program_policy).values(**values, account=person.id, at=self._clock())
            )
            audit.append(connection, "policy_set", values, person.name)
            kept = latest_policy(connection, credential)
        assert kept is not None
        return kept

    def publish(self, credential: Credential, person: Person | None) -> Published:
        """Publish a version; the same content again changes nothing. Raises `RubricError`."""
        with self._database.writing() as connection:
            found = connection.execute(
                _published().where(
                    published_rubric.c.credential == credential.id,
                    published_rubric.c.version == credential.version,
                )
            ).one_or_none()
            if found is not None and _publication(found).credential != credential:
                raise RubricError(
                    f"Version {credential.version} of {credential.id} is published already and "
                    "never changes; give what you changed another version."
                )
            if found is not None:
                return _publication(found)
            values: audit.Details = {
                "credential": credential.id,
                "version": credential.version,
                "rubric_hash": credential.rubric_hash,
            }
            connection.execute(
                insert(published_rubric).values(
                    **values,
                    written=credential.model_dump_json(),
                    account=person.id if person else None,
                    at=self._clock(),
                )
            )
            actor = {} if person is None else {"actor": person.name}
            audit.append(connection, "rubric_published", values, **actor)
            row = connection.execute(
                _published().order_by(published_rubric.c.number.desc()).limit(1)
            ).one()
        return _publication(row)

    def versions(self, credential: str) -> tuple[Published, ...]:
        """All published versions of a credential, the oldest first."""
        query = _published().where(published_rubric.c.credential == credential)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(published_rubric.c.number)).all()
        return tuple(_publication(row) for row in rows)

    def newest(self) -> tuple[Credential, ...]:
        """The newest published version of each credential, by id."""
        latest = select(func.max(published_rubric.c.number)).group_by(published_rubric.c.credential)
        query = _published().where(published_rubric.c.number.in_(latest))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(published_rubric.c.credential)).all()
        return tuple(_publication(row).credential for row in rows)

    def declare(self, rater: Person, candidate: str, person: Person, *, stands: bool) -> None:
        """Declare a conflict of interest, or withdraw one; what stands so already stays."""
        with self._database.writing() as connection:
            known = (rater.id, candidate) in {
                (one.rater, one.candidate) for one in conflicts(connection)
            }
            if known is stands:
                return
            connection.execute(
                insert(conflict).values(
                    rater=rater.id,
                    candidate=candidate,
                    stands=stands,
                    account=person.id,
                    at=self._clock(),
                )
            )
            details: audit.Details = {"rater": rater.name, "candidate": candidate}
            event = "conflict_declared" if stands else "conflict_withdrawn"
            audit.append(connection, event, details, person.name)

    def conflicts(self) -> tuple[Conflict, ...]:
        """The conflicts that stand, by rater and candidate."""
        with self._database.reading() as connection:
            return conflicts(connection)


def latest_policy(connection: Connection, credential: str) -> StoredPolicy | None:
    """See `Programs.policy`; inside the caller's transaction."""
    query = _policies().where(program_policy.c.credential == credential)
    query = query.order_by(program_policy.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else _policy(row)


def policy_under(connection: Connection, submission: str) -> StoredPolicy | None:
    """See `Programs.policy_under`; inside the caller's transaction."""
    query = _policies().join(routing, routing.c.policy == program_policy.c.number)
    row = connection.execute(query.where(routing.c.submission == submission)).one_or_none()
    return None if row is None else _policy(row)


def _policies() -> Any:
    return select(program_policy, account.c.name).join(
        account, account.c.id == program_policy.c.account
    )


def _policy(row: Row[Any]) -> StoredPolicy:
    return StoredPolicy(
        row.number,
        row.credential,
        Policy.model_validate_json(row.policy),
        Thresholds.model_validate_json(row.thresholds),
        row.seed,
        row.name,
        row.at,
    )


def conflicts(
    connection: Connection, candidates: Collection[str] | None = None
) -> tuple[Conflict, ...]:
    """The conflicts that stand (with these candidates; null: all), in the caller's transaction."""
    query = select(conflict, account.c.name).join(account, account.c.id == conflict.c.rater)
    if candidates is not None:
        query = query.where(conflict.c.candidate.in_(sorted(candidates)))
    standing: dict[tuple[str, str], tuple[bool, str]] = {}
    for row in connection.execute(query.order_by(conflict.c.id)):
        standing[row.rater, row.candidate] = row.stands, row.name
    found = [
        Conflict(rater, name, candidate)
        for (rater, candidate), (stands, name) in standing.items()
        if stands
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.candidate)))


def _published() -> Any:
    return select(published_rubric, account.c.name).outerjoin(
        account, account.c.id == published_rubric.c.account
    )


def _publication(row: Row[Any]) -> Published:
    return Published(Credential.model_validate_json(row.written), row.name, row.at)
