"""Validity works: works whose levels are known, seeded among live ones to see whether they hold.

Invariant: a validity work is a copy with a pseudonym of its own and no outcome, so to an evaluator
it looks like any work that is scored twice; no function of live works returns it.
"""

import json
import secrets
import string
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, and_, exists, func, insert, literal, select, union

from reviewer.errors import ReviewError
from reviewer.review.permission import Person
from reviewer.store import audit
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.people_schema import assignment
from reviewer.store.program_schema import validity_work
from reviewer.store.programs import conflicts
from reviewer.store.review_schema import rating
from reviewer.store.schema import artifact, stage, submission
from reviewer.store.training_schema import training_sitting, training_work

TRIES = 20
"""How often a pseudonym is drawn before none is free."""

Levels = Mapping[str, float | None]


class ValidityWorks:
    """The validity works of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def copy(self, submission_id: str, levels: Levels, person: Person, anchor: str = "") -> str:
        """Make a validity work of a work whose `levels` are known; returns its id.

        `anchor`: id of the training set's work whose panel agreed on them; empty: confirmed ones.
        """
        with self._database.writing() as connection:
            new = _copied(connection, submission_id)
            connection.execute(
                insert(validity_work).values(
                    submission=new,
                    original=submission_id,
                    levels=json.dumps(dict(levels), sort_keys=True),
                    stands=True,
                    account=person.id,
                    at=self._clock(),
                )
            )
            details: audit.Details = {"submission": new, "of": submission_id}
            if anchor:
                details["anchor"] = anchor
            audit.append(connection, "validity_work_added", details, person.name)
        return new

    def retire(self, work: str, person: Person) -> None:
        """Give a validity work to nobody any more; its ratings stay. Raises `ReviewError`."""
        with self._database.writing() as connection:
            latest = _latest(connection, work)
            if latest is None:
                raise ReviewError("There is no such validity work.")
            if not latest.stands:
                return
            connection.execute(
                insert(validity_work).values(
                    submission=work,
                    original=latest.original,
                    levels=latest.levels,
                    stands=False,
                    account=person.id,
                    at=self._clock(),
                )
            )
            audit.append(connection, "validity_work_retired", {"submission": work}, person.name)

    def standing(self, credential: str) -> tuple[str, ...]:
        """The validity works of a credential that are seeded."""
        with self._database.reading() as connection:
            return tuple(standing_validity(connection, credential))

    def all(self) -> frozenset[str]:
        """Every validity work there ever was: what live tables leave out."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(validity_work.c.submission).distinct()))


def standing_validity(connection: Connection, credential: str) -> dict[str, str]:
    """The validity works that are seeded -> what each is a copy of, in the caller's transaction."""
    # Not a join: a database might read all submissions for it, and there are few validity works.
    mine = exists().where(
        submission.c.id == validity_work.c.submission, submission.c.credential_id == credential
    )
    latest = select(func.max(validity_work.c.id)).where(mine).group_by(validity_work.c.submission)
    rows = connection.execute(
        select(validity_work.c.submission, validity_work.c.original)
        .where(validity_work.c.id.in_(latest), validity_work.c.stands)
        .order_by(validity_work.c.submission)
    )
    return {row.submission: row.original for row in rows}


def shut_out(connection: Connection, original: str) -> frozenset[str]:
    """The accounts that are never given a copy of a work, in the caller's transaction.

    Whoever has, had or rated the work or a copy of it, sat before an anchor made of it, or is in a
    declared conflict with its candidate, whom the copy does not name.
    """
    copies = select(validity_work.c.submission).where(validity_work.c.original == original)
    works = copies.union(select(literal(original)))
    anchored = and_(
        training_work.c.set == training_sitting.c.set,
        training_work.c.id == training_sitting.c.work,
        training_work.c.source == original,
    )
    known = connection.scalars(
        union(
            select(assignment.c.account).where(assignment.c.submission.in_(works)),
            select(rating.c.rater).where(rating.c.submission.in_(works)),
            select(training_sitting.c.account).join(training_work, anchored),
        )
    )
    candidate = select(submission.c.candidate).where(submission.c.id == original)
    declared = conflicts(connection, set(connection.scalars(candidate)))
    return frozenset(known) | {one.rater for one in declared}


def _latest(connection: Connection, work: str) -> Any:
    return connection.execute(
        select(validity_work)
        .where(validity_work.c.submission == work)
        .order_by(validity_work.c.id.desc())
        .limit(1)
    ).one_or_none()


def _copied(connection: Connection, submission_id: str) -> str:
    """A copy of the submission, its files and its finished stages under a new pseudonym."""
    new = secrets.token_hex(8)
    row = connection.execute(
        select(submission).where(submission.c.id == submission_id)
    ).one_or_none()
    if row is None:
        raise ReviewError("There is no such submission here.")
    values = dict(row._mapping) | {
        "id": new,
        "candidate": _pseudonym(connection, row.candidate),
        "attempt": 1,
        "messages": "[]",
    }
    connection.execute(insert(submission).values(**values))
    for table in (artifact, stage):
        _copy_rows(connection, table, submission_id, new)
    return new


def _pseudonym(connection: Connection, like: str) -> str:
    """One of the same form (C-0417, C-2935) that nobody has; longer where all are taken."""
    form, changing = like, str.isdecimal if any(map(str.isdecimal, like)) else str.isalpha
    for _ in range(TRIES):
        made = "".join(_other(one) if changing(one) else one for one in form)
        known = exists().where(submission.c.candidate == made)
        if not connection.scalar(select(known)):
            return made
        form += like[-1] if changing(like[-1]) else "0"
    raise ReviewError("No pseudonym is free for a validity work; try again.")


def _other(sign: str) -> str:
    """A digit for a digit, a letter for a letter of the same case."""
    if sign.isdecimal():
        return secrets.choice(string.digits)
    return secrets.choice(string.ascii_uppercase if sign.isupper() else string.ascii_lowercase)


def _copy_rows(connection: Connection, table: Table[Any], old: str, new: str) -> None:
    columns = [column for column in table.c if column.name != "id"]
    rows = connection.execute(select(*columns).where(table.c.submission == old)).all()
    if rows:
        connection.execute(
            insert(table), [dict(row._mapping) | {"submission": new} for row in rows]
        )
