"""What parts people have in reviews, as distributing and settling ask for it.

Invariant: every function runs inside the caller's transaction, so that what it found still holds
when the caller writes. A part is open until it is finished, or the review has an outcome.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from reviewer.review.permission import EVERY, Kind, Part, Purpose, Role, roles_for
from reviewer.store import audit
from reviewer.store.people_schema import account, assignment, role_grant
from reviewer.store.program_schema import adjudication, validity_work
from reviewer.store.review_schema import outcome, rating
from reviewer.store.schema import submission


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody's part in a review; `finished` once everything that it asks for was there."""

    account: str
    name: str
    part: Part
    finished: bool


def pool(connection: Connection, credential: str, role: Role) -> dict[str, str]:
    """Account -> name of everybody who has the role for the credential and is not disabled."""
    rows = connection.execute(
        select(account.c.id, account.c.name)
        .where(
            account.c.disabled_at.is_(None),
            exists().where(
                role_grant.c.account == account.c.id,
                role_grant.c.role == role.value,
                role_grant.c.credential.in_((credential, EVERY)),
            ),
        )
        .order_by(account.c.name)
    )
    return {row.id: row.name for row in rows}


def finalized() -> ColumnElement[bool]:
    """Whether the submission of the row has an outcome."""
    return exists().where(outcome.c.submission == submission.c.id)


def open_parts(connection: Connection, people: Iterable[str]) -> dict[str, int]:
    """How many parts each of these accounts has still to finish, over all credentials."""
    loads = dict.fromkeys(people, 0)
    rows = connection.execute(
        select(assignment.c.account, func.count().label("parts"))
        .where(
            assignment.c.account.in_(list(loads)),
            assignment.c.finished_at.is_(None),
            ~exists().where(outcome.c.submission == assignment.c.submission),
        )
        .group_by(assignment.c.account)
    )
    return loads | {row.account: row.parts for row in rows}


def parts_before(connection: Connection, credential: str, account_id: str) -> int:
    """How many live works of the credential the account was ever given to score."""
    found: int | None = connection.scalar(
        select(func.count())
        .select_from(assignment)
        .join(submission, submission.c.id == assignment.c.submission)
        .where(
            assignment.c.account == account_id,
            submission.c.credential_id == credential,
            assignment.c.purpose.in_((Purpose.ORDINARY.value, Purpose.DOUBLE.value)),
        )
    )
    return found or 0


def holders(connection: Connection, submission_id: str) -> tuple[Holder, ...]:
    """Everybody who has a part in the review now."""
    rows = connection.execute(
        select(assignment, account.c.name)
        .join(account, account.c.id == assignment.c.account)
        .where(assignment.c.submission == submission_id)
        .order_by(assignment.c.kind, account.c.name)
    )
    return tuple(
        Holder(
            row.account,
            row.name,
            Part(Kind(row.kind), Purpose(row.purpose)),
            row.finished_at is not None,
        )
        for row in rows
    )


def taken(connection: Connection, submission_id: str) -> frozenset[str]:
    """Everybody who has a part in the review, or has rated in it before they left."""
    held = select(assignment.c.account).where(assignment.c.submission == submission_id)
    rated = select(rating.c.rater).where(rating.c.submission == submission_id)
    return frozenset(connection.scalars(held.union(rated)))


def give(
    connection: Connection,
    submission_id: str,
    to: tuple[str, str],
    part: Part,
    actor: str,
    at: datetime,
    drawn: audit.Details | None = None,
) -> None:
    """Assign a submission to the account `to` (id, name); `drawn` says how it was drawn."""
    connection.execute(
        insert(assignment).values(
            submission=submission_id,
            account=to[0],
            kind=part.kind.value,
            purpose=part.purpose.value,
            created_at=at,
            finished_at=None,
        )
    )
    details: audit.Details = {
        "submission": submission_id,
        "account": to[1],
        "kind": part.kind.value,
        "purpose": part.purpose.value,
    }
    audit.append(connection, "assigned", details | (drawn or {}), actor)


def finish(connection: Connection, submission_id: str, account_id: str, at: datetime) -> None:
    """Keep that the account has everything in that its part asks for; the first time counts."""
    connection.execute(
        update(assignment)
        .where(_of(submission_id, account_id), assignment.c.finished_at.is_(None))
        .values(finished_at=at)
    )


def release_left(connection: Connection, credential: str, actor: str) -> None:
    """Take unfinished parts from everybody who left; what they rated stays.

    Somebody left whose account was disabled, or who has no role for the credential any more. Who
    was to finalize is not finished before that, unless an adjudicator can do it.
    """
    adjudicated = exists().where(adjudication.c.submission == submission.c.id)
    unfinished = or_(
        assignment.c.finished_at.is_(None),
        and_(assignment.c.kind == Kind.FIRST.value, ~adjudicated),
    )
    there = {role: set(pool(connection, credential, role)) for role in Role}
    rows = connection.execute(
        select(assignment, account.c.name)
        .join(account, account.c.id == assignment.c.account)
        .join(submission, submission.c.id == assignment.c.submission)
        .where(
            submission.c.credential_id == credential,
            unfinished,
            assignment.c.kind != Kind.TRAINING.value,
            ~finalized(),
        )
    ).all()
    for row in rows:
        if any(row.account in there[role] for role in roles_for(Kind(row.kind))):
            continue
        connection.execute(delete(assignment).where(_of(row.submission, row.account)))
        details: audit.Details = {
            "submission": row.submission,
            "account": row.name,
            "kind": row.kind,
        }
        audit.append(connection, "released", details, actor)


def _of(submission_id: str, account_id: str) -> ColumnElement[bool]:
    return and_(assignment.c.submission == submission_id, assignment.c.account == account_id)


def live(credential: str | None) -> tuple[Any, ...]:
    """Conditions for a row of `submission` being a live work (of a credential; null: of any)."""
    known = exists().where(validity_work.c.submission == submission.c.id)
    return (~known,) if credential is None else (submission.c.credential_id == credential, ~known)
