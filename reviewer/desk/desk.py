"""The acts of a review: look, rate, reveal, decide, write, mark, finalize.

Invariant: each act opens the case anew, so a role or assignment that was taken away counts at
once; what a page sends is checked against the credential and the work, never believed.
"""

import math
from dataclasses import dataclass

from reviewer.desk.adjudicating import Adjudications
from reviewer.desk.assigning import refuse_to_assign
from reviewer.desk.case import UNKNOWN, Case, Cases, Submissions
from reviewer.desk.looking import Look, awaits_reveal, engine_of, look, own_of
from reviewer.desk.people import People
from reviewer.desk.settling import adjudicated, settle
from reviewer.errors import NothingHere, ReviewError
from reviewer.intake.artifact import ArtifactKind
from reviewer.review.decision import Reason
from reviewer.review.outcome import Outcome, Verdict, verdict
from reviewer.review.permission import Act, Kind, Person, Purpose
from reviewer.review.rating import RaterType, Sight, checked_level
from reviewer.review.reveal import decides_about
from reviewer.review.standing import Standing
from reviewer.scoring.draft import ElementDraft
from reviewer.scoring.first_pass import FirstPass
from reviewer.scoring.gate import gate
from reviewer.store.assignments import Assigned
from reviewer.store.human import HumanRecords
from reviewer.store.listing import SoFar
from reviewer.store.outcomes import Finalized
from reviewer.store.remarks import RemarkKind
from reviewer.store.reviews import Place

