"""Robinson's A: the share of all variation that lies between units.

Invariant: two readings are in use, and which one is asked for is always said.
"""

from reviewer.calibration.agreement.icc import NO_VARIATION
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.results import Estimate
from reviewer.calibration.agreement.sample import whole
from reviewer.calibration.agreement.variance import ANOVA_NEEDS, squares


def robinson_a(ratings: Ratings, *, rater_means_count: bool = True) -> Estimate:
    """SS_between / (SS_between + SS_within), or with the raters' means removed SS_residual.

    ``rater_means_count``: differences between raters' means are disagreement (Robinson's
    definition); False removes them, as R's irr does. Range: 0 to 1. Undefined (with reason): words;
    one rater; fewer than two complete units; no variation.
    Source: Robinson (1957), American Sociological Review 22, 17–25.

    >>> robinson_a([[1, 1], [3, 3]]).value
    1.0
    """
    patterns = read_ratings(ratings)
    n = patterns.complete_units
    reason = ANOVA_NEEDS(patterns)
    if reason:
        return Estimate(None, n, reason)
    found = squares(whole(patterns))
    between = float(found.between[0]) * (n - 1)
    within = float(found.within[0]) * n * (found.k - 1)
    residual = float(found.error[0]) * (n - 1) * (found.k - 1)
    total = between + (within if rater_means_count else residual)
    return Estimate(between / total, n) if total > 0 else Estimate(None, n, NO_VARIATION)
