"""Two engines that turn one window of sound into words: faster-whisper and openai-whisper.

Invariant: one pass per window: greedy search, temperature 0, no text from before, so an equal
window gives equal words on one machine. Both libraries are imported when an engine is loaded. On a
GPU faster-whisper computes in half precision and hears several windows at a time.

Whisper's own loops look a second time at what follows the last word of a window. Our windows end
where nobody speaks, so the second look costs a full pass and finds only invented words.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from reviewer.intake.media import SAMPLE_RATE
from reviewer.intake.speech.devices import has_gpu

GPU_BATCH = 16
"""Windows that are heard at a time on a GPU; on a processor a batch is no faster than its parts."""

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
    """Anything that hears words in windows of at most 30 s of sound (float32, mono, 16 kHz)."""

    @property
    def batch(self) -> int:
        """How many windows it hears best at a time."""

    def hear(self, windows: Sequence[Sound], language: str | None) -> list[Heard]:
        """The words of each window; null `language` detects one for all, from the first."""


def load_engine(
    kind: EngineKind, folder: Path, threads: int, batch: int | None = None
) -> SpeechEngine:
    """Load the weights in `folder` (verified by whoever put them there).

    faster-whisper uses a GPU where there is one, openai-whisper the processor. `batch` is how many
    windows are heard at a time, where that is not to follow from it.
    """
    if kind == "faster-whisper":
        gpu = has_gpu()
        return _FasterWhisper(folder, threads, gpu, batch or (GPU_BATCH if gpu else 1))
    return _OpenaiWhisper(next(folder.glob("*.pt")), threads)


class _FasterWhisper:
    def __init__(self, folder: Path, threads: int, gpu: bool, batch: int) -> None:
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        device, precision = ("cuda", "float16") if gpu else ("cpu", "int8")
        model = WhisperModel(
            str(folder), device=device, compute_type=precision, cpu_threads=threads
        )
        self._model = BatchedInferencePipeline(model)
        self.batch = batch

    def hear(self, windows: Sequence[Sound], language: str | None) -> list[Heard]:
        starts_s = [0.0, *np.cumsum([len(one) / SAMPLE_RATE for one in windows]).tolist()]
        phrases, info = self._model.transcribe(
            np.concatenate(windows),
            language=language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            word_timestamps=True,
            vad_filter=False,
            batch_size=len(windows),
            # A single window needs none: it is taken as it is.
            clip_timestamps=[
                {"start": start_s, "end": end_s} for start_s, end_s in pairwise(starts_s)
            ]
            if len(windows) > 1
            else None,
        )
        words: list[list[HeardWord]] = [[] for _ in windows]
        for phrase in phrases:
            # A phrase names the window that it is of by that one's first frame of 10 ms.
            at = max(0, bisect_right(starts_s, (phrase.seek + 1) / 100) - 1)
            words[at] += _words_from(phrase, starts_s[at])
        confidence = float(info.language_probability)
        return [Heard(tuple(one), info.language, confidence) for one in words]


def _words_from(phrase: Any, start_s: float) -> Iterator[HeardWord]:
    for word in phrase.words or ():
        times_s = float(word.start) - start_s, float(word.end) - start_s
        yield HeardWord(word.word, *times_s, float(word.probability))


class _OpenaiWhisper:
    batch = 1

    def __init__(self, weights: Path, threads: int) -> None:
        import torch
        import whisper

        torch.set_num_threads(threads)
        self._model: Any = whisper.load_model(str(weights), device="cpu")

    def hear(self, windows: Sequence[Sound], language: str | None) -> list[Heard]:
        heard: list[Heard] = []
        for sound in windows:
            heard.append(self._hear(sound, heard[0].language if heard else language))
        return heard

    def _hear(self, sound: Sound, language: str | None) -> Heard:
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
