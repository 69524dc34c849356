"""Embedding beside sentence-transformers' own `encode`: same weights, same texts, same threads.

Invariant: rivals run in turn (A B A B …) after one run of each that is not counted; the vectors of
both are compared, so that speed is never bought with another result.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console

from eval.data import document
from eval.recordings import say
from eval.vectors import opened, weights_folder
from reviewer.evidence.embed import Vectors
from reviewer.settings import load_settings

NAME = "embedding_speed"
HELP = "embedding throughput beside sentence-transformers' encode (>= 1.0)"
BENCH = True

PAIRS = 5


def run(_data: Path | None, out: Console) -> dict[str, float]:
    """Measure the ratio on the sentences of the shipped credentials; needs weights, no data."""
    from sentence_transformers import SentenceTransformer

    embedder = opened()
    peer = SentenceTransformer(str(weights_folder()), device="cpu", local_files_only=True)
    texts = _texts()

    def ours() -> Vectors:
        return embedder.encode(texts)

    def theirs() -> Vectors:
        made: Vectors = peer.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return made

    rows = np.sum(ours() * theirs(), axis=1)
    seconds = _medians([ours, theirs])
    figures = {
        "of_encode": seconds[1] / seconds[0],
        "sentences_a_second": len(texts) / seconds[0],
        "largest_distance": float(1 - rows.min()),
    }
    n = f"medians of {PAIRS} runs each on {len(texts)} sentences"
    say(out, "throughput / encode's throughput", figures["of_encode"], ">= 1.0", n)
    out.print(
        f"{figures['sentences_a_second']:.0f} sentences a second; largest cosine distance "
        f"between the two rows of a text {figures['largest_distance']:.1e}"
    )
    return figures


def _texts() -> list[str]:
    """Every different sentence of the credentials that come with it, cut as a work is cut."""
    found: dict[str, None] = {}
    for path in sorted(load_settings().rubrics_dir.glob("*.yaml")):
        cut = document(path.read_text(encoding="utf-8"))
        found.update((cut.quote(one.start, one.end), None) for one in cut.segments)
    return list(found)


def _medians(rivals: list[Callable[[], Vectors]]) -> list[float]:
    taken: list[list[float]] = [[] for _ in rivals]
    for _ in range(PAIRS):
        for rival, seconds in zip(rivals, taken, strict=True):
            started = time.perf_counter()
            rival()
            seconds.append(time.perf_counter() - started)
    return [statistics.median(each) for each in taken]
