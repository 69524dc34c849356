"""One submission opened by one person for one act: permission first, then everything kept of it.

Invariant: a `Case` exists only where `may` said yes. What is not there and what is not for this
person are refused with the same sentence.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reviewer.errors import NothingHere, NotPermitted
from reviewer.review.permission import Act, Kind, Object, Part, Person, may
from reviewer.review.policy import under
from reviewer.review.rating import RaterType
from reviewer.review.resubmission import Earlier, open_elements
from reviewer.review.standing import Standing
from reviewer.rubric import Credential, Element
from reviewer.scoring.draft import DraftedLevel, ElementDraft
from reviewer.scoring.first_pass import FirstPass
from reviewer.store.assignments import Assigned
from reviewer.store.human import HumanRecords
from reviewer.store.listing import ListedWork, SoFar
from reviewer.store.openings import Opening
from reviewer.store.outcomes import Finalized
from reviewer.store.records import SubmissionRecord
from reviewer.store.reviews import Place

UNKNOWN = "There is no such submission here."

_RATER_TYPES = {
    Kind.FIRST: RaterType.EVALUATOR,
    Kind.SECOND: RaterType.EVALUATOR,
    Kind.ADJUDICATION: RaterType.ADJUDICATOR,
    Kind.TRAINING: RaterType.TRAINEE,
}


class Submissions(Protocol):
    """What is read of submissions; `reviewer.store.repository.Repository` is the real one."""

    def submissions(self) -> tuple[SubmissionRecord, ...]:
        """All submissions, newest first."""

    def newest(
        self, most: int, credentials: frozenset[str] | None = None
    ) -> tuple[SubmissionRecord, ...]:
        """At most `most` submissions (of these credentials; null: of all), newest first."""

    def record(self, submission_id: str) -> SubmissionRecord | None:
        """One submission as it was received; null if there is none."""

    def credential(self, submission_id: str) -> Credential:
        """The credential as it was when the submission was made; raises `StoreError`."""

    def headers(
        self, submissions: Collection[str]
    ) -> dict[str, tuple[SubmissionRecord, Credential]]:
        """`record` and `credential` by submission, of those that are here."""

    def so_far(self, submission_id: str) -> SoFar | None:
        """`first_pass` with the stages of one moment; null if there is no such submission."""

    def listed(self, submissions: Collection[str]) -> dict[str, ListedWork]:
        """What a list says of each, of those that are here."""

    def first_pass(self, submission_id: str) -> FirstPass | None:
        """The result so far, as the gate lets it be shown; null if there is no such submission."""

    def drafts(self, submission_id: str) -> tuple[ElementDraft, ...]:
        """Every draft, held back by no gate: for measuring, not for show; raises `StoreError`."""

    def drafted(self, credential: str | None) -> Iterator[tuple[str, tuple[DraftedLevel, ...]]]:
        """(submission, its drafted levels) of all works (of a credential; null: of any)."""

    def file_path(self, submission_id: str, artifact_id: str) -> Path:
        """Where the bytes of one artifact lie; raises `StoreError`, or `NotPermitted`."""

    def masked(self, words: str) -> str:
        """Words about a submission as they may be handed out: names covered, if need be."""


@dataclass(frozen=True, slots=True)
class Case:
    """A submission before one person; `part` is null where it is not assigned to them.

    `open` are the elements that the person rates: those that this attempt is reviewed on, for an
    adjudicator those in question. `standings` are the person's own. `entered`: it is kept that
    they opened the submission.
    """

    person: Person
    record: SubmissionRecord
    credential: Credential
    part: Part | None
    standings: dict[str, Standing]
    open: tuple[str, ...]
    earlier: Earlier | None
    finalized: Finalized | None
    entered: bool

    @property
    def kind(self) -> Kind | None:
        """As what the submission is assigned to the person; null where it is not."""
        return None if self.part is None else self.part.kind

    @property
    def independent(self) -> bool:
        """Whether the person must stay without any aid."""
        return self.part is not None and self.part.independent

    @property
    def all_scored(self) -> bool:
        """Whether the person's own levels for every open element are stored."""
        return all_scored(self.open, self.standings)

    @property
    def unconfirmed(self) -> str:
        """Where the person chose a level after they had decided, as a sentence; empty: nowhere."""
        for one in self.credential.elements:
            own = self.standing(one.id)
            if one.id in self.open and own.decision and own.current and not own.decided:
                chosen, kept = (
                    "not observable" if level is None else f"{level:g}"
                    for level in (own.current.level, own.decision.level)
                )
                return (
                    f"On {one.title} you chose {chosen} after {kept} was decided. Decide it again: "
                    f"until then {kept} counts."
                )
        return ""

    def standing(self, element: str) -> Standing:
        """The person's standing with one element."""
        return self.standings.get(element, Standing())

    def element(self, element_id: str) -> Element:
        """The element of this id; raises `NothingHere`."""
        for one in self.credential.elements:
            if one.id == element_id:
                return one
        raise NothingHere("There is no such element in this credential.")

    def place(self, element_id: str) -> Place:
        """Where the person rates; raises `NotPermitted` for an element that is not open to them."""
        element = self.element(element_id)
        if self.kind is None or element.id not in self.open:
            raise NotPermitted(_closed(self.kind, element))
        return Place(
            self.record.id,
            element.id,
            self.person,
            _RATER_TYPES[self.kind],
            self.record.rubric_hash,
        )


