"""Distributing: works that wait are given to evaluators, routed by the policy, all as drawn.

Invariant: one distribution is one transaction: two at the same moment cannot give a work twice. The
draw of every work is kept beside the policy and the seed that it came from, so it can be made
again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewer.review.permission import Person
from reviewer.store import parts
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.programs import StoredPolicy
from reviewer.store.sharing import Round, Waiting, waiting_works


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
