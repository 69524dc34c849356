"""One recording, written down: from its captions or by recognition, and kept in the store.

Invariant: the same recording, weights and options are recognized once, here and in first passes.
"""

from pathlib import Path

from reviewer.errors import DamagedFile, MissingFile
from reviewer.intake.artifact import Problem
from reviewer.intake.captions import read_captions
from reviewer.intake.media import probe
from reviewer.intake.transcript import Transcript
from reviewer.jobs.stages import transcription_hash
from reviewer.settings import Settings
from reviewer.store import values
from reviewer.store.records import Stage, StageProgress, StageState
from reviewer.weights.shelf import sha256_of
from reviewer.wiring.manifests import OnProgress, engines_of, limits_of
from reviewer.wiring.models import LocalModels
from reviewer.wiring.opening import open_repository


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
    repository = open_repository(chosen)
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
