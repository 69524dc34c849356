"""Whether intervals of agreement hold what they say: how often they cover the truth.

Invariant: the truth is the statistic on a population a thousand times as large, drawn by the same
model with other seeds; resubmissions are alike, as those of a person are.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from eval.recordings import say

NAME = "agreement_coverage"
HELP = "share of 95 % intervals that cover the truth, by number of candidates: about a minute"
BENCH = False

CANDIDATES = (30, 100, 300)
TABLES, RESAMPLES = 1000, 500
POPULATION = 300_000
STATISTICS = (
    "percent_agreement",
    "cohen_kappa.quadratic",
    "gwet.ac1",
    "krippendorff_alpha.ordinal",
    "icc.A,1",
)
LEVELS = (1, 2, 3, 4)


def run(data: Path | None, out: Console) -> dict[str, float]:  # noqa: ARG001 (needs no data)
    """Coverage of each statistic's interval; 0.95 is what it says."""
    from reviewer.calibration.agreement import STATISTICS as KNOWN
    from reviewer.calibration.agreement import bootstrap_agreement, read_ratings
    from reviewer.calibration.agreement.statistic import estimate

    scores, _ = _draw(POPULATION, np.random.default_rng(1))
    patterns = read_ratings(scores, LEVELS)
    truth = {each.name: estimate(each, patterns).value for each in KNOWN if each.name in STATISTICS}
    figures: dict[str, float] = {}
    for candidates in CANDIDATES:
        covered = dict.fromkeys(STATISTICS, 0)
        for table in range(TABLES):
            scores, owners = _draw(candidates, np.random.default_rng((2, candidates, table)))
            found = bootstrap_agreement(
                scores,
                categories=LEVELS,
                clusters=owners,
                statistics=STATISTICS,
                resamples=RESAMPLES,
                seed=table,
            ).intervals["all"]
            for name in STATISTICS:
                low, high, true = found[name].low, found[name].high, truth[name]
                if low is not None and high is not None and true is not None:
                    covered[name] += low <= true <= high
        for name in STATISTICS:
            share = covered[name] / TABLES
            figures[f"{name}_{candidates}"] = share
            say(
                out,
                f"{name}, {candidates} candidates",
                share,
                "0.95 if exact",
                f"n = {TABLES} tables",
            )
    return figures


def _draw(
    candidates: int, draw: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Two raters' scores of one or two works of each candidate, and whose works they are."""
    works = 1 + (draw.random(candidates) < 0.25)
    owners = np.repeat(np.arange(candidates), works)
    ability = draw.normal(2.6, 0.8, candidates)[owners]
    true = ability + draw.normal(0, 0.3, len(owners))
    likeness = draw.normal(0, 0.4, candidates)[owners]  # raters differ alike on one person's works
    seen = true[:, None] + draw.normal(0, 0.5, (len(owners), 2))
    seen[:, 1] += likeness
    return np.clip(seen.round(), LEVELS[0], LEVELS[-1]), owners
