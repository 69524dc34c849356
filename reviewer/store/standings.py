"""Where raters stand, read from their rows.

Invariant: rows come in the order of their numbers, so the latest is the last.
"""

from collections.abc import Collection

from sqlalchemy import Connection, Row, bindparam, select

from reviewer.review.decision import Decision, DecisionKind, Reason
from reviewer.review.rating import Aid, Phase, RaterType, Rating, Sight
from reviewer.review.standing import Standing
from reviewer.store.review_schema import decision, rating, sight

_MINE = (rating.c.submission.in_(bindparam("submissions")), rating.c.rater == bindparam("rater"))
_RATED = select(rating).where(*_MINE).order_by(rating.c.id)
_DECIDED = (
    select(decision, rating.c.level)
    .join(rating, rating.c.id == decision.c.rating)
    .where(*_MINE)
    .order_by(decision.c.id)
)
_SEEN = (
    select(sight.c.submission, sight.c.element, sight.c.sight)
    .where(
        sight.c.submission.in_(bindparam("submissions")),
        sight.c.rater == bindparam("rater"),
        sight.c.sight != Sight.WORK.value,  # of the whole submission, and no aid
    )
    .order_by(sight.c.id)
)


def standings(
    connection: Connection, submissions: Collection[str], rater: str
) -> dict[str, dict[str, Standing]]:
    """One rater's standing by submission and element, inside the caller's transaction."""
    ratings: dict[tuple[str, str], list[Rating]] = {}
    decisions: dict[tuple[str, str], list[Decision]] = {}
    sights: dict[tuple[str, str], list[Sight]] = {}
    whose = {"submissions": list(submissions), "rater": rater}
    for row in connection.execute(_RATED, whose):
        ratings.setdefault((row.submission, row.element), []).append(rating_of(row))
    for row in connection.execute(_DECIDED, whose) if ratings else ():  # each is about a rating
        decisions.setdefault((row.submission, row.element), []).append(_decision(row))
    for row in connection.execute(_SEEN, whose):
        sights.setdefault((row.submission, row.element), []).append(Sight(row.sight))
    found: dict[str, dict[str, Standing]] = {one: {} for one in submissions}
    for at in ratings.keys() | decisions.keys() | sights.keys():
        submission, element = at
        found[submission][element] = Standing(
            tuple(ratings.get(at, ())),
            decisions[at][-1] if at in decisions else None,
            tuple(sights.get(at, ())),
            len(ratings.get(at, ())) + len(decisions.get(at, ())),
        )
    return found


def rating_of(row: Row[tuple[object, ...]]) -> Rating:
    """The rating of a row of the table."""
    return Rating(
        row.id,
        row.submission,
        row.element,
        row.rater,
        RaterType(row.rater_type),
        row.level,
        Phase(row.phase),
        Aid(row.aid),
        row.at,
    )


def _decision(row: Row[tuple[object, ...]]) -> Decision:
    return Decision(
        row.id,
        row.submission,
        row.element,
        row.rater,
        row.rating,
        DecisionKind(row.kind),
        row.level,
        row.reason and Reason(row.reason),
        row.words,
        row.draft_level,
        row.at,
    )
