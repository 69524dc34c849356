"""The ordered set of categories that ratings can take.

Invariant: labels are distinct; ``values``, where there are any, are finite and rise strictly, so a
category's code is also its rank.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

NAMES_ONLY = "it needs numbers on a scale; these categories are names"
NO_ORDER = "it needs categories in a known order"

FARTHEST = 1e9
"""How far from 0 a level may lie; its inverse: how short a scale may be. Squares stay numbers."""

MOST_LEVELS = 100
"""Statistics on categories are refused above it: such scores are measurements, not levels."""


@dataclass(frozen=True)
class Levels:
    """The categories, lowest first.

    ``labels``: as given. ``values``: their numbers, or None for words. ``ordered``: whether the
    order of the labels means something (numbers, or words whose order was given); ``ratios``:
    whether 0 means nothing of it, so that quotients of values mean something.
    """

    labels: tuple[str | float, ...]
    values: tuple[float, ...] | None
    ordered: bool
    ratios: bool = True

    def __len__(self) -> int:
        """How many categories there are."""
        return len(self.labels)

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """The values as an array, shape (levels,); ranks 1, 2, … where the categories are words."""
        own = self.values if self.values is not None else range(1, len(self.labels) + 1)
        return np.asarray(own, dtype=np.float64)

    @property
    def uniform_variance(self) -> float:
        """Population variance of a rater who picks every level equally often.

        For the levels 1 … A it is (A² − 1) / 12.
        """
        return float(self.numbers.var())


def levels_of_numbers(rising: Sequence[float]) -> Levels:
    """Finite numbers that rise, as levels; raises `ValueError` where squares cannot be taken."""
    far = [each for each in rising if abs(each) > FARTHEST]
    if far:
        raise ValueError(
            f"{far[0]:g} is farther from 0 than {FARTHEST:,.0f}: give smaller numbers."
        )
    if len(rising) > 1 and rising[-1] - rising[0] < 1 / FARTHEST:
        raise ValueError("the levels are too close together: give larger numbers.")
    return Levels(tuple(rising), tuple(rising), ordered=True)


def levels_of(categories: Sequence[object], *, ordered: bool = True) -> Levels:
    """The categories as given: numbers are sorted, words keep their order.

    Raises `ValueError` where they are empty, repeated, or numbers that are not finite, farther from
    0 than `FARTHEST` or all closer together than its inverse.

    >>> levels_of([3, 1, 2]).labels
    (1.0, 2.0, 3.0)
    >>> levels_of(["low", "high"]).values is None
    True
    """
    if not categories:
        raise ValueError("categories are empty: give every level that a rating can take.")
    if all(isinstance(each, int | float | np.integer | np.floating) for each in categories):
        numbers = sorted(float(each) for each in categories)  # type: ignore[arg-type]
        if not all(map(math.isfinite, numbers)):
            raise ValueError("categories hold a number that is not finite.")
        if len(set(numbers)) < len(numbers):
            raise ValueError(f"categories hold a level twice: {numbers}.")
        return levels_of_numbers(numbers)
    words = tuple(str(each) for each in categories)
    if len(set(words)) < len(words):
        raise ValueError(f"categories hold a level twice: {', '.join(words)}.")
    return Levels(words, None, ordered)
