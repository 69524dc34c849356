"""What an issuer does with a program: policy, people, rubric versions, distribution, anchors.

Invariant: permission first, for the credential that the act is about; a program that is not there
and one that is not this person's are refused with the same sentence.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reviewer.calibration.gate import Thresholds
from reviewer.desk.case import Submissions
from reviewer.errors import NothingHere, ReviewError
from reviewer.review.draw import SEEDS
from reviewer.review.permission import Act, Object, Person, Role, may
from reviewer.review.policy import Policy
from reviewer.review.resubmission import carried
from reviewer.rubric import Credential
from reviewer.rubric.differing import Difference, differences
from reviewer.rubric.importing import Imported, Wanted, import_rubric
from reviewer.store.distribution import Distributed, Lacking
from reviewer.store.human import HumanRecords
from reviewer.store.overview import Counts
from reviewer.store.programs import Conflict, Published, StoredPolicy
from reviewer.store.training_sets import AgreedAnchor
from reviewer.store.waivers import Waiver

ROUNDS = 10
"""Rounds of one act of distributing: some thousand works, and less than a minute."""

REASON = 500
"""Characters of the reason for a waiver."""

NO_PROGRAM = "There is no such program here."


@dataclass(frozen=True, slots=True)
class Overview:
    """A program before its issuer; `policy` is null until one was set or works were distributed.

    `people`: role -> names; `conflicts` are theirs; `validity`: the validity works that are seeded,
    `anchors` those of training sets that one can be made of; `lacking`: works whose second score
    nobody may give, `waivers` those that go on without it.
    """

    credential: Credential
    versions: tuple[Published, ...]
    policy: StoredPolicy | None
    counts: Counts
    people: Mapping[Role, tuple[str, ...]]
    conflicts: tuple[Conflict, ...]
    validity: tuple[str, ...]
    anchors: tuple[AgreedAnchor, ...]
    lacking: tuple[Lacking, ...]
    waivers: tuple[Waiver, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What importing would publish: `before` is the newest version there is, null for a new one."""

    imported: Imported
    before: Credential | None
    differences: tuple[Difference, ...]


