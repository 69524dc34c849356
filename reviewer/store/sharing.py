"""One round of giving works to people, inside the transaction of its caller.

Invariant: everything that was drawn is kept, with policy and seed, beside what it led to.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, func, insert, select

from reviewer.review.assigning import Need, Plan, plan
from reviewer.review.draw import drawn
from reviewer.review.permission import Kind, Part, Purpose, Role
from reviewer.review.routing import Arrival, Routed, for_evaluator, on_arrival
from reviewer.store import audit, parts
from reviewer.store.people_schema import assignment
from reviewer.store.program_schema import adjudication, routing
from reviewer.store.programs import StoredPolicy, conflicts
from reviewer.store.qualifications import unqualified
from reviewer.store.schema import submission
from reviewer.store.validity import shut_out, standing_validity
from reviewer.store.waiting import (
    Waiting,
    add_reasons,
    found_works,
    lacks_second,
    reasons,
    waiting_works,
)
from reviewer.store.waivers import waived

YEAR = timedelta(days=365)

ORDINARY = Part(Kind.FIRST, Purpose.ORDINARY)
FIRST_OF_TWO = Part(Kind.FIRST, Purpose.DOUBLE)
SECOND = Part(Kind.SECOND, Purpose.DOUBLE)
ADJUDICATOR = Part(Kind.ADJUDICATION, Purpose.ADJUDICATION)
VALIDITY = Part(Kind.SECOND, Purpose.VALIDITY)


class Round:
    """One distribution inside its transaction."""

    def __init__(
        self, connection: Connection, stored: StoredPolicy, actor: str, at: datetime, *, demo: bool
    ) -> None:
        self._connection = connection
        self._stored = stored
        self._actor = actor
        self._at = at
        self._names = parts.pool(connection, stored.credential, Role.EVALUATOR)
        self._demo = demo  # there, synthetic works qualify for live ones
        self._without: dict[str, frozenset[str]] = {}  # rubric hash -> evaluators not qualified
        self._given: list[tuple[str, str]] = []  # (work, first) of this round

    def works(self, heard: Mapping[str, float | None]) -> tuple[int, int, int]:
        """Give waiting works to evaluators: (works, second scores, works given to nobody)."""
        waiting = [
            one
            for one in waiting_works(self._connection, self._stored.credential)
            if one.submission in heard
        ]
        routed = self._routed(waiting, heard)
        needs = []
        for one in waiting:
            raters = 1 + self._lacks_second(one.submission, routed[one.submission])
            needs.append(self._need(one, raters, self._unqualified(one.rubric_hash)))
        shared = self._plan(needs, self._names)
        by_work: dict[str, list[str]] = {}
        for work, account in shared.given:
            by_work.setdefault(work, []).append(account)
        seconds = 0
        for one in waiting:
            people = by_work.get(one.submission)
            if people:
                seconds += self._begin(one, routed[one.submission], people)
        return len(by_work), seconds, len(waiting) - len(by_work)

    def _lacks_second(self, work: str, routed: Routed) -> bool:
        """Whether a second score is asked for that nobody gives; somebody may, if a first left."""
        if not routed.why or waived(self._connection, work):
            return False
        people = parts.holders(self._connection, work)
        return all(one.part.kind is not Kind.SECOND for one in people)

    def _routed(
        self, waiting: Sequence[Waiting], heard: Mapping[str, float | None]
    ) -> dict[str, Routed]:
        """The draws of works that were not drawn before; those of the others stand."""
        policy, seed = self._stored.policy, self._stored.seed
        a_year, versions = self._a_year(), self._versions()
        made: dict[str, Routed] = {}
        for one in waiting:
            before = self._draw_of(one.submission)
            if before is None:
                of_version = versions.get(one.rubric_hash, 0)
                versions[one.rubric_hash] = of_version + 1
                work = Arrival(one.submission, a_year, of_version, heard[one.submission])
                before = on_arrival(policy.routing, seed, work)
                self._keep_draw(one.submission, before)
            made[one.submission] = before
        return made

    def _a_year(self) -> int:
        return (
            self._connection.scalar(
                select(func.count())
                .select_from(submission)
                .where(
                    *parts.live(self._stored.credential),
                    submission.c.created_at > self._at - YEAR,
                )
            )
            or 0
        )

    def _versions(self) -> dict[str, int]:
        """Works that were distributed so far under each rubric version."""
        rows = self._connection.execute(
            select(submission.c.rubric_hash, func.count().label("works"))
            .join(routing, routing.c.submission == submission.c.id)
            .where(submission.c.credential_id == self._stored.credential)
            .group_by(submission.c.rubric_hash)
        )
        return {row.rubric_hash: row.works for row in rows}

    def _draw_of(self, work: str) -> Routed | None:
        row = self._connection.execute(
            select(routing).where(routing.c.submission == work)
        ).one_or_none()
        return (
            None if row is None else Routed(row.value, row.share, reasons(self._connection, work))
        )

    def _keep_draw(self, work: str, routed: Routed) -> None:
        values = {"policy": self._stored.number, "value": routed.value, "share": routed.share}
        self._connection.execute(insert(routing).values(submission=work, **values, at=self._at))
        details: audit.Details = {"submission": work, **values, "seed": self._stored.seed}
        audit.append(self._connection, "routed", details, self._actor)
        add_reasons(self._connection, work, routed.why, self._at, self._actor)

    def _need(self, one: Waiting, raters: int, shut_out: frozenset[str]) -> Need:
        taken = parts.taken(self._connection, one.submission)
        return Need(one.submission, one.candidate, raters, taken | shut_out)

    def _unqualified(self, rubric_hash: str) -> frozenset[str]:
        """The evaluators who may not score works of this version now."""
        if rubric_hash not in self._without:
            self._without[rubric_hash] = unqualified(
                self._connection,
                self._names,
                (self._stored.credential, rubric_hash),
                self._at,
                demo=self._demo,
            )
        return self._without[rubric_hash]

    def _plan(self, needs: Sequence[Need], people: Mapping[str, str]) -> Plan:
        conflicted = conflicts(self._connection, {need.candidate for need in needs})
        pairs = {(one.rater, one.candidate) for one in conflicted}
        loads = parts.open_parts(self._connection, people)
        return plan(needs, loads, pairs, self._stored.seed)

    def _begin(self, one: Waiting, routed: Routed, people: list[str]) -> int:
        """Give a work to its first rater, and to a second where there is a reason; counts those."""
        seed, work = self._stored.seed, one.submission
        first, *others = sorted(people, key=lambda who: drawn(seed, "first", work, who))
        before = parts.parts_before(self._connection, self._stored.credential, first)
        new = for_evaluator(self._stored.policy.routing, before)
        add_reasons(self._connection, work, new, self._at, self._actor)
        twice = bool(routed.why or new)
        self._give(work, first, FIRST_OF_TWO if twice else ORDINARY)
        self._given.append((work, first))
        for other in others:
            self._give(work, other, SECOND)
        return len(others)

    def _give(
        self, work: str, account: str, part: Part, names: Mapping[str, str] | None = None
    ) -> None:
        name = (names or self._names)[account]
        drawn_by: audit.Details = {"policy": self._stored.number, "seed": self._stored.seed}
        parts.give(self._connection, work, (account, name), part, self._actor, self._at, drawn_by)

    def missing_seconds(self, only: str | None = None) -> tuple[int, int]:
        """Give second scores that nobody has (of one work, or of all): (given, lacking)."""
        return self._fill(self._works(only, *lacks_second()), SECOND, self._names)

    def without_second(
        self, only: str | None = None
    ) -> tuple[tuple[Waiting, tuple[str, ...]], ...]:
        """Works with a first rater whose second score nobody has; names of who may give it."""
        works = self._works(only, *lacks_second())
        conflicted = conflicts(self._connection, {one.candidate for one in works})
        apart = {(one.rater, one.candidate) for one in conflicted}
        found = []
        for one in works:
            taken = self._need(one, 1, self._unqualified(one.rubric_hash)).taken
            may = (
                name
                for account, name in self._names.items()
                if account not in taken and (account, one.candidate) not in apart
            )
            found.append((one, tuple(may)))
        return tuple(found)

    def missing_adjudicators(self, only: str | None = None) -> tuple[int, int]:
        """Give adjudications that nobody has (of one work, or of all): (given, lacking)."""
        has_one = exists().where(
            assignment.c.submission == submission.c.id,
            assignment.c.kind == Kind.ADJUDICATION.value,
        )
        asked = exists().where(adjudication.c.submission == submission.c.id)
        people = parts.pool(self._connection, self._stored.credential, Role.ADJUDICATOR)
        return self._fill(self._works(only, asked, ~has_one), ADJUDICATOR, people)

    def _works(self, only: str | None, *where: ColumnElement[bool]) -> tuple[Waiting, ...]:
        one = () if only is None else (submission.c.id == only,)
        return found_works(self._connection, self._stored.credential, *where, *one)

    def _fill(
        self, works: Sequence[Waiting], part: Part, people: Mapping[str, str]
    ) -> tuple[int, int]:
        scored = part.kind is not Kind.ADJUDICATION  # a qualification is asked of evaluators
        needs = [
            self._need(one, 1, self._unqualified(one.rubric_hash) if scored else frozenset())
            for one in works
        ]
        shared = self._plan(needs, people)
        for work, account in shared.given:
            self._give(work, account, part, people)
        return len(shared.given), len(shared.short)

    def validity(self) -> int:
        """Beside a drawn share of the works of this round, give their raters a validity work."""
        given = 0
        known = standing_validity(self._connection, self._stored.credential)
        for work, account in self._given:
            if drawn(self._stored.seed, "validity", work) >= self._stored.policy.validity:
                continue
            unseen = [
                copy
                for copy, original in known.items()
                if account not in shut_out(self._connection, original)
            ]
            if unseen:
                chosen = min(unseen, key=lambda one: drawn(self._stored.seed, work, one))
                self._give(chosen, account, VALIDITY)
                given += 1
        return given
