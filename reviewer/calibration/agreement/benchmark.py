"""A coefficient in words, by the probability that it reaches each band of a published scale.

Invariant: probabilities rise from the best band to the worst, which has 1: words follow the
standard error too, not the coefficient alone.

Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., ch. 6 (benchmarking).
"""

from dataclasses import dataclass
from typing import Literal, get_args

from scipy.stats import norm

Scale = Literal["landis_koch", "altman", "fleiss", "cicchetti_sparrow", "regier"]

BANDS: dict[Scale, tuple[tuple[float, str], ...]] = {
    "landis_koch": (
        (0.8, "almost perfect"),
        (0.6, "substantial"),
        (0.4, "moderate"),
        (0.2, "fair"),
        (0.0, "slight"),
        (-1.0, "poor"),
    ),
    "altman": (
        (0.8, "very good"),
        (0.6, "good"),
        (0.4, "moderate"),
        (0.2, "fair"),
        (-1.0, "poor"),
    ),
    "fleiss": ((0.75, "excellent"), (0.4, "intermediate to good"), (-1.0, "poor")),
    "cicchetti_sparrow": (
        (0.75, "excellent"),
        (0.6, "good"),
        (0.4, "fair"),
        (-1.0, "poor"),
    ),
    "regier": (
        (0.8, "excellent"),
        (0.6, "very good"),
        (0.4, "good"),
        (0.2, "questionable"),
        (-1.0, "unacceptable"),
    ),
}
"""Lower bound and name of each band, best first. Landis & Koch (1977), Biometrics 33, 159–174;
Altman (1991); Fleiss (1981); Cicchetti & Sparrow (1981); Regier et al. (2013)."""


@dataclass(frozen=True)
class Band:
    """``reached``: probability that the coefficient lies in this band or a better one, 0 to 1."""

    name: str
    lower: float
    reached: float


def benchmark(value: float, se: float, *, scale: Scale = "landis_koch") -> tuple[Band, ...]:
    """The bands of a scale with the probability that each is reached, best first.

    P = (Φ((value − lower)/se) − Φ((value − 1)/se)) / (Φ((value + 1)/se) − Φ((value − 1)/se)).
    Raises `ValueError` for an unknown scale, a value outside −1 … 1 or a standard error that is
    not above 0.

    >>> [round(each.reached, 5) for each in benchmark(0.67, 0.15, scale="fleiss")]
    [0.28699, 0.96356, 1.0]
    """
    if scale not in BANDS:
        raise ValueError(f"no scale is called {scale!r}: known are {', '.join(get_args(Scale))}.")
    if not (-1 <= value <= 1 and se > 0):
        raise ValueError(f"{value} with standard error {se} is no coefficient that bands fit.")
    beyond = float(norm.cdf((value - 1) / se))
    possible = float(norm.cdf((value + 1) / se)) - beyond
    return tuple(
        Band(name, lower, (float(norm.cdf((value - lower) / se)) - beyond) / possible)
        for lower, name in BANDS[scale]
    )
