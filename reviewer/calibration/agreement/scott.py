"""Scott's pi: Fleiss' kappa of exactly two raters.

Invariant: both raters are taken to use the levels equally often; their own habits do not count.
"""

from collections.abc import Sequence

from reviewer.calibration.agreement.chance import coefficient
from reviewer.calibration.agreement.fleiss import MODEL
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.results import Coefficient
from reviewer.calibration.agreement.statistic import CATEGORICAL, all_of, needs_two_raters
from reviewer.calibration.agreement.weighting import Weights

SCOTT_NEEDS = all_of(needs_two_raters, CATEGORICAL)


def scott_pi(
    ratings: Ratings,
    *,
    weights: Weights = "identity",
    categories: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """Agreement beyond chance of two raters who are taken to share one distribution.

    (p_a − p_e) / (1 − p_e) with p_e = Σ_kl w_kl π_k π_l, π_k the mean of both raters' shares.
    Range: −1 to 1. Undefined (with reason): not two raters; no unit rated by both; one level only.
    Source: Scott (1955), Public Opinion Quarterly 19, 321–325; weights: Gwet (2014).

    >>> round(scott_pi([[1, 1], [2, 2], [1, 2], [2, 2]]).value, 4)
    0.4667
    """
    return coefficient(read_ratings(ratings, categories), SCOTT_NEEDS, MODEL, weights, confidence)
