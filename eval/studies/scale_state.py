"""Ten thousand small submissions, a state's worth, through two workers: `reviewer bench scale`.

Invariant: as in `scale`, whose works are the first thousand of these.
"""

from pathlib import Path

from rich.console import Console

from eval.scaling import measure

NAME = "scale_state"
HELP = "10,000 submissions: is the time of each the same from the first to the last: half an hour"
BENCH = False

SUBMISSIONS, WORKERS = 10_000, (2,)


def run(_data: Path | None, out: Console) -> dict[str, float]:
    """Measure on this machine; needs weights and dask, no data."""
    return measure(out, SUBMISSIONS, WORKERS)
