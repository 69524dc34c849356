"""What the store hands out: frozen values, no rows and no sessions.

Invariant: every moment is in UTC; names of states are those of the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reviewer.intake.submitted import SubmittedFile
from reviewer.privacy import Masking
from reviewer.rubric import Credential


class Stage(StrEnum):
    """The stages of a first pass, in the order of the work."""

    READ = "read"
    TRANSCRIBE = "transcribe"
    EMBED = "embed"
    DRAFT = "draft"


READING = (Stage.READ, Stage.TRANSCRIBE)
"""The stages that read a file."""


class StageState(StrEnum):
    """Where one stage stands. `leased` means that a worker is at it now."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"


class Held(StrEnum):
    """Why no stage of a submission is begun: a person stopped its first pass, for now or not."""

    PAUSED = "paused"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Step:
    """One stage that a submission needs: what plans are made of.

    `artifact` is the id of the artifact it is about, empty for the whole submission; `input_hash`
    is null as long as a stage before it is unfinished.
    """

    stage: str
    artifact: str
    input_hash: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """A stage that was leased: line `id` of the ledger, begun for the `attempt`-th time."""

    id: int
    submission: str
    stage: str
    artifact: str
    input_hash: str
    attempt: int


@dataclass(frozen=True, slots=True)
class StageLine:
    """One line of the ledger.

    `attempts` counts how often it was begun for this input: 0 on a line that is done means that
    another submission, or an earlier run, had made the result.
    """

    stage: str
    artifact: str
    input_hash: str | None
    state: StageState
    attempts: int
    fraction: float
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None


Standing = tuple[tuple[str, str, str | None, StageState | None], ...]


def standing(lines: Iterable[StageLine]) -> Standing:
    """What planning depends on: each line's input, and whether it is done or failed for good."""
    final = (StageState.DONE, StageState.FAILED)
    return tuple(
        (line.stage, line.artifact, line.input_hash, line.state if line.state in final else None)
        for line in lines
    )


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """A line of the ledger that could be begun now.

    `spoken` tells whether speech has to be recognized; `again` whether the submission is a
    further attempt.
    """

    id: int
    stage: str
    input_hash: str
    spoken: bool
    again: bool


@dataclass(frozen=True, slots=True)
class StageProgress:
    """One line of the ledger as a person sees it.

    `stage` is one of `Stage`; `artifact` the file's name, or null where the stage
    is about the whole submission; `fraction` in [0, 1]; `attempts` how often it was begun for its
    present input (0: its result was there already); `error` the last one, null if none; `held`
    where a person stopped the whole first pass.
    """

    stage: str
    artifact: str | None
    state: StageState
    fraction: float
    attempts: int
    error: str | None
    held: Held | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing more is to come: done, or failed for good."""
        return self.state in (StageState.DONE, StageState.FAILED)


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """One submission as it was received: attempt `attempt` (from 1) of `candidate`.

    Where `erased_at` is not null, its work is gone and `candidate` is a pseudonym of nobody.
    """

    id: str
    credential: str
    credential_title: str
    rubric_hash: str
    candidate: str
    attempt: int
    consent: bool | None
    created_at: datetime
    held: Held | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredSubmission:
    """All that was handed in: files in the order of the package, with their paths in the store.

    `path` is null for a file that could not be used; `messages` say how files were assigned.
    Where there is a `masking`, names of files and messages are masked here already; texts are when
    they are read.
    """

    record: SubmissionRecord
    credential: Credential
    files: tuple[SubmittedFile, ...]
    messages: tuple[str, ...]
    masking: Masking | None = None
