"""Ratings, times, sights and drafted levels of all live works, as measuring takes them.

Invariant: one query a table, however many works there are; nothing of a validity work.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, select

from reviewer.review.rating import Aid, Rating, Sight
from reviewer.scoring.draft import DraftedLevel
from reviewer.store import parts
from reviewer.store.database import Database
from reviewer.store.people_schema import account
from reviewer.store.records import Stage, StageState
from reviewer.store.review_schema import active_time, rating, sight
from reviewer.store.schema import stage, stage_result, submission
from reviewer.store.standings import rating_of
from reviewer.store.values import DRAFTED

Times = dict[tuple[str, str, Aid], float]
"""Seconds by (element, rater id, aid)."""

Shown = dict[tuple[str, str], set[str]]
"""What sights of a draft were of, by (element, rater id)."""

AT_ONCE = 200  # results that are in memory together


class LiveRatings:
    """Ratings of the live works of one store; safe to share among threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ratings(self, credential: str | None) -> dict[str, list[tuple[str, Rating]]]:
        """Submission (of this credential; null: of any) -> (rater's name, rating), as given."""
        query = (
            select(rating, account.c.name)
            .join(account, account.c.id == rating.c.rater)
            .join(submission, submission.c.id == rating.c.submission)
            .where(*parts.live(credential))
            .order_by(rating.c.id)
        )
        found: dict[str, list[tuple[str, Rating]]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(row.submission, []).append((row.name, rating_of(row)))
        return found

    def times(self, credential: str | None) -> dict[str, Times]:
        """Submission (of this credential; null: of any) -> what each rater spent on it."""
        by = (
            active_time.c.submission,
            active_time.c.element,
            active_time.c.rater,
            active_time.c.aid,
        )
        query = (
            select(*by, func.sum(active_time.c.seconds).label("seconds"))
            .join(submission, submission.c.id == active_time.c.submission)
            .where(*parts.live(credential))
            .group_by(*by)
        )
        found: dict[str, Times] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                about = row.element, row.rater, Aid(row.aid)
                found.setdefault(row.submission, {})[about] = row.seconds
        return found

    def shown(self, credential: str | None, only: str | None = None) -> dict[str, Shown]:
        """Submission (of this credential; null: of any; or `only` one) -> what was shown to whom.

        What was shown is the detail of a draft's sight: mostly the engine, as events name it.
        """
        query = (
            select(sight.c.submission, sight.c.element, sight.c.rater, sight.c.detail)
            .join(submission, submission.c.id == sight.c.submission)
            .where(sight.c.sight == Sight.DRAFT.value, *parts.live(credential))
        )
        if only is not None:
            query = query.where(sight.c.submission == only)
        found: dict[str, Shown] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                to = (row.element, row.rater)
                found.setdefault(row.submission, {}).setdefault(to, set()).add(row.detail)
        return found


def drafted_levels(
    connection: Connection, credential: str | None
) -> Iterator[tuple[str, tuple[DraftedLevel, ...]]]:
    """(submission, its drafted levels) of live works, inside the caller's transaction."""
    same = and_(
        stage_result.c.stage == stage.c.stage, stage_result.c.input_hash == stage.c.input_hash
    )
    query = (
        select(stage.c.submission, stage_result.c.value)
        .join(stage_result, same)
        .join(submission, submission.c.id == stage.c.submission)
        .where(
            *parts.live(credential),
            stage.c.stage == Stage.DRAFT.value,
            stage.c.state == StageState.DONE.value,
        )
    )
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
        yield row.submission, DRAFTED.decode(row.value)
