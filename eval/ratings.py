"""Simulated ratings of known size, for measuring how long agreement takes.

Invariant: the same seed gives the same ratings; nothing here stands for real raters.
"""

from dataclasses import dataclass

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