WORDS = 2000
"""Characters of the optional words of a decision."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Where a review stands as a whole: what finalizing would record.

    `held` says why it cannot be finalized yet though all is decided, be it a level chosen after a
    decision; else it is empty.
    """

    verdict: Verdict
    levels: dict[str, float | None]
    feedback: dict[str, str]
    finalized: Finalized | None
    held: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A case before its person, and what there is of the submission at that moment."""

    case: Case
    so_far: SoFar


@dataclass(frozen=True, slots=True)
class Opened:
    """One element of a case before its person, and the first pass that it was looked at in."""

    case: Case
    first_pass: FirstPass
    look: Look


class Desk:
    """One desk for everybody; safe to share among threads."""

    def __init__(self, submissions: Submissions, records: HumanRecords) -> None:
        self.submissions = submissions
        self.records = records
        self.cases = Cases(submissions, records)
        self.people = People(records.accounts, records.entries)
        self.adjudications = Adjudications(submissions, records, self.cases)

    def queue(self, person: Person) -> tuple[Assigned, ...]:
        """What is assigned to the person and open to them, the longest waiting first."""
        return self.cases.assigned(person)

    def first_pass(self, case: Case) -> FirstPass:
        """The first pass behind a case, drafts included: for this room and exports alone."""
        return self.so_far(case).first_pass

    def so_far(self, case: Case) -> SoFar:
        """The same with the stages that it has been through."""
        found = self.submissions.so_far(case.record.id)
        if found is None:
            raise NothingHere(UNKNOWN)
        return found

    def enter(self, person: Person, submission: str) -> Entered:
        """A submission opened by one who is to read it; that they did is kept, once."""
        with self.records.reading():
            case = self.cases.open(person, submission)
            so_far = self.so_far(case)
        if not case.entered:
            rubric_hash = case.record.rubric_hash
            self.records.reviews.entered(
                Place(submission, "", person, RaterType.EVALUATOR, rubric_hash)
            )
        return Entered(case, so_far)

    def look(self, person: Person, submission: str, element: str) -> Opened:
        """What the person may see of one element now; what is seen is kept."""
        with self.records.reading():
            case = self.cases.open(person, submission)
            first_pass = self.first_pass(case)
            own = own_of(case, self.records)
        return Opened(case, first_pass, look(case, first_pass, own, self.records, element))

    def rate(
        self, person: Person, submission: str, element: str, level: float | None, version: int
    ) -> Standing:
        """Store a level (null: not observable) of one's own; raises `ReviewError`."""
        case = self.cases.open(person, submission, Act.RATE)
        checked_level(case.element(element), level)
        standing = self.records.reviews.rate(case.place(element), level, version)
        settle(case, self.records, lambda: self.first_pass(case).elements)
        return standing

    def reveal(self, person: Person, submission: str, element: str) -> Standing:
        """Show the draft: only after a level of one's own is stored, and only where one may be."""
        case = self.cases.open(person, submission, Act.RATE)
        place = case.place(element)
        if not case.standing(element).scored:
            raise ReviewError("Store a level of your own first; the draft is shown after it.")
        draft = self._draft(case, element)
        if awaits_reveal(case, draft, element):
            assert draft is not None
            self.records.reviews.saw(place, Sight.DRAFT, engine_of(draft))
        return self.records.reviews.standings(submission, person.id)[element]

    def open_citation(self, person: Person, submission: str, element: str, number: int) -> None:
        """Keep that a citation (from 1) of the revealed draft was opened at its place."""
        case = self.cases.open(person, submission, Act.RATE)
        place = case.place(element)
        draft = self._draft(case, element)
        revealed = case.standing(element).revealed and draft is not None
        shown = gate(draft, case.credential.gate) if revealed and draft else None
        if shown is None or not 1 <= number <= len(shown.citations):
            raise NothingHere("There is no such citation before you.")
        self.records.reviews.saw(place, Sight.CITATION, str(number))

    def decide(
        self,
        person: Person,
        submission: str,
        element: str,
        level: float | None,
        version: int,
        reason: Reason | None = None,
        words: str = "",
    ) -> Standing:
        """Make a level the score of record; raises `ReviewError`."""
        case = self.cases.open(person, submission, Act.DECIDE)
        checked_level(case.element(element), level)
        place = case.place(element)
        draft = self._draft(case, element)
        if awaits_reveal(case, draft, element):
            raise ReviewError("Look at the draft before you decide: store your level, then Enter.")
        if len(words) > WORDS:
            raise ReviewError(f"Keep the words of a decision within {WORDS} characters.")
        # An adjudicator has seen two ratings, never a draft: there is none to decide about.
        revealed = case.standing(element).revealed and not case.independent
        about = decides_about(draft, case.credential.gate) if revealed else None
        standing = self.records.reviews.decide(place, level, about, version, reason, words)
        settle(case, self.records, lambda: self.first_pass(case).elements)
        return standing

    def write(
        self,
        person: Person,
        submission: str,
        element: str,
        kind: RemarkKind,
        words: str,
        before: str | None = None,
    ) -> str:
        """Keep a note or a paragraph of feedback; what is kept then (see `Remarks.write`)."""
        case = self._unfinished(person, submission)
        return self.records.remarks.write(case.place(element), kind, words, before)

    def mark(
        self, person: Person, submission: str, element: str, artifact: str, start: int, end: int
    ) -> None:
        """Make characters ``[start, end)`` of an artifact evidence for the element."""
        case = self._unfinished(person, submission)
        place = case.place(element)
        for one in self.first_pass(case).artifacts:
            if one.id == artifact and 0 <= start < end <= len(one.text):
                self.records.remarks.mark(place, artifact, start, end)
                return
        raise ReviewError("That selection is not in the work: select words in its text.")

    def mark_times(
        self,
        person: Person,
        submission: str,
        element: str,
        artifact: str,
        start_s: float,
        end_s: float,
    ) -> None:
        """Make a time span of a recording (in seconds) evidence, whether anything is said or not.

        What goes beyond the end of the recording is left out.
        """
        case = self._unfinished(person, submission)
        place = case.place(element)
        for one in self.first_pass(case).artifacts:
            if one.id == artifact and one.kind in (ArtifactKind.VIDEO, ArtifactKind.AUDIO):
                end_s = end_s if one.duration_s is None else min(end_s, one.duration_s)
                if 0 <= start_s < end_s < math.inf:
                    said = one.said_between(start_s, end_s)
                    self.records.remarks.mark(place, artifact, *said, times=(start_s, end_s))
                    return
        raise ReviewError(
            "That time span is not in the work: begin it in a recording, and end it later."
        )

    def unmark(self, person: Person, submission: str, element: str, number: int) -> None:
        """Take a mark of one's own back."""
        case = self._unfinished(person, submission)
        self.records.remarks.unmark(case.place(element), number)

    def _unfinished(self, person: Person, submission: str) -> Case:
        """The case of a rater whose words and marks may still change."""
        case = self.cases.open(person, submission, Act.RATE)
        if case.finalized is not None:
            raise ReviewError("This review is finalized; what was written stands as it is.")
        return case

    def spend(self, person: Person, submission: str, element: str, seconds: float) -> None:
        """Add active time to what the person has looked at, by what they had seen by then."""
        case = self.cases.open(person, submission, Act.RATE)
        aid = case.standing(element).aid
        self.records.remarks.spend(case.place(element), seconds, aid)

    def summary(self, person: Person, submission: str) -> Summary:
        """Where the review stands, and what finalizing it would record.

        Levels are those of record; to a rater who has not scored everything yet only their own
        decisions are shown, and to an independent one never another's.
        """
        case = self.cases.open(person, submission)
        levels = self._levels_for(case)
        found = verdict(case.credential, levels, case.record.attempt)
        feedback = {}
        if case.kind is not None:
            first_pass, own = self.first_pass(case), own_of(case, self.records)
            for one in case.open:
                if case.standing(one).decision is not None:
                    feedback[one] = look(case, first_pass, own, self.records, one).feedback
        decided = found.outcome is not None and case.finalized is None
        held = (case.unconfirmed or self.records.settling.held(submission)) if decided else ""
        return Summary(found, levels, feedback, case.finalized, held)

    def _levels_for(self, case: Case) -> dict[str, float | None]:
        everything = self.records.outcomes.levels(case.record.id, case.credential)
        if case.kind is None:
            return everything
        if case.all_scored and (not case.independent or adjudicated(case, self.records)):
            self._saw_others(case)
            return everything
        own = {
            one: standing.decision.level
            for one, standing in case.standings.items()
            if standing.decision is not None
        }
        if not case.all_scored:
            return own
        return {one: level for one, level in everything.items() if one not in case.open} | own

    def _saw_others(self, case: Case) -> None:
        """Keep that another rater's decisions are shown: no later rating counts as blind."""
        if case.finalized is not None:
            return
        for one in self.records.reviews.confirmed(case.record.id).values():
            if one.rater != case.person.name and one.element in case.open:
                self.records.reviews.saw(
                    case.place(one.element), Sight.DRAFT, f"level of {one.rater}"
                )

    def finalize(self, person: Person, submission: str, expected: Outcome) -> Finalized:
        """Record the outcome that the person saw; the feedback that stands is kept with it."""
        case = self.cases.open(person, submission, Act.FINALIZE)
        summary = self.summary(person, submission)
        if waits := case.unconfirmed:
            raise ReviewError(waits)
        if case.finalized is None and summary.verdict.outcome is expected:
            for element, words in summary.feedback.items():
                self.records.remarks.write(case.place(element), RemarkKind.FEEDBACK, words)
        return self.records.outcomes.finalize(
            submission, case.credential, case.record.attempt, person, expected
        )

    def assign(
        self,
        person: Person,
        submission: str,
        to: str,
        kind: Kind,
        purpose: Purpose | None = None,
    ) -> None:
        """Assign a submission to the person named `to`; see `Assignments.assign`."""
        case = self.cases.open(person, submission, Act.ASSIGN)
        found = self.records.accounts.named(to)
        if found is None:
            raise ReviewError(f"There is no account named {to}.")
        refuse_to_assign(case, self.records, found, kind)
        self.records.assignments.assign(submission, found, kind, person.name, purpose)

    def name_candidate(self, person: Person, submission: str, name: str) -> None:
        """Keep who is behind the pseudonym of a submission: letters are addressed by it."""
        case = self.cases.open(person, submission, Act.SEE_IDENTITY)
        plain = " ".join(name.split())
        if not 1 <= len(plain) <= 200:
            raise ReviewError("Give the candidate's name in 1 to 200 characters.")
        self.records.assignments.name_candidate(case.record.candidate, plain, person.name)

    def _draft(self, case: Case, element: str) -> ElementDraft | None:
        drafts = self.first_pass(case).elements
        return next((one for one in drafts if one.element == element), None)
