"""How long recognition takes, beside the bare libraries with the same weights on the same sound.

Invariant: rivals run in turn (A B A B …) in one process with equal threads, after one run of each
that is not counted; the ratio is that of the medians, so one busy moment decides nothing.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from eval.recordings import installed, joined, say, spoken, write_wav
from eval.study import Skipped

NAME = "speech_speed"
HELP = "recognition beside bare faster-whisper (<= 1.10) and openai-whisper (>= 1.3): minutes"
BENCH = True

PAIRS = 3
THREADS = 2
SOURCES = ("jfk", "librispeech_test-clean", "ljspeech", "librivox", "lhotse")


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Measure both ratios; raises `Skipped` where data or weights are absent."""
    _, base = installed("base")
    _, tiny = installed("tiny.en")
    _, reference = installed("tiny.en-openai")
    sound = joined([each for each in spoken(data) if each.source in SOURCES])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        write_wav(path, [sound])
        bare = _medians(out, [_reviewer(base, path), _bare(base, path)])
        tinies = _medians(out, [_reviewer(tiny, path), _openai(reference, path)])
    seconds = len(sound) / 16_000
    n = f"medians of {PAIRS} runs each on {seconds:.0f} s of read speech, {THREADS} threads"
    figures = {
        "of_faster_whisper": bare[0] / bare[1],
        "openai_of_reviewer": tinies[1] / tinies[0],
        "real_time_base": bare[0] / seconds,
        "real_time_tiny.en": tinies[0] / seconds,
    }
    say(out, "reviewer / bare faster-whisper, base", figures["of_faster_whisper"], "<= 1.10", n)
    say(out, "openai-whisper / reviewer, tiny.en", figures["openai_of_reviewer"], ">= 1.3", n)
    out.print(
        f"real time factor: base {figures['real_time_base']:.3f}, "
        f"tiny.en {figures['real_time_tiny.en']:.3f}"
    )
    return figures


def _medians(out: Console, rivals: Sequence[Callable[[], int]]) -> list[float]:
    """Median seconds of each rival; a rival returns how many words it heard."""
    words = [rival() for rival in rivals]
    if not all(words):
        raise Skipped(f"a rival heard no words ({words})")
    taken: list[list[float]] = [[] for _ in rivals]
    for _ in range(PAIRS):
        for rival, seconds in zip(rivals, taken, strict=True):
            started = time.perf_counter()
            rival()
            seconds.append(time.perf_counter() - started)
    out.print(f"words {words}; seconds {[[round(second, 2) for second in each] for each in taken]}")
    return [statistics.median(each) for each in taken]


def _reviewer(folder: Path, path: Path) -> Callable[[], int]:
    from reviewer.intake.limits import Limits
    from reviewer.intake.speech import load_engine, transcribe

    engine = load_engine("faster-whisper", folder, THREADS)
    return lambda: len(transcribe(path, engine, None, Limits(), lambda _: None).words)


def _bare(folder: Path, path: Path) -> Callable[[], int]:
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS)

    def hear() -> int:
        phrases, _ = model.transcribe(
            str(path),
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=True,
        )
        return sum(len(phrase.words or ()) for phrase in phrases)

    return hear


def _openai(folder: Path, path: Path) -> Callable[[], int]:
    """whisper.transcribe on the very windows that reviewer hears, which spares it the search."""
    import numpy as np
    import torch
    import whisper

    from reviewer.intake.media import decode
    from reviewer.intake.speech.voice import listen
    from reviewer.intake.speech.windows import sounds, voiced_spans, windows

    torch.set_num_threads(THREADS)
    model = whisper.load_model(str(next(folder.glob("*.pt"))), device="cpu")
    heard = list(listen(path))
    voice = np.concatenate([probabilities for probabilities, _ in heard])
    packed = windows(voiced_spans(voice, sum(samples for _, samples in heard)))
    voiced = list(sounds(packed, decode(path)))

    def hear() -> int:
        found = 0
        for sound in voiced:
            result = whisper.transcribe(
                model,
                sound,
                temperature=0.0,
                condition_on_previous_text=False,
                fp16=False,
                word_timestamps=True,
                language="en",
            )
            found += sum(len(phrase["words"]) for phrase in result["segments"])
        return found

    return hear
