"""Every agreement statistic under the name it has in reports, for point estimates and bootstrap.

Invariant: names are those of ``reviewer agreement``: a group, a dot, a member ("icc.A,1").
"""

from collections.abc import Callable

from reviewer.calibration.agreement.brennan_prediger import brennan_prediger_values
from reviewer.calibration.agreement.cohen import COHEN_NEEDS, cohen_values
from reviewer.calibration.agreement.conger import CONGER_NEEDS, conger_values
from reviewer.calibration.agreement.deviation import AD_NEEDS, deviation_values
from reviewer.calibration.agreement.fleiss import fleiss_values
from reviewer.calibration.agreement.gwet import gwet_values
from reviewer.calibration.agreement.icc import FORMS, NO_VARIATION, IccForm, icc_of
from reviewer.calibration.agreement.krippendorff import (
    METRIC_WEIGHTS,
    METRICS,
    Metric,
    alpha_reason,
    alpha_values,
    ordinal_alpha_values,
)
from reviewer.calibration.agreement.levels import NO_ORDER
from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.percent import PERCENT_NEEDS, adjacency, percent_values
from reviewer.calibration.agreement.rwg import RWG_NEEDS, rwg_values
from reviewer.calibration.agreement.sample import Sample
from reviewer.calibration.agreement.scott import SCOTT_NEEDS
from reviewer.calibration.agreement.statistic import CATEGORICAL, Needs, Statistic
from reviewer.calibration.agreement.variance import ANOVA_NEEDS
from reviewer.calibration.agreement.weighting import (
    WeightName,
    agreement_weights,
    unusable_weights,
)

Weighted = Callable[[Sample, Floats], Floats]


def _weighted(
    name: str,
    weights: WeightName,
    needs: Needs,
    values: Weighted,
    units: Callable[[Patterns], int] = lambda patterns: patterns.units,
    *,
    is_share: bool = False,
) -> Statistic:
    return Statistic(
        name,
        lambda patterns: needs(patterns) or unusable_weights(weights, patterns.levels),
        lambda sample: values(sample, agreement_weights(weights, sample.patterns.levels)),
        units,
        is_share=is_share,
    )


def _paired(patterns: Patterns) -> int:
    return patterns.paired_units


def _complete(patterns: Patterns) -> int:
    return patterns.complete_units


def _alpha(metric: Metric) -> Statistic:
    def values(sample: Sample) -> Floats:
        if metric == "ordinal":
            return ordinal_alpha_values(sample)
        matrix = agreement_weights(METRIC_WEIGHTS[metric], sample.patterns.levels)
        return alpha_values(sample, matrix)

    return Statistic(
        f"krippendorff_alpha.{metric}",
        lambda patterns: alpha_reason(patterns, metric),
        values,
        _paired,
    )


def _icc(form: IccForm) -> Statistic:
    return Statistic(
        f"icc.{form}", ANOVA_NEEDS, lambda sample: icc_of(sample, form), _complete, NO_VARIATION
    )


def _adjacent_needs(patterns: Patterns) -> str | None:
    return PERCENT_NEEDS(patterns) or (None if patterns.levels.ordered else NO_ORDER)


STATISTICS: tuple[Statistic, ...] = (
    _weighted(
        "percent_agreement", "identity", PERCENT_NEEDS, percent_values, _paired, is_share=True
    ),
    Statistic(
        "adjacent_agreement",
        _adjacent_needs,
        lambda sample: percent_values(sample, adjacency(len(sample.patterns.levels))),
        _paired,
        is_share=True,
    ),
    _weighted("cohen_kappa.unweighted", "identity", COHEN_NEEDS, cohen_values, _paired),
    _weighted("cohen_kappa.linear", "linear", COHEN_NEEDS, cohen_values, _paired),
    _weighted("cohen_kappa.quadratic", "quadratic", COHEN_NEEDS, cohen_values, _paired),
    _weighted("scott_pi", "identity", SCOTT_NEEDS, fleiss_values),
    _weighted("brennan_prediger", "identity", CATEGORICAL, brennan_prediger_values),
    _weighted("gwet.ac1", "identity", CATEGORICAL, gwet_values),
    _weighted("gwet.ac2_linear", "linear", CATEGORICAL, gwet_values),
    _weighted("gwet.ac2_quadratic", "quadratic", CATEGORICAL, gwet_values),
    _weighted("gwet.ac2_ordinal", "ordinal", CATEGORICAL, gwet_values),
    _weighted("fleiss_kappa", "identity", CATEGORICAL, fleiss_values),
    _weighted("conger_kappa", "identity", CONGER_NEEDS, conger_values),
    *(_alpha(each) for each in METRICS),
    *map(_icc, FORMS),
    Statistic("rwg", RWG_NEEDS, rwg_values, _paired),
    Statistic("ad", AD_NEEDS, deviation_values, _paired),
)
"""All statistics of a set of raters; those against a machine are in bootstrap.py."""
