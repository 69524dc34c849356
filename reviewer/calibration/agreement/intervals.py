"""From draws of a statistic to an interval that looks no surer than it is.

Invariant: percentile intervals, expanded as a t interval is for few candidates. Where no resample
can differ (all agree) such an interval would have no width and look sure: shares get Wilson's bound
on the number of candidates, other figures none, with the reason.

Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13; the expansion:
Hesterberg (2015), American Statistician 69, 371–386; Wilson (1927), J. Am. Stat. Assoc. 22, 209–12.
"""

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.results import Interval
from reviewer.calibration.agreement.sample import whole
from reviewer.calibration.agreement.statistic import Statistic

_ROUNDING = 1e-12  # figures that are nearer to each other are the same


def interval_of(
    statistic: Statistic,
    view: Patterns,
    reason: str | None,
    drawn: Floats | None,
    clusters: int,
    confidence: float,
) -> Interval:
    """The figure with its interval, from its draws; ``reason``: why it is undefined, or None.

    ``drawn``: shape (draws,), nan where undefined; None where nothing could be drawn.
    """
    n = statistic.units(view)
    value = None if reason else float(statistic.values(whole(view))[0])
    if value is None or np.isnan(value):
        resamples = 0 if drawn is None else len(drawn)
        why = reason or statistic.degenerate
        return Interval(None, None, None, n, clusters, resamples, 0, why)
    if drawn is None:
        why = "an interval needs at least two candidates"
        return Interval(value, None, None, n, clusters, 0, 0, why)
    if statistic.is_share and min(value, 1 - value) <= _ROUNDING:
        return _sure_share(round(value), drawn, n, clusters, confidence)
    return percentile_interval(value, drawn, n, clusters, confidence)


def _sure_share(value: int, drawn: Floats, n: int, clusters: int, confidence: float) -> Interval:
    """Where all pairs agree (1), or none (0): Wilson's bound on the number of candidates.

    No resample could show anything else, however few the candidates are.
    """
    squared = float(norm.ppf((1 + confidence) / 2)) ** 2
    off = squared / (min(n, clusters) + squared)
    low, high = (1 - off, 1.0) if value else (0.0, off)
    return Interval(float(value), low, high, n, clusters, len(drawn), int(np.isnan(drawn).sum()))


def percentile_interval(
    value: float, drawn: Floats, n: int, clusters: int, confidence: float
) -> Interval:
    """The middle of the draws, widened for few candidates, if half of the draws are defined."""
    defined = drawn[~np.isnan(drawn)]
    lost = len(drawn) - len(defined)
    if len(defined) * 2 < len(drawn) or not len(defined):
        why = f"it is undefined in {lost} of {len(drawn)} resamples"
        return Interval(value, None, None, n, clusters, len(drawn), lost, why)
    if np.ptp(defined) <= _ROUNDING:
        why = "no resample gives another figure, which is not certainty: too few units differ"
        return Interval(value, None, None, n, clusters, len(drawn), lost, why)
    tail = _tail(clusters, confidence)
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Interval(value, float(low), float(high), n, clusters, len(drawn), lost)


def _tail(clusters: int, confidence: float) -> float:
    """Share of draws left out on each side: Φ(−√(n / (n − 1)) · t), for n candidates.

    With (1 − confidence) / 2 an interval of few candidates is too narrow: by the divisor n, and by
    the normal distribution against t. For many candidates it comes to the same.
    """
    reach = float(student.ppf((1 + confidence) / 2, clusters - 1))
    return float(norm.cdf(-np.sqrt(clusters / (clusters - 1)) * reach))
