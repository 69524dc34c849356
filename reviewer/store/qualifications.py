"""Attempts, what they ended in, and whether live work asks for a qualification.

Invariant: an attempt is judged once, when everything asked for was handed in; the judgement is
kept with all its numbers and never changed. Having had a qualification and having one are told
apart by the moment that is asked about.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from reviewer.errors import TrainingError
from reviewer.review.permission import Person
from reviewer.store import audit
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.people_schema import account
from reviewer.store.training_schema import (
    qualification,
    qualification_rule,
    training_attempt,
    training_set,
)
from reviewer.store.values import RESULT
from reviewer.training.qualification import Result, Verdict
from reviewer.training.seasons import Leave, Qualified, Tried, may_take_live_work
from reviewer.training.work import TrainingSet


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt; `result` is null until it is judged, `expires_at` unless it qualified."""

    id: int
    set: str
    account: str
    name: str
    begun_at: datetime
    result: Result | None
    at: datetime | None
    expires_at: datetime | None

    @property
    def tried(self) -> Tried | None:
        """The attempt as the retry rules look at it; null while it runs."""
        if self.result is None or self.at is None:
            return None
        return Tried(self.result.verdict, self.at)


class Qualifications:
    """All attempts and qualifications of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self.clock = clock

    def begin(self, set_id: str, person: Person, granted: Leave) -> int:
        """Begin an attempt, or go on with the one that runs; raises `TrainingError`."""
        with self._database.writing() as connection:
            for one in _attempts(connection, set_id, person.id):
                if one.result is None:
                    return one.id
            if not granted.granted:
                raise TrainingError(granted.because)
            added = connection.execute(
                insert(training_attempt)
                .values(set=set_id, account=person.id, at=self.clock())
                .returning(training_attempt.c.id)
            )
            number: int = added.scalar_one()
            details: audit.Details = {"set": set_id, "attempt": number}
            audit.append(connection, "qualification_begun", details, person.name)
            return number

    def judge(
        self, number: int, kept: TrainingSet, person: Person, result: Result, expires_at: datetime
    ) -> None:
        """Keep what an attempt ended in; one that was judged already stays as it is."""
        with self._database.writing() as connection:
            known = select(qualification.c.attempt).where(qualification.c.attempt == number)
            if connection.scalar(known) is not None:
                return
            passed = result.verdict is Verdict.QUALIFIED
            connection.execute(
                insert(qualification).values(
                    attempt=number,
                    set=kept.id,
                    account=person.id,
                    verdict=result.verdict.value,
                    result=RESULT.encode(result).decode(),
                    at=self.clock(),
                    expires_at=expires_at if passed else None,
                )
            )
            exact = result.exact
            details: audit.Details = {
                "set": kept.id,
                "attempt": number,
                "rubric_hash": kept.credential.rubric_hash,
                "verdict": result.verdict.value,
                "n": exact.n if exact else 0,
                "exact": exact.value if exact else None,
            }
            audit.append(connection, "qualification_judged", details, person.name)

    def of(self, set_id: str, account_id: str) -> tuple[Attempt, ...]:
        """Somebody's attempts on one set, oldest first."""
        with self._database.reading() as connection:
            return _attempts(connection, set_id, account_id)

    def all(self, set_id: str) -> tuple[Attempt, ...]:
        """Everybody's attempts on one set, oldest first."""
        with self._database.reading() as connection:
            return _read(connection, training_attempt.c.set == set_id)

    def attempt(self, number: int) -> Attempt | None:
        """One attempt; null where there is none."""
        with self._database.reading() as connection:
            return next(iter(_read(connection, training_attempt.c.id == number)), None)

    def require(self, credential: str, asked_for: bool, person: Person) -> None:
        """Say whether live work of a credential is for qualified evaluators alone."""
        with self._database.writing() as connection:
            connection.execute(
                insert(qualification_rule).values(
                    credential=credential,
                    asked_for=asked_for,
                    account=person.id,
                    at=self.clock(),
                )
            )
            details: audit.Details = {"credential": credential, "asked_for": asked_for}
            audit.append(connection, "qualification_required", details, person.name)

    def asked_for(self, credential: str) -> bool:
        """Whether live work of a credential asks for a qualification now."""
        with self._database.reading() as connection:
            return _asked_for(connection, credential)

    def may_take_live_work(
        self, account_id: str, credential: str, rubric_hash: str, *, demo: bool
    ) -> bool:
        """Whether this account may be assigned live work of the credential now.

        For whoever assigns: `rubric_hash` is the version of the work's own credential.
        """
        with self._database.reading() as connection:
            asked = _asked_for(connection, credential)
            held = _held(connection, account_id)
        return may_take_live_work(asked, credential, rubric_hash, held, self.clock(), demo=demo)


def unqualified(
    connection: Connection,
    people: Iterable[str],
    version: tuple[str, str],
    at: datetime,
    *,
    demo: bool,
) -> frozenset[str]:
    """Who of these accounts may not take live work, inside the caller's transaction.

    `version`: the credential's id and the work's own rubric hash.
    """
    asked = _asked_for(connection, version[0])
    return frozenset(
        one
        for one in people
        if asked and not may_take_live_work(asked, *version, _held(connection, one), at, demo=demo)
    )


def _asked_for(connection: Connection, credential: str) -> bool:
    found = connection.scalar(
        select(qualification_rule.c.asked_for)
        .where(qualification_rule.c.credential == credential)
        .order_by(qualification_rule.c.id.desc())
        .limit(1)
    )
    return bool(found)


def _held(connection: Connection, account_id: str) -> tuple[Qualified, ...]:
    rows = connection.execute(
        select(
            training_set.c.credential_id,
            training_set.c.rubric_hash,
            training_set.c.synthetic,
            qualification.c.at,
            qualification.c.expires_at,
        )
        .join(training_set, training_set.c.id == qualification.c.set)
        .where(qualification.c.account == account_id, qualification.c.expires_at.is_not(None))
    ).all()
    return tuple(
        Qualified(row.credential_id, row.rubric_hash, row.synthetic, row.at, row.expires_at)
        for row in rows
    )


def _attempts(connection: Connection, set_id: str, account_id: str) -> tuple[Attempt, ...]:
    return _read(
        connection,
        (training_attempt.c.set == set_id) & (training_attempt.c.account == account_id),
    )


def _read(connection: Connection, which: Any) -> tuple[Attempt, ...]:
    rows = connection.execute(
        select(
            training_attempt,
            account.c.name,
            qualification.c.result,
            qualification.c.at.label("judged_at"),
            qualification.c.expires_at,
        )
        .join(account, account.c.id == training_attempt.c.account)
        .outerjoin(qualification, qualification.c.attempt == training_attempt.c.id)
        .where(which)
        .order_by(training_attempt.c.id)
    ).all()
    return tuple(_attempt(row) for row in rows)


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        row.id,
        row.set,
        row.account,
        row.name,
        row.at,
        None if row.result is None else RESULT.decode(row.result.encode()),
        row.judged_at,
        row.expires_at,
    )
