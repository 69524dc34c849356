"""Krippendorff's alpha: any number of raters, missing ratings, a stated level of measurement.

Invariant: 1 − D_o / D_e; alpha does not change when all disagreements are multiplied by a number.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from reviewer.calibration.agreement.chance import towards, unit_agreement, with_error
from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.results import Coefficient
from reviewer.calibration.agreement.sample import Sample, over, whole
from reviewer.calibration.agreement.statistic import CATEGORICAL, CHANCE_IS_ALL
from reviewer.calibration.agreement.weighting import Weights, agreement_weights, unusable_weights

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
METRICS: tuple[Metric, ...] = get_args(Metric)

METRIC_WEIGHTS: dict[str, Weights] = {
    "nominal": "identity",
    "interval": "quadratic",
    "ratio": "ratio",
}
"""The metrics that are weights; "ordinal" depends on how often each level occurs."""


def krippendorff_alpha(
    ratings: Ratings,
    *,
    metric: Metric = "nominal",
    weights: Weights | None = None,
    categories: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """Agreement relative to what pairing all ratings at random would give.

    α = 1 − D_o / D_e. D_o: mean disagreement δ² of the pairs of ratings within units, a unit's
    pairs weighted by 1/(m − 1); D_e: that of all pairs of ratings of all units with at least two.
    δ²: nominal 0 or 1; ordinal (a_k − a_l)², a the mid-ranks; interval (x_k − x_l)²; ratio
    ((x_k − x_l)/(x_k + x_l))². ``weights`` instead of a metric: δ² = 1 − w.
    Range: at most 1; 0 for chance. Undefined (with reason): no unit with two ratings; all of one
    level; a metric that the categories do not allow. ``observed`` and ``chance`` are in terms of
    agreement, 1 − δ², the former with Gwet's small-sample term.
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; (2019), Content
    Analysis, 4th ed., ch. 12; standard error: Gwet (2014).

    >>> round(krippendorff_alpha([[1, 1], [2, 2], [1, 2], [2, 2]], metric="interval").value, 4)
    0.5333
    """
    patterns = read_ratings(ratings, categories)
    reason = alpha_reason(patterns, metric, weights)
    if reason:
        return Coefficient(None, patterns.paired_units, reason=reason)
    matrix = _matrix(patterns, metric, weights)
    sample = whole(patterns)
    value = float(alpha_values(sample, matrix)[0])
    if np.isnan(value):
        return Coefficient(None, patterns.paired_units, reason=CHANCE_IS_ALL)
    return _with_error(sample, matrix, value, confidence)


def alpha_reason(patterns: Patterns, metric: Metric, weights: Weights | None = None) -> str | None:
    """Why alpha under this metric means nothing for these ratings, or None."""
    scheme = weights if weights is not None else METRIC_WEIGHTS.get(metric, "ordinal")
    return CATEGORICAL(patterns) or unusable_weights(scheme, patterns.levels)


def alpha_values(sample: Sample, weights: Floats) -> Floats:
    """Alpha with the disagreement 1 − w, one figure a draw."""
    patterns = sample.patterns
    tallies = sample.paired_tallies
    total = tallies.sum(axis=1)
    apart = (1 - unit_agreement(patterns, weights)) * patterns.rated_by * (patterns.rated_by > 1)
    expected = ((tallies @ (1 - weights)) * tallies).sum(axis=1)
    return 1 - over((total - 1) * (sample.times @ apart), expected)


def ordinal_alpha_values(sample: Sample) -> Floats:
    """Alpha with the ordinal metric, whose mid-ranks are found anew in each draw.

    Σ_kl n_k n_l (a_k − a_l)² = 2 (m Σ n a² − (Σ n a)²), within a unit as over all.
    """
    tallies = sample.paired_tallies
    ranks = np.cumsum(tallies, axis=1) - tallies / 2
    ranks -= ranks.mean(axis=1, keepdims=True)
    total = tallies.sum(axis=1)
    expected = total * (tallies * ranks**2).sum(axis=1) - (tallies * ranks).sum(axis=1) ** 2
    patterns = sample.patterns
    pairs = patterns.rated_by > 1
    own, many = patterns.tallies[pairs], patterns.rated_by[pairs]
    within = many * (ranks**2 @ own.T) - (ranks @ own.T) ** 2
    observed = (sample.times[:, pairs] * within / (many - 1)).sum(axis=1)
    return 1 - over((total - 1) * observed, expected)


def _matrix(patterns: Patterns, metric: Metric, weights: Weights | None) -> Floats:
    if weights is None and metric == "ordinal":
        tallies = whole(patterns).paired_tallies[0]
        ranks = np.cumsum(tallies) - tallies / 2
        apart = np.subtract.outer(ranks, ranks) ** 2
        return np.asarray(1 - apart / max(float(apart.max()), 1.0))
    scheme = weights if weights is not None else METRIC_WEIGHTS[metric]
    return agreement_weights(scheme, patterns.levels)


def _with_error(sample: Sample, weights: Floats, value: float, confidence: float) -> Coefficient:
    """Linearized as by Gwet (2014), over the units with two ratings or more.

    It is the error of alpha without the small-sample term, by which 1 − alpha is divided here.
    """
    patterns = sample.patterns
    rated = patterns.rated_by
    counts = patterns.counts * (rated > 1)
    n, ratings = int(counts.sum()), float(counts @ rated)
    mean = ratings / n
    shares = sample.paired_tallies[0] / ratings
    seen = unit_agreement(patterns, weights) * rated / mean
    small = 1 / ratings
    observed = (1 - small) * float(counts @ seen) / n + small
    chance = float(shares @ weights @ shares)
    off = (rated - mean) / mean
    plain = 1 - (1 - value) / (1 - small)
    agreement = seen - observed * off
    spread = patterns.tallies @ towards(weights, shares, patterns) / mean - chance * off
    parts = (agreement - chance - 2 * (1 - plain) * (spread - chance)) / (1 - chance)
    squares = float(counts @ (parts - plain) ** 2)
    divisor = n * (n if patterns.is_contingency else n - 1)
    return with_error(Coefficient(value, n, observed, chance), squares, divisor, confidence)
