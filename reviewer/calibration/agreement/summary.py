"""All agreement statistics of one table as a JSON object: what ``reviewer agreement`` prints.

Invariant: every key is always there; an undefined value is null and ``undefined`` has its reason
under the path of its key ("icc.1,1"); there is no nan and no infinity.
"""

from collections.abc import Callable
from typing import Any

from reviewer.calibration.agreement.brennan_prediger import brennan_prediger
from reviewer.calibration.agreement.cohen import cohen_kappa
from reviewer.calibration.agreement.confusion import confusion_table
from reviewer.calibration.agreement.conger import conger_kappa
from reviewer.calibration.agreement.deviation import average_deviation
from reviewer.calibration.agreement.fleiss import fleiss_kappa
from reviewer.calibration.agreement.gwet import gwet_ac1, gwet_ac2
from reviewer.calibration.agreement.icc import icc
from reviewer.calibration.agreement.krippendorff import METRICS, krippendorff_alpha
from reviewer.calibration.agreement.patterns import Patterns
from reviewer.calibration.agreement.percent import adjacent_agreement, percent_agreement
from reviewer.calibration.agreement.results import Coefficient
from reviewer.calibration.agreement.rwg import rwg
from reviewer.calibration.agreement.scott import scott_pi

NO_ERROR = "the error of the ratings is 0"


def summarize(patterns: Patterns, *, confidence: float = 0.95) -> dict[str, Any]:
    """The object; ``details`` holds n, observed and chance agreement, error, interval and p.

    >>> from reviewer.calibration.agreement import read_ratings
    >>> found = summarize(read_ratings([[1, 1], [2, 2], [1, 2]]))
    >>> round(found["cohen_kappa"]["unweighted"], 2), found["undefined"]
    (0.4, {})
    """
    undefined: dict[str, str] = {}
    details: dict[str, Any] = {}
    out: dict[str, Any] = {
        "n": _n(patterns),
        "raters": list(patterns.raters),
        "categories": [_plain(each) for each in patterns.levels.labels],
    }
    for path, make in _coefficients(patterns, confidence).items():
        found = make()
        group, _, member = path.partition(".")
        if member:
            out.setdefault(group, {})[member] = found.value
        else:
            out[group] = found.value
        if found.reason is not None:
            undefined[path] = found.reason
        details[path] = _detail(found)
    out["icc"] = _icc(patterns, confidence, undefined)
    _within(patterns, out, undefined)
    _confusion(patterns, out, undefined)
    return {**out, "confidence": confidence, "details": details, "undefined": undefined}


def _plain(label: str | float) -> str | float:
    """Whole numbers without a decimal point."""
    return int(label) if isinstance(label, float) and label.is_integer() else label


def _n(patterns: Patterns) -> dict[str, int | None]:
    known = patterns.codes is not None
    return {
        "units": patterns.units,
        "with_two_ratings": patterns.paired_units,
        "complete": patterns.complete_units if known else None,
        "ratings": int(patterns.counts @ patterns.rated_by),
    }


def _coefficients(patterns: Patterns, level: float) -> dict[str, Callable[[], Coefficient]]:
    """Every coefficient with a standard error, by its path, in the order of the object."""
    weights = {"unweighted": "identity", "linear": "linear", "quadratic": "quadratic"}
    found: dict[str, Callable[[], Coefficient]] = {
        "percent_agreement": lambda: percent_agreement(patterns, confidence=level),
        "adjacent_agreement": lambda: adjacent_agreement(patterns, confidence=level),
    }
    for name, scheme in weights.items():
        found[f"cohen_kappa.{name}"] = lambda scheme=scheme: cohen_kappa(  # type: ignore[misc]
            patterns, weights=scheme, confidence=level
        )
    found["scott_pi"] = lambda: scott_pi(patterns, confidence=level)
    found["brennan_prediger"] = lambda: brennan_prediger(patterns, confidence=level)
    found["gwet.ac1"] = lambda: gwet_ac1(patterns, confidence=level)
    for scheme in ("linear", "quadratic", "ordinal"):
        found[f"gwet.ac2_{scheme}"] = lambda scheme=scheme: gwet_ac2(  # type: ignore[misc]
            patterns, weights=scheme, confidence=level
        )
    found["fleiss_kappa"] = lambda: fleiss_kappa(patterns, confidence=level)
    found["conger_kappa"] = lambda: conger_kappa(patterns, confidence=level)
    for metric in METRICS:
        found[f"krippendorff_alpha.{metric}"] = lambda metric=metric: krippendorff_alpha(  # type: ignore[misc]
            patterns, metric=metric, confidence=level
        )
    return found


def _detail(found: Coefficient) -> dict[str, Any]:
    interval = None if found.low is None else [found.low, found.high]
    return {
        "n": found.n,
        "observed": found.observed,
        "chance": found.chance,
        "se": found.se,
        "ci": interval,
        "p": found.p,
    }


def _icc(patterns: Patterns, confidence: float, undefined: dict[str, str]) -> dict[str, Any]:
    forms = {}
    for form, found in icc(patterns, confidence=confidence).items():
        forms[str(form)] = {
            "value": found.value,
            "f": found.f,
            "df1": found.df1,
            "df2": found.df2,
            "p": found.p,
            "ci": None if found.low is None else [found.low, found.high],
        }
        if found.reason is not None:
            undefined[f"icc.{form}"] = found.reason
        elif found.f is None:
            undefined.update({f"icc.{form}.{key}": NO_ERROR for key in ("f", "p", "ci")})
        elif found.low is None:
            undefined[f"icc.{form}.ci"] = "its degrees of freedom cannot be had"
    return forms


def _within(patterns: Patterns, out: dict[str, Any], undefined: dict[str, str]) -> None:
    within, away = rwg(patterns), average_deviation(patterns)
    out["rwg"], out["ad"] = within.value, away.mean
    out["ad_median"], out["ad_upper"] = away.median, away.upper
    out["rwg_below_zero"] = None if within.value is None else within.below_zero
    if within.reason is not None:
        undefined.update({"rwg": within.reason, "rwg_below_zero": within.reason})
    if away.reason is not None:
        undefined.update(dict.fromkeys(("ad", "ad_median", "ad_upper"), away.reason))


def _confusion(patterns: Patterns, out: dict[str, Any], undefined: dict[str, str]) -> None:
    if patterns.codes is not None and patterns.codes.shape[1] == 2:
        out["confusion"] = [list(row) for row in confusion_table(patterns).counts]
    else:
        out["confusion"] = None
        undefined["confusion"] = "a confusion table is of exactly two raters"
