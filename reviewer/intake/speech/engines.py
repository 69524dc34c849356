"""Two engines that turn one window of sound into words: faster-whisper and openai-whisper.

Invariant: one pass per window: greedy search, temperature 0, no text from before, so an equal
window gives equal words on one machine. Both libraries are imported when an engine is loaded.

Whisper's own loops look a second time at what follows the last word of a window. Our windows end
where nobody speaks, so the second look costs a full pass and finds only invented words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

EngineKind = Literal["faster-whisper", "openai-whisper"]
Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as the model wrote it, with the space before it; seconds of the window."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What one window says; `language` is a code such as en, its confidence in [0, 1]."""

    words: tuple[HeardWord, ...]
    language: str
    language_confidence: float


class SpeechEngine(Protocol):
    """Anything that hears words in at most 30 s of sound (float32, mono, 16 kHz)."""

    def hear(self, sound: Sound, language: str | None) -> Heard:
        """The words of a window; null `language` detects it from this window."""


def load_engine(kind: EngineKind, folder: Path, threads: int) -> SpeechEngine:
    """Load the weights in `folder` (verified by whoever put them there) on the processor."""
    if kind == "faster-whisper":
        return _FasterWhisper(folder, threads)
    return _OpenaiWhisper(next(folder.glob("*.pt")), threads)


class _FasterWhisper:
    def __init__(self, folder: Path, threads: int) -> None:
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)
        self._model = BatchedInferencePipeline(model)

    def hear(self, sound: Sound, language: str | None) -> Heard:
        phrases, info = self._model.transcribe(
            sound,
            language=language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            word_timestamps=True,
            vad_filter=False,
            batch_size=1,
        )
        words = tuple(
            HeardWord(word.word, float(word.start), float(word.end), float(word.probability))
            for phrase in phrases
            for word in phrase.words or ()
        )
        return Heard(words, info.language, float(info.language_probability))


class _OpenaiWhisper:
    def __init__(self, weights: Path, threads: int) -> None:
        import torch
        import whisper

        torch.set_num_threads(threads)
        self._model: Any = whisper.load_model(str(weights), device="cpu")

    def hear(self, sound: Sound, language: str | None) -> Heard:
        import torch
        from whisper.audio import N_FRAMES, log_mel_spectrogram, pad_or_trim
        from whisper.decoding import DecodingOptions, decode, detect_language

        dims = self._model.dims
        mel = log_mel_spectrogram(torch.from_numpy(pad_or_trim(sound)), dims.n_mels)
        confidence = 1.0
        if language is None and self._model.is_multilingual:
            _, chances = detect_language(self._model, mel)
            language = max(chances, key=chances.__getitem__)
            confidence = float(chances[language])
        options = DecodingOptions(
            language=language or "en", temperature=0.0, without_timestamps=True, fp16=False
        )
        result = decode(self._model, mel, options)
        frames = min(N_FRAMES, len(sound) // 160)  # one frame is 160 samples, 10 ms
        words = self._timed(result.tokens, mel, frames, language or "en")
        return Heard(words, language or "en", confidence)

    def _timed(
        self, tokens: Sequence[int], mel: Any, frames: int, language: str
    ) -> tuple[HeardWord, ...]:
        from whisper.timing import add_word_timestamps
        from whisper.tokenizer import get_tokenizer

        tokenizer = get_tokenizer(
            self._model.is_multilingual,
            num_languages=self._model.num_languages,
            language=language,
            task="transcribe",
        )
        spoken = [token for token in tokens if token < tokenizer.eot]
        phrase: dict[str, Any] = {"seek": 0, "start": 0.0, "end": frames / 100, "tokens": spoken}
        add_word_timestamps(
            segments=[phrase],
            model=self._model,
            tokenizer=tokenizer,
            mel=mel,
            num_frames=frames,
            last_speech_timestamp=0.0,
        )
        return tuple(
            HeardWord(
                word["word"], float(word["start"]), float(word["end"]), float(word["probability"])
            )
            for word in phrase.get("words", ())
        )
