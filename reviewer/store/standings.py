"""Where raters stand, read from their rows.

Invariant: rows come in the order of their numbers, so the latest is the last.
"""

from collections.abc import Collection

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    bindparam,
    null,
    select,
    union_all,
)

from reviewer.review.decision import Decision, DecisionKind, Reason
from reviewer.review.rating import Aid, Phase, RaterType, Rating, Sight
from reviewer.review.standing import Standing
from reviewer.store.review_schema import decision, rating, sight


def _mine(table: Table) -> tuple[ColumnElement[bool], ...]:
    return table.c.submission.in_(bindparam("submissions")), table.c.rater == bindparam("rater")


_RATED = (
    select(
        rating,
        decision.c.id.label("decision"),  # each is about a rating of its own
        decision.c.kind,
        decision.c.reason,
        decision.c.words,
        decision.c.draft_level,
        decision.c.at.label("decided_at"),
        null().label("sight"),
    )
    .outerjoin(decision, decision.c.rating == rating.c.id)
    .where(*_mine(rating))
)
_SEEN = select(
    *(sight.c.get(column.name, null()).label(column.name) for column in _RATED.selected_columns)
).where(
    *_mine(sight),
    sight.c.sight != Sight.WORK.value,  # of the whole submission, and no aid
)
_ACTS = union_all(_RATED, _SEEN).order_by("id")


def standings(
    connection: Connection, submissions: Collection[str], rater: str
) -> dict[str, dict[str, Standing]]:
    """One rater's standing by submission and element, inside the caller's transaction."""
    ratings: dict[tuple[str, str], list[Rating]] = {}
    decisions: dict[tuple[str, str], list[Decision]] = {}
    sights: dict[tuple[str, str], list[Sight]] = {}
    for row in connection.execute(_ACTS, {"submissions": list(submissions), "rater": rater}):
        at = row.submission, row.element
        if row.sight is not None:
            sights.setdefault(at, []).append(Sight(row.sight))
            continue
        ratings.setdefault(at, []).append(rating_of(row))
        if row.decision is not None:
            decisions.setdefault(at, []).append(_decision(row))
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
        row.decision,
        row.submission,
        row.element,
        row.rater,
        row.id,
        DecisionKind(row.kind),
        row.level,
        row.reason and Reason(row.reason),
        row.words,
        row.draft_level,
        row.decided_at,
    )
