"""Works that wait for somebody, and why they are scored twice, inside the caller's transaction.

Invariant: only live works without an outcome; a reason that was found once stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, insert, select

from reviewer.review.permission import Kind
from reviewer.review.routing import Why
from reviewer.store import audit, parts
from reviewer.store.people_schema import assignment
from reviewer.store.program_schema import second_reason, waiver
from reviewer.store.records import StageState
from reviewer.store.schema import stage, submission

AT_ONCE = 200
"""Works of one round: its transaction keeps all others from writing."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A work that nobody is to decide yet, and whose first pass is finished."""

    submission: str
    candidate: str
    rubric_hash: str


def waiting_works(connection: Connection, credential: str) -> tuple[Waiting, ...]:
    """The works that nobody is to decide yet, and whose first pass is finished."""
    unread = exists().where(
        stage.c.submission == submission.c.id,
        stage.c.state.in_((StageState.QUEUED.value, StageState.LEASED.value)),
    )
    return found_works(connection, credential, ~_held(Kind.FIRST), ~unread)


def found_works(
    connection: Connection, credential: str, *where: ColumnElement[bool]
) -> tuple[Waiting, ...]:
    """Live works without an outcome, the longest waiting first; at most `AT_ONCE`."""
    rows = connection.execute(
        select(submission.c.id, submission.c.candidate, submission.c.rubric_hash)
        .where(*parts.live(credential), submission.c.erased_at.is_(None))
        .where(~parts.finalized(), *where)
        .order_by(submission.c.created_at, submission.c.id)
        .limit(AT_ONCE)
    )
    return tuple(Waiting(row.id, row.candidate, row.rubric_hash) for row in rows)


def lacks_second() -> tuple[ColumnElement[bool], ...]:
    """Whether somebody has the first part in the work of the row, and nobody a second asked for.

    What was waived is not asked for.
    """
    asked = exists().where(second_reason.c.submission == submission.c.id)
    waived = exists().where(waiver.c.submission == submission.c.id)
    return asked, ~waived, _held(Kind.FIRST), ~_held(Kind.SECOND)


def _held(kind: Kind) -> ColumnElement[bool]:
    return exists().where(
        assignment.c.submission == submission.c.id, assignment.c.kind == kind.value
    )


def reasons(connection: Connection, work: str) -> tuple[Why, ...]:
    """The reasons for a second score of a work that were found so far."""
    found = connection.scalars(
        select(second_reason.c.why).where(second_reason.c.submission == work)
    )
    return tuple(sorted((Why(one) for one in found), key=list(Why).index))


def add_reasons(
    connection: Connection, work: str, found: Sequence[Why], at: datetime, actor: str
) -> None:
    """Append the reasons that are new."""
    known = reasons(connection, work)
    for why in found:
        if why not in known:
            connection.execute(insert(second_reason).values(submission=work, why=why.value, at=at))
            details: audit.Details = {"submission": work, "why": why.value}
            audit.append(connection, "second_score_asked", details, actor)
