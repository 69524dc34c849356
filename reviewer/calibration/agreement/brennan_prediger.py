"""Brennan–Prediger: chance as if every level were equally likely.

Invariant: chance agreement depends on the levels and the weights alone, never on the ratings.
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


def brennan_prediger(
    ratings: Ratings,
    *,
    weights: Weights = "identity",
    categories: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """Agreement beyond that of raters who pick levels at random.

    (p_a − p_e) / (1 − p_e) with p_e = Σ_kl w_kl / q², q the number of levels: give ``categories``
    where a level did not occur. Range: at most 1. Undefined: no unit with two ratings; one level.
    Source: Brennan & Prediger (1981), Educ. Psychol. Meas. 41, 687–699; weights: Gwet (2014).

    >>> brennan_prediger([[1, 1], [2, 2], [1, 2], [2, 2]]).value
    0.5
    """
    return coefficient(read_ratings(ratings, categories), CATEGORICAL, MODEL, weights, confidence)


def brennan_prediger_values(sample: Sample, weights: Floats) -> Floats:
    """The coefficient, one figure a draw."""
    return corrected(observed_agreement(sample, weights), _expected(sample, weights))


def _expected(sample: Sample, weights: Floats) -> Floats:
    return np.full(len(sample.times), weights.sum() / len(sample.patterns.levels) ** 2)


MODEL = ChanceModel(_expected, None)
