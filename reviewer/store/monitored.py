"""The facts of one moment that a snapshot is made of, read together; and the snapshots kept.

Invariant: live works alone, in one reading transaction; ratings of validity works come apart.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from reviewer.calibration.monitoring import Snapshot, State, ValidityRating, Waived, Work
from reviewer.calibration.monitoring.model import read_snapshot, snapshot_json
from reviewer.review.outcome import Outcome
from reviewer.review.permission import Kind
from reviewer.review.policy import Policy
from reviewer.review.routing import Why
from reviewer.rubric import Credential
from reviewer.store import parts
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.people_schema import account, assignment
from reviewer.store.program_schema import (
    adjudication,
    monitoring,
    program_policy,
    routing,
    second_reason,
    validity_work,
    waiver,
)
from reviewer.store.review_schema import decision, outcome, rating
from reviewer.store.schema import submission
from reviewer.store.waivers import waivers


@dataclass(frozen=True, slots=True)
class Observed:
    """What the store holds of a program at `at`: see `reviewer.calibration.monitoring.Facts`."""

    at: datetime
    works: tuple[Work, ...]
    validity: tuple[ValidityRating, ...]
    awards: tuple[tuple[str, str], ...]
    waivers: tuple[Waived, ...]


class Monitored:
    """Facts and snapshots of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def observe(self, credential: Credential) -> Observed:
        """The facts of the moment about the reviews of a credential."""
        members = credential.stack.members if credential.stack else ()
        with self._database.reading() as connection:
            return Observed(
                self._clock(),
                _works(connection, credential.id),
                _validity(connection, credential.id),
                _awards(connection, {credential.id, *members}),
                _waivers(connection, credential.id),
            )

    def keep(self, snapshot: Snapshot) -> None:
        """Append a snapshot; the dashboards show it from now on."""
        with self._database.writing() as connection:
            connection.execute(
                insert(monitoring).values(
                    credential=snapshot.credential,
                    snapshot=snapshot_json(snapshot),
                    at=self._clock(),
                )
            )

    def latest(self, credential: str) -> Snapshot | None:
        """The newest snapshot of a credential; null where none was ever made."""
        query = select(monitoring.c.snapshot).where(monitoring.c.credential == credential)
        with self._database.reading() as connection:
            found = connection.scalar(query.order_by(monitoring.c.number.desc()).limit(1))
        return None if found is None else read_snapshot(found)


def _works(connection: Connection, credential: str) -> tuple[Work, ...]:
    """All live works; what is kept of them is read in one query a table."""
    mine = select(submission.c.id).where(*parts.live(credential))
    ended = select(outcome).where(outcome.c.submission.in_(mine)).order_by(outcome.c.id)
    outcomes = {row.submission: row for row in connection.execute(ended)}
    held, why = _held(connection, mine), _why(connection, mine)
    asked = set(connection.scalars(select(adjudication.c.submission)))
    waived = set(connection.scalars(select(waiver.c.submission)))
    overridden = _overrides(connection, mine)
    query = (
        select(submission, program_policy.c.policy)
        .outerjoin(routing, routing.c.submission == submission.c.id)
        .outerjoin(program_policy, program_policy.c.number == routing.c.policy)
        .where(*parts.live(credential))
        .order_by(submission.c.created_at, submission.c.id)
    )
    made = []
    for row in connection.execute(query):
        done, reasons, parts_of = outcomes.get(row.id), why.get(row.id, ()), held.get(row.id, {})
        alone = row.id in waived and Kind.SECOND.value not in parts_of
        made.append(
            Work(
                submission=row.id,
                candidate=row.candidate,
                attempt=row.attempt,
                received_at=row.created_at,
                finalized_at=done.at if done else None,
                outcome=done.outcome if done else None,
                state=state_of(bool(done), parts_of, bool(reasons) and not alone, row.id in asked),
                target_days=_target(row),
                why=reasons,
                adjudicated=row.id in asked,
                waived=alone,
                overrides=overridden.get(row.id, {}),
            )
        )
    return tuple(made)


