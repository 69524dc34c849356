"""Distributing: works that wait are given to evaluators, routed by the policy, all as drawn.

Invariant: one distribution is one transaction: two at the same moment cannot give a work twice. The
draw of every work is kept beside the policy and the seed that it came from, so it can be made
again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from reviewer.errors import ReviewError
from reviewer.review.permission import Person
from reviewer.review.routing import Why
from reviewer.store import parts
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.programs import StoredPolicy, latest_policy
from reviewer.store.sharing import Round
from reviewer.store.waiting import Waiting, reasons, waiting_works
from reviewer.store.waivers import Waiver, keep_waiver, waivers

ITSELF = "reviewer"
"""Who draws where nobody asked for it, as the record of events names it."""


@dataclass(frozen=True, slots=True)
class Distributed:
    """What was distributed, in numbers of works; `short` ones lack somebody who may."""

    works: int
    seconds: int
    adjudications: int
    validity: int
    short: int

    def then(self, later: "Distributed") -> "Distributed":
        """Both together; what still lacks somebody is what the later one says."""
        return Distributed(
            self.works + later.works,
            self.seconds + later.seconds,
            self.adjudications + later.adjudications,
            self.validity + later.validity,
            later.short,
        )


@dataclass(frozen=True, slots=True)
class Lacking:
    """A work that is to be scored twice, and whose second score nobody may give."""

    submission: str
    candidate: str
    why: tuple[Why, ...]


class Distribution:
    """Distributes the works of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now, *, demo: bool = False) -> None:
        self._database = database
        self._clock = clock
        self._demo = demo

    def prepare(self, credential: str, person: Person) -> tuple[Waiting, ...]:
        """The works to distribute, the longest waiting first; at most `AT_ONCE`.

        Before that, unfinished parts are taken from everybody who left.
        """
        with self._database.writing() as connection:
            parts.release_left(connection, credential, person.name)
            return waiting_works(connection, credential)

    def distribute(
        self, stored: StoredPolicy, heard: Mapping[str, float | None], person: Person
    ) -> Distributed:
        """Give everything that waits to somebody who may.

        `heard`: submission -> least share of a recording that was heard well (null: none to hear),
        of the works that `prepare` gave; others wait for the next time.
        """
        with self._database.writing() as connection:
            one = Round(connection, stored, person.name, self._clock(), demo=self._demo)
            works, seconds, short = one.works(heard)
            late_seconds, lacking = one.missing_seconds()
            adjudications, without = one.missing_adjudicators()
            return Distributed(
                works,
                seconds + late_seconds,
                adjudications,
                one.validity(),
                short + lacking + without,
            )

    def lacking(self, credential: str) -> tuple[Lacking, ...]:
        """The works whose second score nobody has and nobody may give, longest waiting first."""
        with self._database.reading() as connection:
            return tuple(
                Lacking(one.submission, one.candidate, reasons(connection, one.submission))
                for one, may in self._without_second(connection, credential)
                if not may
            )

    def _without_second(
        self, connection: Connection, credential: str, only: str | None = None
    ) -> tuple[tuple[Waiting, tuple[str, ...]], ...]:
        """Works (or one) whose second score nobody has, with the names of those who may give it."""
        stored = latest_policy(connection, credential)
        if stored is None:
            return ()
        one = Round(connection, stored, ITSELF, self._clock(), demo=self._demo)
        return one.without_second(only)

    def waivers(self, credential: str) -> tuple[Waiver, ...]:
        """The second scores that were waived, the oldest first."""
        with self._database.reading() as connection:
            return waivers(connection, credential)

    def waive(self, credential: str, submission_id: str, words: str, person: Person) -> None:
        """Let a work go on without its second score; the same again changes nothing.

        Raises `ReviewError` unless nobody has it, nobody may give it, and `person` has no part in
        the work.
        """
        with self._database.writing() as connection:
            if any(one.submission == submission_id for one in waivers(connection, credential)):
                return
            lacking = self._without_second(connection, credential, submission_id)
            if not lacking:
                raise ReviewError(
                    "No work of this program with that id lacks its second score: it is not scored "
                    "twice, is finalized, or somebody has the second part or nobody the first."
                )
            ((_, may),) = lacking
            if may:
                raise ReviewError(
                    f"{', '.join(may)} may still give the second score of this work: distribute "
                    "what waits, or assign it by hand."
                )
            if person.id in parts.taken(connection, submission_id):
                raise ReviewError(
                    "You score this work yourself; another issuer has to waive its second score."
                )
            keep_waiver(connection, submission_id, words, person, self._clock())
