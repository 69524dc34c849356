"""What statistics return: frozen values in which "undefined" is typed.

Invariant: ``value is None`` if and only if ``reason`` says why; no field is ever ``nan``.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Coefficient:
    """An agreement coefficient with its sampling error over units.

    ``value``: the coefficient, at most 1. ``n``: units that count. ``observed``, ``chance``: the
    (weighted) share of agreement seen and expected by chance, each in [0, 1]. ``se``: standard
    error. ``low``, ``high``: confidence interval, t with n − 1 degrees of freedom, cut at −1 and 1.
    ``p``: two-sided against 0; ``p_greater``: one-sided against "at most 0". Sampling figures are
    None where there are fewer than two units; p also where the standard error is 0. These are the
    published forms, a little too wide where many units have one rating (docs/decisions/0101).
    """

    value: float | None
    n: int
    observed: float | None = None
    chance: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_greater: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Estimate:
    """A figure without sampling theory of its own (its interval comes from the bootstrap).

    ``n``: units that count.
    """

    value: float | None
    n: int
    reason: str | None = None


@dataclass(frozen=True)
class Icc:
    """One form of the intraclass correlation, named after McGraw & Wong (1996).

    ``form``: "1,1", "A,1", "C,1", "1,k", "A,k" or "C,k". ``f``, ``df1``, ``df2``, ``p``: the F test
    of "no differences between units"; ``f`` and ``p`` are None where the error is 0. ``low``,
    ``high``: confidence interval, None where it cannot be had.
    """

    form: str
    value: float | None
    n: int
    f: float | None = None
    df1: int | None = None
    df2: int | None = None
    p: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Interval:
    """A figure with its percentile interval from a bootstrap clustered by candidate.

    ``n``: units that count; ``clusters``: candidates drawn from; ``resamples``: how many draws the
    interval rests on; ``undefined_resamples``: draws in which the figure was undefined (left out).
    ``low`` and ``high`` are None, and ``reason`` says why, where no interval can be had.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int
    resamples: int
    undefined_resamples: int
    reason: str | None = None
