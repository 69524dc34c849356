"""First passes as an operator sees and steers them: listed, paused, canceled, gone on with.

Invariant: who stopped or resumed a first pass is an event of the record, in the same transaction;
nothing that was finished is lost by any of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, select, update

from reviewer.errors import JobError
from reviewer.store import audit
from reviewer.store.database import Database
from reviewer.store.ledger_view import OPEN, utc_now
from reviewer.store.records import Held, StageState
from reviewer.store.schema import stage, submission


@dataclass(frozen=True, slots=True)
class Job:
    """One submission's first pass: how many of its stages stand where; `error` the latest one."""

    submission: str
    credential: str
    attempt: int
    created_at: datetime
    held: Held | None
    stages: dict[StageState, int]
    error: str | None

    @property
    def state(self) -> str:
        """paused, canceled, running, waiting, failed or done."""
        if self.held is not None:
            return self.held.value
        for state, word in _WORDS:
            if self.stages.get(state):
                return word
        return "done"


_CANCELED = "the first pass was canceled; `reviewer jobs retry` takes it up again"
_WORDS = (
    (StageState.LEASED, "running"),
    (StageState.QUEUED, "waiting"),
    (StageState.FAILED, "failed"),
)


@dataclass(frozen=True, slots=True)
class Worked:
    """How many stages were performed (not found done), and the seconds that all took together."""

    stages: int
    seconds: float


class Queue:
    """All first passes of one store; safe to share among threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def jobs(self, most: int, finished_too: bool = False) -> tuple[Job, ...]:
        """At most `most` first passes that are open, failed or held, newest first; or any."""
        unsettled = exists().where(
            stage.c.submission == submission.c.id, stage.c.state != StageState.DONE
        )
        query = select(submission).order_by(submission.c.created_at.desc(), submission.c.id)
        if not finished_too:
            query = query.where(unsettled)
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(most)).all()
            names = [row.id for row in rows]
            counts, errors = _counts(connection, names), _errors(connection, names)
        return tuple(
            Job(
                submission=row.id,
                credential=row.credential_id,
                attempt=row.attempt,
                created_at=row.created_at,
                held=row.held and Held(row.held),
                stages=counts.get(row.id, {}),
                error=errors.get(row.id),
            )
            for row in rows
        )

    def counts(self) -> dict[tuple[str, str], int]:
        """How many stages there are of each (stage, state), in the whole store."""
        query = select(stage.c.stage, stage.c.state, func.count()).group_by(
            stage.c.stage, stage.c.state
        )
        with self._database.reading() as connection:
            return {(name, state): count for name, state, count in connection.execute(query)}

    def worked(self) -> Worked:
        """What workers have done in this store; for measuring: it reads every line."""
        query = select(stage.c.started_at, stage.c.finished_at).where(
            stage.c.state == StageState.DONE
        )
        with self._database.reading() as connection:
            took = [
                (finished - started).total_seconds()
                for started, finished in connection.execute(query)
                if started is not None and finished is not None
            ]
        return Worked(len(took), sum(took))

    def pause(self, submission_id: str, actor: str) -> None:
        """Begin no stage of it; one that is being worked on is finished. Raises `JobError`."""
        with self._database.writing() as connection:
            held = _held(connection, submission_id)
            if held is Held.CANCELED:
                raise JobError(f"The first pass of {submission_id} is canceled already.")
            if not _open(connection, submission_id):
                raise JobError(f"The first pass of {submission_id} is finished: nothing to pause.")
            _hold(connection, submission_id, Held.PAUSED, "first_pass_paused", actor)

    def cancel(self, submission_id: str, actor: str) -> None:
        """End it: stages that are not done count as failed. Raises `JobError`.

        What a worker is at when it is canceled is kept if it comes.
        """
        with self._database.writing() as connection:
            _held(connection, submission_id)
            if not _open(connection, submission_id):
                raise JobError(f"The first pass of {submission_id} is finished: nothing to cancel.")
            _hold(connection, submission_id, Held.CANCELED, "first_pass_canceled", actor)
            connection.execute(
                update(stage)
                .where(stage.c.submission == submission_id, stage.c.state.in_(OPEN))
                .values(
                    state=StageState.FAILED,
                    worker=None,
                    lease_expires=None,
                    error=_CANCELED,
                    finished_at=utc_now(),
                )
            )

    def go_on(self, submission_id: str, actor: str) -> None:
        """Hold it no longer; whoever calls plans it anew. Raises `JobError`."""
        with self._database.writing() as connection:
            _held(connection, submission_id)
            _hold(connection, submission_id, None, "first_pass_retried", actor)


def _held(connection: Connection, submission_id: str) -> Held | None:
    row = connection.execute(
        select(submission.c.held).where(submission.c.id == submission_id)
    ).one_or_none()
    if row is None:
        raise JobError(f"There is no submission {submission_id}; `reviewer jobs list` names them.")
    return row.held and Held(row.held)


def _hold(
    connection: Connection, submission_id: str, held: Held | None, event: str, actor: str
) -> None:
    where = submission.c.id == submission_id
    connection.execute(update(submission).where(where).values(held=held))
    audit.append(connection, event, {"submission": submission_id}, actor)


def _open(connection: Connection, submission_id: str) -> bool:
    query = select(stage.c.id).where(stage.c.submission == submission_id, stage.c.state.in_(OPEN))
    return connection.execute(query.limit(1)).first() is not None


def _counts(connection: Connection, names: Collection[str]) -> dict[str, dict[StageState, int]]:
    query = (
        select(stage.c.submission, stage.c.state, func.count())
        .where(stage.c.submission.in_(names))
        .group_by(stage.c.submission, stage.c.state)
    )
    found: dict[str, dict[StageState, int]] = {}
    for name, state, count in connection.execute(query):
        found.setdefault(name, {})[StageState(state)] = count
    return found


def _errors(connection: Connection, names: Collection[str]) -> dict[str, str]:
    failed: Any = and_(stage.c.submission.in_(names), stage.c.state == StageState.FAILED)
    query = select(stage.c.submission, stage.c.error).where(failed).order_by(stage.c.finished_at)
    return {name: error for name, error in connection.execute(query) if error}
