"""Probability calibration of drafts: whether an engine that says 80 % is right in 80 % of cases.

A draft is right here where its level is the reference rating's, exactly. (Rater calibration, the
checking of people against anchors, is another thing.)

Invariant: the abstention threshold is chosen by the lower confidence bound, so a few lucky drafts
cannot reach it; the coverage that it costs stands beside it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewer.calibration.drawing import percentile_of_draws
from reviewer.calibration.shares import Share, share

BINS = 10
"""Bins of equal width that the reliability diagram and the calibration error have."""

FEWEST = 30
"""Drafts with a confidence and a reference below which nothing is said."""

FEWEST_KEPT = 20
"""Drafts that must stay above an abstention threshold."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Drafts whose confidence lies in [`low`, `high`): mean confidence, and share that is right."""

    low: float
    high: float
    confidence: float
    right: Share


@dataclass(frozen=True, slots=True)
class Coverage:
    """At a confidence of `threshold` or more: share of drafts kept, and share of these right."""

    threshold: float
    coverage: float
    right: Share


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probability calibration of one engine on one element, or on all together.

    `error`: expected calibration error, the mean distance between confidence and share right over
    bins, weighted by their drafts; `error_low` and `error_high` from a bootstrap by candidate.
    `wanted`: the share right that was asked for; `abstain_below`: the confidence below which the
    engine must abstain to reach it with 95 % confidence, null where no threshold does.
    """

    engine: str
    element: str
    n: int
    right: Share
    error: float
    error_low: float
    error_high: float
    bins: tuple[Bin, ...]
    curve: tuple[Coverage, ...]
    wanted: float
    abstain_below: Coverage | None


def confidence(
    pairs: pd.DataFrame, engine: str, element: str, wanted: float, seed: int, resamples: int
) -> Confidence | str:
    """Measured on `pairs` (columns `left`: draft, `right`: reference, `confidence`, `candidate`).

    Returns the reason where there is too little. `wanted` is a share in (0, 1).
    """
    known = pairs[pairs["confidence"].notna()]
    if len(known) < FEWEST:
        return f"{len(known)} drafts with a confidence and a reference; {FEWEST} are needed"
    right = (known["left"] == known["right"]).to_numpy()
    sure = known["confidence"].to_numpy(dtype="float64")
    candidates = known["candidate"].to_numpy()
    all_right = share(right, candidates)
    assert all_right is not None
    error, low, high = _error(sure, right, candidates, seed, resamples)
    curve = _curve(sure, right, candidates)
    enough = [one for one in curve if one.right.low >= wanted and one.right.n >= FEWEST_KEPT]
    best = max(enough, key=lambda one: one.coverage) if enough else None
    bins = _bins(sure, right, candidates)
    return Confidence(
        engine, element, len(known), all_right, error, low, high, bins, curve, wanted, best
    )


def _bin_of(sure: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.minimum((sure * BINS).astype(np.intp), BINS - 1)


def _bins(
    sure: NDArray[np.float64], right: NDArray[np.bool_], candidates: NDArray[np.object_]
) -> tuple[Bin, ...]:
    made = []
    for number in range(BINS):
        there = _bin_of(sure) == number
        measured = share(right[there], candidates[there])
        if measured is not None:
            edges = (number / BINS, (number + 1) / BINS)
            made.append(Bin(*edges, float(sure[there].mean()), measured))
    return tuple(made)


def _error(
    sure: NDArray[np.float64],
    right: NDArray[np.bool_],
    candidates: NDArray[np.object_],
    seed: int,
    resamples: int,
) -> tuple[float, float, float]:
    """Expected calibration error with its percentile interval, resampled by candidate.

    Each bin contributes |sum of (confidence - right)| / n, so sums per candidate and bin suffice.
    """
    names, index = np.unique(candidates, return_inverse=True)
    gaps = np.zeros((len(names), BINS))
    np.add.at(gaps, (index, _bin_of(sure)), sure - right)
    sizes = np.bincount(index, minlength=len(names)).astype("float64")
    low, high = percentile_of_draws(
        lambda draws: np.abs(draws @ gaps).sum(axis=1) / (draws @ sizes),
        len(names),
        resamples,
        seed,
    )
    return float(np.abs(gaps.sum(axis=0)).sum() / len(sure)), low, high


def _curve(
    sure: NDArray[np.float64], right: NDArray[np.bool_], candidates: NDArray[np.object_]
) -> tuple[Coverage, ...]:
    """From all drafts to the surest, at twenty-one thresholds of the confidences that occur."""
    made = []
    for threshold in np.unique(np.quantile(sure, np.linspace(0.0, 1.0, 21), method="lower")):
        kept = sure >= threshold
        measured = share(right[kept], candidates[kept])
        if measured is not None:
            made.append(Coverage(float(threshold), float(kept.mean()), measured))
    return tuple(made)
