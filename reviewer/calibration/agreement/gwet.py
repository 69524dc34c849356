"""Gwet's AC1 and AC2: steady where nearly all ratings are of one level.

Invariant: AC1 is AC2 under the weights "identity".
"""

from collections.abc import Sequence

import numpy as np

from reviewer.calibration.agreement.chance import (
    ChanceModel,
    coefficient,
    corrected,
    observed_agreement,
)
from reviewer.calibration.agreement.patterns import Floats
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.results import Coefficient
from reviewer.calibration.agreement.sample import Sample
from reviewer.calibration.agreement.statistic import CATEGORICAL
from reviewer.calibration.agreement.weighting import Weights


def gwet_ac1(
    ratings: Ratings,
    *,
    categories: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """Agreement beyond chance, chance being confined to units that are hard to rate; nominal.

    (p_a − p_e) / (1 − p_e) with p_e = Σ_k π_k (1 − π_k) / (q − 1), π_k the mean over units of the
    share of raters on level k, q the number of levels: give ``categories`` where one did not
    occur. Any number of raters; ratings may be missing. Range: at most 1. Undefined (with reason):
    no unit with two ratings; one level only.
    Source: Gwet (2008), British J. Math. Stat. Psychol. 61, 29–48.

    >>> round(gwet_ac1([[1, 1], [2, 2], [1, 2], [2, 2]]).value, 4)
    0.5294
    """
    return gwet_ac2(ratings, weights="identity", categories=categories, confidence=confidence)


def gwet_ac2(
    ratings: Ratings,
    *,
    weights: Weights = "quadratic",
    categories: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """AC1 with partial credit for levels that lie near each other.

    (p_a − p_e) / (1 − p_e) with p_e = Σ_kl w_kl / (q (q − 1)) · Σ_k π_k (1 − π_k). Range and
    degenerate cases as `gwet_ac1`. Scale: that of the weights.
    Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed.

    >>> round(gwet_ac2([[1, 1], [2, 3], [3, 3]], weights="linear").value, 4)
    0.6604
    """
    return coefficient(read_ratings(ratings, categories), CATEGORICAL, MODEL, weights, confidence)


def gwet_values(sample: Sample, weights: Floats) -> Floats:
    """AC1 or AC2, one figure a draw."""
    return corrected(observed_agreement(sample, weights), _expected(sample, weights))


def _expected(sample: Sample, weights: Floats) -> Floats:
    spread = (sample.shares * (1 - sample.shares)).sum(axis=1)
    return np.asarray(_scale(weights) * spread)


def _spread(sample: Sample, weights: Floats) -> Floats:
    patterns = sample.patterns
    off = patterns.tallies @ (1 - sample.shares[0]) / np.maximum(patterns.rated_by, 1)
    return np.asarray(_scale(weights) * off)


def _scale(weights: Floats) -> float:
    levels = len(weights)
    return float(weights.sum()) / (levels * (levels - 1))


MODEL = ChanceModel(_expected, _spread)
