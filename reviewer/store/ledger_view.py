"""The ledger as it is read: where stages stand, which are ready, which submissions want planning.

Invariant: nothing here writes. A stage is ready where its input is known, nobody works on an equal
one, and nobody holds its submission.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, exists, func, or_, select, true

from reviewer.store.database import Database
from reviewer.store.records import ReadyLine, Stage, StageLine, StageState
from reviewer.store.schema import artifact, stage, stage_result, submission

IsDead = Callable[[str], bool]
"""Whether the process of this identity is certainly gone."""

OPEN = (StageState.QUEUED, StageState.LEASED)


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


_LINES = (
    select(stage)
    .where(stage.c.submission.in_(bindparam("submissions")))
    .order_by(stage.c.position, stage.c.id)
)
_RESULT = select(stage_result.c.value).where(
    stage_result.c.stage == bindparam("stage"),
    stage_result.c.input_hash == bindparam("input_hash"),
)


class LedgerView:
    """The stages of all submissions, read; `now` is the clock that leases are measured by."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def result(self, name: str, input_hash: str) -> bytes | None:
        """What a stage made of an input, if it was ever finished."""
        with self._database.reading() as connection:
            return result_of(connection, name, input_hash)

    def lines(self, submission_id: str) -> tuple[StageLine, ...]:
        """The submission's lines, in the order of the work."""
        with self._database.reading() as connection:
            return lines_of(connection, [submission_id])[submission_id]

    def ready(self, is_dead: IsDead, only: str | None = None) -> bool:
        """Whether `lease` would find something (of that submission, with `only`)."""
        with self._database.reading() as connection:
            if connection.execute(ready_lines(only).order_by(None).limit(1)).first():
                return True
            now = self._now()
            # Of any submission: a dead worker may hold the very input that ours waits for.
            held = connection.execute(select(stage).where(stage.c.state == StageState.LEASED))
            return any(line.lease_expires <= now or is_dead(line.worker) for line in held)

    def next_lines(
        self, most: int, spoken: bool, but: Collection[int], only: str | None = None
    ) -> tuple[ReadyLine, ...]:
        """At most `most` ready lines, the next ones first: those that recognize speech, or others.

        `but` are lines to leave out.
        """
        hears = and_(stage.c.stage == Stage.TRANSCRIBE, artifact.c.captions_sha256.is_(None))
        of_file = and_(
            artifact.c.submission == stage.c.submission, artifact.c.artifact == stage.c.artifact
        )
        query = (
            ready_lines(only)
            .add_columns(submission.c.attempt.label("submitted"))
            .outerjoin(artifact, of_file)
            .where(hears if spoken else ~hears, stage.c.id.not_in(sorted(but)))
            .limit(most)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            ReadyLine(row.id, row.stage, row.input_hash, spoken, row.submitted > 1) for row in rows
        )

    def failed(self) -> tuple[str, ...]:
        """Submissions with a failed line, oldest first; those that a person holds are left out."""
        return self._submissions(
            exists().where(
                stage.c.submission == submission.c.id, stage.c.state == StageState.FAILED
            )
        )

    def stuck(self) -> tuple[str, ...]:
        """Unfinished submissions of which nothing is ready or in work, oldest first.

        Their next stages were never planned: whoever finished the one before ended right after.
        """
        moves = or_(stage.c.state == StageState.LEASED, stage.c.input_hash.is_not(None))
        # One look at every open line: asked submission by submission, it takes minutes for 10,000.
        resting = (
            select(stage.c.submission)
            .where(stage.c.state.in_(OPEN))
            .group_by(stage.c.submission)
            .having(func.sum(case((moves, 1), else_=0)) == 0)
        )
        return self._submissions(submission.c.id.in_(resting))

    def _submissions(self, where: Any) -> tuple[str, ...]:
        query = (
            select(submission.c.id)
            .where(submission.c.held.is_(None), where)
            .order_by(submission.c.created_at, submission.c.id)
        )
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    def busy(self) -> bool:
        """Whether anything is to be done that nobody holds."""
        query = (
            select(stage.c.id)
            .join(submission, submission.c.id == stage.c.submission)
            .where(stage.c.state.in_(OPEN), submission.c.held.is_(None))
        )
        with self._database.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def held(self, submission_id: str) -> bool:
        """Whether a person paused or canceled the first pass."""
        query = select(submission.c.held).where(submission.c.id == submission_id)
        with self._database.reading() as connection:
            return connection.scalar(query) is not None


def result_of(connection: Connection, name: str, input_hash: str) -> bytes | None:
    """What a stage made of an input, if it was ever finished."""
    return connection.scalar(_RESULT, {"stage": name, "input_hash": input_hash})


def rows_of(connection: Connection, submission_id: str) -> Sequence[Row[Any]]:
    """The submission's rows, in the order of the work."""
    query = (
        select(stage)
        .where(stage.c.submission == submission_id)
        .order_by(stage.c.position, stage.c.id)
    )
    return connection.execute(query).all()


def lines_of(
    connection: Connection, submissions: Collection[str]
) -> dict[str, tuple[StageLine, ...]]:
    """The lines by submission, of each that is given, in the order of the work."""
    found: dict[str, list[StageLine]] = {one: [] for one in submissions}
    for row in connection.execute(_LINES, {"submissions": list(submissions)}):
        found[row.submission].append(line_of(row))
    return {one: tuple(lines) for one, lines in found.items()}


def line_of(row: Row[Any]) -> StageLine:
    """A row as a value."""
    return StageLine(
        stage=row.stage,
        artifact=row.artifact,
        input_hash=row.input_hash,
        state=StageState(row.state),
        attempts=row.attempts,
        fraction=row.fraction,
        error=row.error,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def ready_lines(only: str | None = None, line: int | None = None) -> Any:
    """Queued lines that could be begun (of one submission, or one line), the next one first.

    Fewest attempts first, so that poison does not hold up the rest; then further attempts of
    candidates who wait for the second time; then the oldest.
    """
    other = stage.alias()
    in_work = exists().where(
        other.c.stage == stage.c.stage,
        other.c.input_hash == stage.c.input_hash,
        other.c.state == StageState.LEASED,
    )
    return (
        select(stage)
        .join(submission, submission.c.id == stage.c.submission)
        .where(
            stage.c.state == StageState.QUEUED,
            stage.c.input_hash.is_not(None),
            submission.c.held.is_(None),
            ~in_work,
            true() if only is None else stage.c.submission == only,
            true() if line is None else stage.c.id == line,
        )
        .order_by(
            stage.c.attempts,
            (submission.c.attempt > 1).desc(),
            submission.c.created_at,
            submission.c.id,
            stage.c.position,
        )
    )
