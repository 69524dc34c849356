"""Levels that go with the work, where the program of its credential asks for that.

Invariant: decisions, outcomes and ratings of a submission go together, and the events that told of
them are emptied in the same transaction (`audit.empty`), so that the record still verifies and
agrees with the tables. What was shown to whom, and for how long, stays.
"""

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from reviewer.store.review_schema import decision, outcome, rating
from reviewer.store.schema import submission


def asked_for(
    connection: Connection, submissions: Collection[str], credentials: Collection[str]
) -> frozenset[str]:
    """Those of the submissions whose credential is one of `credentials`."""
    mine = submission.c.id.in_(submissions), submission.c.credential_id.in_(credentials)
    return frozenset(connection.scalars(select(submission.c.id).where(*mine)))


def forget_ratings(connection: Connection, submissions: Collection[str]) -> int:
    """Remove all levels of these submissions; returns how many ratings there were.

    The caller has lifted the refusal of the three tables.
    """
    for table in (decision, outcome):  # first: a decision refers to its rating
        connection.execute(delete(table).where(table.c.submission.in_(submissions)))
    gone = connection.execute(delete(rating).where(rating.c.submission.in_(submissions)))
    return gone.rowcount
