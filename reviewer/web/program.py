"""What the pages need of the program behind them.

Invariant: the pages know these two Protocols and no class of `wiring` or `store`, so that a test
can stand a program in memory behind the same pages.
"""

from pathlib import Path
from typing import Protocol

from reviewer.rubric import Credential
from reviewer.scoring.first_pass import FirstPass
from reviewer.store.records import StageProgress, SubmissionRecord


class Submissions(Protocol):
    """What is read from the store; `reviewer.store.repository.Repository` is the real one."""

    def submissions(self) -> tuple[SubmissionRecord, ...]:
        """All submissions, newest first."""

    def credential(self, submission_id: str) -> Credential:
        """The credential as it was when the submission was made; raises `StoreError`."""

    def progress(self, submission_id: str) -> tuple[StageProgress, ...]:
        """The stages of one submission, in the order of the work."""

    def first_pass(self, submission_id: str) -> FirstPass | None:
        """The result so far; null if there is no such submission."""

    def file_path(self, submission_id: str, artifact_id: str) -> Path:
        """Where the bytes of one artifact lie; raises `StoreError`."""


class Program(Protocol):
    """An opened store, perhaps with an engine at work on it."""

    @property
    def repository(self) -> Submissions:
        """The store."""
