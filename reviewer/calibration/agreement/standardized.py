"""Differences between the machine and people in standard deviations: SMD, and DSM per subgroup.

Invariant: machine − human, so a positive figure means that the machine is lenient; only units with
both scores count.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.results import Estimate
from reviewer.calibration.agreement.sample import Sample, over

Spread = Literal["human", "pooled"]

_TOO_FEW = "it needs two units with both scores"
NO_SPREAD = "the scores do not vary"


def smd(system: ArrayLike, human: ArrayLike, *, spread: Spread = "human") -> Estimate:
    """Standardized mean difference: (mean of system − mean of human) / SD; nan is missing.

    ``spread``: SD of the human scores (RSMTool 7 and later), or "pooled" √((s_S² + s_H²)/2)
    (Williamson, Xi & Breyer 2012). SDs with divisor n − 1. Range: any number; |SMD| ≤ .15 is the
    usual bound. Undefined (with reason): fewer than two units with both; no variation.
    Source: RSMTool documentation, Evaluation Metrics; Williamson, Xi & Breyer (2012), Educ. Meas.:
    Issues and Practice 31(1), 2–13.

    >>> smd([2, 3, 4], [1, 2, 3]).value
    1.0
    """
    machine, person = _both(system, human)
    n = len(machine)
    if n < 2:
        return Estimate(None, n, _TOO_FEW)
    variance = float(person.var(ddof=1))
    if spread == "pooled":
        variance = (variance + float(machine.var(ddof=1))) / 2
    if variance == 0:
        return Estimate(None, n, NO_SPREAD)
    return Estimate(float((machine.mean() - person.mean()) / np.sqrt(variance)), n)


def dsm(system: ArrayLike, human: ArrayLike, groups: Sequence[str | None]) -> dict[str, Estimate]:
    """Difference in standardized means for each subgroup, by name; None belongs to no group.

    Mean over the group of z_system − z_human, each standardized by mean and SD (divisor n − 1) of
    all units with both scores. Range: any number; |DSM| ≤ .10 is the usual bound. A group that is
    everybody has 0. Undefined (with reason): fewer than two units; no variation of either score.
    Source: RSMTool documentation, Evaluation Metrics (version 7 and later).

    >>> round(dsm([1, 2, 3, 4], [1, 2, 3, 3], ["a", "a", "b", "b"])["b"].value, 3)
    -0.009
    """
    machine, person = np.asarray(system, dtype=np.float64), np.asarray(human, dtype=np.float64)
    there = ~(np.isnan(machine) | np.isnan(person))
    named = np.array(["" if each is None else each for each in groups], dtype=object)
    if len(named) != len(machine):
        raise ValueError(f"{len(named)} groups do not fit {len(machine)} units: give one a unit.")
    found = {}
    for name in sorted(set(named) - {""}):
        mine = (named == name)[there]
        found[name] = _dsm_of(machine[there], person[there], mine)
    return found


def _dsm_of(machine: Floats, person: Floats, mine: NDArray[np.bool_]) -> Estimate:
    n = int(mine.sum())
    if len(machine) < 2 or n == 0:
        return Estimate(None, n, _TOO_FEW)
    if machine.std() == 0 or person.std() == 0:
        return Estimate(None, n, NO_SPREAD)
    standard = ((each - each.mean()) / each.std(ddof=1) for each in (machine, person))
    z_machine, z_person = standard
    return Estimate(float((z_machine - z_person)[mine].mean()), n)


def smd_values(sample: Sample, system: int, human: int) -> Floats:
    """SMD in human SDs of the columns `system` and `human`, one figure a draw."""
    sums = column_sums(sample, (system, human))
    means = over(sums.first, sums.units[:, None])
    free = np.where(sums.units > 1, sums.units - 1, 0.0)
    variance = over(sums.second[:, 1] - sums.units * means[:, 1] ** 2, free)
    tiny = 1e-12 * np.maximum(sums.second[:, 1], 1e-300)
    spread = np.sqrt(np.where(variance > tiny, variance, 0.0))
    return over(means[:, 0] - means[:, 1], spread)


def dsm_values(sample: Sample, system: int, human: int, group: Floats) -> Floats:
    """DSM of the group whose patterns have 1 in `group`, shape (patterns,), one figure a draw."""
    sums = column_sums(sample, (system, human))
    units = sums.units[:, None]
    means = over(sums.first, units)
    variance = over(sums.second - units * means**2, np.where(units > 1, units - 1, 0.0))
    tiny = 1e-12 * np.maximum(sums.second, 1e-300)
    spread = np.sqrt(np.where(variance > tiny, variance, 0.0))
    mine = (sample.times * sums.there * group) @ np.column_stack([sums.scores, sums.there])
    standard = over(over(mine[:, :2], mine[:, 2:]) - means, spread)
    return np.asarray(standard[:, 0] - standard[:, 1])


class ColumnSums:
    """Sums over units with all of some columns.

    ``units`` (draws,); ``first``, ``second``: sums of the powers of the scores (draws, columns);
    ``scores`` (patterns, columns), less their mean; ``there`` (patterns,): 1 where all are.
    """

    def __init__(self, sample: Sample, which: Sequence[int]) -> None:
        patterns: Patterns = sample.patterns
        scores = patterns.scores[:, list(which)]
        self.there = np.asarray(~np.isnan(scores).any(axis=1), dtype=np.float64)
        kept = np.where(self.there[:, None] > 0, scores, 0.0)
        counts = patterns.counts * self.there
        centre = float(counts @ kept.mean(axis=1)) / max(float(counts.sum()), 1.0)
        self.scores = (kept - centre) * self.there[:, None]
        self.units = sample.times @ self.there
        self.first = sample.times @ self.scores
        self.second = sample.times @ self.scores**2


def column_sums(sample: Sample, which: Sequence[int]) -> ColumnSums:
    """Sums of these columns, computed once a sample."""
    return sample.once(f"sums of {tuple(which)}", lambda own: ColumnSums(own, which))


def _both(system: ArrayLike, human: ArrayLike) -> tuple[Floats, Floats]:
    machine, person = np.asarray(system, dtype=np.float64), np.asarray(human, dtype=np.float64)
    if machine.shape != person.shape or machine.ndim != 1:
        raise ValueError(f"{machine.shape} system scores do not fit {person.shape} human scores.")
    there = ~(np.isnan(machine) | np.isnan(person))
    return machine[there], person[there]
