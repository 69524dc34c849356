"""Who is to review what, and who is behind a pseudonym.

Invariant: one person has one assignment for one submission; every assignment is recorded in the
chain of events.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, delete, insert, select

from reviewer.errors import ReviewError
from reviewer.review.permission import Kind, Part, Person, Purpose, roles_for
from reviewer.store import audit, parts
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.people_schema import account, assignment, candidate_name
from reviewer.store.review_schema import outcome
from reviewer.store.schema import submission


@dataclass(frozen=True, slots=True)
class Assigned:
    """A submission in somebody's queue; `outcome` is null as long as it is not finalized.

    `received_at`: when it was handed in; of what stays without any aid, when it was given to the
    person, so that all of that looks alike.
    """

    submission: str
    credential: str
    candidate: str
    attempt: int
    kind: Kind
    received_at: datetime
    outcome: str | None


class Assignments:
    """Assignments and names of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def assign(
        self,
        submission_id: str,
        person: Person,
        kind: Kind,
        actor: str,
        purpose: Purpose | None = None,
    ) -> None:
        """Assign a submission, for what its kind is for unless `purpose` says otherwise.

        The same again changes nothing; raises `ReviewError` where the person has another part in it
        already, or where the purpose does not go with the kind.
        """
        part = Part.of(kind, purpose)
        with self._database.writing() as connection:
            there = _part(connection, submission_id, person.id)
            if there == part:
                return
            if there is not None:
                raise ReviewError(
                    f"{person.name} reviews this submission already, as {there.kind} "
                    f"({there.purpose}): choose another person."
                )
            to = (person.id, person.name)
            parts.give(connection, submission_id, to, part, actor, self._clock())

    def part(self, submission_id: str, account_id: str) -> Part | None:
        """The part of the account in the review; null where it is not assigned to it."""
        with self._database.reading() as connection:
            return _part(connection, submission_id, account_id)

    def of(self, account_id: str) -> tuple[Assigned, ...]:
        """Everything assigned to the account, the longest waiting first."""
        finalized = (
            select(outcome.c.outcome)
            .where(outcome.c.submission == submission.c.id)
            .order_by(outcome.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        ordinary = assignment.c.purpose == Purpose.ORDINARY.value
        since = case((ordinary, submission.c.created_at), else_=assignment.c.created_at)
        query = (
            select(
                submission.c.id,
                submission.c.credential_id,
                submission.c.candidate,
                submission.c.attempt,
                assignment.c.kind,
                since.label("since"),
                finalized.label("outcome"),
            )
            .join(assignment, assignment.c.submission == submission.c.id)
            .where(assignment.c.account == account_id)
            .order_by(since, submission.c.id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Assigned(
                row.id,
                row.credential_id,
                row.candidate,
                row.attempt,
                Kind(row.kind),
                row.since,
                row.outcome,
            )
            for row in rows
        )

    def raters(self, submission_id: str) -> tuple[tuple[str, Part], ...]:
        """(name, part) of everybody to whom the submission is assigned."""
        return self.raters_of([submission_id])[submission_id]

    def raters_of(self, submissions: Collection[str]) -> dict[str, tuple[tuple[str, Part], ...]]:
        """The same by submission, of each that is given."""
        found: dict[str, list[tuple[str, Part]]] = {one: [] for one in submissions}
        query = (
            select(assignment, account.c.name)
            .join(account, account.c.id == assignment.c.account)
            .where(assignment.c.submission.in_(submissions))
            .order_by(account.c.name)
        )
        with self._database.reading() as connection:
            for row in connection.execute(query):
                part = Part(Kind(row.kind), Purpose(row.purpose))
                found[row.submission].append((row.name, part))
        return {one: tuple(raters) for one, raters in found.items()}

    def able(self, credential: str) -> tuple[str, ...]:
        """The names of everybody who may have some part in a review of the credential."""
        roles = {role for kind in Kind for role in roles_for(kind)}
        with self._database.reading() as connection:
            pools = [parts.pool(connection, credential, one) for one in roles]
        return tuple(sorted({name for one in pools for name in one.values()}))

    def name_candidate(self, candidate: str, name: str, actor: str) -> None:
        """Keep who is behind a pseudonym; the chain of events says that, not the name."""
        with self._database.writing() as connection:
            connection.execute(
                delete(candidate_name).where(candidate_name.c.candidate == candidate)
            )
            connection.execute(insert(candidate_name).values(candidate=candidate, name=name))
            audit.append(connection, "candidate_named", {"candidate": candidate}, actor)

    def candidate(self, candidate: str) -> str | None:
        """Who is behind a pseudonym; null where nobody said."""
        with self._database.reading() as connection:
            found: str | None = connection.scalar(
                select(candidate_name.c.name).where(candidate_name.c.candidate == candidate)
            )
        return found


def _part(connection: Connection, submission_id: str, account_id: str) -> Part | None:
    row = connection.execute(
        select(assignment.c.kind, assignment.c.purpose).where(
            assignment.c.submission == submission_id, assignment.c.account == account_id
        )
    ).one_or_none()
    return None if row is None else Part(Kind(row.kind), Purpose(row.purpose))
