"""The most memory that ``reviewer calibrate`` takes on ten million ratings.

Invariant: the peak is that of a process of its own that runs the command as a person does, from
reading the file to the written report; the table is made up and says nothing about raters.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from eval.ratings import ELEMENTS, write_long_table
from eval.recordings import say

NAME = "calibrate_memory"
HELP = "peak memory of reviewer calibrate on 10,000,000 ratings, <= 4 GB: several minutes"
BENCH = False

RATINGS = 10_000_000
RATERS = 200
RESAMPLES = 1000
SEED = 11
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in what the operating system counts


def run(data: Path | None, out: Console, ratings: int = RATINGS) -> dict[str, float]:  # noqa: ARG001 (needs no data)
    """Make the table, run the command on it, and read its peak from the operating system."""
    with tempfile.TemporaryDirectory() as folder:
        table, report = Path(folder) / "ratings.csv", Path(folder) / "report.json"
        written = write_long_table(table, ratings, RATERS, SEED)
        started = time.perf_counter()
        peak = _peak_of(["calibrate", str(table), "--json", str(report)])
        seconds = time.perf_counter() - started
        assert report.stat().st_size
    n = f"{written:,} ratings, {ELEMENTS} elements, {RATERS} raters, {RESAMPLES:,} resamples"
    say(out, "GB at the peak", peak, "<= 4", n)
    say(out, "seconds", seconds, "none", n)
    return {"gb_10m": peak, "seconds_10m": seconds}


def _peak_of(arguments: list[str]) -> float:
    """Largest resident size, in GB of 10^9 bytes, of one run of the command line."""
    command = [sys.executable, "-c", "from reviewer.cli.main import main; main()", *arguments]
    path = os.pathsep.join(filter(None, [".", *sys.path]))
    subprocess.run(
        [*command, "--resamples", str(RESAMPLES)],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * UNIT / 1e9
