"""A program in small: works of one credential, evaluators whose severity is known, an adjudicator.

`Year` stands on a `MemoryProgram`; `rate_everything` plays every evaluator and adjudicator who has
something to do, with levels that follow from the work's ability and their own severity.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import house_credentials
import house_sample as sample
import numpy as np
import pytest
from house_program import DONE, MemoryProgram

from reviewer.calibration.gate import Thresholds
from reviewer.review.permission import Grant, Kind, Person, Role
from reviewer.review.policy import Policy
from reviewer.review.rating import RaterType
from reviewer.rubric import Credential
from reviewer.store import accounts
from reviewer.store.reviews import Place

SEVERITY = {"ann": 0.9, "ben": 0.45, "cem": 0.0, "dua": -0.45, "eva": -0.9}
"""Points that each sees fewer than one of mean severity, before they choose a level."""

CREDENTIAL = house_credentials.graded(elements=4, levels=5, required=2, turnaround_days=3)


SEED = 11
NOISE = 0.8  # points by which the same person differs from element to element


def _levels(seen: Any) -> Any:
    """The levels nearest to what was seen, on the scale of 0 to 4."""
    return np.clip(np.round(seen), 0, 4)


@dataclass
class Year:
    """One program and its people; `ability` is each work's own, in points of the scale."""

    program: MemoryProgram
    credential: Credential = CREDENTIAL
    ability: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(SEED)
        # Ids and seed are drawn anew in every store; here everything that is drawn is the same.
        with pytest.MonkeyPatch.context() as patch:
            for number, name in enumerate(SEVERITY):
                patch.setattr(accounts.secrets, "token_hex", lambda _, at=number: f"{at:012x}")
                self.program.records.accounts.add(name, None, [Grant(Role.EVALUATOR)])
        # The demo's own evaluator has another program to work for.
        self.program.records.accounts.revoke("evaluator", Grant(Role.EVALUATOR))
        if self.credential.id not in {one.id for one in self.program.credentials()}:
            self.program.records.programs.publish(self.credential, self.issuer)
        self.program.records.programs.set_policy(
            self.credential.id, Policy(), Thresholds(), SEED, self.issuer
        )

    @property
    def issuer(self) -> Person:
        return self.program.person("issuer")

    def hand_in(self, works: int, first: int = 0) -> None:
        for number in range(first, first + works):
            name = f"w{number:03}"
            self.ability[name] = float(self._random.normal(2.0, 1.2))
            held = replace(
                sample.first_pass(),
                credential=self.credential.id,
                rubric_hash=self.credential.rubric_hash,
                candidate=f"C-{number:03}",
                attempt=1,
                elements=(),
            )
            self.program.hold(name, held, DONE, to=None, credential=self.credential)

    def distribute(self) -> None:
        self.program.programs.distribute(self.issuer, self.credential.id)

    def level(self, work: str, name: str) -> float:
        """A level of one element of the work, as this person sees it today."""
        seen = self.ability[work] - SEVERITY.get(name, 0.0) + self._random.normal(0, NOISE)
        return float(_levels(seen))

    def fewer_points(self, name: str) -> float:
        """What this person gives less, on average, than one of mean severity to the same works.

        Less than their severity: at the ends of the scale nobody can give less, or more.
        """
        works = [one.submission for one in self.program.desk.queue(self.program.person(name))]
        ability = np.array([self.ability[work] for work in works])
        seen = ability + self._random.normal(0, NOISE, (4000, len(works)))
        return float((_levels(seen) - _levels(seen - SEVERITY[name])).mean())

    def rate_everything(self, kinds: tuple[Kind, ...] = tuple(Kind)) -> None:
        """Everybody scores, and who is to decide decides, all that is in their queue."""
        for name in (*SEVERITY, "adjudicator"):
            person = self.program.person(name)
            for one in self.program.desk.queue(person):
                if one.outcome is None and one.kind in kinds:
                    self.rate(person, one.submission)

    def rate(self, person: Person, work: str) -> None:
        desk = self.program.desk
        case = desk.cases.open(person, work)
        for element in case.open:
            if not case.standing(element).scored:
                level = self.level(work, person.name)
                standing = desk.rate(person, work, element, level, 0)
                if case.kind in (Kind.FIRST, Kind.ADJUDICATION):
                    desk.decide(person, work, element, level, standing.version)

    def until_one_dispute_is_left(self, works: int) -> str:
        """Hand in, distribute, rate, adjudicate all but one, finalize; returns that one."""
        self.hand_in(works)
        self.distribute()
        self.rate_everything((Kind.FIRST, Kind.SECOND))
        judge = self.program.person("adjudicator")
        left, *others = self.program.desk.adjudications.waiting(judge)
        for one in others:
            self.rate(judge, one.submission)
        self.finalize_everything()
        self.mark_evidence(left.submission)
        return left.submission

    def mark_evidence(self, work: str) -> None:
        """Each of the two raters marks a passage of their own for every element in question."""
        asked = self.program.records.settling.adjudicated(work)
        assert asked is not None
        for number, rater in enumerate(asked.raters):
            person = self.program.records.accounts.person(rater)
            assert person is not None
            said = sample.VIDEO.segments[number]
            for one in asked.elements:
                place = Place(work, one.element, person, RaterType.EVALUATOR, "")
                self.program.records.remarks.mark(place, sample.VIDEO.id, said.start, said.end)

    def finalize_everything(self) -> int:
        """Every evaluator finalizes what is ready; returns how many reviews that were."""
        desk, finished = self.program.desk, 0
        for name in SEVERITY:
            person = self.program.person(name)
            for one in desk.queue(person):
                if one.kind is Kind.FIRST and one.outcome is None:
                    outcome = desk.summary(person, one.submission).verdict.outcome
                    if outcome and not self.program.records.settling.held(one.submission):
                        desk.finalize(person, one.submission, outcome)
                        finished += 1
        return finished
