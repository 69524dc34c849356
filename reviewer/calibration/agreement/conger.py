"""Conger's kappa: Cohen's kappa for any number of raters, each with a distribution of his own.

Invariant: for two raters and complete ratings it is Cohen's kappa; for complete ratings and the
weights "identity" it is what R's irr calls Fleiss' exact kappa.
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
from reviewer.calibration.agreement.statistic import CATEGORICAL, all_of, needs_raters
from reviewer.calibration.agreement.weighting import Weights

CONGER_NEEDS = all_of(needs_raters, CATEGORICAL)


def conger_kappa(
    ratings: Ratings,
    *,
    weights: Weights = "identity",
    categories: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """Agreement beyond chance of two or more raters with distributions of their own.

    (p_a − p_e) / (1 − p_e) with p_e the mean, over ordered pairs of raters g ≠ h, of
    Σ_kl w_kl p_gk p_hl, p_gk the share of level k in rater g's ratings. Ratings may be missing; a
    rater without any is left out. Range: at most 1. Undefined (with reason): raters not known
    apart; no unit with two ratings; one level only.
    Source: Conger (1980), Psychol. Bull. 88, 322–328; weights and missing ratings: Gwet (2014).

    >>> conger_kappa([[1, 1], [2, 2], [1, 2], [2, 2]]).value
    0.5
    """
    return coefficient(read_ratings(ratings, categories), CONGER_NEEDS, MODEL, weights, confidence)


def conger_values(sample: Sample, weights: Floats) -> Floats:
    """Conger's kappa, one figure a draw."""
    return corrected(observed_agreement(sample, weights), _expected(sample, weights))


def _rater_shares(sample: Sample) -> tuple[Floats, Floats]:
    """Each rater's share of each level (draws, raters, levels), and how many raters there are."""
    tallies = sample.rater_tallies
    ratings = tallies.sum(axis=2)
    return tallies / np.maximum(ratings, 1)[:, :, None], (ratings > 0).sum(axis=1).astype(float)


def _expected(sample: Sample, weights: Floats) -> Floats:
    shares, raters = _rater_shares(sample)
    total = shares.sum(axis=1)
    everyone = ((total @ weights) * total).sum(axis=1)
    oneself = ((shares @ weights) * shares).sum(axis=(1, 2))
    return np.asarray((everyone - oneself) / np.maximum(raters * (raters - 1), 1))


def _spread(sample: Sample, weights: Floats) -> Floats:
    """Each pattern's part in the chance agreement: shares are ratios of sums over units."""
    patterns = sample.patterns
    assert patterns.codes is not None
    draws_shares, draws_raters = _rater_shares(sample)
    shares, raters = draws_shares[0], float(draws_raters[0])
    units = float(sample.units[0])
    ratings = sample.rater_tallies[0].sum(axis=1)
    others = shares.sum(axis=0) - shares
    parts = np.zeros(len(patterns.counts))
    for rater, column in enumerate(patterns.codes.T):
        if not ratings[rater]:
            continue
        chosen = (column[:, None] == np.arange(len(weights))).astype(np.float64)
        there = (column >= 0).astype(np.float64) - ratings[rater] / units
        linear = units / ratings[rater] * (chosen - there[:, None] * shares[rater])
        parts += linear @ weights.T @ others[rater]
    return parts / (raters * (raters - 1))


MODEL = ChanceModel(_expected, _spread)
