"""Second scores that nobody could give: the issuer's word that the work goes on without one.

Invariant: appended with its event, and nothing else is changed by it. It counts for as long as
nobody has the second part after all.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select

from reviewer.review.permission import Person
from reviewer.store import audit, parts
from reviewer.store.people_schema import account
from reviewer.store.program_schema import waiver
from reviewer.store.schema import submission


@dataclass(frozen=True, slots=True)
class Waiver:
    """A second score that was waived: the issuer's reason in `words`, `by` whom and when."""

    submission: str
    words: str
    by: str
    at: datetime


def waived(connection: Connection, work: str) -> bool:
    """Whether the second score of a work was waived."""
    return bool(connection.scalar(select(exists().where(waiver.c.submission == work))))


def waivers(connection: Connection, credential: str) -> tuple[Waiver, ...]:
    """The waivers of a credential's live works, the oldest first."""
    # Not a join: a database might read all submissions for it, and there are few waivers.
    live = exists().where(submission.c.id == waiver.c.submission, *parts.live(credential))
    rows = connection.execute(
        select(waiver, account.c.name)
        .join(account, account.c.id == waiver.c.account)
        .where(live)
        .order_by(waiver.c.id)
    )
    return tuple(Waiver(row.submission, row.words, row.name, row.at) for row in rows)


def keep_waiver(
    connection: Connection, work: str, words: str, person: Person, at: datetime
) -> None:
    """Append a waiver; its words are in the row alone, so that an erasure can take them away."""
    connection.execute(
        insert(waiver).values(submission=work, words=words, account=person.id, at=at)
    )
    audit.append(connection, "second_score_waived", {"submission": work}, person.name)
