"""A program after some years, on a store that `eval.full_store` filled: made in bulk.

Invariant: the rows are those that distributing, scoring, adjudicating and finalizing would have
made, but for the record of events; who is severe, and what was drawn, follow from `SEED`.
"""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import Table

from eval.full_store import BEGAN, insert_rows, name_of
from reviewer.calibration.gate import Thresholds
from reviewer.review.adjudication import Discrepancy
from reviewer.review.outcome import verdict
from reviewer.review.permission import Grant, Kind, Person, Purpose, Role
from reviewer.review.policy import Policy
from reviewer.review.rating import Aid, Phase, RaterType
from reviewer.rubric import Credential
from reviewer.store.database import Database
from reviewer.store.dialects import count_on
from reviewer.store.human import HumanRecords
from reviewer.store.people_schema import assignment
from reviewer.store.program_schema import adjudication, routing, second_reason
from reviewer.store.review_schema import active_time, decision, outcome, rating

SEED = 20260302
EVALUATORS = 30
TWICE = 7  # every seventh work is scored twice
DISPUTED = 35  # and every fifth of those goes to the adjudicator
FINISHED = 0.9  # share of works that have their outcome; of the others half are begun


@dataclass(frozen=True)
class People:
    """Who works in the program."""

    issuer: Person
    adjudicator: Person
    trainer: Person
    evaluators: tuple[Person, ...]


def fill_program(
    database: Database, records: HumanRecords, credential: Credential, submissions: int
) -> People:
    """Put people, a policy and the reviews of `submissions` works in."""
    people = _people(records)
    records.programs.set_policy(credential.id, Policy(), Thresholds(), SEED, people.issuer)
    stored = records.programs.policy(credential.id)
    assert stored is not None
    rows: dict[Table, list[dict[str, object]]] = {}
    made = _Years(credential, people, stored.number, submissions)
    for number in range(submissions):
        for table, row in made.work(number):
            rows.setdefault(table, []).append(row)
    for table in (
        routing, second_reason, assignment, rating, decision, adjudication, active_time, outcome,
    ):  # fmt: skip
        insert_rows(database, table, rows.get(table, []))
    with database.writing() as connection:
        count_on(connection, [rating, decision, active_time, outcome])
    return people


def _people(records: HumanRecords) -> People:
    def add(name: str, role: Role) -> Person:
        person = records.accounts.person(records.accounts.add(name, None, [Grant(role)]))
        assert person is not None
        return person

    return People(
        add("issuer", Role.ISSUER),
        add("adjudicator", Role.ADJUDICATOR),
        add("trainer", Role.TRAINER),
        tuple(add(f"evaluator{number:02}", Role.EVALUATOR) for number in range(EVALUATORS)),
    )


Row = tuple[Table, dict[str, object]]


class _Years:
    """Makes the rows of one work after the other."""

    def __init__(
        self, credential: Credential, people: People, policy: int, submissions: int
    ) -> None:
        self._credential = credential
        self._people = people
        self._policy = policy
        self._finished = int(submissions * FINISHED)
        self._begun = (submissions + self._finished) // 2
        self._random = random.Random(SEED)
        self._severity = [self._random.gauss(0, 0.4) for _ in people.evaluators]
        self._ratings, self._rest = count(1), count(1)

    def work(self, number: int) -> Iterator[Row]:
        """Everything that is kept of the review of one work."""
        work, at = name_of(number), BEGAN + timedelta(hours=number)
        twice, disputed = number % TWICE == 0, number % DISPUTED == 0
        yield routing, {
            "submission": work, "policy": self._policy, "value": self._random.random(),
            "share": 0.1, "at": at,
        }  # fmt: skip
        if twice:
            yield second_reason, {"submission": work, "why": "random", "at": at}
        raters = [(number + step) % len(self._people.evaluators) for step in range(1 + twice)]
        begun = number < self._begun
        ability = self._random.gauss(1.2, 0.8)
        for kind, who in zip((Kind.FIRST, Kind.SECOND), raters, strict=False):
            person = self._people.evaluators[who]
            purpose = Purpose.DOUBLE if twice else Purpose.ORDINARY
            yield self._part(work, person, kind, purpose, at, begun)
            if begun:
                levels = self._levels(ability - self._severity[who])
                yield from self._scores(work, person, RaterType.EVALUATOR, kind, levels, at)
        if begun and disputed:
            yield from self._dispute(number, work, raters, at)
        if number < self._finished:
            yield outcome, self._outcome(work, self._people.evaluators[raters[0]], ability, at)

    def _part(
        self, work: str, person: Person, kind: Kind, purpose: Purpose, at: datetime, done: bool
    ) -> Row:
        return assignment, {
            "submission": work, "account": person.id, "kind": kind.value,
            "purpose": purpose.value, "created_at": at, "finished_at": at if done else None,
        }  # fmt: skip

    def _levels(self, seen: float) -> dict[str, float]:
        """The level of each element that is nearest to what was seen."""
        return {
            one.id: min(
                one.values, key=lambda value: abs(value - seen - self._random.gauss(0, 0.4))
            )
            for one in self._credential.elements
        }

    def _scores(
        self,
        work: str,
        person: Person,
        rater_type: RaterType,
        kind: Kind,
        levels: dict[str, float],
        at: datetime,
    ) -> Iterator[Row]:
        """A blind rating of each element; of who decides, a final one with its decision."""
        for element, level in levels.items():
            about = {"submission": work, "element": element, "rater": person.id, "at": at}
            given = about | {"rater_type": rater_type.value}
            aid = {"aid": Aid.NONE.value}
            scored = given | aid | {"level": level}
            blind = {"id": next(self._ratings), "phase": Phase.BLIND.value}
            yield rating, scored | blind
            yield active_time, about | aid | {"id": next(self._rest), "seconds": 90.0}
            if kind is not Kind.SECOND:
                final = next(self._ratings)
                yield rating, scored | {"id": final, "phase": Phase.FINAL.value}
                ruled = "adjudicate" if kind is Kind.ADJUDICATION else "scored"
                yield decision, given | {
                    "id": next(self._rest), "rating": final, "phase": Phase.FINAL.value,
                    "kind": ruled, "reason": None, "words": "", "draft_level": None,
                }  # fmt: skip

    def _dispute(
        self, number: int, work: str, raters: Sequence[int], at: datetime
    ) -> Iterable[Row]:
        """An adjudication of the first element, decided where the work is finished."""
        one, other = (self._people.evaluators[who].id for who in raters)
        element = self._credential.elements[0]
        yield adjudication, {
            "submission": work, "one": one, "other": other, "at": at,
            "elements": json.dumps({element.id: Discrepancy.NON_ADJACENT.value}),
        }  # fmt: skip
        judge, done = self._people.adjudicator, number < self._finished
        yield self._part(work, judge, Kind.ADJUDICATION, Purpose.ADJUDICATION, at, done)
        if done:
            level = {element.id: element.values[-1]}
            kind = Kind.ADJUDICATION
            yield from self._scores(work, judge, RaterType.ADJUDICATOR, kind, level, at)

    def _outcome(
        self, work: str, person: Person, ability: float, at: datetime
    ) -> dict[str, object]:
        levels: dict[str, float | None] = dict(self._levels(ability))
        found = verdict(self._credential, levels, 1).outcome
        assert found is not None
        return {
            "id": next(self._rest), "submission": work, "rater": person.id,
            "outcome": found.value, "levels": json.dumps(levels, sort_keys=True),
            "at": at + timedelta(days=self._random.randint(0, 9)),
        }  # fmt: skip
