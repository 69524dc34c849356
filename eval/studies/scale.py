"""A thousand small submissions through one worker and through two: `reviewer bench scale`.

Invariant: both runs use the same works, a store of their own each, and one thread a worker.
"""

from pathlib import Path

from rich.console import Console

from eval.scaling import measure

NAME = "scale"
HELP = "1,000 submissions, two workers beside one (>= 1.6), overhead a stage (<= 20 ms): 10 minutes"
BENCH = False

SUBMISSIONS, WORKERS = 1000, (1, 2)


def run(_data: Path | None, out: Console) -> dict[str, float]:
    """Measure on this machine; needs weights and dask, no data."""
    return measure(out, SUBMISSIONS, WORKERS)
