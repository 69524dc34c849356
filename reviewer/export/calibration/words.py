"""What the calibration report says in words instead of symbols.

Invariant: words about agreement follow from bounds, not from values: "good enough" means that the
whole interval is.
"""

from reviewer.calibration.report.headline import GOOD_ENOUGH
from reviewer.calibration.report.model import Figure
from reviewer.calibration.shares import Share
from reviewer.scoring.draft import Fitness

STATISTICS = {
    "percent_agreement": "exact agreement",
    "adjacent_agreement": "adjacent agreement (exact included)",
    "cohen_kappa.unweighted": "Cohen's kappa",
    "cohen_kappa.linear": "Cohen's kappa, linear weights",
    "cohen_kappa.quadratic": "quadratic weighted kappa (QWK)",
    "gwet.ac1": "Gwet's AC1",
    "gwet.ac2_quadratic": "Gwet's AC2, quadratic weights",
    "krippendorff_alpha.nominal": "Krippendorff's alpha, nominal",
    "krippendorff_alpha.ordinal": "Krippendorff's alpha, ordinal",
    "krippendorff_alpha.interval": "Krippendorff's alpha, interval",
    "icc.1,1": "ICC(1,1)",
    "icc.A,1": "ICC(A,1)",
    "icc.C,1": "ICC(C,1)",
    "icc.1,k": "ICC(1,k)",
    "icc.A,k": "ICC(A,k)",
    "icc.C,k": "ICC(C,k)",
    "rwg": "r_wg, mean over works",
    "ad": "AD, points of the scale",
    "smd": "SMD, the first less the second",
    "prmse": "PRMSE against the true score",
}
"""Statistics of the large table, in its order; names as in `reviewer agreement`."""

_SIGNS = {Fitness.OPEN: "✓", Fitness.CLOSED: "✕", Fitness.UNMEASURED: "?"}


def verdict_sign(fitness: Fitness) -> str:
    """A sign that stands beside the word, never instead of it."""
    return _SIGNS[fitness]


def of_people(qwk: Figure) -> str:
    """What an interval of QWK between people means for the element."""
    if qwk.value is None:
        return qwk.reason or "not known"
    if qwk.low is None or qwk.high is None:
        return "too few candidates for an interval"
    if qwk.low >= GOOD_ENOUGH:
        return "good enough to decide"
    if qwk.high < GOOD_ENOUGH:
        return "not good enough yet: another training round"
    return "on the border: more works scored twice would tell"


def share_in_words(share: Share | None) -> str:
    """Such as "32 % (27 to 37 %), n = 345"."""
    if share is None:
        return "–"
    low, high = f"{share.low * 100:.0f}", f"{share.high * 100:.0f}"
    return f"{share.value * 100:.0f} % ({low} to {high} %), n = {share.n:,}"


def named(rater: str, rater_type: str) -> str:
    """A rater as people know it: a machine by the beginning of its version's hash."""
    short = rater if len(rater) <= 24 else f"{rater[:8]}…"
    return f"machine {short}" if rater_type == "engine" else short
