"""The append-only record of events: each one's hash covers its content and the hash before it.

Invariant: `append` is called inside the transaction of what it records, so that neither is kept
without the other; the database refuses UPDATE and DELETE. `verify` finds any row that was changed,
added or taken out from between; rows cut off at the end show only against a hash noted elsewhere.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from reviewer.errors import StoreError
from reviewer.store.database import Database
from reviewer.store.schema import audit_event

FIRST = "0" * 64
"""What stands for the hash before the first event."""

Details = dict[str, str | int | float | bool | None]


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
    last = connection.execute(
        select(audit_event.c.number, audit_event.c.hash)
        .order_by(audit_event.c.number.desc())
        .limit(1)
    ).one_or_none()
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    text = json.dumps(details, sort_keys=True, ensure_ascii=False)
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
        for row in connection.execute(select(audit_event).order_by(audit_event.c.number)):
            count += 1
            computed = _hash(row.number, row.at, row.actor, row.event, row.details, row.previous)
            if (row.number, row.previous, row.hash) != (count, previous, computed):
                raise StoreError(
                    f"The record of events in {database.name} was tampered with at event {count} "
                    f"({row.event}, {row.at}): its hash does not follow from the event before it. "
                    "Compare it with a backup."
                )
            previous = row.hash
    return count
