"""What the chance-corrected coefficients share: observed agreement, correction, standard error.

Invariant: a coefficient is (observed − chance) / (1 − chance); its standard error is that of the
mean of the units' linearized contributions.

Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., ch. 5–6; Gwet (2021),
Large-sample variance of Fleiss' generalized kappa, Educ. Psychol. Meas. 81, 781–790.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.results import Coefficient
from reviewer.calibration.agreement.sample import Sample, over, whole
from reviewer.calibration.agreement.statistic import CHANCE_IS_ALL, Needs
from reviewer.calibration.agreement.weighting import Weights, agreement_weights, unusable_weights

_ROUNDING = 1e-12  # what is smaller is 0 but for rounding


def unit_agreement(patterns: Patterns, weights: Floats) -> Floats:
    """Share of a unit's ordered pairs of raters that agree, by weight; 0 for fewer than two.

    Shape (patterns,). In a contingency table the pair has an order, so a matrix that is not
    symmetric is read as [first rater, second rater].
    """
    if patterns.is_contingency:
        assert patterns.codes is not None
        return np.asarray(weights[patterns.codes[:, 0], patterns.codes[:, 1]])
    tallies, raters = patterns.tallies, patterns.rated_by
    agreeing = ((tallies @ weights.T) * tallies).sum(axis=1) - tallies @ np.diag(weights)
    pairs = raters * (raters - 1)
    agreement = np.zeros(len(pairs))
    np.divide(agreeing, pairs, out=agreement, where=pairs > 0)
    return agreement


def observed_agreement(sample: Sample, weights: Floats) -> Floats:
    """Mean of `unit_agreement` over units with two ratings, one figure a draw."""
    return over(sample.times @ unit_agreement(sample.patterns, weights), sample.paired)


def corrected(observed: Floats, chance: Floats) -> Floats:
    """(observed − chance) / (1 − chance); nan where chance agreement is 1."""
    return over(observed - chance, np.where(1 - chance > _ROUNDING, 1 - chance, 0.0))


def towards(weights: Floats, shares: Floats, patterns: Patterns) -> Floats:
    """Mean agreement of each level with ratings of these shares, shape (levels,).

    A matrix that is not symmetric counts both ways round, but for contingency tables transposed:
    so irrCAC does, whose published errors are met thereby (docs/decisions/0101).
    """
    return np.asarray(
        (weights.T if patterns.is_contingency else (weights + weights.T) / 2) @ shares
    )


def quadratic_form(left: Floats, weights: Floats, right: Floats) -> Floats:
    """Σ_kl left_k w_kl right_l for each draw; shapes (draws, levels)."""
    return np.asarray(((left @ weights) * right).sum(axis=1))


@dataclass(frozen=True)
class ChanceModel:
    """How one coefficient sees chance.

    ``expected``: chance agreement, one figure a draw. ``spread``: each pattern's contribution to
    it, shape (patterns,), for the data themselves; None where chance does not depend on them.
    """

    expected: Callable[[Sample, Floats], Floats]
    spread: Callable[[Sample, Floats], Floats] | None


def coefficient(
    patterns: Patterns, needs: Needs, model: ChanceModel, weights: Weights, confidence: float
) -> Coefficient:
    """The coefficient of the data under `model`, with its standard error and interval."""
    reason = needs(patterns) or unusable_weights(weights, patterns.levels)
    if reason:
        return Coefficient(None, patterns.units, reason=reason)
    matrix = agreement_weights(weights, patterns.levels)
    sample = whole(patterns)
    observed = float(observed_agreement(sample, matrix)[0])
    chance = float(model.expected(sample, matrix)[0])
    if 1 - chance <= _ROUNDING:
        return Coefficient(None, patterns.units, observed, chance, reason=CHANCE_IS_ALL)
    value = (observed - chance) / (1 - chance)
    units, paired = patterns.units, patterns.paired_units
    seen = unit_agreement(patterns, matrix) - chance * (patterns.rated_by > 1)
    parts = units / paired * seen / (1 - chance)
    if model.spread is not None:
        parts -= 2 * (1 - value) * (model.spread(sample, matrix) - chance) / (1 - chance)
    counts = patterns.counts * (patterns.rated_by > 0)
    squares = float(counts @ (parts - value) ** 2)
    divisor = units * (units if patterns.is_contingency else units - 1)
    return with_error(Coefficient(value, units, observed, chance), squares, divisor, confidence)


def with_error(
    result: Coefficient, squares: float, divisor: float, confidence: float
) -> Coefficient:
    """`result` with the standard error of the mean of its units' contributions.

    ``squares``: Σ (contribution − value)²; ``divisor``: n (n − 1), or n² for a contingency table,
    as in Fleiss, Cohen & Everitt (1969). The interval is value ± t(n − 1) · se, cut at −1 and 1.
    """
    n, value = result.n, result.value
    if value is None or n < 2:
        return result
    se = float(np.sqrt(max(squares, 0.0) / divisor))
    if se < _ROUNDING:
        se = 0.0
    half = float(student.ppf((1 + confidence) / 2, n - 1)) * se
    return Coefficient(
        value,
        n,
        result.observed,
        result.chance,
        se=se,
        low=max(-1.0, value - half),
        high=min(1.0, value + half),
        p=float(2 * student.sf(abs(value) / se, n - 1)) if se > 0 else None,
        p_greater=float(student.sf(value / se, n - 1)) if se > 0 else None,
    )
