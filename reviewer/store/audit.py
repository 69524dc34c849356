"""The append-only record of events: each one's hash covers its content and the hash before it.

Invariant: `append` is called inside the transaction of what it records, so that neither is kept
without the other; the database refuses UPDATE and DELETE. `verify` finds any row that was changed,
added or taken out from between; rows cut off at the end show only against a hash noted elsewhere.
An erasure alone may change events: the name in those that name a candidate, and, where a program
asks for it, all that is told of levels. The event of the erasure holds the hash of each as it
stands since, and nothing of what stood there.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from reviewer.errors import StoreError
from reviewer.store.database import Database
from reviewer.store.schema import audit_event

FIRST = "0" * 64
"""What stands for the hash before the first event."""

NAMING = ("submission_received", "candidate_named", "conflict_declared", "conflict_withdrawn")
"""Events that name a candidate: in these an erasure puts another name."""

RATED = ("scored", "decided", "finalized")
"""Events that tell of levels: these an erasure empties, where the program asks for it."""

ERASED = "work_erased"
"""The event of an erasure; its ``redacted`` is a JSON object: number of an event -> hash since."""

Details = dict[str, str | int | float | bool | None]

_LAST = (
    select(audit_event.c.number, audit_event.c.hash).order_by(audit_event.c.number.desc()).limit(1)
)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event: `at` in UTC (ISO 8601), `actor` a person's name or ``reviewer`` itself."""

    number: int
    at: str
    actor: str
    event: str
    details: Details
    hash: str


def append(connection: Connection, event: str, details: Details, actor: str = "reviewer") -> None:
    """Add one event inside the caller's writing transaction."""
    last = connection.execute(_LAST).one_or_none()
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    text = _written(details)
    connection.execute(
        insert(audit_event).values(
            number=number,
            at=at,
            actor=actor,
            event=event,
            details=text,
            previous=previous,
            hash=_hash(number, at, actor, event, text, previous),
        )
    )


def _hash(*fields: int | str) -> str:
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


def rename(
    connection: Connection,
    candidate: str,
    tombstone: str,
    submissions: Collection[str],
    whole: bool,
) -> dict[int, str]:
    """Let events about these submissions name the tombstone; numbers of events -> hashes since.

    `whole`: the candidate has no others, so that events about the name alone are changed too. The
    caller has lifted the table's refusal, and appends the erasure in the same transaction.
    """
    changed: dict[int, str] = {}
    naming = select(audit_event).where(audit_event.c.event.in_(NAMING))
    for row in connection.execute(naming.order_by(audit_event.c.number)).all():
        told = json.loads(row.details)
        about = told.get("submission") in submissions if "submission" in told else whole
        if told["candidate"] == candidate and about:
            text = _written(told | {"candidate": tombstone})
            changed[row.number] = _rewrite(connection, row, text)
    return changed


def empty(connection: Connection, submissions: Collection[str]) -> dict[int, str]:
    """Let events tell of no level of these submissions; returns and demands what `rename` does."""
    changed: dict[int, str] = {}
    rated = select(audit_event).where(audit_event.c.event.in_(RATED))
    for row in connection.execute(rated.order_by(audit_event.c.number)).all():
        if json.loads(row.details)["submission"] in submissions:
            changed[row.number] = _rewrite(connection, row, _emptied(row))
    return changed


def is_empty(details: Details) -> bool:
    """Whether an erasure has emptied the event."""
    return details.get("erased") is True


def _emptied(row: Row[Any]) -> str:
    return _written({"submission": json.loads(row.details)["submission"], "erased": True})


def _rewrite(connection: Connection, row: Row[Any], text: str) -> str:
    """Put other details into an event; its hash since then."""
    this = audit_event.c.number == row.number
    connection.execute(update(audit_event).where(this).values(details=text))
    return _hash(row.number, row.at, row.actor, row.event, text, row.previous)


def _may_have_changed(row: Row[Any]) -> bool:
    """Whether an erasure may have left the event as it stands."""
    return row.event in NAMING or (row.event in RATED and row.details == _emptied(row))


def _written(details: Details) -> str:
    return json.dumps(details, sort_keys=True, ensure_ascii=False)


def _redacted(connection: Connection) -> dict[int, tuple[int, str]]:
    """Number of an event that an erasure changed -> number of the erasure, hash since then."""
    found: dict[int, tuple[int, str]] = {}
    erasures = select(audit_event).where(audit_event.c.event == ERASED)
    for row in connection.execute(erasures.order_by(audit_event.c.number)):
        for number, since in json.loads(json.loads(row.details)["redacted"]).items():
            found[int(number)] = row.number, since
    return found


def events(database: Database) -> tuple[AuditEvent, ...]:
    """All events, oldest first; not verified."""
    with database.reading() as connection:
        rows = connection.execute(select(audit_event).order_by(audit_event.c.number)).all()
    return tuple(
        AuditEvent(row.number, row.at, row.actor, row.event, json.loads(row.details), row.hash)
        for row in rows
    )


def verify(database: Database) -> int:
    """The number of events, if every hash is right; raises `StoreError` at the first wrong one."""
    previous, count = FIRST, 0
    with database.reading() as connection:
        redacted = _redacted(connection)
        for row in connection.execute(select(audit_event).order_by(audit_event.c.number)):
            count += 1
            computed = _hash(row.number, row.at, row.actor, row.event, row.details, row.previous)
            erasure, since = redacted.get(count, (0, ""))
            if erasure > count and computed == since and _may_have_changed(row):
                computed = row.hash
            if (row.number, row.previous, row.hash) != (count, previous, computed):
                raise StoreError(
                    f"The record of events in {database.name} was tampered with at event {count} "
                    f"({row.event}, {row.at}): its hash does not follow from the event before it. "
                    "Compare it with a backup."
                )
            previous = row.hash
    return count
