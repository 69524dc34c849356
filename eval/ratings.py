"""Simulated ratings of known size, for measuring how long agreement takes.

Invariant: the same seed gives the same ratings; nothing here stands for real raters.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ELEMENTS = 12
LEVELS = (1, 2, 3, 4, 5)
RATERS = 2
_RESUBMITTED = 0.2  # share of works that are a second attempt of the candidate before
_UNSCORED = 0.05  # share of works without a second rating


@dataclass(frozen=True, eq=False)
class Simulated:
    """``scores``: elements × works × raters, nan where missing; ``candidates``: each work's."""

    scores: NDArray[np.float64]
    candidates: NDArray[np.int64]


def simulate(ratings: int, seed: int) -> Simulated:
    """About so many ratings of two raters, twelve elements, one work in five a resubmission."""
    works = ratings // (ELEMENTS * RATERS)
    draw = np.random.default_rng(seed)
    scores = np.empty((ELEMENTS, works, RATERS))
    for element in range(ELEMENTS):
        true = draw.normal(3, 1, works)
        seen = true[:, None] + draw.normal(0, 0.6, (works, RATERS))
        scores[element] = np.clip(seen.round(), LEVELS[0], LEVELS[-1])
        scores[element, draw.random(works) < _UNSCORED, 1] = np.nan
    fresh = draw.random(works) >= _RESUBMITTED
    return Simulated(scores, np.cumsum(fresh))


def write_long_table(path: Path, ratings: int, raters: int, seed: int) -> int:
    """A CSV of about so many ratings, each work by two of `raters`; returns how many there are."""
    made = simulate(ratings, seed)
    works = made.scores.shape[1]
    draw = np.random.default_rng(seed)
    first = draw.integers(0, raters, works)
    second = (first + 1 + draw.integers(0, raters - 1, works)) % raters
    written = 0
    with path.open("w", encoding="utf-8") as table:
        table.write("submission,candidate,element,rater,score\n")
        for work in range(works):
            start = f"s{work},c{made.candidates[work]},element"
            for element, scores in enumerate(made.scores[:, work].tolist(), 1):
                for rater, score in zip((first[work], second[work]), scores, strict=True):
                    if not math.isnan(score):
                        table.write(f"{start}{element},r{rater},{score:g}\n")
                        written += 1
    return written
