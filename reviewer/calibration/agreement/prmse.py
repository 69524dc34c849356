"""PRMSE: how well the machine predicts the true score, which no single rater knows.

Invariant: the error of human scores is estimated from units with two or more of them; without such
units it is undefined, never guessed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from reviewer.calibration.agreement.patterns import Floats
from reviewer.calibration.agreement.results import Estimate
from reviewer.calibration.agreement.sample import Sample, over

NO_DOUBLE_SCORES = "it needs units with two human scores, from which the raters' error is known"
NO_TRUE_VARIATION = "the human scores vary no more than the raters' error"


def prmse(system: ArrayLike, humans: ArrayLike) -> Estimate:
    """Proportional reduction in mean squared error against the true score; nan is missing.

    ``system``: shape (units,); ``humans``: units × raters, any number a unit. With c_i the human
    scores of unit i, h_i their mean, h the mean of all human scores, N the units with both kinds:
    V_e = Σ_i Σ_j (h_ij − h_i)² / Σ (c_i − 1); MSE = (Σ c_i (h_i − m_i)² − N V_e) / Σ c_i;
    V_T = (Σ c_i (h_i − h)² − (N − 1) V_e) / (Σ c_i − Σ c_i² / Σ c_i); PRMSE = 1 − MSE / V_T.
    With one or two scores a unit this is RSMTool's formula.
    Range: 1 perfect, 0 as good as the mean, below 0 worse, above 1 by sampling error. Undefined
    (with reason): no unit with two human scores; V_T not above 0.
    Source: RSMTool documentation, Evaluation Metrics; Loukina et al. (2020), BEA 15, 18–29;
    Haberman (2008), J. Educ. Behav. Stat. 33, 204–229.

    >>> round(prmse([1, 2, 3, 4], [[1, 1], [2, 2], [3, 4], [4, 4]]).value, 3)
    1.0
    """
    people = np.asarray(humans, dtype=np.float64)
    machine = np.asarray(system, dtype=np.float64)
    if people.ndim != 2 or machine.shape != people.shape[:1]:
        raise ValueError(f"{machine.shape} system scores do not fit {people.shape} human scores.")
    counts = np.ones((1, len(machine)))
    parts = _parts(machine, people)
    n = int((parts[:, 0] > 0).sum())
    if n == 0 or not (parts[:, 0] > 1).any():
        return Estimate(None, n, NO_DOUBLE_SCORES)
    value = float(_from_sums(counts @ parts)[0])
    return Estimate(None, n, NO_TRUE_VARIATION) if np.isnan(value) else Estimate(value, n)


def prmse_values(sample: Sample, system: int, humans: Sequence[int]) -> Floats:
    """PRMSE of column `system` against the columns `humans`, one figure a draw."""
    scores = sample.patterns.scores
    return _from_sums(sample.times @ _parts(scores[:, system], scores[:, list(humans)]))


def _parts(machine: Floats, people: Floats) -> Floats:
    """Each unit's c, 1, c², Σh, c·mean², Σ(h − mean)², c (mean − m)²; 0 if it does not count."""
    there = ~np.isnan(people)
    many = there.sum(axis=1).astype(np.float64) * ~np.isnan(machine)
    use = many > 0
    centre = float(people[there].mean()) if there.any() else 0.0
    kept = np.where(there, people - centre, 0.0)
    means = np.divide(kept.sum(axis=1), many, out=np.zeros(len(many)), where=use)
    inside = (np.where(there, kept - means[:, None], 0.0) ** 2).sum(axis=1)
    gap = np.where(use, means - (np.nan_to_num(machine) - centre), 0.0)
    return np.column_stack(
        [many, use, many**2, many * means, many * means**2, inside * use, many * gap**2]
    )


def _from_sums(sums: Floats) -> Floats:
    many, units, squared, total, squares, inside, gaps = sums.T
    free = many - units
    error = over(inside, free)
    mse = over(gaps - units * error, many)
    spread = squares - over(total**2, many) - (units - 1) * error
    true = over(spread, many - over(squared, many))
    tiny = 1e-12 * np.maximum(over(squares, many), 1e-300)
    return 1 - over(mse, np.where(true > tiny, true, 0.0))
