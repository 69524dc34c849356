"""A submission and what was made of it so far, put together as the first pass.

Invariant: a pure reading of the store: the same rows give the same value. A file that could not be
read, at whatever stage, stands in it as an artifact with a problem, never is it left out.
"""

from collections.abc import Mapping

from reviewer.intake.artifact import Artifact, ArtifactKind, Problem
from reviewer.intake.assembling import artifact_from_document, artifact_from_transcript
from reviewer.intake.completeness import completeness
from reviewer.intake.submitted import SubmittedFile
from reviewer.scoring.draft import ElementDraft
from reviewer.scoring.first_pass import FirstPass
from reviewer.store import values
from reviewer.store.ledger import Ledger
from reviewer.store.records import Stage, StageLine, StageState, StoredSubmission


def assemble(stored: StoredSubmission, ledger: Ledger) -> FirstPass:
    """The first pass with what is finished; elements are empty until the drafts are made."""
    lines = ledger.lines(stored.record.id)
    artifacts = artifacts_so_far(stored, ledger, lines)
    return FirstPass(
        submission_id=stored.record.id,
        candidate=stored.record.candidate,
        attempt=stored.record.attempt,
        credential=stored.credential.id,
        rubric_hash=stored.credential.rubric_hash,
        artifacts=artifacts,
        elements=_elements(ledger, lines),
        completeness=completeness(stored.credential, stored.files, _words(artifacts)),
        messages=stored.messages,
    )


def artifacts_so_far(
    stored: StoredSubmission, ledger: Ledger, lines: tuple[StageLine, ...]
) -> tuple[Artifact, ...]:
    """The files that were read or cannot be, in the order of the package."""
    by_file = {line.artifact: line for line in lines if line.stage in (Stage.READ, Stage.TRANSCRIBE)}
    found = (_artifact(file, by_file, ledger) for file in stored.files)
    return tuple(artifact for artifact in found if artifact is not None)