def _held(connection: Connection, mine: Any) -> dict[str, dict[str, bool]]:
    """Submission -> kind of part -> whether it is finished."""
    held: dict[str, dict[str, bool]] = {}
    for row in connection.execute(select(assignment).where(assignment.c.submission.in_(mine))):
        held.setdefault(row.submission, {})[row.kind] = row.finished_at is not None
    return held


def _why(connection: Connection, mine: Any) -> dict[str, tuple[Why, ...]]:
    """Submission -> the reasons for its second score."""
    why: dict[str, tuple[Why, ...]] = {}
    query = select(second_reason).where(second_reason.c.submission.in_(mine))
    for row in connection.execute(query):
        found = (*why.get(row.submission, ()), Why(row.why))
        why[row.submission] = tuple(sorted(found, key=list(Why).index))
    return why


def state_of(done: bool, held: Mapping[str, bool], twice: bool, asked: bool) -> State:
    """Where a work waits: `held` tells of each kind of part whether it is finished."""
    if done:
        return State.FINISHED
    if Kind.FIRST.value not in held:
        return State.UNASSIGNED
    if not held[Kind.FIRST.value]:
        return State.EVALUATOR
    if asked and not held.get(Kind.ADJUDICATION.value, False):
        return State.ADJUDICATION
    if twice and not asked and not held.get(Kind.SECOND.value, False):
        return State.SECOND
    return State.FINALIZE


def _target(row: Row[Any]) -> int | None:
    """The days promised for a work: those of its policy, else of its credential."""
    days = _policy(row.policy).turnaround_days if row.policy else None
    return days if days is not None else _turnaround(row.credential)


@lru_cache(maxsize=256)
def _policy(written: str) -> Policy:
    return Policy.model_validate_json(written)


@lru_cache(maxsize=64)
def _turnaround(written: str) -> int | None:
    days: int | None = json.loads(written).get("turnaround_days")
    return days


def _overrides(connection: Connection, mine: Any) -> dict[str, dict[str, str | None]]:
    """Submission -> element -> reason of the override (null: not changed), of decided drafts."""
    found: dict[str, dict[str, str | None]] = {}
    rows = connection.execute(
        select(decision.c.submission, decision.c.element, decision.c.reason)
        .where(decision.c.submission.in_(mine), decision.c.draft_level.is_not(None))
        .order_by(decision.c.id)
    )
    for row in rows:
        found.setdefault(row.submission, {})[row.element] = row.reason
    return found


def _validity(connection: Connection, credential: str) -> tuple[ValidityRating, ...]:
    """The latest level of each rater for each element of a validity work."""
    known = {
        row.submission: json.loads(row.levels)
        for row in connection.execute(
            select(validity_work.c.submission, validity_work.c.levels)
            .join(submission, submission.c.id == validity_work.c.submission)
            .where(submission.c.credential_id == credential)
        )
    }
    rows = connection.execute(
        select(rating, account.c.name)
        .join(account, account.c.id == rating.c.rater)
        .where(rating.c.submission.in_(select(validity_work.c.submission)))
        .order_by(rating.c.id)
    )
    latest = {
        (row.name, row.submission, row.element): row.level
        for row in rows
        if row.element in known.get(row.submission, {})  # of others no level is known
    }
    return tuple(
        ValidityRating(rater, work, element, level, known[work][element])
        for (rater, work, element), level in sorted(latest.items(), key=lambda one: one[0])
    )


def _awards(connection: Connection, credentials: set[str]) -> tuple[tuple[str, str], ...]:
    rows = connection.execute(
        select(submission.c.candidate, submission.c.credential_id)
        .join(outcome, outcome.c.submission == submission.c.id)
        .where(
            outcome.c.outcome == Outcome.AWARDED.value,
            submission.c.credential_id.in_(sorted(credentials)),
        )
        .distinct()
        .order_by(submission.c.candidate, submission.c.credential_id)
    )
    return tuple((row.candidate, row.credential_id) for row in rows)


def _waivers(connection: Connection, credential: str) -> tuple[Waived, ...]:
    return tuple(
        Waived(one.submission, one.at, one.by, one.words) for one in waivers(connection, credential)
    )