class ProgramDesk:
    """The acts of issuers; `credentials` gives the newest version of each. Safe among threads."""

    def __init__(
        self,
        submissions: Submissions,
        records: HumanRecords,
        credentials: Callable[[], tuple[Credential, ...]],
    ) -> None:
        self._submissions = submissions
        self._records = records
        self._credentials = credentials

    def mine(self, person: Person) -> tuple[Credential, ...]:
        """The credentials that the person issues, by title."""
        own = (one for one in self._credentials() if person.has(Role.ISSUER, one.id))
        return tuple(sorted(own, key=lambda one: one.title))

    def credential(self, person: Person, credential: str) -> Credential:
        """The newest version of a credential that the person issues; raises `NothingHere`."""
        _permit(person, credential)
        found = next((one for one in self._credentials() if one.id == credential), None)
        if found is None:
            raise NothingHere(NO_PROGRAM)
        return found

    def overview(self, person: Person, credential: str) -> Overview:
        """The program as it stands now."""
        found = self.credential(person, credential)
        records = self._records
        with records.reading():
            people = records.overviews.people(credential)
            known = {name for names in people.values() for name in names}
            return Overview(
                found,
                records.programs.versions(credential),
                records.programs.policy(credential),
                records.overviews.counts(credential),
                people,
                tuple(one for one in records.programs.conflicts() if one.name in known),
                records.validity.standing(credential),
                records.training_sets.agreed(credential),
                records.distribution.lacking(credential),
                records.distribution.waivers(credential),
            )

    def set_policy(
        self, person: Person, credential: str, policy: Policy, thresholds: Thresholds
    ) -> StoredPolicy:
        """Set the policy that works are distributed under from now on."""
        self.credential(person, credential)
        seed = secrets.randbelow(SEEDS)
        return self._records.programs.set_policy(credential, policy, thresholds, seed, person)

    def distribute(self, person: Person, credential: str) -> Distributed:
        """Give what waits to evaluators; the defaults become the policy where none was set.

        In rounds, so that nobody waits long to write; at most `ROUNDS` of them.
        """
        self.credential(person, credential)
        stored = self._records.programs.policy(credential)
        if stored is None:
            stored = self.set_policy(person, credential, Policy(), Thresholds())
        done = self._round(stored, person)
        for _ in range(ROUNDS - 1):
            later = self._round(stored, person)
            done = done.then(later)
            if not later.works:
                break
        return done

    def _round(self, stored: StoredPolicy, person: Person) -> Distributed:
        waiting = self._records.distribution.prepare(stored.credential, person)
        heard = {one.submission: self._heard(one.submission) for one in waiting}
        return self._records.distribution.distribute(stored, heard, person)

    def _heard(self, submission: str) -> float | None:
        """The least share of a recording that was heard well; null where none had to be."""
        first_pass = self._submissions.first_pass(submission)
        shares = [
            one.hearing.share_confident
            for one in (first_pass.artifacts if first_pass else ())
            if one.hearing is not None and one.hearing.share_confident is not None
        ]
        return min(shares, default=None)

    def waive(self, person: Person, credential: str, submission: str, words: str) -> None:
        """Let a work go on without the second score that nobody may give, and say why."""
        self.credential(person, credential)
        plain = " ".join(words.split())
        if not 1 <= len(plain) <= REASON:
            raise ReviewError(f"Say in 1 to {REASON} characters why the work goes on.")
        self._records.distribution.waive(credential, submission, plain, person)

    def declare(
        self, person: Person, credential: str, rater: str, candidate: str, *, stands: bool
    ) -> None:
        """Declare a conflict of interest of somebody with a candidate, or withdraw it."""
        self.credential(person, credential)
        found = self._records.accounts.named(rater)
        if found is None:
            raise ReviewError(f"There is no account named {rater}.")
        plain = candidate.strip()
        if not 1 <= len(plain) <= 200:
            raise ReviewError("Name the candidate by their pseudonym, in 1 to 200 characters.")
        self._records.programs.declare(found, plain, person, stands=stands)

    def preview(self, person: Person, data: bytes, name: str, wanted: Wanted) -> Preview:
        """What a file would publish, and what it changes; raises `RubricError`."""
        imported = import_rubric(data, name, wanted)
        _permit(person, imported.credential.id)
        known = {one.id: one for one in self._credentials()}
        before = known.get(imported.credential.id)
        changed = differences(before, imported.credential) if before else ()
        return Preview(imported, before, changed)

    def publish(self, person: Person, data: bytes, name: str, wanted: Wanted) -> Published:
        """Publish the rubric in a file; works that are open stay on the version that they have."""
        credential = self.preview(person, data, name, wanted).imported.credential
        return self._records.programs.publish(credential, person)

    def add_validity(self, person: Person, submission: str) -> str:
        """Make a validity work of a finalized review; its confirmed levels are the known ones."""
        record = self._submissions.record(submission)
        if record is None or not _may(person, record.credential):
            raise NothingHere("There is no such submission here.")
        done = self._records.outcomes.finalized(submission)
        if done is None:
            raise ReviewError("Finalize the review first: a validity work needs confirmed levels.")
        credential = self._submissions.credential(submission)
        if carried(credential, self._records.outcomes.earlier(submission)):
            raise ReviewError(
                "Some levels of this attempt stand from the one before, whose files it does not "
                "have: choose a review of every element."
            )
        return self._records.validity.copy(submission, done.levels, person)

    def add_anchor(self, person: Person, credential: str, set_id: str, work: str) -> str:
        """Make a validity work of what an anchor was made of; its panel's levels are known.

        A copy of the submission, recordings included: the anchor's texts look like no live work.
        """
        self.credential(person, credential)
        for one in self._records.training_sets.agreed(credential):
            if (one.set, one.work) == (set_id, work):
                return self._records.validity.copy(one.source, one.levels, person, anchor=work)
        raise ReviewError(
            "There is no such anchor: it needs a set of your own for this credential, a level that "
            "two experts agree on, and the submission that it was made of must still be here."
        )

    def retire_validity(self, person: Person, credential: str, work: str) -> None:
        """Seed a validity work no more."""
        self.credential(person, credential)
        if work not in self._records.validity.standing(credential):
            raise ReviewError("There is no such validity work in this program.")
        self._records.validity.retire(work, person)


def _may(person: Person, credential: str) -> bool:
    return may(person, Act.MANAGE_PROGRAM, Object(credential, None))


def _permit(person: Person, credential: str) -> None:
    if not _may(person, credential):
        raise NothingHere(NO_PROGRAM)
