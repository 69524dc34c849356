"""How much two ratings agree: 1 for the same level, less for levels that lie apart.

Invariant: every named matrix has ones on its diagonal and entries in [0, 1]; all but custom ones
are symmetric.

Source of the named matrices: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., ch. 3.
"""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import comb

from reviewer.calibration.agreement.levels import NAMES_ONLY, NO_ORDER, Levels

WeightName = Literal[
    "identity", "linear", "quadratic", "ordinal", "radical", "ratio", "bipolar", "circular"
]
Weights = WeightName | ArrayLike
"""A named scheme, or a levels × levels matrix of agreement weights (1 = full agreement)."""

NAMES: tuple[str, ...] = get_args(WeightName)


def agreement_weights(weights: Weights, levels: Levels) -> NDArray[np.float64]:
    """The matrix of agreement weights, shape (levels, levels), entry [k, l] for codes k and l.

    ``identity``: 1 if k = l, else 0. ``linear``: 1 − d/D with d = |x_k − x_l|, D the range.
    ``quadratic``: 1 − d²/D². ``radical``: 1 − √(d/D). ``ordinal``: 1 − C(r+1, 2)/C(q, 2), r the
    difference of ranks, q the number of levels. ``ratio``: 1 − ((x_k−x_l)/(x_k+x_l))², scaled.
    ``bipolar``: 1 − d²/((x_k+x_l−2·min)(2·max−x_k−x_l)), scaled. ``circular``:
    1 − sin²(π d/(D+1)), scaled; "scaled": the largest disagreement counts 1. A matrix is used as it
    is. Words count as the ranks 1, 2, …; `unusable_weights` says which schemes words allow.

    Raises `ValueError` for an unknown name or a matrix of another shape.

    >>> agreement_weights("linear", Levels((1.0, 2.0, 3.0), (1.0, 2.0, 3.0), True))[0].tolist()
    [1.0, 0.5, 0.0]
    """
    if not isinstance(weights, str):
        matrix = np.asarray(weights, dtype=np.float64)
        if matrix.shape != (len(levels), len(levels)) or not np.isfinite(matrix).all():
            raise ValueError(
                f"weights have the shape {matrix.shape} or hold a number that is not finite: "
                f"give a {len(levels)} by {len(levels)} matrix, one row and column a level."
            )
        return matrix
    if weights not in NAMES:
        raise ValueError(f"no weights are called {weights!r}: known are {', '.join(NAMES)}.")
    return 1.0 - _disagreement(weights, levels.numbers)


def unusable_weights(weights: Weights, levels: Levels) -> str | None:
    """Why these weights mean nothing on these levels, or None where they do."""
    if not isinstance(weights, str) or weights == "identity":
        return None
    if weights == "ordinal":
        return None if levels.ordered else NO_ORDER
    if levels.values is None:
        return NAMES_ONLY
    if weights == "ratio" and not levels.ratios:
        return "it needs a ratio scale; these levels were said to be none"
    if weights == "ratio" and min(levels.values) < 0:
        return "it needs levels that are not negative"
    return None


def _disagreement(name: str, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Entries in [0, 1], zeros on the diagonal; one level alone has no disagreement."""
    apart = np.abs(x[:, None] - x[None, :])
    total = x[:, None] + x[None, :]
    span = float(x[-1] - x[0])
    ranks = np.abs(np.subtract.outer(np.arange(len(x)), np.arange(len(x))))
    kinds: dict[str, Callable[[], NDArray[np.float64]]] = {
        "identity": lambda: (ranks > 0).astype(np.float64),
        "linear": lambda: apart,
        "quadratic": lambda: apart**2,
        "radical": lambda: np.sqrt(apart),
        "ordinal": lambda: comb(ranks + 1, 2) * (ranks > 0),
        "ratio": lambda: _over(apart, total) ** 2,
        "bipolar": lambda: _over(apart**2, (total - 2 * x[0]) * (2 * x[-1] - total)),
        "circular": lambda: np.sin(np.pi * apart / (span + 1)) ** 2,
    }
    raw = kinds[name]()
    largest = raw.max(initial=0.0)
    return np.asarray(raw / largest if largest > 0 else raw, dtype=np.float64)


def _over(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    """The quotient; 0 where both are 0, which happens for equal levels only."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom != 0)
