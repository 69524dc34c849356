"""A submission and what was made of it so far, put together as the first pass.

Invariant: a pure reading of the store: the same rows give the same value. A file that could not be
read, at whatever stage, stands in it as an artifact with a problem, never is it left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reviewer.evidence.citation import Citation
from reviewer.intake.artifact import Artifact, ArtifactKind, Problem
from reviewer.intake.assembling import artifact_from_document, artifact_from_transcript
from reviewer.intake.completeness import completeness
from reviewer.intake.masking import mask_artifact
from reviewer.intake.submitted import SubmittedFile
from reviewer.privacy import Masking
from reviewer.scoring.draft import ElementDraft
from reviewer.scoring.first_pass import Finding, FirstPass
from reviewer.store import values
from reviewer.store.ledger import Ledger
from reviewer.store.records import READING, Stage, StageLine, StageState, StoredSubmission


def first_pass_so_far(
    stored: StoredSubmission, lines: Sequence[StageLine], ledger: Ledger
) -> FirstPass:
    """The first pass with what is finished; elements are empty until the drafts are made."""
    artifacts = artifacts_so_far(stored, lines, ledger)
    return FirstPass(
        submission_id=stored.record.id,
        candidate=stored.record.candidate,
        attempt=stored.record.attempt,
        credential=stored.record.credential,
        rubric_hash=stored.record.rubric_hash,
        artifacts=artifacts,
        elements=masked_drafts(drafts_so_far(lines, ledger), artifacts, stored.masking),
        completeness=completeness_so_far(
            stored,
            {one.id: one.problem for one in artifacts},
            {one.id: len(one.text.split()) for one in artifacts if _has_words(one)},
        ),
        messages=stored.messages,
    )


def artifacts_so_far(
    stored: StoredSubmission, lines: Sequence[StageLine], ledger: Ledger
) -> tuple[Artifact, ...]:
    """The files that were read or cannot be, in the order of the package; masked, if need be."""
    reading = reading_lines(lines)
    found = (_artifact(file, reading.get(file.id), ledger) for file in stored.files)
    made = (artifact for artifact in found if artifact is not None)
    masking = stored.masking
    return tuple(one if masking is None else mask_artifact(one, masking) for one in made)


def reading_lines(lines: Iterable[StageLine]) -> dict[str, StageLine]:
    """The lines of the stages that read files, by file."""
    return {line.artifact: line for line in lines if line.stage in READING}


def problem_so_far(file: SubmittedFile, line: StageLine | None) -> Problem | None:
    """Why a file was not, or will not be, read; null where it was or may still be.

    `line` is that of its reading, null where there is none yet.
    """
    if file.problem is None and line is not None and line.input_hash is not None:
        return _given_up(file, line) if line.state is StageState.FAILED else None
    return file.problem


def _artifact(file: SubmittedFile, line: StageLine | None, ledger: Ledger) -> Artifact | None:
    problem = problem_so_far(file, line)
    if problem is not None:
        return _unread(file, problem)
    if line is None or line.input_hash is None:
        return None
    result = ledger.result(line.stage, line.input_hash)
    if result is None:
        return None
    if line.stage == Stage.READ:
        document = values.DOCUMENT.decode(result)
        if isinstance(document, Problem):
            return _unread(file, named(document, file))
        return artifact_from_document(file.id, file.name, file.slot, file.sha256, document)
    transcript = values.TRANSCRIPT.decode(result)
    if isinstance(transcript, Problem):
        return _unread(file, named(transcript, file))
    kind = file.kind or ArtifactKind.AUDIO
    return artifact_from_transcript(file.id, file.name, file.slot, kind, file.sha256, transcript)


def _unread(file: SubmittedFile, problem: Problem) -> Artifact:
    return Artifact(
        file.id,
        file.name,
        file.slot,
        file.kind,
        file.sha256,
        duration_s=file.duration_s,
        problem=problem,
    )


def _given_up(file: SubmittedFile, line: StageLine) -> Problem:
    return Problem(
        "JobError",
        f"{file.name} could not be read, though it was tried {line.attempts} times "
        f"({line.error}): begin the first pass again, or review this file by hand.",
    )


def named(problem: Problem, file: SubmittedFile) -> Problem:
    """Files are read where they are kept, under their hash: people know them by their name."""
    return Problem(problem.kind, problem.message.replace(file.sha256, file.name))


def drafts_so_far(lines: Sequence[StageLine], ledger: Ledger) -> tuple[ElementDraft, ...]:
    """Every engine's drafts, held back by no gate; empty until they are made."""
    for line in lines:
        if line.stage == Stage.DRAFT and line.state is StageState.DONE and line.input_hash:
            result = ledger.result(line.stage, line.input_hash)
            return () if result is None else values.DRAFTS.decode(result)
    return ()


def masked_drafts(
    drafts: Sequence[ElementDraft], artifacts: Sequence[Artifact], masking: Masking | None
) -> tuple[ElementDraft, ...]:
    """The drafts as if they had been made of the masked artifacts; their numbers stay.

    They may have been made before the roster was given, or by another one.
    """
    if masking is None:
        return tuple(drafts)
    texts = {one.id: one for one in artifacts}

    def cite(one: Citation) -> Citation:
        cited = texts.get(one.artifact)
        quote = cited.quote(one.start, one.end) if cited else masking.mask(one.quote)
        return replace(one, quote=quote, speaker=one.speaker and masking.mask(one.speaker))

    return tuple(
        replace(
            one,
            reason=one.reason and masking.mask(one.reason),
            rationale=masking.mask(one.rationale),
            citations=tuple(map(cite, one.citations)),
        )
        for one in drafts
    )


def completeness_so_far(
    stored: StoredSubmission, problems: Mapping[str, Problem | None], words: Mapping[str, int]
) -> tuple[Finding, ...]:
    """The check before any model ran, and the lengths and failures that reading has shown since.

    `problems` are those of the files read so far, `words` the lengths of documents, by file.
    """
    files = [
        replace(file, problem=problems[file.id]) if file.id in problems else file
        for file in stored.files
    ]
    return completeness(stored.credential, files, words, stored.record.attempt)


def _has_words(artifact: Artifact) -> bool:
    return artifact.kind is ArtifactKind.DOCUMENT and artifact.problem is None
