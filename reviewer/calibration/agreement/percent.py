"""Percent agreement: exact, adjacent (which includes exact), or by any weights.

Invariant: the share of agreeing pairs of raters within a unit, averaged over units with two.
"""

from collections.abc import Sequence

import numpy as np

from reviewer.calibration.agreement.chance import (
    ChanceModel,
    coefficient,
    observed_agreement,
)
from reviewer.calibration.agreement.levels import NO_ORDER
from reviewer.calibration.agreement.patterns import Floats
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.results import Coefficient
from reviewer.calibration.agreement.sample import Sample
from reviewer.calibration.agreement.statistic import all_of, needs_few_levels, needs_pairs
from reviewer.calibration.agreement.weighting import Weights

PERCENT_NEEDS = all_of(needs_few_levels, needs_pairs)


def percent_agreement(
    ratings: Ratings,
    *,
    weights: Weights = "identity",
    categories: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """Share of pairs of raters who agree; not corrected for chance, and not a kappa.

    p_a: mean over units with two ratings of Σ_kl w_kl n_k (n_l − [k = l]) / (m (m − 1)). Range:
    0 to 1. Undefined (with reason): no unit with two ratings.

    >>> percent_agreement([[1, 1], [2, 2], [1, 2], [2, 2]]).value
    0.75
    """
    return coefficient(
        read_ratings(ratings, categories), PERCENT_NEEDS, _MODEL, weights, confidence
    )


def adjacent_agreement(
    ratings: Ratings,
    *,
    categories: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """Share of pairs of raters who are at most one level apart; exact agreement is included.

    A level is a step of the scale: on 1, 1.5, 2 the ratings 1 and 1.5 are adjacent. Without
    ``categories`` only levels that occur are steps. Range: 0 to 1. Undefined (with reason): no unit
    with two ratings; words whose order was not given.

    >>> adjacent_agreement([[1, 2], [1, 3]], categories=[1, 2, 3]).value
    0.5
    """
    patterns = read_ratings(ratings, categories)
    if not patterns.levels.ordered:
        return Coefficient(None, patterns.paired_units, reason=NO_ORDER)
    return percent_agreement(
        patterns, weights=adjacency(len(patterns.levels)), confidence=confidence
    )


def adjacency(levels: int) -> Floats:
    """Agreement weights: 1 for the same level and its neighbours, else 0."""
    ranks = np.arange(levels)
    return np.asarray(np.abs(np.subtract.outer(ranks, ranks)) <= 1, dtype=np.float64)


def percent_values(sample: Sample, weights: Floats) -> Floats:
    """Percent agreement, one figure a draw."""
    return observed_agreement(sample, weights)


def _no_chance(sample: Sample, weights: Floats) -> Floats:  # noqa: ARG001 (one signature for all)
    return np.zeros(len(sample.times))


_MODEL = ChanceModel(_no_chance, None)
