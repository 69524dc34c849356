"""The models of this machine, as the stages of a first pass call them.

Invariant: no model library is imported before a model is first needed, in the process that needs
it.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from reviewer.errors import WeightsError
from reviewer.evidence.embed import Embedder, EmbeddingCache
from reviewer.intake.artifact import Artifact
from reviewer.intake.captions import read_captions
from reviewer.intake.speech import EngineKind, SpeakerModel, SpeechEngine
from reviewer.intake.submitted import SubmittedFile
from reviewer.intake.transcript import Transcript
from reviewer.jobs.stages import Vectors
from reviewer.jobs.worker import Progress
from reviewer.rubric import Credential
from reviewer.scoring import coverage
from reviewer.scoring.draft import ElementDraft
from reviewer.scoring.fitted.shelf import Shelved
from reviewer.settings import Settings
from reviewer.weights import Manifest
from reviewer.wiring.fitted import FittedEngines
from reviewer.wiring.manifests import OnProgress, bring, limits_of, models_of


def _speech_engine(manifest: Manifest) -> EngineKind:
    if manifest.engine not in ("faster-whisper", "openai-whisper"):
        raise WeightsError(
            f"The model {manifest.id} does not recognize speech; choose one whose role is "
            "speech in `reviewer models list`."
        )
    return manifest.engine


class LocalModels:
    """The models of this machine, each loaded by its first use and kept."""

    def __init__(
        self, settings: Settings, cache: EmbeddingCache, shelf: Sequence[Shelved] = ()
    ) -> None:
        self._settings = settings
        self._models = models_of(settings)
        self._cache = cache
        self._fitted = FittedEngines(settings, cache, shelf)

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
        bring(self._models.speech, self._settings, progress)
        bring(self._models.speakers, self._settings, progress)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text; only texts that were never embedded with these weights cost work."""
        from reviewer.evidence.embed import embed

        sha256 = self._models.embedding.weights_sha256
        return embed(texts, lambda: self._embedder, sha256, self._cache)

    def draft(
        self, credential: Credential, artifacts: tuple[Artifact, ...]
    ) -> tuple[ElementDraft, ...]:
        """One draft an element by the coverage engine, then those of each fitted scorer.

        All drafts of an element have the same excerpts. Raises `FittedFolderError` where a scorer
        was changed since it was listed.
        """
        sha256 = self._models.embedding.weights_sha256
        made = coverage.draft_elements(credential, artifacts, self.embed, sha256)
        excerpts = {one.element: one.excerpts for one in made}
        fitted = self._fitted.draft(credential, artifacts)
        return (*made, *(replace(one, excerpts=excerpts[one.element]) for one in fitted))

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
        return load_speaker_model(self._folder(manifest), manifest.weights_sha256)

    @cached_property
    def _embedder(self) -> Embedder:
        from reviewer.evidence.embed import load_embedder

        manifest = self._models.embedding
        threads = self._settings.threads
        return load_embedder(self._folder(manifest), manifest.weights_sha256, threads)

    def _folder(self, manifest: Manifest) -> Path:
        return bring(manifest, self._settings, lambda _: None)
