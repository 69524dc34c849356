"""What lists say of many submissions, read for all of them together.

Invariant: a list takes as many queries as a line of it would; unknown submissions are absent.
"""

from collections.abc import Callable, Collection

from sqlalchemy import Connection, select

from reviewer.store.ledger_view import line_of
from reviewer.store.records import Held, StageProgress
from reviewer.store.schema import artifact, stage, submission


def progress_of(
    connection: Connection, submissions: Collection[str], masked: Callable[[str], str]
) -> dict[str, tuple[StageProgress, ...]]:
    """The ledger's lines by submission, in the order of the work; names as `masked` gives them."""
    held = {
        row.id: row.held and Held(row.held)
        for row in connection.execute(
            select(submission.c.id, submission.c.held).where(submission.c.id.in_(submissions))
        )
    }
    files = select(artifact.c.submission, artifact.c.artifact, artifact.c.name)
    names = {
        (row.submission, row.artifact): masked(row.name)
        for row in connection.execute(files.where(artifact.c.submission.in_(submissions)))
    }
    found: dict[str, list[StageProgress]] = {one: [] for one in held}
    stages = select(stage).where(stage.c.submission.in_(submissions))
    for row in connection.execute(stages.order_by(stage.c.position, stage.c.id)):
        line = line_of(row)
        found[row.submission].append(
            StageProgress(
                stage=line.stage,
                artifact=names.get((row.submission, line.artifact)),
                state=line.state,
                fraction=line.fraction,
                attempts=line.attempts,
                error=line.error,
                held=held[row.submission],
            )
        )
    return {one: tuple(lines) for one, lines in found.items()}
