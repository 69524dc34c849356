"""What the settings choose: models, bounds, and what results are named after.

Invariant: nothing is loaded here; a manifest and a hash say which model it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewer.evidence import locate
from reviewer.intake.limits import Limits
from reviewer.intake.speech import VERSION as SPEECH_VERSION
from reviewer.jobs.stages import READING, Engines
from reviewer.privacy import Masking, read_roster
from reviewer.scoring import coverage
from reviewer.scoring.fitted.shelf import Shelved, by_rubric
from reviewer.settings import Settings
from reviewer.store.records import StageProgress, StageState
from reviewer.weights import Manifest, ensure, find_manifest, load_manifests

OnProgress = Callable[[tuple[StageProgress, ...]], None]
"""Takes all stages of a submission; while weights are being pulled, one stage named ``weights``."""


def limits_of(settings: Settings) -> Limits:
    """The bounds on a submission and its files."""
    return Limits(
        max_file_bytes=settings.max_file_mb * 1_000_000,
        max_unpacked_bytes=settings.max_unpacked_mb * 1_000_000,
        max_seconds=settings.max_minutes * 60.0,
        max_files=settings.max_files,
    )


def masking_of(settings: Settings) -> Masking | None:
    """What is covered in texts; null where no roster is set. Raises `MaskingError`."""
    return read_roster(Path(settings.roster)) if settings.roster else None


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


def engines_of(settings: Settings, shelf: Sequence[Shelved] = ()) -> Engines:
    """What results depend on beside the work; known without loading anything."""
    models, masking = models_of(settings), masking_of(settings)
    # What is embedded is the masked text: by another roster it is another one.
    masked = f" {masking.sha256}" if masking else ""
    return Engines(
        reader=READING,
        speech=f"{models.speech.engine} {SPEECH_VERSION} {models.speech.weights_sha256}",
        speakers=models.speakers.weights_sha256,
        embedding=models.embedding.weights_sha256 + masked,
        scoring=f"{coverage.ENGINE} {coverage.VERSION} {coverage.engine_settings()}"
        f" excerpts {locate.VERSION}",
        fitted=by_rubric(shelf),
    )


def bring(manifest: Manifest, settings: Settings, progress: OnProgress) -> Path:
    """The folder of a model's weights, pulled where they are not there; raises `WeightsError`."""
    got = 0

    def advance(more: int) -> None:
        nonlocal got
        got += more
        share = min(1.0, got / manifest.bytes)
        progress((StageProgress("weights", manifest.id, StageState.LEASED, share, 1, None),))

    return ensure(manifest, settings.models_dir, settings.offline, advance)
