"""Two engines that turn one window of sound into words: faster-whisper and openai-whisper.

Invariant: one pass per window: greedy search, temperature 0, no text from before, so an equal
window gives equal words on one machine, whatever is heard beside it. Both libraries are imported
when an engine is loaded. On a processor faster-whisper hears a window a thread, as many windows at
once as there are threads (docs/decisions/0226); on a GPU it computes in half precision and hears
several windows in one call.

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

MOST_BESIDE = 4
"""Windows heard side by side on a processor: each takes about 0.1 GB."""

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
class Language:
    """What is spoken: a code such as en, and how sure that is, in [0, 1]."""

    code: str
    confidence: float


class SpeechEngine(Protocol):
    """Anything that hears words in windows of at most 30 s of sound (float32, mono, 16 kHz)."""

    @property
    def batch(self) -> int:
        """How many windows one call hears best."""

    @property
    def beside(self) -> int:
        """How many calls it takes best at once, each from a thread of its own."""

    def detect(self, window: Sound) -> Language:
        """The language of a window."""

    def hear(self, windows: Sequence[Sound], language: str) -> list[tuple[HeardWord, ...]]:
        """The words of each window, in a language by its code."""


def load_engine(
    kind: EngineKind, folder: Path, threads: int, batch: int | None = None
) -> SpeechEngine:
    """Load the weights in `folder` (verified by whoever put them there).

    faster-whisper uses a GPU where there is one, openai-whisper the processor. `batch` is how many
    windows a call hears, where that is not to follow from it.
    """
    if kind == "faster-whisper":
        gpu = has_gpu()
        return _FasterWhisper(folder, threads, gpu, batch or (GPU_BATCH if gpu else 1))
    return _OpenaiWhisper(next(folder.glob("*.pt")), threads)


class _FasterWhisper:
    def __init__(self, folder: Path, threads: int, gpu: bool, batch: int) -> None:
        from faster_whisper import WhisperModel

        device, precision = ("cuda", "float16") if gpu else ("cpu", "int8")
        self.beside = 1 if gpu else min(threads, MOST_BESIDE)
        self.batch = batch
        self._model = WhisperModel(
            str(folder),
            device=device,
            compute_type=precision,
            cpu_threads=threads // self.beside,
            num_workers=self.beside,
        )

    def detect(self, window: Sound) -> Language:
        if not self._model.model.is_multilingual:
            return Language("en", 1.0)
        mel = self._model.feature_extractor(window)[:, :-1]
        closed = np.pad(mel, ((0, 0), (0, 1)), constant_values=-1.5)  # as its `transcribe` does
        code, confidence, _ = self._model.detect_language(features=closed)
        return Language(code, float(confidence))

    def hear(self, windows: Sequence[Sound], language: str) -> list[tuple[HeardWord, ...]]:
        from faster_whisper import BatchedInferencePipeline

        starts_s = [0.0, *np.cumsum([len(one) / SAMPLE_RATE for one in windows]).tolist()]
        # One a call: it remembers where speech ended last, which is nothing to another window.
        phrases, _ = BatchedInferencePipeline(self._model).transcribe(
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
        return [tuple(one) for one in words]


def _words_from(phrase: Any, start_s: float) -> Iterator[HeardWord]:
    for word in phrase.words or ():
        times_s = float(word.start) - start_s, float(word.end) - start_s
        yield HeardWord(word.word, *times_s, float(word.probability))


class _OpenaiWhisper:
    batch = 1
    beside = 1  # its passes are shared by the threads of torch

    def __init__(self, weights: Path, threads: int) -> None:
        import whisper

        self._threads = threads
        self._model: Any = whisper.load_model(str(weights), device="cpu")

    def detect(self, window: Sound) -> Language:
        from whisper.decoding import detect_language

        if not self._model.is_multilingual:
            return Language("en", 1.0)
        _, chances = detect_language(self._model, self._mel(window))
        code = max(chances, key=chances.__getitem__)
        return Language(code, float(chances[code]))

    def hear(self, windows: Sequence[Sound], language: str) -> list[tuple[HeardWord, ...]]:
        return [self._hear(sound, language) for sound in windows]

    def _hear(self, sound: Sound, language: str) -> tuple[HeardWord, ...]:
        from whisper.audio import N_FRAMES
        from whisper.decoding import DecodingOptions, decode

        mel = self._mel(sound)
        options = DecodingOptions(
            language=language, temperature=0.0, without_timestamps=True, fp16=False
        )
        result = decode(self._model, mel, options)
        frames = min(N_FRAMES, len(sound) // 160)  # one frame is 160 samples, 10 ms
        return self._timed(result.tokens, mel, frames, language)

    def _mel(self, sound: Sound) -> Any:
        import torch
        from whisper.audio import log_mel_spectrogram, pad_or_trim

        torch.set_num_threads(self._threads)  # a count of the thread that calls
        return log_mel_spectrogram(torch.from_numpy(pad_or_trim(sound)), self._model.dims.n_mels)

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
