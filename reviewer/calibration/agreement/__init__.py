"""Agreement between raters: one statistic a file, plain arrays in, frozen results out.

Invariant: ratings are units × raters (array or data frame, None or nan missing), `Counts` (units
× levels) or `Contingency` (cross table of two raters); ``categories`` are the levels that a rating
can take, without it those that occur; ``weights`` is a name ("identity", "linear", "quadratic",
"ordinal", "radical", "ratio", "bipolar", "circular") or a levels × levels matrix. Undefined figures
are ``None`` with a ``reason``; wrong input is a `ValueError` of one sentence.

Read ratings once with `read_ratings` and give the result to several statistics. Rater identity
matters to `cohen_kappa`, `scott_pi`, `conger_kappa` and ICC only: put a pool of many raters into
slots (first rating, second rating) for the others, and keep the columns few.

Intervals: the coefficients carry those over units; `bootstrap_agreement` gives every statistic, of
several comparisons on the same draws, with intervals clustered by candidate. It draws counts of
distinct rows of ratings instead of rows (resampling.py), so its time depends on how many rows
differ, not on how many there are.
"""

from reviewer.calibration.agreement.benchmark import Band, benchmark
from reviewer.calibration.agreement.bootstrap import (
    RESAMPLES,
    SEED,
    Bootstrap,
    Comparison,
    bootstrap_agreement,
    bootstrap_cronbach,
    bootstrap_dsm,
)
from reviewer.calibration.agreement.brennan_prediger import brennan_prediger
from reviewer.calibration.agreement.cohen import cohen_kappa
from reviewer.calibration.agreement.confusion import Confusion, confusion_table
from reviewer.calibration.agreement.conger import conger_kappa
from reviewer.calibration.agreement.cronbach import cronbach_alpha
from reviewer.calibration.agreement.decisions import (
    Accuracy,
    Consistency,
    Share,
    decision_accuracy,
    decision_consistency,
    share_of,
)
from reviewer.calibration.agreement.deviation import Deviation, average_deviation
from reviewer.calibration.agreement.finn import finn
from reviewer.calibration.agreement.fleiss import (
    CategoryKappa,
    NullTest,
    category_kappas,
    fleiss_kappa,
    fleiss_null_test,
)
from reviewer.calibration.agreement.gwet import gwet_ac1, gwet_ac2
from reviewer.calibration.agreement.icc import icc
from reviewer.calibration.agreement.krippendorff import krippendorff_alpha
from reviewer.calibration.agreement.levels import Levels
from reviewer.calibration.agreement.patterns import Patterns
from reviewer.calibration.agreement.percent import adjacent_agreement, percent_agreement
from reviewer.calibration.agreement.prmse import prmse
from reviewer.calibration.agreement.reading import Contingency, Counts, Ratings, read_ratings
from reviewer.calibration.agreement.registry import STATISTICS
from reviewer.calibration.agreement.results import Coefficient, Estimate, Icc, Interval
from reviewer.calibration.agreement.robinson import robinson_a
from reviewer.calibration.agreement.rwg import WithinAgreement, rwg, rwg_j, rwg_j_of_units
from reviewer.calibration.agreement.scott import scott_pi
from reviewer.calibration.agreement.standardized import dsm, smd
from reviewer.calibration.agreement.statistic import Statistic
from reviewer.calibration.agreement.variance import Anova, mean_squares
from reviewer.calibration.agreement.weighting import agreement_weights

__all__ = [
    "RESAMPLES",
    "SEED",
    "STATISTICS",
    "Accuracy",
    "Anova",
    "Band",
    "Bootstrap",
    "CategoryKappa",
    "Coefficient",
    "Comparison",
    "Confusion",
    "Consistency",
    "Contingency",
    "Counts",
    "Deviation",
    "Estimate",
    "Icc",
    "Interval",
    "Levels",
    "NullTest",
    "Patterns",
    "Ratings",
    "Share",
    "Statistic",
    "WithinAgreement",
    "adjacent_agreement",
    "agreement_weights",
    "average_deviation",
    "benchmark",
    "bootstrap_agreement",
    "bootstrap_cronbach",
    "bootstrap_dsm",
    "brennan_prediger",
    "category_kappas",
    "cohen_kappa",
    "confusion_table",
    "conger_kappa",
    "cronbach_alpha",
    "decision_accuracy",
    "decision_consistency",
    "dsm",
    "finn",
    "fleiss_kappa",
    "fleiss_null_test",
    "gwet_ac1",
    "gwet_ac2",
    "icc",
    "krippendorff_alpha",
    "mean_squares",
    "percent_agreement",
    "prmse",
    "read_ratings",
    "robinson_a",
    "rwg",
    "rwg_j",
    "rwg_j_of_units",
    "scott_pi",
    "share_of",
    "smd",
]
