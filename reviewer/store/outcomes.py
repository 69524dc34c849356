"""Finalized reviews, and what an earlier attempt of the same candidate ended in.

Invariant: an outcome is kept with the confirmed levels that it was computed from, read in the same
transaction; it is kept once.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select

from reviewer.errors import ReviewError, StaleView
from reviewer.review.outcome import Outcome, verdict
from reviewer.review.permission import Person
from reviewer.review.resubmission import Earlier, carried
from reviewer.rubric import Credential
from reviewer.store import audit
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.people_schema import account
from reviewer.store.review_schema import outcome
from reviewer.store.reviews import confirmed_scores
from reviewer.store.schema import submission
from reviewer.store.settling import held


@dataclass(frozen=True, slots=True)
class Finalized:
    """A finished review; `levels` holds those carried over from an earlier attempt too."""

    submission: str
    outcome: Outcome
    levels: dict[str, float | None]
    rater: str
    at: datetime


class Outcomes:
    """The outcomes of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def finalize(
        self,
        submission_id: str,
        credential: Credential,
        attempt: int,
        person: Person,
        expected: Outcome,
    ) -> Finalized:
        """Keep the outcome that the decision rule gives now, if it is still the `expected` one.

        Raises `ReviewError` while elements are open, where a second score or an adjudication is
        to come, or where it is finalized already, `StaleView` where the outcome is no longer the
        one that the person saw.
        """
        with self._database.writing() as connection:
            if _finalized(connection, submission_id) is not None:
                raise ReviewError("This review is finalized already.")
            if waits := held(connection, submission_id):
                raise ReviewError(waits)
            levels = standing_levels(connection, submission_id, credential)
            found = verdict(credential, levels, attempt)
            if found.outcome is None:
                raise ReviewError(f"The review cannot be finalized yet: {found.because}")
            if found.outcome is not expected:
                raise StaleView(
                    "The levels were changed since this window showed the outcome; look at it "
                    "again before you finalize."
                )
            connection.execute(
                insert(outcome).values(
                    submission=submission_id,
                    rater=person.id,
                    outcome=found.outcome.value,
                    levels=json.dumps(levels, sort_keys=True),
                    at=self._clock(),
                )
            )
            audit.append(
                connection,
                "finalized",
                {
                    "submission": submission_id,
                    "outcome": found.outcome.value,
                    "rubric_hash": credential.rubric_hash,
                    "levels": json.dumps(levels, sort_keys=True),
                },
                person.name,
            )
            kept = _finalized(connection, submission_id)
        assert kept is not None
        return kept

    def finalized(self, submission_id: str) -> Finalized | None:
        """The finished review; null while it is not finalized."""
        with self._database.reading() as connection:
            return _finalized(connection, submission_id)

    def awarded(self, credential: str, since: date | None = None) -> tuple[str, ...]:
        """The submissions that ended in an award (since the day, UTC), the earliest first."""
        query = (
            select(outcome.c.submission)
            .join(submission, submission.c.id == outcome.c.submission)
            .where(
                submission.c.credential_id == credential,
                outcome.c.outcome == Outcome.AWARDED.value,
            )
            .order_by(outcome.c.id)
        )
        if since is not None:
            query = query.where(outcome.c.at >= datetime.combine(since, time(), UTC))
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    def levels(self, submission_id: str, credential: Credential) -> dict[str, float | None]:
        """The confirmed levels so far, those carried over from the earlier attempt included."""
        with self._database.reading() as connection:
            return standing_levels(connection, submission_id, credential)

    def earlier(self, submission_id: str) -> Earlier | None:
        """The latest finalized attempt of the same candidate before this one; null without any."""
        with self._database.reading() as connection:
            return earlier_attempt(connection, submission_id)

    def earlier_of(self, submissions: Collection[str]) -> dict[str, Earlier]:
        """The same by submission; absent where one has none."""
        with self._database.reading() as connection:
            return _earlier_attempts(connection, submissions)


def standing_levels(
    connection: Connection, submission_id: str, credential: Credential
) -> dict[str, float | None]:
    """Carried levels, overlaid by the confirmed ones, inside the caller's transaction."""
    before = carried(credential, earlier_attempt(connection, submission_id))
    confirmed = confirmed_scores(connection, submission_id)
    return before | {element: one.level for element, one in confirmed.items()}


def earlier_attempt(connection: Connection, submission_id: str) -> Earlier | None:
    """See `Outcomes.earlier`; inside the caller's transaction."""
    return _earlier_attempts(connection, [submission_id]).get(submission_id)


def _earlier_attempts(connection: Connection, submissions: Collection[str]) -> dict[str, Earlier]:
    own = submission.alias()
    query = (
        select(
            own.c.id.label("own"),
            submission.c.id,
            submission.c.attempt,
            submission.c.rubric_hash,
            outcome.c.levels,
        )
        .join(
            submission,
            and_(
                submission.c.candidate == own.c.candidate,
                submission.c.credential_id == own.c.credential_id,
                submission.c.attempt < own.c.attempt,
            ),
        )
        .join(outcome, outcome.c.submission == submission.c.id)
        .where(own.c.id.in_(submissions))
        .order_by(submission.c.attempt, outcome.c.id)  # so the latest is the last
    )
    return {
        row.own: Earlier(row.id, row.attempt, row.rubric_hash, json.loads(row.levels))
        for row in connection.execute(query)
    }


def _finalized(connection: Connection, submission_id: str) -> Finalized | None:
    query = (
        select(outcome, account.c.name)
        .join(account, account.c.id == outcome.c.rater)
        .where(outcome.c.submission == submission_id)
        .order_by(outcome.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else finalized_of(row)


def finalized_of(row: Row[*tuple[Any, ...]]) -> Finalized:
    """The finished review of a row of the table, joined to the account of its rater."""
    return Finalized(row.submission, Outcome(row.outcome), json.loads(row.levels), row.name, row.at)
