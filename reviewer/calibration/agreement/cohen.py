"""Cohen's kappa, unweighted and weighted: two raters, each with a distribution of his own.

Invariant: only units rated by both count. QWK is ``weights="quadratic"``.
"""

from collections.abc import Sequence

import numpy as np

from reviewer.calibration.agreement.chance import corrected, quadratic_form, with_error
from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.results import Coefficient
from reviewer.calibration.agreement.sample import Sample, over, whole
from reviewer.calibration.agreement.statistic import (
    CATEGORICAL,
    CHANCE_IS_ALL,
    all_of,
    needs_two_raters,
)
from reviewer.calibration.agreement.weighting import Weights, agreement_weights, unusable_weights

COHEN_NEEDS = all_of(needs_two_raters, CATEGORICAL)


def cohen_kappa(
    ratings: Ratings,
    *,
    weights: Weights = "identity",
    categories: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """Agreement of two raters beyond what their own distributions would give by chance.

    (p_a − p_e) / (1 − p_e) with p_a = Σ_kl w_kl p_kl and p_e = Σ_kl w_kl p_k. p_.l; a matrix that
    is not symmetric is read as [first rater, second rater]. Range: −1 to 1. Undefined (with
    reason): not two raters; no unit rated by both; both use one and the same level only.
    Scale: nominal with ``weights="identity"``; otherwise that of the weights.
    Source: Cohen (1960), Educ. Psychol. Meas. 20, 37–46; (1968), Psychol. Bull. 70, 213–220; its
    standard error: Fleiss, Cohen & Everitt (1969), Psychol. Bull. 72, 323–327.

    >>> cohen_kappa([[1, 1], [2, 2], [1, 2], [2, 2]]).value
    0.5
    """
    patterns = read_ratings(ratings, categories)
    reason = COHEN_NEEDS(patterns) or unusable_weights(weights, patterns.levels)
    if reason:
        return Coefficient(None, patterns.paired_units, reason=reason)
    matrix = agreement_weights(weights, patterns.levels)
    first, second, n = (each[0] for each in _margins(whole(patterns)))
    observed = float(_observed(whole(patterns), matrix)[0])
    chance = float(first @ matrix @ second)
    value = float(cohen_values(whole(patterns), matrix)[0])
    if np.isnan(value):
        return Coefficient(None, int(n), observed, chance, reason=CHANCE_IS_ALL)
    result = Coefficient(value, int(n), observed, chance)
    squares = _squares(patterns, matrix, (first, second), result)
    return with_error(result, squares, n**2, confidence)


def cohen_values(sample: Sample, weights: Floats) -> Floats:
    """Cohen's kappa, one figure a draw."""
    first, second, _ = sample.once("margins of two raters", _margins)
    return corrected(_observed(sample, weights), quadratic_form(first, weights, second))


def _squares(
    patterns: Patterns, weights: Floats, margins: tuple[Floats, Floats], found: Coefficient
) -> float:
    """Σ over units of the squared deviations of Fleiss, Cohen & Everitt (1969).

    n (Σ p_kl (w_kl − (w_k. + w_.l)(1 − κ))² − (κ − p_e (1 − κ))²) / (1 − p_e)². Where weights are
    not symmetric both mean weights go through the transposed matrix (see `towards`).
    """
    assert patterns.codes is not None
    assert found.value is not None
    assert found.chance is not None
    codes, counts = patterns.codes[patterns.complete], patterns.counts[patterns.complete]
    first, second = (weights.T @ each for each in margins)
    spread = second[codes[:, 0]] + first[codes[:, 1]]
    parts = weights[codes[:, 0], codes[:, 1]] - spread * (1 - found.value)
    centre = found.value - found.chance * (1 - found.value)
    squares = float(counts @ parts**2) - found.n * centre**2
    return float(squares / (1 - found.chance) ** 2)


def _margins(sample: Sample) -> tuple[Floats, Floats, Floats]:
    """Shares of each level in the first and the second rater's ratings, and the units."""
    codes, there = sample.patterns.codes, sample.patterns.complete
    assert codes is not None
    levels = np.arange(len(sample.patterns.levels))
    times = sample.times * there
    units = times.sum(axis=1)
    first, second = (
        over(times @ (codes[:, at, None] == levels).astype(np.float64), units[:, None])
        for at in (0, 1)
    )
    return first, second, units


def _observed(sample: Sample, weights: Floats) -> Floats:
    codes, there = sample.patterns.codes, sample.patterns.complete
    assert codes is not None
    agreeing = weights[codes[:, 0], codes[:, 1]] * there
    return over(sample.times @ agreeing, sample.times @ there.astype(np.float64))
