"""The cross table of two raters.

Invariant: rows are the first rater's levels, columns the second's, lowest first; only units rated
by both are in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.calibration.agreement.reading import Ratings, read_ratings


@dataclass(frozen=True)
class Confusion:
    """``counts[i][j]``: units that the first rater put on level i and the second on level j."""

    labels: tuple[str | float, ...]
    counts: tuple[tuple[int, ...], ...]
    n: int


def confusion_table(ratings: Ratings, *, categories: Sequence[object] | None = None) -> Confusion:
    """How often each pair of levels was given by two raters.

    Raises `ValueError` where there are not exactly two raters known apart.

    >>> confusion_table([[1, 1], [1, 2], [2, 2]]).counts
    ((1, 1), (0, 1))
    """
    patterns = read_ratings(ratings, categories)
    if patterns.codes is None or patterns.codes.shape[1] != 2:
        raise ValueError("a confusion table is of exactly two raters: give two columns.")
    cells = np.zeros((len(patterns.levels), len(patterns.levels)))
    codes = patterns.codes[patterns.complete]
    np.add.at(cells, (codes[:, 0], codes[:, 1]), patterns.counts[patterns.complete])
    rows = tuple(tuple(int(cell) for cell in row) for row in cells)
    return Confusion(patterns.levels.labels, rows, patterns.complete_units)
