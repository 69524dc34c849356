"""Within-target agreement: r_wg of one item, r_wg(j) of several; AD is in deviation.py.

Invariant: agreement on one unit against raters who pick every level equally often; how much units
differ from each other does not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.sample import Sample, over
from reviewer.calibration.agreement.statistic import (
    all_of,
    needs_few_levels,
    needs_numbers,
    needs_pairs,
    needs_two_levels,
)

RWG_NEEDS = all_of(needs_numbers, needs_few_levels, needs_two_levels, needs_pairs)


@dataclass(frozen=True)
class WithinAgreement:
    """``value``: mean over units; ``n``: units with two ratings; ``below_zero``: units with less
    agreement than raters who pick at random, each counted as 0.
    """

    value: float | None
    n: int
    below_zero: int = 0
    reason: str | None = None


def rwg(ratings: Ratings, *, categories: Sequence[object] | None = None) -> WithinAgreement:
    """Mean r_wg over units: 1 − s² / σ²_E, units below 0 counted as 0.

    s²: variance (divisor m − 1) of a unit's ratings; σ²_E: variance of a rater who picks every
    level equally often, (A² − 1) / 12 for levels 1 … A. Give ``categories``: without them only
    levels that occur are levels. Range: 0 to 1; .51–.70 moderate, .71–.90 strong (LeBreton
    & Senter 2008).
    Scale: interval. Undefined (with reason): words; one level; no unit with two ratings.
    Source: James, Demaree & Wolf (1984), J. Applied Psychol. 69, 85–98.

    >>> rwg([[3, 3], [1, 2]], categories=[1, 2, 3, 4, 5]).value
    0.875
    """
    patterns = read_ratings(ratings, categories)
    reason = RWG_NEEDS(patterns)
    if reason:
        return WithinAgreement(None, patterns.paired_units, reason=reason)
    counts = patterns.counts * (patterns.rated_by > 1)
    raw = 1 - unit_variance(patterns) / patterns.levels.uniform_variance
    value = float(counts @ np.maximum(raw, 0.0) / counts.sum())
    return WithinAgreement(value, patterns.paired_units, int(counts[raw < 0].sum()))


def rwg_j(items: ArrayLike, *, levels: Sequence[float]) -> WithinAgreement:
    """Mean r_wg(j) over units rated on J parallel items: units × raters × items, nan if missing.

    J (1 − s̄²/σ²_E) / (J (1 − s̄²/σ²_E) + s̄²/σ²_E), s̄² the mean over items of the variance between
    raters; a unit with s̄² above σ²_E counts as 0. A rater counts on a unit where all items are
    rated. Range: 0 to 1. Undefined (with reason): no unit with two such raters; one level.
    Source: James, Demaree & Wolf (1984), J. Applied Psychol. 69, 85–98.

    >>> rwg_j([[[3, 4], [3, 4]]], levels=[1, 2, 3, 4, 5]).value
    1.0
    """
    share, values = _shares_and_values(items, levels)
    pairs = int((~np.isnan(share)).sum())
    if not pairs:
        return WithinAgreement(None, 0, reason="no unit has two complete ratings")
    if np.ptp(np.asarray(levels, dtype=np.float64)) == 0:
        return WithinAgreement(None, pairs, reason="there is only one level")
    return WithinAgreement(float(np.nanmean(values)), pairs, int((share > 1).sum()))


def rwg_j_of_units(items: ArrayLike, *, levels: Sequence[float]) -> Floats:
    """r_wg(j) of each unit, as `rwg_j` takes the mean of; nan without two complete ratings.

    >>> rwg_j_of_units([[[3, 4], [3, 4]], [[1, 5], [5, 1]]], levels=[1, 2, 3, 4, 5]).tolist()
    [1.0, 0.0]
    """
    return _shares_and_values(items, levels)[1]


def _shares_and_values(items: ArrayLike, levels: Sequence[float]) -> tuple[Floats, Floats]:
    """Of each unit s̄²/σ²_E and r_wg(j); both nan where a unit has no two complete ratings."""
    scores = np.asarray(items, dtype=np.float64)
    if scores.ndim != 3:
        raise ValueError(f"items have {scores.ndim} dimension(s): give units × raters × items.")
    expected = float(np.var(np.asarray(levels, dtype=np.float64)))
    there = np.asarray(~np.isnan(scores).any(axis=2))
    raters = np.asarray(there.sum(axis=1))
    pairs = raters > 1
    kept = np.where(there[:, :, None], scores, 0.0)[pairs]
    inside, many = there[pairs][:, :, None], raters[pairs][:, None]
    means = kept.sum(axis=1) / many
    squares = (((kept - means[:, None, :]) * inside) ** 2).sum(axis=1) / (many - 1)
    share, values = np.full(len(scores), np.nan), np.full(len(scores), np.nan)
    share[pairs] = squares.mean(axis=1) / (expected or 1.0)  # one level has no variance
    agreeing = scores.shape[2] * np.maximum(1 - share, 0.0)
    values[pairs] = over(agreeing, agreeing + share)[pairs]
    return share, values


def rwg_values(sample: Sample) -> Floats:
    """Mean r_wg, one figure a draw."""
    patterns = sample.patterns
    raw = 1 - unit_variance(patterns) / patterns.levels.uniform_variance
    agreeing = np.maximum(raw, 0.0) * (patterns.rated_by > 1)
    return over(sample.times @ agreeing, sample.paired)


def unit_variance(patterns: Patterns) -> Floats:
    """Variance (divisor m − 1) of each row's ratings; 0 for fewer than two."""
    many = np.maximum(patterns.rated_by, 1)
    x = patterns.levels.numbers - patterns.levels.numbers.mean()
    means = patterns.tallies @ x / many
    squares = (patterns.tallies * (x[None, :] - means[:, None]) ** 2).sum(axis=1)
    return np.asarray(squares / np.maximum(many - 1, 1))
