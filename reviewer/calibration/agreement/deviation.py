"""AD: how far, in points of the scale, ratings of a unit lie from their middle.

Invariant: 0 is perfect agreement; the unit is a point of the scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.sample import Sample, over
from reviewer.calibration.agreement.statistic import (
    all_of,
    needs_few_levels,
    needs_numbers,
    needs_pairs,
)

AD_NEEDS = all_of(needs_numbers, needs_few_levels, needs_pairs)


@dataclass(frozen=True)
class Deviation:
    """``mean``: AD about each unit's mean, ``median``: about its median, averaged over units, in
    points of the scale; ``upper``: the usual bound of acceptable agreement, levels / 6.
    """

    mean: float | None
    median: float | None
    n: int
    upper: float | None = None
    reason: str | None = None


def average_deviation(ratings: Ratings, *, categories: Sequence[object] | None = None) -> Deviation:
    """Mean over units of Σ |x − middle| / m, the middle being the unit's mean, or its median.

    Range: 0 to half the range of the scale. ``upper``: number of levels / 6 steps of the scale
    (Burke & Dunlap 2002, Organizational Research Methods 5, 159–172). Scale: interval. Undefined
    (with reason): words; no unit with two ratings.
    Source: Burke, Finkelstein & Dusig (1999), Organizational Research Methods 2, 49–68.

    >>> average_deviation([[1, 3], [2, 2]]).mean
    0.5
    """
    patterns = read_ratings(ratings, categories)
    reason = AD_NEEDS(patterns)
    if reason:
        return Deviation(None, None, patterns.paired_units, reason=reason)
    counts = patterns.counts * (patterns.rated_by > 1)
    x, levels = patterns.levels.numbers, len(patterns.levels)
    step = float(x[-1] - x[0]) / (levels - 1) if levels > 1 else 1.0
    mean, median = (
        float(counts @ each / counts.sum())
        for each in (_about_mean(patterns), _about_median(patterns))
    )
    return Deviation(mean, median, patterns.paired_units, upper=levels / 6 * step)


def deviation_values(sample: Sample) -> Floats:
    """AD about the mean, one figure a draw."""
    patterns = sample.patterns
    return over(sample.times @ (_about_mean(patterns) * (patterns.rated_by > 1)), sample.paired)


def _about_mean(patterns: Patterns) -> Floats:
    many = np.maximum(patterns.rated_by, 1)
    means = patterns.tallies @ patterns.levels.numbers / many
    return _about(patterns, means)


def _about_median(patterns: Patterns) -> Floats:
    """The middle of a row's ratings, or the mean of the two in the middle."""
    if not len(patterns.counts):
        return np.zeros(0)
    reached = np.cumsum(patterns.tallies, axis=1)
    half = np.maximum(patterns.rated_by, 1)[:, None] / 2
    low, high = (reached >= half).argmax(axis=1), (reached > half).argmax(axis=1)
    x = patterns.levels.numbers
    return _about(patterns, (x[low] + x[high]) / 2)


def _about(patterns: Patterns, middle: Floats) -> Floats:
    away = np.abs(patterns.levels.numbers[None, :] - middle[:, None])
    return np.asarray((patterns.tallies * away).sum(axis=1) / np.maximum(patterns.rated_by, 1))
