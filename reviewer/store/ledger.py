"""The ledger of stages: who works on what, what is finished, what failed.

Invariant: a stage with a result is never leased again, and of all stages with equal input at most
one is leased at a time, whichever submission or process they belong to. Every method is one
transaction, so a process may be killed between, or in the middle of, any two.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from reviewer.store import audit
from reviewer.store.ledger_view import (
    IsDead,
    LedgerView,
    line_of,
    ready_lines,
    result_of,
    rows_of,
)
from reviewer.store.records import Held, StageState, Standing, Step, Task, standing
from reviewer.store.schema import stage, stage_result, submission

ATTEMPTS = 3
"""How often a stage is begun before it counts as failed."""

LEASE_S = 30.0
"""Seconds that a lease holds without a heartbeat."""

AUDITED = {"draft": "drafts_made"}
"""Stages whose completion is an event of the record, and the event's name."""


class Ledger(LedgerView):
    """The stages of all submissions; safe to share among threads."""

    def plan(
        self,
        submission_id: str,
        steps: Iterable[Step],
        retry: bool = False,
        seen: Standing | None = None,
    ) -> bool:
        """Make the submission's lines those of `steps`; false, and nothing, where they are stale.

        A line whose input changed is queued anew; one whose result exists is done without being
        begun; one that a worker holds is left alone; with `retry`, failed ones are queued again.
        `steps` are stale where they were thought out on lines that stood as `seen` and do no
        longer. What was canceled stays as it is.
        """
        with self._database.writing() as connection:
            where = submission.c.id == submission_id
            if connection.scalar(select(submission.c.held).where(where)) == Held.CANCELED:
                return True
            rows = rows_of(connection, submission_id)
            if seen is not None and standing(map(line_of, rows)) != seen:
                return False
            present = {(line.stage, line.artifact): line for line in rows}
            for position, step in enumerate(steps):
                line = present.pop((step.stage, step.artifact), None)
                if line is None:
                    connection.execute(
                        insert(stage).values(
                            submission=submission_id,
                            stage=step.stage,
                            artifact=step.artifact,
                            **_queued(step.input_hash, position),
                        )
                    )
                elif line.state != StageState.LEASED and (
                    line.input_hash != step.input_hash
                    or (retry and line.state == StageState.FAILED)
                ):
                    _change(connection, line.id, **_queued(step.input_hash, position))
            gone = [line.id for line in present.values() if line.state != StageState.LEASED]
            if gone:
                connection.execute(delete(stage).where(stage.c.id.in_(gone)))
            self._reuse(connection, submission_id)
        return True

    def _reuse(self, connection: Connection, submission_id: str) -> None:
        """Lines that wait for a result which exists are done."""
        same = and_(
            stage_result.c.stage == stage.c.stage, stage_result.c.input_hash == stage.c.input_hash
        )
        for line in connection.execute(
            select(stage, stage_result.c.sha256)
            .join(stage_result, same)
            .where(stage.c.state == StageState.QUEUED, stage.c.submission == submission_id)
        ).all():
            self._done(connection, line, line.sha256)

    def _done(self, connection: Connection, line: Row[Any], sha256: str) -> None:
        _change(
            connection,
            line.id,
            state=StageState.DONE,
            fraction=1.0,
            worker=None,
            lease_expires=None,
            error=None,
            finished_at=self._now(),
        )
        if line.stage in AUDITED:
            audit.append(
                connection,
                AUDITED[line.stage],
                {
                    "submission": line.submission,
                    "input_hash": line.input_hash,
                    "result_sha256": sha256,
                },
            )

    def lease(
        self, worker: str, is_dead: IsDead, only: str | None = None, line_id: int | None = None
    ) -> Task | None:
        """Give `worker` the next stage that is ready, or nothing; begins an attempt.

        With `only`, a stage of that submission; with `line_id`, that one.
        """
        with self._database.writing() as connection:
            self._recover(connection, is_dead)
            line = connection.execute(ready_lines(only, line_id).limit(1)).one_or_none()
            if line is None:
                return None
            now = self._now()
            _change(
                connection,
                line.id,
                state=StageState.LEASED,
                attempts=line.attempts + 1,
                fraction=0.0,
                worker=worker,
                lease_expires=now + timedelta(seconds=LEASE_S),
                started_at=now,
            )
            return Task(
                line.id,
                line.submission,
                line.stage,
                line.artifact,
                line.input_hash,
                line.attempts + 1,
            )

    def _recover(self, connection: Connection, is_dead: IsDead) -> None:
        """Take back what workers hold that are gone."""
        now = self._now()
        for line in connection.execute(
            select(stage).where(stage.c.state == StageState.LEASED)
        ).all():
            if line.lease_expires <= now or is_dead(line.worker):
                self._missed(connection, line, "the process that worked on it ended without a word")

    def _missed(
        self, connection: Connection, line: Row[Any], error: str, final: bool = False
    ) -> None:
        over = final or line.attempts >= ATTEMPTS
        _change(
            connection,
            line.id,
            state=StageState.FAILED if over else StageState.QUEUED,
            fraction=0.0,
            worker=None,
            lease_expires=None,
            error=error,
            finished_at=self._now() if over else None,
        )

    def beat(self, task: Task, worker: str, fraction: float) -> None:
        """Renew the lease and say how far the work is, unless the lease was lost."""
        with self._database.writing() as connection:
            connection.execute(
                update(stage)
                .where(_held(task, worker))
                .values(
                    fraction=fraction,
                    lease_expires=self._now() + timedelta(seconds=LEASE_S),
                )
            )

    def finish(self, task: Task, value: bytes) -> tuple[str, ...]:
        """The work is done: keep its result; every stage with this input is done.

        The submissions that have one: they may be ready for what comes next.

        A result that no stage waits for any more is not kept: its submission was erased meanwhile.
        """
        same = (stage.c.stage == task.stage, stage.c.input_hash == task.input_hash)
        with self._database.writing() as connection:
            if connection.execute(select(stage.c.id).where(*same).limit(1)).first():
                return self._keep(connection, task.stage, task.input_hash, value)
        return ()

    def keep(self, name: str, input_hash: str, value: bytes) -> tuple[str, ...]:
        """Keep what a stage made of an input; the first result counts. See `finish`."""
        with self._database.writing() as connection:
            return self._keep(connection, name, input_hash, value)

    def _keep(
        self, connection: Connection, name: str, input_hash: str, value: bytes
    ) -> tuple[str, ...]:
        sha256 = hashlib.sha256(value).hexdigest()
        if result_of(connection, name, input_hash) is None:
            connection.execute(
                insert(stage_result).values(
                    stage=name,
                    input_hash=input_hash,
                    value=value,
                    sha256=sha256,
                    created_at=self._now(),
                )
            )
        same = (stage.c.stage == name, stage.c.input_hash == input_hash)
        lines = connection.execute(
            select(stage).where(*same, stage.c.state != StageState.DONE)
        ).all()
        for line in lines:
            self._done(connection, line, sha256)
        return tuple(dict.fromkeys(line.submission for line in lines))

    def fail(self, task: Task, worker: str, error: str, final: bool = False) -> None:
        """The attempt came to nothing; `final` where another one could not help."""
        with self._database.writing() as connection:
            for line in connection.execute(select(stage).where(_held(task, worker))).all():
                self._missed(connection, line, error, final)

    def abandon(self, worker: str, error: str) -> None:
        """The worker is gone: what it held counts as a missed attempt."""
        with self._database.writing() as connection:
            for line in connection.execute(select(stage).where(_held_by(worker))).all():
                self._missed(connection, line, error)

    def release(self, worker: str) -> None:
        """The worker was told to stop: what it held is queued again, the attempt not counted."""
        with self._database.writing() as connection:
            connection.execute(
                update(stage)
                .where(_held_by(worker))
                .values(
                    state=StageState.QUEUED,
                    attempts=stage.c.attempts - 1,
                    fraction=0.0,
                    worker=None,
                    lease_expires=None,
                )
            )

    def fail_ready(self, error: str) -> None:
        """No worker can be started: the stages that are ready will not be begun."""
        with self._database.writing() as connection:
            for line in connection.execute(ready_lines()).all():
                self._missed(connection, line, error, final=True)


def _queued(input_hash: str | None, position: int) -> dict[str, Any]:
    return {
        "input_hash": input_hash,
        "position": position,
        "state": StageState.QUEUED,
        "attempts": 0,
        "fraction": 0.0,
        "error": None,
        "started_at": None,
        "finished_at": None,
    }


def _change(connection: Connection, line_id: int, **values: Any) -> None:
    connection.execute(update(stage).where(stage.c.id == line_id).values(**values))


def _held(task: Task, worker: str) -> Any:
    return and_(stage.c.id == task.id, _held_by(worker))


def _held_by(worker: str) -> Any:
    return and_(stage.c.worker == worker, stage.c.state == StageState.LEASED)
