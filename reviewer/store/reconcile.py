"""Whether ratings, decisions and outcomes are those that the chain of events tells of.

Invariant: a row that was edited, added or removed behind the database's triggers is named; so the
chain, which cannot be edited unseen, vouches for the tables that scores are computed from.
"""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, select

from reviewer.errors import StoreError
from reviewer.store import audit
from reviewer.store.database import Database
from reviewer.store.people_schema import account
from reviewer.store.review_schema import decision, outcome, rating
from reviewer.store.schema import audit_event

_Row = tuple[object, ...]


def reconcile(database: Database) -> int:
    """The number of rows compared; raises `StoreError` at the first that the chain does not have.

    The chain itself is checked by `reviewer.store.audit.verify`.
    """
    with database.reading() as connection:
        ratings, decisions, outcomes = _told(connection)
        counted = _compare("rating", ratings, _ratings(connection))
        counted += _compare("decision", decisions, _decisions(connection))
        counted += _compare("outcome", outcomes, _outcomes(connection))
    return counted


def _told(connection: Connection) -> tuple[list[_Row], list[_Row], list[_Row]]:
    """What the events say was appended, oldest first."""
    ratings: list[_Row] = []
    decisions: list[_Row] = []
    outcomes: list[_Row] = []
    events = select(audit_event).where(audit_event.c.event.in_(audit.RATED))
    for event in connection.execute(events.order_by(audit_event.c.number)):
        told = json.loads(event.details)
        if audit.is_empty(told):
            continue  # an erasure took the row as well
        if event.event == "finalized":
            outcomes.append((told["submission"], event.actor, told["outcome"], told["levels"]))
            continue
        about = (told["rating"], told["submission"], told["element"], event.actor)
        ratings.append((*about, told["level"]))
        if event.event == "decided":
            decisions.append((*about, told["kind"], told["reason"], told["draft_level"]))
    return ratings, decisions, outcomes


def _ratings(connection: Connection) -> Iterable[_Row]:
    query = select(
        rating.c.id, rating.c.submission, rating.c.element, account.c.name, rating.c.level
    ).join(account, account.c.id == rating.c.rater)
    return [tuple(row) for row in connection.execute(query.order_by(rating.c.id))]


def _decisions(connection: Connection) -> Iterable[_Row]:
    query = select(
        decision.c.rating,
        decision.c.submission,
        decision.c.element,
        account.c.name,
        decision.c.kind,
        decision.c.reason,
        decision.c.draft_level,
    ).join(account, account.c.id == decision.c.rater)
    return [tuple(row) for row in connection.execute(query.order_by(decision.c.id))]


def _outcomes(connection: Connection) -> Iterable[_Row]:
    query = select(outcome.c.submission, account.c.name, outcome.c.outcome, outcome.c.levels).join(
        account, account.c.id == outcome.c.rater
    )
    return [tuple(row) for row in connection.execute(query.order_by(outcome.c.id))]


def _compare(what: str, told: list[_Row], found: Iterable[_Row]) -> int:
    rows = list(found)
    for number, (expected, row) in enumerate(zip(told, rows, strict=False), start=1):
        if expected != row:
            raise StoreError(
                f"{what.capitalize()} {number} in the store is not the one that the record of "
                f"events tells of (submission {expected[0] if what == 'outcome' else expected[1]}"
                "): compare it with a backup."
            )
    if len(told) != len(rows):
        raise StoreError(
            f"The record of events tells of {len(told)} rows of {what}, the store has {len(rows)}: "
            "compare it with a backup."
        )
    return len(rows)
