"""Making a training set from reviewed work: a new set, its rules, anchors, and who must qualify.

Invariant: an anchor holds no name that was listed, no copy of a recording and no rating of record;
its key is what the panel agrees on. Whoever makes one may read the submission, and keeps sets or
issues; they say whether its recordings may be played, for as long as the submission is there.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.desk.desk import Desk
from reviewer.desk.training import UNKNOWN, TrainingDesk
from reviewer.errors import NothingHere, TrainingError
from reviewer.intake.artifact import ArtifactKind
from reviewer.review.permission import Person, Role
from reviewer.review.rating import Rating
from reviewer.rubric import Credential
from reviewer.store.remarks import RemarkKind
from reviewer.store.sittings import Purpose
from reviewer.training.identities import Cleared, likely_names, without_names
from reviewer.training.permission import TrainingAct, may_train
from reviewer.training.policy import Policy
from reviewer.training.work import Part, Span, TrainingSet, Work

MOST_NAMES = 200
_TITLE = 120  # characters


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an anchor of a submission would lose: names found, to be read and completed."""

    submission: str
    names: tuple[str, ...]


class Anchors:
    """Sets and anchors over both desks; safe to share among threads."""

    def __init__(self, desk: Desk, training: TrainingDesk) -> None:
        self._desk = desk
        self._training = training
        self._records = desk.records

    def new_set(self, person: Person, credential: Credential, title: str) -> str:
        """A set without works for this version of a credential; returns its id."""
        if not may_train(person, TrainingAct.KEEP_SETS, credential.id):
            raise NothingHere(UNKNOWN)
        plain = " ".join(title.split())
        if not 1 <= len(plain) <= _TITLE:
            raise TrainingError(f"Give the set a title of 1 to {_TITLE} characters.")
        made = TrainingSet(secrets.token_hex(6), plain, credential, False, Policy(), ())
        self._records.training_sets.add(made, person.name)
        return made.id

    def set_rules(self, person: Person, set_id: str, policy: Policy) -> None:
        """Let other rules hold from now on."""
        self._training.kept(person, set_id, TrainingAct.KEEP_SETS)
        self._records.training_sets.set_rules(set_id, policy, person.name)

    def require(self, person: Person, credential: str, asked_for: bool) -> None:
        """Say whether live work of a credential is for qualified evaluators alone."""
        if not may_train(person, TrainingAct.REQUIRE, credential):
            raise NothingHere(UNKNOWN)
        self._records.qualifications.require(credential, asked_for, person)

    def propose(self, person: Person, set_id: str, submission: str) -> Proposal:
        """The names that would leave a submission; raises `NothingHere` or `TrainingError`."""
        self._open(person, set_id, submission)
        case = self._desk.cases.open(person, submission)
        name = self._records.assignments.candidate(case.record.candidate)
        known = (name, case.record.candidate) if name else (case.record.candidate,)
        found = likely_names(self._desk.first_pass(case).artifacts)
        return Proposal(submission, tuple(dict.fromkeys((*known, *found))))

    def make(
        self,
        person: Person,
        set_id: str,
        submission: str,
        names: Sequence[str],
        part: Part,
        *,
        recordings: bool = False,
    ) -> str:
        """Make an anchor of a finalized submission without `names`; returns the work's id.

        The candidate's name and pseudonym go in any case. What its raters said blind and without
        an aid, and who of them keeps sets or adjudicates, begins the panel. With `recordings`,
        whoever sits before it may play those of the submission: names and faces stay in them.
        """
        kept = self._open(person, set_id, submission)
        if len(names) > MOST_NAMES:
            raise TrainingError(f"List {MOST_NAMES} names at most.")
        case = self._desk.cases.open(person, submission)
        real = self._records.assignments.candidate(case.record.candidate)
        listed = [case.record.candidate, *([real] if real else []), *names]
        read = [one for one in self._desk.first_pass(case).artifacts if one.text.strip()]
        cleared = without_names(read, [one for one in listed if one.strip()])
        if not cleared:
            raise TrainingError("There is nothing to read in this submission.")
        played = {
            one.artifact.id: old.id
            for old, one in zip(read, cleared, strict=True)
            if recordings and old.kind in (ArtifactKind.VIDEO, ArtifactKind.AUDIO)
        }
        texts = tuple(one.artifact for one in cleared)
        work = Work(secrets.token_hex(6), part, texts, {}, submission, played)
        self._records.training_sets.add_work(set_id, work, person.name)
        moves = {old.id: one for old, one in zip(read, cleared, strict=True)}
        self._begin_panel(kept, work, submission, moves)
        return work.id

    def _open(self, person: Person, set_id: str, submission: str) -> TrainingSet:
        """The set, where the submission may become an anchor of it."""
        found = self._records.training_sets.get(set_id)
        case = self._desk.cases.open(person, submission)
        acts = (TrainingAct.KEEP_SETS, TrainingAct.REQUIRE)
        if found is None or not any(may_train(person, a, found.credential.id) for a in acts):
            raise NothingHere(UNKNOWN)
        if found.synthetic:
            raise TrainingError("A synthetic set takes no real work; make a set of your own.")
        if case.credential.rubric_hash != found.credential.rubric_hash:
            raise TrainingError("The submission was judged by another version of the rubric.")
        if case.finalized is None:
            raise TrainingError("Finish the review first; an anchor is made of reviewed work.")
        return found

    def _begin_panel(
        self, kept: TrainingSet, work: Work, submission: str, moves: dict[str, Cleared]
    ) -> None:
        """Copy what experts rated independently as their sittings of the panel."""
        ratings = self._records.reviews.ratings([submission])
        for name in dict.fromkeys(name for name, _ in ratings):
            who = self._records.accounts.named(name)
            if who is None or not _is_expert(who, kept.credential.id):
                continue
            own = {one.element: one for rater, one in ratings if rater == name and one.independent}
            if len(own) == len(kept.credential.elements):
                self._copy(kept, work, who, own, moves)

    def _copy(
        self,
        kept: TrainingSet,
        work: Work,
        who: Person,
        own: dict[str, Rating],
        moves: dict[str, Cleared],
    ) -> None:
        submission = next(iter(own.values())).submission
        notes = self._records.remarks.written(submission, who.id)
        marks = self._records.remarks.marks(submission, who.id)
        sittings = self._records.sittings
        number = sittings.begin(kept.id, work.id, who, Purpose.PANEL).id
        plain = next(iter(moves.values())).plain
        for element, rating in own.items():
            why = plain(notes.get((element, RemarkKind.NOTE), ""))
            sittings.rate(number, who, element, rating.level, why)
        for one in marks:
            if one.artifact in moves:
                start, end = moves[one.artifact].moved(one.start, one.end)
                span = Span(moves[one.artifact].artifact.id, start, end)
                sittings.tag(number, who, one.element, span, stands=True)
        sittings.hand_in(number, who, own)


def _is_expert(who: Person, credential: str) -> bool:
    return who.has(Role.TRAINER, credential) or who.has(Role.ADJUDICATOR, credential)
