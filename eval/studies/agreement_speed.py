"""How long all agreement statistics take with intervals, beside the obvious way to get three.

Invariant: time and peak memory are those of a process that does nothing else, reading and drawing
included; the obvious route runs in the same run on the same ratings, and is given fewer statistics.
"""

import importlib.util
import time
from pathlib import Path

from rich.console import Console

from eval.processes import spend
from eval.ratings import ELEMENTS, LEVELS, Simulated, simulate
from eval.recordings import say

NAME = "agreement_speed"
HELP = "all statistics, 1,000 resamples: 100,000 ratings <= 20 s, <= 1 GB, >= 20 x obvious; 10 M"
BENCH = True

SMALL, LARGE = 100_000, 10_000_000
RESAMPLES, OBVIOUS_RESAMPLES = 1000, 10
SEED = 11
CHILD = """
import sys, time
from eval.ratings import LEVELS, simulate
from reviewer.calibration.agreement import bootstrap_agreement
ratings, resamples, seed = map(int, sys.argv[1:])
simulated = simulate(ratings, seed)
started = time.perf_counter()
for scores in simulated.scores:
    found = bootstrap_agreement(
        scores, clusters=simulated.candidates, categories=LEVELS, resamples=resamples
    )
    assert len(found.intervals["all"]) > 20
    assert found.intervals["all"]["cohen_kappa.quadratic"].low is not None
print(time.perf_counter() - started)
"""


def run(data: Path | None, out: Console) -> dict[str, float]:  # noqa: ARG001 (needs no data)
    """Measure both sizes, and the ratio where pingouin is installed (GPL: bench only)."""
    figures: dict[str, float] = {}
    for name, ratings, seconds, gigabytes in (
        ("100k", SMALL, "<= 20", "<= 1"),
        ("10m", LARGE, "completes", "<= 4"),
    ):
        spent, peak = _ours(ratings)
        n = f"{ratings:,} ratings, {ELEMENTS} elements, {RESAMPLES:,} resamples"
        say(out, f"seconds, {name}", spent, seconds, n)
        say(out, f"GB at the peak, {name}", peak, gigabytes, n)
        figures |= {f"seconds_{name}": spent, f"gb_{name}": peak}
    if importlib.util.find_spec("pingouin") is None:
        out.print("no ratio: pingouin is not installed (pip install pingouin, for this study only)")
        return figures
    obvious = _obvious(simulate(SMALL, SEED)) * RESAMPLES / OBVIOUS_RESAMPLES
    figures["obvious_over_ours"] = obvious / figures["seconds_100k"]
    n = f"kappa, QWK, ICC by a loop: {obvious:.0f} s, from {OBVIOUS_RESAMPLES} resamples"
    say(out, "obvious route / ours", figures["obvious_over_ours"], ">= 20", n)
    return figures


def _ours(ratings: int) -> tuple[float, float]:
    """Seconds and peak gigabytes (10^9 bytes) of all statistics with intervals."""
    spent = spend(["-c", CHILD, str(ratings), str(RESAMPLES), str(SEED)])
    return float(spent.output), spent.memory_gb


def _obvious(simulated: Simulated) -> float:
    """Seconds of a few resamples of the loop that one would write with the usual libraries."""
    import numpy as np
    import pandas as pd
    import pingouin
    from sklearn.metrics import cohen_kappa_score

    draw = np.random.default_rng(SEED)
    candidates = np.unique(simulated.candidates)
    members = [np.flatnonzero(simulated.candidates == each) for each in candidates]
    started = time.perf_counter()
    for _ in range(OBVIOUS_RESAMPLES):
        drawn = draw.integers(0, len(members), len(members))
        works = np.concatenate([members[at] for at in drawn])
        for scores in simulated.scores:
            pair = scores[works]
            pair = pair[~np.isnan(pair).any(axis=1)]
            cohen_kappa_score(*pair.T, labels=LEVELS)
            cohen_kappa_score(*pair.T, labels=LEVELS, weights="quadratic")
            long = pd.DataFrame(
                {
                    "work": np.repeat(np.arange(len(pair)), 2),
                    "rater": np.tile([0, 1], len(pair)),
                    "score": pair.ravel(),
                }
            )
            pingouin.intraclass_corr(long, targets="work", raters="rater", ratings="score")
    return time.perf_counter() - started
