"""A first pass beside a plain script that calls faster-whisper and sentence-transformers by hand.

Invariant: same files, weights, threads and decoding options, models in memory on both sides; rivals
run in turn (A B A B …) after one run of each that is not counted. Ours does all that it does in
life: files are checked, hashed and kept, voices told apart, drafts made, everything stored. The
script writes down, embeds and ranks. Neither embeds the credential's own texts again.
"""

import re
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from eval.recordings import installed, say
from reviewer import demo
from reviewer.intake.media import probe
from reviewer.jobs.processes import identity
from reviewer.jobs.worker import attempt, begin
from reviewer.rubric import Credential, find_credential
from reviewer.scoring.first_pass import FirstPass
from reviewer.settings import Settings, load_settings
from reviewer.wiring import Program, open_program
from reviewer.wiring.manifests import limits_of
from reviewer.wiring.models import LocalModels

NAME = "plain_script"
HELP = "first pass of the demo beside a plain script of the same models (throughput >= 0.95)"
BENCH = True

PAIRS = 3
THREADS = 2
BEST = 5  # sentences of each element that the script picks
LOADED = ("_speech", "_speakers", "_embedder")  # what LocalModels keeps once it has loaded it


def run(_data: Path | None, out: Console) -> dict[str, float]:
    """Measure the ratio on the demo's first submission; needs weights, no data."""
    for model_id in ("base", "ge2e", "all-MiniLM-L6-v2"):
        installed(model_id)
    settings = load_settings()
    credential = find_credential(demo.CREDENTIAL, settings.rubrics_dir)
    with tempfile.TemporaryDirectory() as folder:
        ours = _Reviewer(settings, credential, Path(folder))
        seconds = _medians([ours, _Script(credential)])
    sound_s = sum(probe(one, limits_of(settings)).duration_s for one in _recordings())
    n = f"medians of {PAIRS} runs each on {sound_s:.0f} s of recordings and three documents"
    figures = {
        "of_plain_script": seconds[1] / seconds[0],
        "first_pass_seconds": seconds[0],
        "plain_script_seconds": seconds[1],
    }
    say(out, "throughput / the script's throughput", figures["of_plain_script"], ">= 0.95", n)
    out.print(f"first pass {seconds[0]:.2f} s, script {seconds[1]:.2f} s")
    return figures


def _recordings() -> list[Path]:
    return sorted(demo.FIRST.glob("*.mp4"))


def _medians(rivals: list[Callable[[], float]]) -> list[float]:
    """Median seconds of each; a rival returns how long it took."""
    taken: list[list[float]] = [[] for _ in rivals]
    for pair in range(PAIRS + 1):
        for rival, seconds in zip(rivals, taken, strict=True):
            spent = rival()
            if pair:
                seconds.append(spent)
    return [statistics.median(each) for each in taken]


class _Reviewer:
    """A first pass in a new store, in which one short work was drafted before."""

    def __init__(self, settings: Settings, credential: Credential, folder: Path) -> None:
        self._settings = settings.model_copy(
            update={"threads": THREADS, "database": "", "engine": "", "offline": True}
        )
        self._credential = credential
        self._folder = folder
        self._runs = 0
        self._loaded: dict[str, Any] = {}
        self._short = folder / "short"
        self._short.mkdir()
        (self._short / "plans.txt").write_text("Each pupil greets a neighbour by name.\n")

    def __call__(self) -> float:
        self._runs += 1
        home = self._folder / str(self._runs)
        program = open_program(self._settings.model_copy(update={"home": home}))
        models = program._work._models
        assert isinstance(models, LocalModels)
        vars(models).update(self._loaded)
        self._through(program, self._short)
        began = time.perf_counter()
        made = self._through(program, demo.FIRST)
        spent = time.perf_counter() - began
        assert len(made.elements) == len(self._credential.elements)
        self._loaded = {name: vars(models)[name] for name in LOADED if name in vars(models)}
        return spent

    def _through(self, program: Program, folder: Path) -> FirstPass:
        """As a worker does it, in this process."""
        submission, me = program.submit(folder, self._credential), identity()
        while task := begin(program.repository.ledger, me):
            attempt(program._work, task, me)
        made = program.repository.first_pass(submission)
        assert made is not None
        return made


class _Script:
    """What one writes in an afternoon."""

    def __init__(self, credential: Credential) -> None:
        self._queries = [
            [one.text for one in (*element.supporting, *element.counter)]
            for element in credential.elements
        ]

    @cached_property
    def _speech(self) -> Any:
        from faster_whisper import WhisperModel

        folder = str(installed("base")[1])
        return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=THREADS)

    @cached_property
    def _encoder(self) -> Any:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(THREADS)
        folder = str(installed("all-MiniLM-L6-v2")[1])
        return SentenceTransformer(folder, device="cpu", local_files_only=True)

    @cached_property
    def _asked(self) -> list[Any]:
        return [self._encode(texts) for texts in self._queries]

    def __call__(self) -> float:
        asked = self._asked, self._speech
        assert all(part is not None for part in asked)  # loaded before the clock runs
        began = time.perf_counter()
        texts = [*map(self._heard, _recordings()), *map(_written, _documents())]
        sentences = [one for text in texts for one in re.split(r"(?<=[.!?])\s+|\n+", text) if one]
        vectors = self._encode(sentences)
        best = [np.argsort(-(vectors @ rows.T).max(axis=1))[:BEST] for rows in self._asked]
        spent = time.perf_counter() - began
        assert all(len(rows) == BEST for rows in best)
        return spent

    def _heard(self, path: Path) -> str:
        phrases, _ = self._speech.transcribe(
            str(path),
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=True,
        )
        return " ".join(one.text.strip() for one in phrases)

    def _encode(self, texts: list[str]) -> Any:
        return self._encoder.encode(texts, normalize_embeddings=True, show_progress_bar=False)


def _documents() -> list[Path]:
    return sorted(one for one in demo.FIRST.iterdir() if one.suffix in (".docx", ".pdf"))


def _written(path: Path) -> str:
    if path.suffix == ".pdf":
        import pypdfium2

        return "\n".join(
            page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)
        )
    import docx

    return "\n".join(one.text for one in docx.Document(str(path)).paragraphs)
