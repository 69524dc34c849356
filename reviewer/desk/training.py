"""Practice and qualification: a person before a work of a training set, and what follows from it.

Invariant: each act asks the permission anew and reads the set anew. The key of a practised work is
shown after it was handed in, the key of a form to nobody who qualifies on it, and no machine's
draft to anybody: there is none here.
"""

from dataclasses import dataclass

from reviewer.errors import NothingHere, TrainingError
from reviewer.review.permission import Person
from reviewer.review.rating import checked_level
from reviewer.rubric import Credential, Element
from reviewer.store.human import HumanRecords
from reviewer.store.qualifications import Attempt
from reviewer.store.sittings import Purpose, Sitting
from reviewer.store.training_sets import SetRecord
from reviewer.training.comparing import Compared, compare
from reviewer.training.consensus import disagreed
from reviewer.training.permission import TrainingAct, may_train
from reviewer.training.progress import Practised
from reviewer.training.qualification import Answer, judge
from reviewer.training.seasons import Leave, expires, leave
from reviewer.training.work import FORMS, Part, Span, TrainingSet, Work, coverage

UNKNOWN = "There is no such training set or work here."
WORDS = 2000
"""Characters of an expert's reason for a level."""

_ACTS = {
    Purpose.PRACTICE: TrainingAct.PRACTISE,
    Purpose.QUALIFICATION: TrainingAct.PRACTISE,
    Purpose.PANEL: TrainingAct.KEEP_SETS,
}


@dataclass(frozen=True, slots=True)
class Before:
    """One person before one work; `asked` are the elements to rate in it."""

    kept: TrainingSet
    work: Work
    sitting: Sitting
    asked: tuple[Element, ...]

    @property
    def handed_in(self) -> bool:
        """Whether nothing can be added any more."""
        return self.sitting.handed_in_at is not None

    @property
    def shows_key(self) -> bool:
        """Whether the key may be shown: after practice, never in a qualification or a panel."""
        return self.handed_in and self.sitting.purpose is Purpose.PRACTICE


