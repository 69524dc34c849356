"""How much memory an hour of speech takes, in a process of its own.

Invariant: the peak is the operating system's (`wait4`), of a process that does nothing but
transcribe; it counts Python, the libraries, the weights and the sound.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from eval.recordings import installed, joined, say, spoken, write_looped

NAME = "speech_memory"
HELP = "peak memory of 60 minutes, both engines (<= 1.0, <= 2.0 GB): a quarter of an hour or more"
BENCH = True

MINUTES = 60.0
THREADS = 2
ASKED_GB = {"base": 1.0, "tiny.en-openai": 2.0}
SOURCES = ("jfk", "librispeech_test-clean", "ljspeech", "librivox", "lhotse", "mfa")
CHILD = """
import sys
from pathlib import Path
from reviewer.intake.limits import Limits
from reviewer.intake.speech import load_engine, transcribe
path, kind, folder, threads = sys.argv[1:]
engine = load_engine(kind, Path(folder), int(threads))
transcript = transcribe(Path(path), engine, None, Limits(), lambda _: None)
assert len(transcript.words) > transcript.duration_s / 2, "too few words for real speech"
"""
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in what the operating system counts


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Measure both engines; raises `Skipped` where data or weights are absent."""
    return measured(data, out, MINUTES)


def measured(data: Path | None, out: Console, minutes: float) -> dict[str, float]:
    """Peak gigabytes (10^9 bytes) of `minutes` of looped real speech, by model."""
    models = {model_id: installed(model_id) for model_id in ASKED_GB}
    sound = joined([each for each in spoken(data) if each.source in SOURCES])
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        write_looped(path, sound, minutes * 60)
        for model_id, (manifest, weights) in models.items():
            started = time.perf_counter()
            peak = _peak_gb(str(path), manifest.engine, str(weights), str(THREADS))
            spent = time.perf_counter() - started
            n = f"n = 1 recording of {minutes:.0f} min in {spent:.0f} s"
            say(out, f"{model_id}, GB at the peak", peak, f"<= {ASKED_GB[model_id]}", n)
            figures[f"{model_id}_gb"] = peak
    return figures


def _peak_gb(*arguments: str) -> float:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [".", *sys.path]))}
    command = [sys.executable, "-c", CHILD, *arguments]
    child = os.posix_spawn(sys.executable, command, environment)
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise RuntimeError(f"the process that transcribes ended with {code}")
    return usage.ru_maxrss * UNIT / 1e9
