"""Everything that can be asked of the store or put into it."""

from pathlib import Path

from reviewer.rubric import Credential
from reviewer.scoring.first_pass import FirstPass
from reviewer.store.records import StageProgress, SubmissionRecord


class Repository:
    """Submissions, their files, their stages and their results."""

    def submissions(self) -> tuple[SubmissionRecord, ...]:
        """All submissions, newest first."""
        raise NotImplementedError

    def credential(self, submission_id: str) -> Credential:
        """The credential as it was when the submission was made."""
        raise NotImplementedError

    def progress(self, submission_id: str) -> tuple[StageProgress, ...]:
        """The ledger's lines of one submission, in the order of the work."""
        raise NotImplementedError

    def first_pass(self, submission_id: str) -> FirstPass | None:
        """The result so far, with the artifacts read so far; null if there is no such submission.

        Elements are empty until the drafts are made.
        """
        raise NotImplementedError

    def file_path(self, submission_id: str, artifact_id: str) -> Path:
        """The stored bytes of one artifact, checked against their hash; raises `StoreError`."""
        raise NotImplementedError
