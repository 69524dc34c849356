"""Shares of cases with an interval that is honest for few cases and for several from one candidate.

Invariant: the interval is never of zero width; repeating a candidate's cases does not narrow it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

Z95 = 1.959964  # of the normal distribution, two-sided 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """A share in [0, 1] of `n` cases of `clusters` candidates, with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int
    clusters: int


def share(hits: ArrayLike, clusters: ArrayLike) -> Share | None:
    """The share of `hits` (bool, shape (n,)), null where there is no case.

    Wilson's score interval on the effective number of cases n / deff, where deff is the variance of
    the share between candidates over that of independent cases (Kish 1965), at least 1. Where all
    cases agree the candidates count as the cases, since their likeness cannot be told.

    >>> one = share([True] * 8 + [False] * 2, range(10))
    >>> round(one.low, 2), round(one.high, 2)
    (0.49, 0.94)
    >>> share([], []) is None
    True
    """
    one = np.asarray(hits, dtype="float64")
    n = len(one)
    if n == 0:
        return None
    names, index = np.unique(np.asarray(clusters), return_inverse=True)
    value = float(one.mean())
    effective = _effective(one - value, index, len(names))
    center = (value + Z95**2 / (2 * effective)) / (1 + Z95**2 / effective)
    half = (
        Z95
        / (1 + Z95**2 / effective)
        * float(np.sqrt(value * (1 - value) / effective + Z95**2 / (4 * effective**2)))
    )
    low, high = min(value, max(0.0, center - half)), max(value, min(1.0, center + half))
    return Share(value, low, high, n, len(names))


def _effective(apart: ArrayLike, index: ArrayLike, clusters: int) -> float:
    """Cases that would say as much if each were of another candidate."""
    deviations = np.asarray(apart, dtype="float64")
    n = len(deviations)
    independent = float((deviations**2).sum())
    if independent == 0.0 or clusters < 2:
        return float(clusters)
    sums = np.bincount(np.asarray(index), weights=deviations, minlength=clusters)
    between = float((sums**2).sum()) * clusters / (clusters - 1)
    return max(1.0, n / max(1.0, between / independent * (n - 1) / n))
