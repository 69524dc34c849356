"""How much memory an hour of speech takes, in a process of its own.

Invariant: the peak is the operating system's, of a process that does nothing but
transcribe; it counts Python, the libraries, the weights and the sound.
"""

import tempfile
from pathlib import Path

from rich.console import Console

from eval.processes import spend
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
            spent = spend(["-c", CHILD, str(path), manifest.engine, str(weights), str(THREADS)])
            n = f"n = 1 recording of {minutes:.0f} min in {spent.wall_s:.0f} s"
            asked = f"<= {ASKED_GB[model_id]}"
            say(out, f"{model_id}, GB at the peak", spent.memory_gb, asked, n)
            figures[f"{model_id}_gb"] = spent.memory_gb
    return figures
