"""The only place where settings become objects.

Invariant: importing this module loads no model library and opens nothing. `open_program` opens the
store; weights are brought and loaded when a stage first needs them, in the process that runs it.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path

from reviewer.calibration.gate import Verdict
from reviewer.calibration.ratings import ENGINE
from reviewer.desk.desk import Desk
from reviewer.desk.exports import Exports
from reviewer.errors import (
    DamagedFile,
    JobError,
    MissingFile,
    NothingReviewed,
    RatingsError,
    WeightsError,
)
from reviewer.evidence.embed import Embedder, EmbeddingCache
from reviewer.export.badge import Issuer
from reviewer.export.ratings import ratings_parquet
from reviewer.intake.artifact import Artifact, Problem
from reviewer.intake.captions import read_captions
from reviewer.intake.limits import Limits
from reviewer.intake.media import probe
from reviewer.intake.package import read_package
from reviewer.intake.speech import VERSION as SPEECH_VERSION
from reviewer.intake.speech import EngineKind, SpeakerModel, SpeechEngine
from reviewer.intake.submitted import SubmittedFile
from reviewer.intake.transcript import Transcript
from reviewer.jobs.engine import LocalEngine
from reviewer.jobs.stages import READING, Engines, Vectors, transcription_hash
from reviewer.jobs.work import FirstPassWork
from reviewer.jobs.worker import Progress
from reviewer.rubric import Credential, list_credentials
from reviewer.scoring import coverage
from reviewer.scoring.draft import ElementDraft
from reviewer.scoring.first_pass import FirstPass
from reviewer.settings import Settings
from reviewer.store import audit, values
from reviewer.store.database import Database, open_database
from reviewer.store.files import FileStore
from reviewer.store.human import HumanRecords, human_records
from reviewer.store.reconcile import reconcile
from reviewer.store.records import Stage, StageProgress, StageState
from reviewer.store.repository import Repository
from reviewer.store.verdicts import StoredVerdicts
from reviewer.weights import Manifest, ensure, find_manifest, load_manifests
from reviewer.weights.shelf import sha256_of

OnProgress = Callable[[tuple[StageProgress, ...]], None]
"""Takes all stages of a submission; while weights are being pulled, one stage named ``weights``."""


class Program:
    """An opened store and the engine that works on it; made by `open_program`."""

    def __init__(
        self,
        settings: Settings,
        repository: Repository,
        records: HumanRecords,
        work: FirstPassWork,
        *,
        demo: bool = False,
    ) -> None:
        self.settings = settings
        self.repository = repository
        self.desk = Desk(repository, records)
        self.exports = Exports(self.desk, Issuer(settings.issuer_name, settings.issuer_url))
        self.public_url = settings.public_url
        self.demo = demo
        self._work = work
        self._engine = LocalEngine(repository.ledger, work.steps, partial(open_work, settings))

    def submit(self, folder: Path, credential: Credential) -> str:
        """Read, check and keep the package in `folder`; return the submission's id.

        The same files for the same rubric have the same id, however often they are submitted.
        No model runs here. If `start` was called, the background engine takes the work up. Raises
        `SubmissionError`, or `StoreError` where the files cannot be kept.
        """
        package = read_package(folder, credential, limits_of(self.settings))
        self.repository.add(package, credential)
        submission_id = package.submission_id
        self.repository.ledger.plan(submission_id, self._work.steps(submission_id))
        self._engine.wake()
        return submission_id

    def credentials(self) -> tuple[Credential, ...]:
        """The credentials that something can be handed in for."""
        listed = list_credentials(self.settings.rubrics_dir)
        return tuple(one.credential for one in listed if one.credential is not None)

    def run(self, submission_id: str, progress: OnProgress) -> FirstPass:
        """Finish the first pass of one submission and return it; blocks.

        `progress` is called from this thread with the submission's stages whenever they changed.
        Raises `NothingReviewed` if no file could be read, `WeightsError` if weights cannot be had,
        `JobError` if the drafts could not be made.
        """
        self._bring_weights(submission_id, progress)
        self._engine.finish(
            submission_id, lambda: progress(self.repository.progress(submission_id))
        )
        first_pass = self.repository.first_pass(submission_id)
        assert first_pass is not None
        problems = [one.problem for one in first_pass.artifacts if one.problem is not None]
        if len(problems) == len(first_pass.artifacts):
            reasons = " ".join(problem.message for problem in problems)
            raise NothingReviewed(f"No file of the submission could be reviewed. {reasons}")
        for line in self.repository.progress(submission_id):
            if line.stage == Stage.DRAFT and line.state is StageState.FAILED:
                raise JobError(f"The drafts could not be made: {line.error}")
        return first_pass

    def _bring_weights(self, submission_id: str, progress: OnProgress) -> None:
        """Pull what the stages ahead will load, while somebody is there to see it."""
        ledger, files = self.repository.ledger, self.repository.get(submission_id).files
        ahead = [
            step
            for step in self._work.steps(submission_id)
            if step.input_hash is None or ledger.result(step.stage, step.input_hash) is None
        ]
        unheard = {file.id for file in files if file.captions is None}
        models = models_of(self.settings)
        if any(step.stage == Stage.TRANSCRIBE and step.artifact in unheard for step in ahead):
            _bring(models.speech, self.settings, progress)
            _bring(models.speakers, self.settings, progress)
        if any(step.stage in (Stage.EMBED, Stage.DRAFT) for step in ahead):
            _bring(models.embedding, self.settings, progress)

    def start(self) -> None:
        """Work on everything unfinished in a background thread, until `stop`."""
        self._engine.start()

    def stop(self) -> None:
        """End the background work and its processes; what was finished is kept."""
        self._engine.stop()


def open_program(settings: Settings, *, demo: bool = False) -> Program:
    """Open the store at REVIEWER_HOME; raises `StoreError`, or `WeightsError` for bad manifests.

    With `demo`, the pages let anybody on this machine in as one of the demo's people.
    """
    database = open_database(settings.database_url)
    work, repository = _work(settings, database)
    return Program(settings, repository, human_records(database), work, demo=demo)


def open_records(settings: Settings) -> HumanRecords:
    """The people and reviews of the store at REVIEWER_HOME; raises `StoreError`."""
    return human_records(open_database(settings.database_url))


def verify_record(settings: Settings) -> tuple[int, int, str]:
    """(events, rows compared with them, last hash); raises `StoreError` where anything differs."""
    database = open_database(settings.database_url)
    count, rows = audit.verify(database), reconcile(database)
    told = audit.events(database)
    return count, rows, told[-1].hash if told else audit.FIRST


def stored_ratings(settings: Settings) -> bytes:
    """Every rating and every draft in the store as one long table (Parquet), to be measured.

    Raises `RatingsError` where nobody has rated anything yet, `StoreError`.
    """
    database = open_database(settings.database_url)
    _, repository = _work(settings, database)
    issuer = Issuer(settings.issuer_name, settings.issuer_url)
    rows = Exports(Desk(repository, human_records(database)), issuer).every_rating()
    if all(row.rater_type == ENGINE for row in rows):
        raise RatingsError(
            "Nobody has rated anything in this store yet; rate some submissions, or name a table."
        )
    return ratings_parquet(rows)


def keep_verdicts(settings: Settings, given: Sequence[Verdict]) -> None:
    """Append verdicts of the fitness gate to the store; first passes obey the latest ones."""
    StoredVerdicts(open_database(settings.database_url)).keep(given)


def transcribe_recording(
    settings: Settings,
    media: Path,
    model_id: str | None,
    captions: Path | None,
    progress: OnProgress,
) -> Transcript:
    """The transcript of one recording, from `captions` or by recognition; kept in the store.

    The same recording, weights and options are recognized once: here and in first passes alike.
    Raises `IntakeError`, `WeightsError`, `UnknownModel` or `StoreError`.
    """
    try:
        duration_s = probe(media, limits_of(settings)).duration_s
    except OSError as error:
        raise _unreadable(media, error) from error
    if captions is not None:
        return read_captions(_read(captions), captions.name, duration_s)
    chosen = settings.model_copy(update={"speech_model": model_id or settings.speech_model})
    _, repository = _open(chosen)
    sha256 = sha256_of(media)
    key = transcription_hash(sha256, "", engines_of(chosen))
    kept = repository.ledger.result(Stage.TRANSCRIBE, key)
    if kept is None:
        models = LocalModels(chosen, repository.embeddings)
        models.bring_for_speech(progress)

        def hear(share: float) -> None:
            stage = Stage.TRANSCRIBE
            progress((StageProgress(stage, media.name, StageState.LEASED, share, 1, None),))

        kept = values.TRANSCRIPT.encode(models.recognize(media, hear))
        repository.ledger.keep(Stage.TRANSCRIBE, key, kept)
    transcript = values.TRANSCRIPT.decode(kept)
    if isinstance(transcript, Problem):
        # A first pass met it under the name that it has in the store: its hash.
        raise DamagedFile(transcript.message.replace(sha256, media.name))
    return transcript


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> MissingFile:
    return MissingFile(
        f"{path} cannot be read: {(error.strerror or str(error)).lower()}; name a file that is "
        "there."
    )


def open_work(settings: Settings) -> FirstPassWork:
    """What a worker process needs; it opens the store for itself."""
    # Model libraries draw bars and ask their hub unless told otherwise before they are imported.
    os.environ.update(
        HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1", TRANSFORMERS_VERBOSITY="error"
    )
    return _open(settings)[0]


def _open(settings: Settings) -> tuple[FirstPassWork, Repository]:
    return _work(settings, open_database(settings.database_url))


def _work(settings: Settings, database: Database) -> tuple[FirstPassWork, Repository]:
    repository = Repository(database, FileStore(settings.home / "files"))
    models = LocalModels(settings, repository.embeddings)
    work = FirstPassWork(repository, engines_of(settings), models, limits_of(settings))
    return work, repository


@dataclass(frozen=True, slots=True)
class Encoder:
    """Rows of segments for a fitted scorer, kept in the store; `sha256` names the weights.

    No model is loaded before `encode` meets a text that was never encoded.
    """

    encode: Callable[[Sequence[str]], Vectors]
    sha256: str
    folder: Path


def open_encoder(settings: Settings, progress: OnProgress) -> Encoder:
    """The encoder whose layers fitted scorers read: the embedding model of the settings.

    Raises `StoreError`, or `WeightsError` where the weights cannot be had.
    """
    from reviewer.evidence.embed import embed
    from reviewer.evidence.layers import load_layers, rows_sha256

    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
    _, repository = _open(settings)
    manifest = models_of(settings).embedding
    folder = _bring(manifest, settings, progress)

    @lru_cache(maxsize=1)
    def opened() -> Embedder:
        return load_layers(folder, manifest.weights_sha256, settings.threads)

    def encode(texts: Sequence[str]) -> Vectors:
        rows = rows_sha256(manifest.weights_sha256)
        return embed(texts, opened, rows, repository.embeddings)

    return Encoder(encode, manifest.weights_sha256, folder)


def limits_of(settings: Settings) -> Limits:
    """The bounds on one file."""
    return Limits(
        max_file_bytes=settings.max_file_mb * 1_000_000,
        max_unpacked_bytes=settings.max_unpacked_mb * 1_000_000,
        max_seconds=settings.max_minutes * 60.0,
    )


@dataclass(frozen=True, slots=True)
class ModelSet:
    """The models that the settings choose, one a role."""

    speech: Manifest
    speakers: Manifest
    embedding: Manifest


def models_of(settings: Settings) -> ModelSet:
    """Raises `UnknownModel` naming the ids that there are."""
    manifests = load_manifests(settings.manifests_dir)
    return ModelSet(
        speech=find_manifest(manifests, settings.speech_model),
        speakers=find_manifest(manifests, settings.speaker_model),
        embedding=find_manifest(manifests, settings.embedding_model),
    )


def engines_of(settings: Settings) -> Engines:
    """What results depend on beside the work; known without loading anything."""
    models = models_of(settings)
    return Engines(
        reader=READING,
        speech=f"{models.speech.engine} {SPEECH_VERSION} {models.speech.weights_sha256}",
        speakers=models.speakers.weights_sha256,
        embedding=models.embedding.weights_sha256,
        scoring=f"{coverage.ENGINE} {coverage.VERSION} {coverage.engine_settings()}",
    )


def _bring(manifest: Manifest, settings: Settings, progress: OnProgress) -> Path:
    got = 0

    def advance(more: int) -> None:
        nonlocal got
        got += more
        share = min(1.0, got / manifest.bytes)
        progress((StageProgress("weights", manifest.id, StageState.LEASED, share, 1, None),))

    return ensure(manifest, settings.models_dir, settings.offline, advance)


def _speech_engine(manifest: Manifest) -> EngineKind:
    if manifest.engine not in ("faster-whisper", "openai-whisper"):
        raise WeightsError(
            f"The model {manifest.id} does not recognize speech; choose one whose role is "
            "speech in `reviewer models list`."
        )
    return manifest.engine


class LocalModels:
    """The models of this machine, each loaded by its first use and kept."""

    def __init__(self, settings: Settings, cache: EmbeddingCache) -> None:
        self._settings = settings
        self._models = models_of(settings)
        self._cache = cache

    def listen(self, file: SubmittedFile, progress: Progress) -> Transcript:
        """What a recording says: its captions where there are some, else what is recognized."""
        assert file.path is not None
        if file.captions is not None:
            data = file.captions.path.read_bytes()
            return read_captions(data, file.captions.name, file.duration_s)
        return self.recognize(file.path, progress)

    def recognize(self, media: Path, progress: Progress) -> Transcript:
        """What a recording says, by the speech model; raises `IntakeError`."""
        from reviewer.intake.speech import transcribe

        limits = limits_of(self._settings)
        return transcribe(media, self._speech, self._speakers, limits, progress)

    def bring_for_speech(self, progress: OnProgress) -> None:
        """Pull what `recognize` will load; raises `WeightsError` for a model of another role."""
        _speech_engine(self._models.speech)
        _bring(self._models.speech, self._settings, progress)
        _bring(self._models.speakers, self._settings, progress)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text; only texts that were never embedded with these weights cost work."""
        from reviewer.evidence.embed import embed

        sha256 = self._models.embedding.weights_sha256
        return embed(texts, lambda: self._embedder, sha256, self._cache)

    def draft(
        self, credential: Credential, artifacts: tuple[Artifact, ...]
    ) -> tuple[ElementDraft, ...]:
        """One draft an element."""
        sha256 = self._models.embedding.weights_sha256
        return coverage.draft_elements(credential, artifacts, self.embed, sha256)

    @cached_property
    def _speech(self) -> SpeechEngine:
        from reviewer.intake.speech import load_engine

        manifest = self._models.speech
        kind = _speech_engine(manifest)
        return load_engine(kind, self._folder(manifest), self._settings.threads)

    @cached_property
    def _speakers(self) -> SpeakerModel:
        from reviewer.intake.speech import load_speaker_model

        manifest = self._models.speakers
        threads = self._settings.threads
        return load_speaker_model(self._folder(manifest), manifest.weights_sha256, threads)

    @cached_property
    def _embedder(self) -> Embedder:
        from reviewer.evidence.embed import load_embedder

        manifest = self._models.embedding
        threads = self._settings.threads
        return load_embedder(self._folder(manifest), manifest.weights_sha256, threads)

    def _folder(self, manifest: Manifest) -> Path:
        return _bring(manifest, self._settings, lambda _: None)
