"""What follows from a part that was finished: a second score, an adjudication, or nothing.

Invariant: settling is idempotent and one transaction: two evaluators who finish at the same moment
are settled one after the other, and the second of them finds both ratings. What is held back by it
cannot be finalized.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, exists, insert, select

from reviewer.review.adjudication import Discrepancy, Discrepant, discrepancies
from reviewer.review.permission import Kind, Purpose
from reviewer.review.routing import WORDS, after_scoring
from reviewer.review.standing import Standing
from reviewer.rubric import Credential
from reviewer.store import audit, parts
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.distribution import ITSELF
from reviewer.store.program_schema import adjudication
from reviewer.store.programs import policy_under
from reviewer.store.review_schema import outcome
from reviewer.store.sharing import Round
from reviewer.store.standings import standings
from reviewer.store.waiting import add_reasons, reasons
from reviewer.store.waivers import waived

Levels = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A work as settling needs it: `credential` as it is reviewed, `open` its open elements.

    `carried`: levels that stand from an earlier attempt; `drafts`: levels of the drafts that may be
    shown.
    """

    submission: str
    credential: Credential
    open: tuple[str, ...]
    carried: Mapping[str, float | None]
    drafts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """Two ratings before an adjudicator: the accounts of both, and the elements in question."""

    submission: str
    raters: tuple[str, str]
    elements: tuple[Discrepant, ...]


class Settling:
    """Settles the works of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now, *, demo: bool = False) -> None:
        self._database = database
        self._clock = clock
        self._demo = demo

    def settle(self, work: Reviewed) -> None:
        """Keep who has finished, and do what follows from it; nothing where nothing does."""
        with self._database.writing() as connection:
            one = _Settled(connection, work)
            for holder in one.finishing():
                parts.finish(connection, work.submission, holder, self._clock())
            stored = policy_under(connection, work.submission)
            if stored is None or _finalized(connection, work.submission):
                return
            again = _Settled(connection, work)
            round_ = Round(connection, stored, ITSELF, self._clock(), demo=self._demo)
            first, second = again.levels(Kind.FIRST), again.levels(Kind.SECOND)
            if first is None:
                return
            found = after_scoring(stored.policy.routing, work.credential, first, work.drafts)
            add_reasons(connection, work.submission, found, self._clock(), ITSELF)
            round_.missing_seconds(work.submission)
            if second is None or adjudicated(connection, work.submission) is not None:
                return
            differing = discrepancies(work.credential, first, second)
            if differing:
                self._open(connection, again, differing)
                round_.missing_adjudicators(work.submission)

    def _open(
        self, connection: Connection, one: "_Settled", differing: tuple[Discrepant, ...]
    ) -> None:
        work = one.work.submission
        elements = json.dumps({each.element: each.why.value for each in differing})
        connection.execute(
            insert(adjudication).values(
                submission=work,
                one=one.rater(Kind.FIRST),
                other=one.rater(Kind.SECOND),
                elements=elements,
                at=self._clock(),
            )
        )
        details: audit.Details = {"submission": work, "elements": elements}
        audit.append(connection, "adjudication_opened", details, ITSELF)

    def adjudicated(self, submission: str) -> Adjudicated | None:
        """The two ratings that an adjudicator was asked about; null where nobody was."""
        with self._database.reading() as connection:
            return adjudicated(connection, submission)

    def held(self, submission: str) -> str:
        """Why the work cannot be finalized yet, as a sentence; empty where it can."""
        with self._database.reading() as connection:
            return held(connection, submission)


def complete(kind: Kind, elements: Iterable[str], own: Mapping[str, Standing]) -> bool:
    """Whether a part has everything in: all is scored, and decided by who has to decide."""
    there = [own.get(element, Standing()) for element in elements]
    if kind in (Kind.SECOND, Kind.TRAINING):
        return all(standing.scored for standing in there)
    return all(standing.decision is not None for standing in there)


class _Settled:
    """Who has finished what in one work, inside a transaction."""

    def __init__(self, connection: Connection, work: Reviewed) -> None:
        self.work = work
        self._holders = parts.holders(connection, work.submission)
        self._standings = {
            one.account: standings(connection, [work.submission], one.account)[work.submission]
            for one in self._holders
        }
        asked = adjudicated(connection, work.submission)
        self._asked = tuple(one.element for one in asked.elements) if asked else work.open

    def finishing(self) -> Iterable[str]:
        """The accounts that have everything in and are not kept as finished."""
        return [one.account for one in self._holders if not one.finished and self._complete(one)]

    def _complete(self, one: parts.Holder) -> bool:
        wanted = self._asked if one.part.kind is Kind.ADJUDICATION else self.work.open
        return complete(one.part.kind, wanted, self._standings[one.account])

    def _holder(self, kind: Kind) -> parts.Holder | None:
        return next(
            (
                one
                for one in self._holders
                if one.part.kind is kind and one.part.purpose is not Purpose.VALIDITY
            ),
            None,
        )

    def rater(self, kind: Kind) -> str:
        """The account that holds the part of this kind."""
        found = self._holder(kind)
        assert found is not None
        return found.account

    def levels(self, kind: Kind) -> Levels | None:
        """The levels of all elements by who holds this kind; null while they are not complete."""
        one = self._holder(kind)
        if one is None or not self._complete(one):
            return None
        own = self._standings[one.account]
        given: Levels = dict(self.work.carried)
        for element in self.work.open:
            current = own[element].current
            assert current is not None
            given[element] = current.level
        return given


def adjudicated(connection: Connection, submission: str) -> Adjudicated | None:
    """See `Settling.adjudicated`; inside the caller's transaction."""
    row = connection.execute(
        select(adjudication).where(adjudication.c.submission == submission)
    ).one_or_none()
    if row is None:
        return None
    elements = json.loads(row.elements)
    return Adjudicated(
        submission,
        (row.one, row.other),
        tuple(Discrepant(element, Discrepancy(why)) for element, why in elements.items()),
    )


def held(connection: Connection, submission: str) -> str:
    """See `Settling.held`; inside the caller's transaction."""
    why = reasons(connection, submission)
    if not why:
        return ""
    people = parts.holders(connection, submission)
    if adjudicated(connection, submission) is not None:
        if any(one.part.kind is Kind.ADJUDICATION and one.finished for one in people):
            return ""
        return "Two ratings of this work are with an adjudicator; it is finalized after that."
    seconds = [one for one in people if one.part.kind is Kind.SECOND]
    if any(one.finished for one in seconds):
        return ""
    if not seconds and waived(connection, submission):
        return ""
    words = ", ".join(WORDS[one] for one in why)
    return f"This work is scored twice ({words}); it is finalized when the second score is in."


def _finalized(connection: Connection, submission: str) -> bool:
    return bool(connection.scalar(select(exists().where(outcome.c.submission == submission))))
