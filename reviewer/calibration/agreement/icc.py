"""The intraclass correlation in its six forms; always name the form.

Invariant: only units that every rater rated count. (A, ·) counts differences between raters' means
as disagreement, (C, ·) does not, (1, ·) cannot tell; (·, k) is the mean of all k raters.
"""

from typing import Literal, get_args

import numpy as np
from scipy.stats import f as fisher

from reviewer.calibration.agreement.patterns import Floats
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.results import Icc
from reviewer.calibration.agreement.sample import Sample, over, whole
from reviewer.calibration.agreement.variance import ANOVA_NEEDS, MeanSquares, squares

IccForm = Literal["1,1", "A,1", "C,1", "1,k", "A,k", "C,k"]
_CANCELLED = 1e-12  # a sum of mean squares that is smaller, relative to them, is 0

FORMS: tuple[IccForm, ...] = get_args(IccForm)

NO_VARIATION = "the units do not differ, so no variation lies between them"


def icc(ratings: Ratings, *, confidence: float = 0.95) -> dict[IccForm, Icc]:
    """All six forms with F test and confidence interval.

    With B, W, J, E the mean squares between units, within units, of raters and of error, n units
    and k raters: (1,1) (B−W)/(B+(k−1)W); (A,1) (B−E)/(B+(k−1)E+k(J−E)/n); (C,1)
    (B−E)/(B+(k−1)E); (1,k) (B−W)/B; (A,k) (B−E)/(B+(J−E)/n); (C,k) (B−E)/B.
    Shrout & Fleiss call A "2" and C "3". Range: at most 1; negative values mean less than chance.
    Scale: interval. Undefined (with reason): words; one rater; fewer than two complete units; no
    variation. F is B/W or B/E; it is None where there is no error.
    Source: Shrout & Fleiss (1979), Psychol. Bull. 86, 420–428; McGraw & Wong (1996), Psychol.
    Methods 1, 30–46.

    >>> round(icc([[1, 2], [3, 4], [5, 7]])["C,1"].value, 4)
    0.9677
    """
    patterns = read_ratings(ratings)
    n = patterns.complete_units
    reason = ANOVA_NEEDS(patterns)
    if reason:
        return {form: Icc(form, None, n, reason=reason) for form in FORMS}
    found = squares(whole(patterns))
    values = {form: float(icc_values(found, form)[0]) for form in FORMS}
    return {form: _tested(form, values[form], found, n, confidence) for form in FORMS}


def icc_of(sample: Sample, form: IccForm) -> Floats:
    """One form, one figure a draw."""
    return icc_values(sample.once("mean squares", squares), form)


def icc_values(found: MeanSquares, form: IccForm) -> Floats:
    """One form from mean squares; nan where nothing varies."""
    b, w, j, e, n, k = (
        found.between,
        found.within,
        found.raters,
        found.error,
        found.units,
        found.k,
    )
    extra = over(j - e, n)
    tops: dict[IccForm, Floats] = {"1,1": b - w, "1,k": b - w}
    bottoms: dict[IccForm, Floats] = {
        "1,1": b + (k - 1) * w,
        "1,k": b,
        "C,1": b + (k - 1) * e,
        "C,k": b,
        "A,1": b + (k - 1) * e + k * extra,
        "A,k": b + extra,
    }
    bottom = bottoms[form]
    cancelled = np.abs(bottom) < _CANCELLED * (b + w + j + e)
    return over(tops.get(form, b - e), np.where(cancelled, 0.0, bottom))


def _tested(form: IccForm, value: float, found: MeanSquares, n: int, confidence: float) -> Icc:
    if np.isnan(value):
        return Icc(form, None, n, reason=NO_VARIATION)
    k = found.k
    one_way = form.startswith("1")
    error = float((found.within if one_way else found.error)[0])
    df1, df2 = n - 1, n * (k - 1) if one_way else (n - 1) * (k - 1)
    if error == 0:
        return Icc(form, value, n, df1=df1, df2=df2)
    f = float(found.between[0]) / error
    bounds = _interval(form, f, found, n, (1 + confidence) / 2)
    low, high = bounds if all(map(np.isfinite, bounds)) else (None, None)
    return Icc(form, value, n, f, df1, df2, float(fisher.sf(f, df1, df2)), low, high)


def _interval(
    form: IccForm, f: float, found: MeanSquares, n: int, level: float
) -> tuple[float, float]:
    """Bounds of the single-rating form, stepped up by Spearman–Brown for (·, k)."""
    k = found.k
    if form.startswith("A"):
        low, high = _absolute_interval(found, n, level)
    else:
        df1, df2 = n - 1, n * (k - 1) if form.startswith("1") else (n - 1) * (k - 1)
        below = f / float(fisher.ppf(level, df1, df2))
        above = f * float(fisher.ppf(level, df2, df1))
        low, high = ((each - 1) / (each + k - 1) for each in (below, above))  # each is ≥ 0
    if form.endswith("1"):
        return low, high
    stepped = np.array([low, high]) * k
    below, above = over(stepped, 1 + np.array([low, high]) * (k - 1)).tolist()
    return below, above


def _absolute_interval(found: MeanSquares, n: int, level: float) -> tuple[float, float]:
    """Bounds of (A,1) with Satterthwaite's degrees of freedom (Shrout & Fleiss 1979, p. 424).

    nan, which `_tested` turns into None, where these degrees of freedom cannot be had.
    """
    k = found.k
    b, j, e = float(found.between[0]), float(found.raters[0]), float(found.error[0])
    rho = float(icc_values(found, "A,1")[0])
    ratio = j / e
    inner = n * (1 + (k - 1) * rho) - k * rho
    top = (k - 1) * (n - 1) * (k * rho * ratio + inner) ** 2
    bottom = (n - 1) * k**2 * rho**2 * ratio**2 + inner**2
    df = float(over(np.array(top), np.array(bottom)))
    upper = float(fisher.ppf(level, n - 1, df))
    lower = float(fisher.ppf(level, df, n - 1))
    if not (np.isfinite(upper) and np.isfinite(lower)):
        return np.nan, np.nan
    rest = k * j + (k * n - k - n) * e
    tops = np.array([n * (b - upper * e), n * (lower * b - e)])
    low, high = over(tops, np.array([upper * rest + n * b, rest + n * lower * b])).tolist()
    return low, high
