"""Sights, ratings and decisions: appended, each with its entry in the chain of events.

Invariant: phase, aid and kind are derived here from what is kept, inside the transaction that
appends; a caller names none of them. A window that shows an older state than `version` is told,
and nothing is kept of what it sent.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select

from reviewer.errors import ReviewError, StaleView
from reviewer.review.decision import DecisionKind, Proposal, Reason, kind_of, reason_of
from reviewer.review.permission import Person
from reviewer.review.rating import Aid, Phase, RaterType, Rating, Sight
from reviewer.review.standing import Standing
from reviewer.scoring.draft import ElementDraft
from reviewer.store import audit
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.people_schema import account
from reviewer.store.program_schema import adjudication
from reviewer.store.review_schema import decision, outcome, rating, sight
from reviewer.store.standings import rating_of, standings

_SEEN = (
    select(func.count())
    .select_from(sight)
    .where(
        sight.c.submission == bindparam("submission"),
        sight.c.rater == bindparam("rater"),
        sight.c.element == bindparam("element"),
        sight.c.sight == bindparam("sight"),
        sight.c.detail == bindparam("detail"),
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """Whose work on which element: a rater, and the rubric version that they rate by."""

    submission: str
    element: str
    person: Person
    rater_type: RaterType
    rubric_hash: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmed score: the latest decision on an element, and who made it."""

    element: str
    level: float | None
    kind: DecisionKind
    rater: str
    reason: Reason | None
    words: str
    draft_level: float | None


class Reviews:
    """Everything that raters did, of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def standings(self, submission: str, rater: str) -> dict[str, Standing]:
        """One rater's standing by element; elements that they never touched are absent."""
        return self.standings_of([submission], rater)[submission]

    def standings_of(
        self, submissions: Collection[str], rater: str
    ) -> dict[str, dict[str, Standing]]:
        """The same by submission, of each that is given."""
        with self._database.reading() as connection:
            return standings(connection, submissions, rater)

    def saw(self, place: Place, what: Sight, detail: str) -> None:
        """Keep that something is about to be shown; the same thing is kept once."""
        with self._database.reading() as connection:
            if _saw_already(connection, place, what, detail):
                return
        self._keep(place, what, detail)

    def entered(self, place: Place) -> None:
        """Keep that somebody opened the work, of whom it is not known; kept once all the same."""
        self._keep(place, Sight.WORK, "")

    def _keep(self, place: Place, what: Sight, detail: str) -> None:
        with self._database.writing() as connection:
            if _saw_already(connection, place, what, detail):
                return
            connection.execute(
                insert(sight).values(
                    submission=place.submission,
                    element=place.element,
                    rater=place.person.id,
                    sight=what.value,
                    detail=detail,
                    at=self._clock(),
                )
            )
            details: audit.Details = {"sight": what.value, "detail": detail}
            _record(connection, "shown", place, details)

    def rate(self, place: Place, level: float | None, version: int) -> Standing:
        """Append a rating; raises `StaleView`, or `ReviewError` where the review is finalized.

        The level that is the latest already, in the same phase, is not appended again: so a call
        whose answer was lost can be made again.
        """
        with self._database.writing() as connection:
            standing = _standing(connection, place)
            current = standing.current
            same = current is not None and (current.level, current.phase) == (
                level,
                standing.next_phase,
            )
            if same and version in (standing.version, standing.version - 1):
                return standing
            _refuse_stale(standing, version)
            _refuse_finalized(connection, place.submission)
            _refuse_adjudicated(connection, place)
            added = self._append(connection, place, level, standing.next_phase, standing.aid)
            details: audit.Details = {
                "rating": added.number,
                "level": level,
                "phase": standing.next_phase.value,
                "aid": standing.aid.value,
            }
            _record(connection, "scored", place, details)
            return standing.rated(added)

    def _append(
        self, connection: Connection, place: Place, level: float | None, phase: Phase, aid: Aid
    ) -> Rating:
        added = connection.execute(
            insert(rating)
            .values(
                submission=place.submission,
                element=place.element,
                rater=place.person.id,
                rater_type=place.rater_type.value,
                level=level,
                phase=phase.value,
                aid=aid.value,
                at=self._clock(),
            )
            .returning(rating)
        )
        return rating_of(added.one())

    def decide(
        self,
        place: Place,
        level: float | None,
        draft: ElementDraft | None,
        version: int,
        reason: Reason | None = None,
        words: str = "",
    ) -> Standing:
        """Append the final rating and the decision about it; `draft` is the one that was revealed.

        Raises `StaleView`, or `ReviewError` where a citation must be opened first or the review is
        finalized. The decision that stands already is not appended again, as in `rate`.
        """
        with self._database.writing() as connection:
            standing = _standing(connection, place)
            if _stands_already(standing, level, version):
                return standing
            _refuse_stale(standing, version)
            _refuse_finalized(connection, place.submission)
            _refuse_adjudicated(connection, place)
            kind = kind_of(_proposal(place, standing, level, draft))
            added = self._append(connection, place, level, Phase.FINAL, standing.aid)
            kept = reason_of(kind, reason)
            told: audit.Details = {
                "rating": added.number,
                "kind": kind.value,
                "draft_level": draft.level if draft else None,
                "reason": kept.value if kept else None,
            }
            connection.execute(
                insert(decision).values(
                    **told,
                    submission=place.submission,
                    element=place.element,
                    rater=place.person.id,
                    rater_type=place.rater_type.value,
                    phase=Phase.FINAL.value,
                    words=words,
                    at=self._clock(),
                )
            )
            engine = f"{draft.engine.id} {draft.engine.weights_sha256}" if draft else None
            _record(connection, "decided", place, told | {"level": level, "engine": engine})
            return _standing(connection, place)

    def handed_out(self, submission: str, person: Person | None, what: str) -> None:
        """Record that something left the house; `person` is null for who runs the machine."""
        with self._database.writing() as connection:
            details: audit.Details = {"submission": submission, "what": what}
            actor = {} if person is None else {"actor": person.name}
            audit.append(connection, "exported", details, **actor)

    def confirmed(self, submission: str) -> dict[str, Confirmed]:
        """The confirmed scores by element: the latest decision of each."""
        with self._database.reading() as connection:
            return confirmed_scores(connection, submission)

    def ratings(self, submissions: Iterable[str] | None = None) -> tuple[tuple[str, Rating], ...]:
        """(rater's name, rating) of the given submissions, or of all, in the order given."""
        query = select(rating, account.c.name).join(account, account.c.id == rating.c.rater)
        if submissions is not None:
            query = query.where(rating.c.submission.in_(list(submissions)))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(rating.c.id)).all()
        return tuple((row.name, rating_of(row)) for row in rows)