def all_scored(opened: tuple[str, ...], standings: dict[str, Standing]) -> bool:
    """Whether every open element has a level of the rater's own."""
    return all(one in standings and standings[one].scored for one in opened)


class Cases:
    """Opens submissions for people; safe to share among threads."""

    def __init__(self, submissions: Submissions, records: HumanRecords) -> None:
        self._submissions = submissions
        self._records = records

    def assigned(self, person: Person) -> tuple[Assigned, ...]:
        """What is assigned to the person and may still be read by them, longest waiting first.

        Whoever lost the role that a part asks for keeps the rest of their list.
        """
        return tuple(
            one
            for one in self._records.assignments.of(person.id)
            if may(person, Act.READ_WORK, Object(one.credential, Part.of(one.kind)))
        )

    def open(self, person: Person, submission: str, act: Act = Act.READ_WORK) -> Case:
        """The case, if `person` may do `act`; raises `NothingHere` or `NotPermitted`."""
        found = self.open_all(person, [submission])
        if not found:
            raise NothingHere(UNKNOWN)
        if not self.may(found[0], act):
            raise NotPermitted(_refusal(act, found[0]))
        return found[0]

    def readable(self, person: Person, submission: str) -> bool:
        """Whether the person may read the submission: less to look for than all of its case."""
        with self._records.reading():
            return bool(self._readable(person, [submission]))

    def open_all(self, person: Person, submissions: Sequence[str]) -> list[Case]:
        """The cases of those that the person may read, in the order given, read together."""
        records = self._records
        with records.reading():
            readable = self._readable(person, submissions)
            # A first attempt has none before it, and most works are one.
            again = [one for one, (record, _, _) in readable.items() if record.attempt > 1]
            earlier = records.outcomes.earlier_of(again) if again else {}
            standings = records.reviews.standings_of(readable, person.id)
            cases = []
            for one, (record, written, opening) in readable.items():
                credential, before = under(opening.policy, written), earlier.get(one)
                opened = self._open(one, opening.part) or open_elements(credential, before)
                cases.append(
                    Case(
                        person,
                        record,
                        credential,
                        opening.part,
                        standings[one],
                        opened,
                        before,
                        opening.finalized,
                        opening.entered,
                    )
                )
        return cases

    def _readable(
        self, person: Person, submissions: Sequence[str]
    ) -> dict[str, tuple[SubmissionRecord, Credential, Opening]]:
        """What is known of those that the person may read, in the order given."""
        headers = self._submissions.headers(submissions)
        openings = self._records.openings.of(submissions, person.id)
        return {
            one: (*headers[one], openings[one])
            for one in submissions
            if one in headers
            and may(person, Act.READ_WORK, Object(headers[one][0].credential, openings[one].part))
        }

    def _open(self, submission: str, part: Part | None) -> tuple[str, ...]:
        """The elements in question, for an adjudicator of two ratings; empty for anybody else."""
        if part is None or part.kind is not Kind.ADJUDICATION:
            return ()
        asked = self._records.settling.adjudicated(submission)
        return tuple(one.element for one in asked.elements) if asked else ()

    def may(self, case: Case, act: Act) -> bool:
        """Whether the case's person may do another act to it."""
        return may(case.person, act, Object(case.record.credential, case.part, case.all_scored))


def _closed(kind: Kind | None, element: Element) -> str:
    """Why somebody with this part may not rate the element."""
    if kind is None:
        return "This submission is not assigned to you."
    if kind is Kind.ADJUDICATION:
        return f"The element {element.title!r} is not in question between the two ratings."
    return f"The element {element.title!r} is not open: its level stands from the attempt before."


def _refusal(act: Act, case: Case) -> str:
    if act in (Act.SEE_DRAFT, Act.EXPORT) and case.kind is not None and not case.independent:
        return (
            "Drafts and exports open when your own level for every element is stored: "
            f"{sum(one in case.standings for one in case.open)} of {len(case.open)} were begun."
        )
    return "Your part in this review does not include that."
