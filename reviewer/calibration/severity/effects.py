"""Severity, centrality and halo of each rater, fitted once by regularized composite likelihood.

The model (Linacre 1994; rating scale form): the log-odds of level k against k - 1 is
work - element - rater - threshold k. Severity is the rater's term in logits, mean 0 over raters,
and in points of the scale: what the rater gives less than one of mean severity would have given to
the same works. Centrality stretches the thresholds by a factor per rater (above 1: extreme levels
are avoided), halo compresses the elements' differences by one (below 1: all are rated alike).
Estimation and sandwich standard errors over works: raschpy (Elliott & Buttery 2022).

Invariant: every value has an interval and its n, or there is a reason instead; never NaN.
"""

import math
import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reviewer.calibration.severity.design import Design

Z95 = 1.959964  # of the normal distribution, two-sided 95 %
FEWEST_WORKS = 10
"""Works that a rater needs for an effect to be worth a bar in a plot."""

INFIT = (0.5, 1.5)
"""Productive for measurement (Linacre): below, too predictable; above, erratic."""

LARGEST_ERROR = 0.5
"""Standard error of a stretch factor above which it says nothing."""

Band = Literal["as others", "more severe", "more lenient"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A factor with its interval, 1 being a rater like all others; or why there is none."""

    estimate: Estimate | None
    reason: str


@dataclass(frozen=True, slots=True)
class RaterEffect:
    """One rater.

    `severity` in logits, `points` in points of the scale (positive: severe; gives less). `infit`
    and `outfit` are mean squares, expected 1. `band` tells severity from the mean by its interval.
    """

    rater: str
    rater_type: str
    n: int
    works: int
    severity: Estimate
    points: Estimate
    infit: float | None
    outfit: float | None
    centrality: Stretch
    halo: Stretch
    band: Band

    @property
    def fits(self) -> bool | None:
        """Whether infit lies in `INFIT`; null where there is none."""
        return None if self.infit is None else INFIT[0] <= self.infit <= INFIT[1]


@dataclass(frozen=True, slots=True)
class RaterEffects:
    """All raters, the most severe first; those with too few works are named in `notes`."""

    raters: tuple[RaterEffect, ...]
    n: int
    works: int
    notes: tuple[str, ...]


def rater_effects(made: Design) -> RaterEffects | str:
    """Fit the model on `made`; the effects, or the reason why it cannot be fitted."""
    notes = list(made.notes)
    responses = made.responses
    works = responses.groupby(level=0).size()
    few = sorted(str(rater) for rater in works.index[works < FEWEST_WORKS])
    if few:
        notes.append(
            f"Raters with fewer than {FEWEST_WORKS} works are part of the model but not shown: "
            f"{', '.join(few[:8])}{' and others' if len(few) > 8 else ''}."
        )
    fitted = _fit(made, "global")
    if isinstance(fitted, str):
        return fitted
    stretches = {name: _fit(made, name) for name in ("centrality", "pseudo_halo")}
    counts = responses.notna().sum(axis=1).groupby(level=0).sum()
    shown = []
    for rater in works.index[works >= FEWEST_WORKS]:
        severity = _severity(fitted, rater)
        if severity is None:
            notes.append(f"{rater} used one end of the scale alone: no severity can be told.")
            continue
        size = (int(counts[rater]), int(works[rater]))
        shown.append(_effect(made, fitted, rater, severity, size, stretches))
    shown.sort(key=lambda one: (-one.severity.value, one.rater))
    whole = responses.index.get_level_values(1).nunique()
    return RaterEffects(tuple(shown), made.ratings, whole, tuple(notes))


def _fit(made: Design, model: str) -> Any:
    """The fitted model, or the reason why there is none."""
    from raschpy import MFRM

    try:
        # Its warnings are about raters with few ratings; these have wide intervals, or no bar.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = MFRM(made.responses, max_score=made.top, validate=False)
            fitted.calibrate(model=model)
            fitted.std_errors(model=model, se_method="sandwich")
            if model == "global":
                fitted.fit_statistics()
    except (ValueError, ArithmeticError, np.linalg.LinAlgError, KeyError) as error:
        return f"the model could not be fitted ({str(error).splitlines()[0].rstrip('.')})"
    return fitted


def _severity(fitted: Any, rater: str) -> Estimate | None:
    value, error = float(fitted.facet_effects_global[rater]), float(fitted.rater_se_global[rater])
    if not (math.isfinite(value) and math.isfinite(error)):
        return None
    return Estimate(value, value - Z95 * error, value + Z95 * error)


def _effect(
    made: Design,
    fitted: Any,
    rater: str,
    severity: Estimate,
    size: tuple[int, int],
    stretches: dict[str, Any],
) -> RaterEffect:
    bounds = (severity.value, severity.low, severity.high)
    return RaterEffect(
        rater=rater,
        rater_type=made.raters[rater],
        n=size[0],
        works=size[1],
        severity=severity,
        points=Estimate(*(_points(made, fitted, rater, one) for one in bounds)),
        infit=_finite(fitted.rater_infit_ms_global[rater]),
        outfit=_finite(fitted.rater_outfit_ms_global[rater]),
        centrality=_stretch(stretches["centrality"], "centrality", rater),
        halo=_stretch(stretches["pseudo_halo"], "pseudo_halo", rater),
        band=_band(severity),
    )


def _points(made: Design, fitted: Any, rater: str, severity: float) -> float:
    """Mean points that a rater of this `severity` gives less, on the works of `rater`."""
    rows = made.responses.loc[rater]
    abilities = fitted.persons_global.reindex(rows.index).to_numpy(dtype="float64")
    elements = fitted.items_global.reindex(rows.columns).to_numpy(dtype="float64")
    rated = rows.notna().to_numpy() & np.isfinite(abilities)[:, None]
    distance = np.where(rated, abilities[:, None] - elements[None, :], 0.0)[rated]
    thresholds = np.asarray(fitted.thresholds_global, dtype="float64")[-made.top :]
    less = _expected(distance, thresholds) - _expected(distance - severity, thresholds)
    return float(less.mean()) * made.step if less.size else 0.0


def _expected(
    distance: NDArray[np.float64], thresholds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Expected code at each distance (logits); shape as `distance`."""
    steps = np.cumsum(distance[:, None] - thresholds[None, :], axis=1)
    logits = np.concatenate([np.zeros((len(distance), 1)), steps], axis=1)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = weights / weights.sum(axis=1, keepdims=True)
    expected: NDArray[np.float64] = shares @ np.arange(len(thresholds) + 1.0)
    return expected


def _stretch(fitted: Any, model: str, rater: str) -> Stretch:
    if isinstance(fitted, str):
        return Stretch(None, fitted)
    value = _finite(getattr(fitted, f"omega_{model}")[rater])
    error = _finite(getattr(fitted, f"omega_se_{model}")[rater])
    if value is None or error is None:
        return Stretch(None, "this rater's ratings do not identify it")
    if error > LARGEST_ERROR:
        return Stretch(None, f"too few ratings to tell (standard error {error:.2f})")
    return Stretch(Estimate(value, value - Z95 * error, value + Z95 * error), "")


def _finite(value: float) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _band(severity: Estimate) -> Band:
    if severity.low > 0:
        return "more severe"
    return "more lenient" if severity.high < 0 else "as others"
