"""How long work is kept after its outcome, by credential.

Invariant: what has no outcome yet is never due. The attempts of one candidate for one credential
are due together, counted from the latest outcome, since a review opens on the attempt before.
Validity works go with their originals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import exists, func, select

from reviewer.store.database import Database
from reviewer.store.erasure import Work
from reviewer.store.program_schema import validity_work
from reviewer.store.review_schema import outcome
from reviewer.store.schema import submission


@dataclass(frozen=True, slots=True)
class Kept:
    """A candidate's work for one credential; `ends` is null while the latest attempt is open."""

    work: Work
    credential: str
    ends: datetime | None


def kept_work(database: Database, days: Mapping[str, int]) -> tuple[Kept, ...]:
    """All work for the credentials in `days` (id -> days after the outcome), the next to end first.

    Erased work is not among it; work without an outcome comes last.
    """
    query = (
        select(
            submission.c.id,
            submission.c.candidate,
            submission.c.credential_id,
            func.max(outcome.c.at).label("at"),
        )
        .outerjoin(outcome, outcome.c.submission == submission.c.id)
        .where(submission.c.erased_at.is_(None), submission.c.credential_id.in_(sorted(days)))
        .where(~exists().where(validity_work.c.submission == submission.c.id))
        .group_by(submission.c.id, submission.c.candidate, submission.c.credential_id)
        .order_by(submission.c.attempt, submission.c.id)
    )
    attempts: dict[tuple[str, str], list[tuple[str, datetime | None]]] = {}
    with database.reading() as connection:
        for row in connection.execute(query):
            attempts.setdefault((row.candidate, row.credential_id), []).append((row.id, row.at))
    kept = [
        Kept(
            Work(candidate, tuple(name for name, _ in ones)),
            credential,
            _ends([at for _, at in ones], days[credential]),
        )
        for (candidate, credential), ones in attempts.items()
    ]
    return tuple(sorted(kept, key=lambda one: (one.ends or _NEVER, one.work.candidate)))


_NEVER = datetime.max.replace(tzinfo=UTC)


def _ends(outcomes: Sequence[datetime | None], days: int) -> datetime | None:
    """When attempts, in their order, have been kept long enough; null while the latest is open."""
    if outcomes[-1] is None:
        return None
    return max(at for at in outcomes if at is not None) + timedelta(days=days)