def confirmed_scores(connection: Connection, submission: str) -> dict[str, Confirmed]:
    """The confirmed scores inside the caller's transaction."""
    rows = connection.execute(
        select(decision, rating.c.level, account.c.name)
        .join(rating, rating.c.id == decision.c.rating)
        .join(account, account.c.id == decision.c.rater)
        .where(decision.c.submission == submission)
        .order_by(decision.c.id)
    )
    return {
        row.element: Confirmed(
            row.element,
            row.level,
            DecisionKind(row.kind),
            row.name,
            row.reason and Reason(row.reason),
            row.words,
            row.draft_level,
        )
        for row in rows
    }


def _saw_already(connection: Connection, place: Place, what: Sight, detail: str) -> bool:
    one = {
        "submission": place.submission,
        "rater": place.person.id,
        "element": place.element,
        "sight": what.value,
        "detail": detail,
    }
    return bool(connection.scalar(_SEEN, one))


def _standing(connection: Connection, place: Place) -> Standing:
    found = standings(connection, [place.submission], place.person.id)[place.submission]
    return found.get(place.element, Standing())


def _stands_already(standing: Standing, level: float | None, version: int) -> bool:
    """Whether the latest act was this decision about the state `version`."""
    decided, current = standing.decision, standing.current
    if decided is None or current is None or decided.rating != current.number:
        return False
    return (decided.level, version) == (level, standing.version - 2)


def _proposal(
    place: Place, standing: Standing, level: float | None, draft: ElementDraft | None
) -> Proposal:
    own = standing.own
    return Proposal(
        place.rater_type,
        level,
        draft,
        own is not None,
        own.level if own else None,
        standing.opened,
    )


def _refuse_stale(standing: Standing, version: int) -> None:
    if standing.version == version:
        return
    latest = standing.current
    at = f" at {latest.at:%H:%M} UTC" if latest else ""
    raise StaleView(
        f"This element was changed in another window{at}; this window shows the new state now, and "
        "nothing was overwritten."
    )


def _refuse_finalized(connection: Connection, submission: str) -> None:
    found = connection.scalar(
        select(func.count()).select_from(outcome).where(outcome.c.submission == submission)
    )
    if found:
        raise ReviewError("This review is finalized; its levels stand as they were recorded.")


def _refuse_adjudicated(connection: Connection, place: Place) -> None:
    """Two ratings that an adjudicator looks at stay as they are."""
    if place.rater_type is RaterType.ADJUDICATOR:
        return
    found = connection.scalar(
        select(func.count())
        .select_from(adjudication)
        .where(adjudication.c.submission == place.submission)
    )
    if found:
        raise ReviewError(
            "Two ratings of this work are with an adjudicator; yours stands as it is."
        )


def _record(connection: Connection, event: str, place: Place, details: audit.Details) -> None:
    about: audit.Details = {
        "submission": place.submission,
        "element": place.element,
        "rubric_hash": place.rubric_hash,
    }
    audit.append(connection, event, about | details, place.person.name)
