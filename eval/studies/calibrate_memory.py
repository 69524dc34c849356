"""The most memory that ``reviewer calibrate`` takes on ten million ratings.

Invariant: the peak is that of a process of its own that runs the command as a person does, from
reading the file to the written report; the table is made up and says nothing about raters.
"""

import tempfile
from pathlib import Path

from rich.console import Console

from eval.processes import spend
from eval.ratings import ELEMENTS, write_long_table
from eval.recordings import say

NAME = "calibrate_memory"
HELP = "peak memory of reviewer calibrate on 10,000,000 ratings, <= 4 GB: several minutes"
BENCH = False

RATINGS = 10_000_000
RATERS = 200
RESAMPLES = 1000
SEED = 11


def run(data: Path | None, out: Console, ratings: int = RATINGS) -> dict[str, float]:  # noqa: ARG001 (needs no data)
    """Make the table, run the command on it, and read its peak from the operating system."""
    with tempfile.TemporaryDirectory() as folder:
        table, report = Path(folder) / "ratings.csv", Path(folder) / "report.json"
        written = write_long_table(table, ratings, RATERS, SEED)
        command = ["calibrate", str(table), "--json", str(report), "--resamples", str(RESAMPLES)]
        spent = spend(["-m", "reviewer", *command])
        assert report.stat().st_size
    n = f"{written:,} ratings, {ELEMENTS} elements, {RATERS} raters, {RESAMPLES:,} resamples"
    say(out, "GB at the peak", spent.memory_gb, "<= 4", n)
    say(out, "seconds", spent.wall_s, "none", n)
    return {"gb_10m": spent.memory_gb, "seconds_10m": spent.wall_s}
