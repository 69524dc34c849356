"""From an expected level to probabilities of the levels, and to the level that is drafted.

Invariant: the probabilities' mean is the expected level (clipped to what levels can have), and the
thresholds come from the training scores and predictions held out of training, never from others.

The model is an ordered probit: a latent standard normal is cut by thresholds where the training
scores' shares of the levels say; the prediction, which correlates with it by `agreement`, leaves a
spread of ``sqrt(1 - agreement ** 2)`` around its place. The drafted level cuts the prediction,
stretched to the spread of the training scores, at the middles between levels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from reviewer.evidence.match import Numbers

SMOOTH = 0.5  # works added to each level's count
TRIED = np.linspace(0.05, 0.98, 94)  # agreements
FAR = 8.0  # latent places beyond this are not told apart
HALVINGS = 40  # of the search for the place with a given mean; 16 / 2 ** 40 is far below rounding


@dataclass(frozen=True, slots=True)
class Ordinal:
    """One element's levels: their `values`, the latent `thresholds` between them, and `agreement`.

    `center` and `spread` are of the held-out predictions, `mean` and `deviation` of the scores:
    they stretch a prediction to the scores' distribution before it is cut.
    """

    values: tuple[float, ...]
    thresholds: tuple[float, ...]
    agreement: float
    center: float
    spread: float
    mean: float
    deviation: float

    def probabilities(self, expected: float) -> list[float]:
        """Probabilities of the levels whose mean is `expected`."""
        return [float(one) for one in self.all_probabilities(np.array([expected]))[0]]

    def all_probabilities(self, expected: Numbers) -> Numbers:
        """The same for many works at once, shape (works, levels)."""
        low, high = np.full(len(expected), -FAR), np.full(len(expected), FAR)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            below = self._at(middle) @ np.array(self.values) < expected
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return self._at((low + high) / 2)

    def _at(self, places: Numbers) -> Numbers:
        deviation = (1 - self.agreement**2) ** 0.5
        below = ndtr((np.array(self.thresholds) - places[:, None]) / deviation)
        ends = np.zeros((len(places), 1)), np.ones((len(places), 1))
        made: Numbers = np.diff(np.hstack([ends[0], below, ends[1]]), axis=1)
        return made

    def level(self, expected: float) -> float:
        """The level that is drafted: the nearest to the stretched prediction; of two the lower."""
        stretched = self.mean + (expected - self.center) * self.deviation / max(self.spread, 1e-9)
        return min(self.values, key=lambda value: (round(abs(value - stretched), 9), value))


def fit_ordinal(held: Numbers, scores: Numbers, values: Sequence[float]) -> Ordinal:
    """Fit one element on predictions (works,) held out of training and their scores (works,)."""
    levels = np.asarray(values, float)
    at = np.abs(scores[:, None] - levels).argmin(axis=1)
    counts = np.bincount(at, minlength=len(levels)) + SMOOTH
    thresholds = ndtri(np.cumsum(counts)[:-1] / counts.sum())
    center, spread = float(held.mean()), float(held.std())
    standard = (held - center) / max(spread, 1e-9)
    edges = np.concatenate([[-np.inf], thresholds, [np.inf]])
    place = TRIED[:, None] * standard
    deviation = np.sqrt(1 - TRIED**2)[:, None]
    share = ndtr((edges[at + 1] - place) / deviation) - ndtr((edges[at] - place) / deviation)
    # One work of each outcome, as if the prediction had no say, keeps few labels modest.
    evidence = np.log(np.maximum(share, 1e-9)).sum(axis=1) + np.log(1 - TRIED**2)
    return Ordinal(
        tuple(float(one) for one in levels),
        tuple(float(one) for one in thresholds),
        float(TRIED[int(evidence.argmax())]),
        center,
        spread,
        float(scores.mean()),
        float(scores.std()),
    )
