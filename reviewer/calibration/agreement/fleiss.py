"""Fleiss' kappa: any number of raters, who need not be the same from unit to unit.

Invariant: only how many raters chose each level counts, never who.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.calibration.agreement.chance import (
    ChanceModel,
    coefficient,
    corrected,
    observed_agreement,
    quadratic_form,
    towards,
)
from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.results import Coefficient
from reviewer.calibration.agreement.sample import Sample, whole
from reviewer.calibration.agreement.statistic import CATEGORICAL, CHANCE_IS_ALL
from reviewer.calibration.agreement.weighting import Weights


def fleiss_kappa(
    ratings: Ratings,
    *,
    weights: Weights = "identity",
    categories: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """Agreement beyond chance of any number of raters.

    (p_a − p_e) / (1 − p_e); p_a: mean over units with two ratings of the share of agreeing pairs of
    raters, p_e = Σ_kl w_kl π_k π_l, π_k the mean over units of the share of raters on level k.
    Range: at most 1; 0 for chance. Undefined (with reason): no unit with two ratings; one level.
    Scale: nominal with ``weights="identity"``; otherwise that of the weights.
    Source: Fleiss (1971), Psychol. Bull. 76, 378–382; weights and missing ratings: Gwet (2014).

    >>> round(fleiss_kappa([[1, 1], [2, 2], [1, 2], [2, 2]]).value, 4)
    0.4667
    """
    return coefficient(read_ratings(ratings, categories), CATEGORICAL, MODEL, weights, confidence)


def fleiss_values(sample: Sample, weights: Floats) -> Floats:
    """Fleiss' kappa, one figure a draw."""
    return corrected(observed_agreement(sample, weights), _expected(sample, weights))


def _expected(sample: Sample, weights: Floats) -> Floats:
    return quadratic_form(sample.shares, weights, sample.shares)


def _spread(sample: Sample, weights: Floats) -> Floats:
    patterns = sample.patterns
    mixed = towards(weights, sample.shares[0], patterns)
    return np.asarray(patterns.tallies @ mixed / np.maximum(patterns.rated_by, 1))


MODEL = ChanceModel(_expected, _spread)


@dataclass(frozen=True)
class CategoryKappa:
    """Kappa of one level against all others; ``value`` None with a ``reason`` where undefined."""

    label: str | float
    value: float | None
    reason: str | None = None


def category_kappas(
    ratings: Ratings, *, categories: Sequence[object] | None = None
) -> tuple[CategoryKappa, ...]:
    """Fleiss' kappa of each level against the rest, every unit rated by the same number.

    1 − Σ_i n_ik (m − n_ik) / (N m (m − 1) p_k (1 − p_k)). Undefined: a level that all or none of
    the ratings have; numbers of raters that differ between units; fewer than two raters.
    Source: Fleiss (1971), Psychol. Bull. 76, 378–382.

    >>> [each.value for each in category_kappas([[1, 1], [2, 2]])]
    [1.0, 1.0]
    """
    patterns = read_ratings(ratings, categories)
    raters, shares, units = _balanced(patterns)
    if raters is None:
        return tuple(CategoryKappa(each, None, _UNBALANCED) for each in patterns.levels.labels)
    split = patterns.counts @ (patterns.tallies * (raters - patterns.tallies))
    found = []
    for label, apart, share in zip(patterns.levels.labels, split, shares, strict=True):
        if share in (0.0, 1.0):
            found.append(CategoryKappa(label, None, "all or none of the ratings have this level"))
            continue
        disagreement = apart / (units * raters * (raters - 1) * share * (1 - share))
        found.append(CategoryKappa(label, float(1 - disagreement)))
    return tuple(found)


@dataclass(frozen=True)
class NullTest:
    """Kappa against 0: the standard error if there were no agreement beyond chance, z and p."""

    se: float | None
    z: float | None
    p: float | None
    reason: str | None = None


def fleiss_null_test(ratings: Ratings, *, categories: Sequence[object] | None = None) -> NullTest:
    """The test of unweighted kappa = 0 on many units, every unit rated by the same number.

    var = 2 / (N m (m−1)) · ((Σ p q)² − Σ p q (q − p)) / (Σ p q)², with q = 1 − p; z = kappa / se.
    Source: Fleiss, Nee & Landis (1979), Psychol. Bull. 86, 974–977.

    >>> fleiss_null_test([[1, 1], [2, 2]]).z > 1
    True
    """
    patterns = read_ratings(ratings, categories)
    raters, shares, units = _balanced(patterns)
    if raters is None:
        return NullTest(None, None, None, _UNBALANCED)
    both = shares * (1 - shares)
    if both.sum() == 0:
        return NullTest(None, None, None, CHANCE_IS_ALL)
    inner = both.sum() ** 2 - (both * (1 - 2 * shares)).sum()
    se = math.sqrt(2 / (units * raters * (raters - 1)) * inner) / float(both.sum())
    value = float(fleiss_values(whole(patterns), np.eye(len(patterns.levels)))[0])
    z = value / se
    return NullTest(se, z, math.erfc(abs(z) / math.sqrt(2)))


_UNBALANCED = "it needs the same number of ratings, at least two, for every unit"


def _balanced(patterns: Patterns) -> tuple[float | None, Floats, int]:
    """Raters per unit (None where that differs or is below two), share of each level, units."""
    rated = patterns.rated_by[patterns.counts > 0]
    shares = patterns.counts @ patterns.tallies / max(float(patterns.counts @ patterns.rated_by), 1)
    if not len(rated) or rated.min() != rated.max() or rated[0] < 2:
        return None, shares, patterns.units
    return float(rated[0]), shares, patterns.units
