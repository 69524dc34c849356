"""Draws of whole candidates with replacement, for figures that are sums over candidates.

Invariant: the draws depend on the seed alone, not on the size of a block; memory is that of a block
however many candidates there are. (Agreement statistics have their own draws, by pattern.)
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_BLOCK_NUMBERS = 1 << 22  # numbers held at once, 32 MiB of them

Floats = NDArray[np.float64]


def percentile_of_draws(
    figure: Callable[[Floats], Floats], candidates: int, resamples: int, seed: int
) -> tuple[float, float]:
    """The 95 % percentile interval of `figure` over draws of `candidates` with replacement.

    `figure` takes how often each candidate is in each draw, shape (some draws, candidates), and
    gives one number a draw.
    """
    draw = np.random.default_rng(seed)
    equal = np.full(candidates, 1.0 / candidates)
    block = max(1, _BLOCK_NUMBERS // candidates)
    found = []
    for done in range(0, resamples, block):
        size = min(block, resamples - done)
        found.append(figure(draw.multinomial(candidates, equal, size=size).astype("float64")))
    low, high = np.percentile(np.concatenate(found), [2.5, 97.5])
    return float(low), float(high)
