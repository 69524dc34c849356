"""A store with submissions whose first passes are made, people who reviewed them, and their files.

Documents are read by the real readers; drafts and vectors are set by hand, as workers keep them.
"""

import hashlib
import shutil
from pathlib import Path

import numpy as np

from reviewer.evidence.citation import Citation, Stance
from reviewer.intake.limits import Limits
from reviewer.intake.package import read_package
from reviewer.jobs import stages
from reviewer.privacy import Masking
from reviewer.review.outcome import Outcome
from reviewer.review.permission import Grant, Kind, Person, Role
from reviewer.review.rating import RaterType
from reviewer.rubric import Credential
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness
from reviewer.store import values
from reviewer.store.accounts import Clock, now
from reviewer.store.database import open_database
from reviewer.store.erasure import Erasure
from reviewer.store.files import FileStore
from reviewer.store.human import human_records
from reviewer.store.records import Step
from reviewer.store.remarks import RemarkKind
from reviewer.store.repository import Repository
from reviewer.store.reviews import Place

CREDENTIAL = Credential.model_validate(
    {
        "id": "circle",
        "version": 1,
        "title": "Circle",
        "elements": [
            {
                "id": "greeting",
                "title": "Greets",
                "levels": [
                    {"value": 0, "descriptor": "Nobody is greeted."},
                    {"value": 1, "descriptor": "Everybody is greeted."},
                ],
                "required_level": 1,
            }
        ],
        "decision": {"kind": "every_element"},
    }
)
MODEL = "e" * 64
"""Stands for the hash of an embedding model's weights."""

ENGINE = EngineIdentity("coverage", "1", "0" * 64, CREDENTIAL.rubric_hash, {})


class House:
    """One store at `url`, its files in `folder`; ann is an evaluator."""

    def __init__(
        self, url: str, folder: Path, clock: Clock = now, masking: Masking | None = None
    ) -> None:
        self.home = folder / "home"
        self._folder = folder
        self.database = open_database(url)
        self.files = FileStore(self.home / "files")
        self.repository = Repository(self.database, self.files, masking)
        self.records = human_records(self.database, clock)
        unmasked = Repository(self.database, self.files)
        self.erasure = Erasure(self.database, unmasked, self.files, [self.home], masking)
        accounts = self.records.accounts
        known = accounts.named("ann")
        if known is None:
            accounts.add("ann", None, [Grant(Role.EVALUATOR)])
            known = accounts.named("ann")
        assert known is not None
        self.ann: Person = known

    def hand_in(self, candidate: str, texts: dict[str, str], attempt: int = 1) -> str:
        """A submission of text files by their names, with its first pass made; returns its id."""
        source = self._folder / "handed in"
        source.mkdir()
        for name, text in texts.items():
            (source / name).write_text(text, encoding="utf-8")
        (source / "submission.yaml").write_text(f"candidate: {candidate}\nattempt: {attempt}\n")
        try:
            package = read_package(source, CREDENTIAL, Limits())
            self.repository.add(package, CREDENTIAL)
        finally:
            shutil.rmtree(source)
        self._make_first_pass(package.submission_id)
        return package.submission_id

    def _make_first_pass(self, submission: str) -> None:
        ledger = self.repository.ledger
        stored = self.repository.get(submission)
        ledger.plan(
            submission,
            [
                *(Step("read", one.id, _hash("read", one.sha256)) for one in stored.files),
                Step("draft", "", _hash("draft", submission)),
            ],
        )
        for file in stored.files:
            document = values.DOCUMENT.encode(stages.read(file, Limits()))
            ledger.keep("read", _hash("read", file.sha256), document)
        first_pass = self.repository.first_pass(submission)
        assert first_pass is not None
        first = first_pass.artifacts[0]
        vectors = {}
        for one in first_pass.artifacts:
            for segment in one.segments:
                text = one.quote(segment.start, segment.end)
                vectors[hashlib.sha256(text.encode()).hexdigest()] = np.ones(3, np.float32)
        self.repository.embeddings.put_many(MODEL, vectors)
        segment = first.segments[0]
        quote = first.quote(segment.start, segment.end)
        citation = Citation(
            first.id, quote, segment.start, segment.end, None, None, None, None,
            Stance.SUPPORTS, 1.0, None,
        )  # fmt: skip
        draft = ElementDraft(
            "greeting", DraftKind.DRAFT, None, Fitness.UNMEASURED, 1.0, 1.0,
            {"0": 0.0, "1": 1.0}, 1.0, f"It says: {quote}", (citation,), ENGINE,
        )  # fmt: skip
        ledger.keep("draft", _hash("draft", submission), values.DRAFTS.encode((draft,)))

    def review(self, submission: str, note: str = "", feedback: str = "", words: str = "") -> None:
        """ann scores the only element with level 1, writes, marks evidence and finalizes."""
        records = self.records
        records.assignments.assign(submission, self.ann, Kind.FIRST, "reviewer")
        place = self.place(submission)
        records.reviews.rate(place, 1.0, 0)
        records.reviews.decide(place, 1.0, None, 1, None, words)
        records.remarks.write(place, RemarkKind.NOTE, note)
        records.remarks.write(place, RemarkKind.FEEDBACK, feedback)
        first = self.repository.get(submission).files[0]
        records.remarks.mark(place, first.id, 0, 5)
        record = self.repository.record(submission)
        assert record is not None
        records.outcomes.finalize(submission, CREDENTIAL, record.attempt, self.ann, Outcome.AWARDED)

    def place(self, submission: str) -> Place:
        """Where ann rates."""
        return Place(submission, "greeting", self.ann, RaterType.EVALUATOR, CREDENTIAL.rubric_hash)


def _hash(*parts: str) -> str:
    """Stands for the hash of a stage's input."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()
