"""Ratings as their distinct patterns: the form in which every statistic here takes them.

Invariant: a table of units × raters is kept as its distinct rows (``codes``, −1 where a rating is
missing) and how many units have each (``counts``); ``index`` leads from a unit to its row. Every
statistic is a function of the rows and of how often each occurs, so a bootstrap draw is nothing
but other counts. Two raters on six levels have at most 49 rows, however many units there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix

from reviewer.calibration.agreement.levels import Levels

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

MOST_COUNTED = 1_000_000_000
"""Most raters or units that one cell of a table of counts may stand for."""

_DENSE_KEYS = 1 << 20  # up to here a histogram of all possible rows is quicker than sorting


@dataclass(frozen=True, eq=False)
class Patterns:
    """Distinct rows of ratings.

    ``levels``: the categories. ``codes``: shape (rows, raters), or None where only counts of
    raters per level are known. ``given_tallies``: those counts, shape (rows, levels), else None.
    ``counts``: units per row, shape (rows,). ``index``: row of each unit, or None where there are
    no single units. ``raters``: names of the columns. ``is_contingency``: made from a cross table
    of two raters, where row and column keep their roles under weights that are not symmetric.
    ``fold``: whole rows × rows, 1 where a row of the table these were chosen from became this row.
    """

    levels: Levels
    codes: Codes | None
    counts: Floats
    index: NDArray[np.intp] | None
    raters: tuple[str, ...]
    given_tallies: Floats | None = None
    is_contingency: bool = False
    fold: csr_matrix | None = None

    @cached_property
    def tallies(self) -> Floats:
        """How many raters chose each level, shape (rows, levels)."""
        if self.given_tallies is not None:
            return self.given_tallies
        assert self.codes is not None
        tallies = np.zeros((len(self.counts), len(self.levels)))
        rows = np.arange(len(self.counts))
        for column in self.codes.T:
            there = column >= 0
            tallies[rows[there], column[there]] += 1
        return tallies

    @cached_property
    def rated_by(self) -> Floats:
        """How many raters rated, shape (rows,)."""
        if self.codes is not None:
            return np.asarray((self.codes >= 0).sum(axis=1), dtype=np.float64)
        return np.asarray(self.tallies.sum(axis=1), dtype=np.float64)

    @cached_property
    def scores(self) -> Floats:
        """The numbers behind the codes, shape (rows, raters); nan (inside this room) if missing."""
        assert self.codes is not None
        return np.asarray(np.where(self.codes >= 0, self.levels.numbers[self.codes], np.nan))

    @cached_property
    def complete(self) -> NDArray[np.bool_]:
        """Whether every rater rated, shape (rows,)."""
        assert self.codes is not None
        return np.asarray((self.codes >= 0).all(axis=1))

    @property
    def units(self) -> int:
        """Units with at least one rating."""
        return int(self.counts[self.rated_by > 0].sum())

    @property
    def paired_units(self) -> int:
        """Units with at least two ratings."""
        return int(self.counts[self.rated_by > 1].sum())

    @property
    def complete_units(self) -> int:
        """Units that every rater rated; 0 where it is not known who rated."""
        return 0 if self.codes is None else int(self.counts[self.complete].sum())

    def columns(self, which: Sequence[int], levels: Levels | None = None) -> "Patterns":
        """The distinct rows of these raters only, on `levels` if given; ``fold`` leads to them.

        Every rating of these raters is one of `levels`, which are numbers.
        """
        assert self.codes is not None
        codes = self.codes[:, list(which)]
        if levels is not None and levels != self.levels:
            place = np.searchsorted(levels.numbers, self.levels.numbers).astype(np.int32)
            codes = np.where(codes >= 0, place[codes], np.int32(-1))
        levels = levels or self.levels
        first, index, _ = _distinct_rows(codes, len(levels))
        rows = len(self.counts)
        fold = csr_matrix((np.ones(rows), index, np.arange(rows + 1)), shape=(rows, len(first)))
        return replace(
            self,
            levels=levels,
            codes=codes[first],
            counts=np.bincount(index, self.counts, len(first)).astype(np.float64),
            index=None,
            raters=tuple(self.raters[at] for at in which),
            fold=fold,
        )


def patterns_of_codes(codes: Codes, levels: Levels, raters: Sequence[str]) -> Patterns:
    """The distinct rows of coded ratings, shape (units, raters), −1 where one is missing."""
    first, index, counts = _distinct_rows(codes, len(levels))
    return Patterns(levels, codes[first], counts.astype(np.float64), index, tuple(raters))


def patterns_of_tallies(tallies: ArrayLike, levels: Levels) -> Patterns:
    """The distinct rows of a units × levels table of how many raters chose each level."""
    whole = np.asarray(tallies, dtype=np.int32)
    rows, index, counts = np.unique(whole, axis=0, return_inverse=True, return_counts=True)
    return Patterns(
        levels,
        None,
        counts.astype(np.float64),
        index.reshape(-1),
        (),
        given_tallies=rows.astype(np.float64),
    )


def patterns_of_contingency(table: ArrayLike, levels: Levels, raters: Sequence[str]) -> Patterns:
    """One row for each cell of a cross table (first rater down) that is not empty."""
    cells = np.asarray(table, dtype=np.float64)
    first, second = np.nonzero(cells)
    codes = np.column_stack([first, second]).astype(np.int32)
    return Patterns(levels, codes, cells[first, second], None, tuple(raters), is_contingency=True)


def _distinct_rows(
    codes: Codes, levels: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Of each distinct row: where it occurs first; of each unit: its row; units per row."""
    raters = codes.shape[1]
    if (levels + 1) ** raters >= 2**62:
        _, first, index, counts = np.unique(
            codes, axis=0, return_index=True, return_inverse=True, return_counts=True
        )
        return first, index.reshape(-1), counts
    key = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T:
        key *= levels + 1
        key += column + 1
    if (levels + 1) ** raters > _DENSE_KEYS:
        _, first, index, counts = np.unique(
            key, return_index=True, return_inverse=True, return_counts=True
        )
        return first, index.reshape(-1), counts
    occurring = np.bincount(key, minlength=1)
    present = np.flatnonzero(occurring)
    place = np.zeros(len(occurring), dtype=np.intp)
    place[present] = np.arange(len(present))
    index = place[key]
    first = np.zeros(len(present), dtype=np.intp)
    first[index[::-1]] = np.arange(len(key) - 1, -1, -1)
    return first, index, occurring[present]
