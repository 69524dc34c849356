"""Sums over units, for one sample or a thousand resamples at once.

Invariant: every sum is ``times @ something per pattern``: with ``times`` the counts themselves it
is the sum over the data, with drawn counts the sum over a resample. Statistics are written on
`Sample` alone, so a point estimate and its bootstrap are one formula.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from reviewer.calibration.agreement.patterns import Floats, Patterns

Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Sample:
    """``times``: how often each pattern was drawn, shape (draws, patterns)."""

    patterns: Patterns
    times: Floats
    _known: dict[str, Any] = field(default_factory=dict, repr=False)

    def once(self, name: str, make: "Callable[[Sample], Found]") -> Found:
        """What `make` finds, computed once however many statistics ask for it."""
        if name not in self._known:
            self._known[name] = make(self)
        found: Found = self._known[name]
        return found

    @cached_property
    def units(self) -> Floats:
        """Units with at least one rating, shape (draws,)."""
        return self.times @ (self.patterns.rated_by > 0).astype(np.float64)

    @cached_property
    def paired(self) -> Floats:
        """Units with at least two ratings, shape (draws,)."""
        return self.times @ (self.patterns.rated_by > 1).astype(np.float64)

    @cached_property
    def shares(self) -> Floats:
        """Mean over units of the share of raters on each level, shape (draws, levels)."""
        rated = np.maximum(self.patterns.rated_by, 1)
        return over(self.times @ (self.patterns.tallies / rated[:, None]), self.units[:, None])

    @cached_property
    def paired_tallies(self) -> Floats:
        """Ratings on each level, of units with at least two, shape (draws, levels)."""
        paired = (self.patterns.rated_by > 1)[:, None]
        return np.asarray(self.times @ (self.patterns.tallies * paired))

    @cached_property
    def rater_tallies(self) -> Floats:
        """Each rater's ratings on each level, shape (draws, raters, levels)."""
        codes = self.patterns.codes
        assert codes is not None
        levels = len(self.patterns.levels)
        tallies = np.empty((len(self.times), codes.shape[1], levels))
        for rater, column in enumerate(codes.T):
            chosen = (column[:, None] == np.arange(levels)).astype(np.float64)
            tallies[:, rater, :] = self.times @ chosen
        return tallies


def seen_by(view: Patterns, times: Floats) -> Sample:
    """Draws of the rows of a table, as draws of the rows that some of its columns have."""
    return Sample(view, times if view.fold is None else np.asarray(times @ view.fold))


def whole(patterns: Patterns) -> Sample:
    """The data themselves, as a sample of one draw."""
    return Sample(patterns, patterns.counts[None, :])


def over(top: Floats, bottom: Floats) -> Floats:
    """The quotient; nan, which never leaves this room, where the divisor is 0."""
    top, bottom = np.broadcast_arrays(top, bottom)
    quotient = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=quotient, where=bottom != 0)
    return quotient
