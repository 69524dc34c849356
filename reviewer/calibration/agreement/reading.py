"""Arrays, data frames and tables of counts to `Patterns`.

Invariant: a rating is one of the levels or missing; anything else is refused with its place, never
dropped. Missing is None, nan, NA or an empty text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from reviewer.calibration.agreement.levels import Levels, levels_of, levels_of_numbers
from reviewer.calibration.agreement.patterns import (
    MOST_COUNTED,
    Codes,
    Patterns,
    patterns_of_codes,
    patterns_of_contingency,
    patterns_of_tallies,
)


@dataclass(frozen=True, eq=False)
class Counts:
    """How many raters put each unit into each category: shape (units, categories)."""

    counts: ArrayLike


@dataclass(frozen=True, eq=False)
class Contingency:
    """A cross table of two raters, first rater down, second across: shape (levels, levels).

    Without ``categories`` the levels are the numbers 1, 2, …; give numbers for other values.
    """

    counts: ArrayLike


Ratings: TypeAlias = ArrayLike | pd.DataFrame | Counts | Contingency | Patterns
"""Units × raters (array or data frame), `Counts`, `Contingency`, or `Patterns` read before."""


def read_ratings(ratings: Ratings, categories: Sequence[object] | None = None) -> Patterns:
    """The patterns of any form of ratings.

    ``categories``: the levels that a rating can take, lowest first; without it those that occur
    (numbers sorted; words sorted and taken as without order) or, for tables of counts, 1, 2, ….
    Raises `ValueError`, naming row and column (both from 1), for a rating that is no category, an
    infinite number or one that `levels_of` refuses, a table of the wrong shape, or counts that are
    not whole numbers from 0 to `MOST_COUNTED`.

    >>> read_ratings([[1, 2], [1, 2], [2, None]]).counts.tolist()
    [2.0, 1.0]
    """
    if isinstance(ratings, Patterns):
        return ratings
    if isinstance(ratings, Contingency):
        table = _whole(ratings.counts)
        if table.shape[0] != table.shape[1]:
            raise ValueError(f"a contingency table is square; this one has the shape {table.shape}")
        return patterns_of_contingency(table, _table_levels(table, categories), ("1", "2"))
    if isinstance(ratings, Counts):
        table = _whole(ratings.counts)
        return patterns_of_tallies(table, _table_levels(table, categories))
    return _read_matrix(ratings, categories)


def read_with_measures(
    ratings: ArrayLike | pd.DataFrame,
    categories: Sequence[object] | None,
    measures: Sequence[int],
) -> tuple[Patterns, Levels]:
    """Ratings of which some columns, `measures`, may hold any number; and the others' levels.

    The patterns are on all numbers that occur; `Patterns.columns` puts raters on their levels.
    Raises `ValueError` as `read_ratings`, and where any rating is a word.
    """
    numbers = _as_numbers(ratings)
    if numbers is None or numbers.ndim != 2:
        raise ValueError(
            "scores of a machine are compared as numbers: give units × raters of them."
        )
    names = list(map(str, ratings.columns)) if isinstance(ratings, pd.DataFrame) else None
    others = [at for at in range(numbers.shape[1]) if at not in measures]
    given = levels_of(categories) if categories is not None else None
    levels, _ = _code_numbers(numbers[:, others], given)
    occurring = np.unique(numbers[~np.isnan(numbers)])
    everything, codes = _code_numbers(numbers, _observed(np.union1d(occurring, levels.numbers)))
    raters = names or [str(at + 1) for at in range(numbers.shape[1])]
    return patterns_of_codes(codes, everything, raters), levels


def column_names(ratings: Ratings) -> tuple[str, ...]:
    """Names of the raters: of the columns of a data frame, else 1, 2, …."""
    if isinstance(ratings, Patterns):
        return ratings.raters
    if isinstance(ratings, pd.DataFrame):
        return tuple(map(str, ratings.columns))
    if isinstance(ratings, Counts):
        return ()
    if isinstance(ratings, Contingency):
        return ("1", "2")
    shape = np.shape(ratings)
    return tuple(str(at + 1) for at in range(shape[1] if len(shape) == 2 else 0))


def _read_matrix(
    ratings: ArrayLike | pd.DataFrame, categories: Sequence[object] | None
) -> Patterns:
    names = list(map(str, ratings.columns)) if isinstance(ratings, pd.DataFrame) else None
    numbers = _as_numbers(ratings)
    matrix = np.asarray(ratings, dtype=object) if numbers is None else numbers
    if matrix.ndim != 2:
        raise ValueError(f"ratings have {matrix.ndim} dimension(s): give units × raters.")
    given = levels_of(categories) if categories is not None else None
    if numbers is not None and (given is None or given.values is not None):
        levels, codes = _code_numbers(numbers, given)
    else:
        levels, codes = _code_words(np.asarray(matrix, dtype=object), given)
    return patterns_of_codes(codes, levels, names or [str(at + 1) for at in range(matrix.shape[1])])


def _as_numbers(ratings: ArrayLike | pd.DataFrame) -> NDArray[np.float64] | None:
    """As floats where every rating is a number or missing, else None."""
    if isinstance(ratings, pd.DataFrame):
        if not all(pd.api.types.is_numeric_dtype(each) for each in ratings.dtypes):
            return _objects_as_numbers(ratings.to_numpy(dtype=object))
        return np.asarray(ratings.to_numpy(dtype=np.float64, na_value=np.nan))
    array = np.asarray(ratings)
    if array.dtype.kind in "biuf":
        return array.astype(np.float64)
    return _objects_as_numbers(np.asarray(ratings, dtype=object))


def _objects_as_numbers(array: NDArray[np.object_]) -> NDArray[np.float64] | None:
    there = ~_missing(array)
    if not all(isinstance(each, int | float | np.number) for each in array[there]):
        return None
    numbers = np.full(array.shape, np.nan)
    numbers[there] = array[there].astype(np.float64)
    return numbers


def _missing(array: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.asarray(pd.isna(array) | (array == ""), dtype=bool)


def _code_numbers(numbers: NDArray[np.float64], given: Levels | None) -> tuple[Levels, Codes]:
    there = ~np.isnan(numbers)
    if not np.isfinite(numbers[there]).all():
        raise ValueError("ratings hold a number that is not finite.")
    levels = given or _observed(np.unique(numbers[there]))
    if not len(levels):
        return levels, np.full(numbers.shape, -1, dtype=np.int32)
    codes = np.searchsorted(levels.numbers, numbers).astype(np.int32)
    np.minimum(codes, len(levels) - 1, out=codes)
    wrong = there & (levels.numbers[codes] != numbers)
    if wrong.any():
        _refuse(wrong, numbers, levels)
    codes[~there] = -1
    return levels, codes


def _observed(values: NDArray[np.float64]) -> Levels:
    return levels_of_numbers([float(each) for each in values])


def _code_words(words: NDArray[np.object_], given: Levels | None) -> tuple[Levels, Codes]:
    there = ~_missing(words)
    texts = np.array([str(each) for each in words[there]], dtype=object)
    if given is None:
        given = Levels(tuple(sorted(set(texts))), None, ordered=False)
    place = {str(label): at for at, label in enumerate(given.labels)}
    found = np.array([place.get(each, -2) for each in texts], dtype=np.int32)
    codes = np.full(words.shape, -1, dtype=np.int32)
    codes[there] = found
    if (codes == -2).any():
        _refuse(codes == -2, words, given)
    return given, codes


def _refuse(wrong: NDArray[np.bool_], ratings: NDArray[np.generic], levels: Levels) -> None:
    row, column = (int(each[0]) for each in np.nonzero(wrong))
    shown = ", ".join(f"{each:g}" if isinstance(each, float) else each for each in levels.labels)
    raise ValueError(
        f"row {row + 1}, column {column + 1} holds {ratings[row, column]}, which is none of the "
        f"categories {shown} ({int(wrong.sum())} such in all)."
    )


def _table_levels(table: NDArray[np.float64], categories: Sequence[object] | None) -> Levels:
    own: Sequence[object] = list(range(1, table.shape[1] + 1)) if categories is None else categories
    levels = levels_of(own)
    if len(levels) != table.shape[1] or (
        levels.values is not None and [float(each) for each in own] != list(levels.values)  # type: ignore[arg-type]
    ):
        raise ValueError("categories of a table name its columns, as many and lowest first.")
    return levels


def _whole(counts: ArrayLike) -> NDArray[np.float64]:
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"a table of counts has two dimensions; this one has {table.ndim}.")
    if not np.isfinite(table).all() or (table < 0).any() or (table != np.floor(table)).any():
        raise ValueError("a table of counts holds whole numbers from 0 up and nothing else.")
    if (table > MOST_COUNTED).any():
        raise ValueError(f"a cell of a table of counts is at most {MOST_COUNTED:,}.")
    return table
