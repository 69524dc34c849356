"""Finn's coefficient: error against that of raters who pick levels at random.

Invariant: it does not depend on how much the units differ, so it is defined where ICC is not.
"""

from typing import Literal

from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.results import Estimate
from reviewer.calibration.agreement.sample import whole
from reviewer.calibration.agreement.variance import ANOVA_NEEDS, squares


def finn(
    ratings: Ratings, *, levels: int, model: Literal["oneway", "twoway"] = "oneway"
) -> Estimate:
    """1 − MS_error / ((levels² − 1) / 12).

    ``levels``: how many levels the scale has, spaced by 1. ``model``: the error is the mean square
    within units ("oneway") or the residual, raters' means removed ("twoway"). Range: at most 1.
    Undefined (with reason): words; one rater; fewer than two complete units.
    Source: Finn (1970), Educ. Psychol. Meas. 30, 71–76.

    >>> finn([[1, 1], [3, 3]], levels=5).value
    1.0
    """
    if levels < 2:
        raise ValueError(f"Finn's coefficient needs a scale of at least two levels, not {levels}.")
    patterns = read_ratings(ratings)
    reason = ANOVA_NEEDS(patterns)
    if reason:
        return Estimate(None, patterns.complete_units, reason)
    found = squares(whole(patterns))
    error = float((found.within if model == "oneway" else found.error)[0])
    return Estimate(1 - error / ((levels**2 - 1) / 12), patterns.complete_units)
