"""The stages of a first pass: which a submission needs, what each depends on, what each does.

    read a document ───────┐
                           ├── embed it ── … ── draft all elements
    transcribe a recording ┘

Invariant: a stage is a function of what its input hash covers and of nothing else, so an equal hash
means an equal result: of another submission, on another day, in another process. A file that
cannot be used is a result too (a `Problem`), not a failure.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reviewer.errors import IntakeError
from reviewer.intake.artifact import Artifact, ArtifactKind, Problem
from reviewer.intake.documents import Document
from reviewer.intake.limits import Limits
from reviewer.intake.submitted import SubmittedFile, problem_of
from reviewer.intake.transcript import Transcript
from reviewer.store import values
from reviewer.store.assembly import artifacts_so_far
from reviewer.store.ledger import Ledger
from reviewer.store.records import Stage, StageLine, StageState, Step, StoredSubmission

READING = "1"
"""Version of what reading makes of bytes; raised when a document or caption reader changes it."""

Vectors = NDArray[np.float32]
"""Shape (texts, dimensions)."""


@dataclass(frozen=True, slots=True)
class Engines:
    """What results depend on beside the work: versions of code, hashes of weights, options.

    `fitted` names the fitted scorers of each rubric, by its hash.
    """

    reader: str
    speech: str
    speakers: str
    embedding: str
    scoring: str
    fitted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read(file: SubmittedFile, limits: Limits) -> Document | Problem:
    """Read one document, whose `path` and `content` are known."""
    assert file.path is not None
    assert file.content is not None
    from reviewer.intake.apart import read_apart  # for workers alone

    try:
        return read_apart(file.path, file.content, limits)
    except IntakeError as error:
        return problem_of(error)


def transcribe(listen: Callable[[], Transcript]) -> Transcript | Problem:
    """Write down what one recording says, by whichever way `listen` goes about it."""
    try:
        return listen()
    except IntakeError as error:
        return problem_of(error)


def embed(artifact: Artifact, into_vectors: Callable[[Sequence[str]], Vectors]) -> int:
    """Embed every segment, so that the vectors are in the cache; their number."""
    texts = [artifact.quote(segment.start, segment.end) for segment in artifact.segments]
    return len(into_vectors(texts)) if texts else 0


def plan(stored: StoredSubmission, engines: Engines, ledger: Ledger) -> tuple[Step, ...]:
    """The steps that the submission needs, in the order of the work.

    Those whose input is still being made have no hash yet; a file that turned out to be unusable
    needs no embedding, and where nothing could be used there is nothing to draft.
    """
    lines = {(line.stage, line.artifact): line for line in ledger.lines(stored.record.id)}
    reading, embedding, open_yet = [], [], False
    usable = [file for file in stored.files if file.problem is None]
    # Documents first: they take a moment, and there is something to look at.
    for file in sorted(usable, key=lambda file: file.kind is not ArtifactKind.DOCUMENT):
        first = _first_step(file, engines)
        reading.append(first)
        result = first.input_hash and ledger.result(first.stage, first.input_hash)
        if result:
            if not values.is_problem(result):
                embedding.append(Step(Stage.EMBED, file.id, embed_hash(result, engines)))
        elif not _failed(lines, first):
            embedding.append(Step(Stage.EMBED, file.id, None))
            open_yet = True
    open_yet = open_yet or not all(_finished(lines, step, ledger) for step in embedding)
    if not embedding:
        return tuple(reading)
    whole = None if open_yet else draft_hash(stored, engines, ledger)
    return (*reading, *embedding, Step(Stage.DRAFT, "", whole))


def _first_step(file: SubmittedFile, engines: Engines) -> Step:
    if file.kind is ArtifactKind.DOCUMENT:
        return Step(Stage.READ, file.id, read_hash(file, engines))
    captions = file.captions.sha256 if file.captions else ""
    return Step(Stage.TRANSCRIBE, file.id, transcription_hash(file.sha256, captions, engines))


def _failed(lines: dict[tuple[str, str], StageLine], step: Step) -> bool:
    line = lines.get((step.stage, step.artifact))
    return (
        line is not None and line.state is StageState.FAILED and line.input_hash == step.input_hash
    )


def _finished(lines: dict[tuple[str, str], StageLine], step: Step, ledger: Ledger) -> bool:
    if step.input_hash is None:
        return False
    return _failed(lines, step) or ledger.result(step.stage, step.input_hash) is not None


def read_hash(file: SubmittedFile, engines: Engines) -> str:
    """Covers the document's bytes, its format and the version of the readers."""
    return _hash(Stage.READ, file.sha256, file.content, engines.reader)


def transcription_hash(audio_sha256: str, captions_sha256: str, engines: Engines) -> str:
    """Covers the recording, its captions or (without any) what hears it and tells the voices."""
    if captions_sha256:
        return _hash(Stage.TRANSCRIBE, audio_sha256, captions_sha256, engines.reader)
    return _hash(Stage.TRANSCRIBE, audio_sha256, engines.speech, engines.speakers)


def embed_hash(result: bytes, engines: Engines) -> str:
    """Covers what was read or heard, and the weights."""
    return _hash(Stage.EMBED, hashlib.sha256(result).hexdigest(), engines.embedding)


def draft_hash(stored: StoredSubmission, engines: Engines, ledger: Ledger) -> str:
    """Covers the artifacts and the credential, whole, the scoring engines and the weights."""
    artifacts = artifacts_so_far(stored, ledger.lines(stored.record.id), ledger)
    return _hash(
        Stage.DRAFT,
        [hashlib.sha256(values.ARTIFACT.encode(artifact)).hexdigest() for artifact in artifacts],
        stored.credential.rubric_hash,
        stored.credential.model_dump_json(),
        engines.scoring,
        engines.embedding,
        *engines.fitted.get(stored.credential.rubric_hash, ()),
    )


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