class TrainingDesk:
    """One desk for everybody who trains; safe to share among threads.

    `demo`: qualifications on synthetic sets count for live work, as nowhere else.
    """

    def __init__(self, records: HumanRecords, *, demo: bool) -> None:
        self.records = records
        self._demo = demo

    # Sets

    def sets(self, person: Person) -> tuple[SetRecord, ...]:
        """The sets of credentials for which the person trains, keeps sets, or issues."""
        return tuple(
            one
            for one in self.records.training_sets.all()
            if any(may_train(person, act, one.credential) for act in TrainingAct)
        )

    def kept(self, person: Person, set_id: str, act: TrainingAct) -> TrainingSet:
        """The set, if `person` may do `act` with it; raises `NothingHere`."""
        found = self.records.training_sets.get(set_id)
        if found is None or not may_train(person, act, found.credential.id):
            raise NothingHere(UNKNOWN)
        return found

    # Before a work

    def enter(
        self, person: Person, set_id: str, work_id: str, purpose: Purpose, *, again: bool = False
    ) -> Before:
        """The sitting to go on with, or the last one that was handed in (with `again`: a new one).

        Raises `NothingHere`, or `TrainingError` where no attempt runs.
        """
        kept = self.kept(person, set_id, _ACTS[purpose])
        work = self._work(kept, work_id, purpose)
        attempt = self._running(kept, person).id if purpose is Purpose.QUALIFICATION else None
        mine = [
            one
            for one in self.records.sittings.of(set_id, person.id)
            if (one.work, one.purpose, one.attempt) == (work_id, purpose, attempt)
        ]
        if mine and not again:
            sitting = mine[-1]
        else:
            sitting = self.records.sittings.begin(set_id, work_id, person, purpose, attempt)
        return Before(kept, work, sitting, _asked(kept, work, purpose))

    def _work(self, kept: TrainingSet, work_id: str, purpose: Purpose) -> Work:
        if purpose is Purpose.PANEL:
            works = () if kept.synthetic else kept.works
        else:
            works = kept.of(*((Part.PRACTICE,) if purpose is Purpose.PRACTICE else FORMS))
        for one in works:
            if one.id == work_id:
                return one
        raise NothingHere(UNKNOWN)

    def _running(self, kept: TrainingSet, person: Person) -> Attempt:
        for one in self.records.qualifications.of(kept.id, person.id):
            if one.result is None:
                return one
        raise TrainingError("No attempt of yours runs; begin one first.")

    def at(self, person: Person, number: int) -> Before:
        """The sitting of this number again, with the permission asked anew."""
        sitting = self.records.sittings.get(number, person)
        kept = self.kept(person, sitting.set, _ACTS[sitting.purpose])
        work = self._work(kept, sitting.work, sitting.purpose)
        return Before(kept, work, sitting, _asked(kept, work, sitting.purpose))

    # Acts

    def rate(
        self, person: Person, number: int, element: str, level: float | None, rationale: str = ""
    ) -> None:
        """Keep a level of one's own; an expert of a panel says why. Raises `ReviewError`."""
        before = self.at(person, number)
        checked_level(_element(before, element), level)
        if len(rationale) > WORDS:
            raise TrainingError(f"Keep the reason within {WORDS} characters.")
        self.records.sittings.rate(number, person, element, level, rationale)

    def tag(self, person: Person, number: int, element: str, span: Span, *, stands: bool) -> None:
        """Make characters of the work evidence for an element, or take that back."""
        before = self.at(person, number)
        _element(before, element)
        texts = {one.id: one.text for one in before.work.artifacts}
        if not 0 <= span.start < span.end <= len(texts.get(span.artifact, "")):
            raise TrainingError("That selection is not in the work: select words in its text.")
        self.records.sittings.tag(number, person, element, span, stands=stands)

    def recording(self, person: Person, number: int, artifact: str) -> tuple[str, str]:
        """The (submission, artifact) that a recording of the work is; raises `NothingHere`.

        Whoever sits before the work may play it, also where they may not open the submission.
        """
        work = self.at(person, number).work
        if work.source is None or artifact not in work.recordings:
            raise NothingHere("There is no recording of this work to play.")
        return work.source, work.recordings[artifact]

    def hand_in(self, person: Person, number: int) -> Before:
        """End the sitting; the last one of an attempt has the attempt judged."""
        before = self.at(person, number)
        self.records.sittings.hand_in(number, person, [one.id for one in before.asked])
        if before.sitting.purpose is Purpose.QUALIFICATION:
            self.judge(person, before.kept)
        return self.at(person, number)

    # What follows

    def compared(self, person: Person, before: Before) -> tuple[Compared, ...]:
        """Element by element, own against the key; empty as long as the key may not be shown."""
        if not before.shows_key:
            return ()
        others = self.records.sittings.peers(before.kept.id, before.work.id, person)
        said, tags = before.sitting.said, before.sitting.tags
        return tuple(
            compare(
                one,
                before.work,
                said[one.id].level,
                tags.get(one.id, ()),
                others.get(one.id, []),
            )
            for one in before.asked
            if one.id in said
        )

    def differing(self, before: Before) -> frozenset[str]:
        """In a panel, once one's own levels are in: the elements on which the experts differ."""
        if before.sitting.purpose is not Purpose.PANEL or not before.handed_in:
            return frozenset()
        return disagreed(self.records.training_sets.voices(before.kept.id, before.work.id))

    def leave(self, person: Person, kept: TrainingSet) -> Leave:
        """Whether the person may begin to qualify now, and why not."""
        found = coverage(kept)
        if found.gaps:
            return Leave(False, f"Nobody can qualify on this set yet. {found.gaps[0]}")
        attempts = self.records.qualifications.of(kept.id, person.id)
        return leave(
            kept.policy,
            [one.tried for one in attempts if one.tried],
            [one.at for one in practised(kept, self.records.sittings.of(kept.id, person.id))],
            len(kept.of(Part.PRACTICE)),
            self.records.qualifications.clock(),
        )

    def begin(self, person: Person, set_id: str) -> int:
        """Begin an attempt, or go on with the one that runs; raises `TrainingError`."""
        kept = self.kept(person, set_id, TrainingAct.PRACTISE)
        return self.records.qualifications.begin(set_id, person, self.leave(person, kept))

    def may_take_live_work(self, account_id: str, credential: Credential) -> bool:
        """Whether an account may be assigned live work under this version of a credential now.

        For whoever assigns: it asks what the issuer said, and what the account holds.
        """
        return self.records.qualifications.may_take_live_work(
            account_id, credential.id, credential.rubric_hash, demo=self._demo
        )

    def judge(self, person: Person, kept: TrainingSet) -> None:
        """Judge the attempt that runs, if every work of both forms was handed in."""
        running = [
            one for one in self.records.qualifications.of(kept.id, person.id) if one.result is None
        ]
        for attempt in running:
            done = {
                one.work: one
                for one in self.records.sittings.of(kept.id, person.id)
                if one.attempt == attempt.id and one.handed_in_at is not None
            }
            works = kept.of(*FORMS)
            if all(one.id in done for one in works):
                answers = [answer for one in works for answer in answers_of(one, done[one.id])]
                result = judge(kept.asked, answers, kept.policy)
                ends = expires(kept.policy, self.records.qualifications.clock())
                self.records.qualifications.judge(attempt.id, kept, person, result, ends)


def practised(kept: TrainingSet, sittings: tuple[Sitting, ...]) -> tuple[Practised, ...]:
    """The practice that was handed in, in the order of time."""
    works = {one.id: one for one in kept.of(Part.PRACTICE)}
    return tuple(
        Practised(one.work, one.handed_in_at, answers_of(works[one.work], one))
        for one in sittings
        if one.purpose is Purpose.PRACTICE and one.handed_in_at is not None and one.work in works
    )


def answers_of(work: Work, sitting: Sitting) -> tuple[Answer, ...]:
    """What was rated in a sitting, beside the work's key."""
    return tuple(
        Answer(work.id, element, sitting.said[element].level, entry.level)
        for element, entry in work.key.items()
        if element in sitting.said
    )


def _asked(kept: TrainingSet, work: Work, purpose: Purpose) -> tuple[Element, ...]:
    """A panel looks at every element, trainees at those that have a key."""
    elements = kept.credential.elements
    return elements if purpose is Purpose.PANEL else tuple(e for e in elements if e.id in work.key)


def _element(before: Before, element: str) -> Element:
    for one in before.asked:
        if one.id == element:
            return one
    raise NothingHere("There is no such element in this work.")
