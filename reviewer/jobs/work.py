"""The first pass as work for a process: what a submission needs, and how each stage is performed.

Invariant: what is performed is planned by the same settings that perform it. Models are loaded by
the first stage that needs them and stay for the next ones.
"""

from collections.abc import Sequence
from typing import Protocol

from reviewer.intake.artifact import Artifact
from reviewer.intake.limits import Limits
from reviewer.intake.submitted import SubmittedFile
from reviewer.intake.transcript import Transcript
from reviewer.jobs import stages
from reviewer.jobs.worker import Progress
from reviewer.rubric import Credential
from reviewer.scoring.draft import ElementDraft
from reviewer.store import values
from reviewer.store.assembly import artifacts_so_far
from reviewer.store.ledger import Ledger
from reviewer.store.records import Stage, Step, Task
from reviewer.store.repository import Repository


class Models(Protocol):
    """What hears, embeds and drafts; each loads what it needs when it is first called."""

    def listen(self, file: SubmittedFile, progress: Progress) -> Transcript:
        """What a recording says, from its captions or by recognition; raises `IntakeError`."""

    def embed(self, texts: Sequence[str]) -> stages.Vectors:
        """One row a text; vectors that are known already are not computed again."""

    def draft(
        self, credential: Credential, artifacts: tuple[Artifact, ...]
    ) -> tuple[ElementDraft, ...]:
        """One draft an element and engine; those of the engine without ratings come first."""


class FirstPassWork:
    """The stages of `reviewer.jobs.stages` on the submissions of one store."""

    def __init__(
        self, repository: Repository, engines: stages.Engines, models: Models, limits: Limits
    ) -> None:
        self._repository = repository
        self._engines = engines
        self._models = models
        self._limits = limits

    @property
    def ledger(self) -> Ledger:
        """The store's ledger."""
        return self._repository.ledger

    def steps(self, submission_id: str) -> tuple[Step, ...]:
        """What the submission needs now."""
        with self._repository.at_once():
            return stages.plan(self._repository.get(submission_id), self._engines, self.ledger)

    def perform(self, task: Task, progress: Progress) -> bytes:
        """Perform one stage; its value as the store keeps it."""
        if task.stage == Stage.READ:
            document = stages.read(self._file(task), self._limits)
            return values.DOCUMENT.encode(document)
        if task.stage == Stage.TRANSCRIBE:
            file = self._file(task)
            transcript = stages.transcribe(lambda: self._models.listen(file, progress))
            return values.TRANSCRIPT.encode(transcript)
        with self._repository.at_once():
            stored = self._repository.get(task.submission)
            artifacts = artifacts_so_far(stored, self.ledger.lines(task.submission), self.ledger)
        if task.stage == Stage.EMBED:
            artifact = next(one for one in artifacts if one.id == task.artifact)
            return values.COUNT.encode(stages.embed(artifact, self._models.embed))
        return values.DRAFTS.encode(self._models.draft(stored.credential, artifacts))

    def _file(self, task: Task) -> SubmittedFile:
        """The file that a task is about, its bytes checked."""
        stored = self._repository.get(task.submission)
        return self._repository.checked(
            next(one for one in stored.files if one.id == task.artifact)
        )
