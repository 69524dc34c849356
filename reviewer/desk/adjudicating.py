"""Two ratings before an adjudicator: levels and evidence of both, nothing of who gave them.

Invariant: that they were looked at is kept before they are handed out, so the adjudicator's rating
never counts as blind. Names, moments and the order of the two are in nothing that is returned.
"""

from dataclasses import dataclass

from reviewer.desk.case import UNKNOWN, Case, Cases, Submissions
from reviewer.desk.marked import place_of
from reviewer.errors import NothingHere
from reviewer.intake.artifact import Artifact
from reviewer.review.adjudication import DISCREPANCIES, sides
from reviewer.review.outcome import Verdict, verdict
from reviewer.review.permission import Act, Kind, Person
from reviewer.review.rating import Sight
from reviewer.review.standing import Standing
from reviewer.rubric import Element
from reviewer.store.assignments import Assigned
from reviewer.store.human import HumanRecords
from reviewer.store.settling import Adjudicated


@dataclass(frozen=True, slots=True)
class Shown:
    """One passage that a rater marked: where it is in words, and what it says."""

    place: str
    quote: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two ratings of an element; `level` is null for not observable."""

    level: float | None
    evidence: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An element in question: why, both sides in drawn order, the adjudicator's own standing."""

    element: Element
    why: str
    sides: tuple[Side, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Before:
    """What an adjudicator has before them."""

    case: Case
    questions: tuple[Question, ...]


class Adjudications:
    """Puts pairs of ratings before adjudicators; safe to share among threads."""

    def __init__(self, submissions: Submissions, records: HumanRecords, cases: Cases) -> None:
        self._submissions = submissions
        self._records = records
        self._cases = cases

    def waiting(self, person: Person) -> tuple[Assigned, ...]:
        """The works that the person is to adjudicate, the longest waiting first."""
        return tuple(
            one
            for one in self._cases.assigned(person)
            if one.kind is Kind.ADJUDICATION and one.outcome is None
        )

    def open(self, person: Person, submission: str) -> Before:
        """Both ratings of each element in question; raises `NothingHere`."""
        case = self._cases.open(person, submission)
        asked = self._records.settling.adjudicated(submission)
        if case.kind is not Kind.ADJUDICATION or asked is None:
            raise NothingHere(UNKNOWN)
        self._cases.open(person, submission, Act.DECIDE)
        for one in asked.elements:
            self._records.reviews.saw(case.place(one.element), Sight.DRAFT, "two ratings")
        with self._records.reading():
            return Before(case, self._questions(case, asked))

    def outcome(self, before: Before) -> Verdict | None:
        """What finalizing would record; null while a question is open."""
        case = before.case
        if any(one.standing.decision is None for one in before.questions):
            return None
        levels = self._records.outcomes.levels(case.record.id, case.credential)
        found = verdict(case.credential, levels, case.record.attempt)
        return found if found.outcome is not None else None

    def _questions(self, case: Case, asked: Adjudicated) -> tuple[Question, ...]:
        work, records = asked.submission, self._records
        stored = records.programs.policy_under(work)
        assert stored is not None  # only a distributed work is adjudicated
        raters = sides(work, asked.raters, stored.seed)
        first_pass = self._submissions.first_pass(work)
        artifacts = {one.id: one for one in first_pass.artifacts} if first_pass else {}
        standings = {one: records.reviews.standings(work, one) for one in raters}
        marked = {one: self._evidence(work, one, artifacts) for one in raters}
        own = records.reviews.standings(work, case.person.id)
        return tuple(
            Question(
                case.element(one.element),
                DISCREPANCIES[one.why],
                tuple(
                    Side(
                        _level(standings[rater].get(one.element, Standing())),
                        marked[rater].get(one.element, ()),
                    )
                    for rater in raters
                ),
                own.get(one.element, Standing()),
            )
            for one in asked.elements
        )

    def _evidence(
        self, work: str, rater: str, artifacts: dict[str, Artifact]
    ) -> dict[str, tuple[Shown, ...]]:
        """Element -> what the rater marked for it, in the order of the work."""
        order = {one: at for at, one in enumerate(artifacts)}
        found: dict[str, tuple[Shown, ...]] = {}
        marks = [one for one in self._records.remarks.marks(work, rater) if one.artifact in order]
        for mark in sorted(marks, key=lambda one: (order[one.artifact], one.start, one.end)):
            artifact = artifacts[mark.artifact]
            shown = Shown(place_of(mark, artifact), artifact.quote(mark.start, mark.end))
            found[mark.element] = (*found.get(mark.element, ()), shown)
        return found


def _level(standing: Standing) -> float | None:
    return standing.current.level if standing.current else None
