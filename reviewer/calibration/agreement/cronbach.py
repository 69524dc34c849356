"""Cronbach's alpha: consistency across elements. It is not agreement between raters.

Invariant: only units with a score on every element count.
"""

import numpy as np

from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.results import Estimate
from reviewer.calibration.agreement.sample import Sample, over, whole
from reviewer.calibration.agreement.statistic import all_of, needs_complete, needs_numbers

NO_TOTAL_VARIATION = "the totals do not vary"


def cronbach_alpha(items: Ratings) -> Estimate:
    """k/(k − 1) · (1 − Σ s_j² / s_total²); ``items``: units × elements.

    Range: at most 1. Undefined (with reason): words; one element; fewer than two units scored on
    every element; totals that do not vary.
    Source: Cronbach (1951), Psychometrika 16, 297–334.

    >>> cronbach_alpha([[1, 1], [2, 2], [3, 3]]).value
    1.0
    """
    patterns = read_ratings(items)
    n = patterns.complete_units
    reason = CRONBACH_NEEDS(patterns)
    if reason:
        return Estimate(None, n, reason)
    value = float(cronbach_values(whole(patterns))[0])
    return Estimate(None, n, NO_TOTAL_VARIATION) if np.isnan(value) else Estimate(value, n)


def cronbach_values(sample: Sample) -> Floats:
    """Cronbach's alpha, one figure a draw."""
    patterns = sample.patterns
    times = sample.times * patterns.complete
    counts = patterns.counts * patterns.complete
    scores = np.where(patterns.complete[:, None], patterns.scores, 0.0)
    scores = scores - counts @ scores / max(float(counts.sum()), 1.0)
    units = times.sum(axis=1)

    def spread(values: Floats) -> Floats:
        sums, squares = times @ values, times @ values**2
        found = squares - over(sums**2, units[:, None])
        return np.asarray(np.where(found > 1e-12 * np.maximum(squares, 1e-300), found, 0.0))

    k = scores.shape[1]
    each, total = spread(scores).sum(axis=1), spread(scores.sum(axis=1, keepdims=True))[:, 0]
    return np.asarray(k / (k - 1) * (1 - over(each, total)))


def _needs_items(patterns: Patterns) -> str | None:
    many = 0 if patterns.codes is None else patterns.codes.shape[1]
    return None if many > 1 else "it needs at least two elements"


CRONBACH_NEEDS = all_of(needs_numbers, _needs_items, needs_complete)
