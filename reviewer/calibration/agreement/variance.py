"""Analysis of variance of units × raters, for one sample or many resamples at once.

Invariant: only units that every rater rated count; numbers are taken from their overall mean
first, so that sums of squares do not cancel.
"""

from dataclasses import dataclass

import numpy as np

from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.sample import Sample, over, whole
from reviewer.calibration.agreement.statistic import (
    all_of,
    needs_complete,
    needs_numbers,
    needs_raters,
)


@dataclass(frozen=True, eq=False)
class MeanSquares:
    """One figure a draw, shape (draws,).

    ``between``: units (BMS); ``within``: inside units (WMS); ``raters``: (JMS); ``error``: residual
    (EMS); ``units``: n; ``k``: raters, the same for all draws.
    """

    between: Floats
    within: Floats
    raters: Floats
    error: Floats
    units: Floats
    k: int


@dataclass(frozen=True)
class Anova:
    """Mean squares of the data: between units, within units, raters, residual error."""

    between: float | None
    within: float | None
    raters: float | None
    error: float | None
    n: int
    k: int
    reason: str | None = None


ANOVA_NEEDS = all_of(needs_numbers, needs_raters, needs_complete)


def mean_squares(ratings: Ratings) -> Anova:
    """Mean squares of the units × raters table, units with a missing rating left out.

    Undefined (with reason): words; one rater; fewer than two complete units.
    Source: Shrout & Fleiss (1979), Psychol. Bull. 86, 420–428.

    >>> mean_squares([[1, 2], [3, 4], [5, 6]]).between
    8.0
    """
    patterns = read_ratings(ratings)
    k = len(patterns.raters)
    reason = ANOVA_NEEDS(patterns)
    if reason:
        return Anova(None, None, None, None, patterns.complete_units, k, reason)
    found = squares(whole(patterns))
    between, within, raters, error = (
        float(each[0]) for each in (found.between, found.within, found.raters, found.error)
    )
    return Anova(between, within, raters, error, patterns.complete_units, k)


def squares(sample: Sample) -> MeanSquares:
    """Mean squares of every draw; nan where a draw has fewer than two units."""
    patterns = sample.patterns
    scores, times = _centred(patterns), sample.times * patterns.complete
    k = scores.shape[1]
    units = times.sum(axis=1)
    sums = scores.sum(axis=1)
    total = times @ sums
    correction = over(total**2, units * k)
    between = times @ (sums**2 / k) - correction
    raters = over((times @ scores) ** 2, units[:, None]).sum(axis=1) - correction
    everything = times @ (scores**2).sum(axis=1) - correction
    within = np.maximum(everything - between, 0.0)
    error = np.maximum(within - raters, 0.0)
    tiny = 1e-12 * np.maximum(everything, 1e-300)  # rounding must not pass for variation
    between, within, raters, error = (
        np.where(each > tiny, each, 0.0) for each in (between, within, raters, error)
    )
    free = np.where(units > 1, units - 1, 0.0)
    return MeanSquares(
        over(between, free),
        over(within, units * (k - 1)),
        raters / (k - 1),
        over(error, free * (k - 1)),
        units,
        k,
    )


def _centred(patterns: Patterns) -> Floats:
    """Scores less their mean; 0 in rows that are not complete, which never count."""
    scores = np.where(patterns.complete[:, None], patterns.scores, 0.0)
    counts = patterns.counts * patterns.complete
    centre = counts @ scores.mean(axis=1) / max(float(counts.sum()), 1.0)
    return np.asarray(np.where(patterns.complete[:, None], scores - centre, 0.0))
