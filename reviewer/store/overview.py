"""A program in numbers as it stands now: counted by the database, so a page opens at once.

Invariant: nothing is read row by row, and all works are gone through once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, select

from reviewer.review.outcome import Outcome
from reviewer.review.permission import Kind, Role
from reviewer.store import parts
from reviewer.store.database import Database
from reviewer.store.people_schema import assignment
from reviewer.store.program_schema import adjudication, second_reason, waiver
from reviewer.store.review_schema import outcome
from reviewer.store.schema import submission

ROLES = (Role.EVALUATOR, Role.ADJUDICATOR, Role.TRAINER, Role.ISSUER)
"""The roles that a program page lists."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Live works of a credential; `unassigned`, `seconds` and `adjudications` are open ones."""

    works: int
    finalized: int
    unassigned: int
    twice: int
    seconds: int
    adjudications: int
    outcomes: Mapping[Outcome, int]


class Overviews:
    """Counts of one store; safe to share among threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, credential: str) -> Counts:
        """The numbers of a credential's live works."""
        with self._database.reading() as connection:
            return _counts(connection, credential)

    def people(self, credential: str) -> dict[Role, tuple[str, ...]]:
        """Role -> names of everybody who has it for the credential."""
        with self._database.reading() as connection:
            return {
                role: tuple(parts.pool(connection, credential, role).values()) for role in ROLES
            }


def _counts(connection: Connection, credential: str) -> Counts:
    twice = exists().where(second_reason.c.submission == submission.c.id)
    without = exists().where(waiver.c.submission == submission.c.id)
    waived = and_(without, ~_held(Kind.SECOND))
    asked = exists().where(adjudication.c.submission == submission.c.id)
    counted: dict[str, ColumnElement[bool]] = {
        "finalized": parts.finalized(),
        "unassigned": ~parts.finalized() & ~_held(Kind.FIRST),
        "twice": twice,
        "seconds": and_(twice, ~parts.finalized(), ~_held(Kind.SECOND, finished=True), ~waived),
        "adjudications": and_(asked, ~parts.finalized(), ~_held(Kind.ADJUDICATION, finished=True)),
    }
    sums = (func.sum(case((one, 1), else_=0)).label(name) for name, one in counted.items())
    found = connection.execute(
        select(func.count().label("works"), *sums)
        .select_from(submission)
        .where(*parts.live(credential))
    ).one()
    ended = connection.execute(
        select(outcome.c.outcome, func.count().label("works"))
        .join(submission, submission.c.id == outcome.c.submission)
        .where(*parts.live(credential))
        .group_by(outcome.c.outcome)
        .order_by(outcome.c.outcome)
    )
    return Counts(
        **{name: count or 0 for name, count in found._mapping.items()},
        outcomes={Outcome(row.outcome): row.works for row in ended},
    )


def _held(kind: Kind, *, finished: bool = False) -> ColumnElement[bool]:
    """Whether somebody has this part in the work of the row, or has finished it."""
    found = exists().where(
        assignment.c.submission == submission.c.id, assignment.c.kind == kind.value
    )
    return found.where(assignment.c.finished_at.is_not(None)) if finished else found
